"""What the site asks of a server and of a network: pages a second by nginx, and a reader's requests and bytes, visit by visit.

usage: python benchmarks/load.py [SECONDS [ROUNDS]]

nginx serves the built site with the configuration that is shipped. First `wrk` asks for one address after the other,
SECONDS each. Then Chromium comes as readers do, and nginx's log says what was sent. From both follows what a council
of STAFF costs. Needs the built site (`scripts/site --build-only`), nginx with its Brotli module, and wrk.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from reporting import CHROMIUM, FLAGS, ROOT, SITE, find_asset, write_result

sys.path.insert(0, str(ROOT))

from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from tests.browser.test_walk import READING, TREE, wait_for_engine, walk_story
from tests.servers import BROTLI, Served, ask, serve_by_nginx

CONNECTIONS = 32
"""Connections that wrk keeps open."""
SETTLE = 3.0
"""How long the browser may write its caches after a visit. In seconds."""
STAFF = 10_000
FIRST = 0.02
"""The share of a day's visits that are by a browser that has never been here, or has forgotten it."""
BUSY = 0.25
"""The share of a day's visits that fall into its busiest hour."""
KEPT = "() => document.querySelector('[data-offline]').classList.contains('is-kept')"
REMEMBERED = "async () => (await caches.has('decision-trees-engine')) && (await (await caches.open('decision-trees-engine')).keys()).length > 0"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a visit asked of the server: requests, those answered with “unchanged”, and bytes with their headers."""

    requests: int
    unchanged: int
    bytes: int


# The server --------------------------------------------------------------------------------


def press(url: str, coding: str, seconds: int) -> dict[str, float]:
    """Have wrk ask for one address as fast as it is answered."""
    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds}s", "-s", str(ROOT / "benchmarks" / "wrk.lua"),
               "-H", f"Accept-Encoding: {coding}", url]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    return {**found, "rate": found["requests"] / found["seconds"], "megabits": found["bytes"] * 8 / found["seconds"] / 1e6}


def measure_server(served: Served, seconds: int, rounds: int) -> dict[str, dict[str, Any]]:
    """Give the median round of each address."""
    addresses = {
        "start page": ("/", "br"), "reading page": (READING, "br"), "tree's page": (TREE, "br"), "tree's page, not compressed": (TREE, "identity"),
        "a script": (find_asset("assets/app-*/decision-tree.js"), "br"), "the engine's wasm": (find_asset("assets/pyodide-*/pyodide.asm.wasm"), "br"),
    }
    times: dict[str, list[dict[str, float]]] = {name: [] for name in addresses}
    for _ in range(rounds):
        for name, (address, coding) in addresses.items():
            times[name].append(press(served.urls[0] + address, coding, seconds))
    found = {}
    for name, (address, coding) in addresses.items():
        reply = ask(served.urls[0] + address, Accept_Encoding=coding)
        if coding == "br" and reply.headers.get("content-encoding") != "br":
            raise SystemExit(f"nginx does not send {address} as Brotli. Install libnginx-mod-http-brotli-static.")
        middle = sorted(times[name], key=lambda row: row["rate"])[rounds // 2]
        found[name] = {"size": len(reply.body), **middle, "rates": [row["rate"] for row in times[name]]}
        print(f"{name:28} {len(reply.body) / 1e3:8.1f} kB  {middle['rate']:8.0f} requests/s  {middle['megabits']:7.0f} Mbit/s  "
              f"median {middle['median']:6.2f} ms  99 % within {middle['p99']:6.2f} ms  {middle['failed']:.0f} failed")
    return found


# A reader ----------------------------------------------------------------------------------


@contextmanager
def open_browser(playwright: Playwright, profile: str, keeps_site: bool) -> Iterator[Page]:
    """Start Chromium on a profile, as after a night: nothing is in memory, what is cached lies on the disk."""
    context: BrowserContext = playwright.chromium.launch_persistent_context(
        profile, executable_path=CHROMIUM, args=FLAGS, service_workers="allow" if keeps_site else "block")
    page = context.new_page()
    page.set_default_timeout(120_000)
    yield page
    time.sleep(SETTLE)
    context.close()


def read_page(page: Page, base: str) -> None:
    """Open a reading page, and read."""
    page.goto(base + READING, wait_until="load")
    page.wait_for_timeout(500)


def walk_tree(page: Page, base: str) -> None:
    """Open a tree's page, answer to the outcome, and have the engine's word on it."""
    page.goto(base + TREE, wait_until="load")
    walk_story(page)
    wait_for_engine(page)


def visit(playwright: Playwright, served: Served, profile: str, *steps: Callable[[Page, str], None], keeps_site: bool) -> Cost:
    """Come once, and count what the server was asked for."""
    log = served.folder / "access.log"
    before = log.stat().st_size
    with open_browser(playwright, profile, keeps_site) as page:
        for step in steps:
            step(page, served.urls[0])
        if walk_tree in steps:
            wait_until(page, REMEMBERED, 60)
        if keeps_site:
            page.wait_for_function(KEPT)
    with log.open(encoding="utf-8") as lines:
        lines.seek(before)
        rows = [line.split() for line in lines]
    wrong = [row for row in rows if row[2] not in ("200", "304") and row[1] != "/favicon.ico"]
    if wrong:
        raise SystemExit(f"The server did not have {wrong[0][1]}: {wrong[0][2]}.")
    return Cost(len(rows), sum(row[2] == "304" for row in rows), sum(int(row[4]) for row in rows))


def wait_until(page: Page, script: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not page.evaluate(script):
        if time.monotonic() > end:
            raise SystemExit(f"Never true: {script}")
        time.sleep(0.2)


def measure_reader(playwright: Playwright, served: Served) -> dict[str, Cost]:
    """Come as readers do: on profiles of their own, a first time and a second."""
    found: dict[str, Cost] = {}

    def come(name: str, *steps: Callable[[Page, str], None], keeps_site: bool = False) -> None:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            for turn in ("first", "second"):
                found[f"{name}, {turn} visit"] = visit(playwright, served, profile, *steps, keeps_site=keeps_site)

    come("reading page", read_page)
    come("reading page and walk with the engine", read_page, walk_tree)
    come("the same, and the site is kept", read_page, walk_tree, keeps_site=True)
    for name, cost in found.items():
        print(f"{name:56} {cost.requests:4} requests, {cost.unchanged:3} of them unchanged, {cost.bytes / 1e3:8.1f} kB")
    return found


# A council ---------------------------------------------------------------------------------


def reckon(first: Cost, second: Cost, rate: float) -> dict[str, float]:
    """Reckon a day on which each of STAFF comes once, against the requests a second that were measured."""
    requests = STAFF * (FIRST * first.requests + (1 - FIRST) * second.requests)
    sent = STAFF * (FIRST * first.bytes + (1 - FIRST) * second.bytes)
    busiest = BUSY / 3600
    return {
        "requests a day": requests, "bytes a day": sent, "requests a second in the busiest hour": requests * busiest,
        "megabits a second in the busiest hour": sent * 8 * busiest / 1e6, "share of what was measured": requests * busiest / rate,
    }


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    if not shutil.which("wrk") or not BROTLI.exists():
        raise SystemExit("wrk and nginx's Brotli module are needed: apt-get install wrk libnginx-mod-http-brotli-static")
    shipped = (SITE / "server" / "nginx.conf").read_text(encoding="utf-8")
    # A second visit is on another day: the five minutes for which a page is not asked for again are over.
    later = shipped.replace("max-age=300", "max-age=1")
    if later == shipped:
        raise SystemExit("The shipped configuration no longer keeps pages for 300 seconds: mend this benchmark.")
    with serve_by_nginx(SITE, [shipped]) as served:
        server = measure_server(served, seconds, rounds)
    with serve_by_nginx(SITE, [later]) as served, sync_playwright() as playwright:
        reader = measure_reader(playwright, served)
    council: dict[str, Mapping[str, float]] = {}
    rate = min(server[name]["rate"] for name in ("start page", "reading page", "tree's page"))
    for name in ("reading page and walk with the engine", "the same, and the site is kept"):
        council[name] = reckon(reader[f"{name}, first visit"], reader[f"{name}, second visit"], rate)
        day = council[name]
        print(f"{STAFF:,} a day, {name}: {day['requests a day']:,.0f} requests, {day['bytes a day'] / 1e9:.2f} GB; in the busiest hour "
              f"{day['requests a second in the busiest hour']:.1f} requests/s, {day['megabits a second in the busiest hour']:.1f} Mbit/s, "
              f"{day['share of what was measured']:.2%} of {rate:.0f} requests/s")
    write_result("load", {
        "connections": CONNECTIONS, "seconds": seconds, "rounds": rounds, "server": server,
        "reader": {name: {"requests": cost.requests, "unchanged": cost.unchanged, "bytes": cost.bytes} for name, cost in reader.items()},
        "council": {"staff": STAFF, "first visits": FIRST, "in the busiest hour": BUSY, **council},
    })


if __name__ == "__main__":
    main()
