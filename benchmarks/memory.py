"""Memory that the engine takes in a reader's browser, beside stock Pyodide and the page without either.

usage: python benchmarks/memory.py [ROUNDS]

What all processes of a fresh Chromium hold and nothing else shares (on Linux, from /proc), once the first answer is there and a pause has
passed. `released` is our engine after it has been idle for as long as it may. Variants take turns. Needs the built site and the peers, as
`boot.py` does.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

from peers import find_addresses, list_files
from reporting import CHROMIUM, FLAGS, say_ratio, summarise, write_result
from serving import serve

VARIANTS = ("page alone", "ours", "released", "stock", "pyscript")
PAUSE = 3.0
"""In seconds."""
IDLE = 1500
"""After how long our engine gives its memory back here, in milliseconds; ten minutes on the site."""
START = "async ([name, values]) => (await import('/bench/variants.js')).variants[name](values)"


def find_private(browser: Browser) -> float:
    """Give the memory of all of a browser's processes that nothing else shares, in megabytes."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    rows = [row for each in processes for row in Path(f"/proc/{each['id']}/smaps_rollup").read_text(encoding="utf-8").splitlines()]
    return sum(int(row.split()[1]) for row in rows if row.startswith("Private_")) / 1024


def weigh(playwright: Playwright, base: str, variant: str) -> float:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{base}/bench/blank.html")
    is_released = variant == "released"
    if variant != "page alone":
        values = {**find_addresses(), "settings": {"keep": 3_600_000, **({"idle": IDLE} if is_released else {})}}
        page.evaluate(START, ["ours" if is_released else variant, values])
    time.sleep(PAUSE + (IDLE / 1000 if is_released else 0))
    size = find_private(browser)
    browser.close()
    return size


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    sizes: dict[str, list[float]] = {name: [] for name in VARIANTS}
    with tempfile.TemporaryDirectory() as own, sync_playwright() as playwright:
        files = list_files(Path(own))
        with serve(files) as base:
            for _ in range(rounds):
                for name in VARIANTS:
                    sizes[name].append(weigh(playwright, base, name))
    more = {name: [a - b for a, b in zip(found, sizes["page alone"], strict=True)] for name, found in sizes.items()}
    for name, found in sizes.items():
        print(f"{name:12} {summarise(found, 'MB')}" + ("" if name == "page alone" else f", {summarise(more[name], 'MB')} more than the page alone"))
    ratio = say_ratio("ours / stock, beyond the page", more["ours"], more["stock"], 1.0)
    write_result("memory", {"megabytes": sizes, "ratio": ratio})


if __name__ == "__main__":
    main()
