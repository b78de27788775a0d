"""Build time of the whole site against the same pages with the fences taken out, and against the count of trees and of pages.

usage: python benchmarks/build.py [RUNS]

All variants take turns in one run. They are built in memory where the machine has a place for that (/dev/shm): to make five thousand
files on a disk takes from one second to five, whatever made them. What was worked out before is kept, as on an author's machine.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from reporting import ROOT, say_ratio, summarise, write_result

TARGET = 1.3
FENCES = re.compile(r"```(decision-tree|scenarios|comparison|card)\b.*?\n```\n", re.DOTALL)
JOINING = re.compile(r"```(comparison|card)\b.*?\n```\n", re.DOTALL)
PACK = re.compile(r"^pack:.*\n", re.MULTILINE)  # a pack without cards is a finding
EDITIONS = ("nottingham", "leicester", "north-norfolk", "carlisle", "tower-hamlets")
MORE = (100, 200)
"""Plain pages that are added to those of the project."""


def copy_project(folder: Path, with_trees: bool = True, editions: tuple[str, ...] | None = None, more: int = 0) -> Path:
    """Copy the project. Without trees all fences go; with some editions alone, those of others and all that joins editions."""
    folder.mkdir(exist_ok=True)
    for name in ("mkdocs.yml", "topics.yml"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "docs", folder / "docs")
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    (folder / "build").mkdir()
    (folder / "build" / "cache").symlink_to(ROOT / "build" / "cache")  # what is compressed once is kept by its content
    for page in (folder / "docs").rglob("*.md"):
        edition = page.relative_to(folder / "docs").parts[0]
        is_kept = with_trees and (editions is None or edition in editions)
        fences = JOINING if is_kept and editions is not None else None if is_kept else FENCES
        if fences:
            page.write_text(PACK.sub("", fences.sub("", page.read_text(encoding="utf-8"))), encoding="utf-8")
    manual = (ROOT / "docs" / "author" / "cards.md").read_text(encoding="utf-8")
    (folder / "docs" / "more").mkdir()
    for number in range(more):
        (folder / "docs" / "more" / f"page-{number}.md").write_text(FENCES.sub("", manual), encoding="utf-8")
    return folder


def time_build(folder: Path) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "decision_trees.cli", "build", "--no-strict", "--project", str(folder)], check=True,
                   env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True)
    return time.perf_counter() - start


def count_files(folder: Path, pattern: str) -> int:
    return sum(1 for _ in (folder / "build" / "site").glob(pattern))


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as place:
        new = Path(place).joinpath
        folders = {
            "with trees": copy_project(new("whole")),
            "without": copy_project(new("plain"), with_trees=False),
            **{f"editions with trees: {n}": copy_project(new(f"editions-{n}"), editions=EDITIONS[:n]) for n in (1, 3, 5)},
            **{f"without, and {n} pages more": copy_project(new(f"pages-{n}"), with_trees=False, more=n) for n in MORE},
        }
        times: dict[str, list[float]] = {name: [] for name in folders}
        for folder in folders.values():
            time_build(folder)  # what can be kept is kept from here on
        for _ in range(runs):
            for name, folder in folders.items():
                times[name].append(time_build(folder))
        counts = {name: {"trees": count_files(folder, "trees/*/*/tree.json"), "pages": count_files(folder, "**/*.html")}
                  for name, folder in folders.items()}
    for name, found in times.items():
        print(f"{name:28} {counts[name]['trees']:4} trees {counts[name]['pages']:5} pages  {summarise(found, 's', 2)}")
    ratio = say_ratio("with trees / without", times["with trees"], times["without"], TARGET)
    write_result("build", {"seconds": times, "counts": counts, "ratio": ratio})


if __name__ == "__main__":
    main()
