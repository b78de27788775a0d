"""Time from a reader's click on Continue to the frame that shows the next question or the outcome, on a processor slowed fourfold.

usage: python benchmarks/response.py [ROUNDS]

Walks the trees with the most states, with the engine there and without it (as for a reader who saves data: compiled page alone).
Needs the built site (`scripts/site --build-only`).
"""

from __future__ import annotations

import sys

from playwright.sync_api import Browser, Page, sync_playwright

from decision_trees.authoring.files import read_configuration, read_project
from decision_trees.authoring.store import FOLDER, Store
from reporting import CHROMIUM, FLAGS, ROOT, SITE, START_ENGINE, WITHOUT_ENGINE, find_percentile, say_target, summarise, write_result
from serving import Files, serve

SLOWER = 4
TREES = 12
STEPS = 12
READING = 500
"""Least time that a reader takes over a question, in milliseconds."""
TARGET = 50.0
"""Most that a click may take, in milliseconds."""
WATCH = (ROOT / "benchmarks" / "pages" / "response.js").read_text(encoding="utf-8")
ANSWER = """(turn) => {
  const form = document.querySelector('form.question');
  if (!form) return false;
  const inputs = [...form.querySelectorAll('input[type=radio], input[type=checkbox]')];
  if (inputs.length) inputs[turn % inputs.length].checked = true;
  else {
    const texts = [...form.querySelectorAll('input')];
    const values = texts.length === 3 ? ['14', '5', '2027'] : ['3'];
    texts.forEach((each, i) => { each.value = values[i]; });
  }
  return true;
}"""
CONTINUE = "form.question .question-actions > button[type=submit]"


def click(page: Page) -> None:
    """Press the button as a mouse does. `Page.click` would listen on the page too, and that costs it milliseconds."""
    page.locator(CONTINUE).scroll_into_view_if_needed()
    box = page.locator(CONTINUE).bounding_box()
    assert box is not None, "the button is not on the page"
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(READING)
    page.mouse.down()
    page.mouse.up()


def walk(browser: Browser, base: str, tree: str, has_engine: bool, turn: int) -> list[float]:
    page = browser.new_page()
    page.set_default_timeout(60_000)
    page.add_init_script(WATCH)
    if not has_engine:
        page.add_init_script(WITHOUT_ENGINE)
    page.goto(f"{base}/trees/{tree}/")
    page.wait_for_selector(CONTINUE)
    if has_engine and page.evaluate(START_ENGINE) != "ready":
        raise SystemExit("The engine did not start.")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    for step in range(STEPS):
        if not page.evaluate(ANSWER, turn + step):
            break
        click(page)
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
    times: dict[str, list[float]] = {"with the engine": [], "without": []}
    with sync_playwright() as playwright, serve(Files({"/": SITE})) as base:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for turn in range(rounds):
            for tree in largest:
                for name in times:
                    times[name] += walk(browser, base, tree, name == "with the engine", turn)
        browser.close()
    result: dict[str, object] = {"slower": SLOWER, "trees": largest}
    for name, found in times.items():
        high = find_percentile(found, 95)
        print(f"{name:16} {len(found)} clicks: {summarise(found)}, 95 of 100 within {high:.0f} ms{say_target(high, TARGET)}")
        result[name] = {"milliseconds": found, "median": find_percentile(found, 50), "p95": high, "target": TARGET}
    write_result("response", result)


if __name__ == "__main__":
    main()
