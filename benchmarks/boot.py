"""Time from nothing to the engine's first answer, on a first, second and third visit, beside other ways to have Python.

usage: python benchmarks/boot.py [ROUNDS] [VARIANT...]

Each visit is a browser started anew on the profile of the visit before, which is left alone until its own start is over: it
loads hundreds of modules for its windows in the first half second. All variants go in turn, round after round.
Needs the built site (`scripts/site --build-only`) and the peers (`npm ci --ignore-scripts` in `benchmarks/`).
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from peers import find_addresses, list_files
from reporting import CHROMIUM, FLAGS, say_ratio, summarise, write_result
from serving import serve

VARIANTS = ("compileStreaming", "stock", "stock at once", "ours", "pyscript", "micropython")
VISITS = ("cold", "2nd visit", "3rd visit")
START = 2.0
"""How long the browser may start by itself before the time begins. In seconds."""
SETTLE = 3.0
"""How long the browser may write its caches after a visit. In seconds."""
TARGETS = {("ours", "stock", 0): 0.30, ("ours", "stock", 1): 0.20, ("ours", "stock at once", 0): None, ("ours", "stock at once", 1): None,
           ("ours", "compileStreaming", 1): 3.5}
KEPT = "async () => (await (await caches.open('decision-trees-engine')).keys()).length > 0"


def visit(playwright: Playwright, profile: str, base: str, variant: str, number: int) -> float:
    context = playwright.chromium.launch_persistent_context(profile, executable_path=CHROMIUM, args=FLAGS)
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{base}/bench/blank.html")
    time.sleep(START)
    values = find_addresses()
    found = page.evaluate("async ([name, values]) => (await import('/bench/variants.js')).variants[name](values)", [variant, values])
    end = time.monotonic() + SETTLE
    if variant == "ours":
        while not page.evaluate(KEPT) and time.monotonic() < end + 60:
            time.sleep(0.1)
    time.sleep(max(0.0, end - time.monotonic()))
    context.close()
    if number and found.get("by") == "start":
        raise SystemExit(f"{variant} did not restore its memory on {VISITS[number]}.")
    return float(found["time"])


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    wanted = sys.argv[2:] or list(VARIANTS)
    with tempfile.TemporaryDirectory() as own, sync_playwright() as playwright:
        files = list_files(Path(own))
        times: dict[str, list[list[float]]] = {name: [[] for _ in VISITS] for name in wanted}
        sent: dict[str, int] = {}
        with serve(files) as base:
            for round in range(rounds):
                for name in wanted:
                    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
                        for number in range(len(VISITS)):
                            files.sent.clear()
                            times[name][number].append(visit(playwright, profile, base, name, number))
                            if number == 0:
                                sent[name] = sum(size for address, size in files.sent.items() if not address.startswith("/bench/"))
                print(f"round {round + 1} of {rounds}", file=sys.stderr)
    for name in wanted:
        print(f"{name:17}" + "   ".join(f"{VISITS[i]} {summarise(times[name][i])}" for i in range(len(VISITS))) + f"   {sent[name] / 1e6:.2f} MB")
    ratios = {}
    for (name, other, number), target in TARGETS.items():
        if name in times and other in times:
            ratios[f"{name} / {other}, {VISITS[number]}"] = say_ratio(f"{name} / {other}, {VISITS[number]}", times[name][number], times[other][number], target)
    write_result("boot", {"milliseconds": {name: dict(zip(VISITS, found, strict=True)) for name, found in times.items()}, "ratios": ratios, "bytes": sent})


if __name__ == "__main__":
    main()
