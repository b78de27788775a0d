"""What travels to a reader, file by file, for a reading page, a walk without the engine, and a walk with it.

usage: python benchmarks/transfer.py

Chromium comes each time with nothing kept; the server counts the bytes of each body that it sends, compressed as the site has it. Needs
the built site (`scripts/site --build-only`).
"""

from __future__ import annotations

import re

from playwright.sync_api import Page, sync_playwright

from reporting import CHROMIUM, FLAGS, SITE, START_ENGINE, WITHOUT_ENGINE, write_result
from serving import Files, serve

READING = "/nottingham/"
TREE = "/trees/nottingham/attend-group-meeting/"
HASH = re.compile(r"-[0-9a-f]{10}(?=[/.])")
WAIT = 2000
"""How long a visit lasts after its last click, in milliseconds."""
MOST = 12
"""Files that are told by name; the others are told together."""


def read(page: Page, base: str) -> None:
    page.add_init_script(WITHOUT_ENGINE)
    page.goto(base + READING)


def walk(page: Page, base: str) -> None:
    page.add_init_script(WITHOUT_ENGINE)
    page.goto(base + TREE)
    answer(page)


def walk_with_engine(page: Page, base: str) -> None:
    page.goto(base + TREE)
    page.evaluate(START_ENGINE)
    answer(page)


def answer(page: Page) -> None:
    page.check("form.question input >> nth=0")
    page.click("form.question button[type=submit]")


def main() -> None:
    visits = {"a reading page": read, "a walk": walk, "a walk with the engine": walk_with_engine}
    result = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, visit in visits.items():
            files = Files({"/": SITE})
            with serve(files) as base:
                page = browser.new_context(service_workers="block").new_page()
                visit(page, base)
                page.wait_for_timeout(WAIT)
                page.context.close()
            assert visit is not walk_with_engine or any(address.endswith("/tree.json") for address in files.sent)
            sent = sorted(files.sent.items(), key=lambda each: -each[1])
            print(f"{name}: {len(sent)} files, {sum(size for _, size in sent) / 1000:,.0f} kB")
            for address, size in sent[:MOST]:
                print(f"  {size / 1000:9,.1f} kB  {HASH.sub('', address)}")
            print(f"  {sum(size for _, size in sent[MOST:]) / 1000:9,.1f} kB  {len(sent[MOST:])} others")
            result[name] = {HASH.sub("", address): size for address, size in sent}
        browser.close()
    write_result("transfer", result)


if __name__ == "__main__":
    main()
