"""What a reader comes by: each kind of page and each step of a walk, to be looked at in one browser page after another."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

TREE = "/trees/nottingham/attend-group-meeting/"
READING = "/nottingham/"
SETTLED = ".stage:not(.is-fresh)"
"""Where a step is shown, once it has been drawn and all that it brings is there."""
ASK = f"{SETTLED} .question-ask"
WORD = f"{SETTLED} .outcome-word"
"""The heading of a question, and of an outcome."""
ANSWERED = "#post=junior&escort=senior&purpose=brief&offered=yes"

Act = Callable[[Page], None]


def make_an_error(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".error-summary")).to_be_focused()


def open_the_record(page: Page) -> None:
    page.get_by_role("button", name="See the record").click()
    expect(page.locator("dialog.record-desk")).to_be_visible()


def open_tree(page: Page, tree: str = "#tree-attend-group-meeting") -> None:
    """Open a tree that stands in a reading page, once the provisions around it have been laid out: a press in the midst of that misses."""
    summary = page.locator(f"{tree} > summary").first
    summary.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    summary.click()
    expect(page.locator(f"{tree}[open] .stage").first).to_be_visible()


def open_the_first_tree(page: Page) -> None:
    open_tree(page, "details.tree")


def open_the_why(page: Page) -> None:
    page.locator(".stage .why > summary").click()


def wait_for_the_engine(page: Page) -> None:
    expect(page.locator('.stage[data-by="engine"]')).to_be_visible()


def wait_until_ready(page: Page) -> None:
    """Wait for the engine itself: a step that the reader is in the midst of stays as it is when the engine comes."""
    script = page.locator("script[src*=decision-tree]").get_attribute("src")
    page.evaluate("""async (script) => {
      const { engine } = await import(new URL(script, location.href).href.replace('decision-tree.js', 'engine.js'));
      engine.start();
      while (engine.state === 'starting') await new Promise((go) => setTimeout(go, 20));
      if (engine.state !== 'ready') throw new Error(engine.reason);
    }""", script)


def walk_by_first_options(page: Page, scope: str = SETTLED) -> None:
    """Answer from the first question to an outcome: the first option each time, and any number or date that is asked for."""
    stage = page.locator(scope)
    for _ in range(40):
        expect(stage.locator(":is(.question, .outcome)").first).to_be_visible()
        if stage.locator(".outcome").count():
            return
        ask = stage.locator(".question-ask").text_content()
        field = stage.locator("form input:not([type=radio], [type=checkbox])")
        if field.count():
            field.first.fill({"date": "2026-11-23"}.get(field.first.get_attribute("type") or "", "1"))
        else:
            stage.locator("label.option input").first.check()
        stage.get_by_role("button", name="Continue").click()
        page.wait_for_function(
            "([scope, ask]) => (document.querySelector(`${scope} [tabindex='-1']`)?.textContent ?? ask) !== ask", arg=[scope, ask])
    raise AssertionError("no outcome")


def open_use_this(page: Page) -> None:
    page.locator(".use-this > summary").click()


STEPS: dict[str, tuple[str, Act | None]] = {
    "question": (TREE, None),
    "why": (TREE + "#post=junior", open_the_why),
    "error": (TREE, make_an_error),
    "date": ("/trees/tower-hamlets/take-up-casework/", None),
    "error in a date": ("/trees/tower-hamlets/take-up-casework/", make_an_error),
    "changing": (TREE + "#post=junior&escort=nobody&change=post", None),
    "not sure": (TREE + "#post=junior&escort=?", wait_for_the_engine),
    "rejected": (TREE + "#post=nonsense", wait_for_the_engine),
    "yes if": (TREE + ANSWERED, wait_for_the_engine),
    "no": (TREE + "#post=junior&escort=nobody", wait_for_the_engine),
    "silent": (TREE + "#post=senior&escort=nobody&purpose=other", wait_for_the_engine),
    "record": (TREE + ANSWERED, open_the_record),
}
"""The steps of a walk on a tree's own page, with what has to be done there first."""

PAGES: dict[str, tuple[str, Act | None]] = {
    "start": ("/", None),
    "reading": (READING, open_the_first_tree),
    "reading, many provisions": ("/leicester/", None),
    "outcome in a reading page": (READING + "#tree=attend-group-meeting&" + ANSWERED[1:], wait_for_the_engine),
    "a question that has gone": (READING + "#tree=gone&post=junior", lambda page: expect(page.locator(".stray")).to_be_focused()),
    "whole tree": (TREE + "whole/" + ANSWERED, None),
    "large tree": ("/trees/tower-hamlets/see-information/whole/", None),
    "form": (TREE + "whole/print/", None),
    "comparison": ("/compare/attend-group-meeting/", None),
    "comparisons": ("/compare/", None),
    "editions": ("/editions/", None),
    "assurance": ("/assurance/nottingham/", None),
    "provision": ("/provisions/nottingham/6.30/", open_use_this),
    "use this": (TREE, open_use_this),
    "workshops": ("/workshops/", None),
    "pack": ("/workshops/taster/", None),
    "room": ("/workshop/taster/", None),
    "card": ("/workshop/taster/before-the-budget/", None),
    "manual": ("/author/notation/", None),
    "hosts": ("/embed/sharepoint/", None),
    "licences": ("/licences/", None),
    "accessibility": ("/accessibility/", None),
    "offline": ("/offline/", None),
    "missing": ("/404.html", None),
}
"""Each kind of page."""


def keep_the_engine(page: Page, base: str) -> None:
    """Open a second page with the engine in it, so that what is visited later finds it awake and nobody waits for it again."""
    other = page.context.new_page()
    other.goto(f"{base}{TREE}#post=junior")
    wait_for_the_engine(other)
    page.bring_to_front()  # a page behind another is drawn once a second


def visit(page: Page, base: str, place: tuple[str, Act | None]) -> None:
    """Go to a place from nothing, and do what has to be done there."""
    path, act = place
    page.goto("about:blank")  # or a change of the fragment alone would load nothing
    page.goto(base + path)
    expect(page.locator("h1").first).to_be_attached()
    if act is not None:
        act(page)

