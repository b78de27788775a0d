"""Time from a reader's click on Continue until the next question or the outcome is on the screen, on a processor slowed fourfold.

usage: python benchmarks/response.py [ROUNDS]

Walks the trees with the most states, with the engine there and without it (as for a reader who saves data: compiled page alone), and
beside them a page of one line and one button: the least that a click can take on this machine.
Needs the built site (`scripts/site --build-only`).
"""

from __future__ import annotations

import sys

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from decision_trees.authoring.files import read_configuration, read_project
from decision_trees.authoring.store import FOLDER, Store
from reporting import CHROMIUM, FLAGS, ROOT, SITE, START_ENGINE, WITHOUT_ENGINE, find_percentile, say_target, summarise, write_result
from serving import Files, serve

SLOWER = 4
TREES = 12
STEPS = 12
READING = 500
"""Least time that a reader takes before the next press, in milliseconds."""
PRESSED = 80
"""How long the button of the mouse is held down, in milliseconds: no hand lets go within a few, and the browser draws what is pressed meanwhile."""
TARGET = 50.0
"""Most that a click may take, in milliseconds."""
WATCH = (ROOT / "benchmarks" / "pages" / "response.js").read_text(encoding="utf-8")
OPTIONS = "form.question:not([inert]) label.option"
FIELDS = "form.question:not([inert]) :is(.date-fields, .amount-field) input"
CONTINUE = "form.question:not([inert]) .question-actions > button[type=submit]"


def point(page: Page, target: Locator) -> None:
    """Bring the mouse to an element. `Locator.click` would listen on the page too, and that costs it milliseconds."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None, "what is to be pressed is not on the page"
    page.mouse.move(box["x"] + min(40, box["width"] / 2), box["y"] + box["height"] / 2)


def press(page: Page) -> None:
    """Press and let go, and leave the page alone for as long as a reader looks at what has come: to ask it anything would have it run a script."""
    page.mouse.down()
    page.wait_for_timeout(PRESSED)
    page.mouse.up()
    page.wait_for_timeout(READING)


def answer(page: Page, turn: int) -> bool:
    """Choose an option, or fill in a date or a number, as a reader does. False when nothing is asked."""
    if not page.locator(CONTINUE).count():
        return False
    options, fields = page.locator(OPTIONS), page.locator(FIELDS)
    if options.count():
        point(page, options.nth(turn % options.count()))
        press(page)
    for at, value in enumerate(["14", "5", "2027"] if fields.count() == 3 else ["3"] * fields.count()):
        fields.nth(at).fill(value)
    point(page, page.locator(CONTINUE))
    page.wait_for_timeout(READING)
    return True


def walk(browser: Browser, address: str, has_engine: bool, turn: int) -> list[float]:
    page = browser.new_page()
    page.set_default_timeout(60_000)
    page.add_init_script(WATCH)
    if not has_engine:
        page.add_init_script(WITHOUT_ENGINE)
    page.goto(address)
    page.wait_for_selector(CONTINUE)
    if has_engine and page.evaluate(START_ENGINE) != "ready":
        raise SystemExit("The engine did not start.")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    for step in range(STEPS):
        if not answer(page, turn + step):
            break
        press(page)
        page.wait_for_function("(count) => clicks.length > count || document.querySelector('.error-summary')", arg=step)
        if page.query_selector(".error-summary"):
            break
    times: list[float] = page.evaluate("clicks")
    page.close()
    return times


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    project = read_project(read_configuration(ROOT), Store(ROOT / FOLDER))
    largest = sorted(project.trees, key=lambda name: -len(project.trees[name].diagram.nodes))[:TREES]
    times: dict[str, list[float]] = {"with the engine": [], "without": [], "a line, a button": []}
    with sync_playwright() as playwright, serve(Files({"/": SITE, "/bench/": ROOT / "benchmarks" / "pages"})) as base:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for turn in range(rounds):
            for tree in largest:
                times["with the engine"] += walk(browser, f"{base}/trees/{tree}/", True, turn)
                times["without"] += walk(browser, f"{base}/trees/{tree}/", False, turn)
                times["a line, a button"] += walk(browser, f"{base}/bench/floor.html", False, turn)
        browser.close()
    result: dict[str, object] = {"slower": SLOWER, "trees": largest}
    for name, found in times.items():
        high = find_percentile(found, 95)
        print(f"{name:16} {len(found)} clicks: {summarise(found)}, 95 of 100 within {high:.0f} ms{say_target(high, TARGET)}")
        result[name] = {"milliseconds": found, "median": find_percentile(found, 50), "p95": high, "target": TARGET}
    write_result("response", result)


if __name__ == "__main__":
    main()
