"""How long a definition takes from its text to a walk, against the states of its diagram.

Prints a table and writes the figures as JSON; README.md says how to read them. Nothing here asserts.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from decision_trees.authoring.analysis import check_tree
from decision_trees.authoring.compiler import BUDGET, compile_tree, freeze
from decision_trees.authoring.files import make_settings, read_configuration, read_project, read_sources
from decision_trees.authoring.notation import Definition, Parsed, parse
from decision_trees.authoring.walk import build_walk
from decision_trees.runtime.calendar import Calendar
from decision_trees.runtime.engine import advance

ROOT = Path(__file__).resolve().parent.parent
SIZES = (10, 20, 60, 120, 200)
REPEATS = 5
STEPS = ("parse", "compile", "prove", "walk", "advance")
T = TypeVar("T")


def write_definition(facts: int) -> str:
    """Write a tree in which each rule ties a fact to the next, so that paths double while states add up."""
    lines = ["tree: t", "ask: May I?", "facts:"]
    for i in range(facts):
        kind = ("options: {x: X, y: Y, z: Z}", "number: {from: 0, to: 24}", "many: {x: X, y: Y}, none: None of these")[i % 3]
        lines.append(f"  f{i}: {{ask: Which?, {kind}}}")
    lines.append("decide:")
    for i in range(facts - 1):
        lines.append(f"  - {{when: {write_condition(i, 'x')} and {write_condition(i + 1, 'y')}, then: {'abc'[i % 3]}}}")
    lines += ["  - otherwise: d", "outcomes:"]
    lines += [f"  {name}: {{verdict: {verdict}, say: So., to: the Clerk}}" for name, verdict in zip("abcd", ("yes", "yes-if", "no", "refer"), strict=True)]
    return "\n".join(lines)


def write_condition(fact: int, option: str) -> str:
    """Write a condition on a fact, of whichever kind it is."""
    return (f"f{fact} is {option}", f"f{fact} {'>=' if option == 'x' else '<'} 2", f"f{fact} has {option}")[fact % 3]


def measure(definition: Definition, calendar: Calendar | None, repeats: int = REPEATS) -> dict[str, float]:
    """Give the median milliseconds of each step, and what was made."""
    times: dict[str, list[float]] = {step: [] for step in STEPS}

    def clock(step: str, work: Callable[[], T]) -> T:
        start = perf_counter()
        result = work()
        times[step].append((perf_counter() - start) * 1000)
        return result

    for _ in range(repeats):
        parsed = clock("parse", lambda: parse(definition, calendar))
        assert isinstance(parsed, Parsed), parsed
        tree = parsed.tree
        compiled = clock("compile", lambda: compile_tree(tree))
        whole = times["compile"][-1]
        checked = parsed
        clock("prove", lambda: check_tree(checked, BUDGET))
        times["prove"][-1] -= whole  # it compiles once more
        diagram = clock("walk", lambda: freeze(compiled))
        clock("walk", lambda: build_walk(diagram))
        times["walk"][-2:] = [sum(times["walk"][-2:])]
        clock("advance", lambda: advance(diagram, {}))
    found = {step: round(max(0.0, statistics.median(times[step])), 3) for step in STEPS}
    space = compiled.space
    return {
        "facts": len(tree.facts), "variables": len(compiled.variables), "states": diagram.states,
        "nodes": len(space.levels), "paths": space.count_paths(compiled.meaning), **found, "total": round(sum(found.values()), 3),
    }


def fit(points: list[tuple[float, float]]) -> dict[str, float]:
    """Fit a straight line: milliseconds for each state, and the share of the variation that the line explains."""
    slope, intercept = statistics.linear_regression(*zip(*points, strict=True))
    return {"ms_per_state": round(slope, 5), "ms_at_zero": round(intercept, 3), "r2": round(statistics.correlation(*zip(*points, strict=True)) ** 2, 4)}


def show(rows: dict[str, dict[str, float]]) -> None:
    """Print rows as a table."""
    columns = ["facts", "variables", "states", "nodes", "paths", *STEPS, "total"]
    print(f"{'':32}" + "".join(f"{column:>10}" for column in columns))
    for name, row in rows.items():
        cells = (f"{row[c]:>10.1e}" if c == "paths" and row[c] > 1e6 else f"{row[c]:>10.4g}" for c in columns)
        print(f"{name:32}" + "".join(cells))


def main(out: Path) -> None:
    """Measure generated trees, then the project's own."""
    generated = {f"{size} facts": measure(Definition("page.md", 1, write_definition(size), "e"), None) for size in SIZES}
    lines = {step: fit([(row["states"], row[step]) for row in generated.values()]) for step in ("parse", "compile", "total")}
    rows = list(generated.values())
    per_state = [row["compile"] / row["states"] for row in rows]
    configuration = read_configuration(ROOT)
    start = perf_counter()
    project = read_project(configuration)
    whole = (perf_counter() - start) * 1000
    calendar = make_settings(configuration.options).calendar
    real = {id: measure(each.parsed.definition, calendar, 3) for id, each in project.trees.items()}
    slowest = dict(sorted(real.items(), key=lambda item: -item[1]["total"])[:10])

    print("Milliseconds, the median of", REPEATS, "runs\n\nGenerated")
    show(generated)
    for step, line in lines.items():
        print(f"{step:8} {line['ms_per_state'] * 1000:.1f} µs a state; a straight line explains {line['r2']:.1%}")
    print(f"compile: a state of the largest costs {per_state[-1] / per_state[0]:.2f} times one of the smallest\n\nThe project's slowest")
    show(slowest)
    total = sum(row["total"] for row in real.values())
    print(f"\n{len(real)} trees: {total:.0f} ms, {total / len(real):.1f} ms each; the whole project with "
          f"{len(project.scenarios)} scenarios and {len(read_sources(configuration.docs))} pages: {whole:.0f} ms")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"generated": generated, "lines": lines, "trees": real, "project_ms": round(whole, 1)}, indent=2) + "\n", encoding="utf-8")
    print(f"Written: {out}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "benchmarks" / "compile.json")
