"""Time of a step of the engine, over every state and every outcome of every tree of the project.

A case's time is its median over the rounds, so that a processor taken away for a moment is not counted as the case's own;
the 99th percentile is that of the cases. That of all single calls, interruptions and all, is printed too.

usage: python benchmarks/step.py [ROUNDS]

`step` is the engine's own work in its worker, `round trip` what the page waits: the message there, the step, the message back.
`load` is a diagram taken in, once for each tree. Needs the built site (`scripts/site --build-only`).
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from statistics import median

from playwright.sync_api import sync_playwright

from decision_trees.authoring.files import read_configuration, read_project
from decision_trees.authoring.store import FOLDER, Store
from decision_trees.authoring.walk import Walk, build_walk
from reporting import CHROMIUM, FLAGS, ROOT, SITE, find_asset, find_percentile, say_target, summarise, write_result
from serving import Files, serve

TARGETS = {"step": 2.0, "round trip": 8.0}
"""Most that 99 of 100 may take, in milliseconds."""
ISOLATED = {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp"}
"""Without these a browser's clock counts in tenths of a millisecond."""


def list_cases(walk: Walk) -> Iterator[dict[str, str]]:
    """Give the shortest answers that lead to each state, and those of each edge that ends."""
    states = {state.id: state for state in walk.states}
    todo: deque[tuple[str, dict[str, str]]] = deque((state.id, {}) for state in walk.states[:1])
    seen = {id for id, _ in todo}
    while todo:
        id, answers = todo.popleft()
        yield answers
        for edge in states[id].edges:
            further = {**answers, edge.answer[0]: edge.answer[1]}
            if edge.is_end:
                yield further
            elif edge.to not in seen:
                seen.add(edge.to)
                todo.append((edge.to, further))


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    project = read_project(read_configuration(ROOT), Store(ROOT / FOLDER))
    cases = {id: list(list_cases(build_walk(diagram))) for id, diagram in project.diagrams().items()}
    files = Files({"/": SITE, "/bench/": ROOT / "benchmarks" / "pages"})
    times: dict[str, list[list[float]]] = {"step": [], "round trip": [], "load": []}
    with sync_playwright() as playwright, serve(files, ISOLATED) as base:
        for _ in range(rounds):
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page()
            page.set_default_timeout(300_000)
            page.goto(f"{base}/bench/blank.html")
            values = {"script": find_asset("assets/app-*/engine.js"), "boot": find_asset("assets/app-*/boot.js"), "cases": cases}
            call = "async ([name, values]) => (await import('/bench/step.js'))[name](values)"
            found = page.evaluate(call, ["timeCalls", values])
            times["step"].append(found["steps"])
            times["load"].append(found["loads"])
            times["round trip"].append(page.evaluate(call, ["timeSteps", values])["trips"])
            browser.close()
    print(f"{len(cases)} trees, {sum(map(len, cases.values()))} cases, {rounds} rounds")
    result: dict[str, object] = {"cases": sum(map(len, cases.values())), "rounds": rounds}
    for name, found in times.items():
        cases_own = [median(each) for each in zip(*found, strict=True)]
        high, all_high = find_percentile(cases_own, 99), find_percentile([each for one in found for each in one], 99)
        target = TARGETS.get(name)
        print(f"{name:12} {summarise(cases_own, digits=2)}, 99 of 100 within {high:.2f} ms{say_target(high, target)}; of all calls {all_high:.2f} ms")
        result[name] = {"median": median(cases_own), "p99": high, "most": max(cases_own), "p99 of all calls": all_high, "target": target}
    write_result("step", result)


if __name__ == "__main__":
    main()
