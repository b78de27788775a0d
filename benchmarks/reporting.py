"""What the benchmarks in a browser share: where things are, and how figures are told and kept."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "build" / "site"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]

START_ENGINE = """async () => {
  const { engine } = await import([...document.scripts].find((each) => each.src.endsWith('decision-tree.js')).src.replace('decision-tree.js', 'engine.js'));
  engine.start();
  while (engine.state === 'starting') await new Promise((resolve) => setTimeout(resolve, 50));
  return engine.state;
}"""
"""Has a page start its engine, and gives what came of it."""
WITHOUT_ENGINE = """
  Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
  addEventListener('pointerdown', (event) => event.stopPropagation(), true);
  globalThis.Worker = globalThis.SharedWorker = undefined;
"""
"""Has a page do without an engine, as for a reader who saves data and a browser that has no workers."""


def find_asset(pattern: str) -> str:
    """Give the address of the built site's one file of that pattern."""
    found = sorted(SITE.glob(pattern))
    if len(found) != 1:
        raise SystemExit(f"{pattern} is {len(found)} files of the built site. Run scripts/site --build-only first.")
    return f"/{found[0].relative_to(SITE).as_posix()}"


def summarise(values: Sequence[float], unit: str = "ms", digits: int = 0) -> str:
    """Tell the median and the range."""
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f}) {unit}"


def find_percentile(values: Sequence[float], percent: float) -> float:
    """Give the value that so many per cent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def say_target(value: float, target: float | None) -> str:
    """Tell whether a value stays within its target, where it has one."""
    return "" if target is None else f", target {target:g}: {'met' if value <= target else 'MISSED'}"


def say_ratio(name: str, values: Sequence[float], others: Sequence[float], target: float | None) -> dict[str, float]:
    """Print the ratio of two variants, round by round, against its target."""
    ratios = [a / b for a, b in zip(values, others, strict=True)]
    median = statistics.median(ratios)
    print(f"{name:42} {summarise(ratios, '', 2)}{say_target(median, target)}")
    return {"median": median, "least": min(ratios), "most": max(ratios), "target": target}


def write_result(name: str, data: object) -> None:
    """Keep figures as JSON in build/benchmarks/."""
    path = ROOT / "build" / "benchmarks" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
