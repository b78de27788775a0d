"""Build time of the whole site against the same pages with the fences taken out, in one run, one after the other.

usage: python benchmarks/build.py [RUNS]
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FENCES = re.compile(r"```(decision-tree|scenarios|comparison|card)\b.*?\n```\n", re.DOTALL)
PACK = re.compile(r"^pack:.*\n", re.MULTILINE)  # a pack without cards is a finding


def copy_project(folder: Path, with_trees: bool) -> Path:
    for name in ("mkdocs.yml", "topics.yml"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "docs", folder / "docs")
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    (folder / "build").mkdir()
    (folder / "build" / "cache").symlink_to(ROOT / "build" / "cache")  # what is compressed once is kept by its content
    if not with_trees:
        for page in (folder / "docs").rglob("*.md"):
            page.write_text(PACK.sub("", FENCES.sub("", page.read_text(encoding="utf-8"))), encoding="utf-8")
    return folder


def time_build(folder: Path) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "decision_trees.cli", "build", "--no-strict", "--project", str(folder)], check=True,
                   env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as plain:
        folders = {"with trees": copy_project(Path(whole), True), "without": copy_project(Path(plain), False)}
        times: dict[str, list[float]] = {name: [] for name in folders}
        for _ in range(runs):
            for name, folder in folders.items():
                times[name].append(time_build(folder))
    for name, found in times.items():
        print(f"{name:12} median {statistics.median(found):.2f} s, {min(found):.2f} to {max(found):.2f}")
    ratios = [a / b for a, b in zip(*times.values(), strict=True)]
    print(f"ratio        median {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}")
    result = ROOT / "build" / "benchmarks" / "build.json"
    result.parent.mkdir(parents=True, exist_ok=True)
    result.write_text(json.dumps({"seconds": times, "ratios": ratios}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
