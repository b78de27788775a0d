"""What a reader without sight or mouse is told and can do, step by step, as the browser's own accessibility tree has it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.places import ASK, TREE, wait_for_the_engine, wait_until_ready

Open = Callable[..., Page]

LISTEN = """() => {
  window.said = [];
  const hear = (element) => { const words = element.textContent.trim(); if (words) said.push(`aloud: ${words}`); };
  const start = () => {
    document.addEventListener('focusin', ({ target }) => said.push(`focus: ${(target.getAttribute('aria-label') ?? (target.labels?.[0] ?? target).textContent).trim().slice(0, 60)}`));
    new MutationObserver((records) => {
      for (const { target, addedNodes } of records) {
        const live = (target.nodeType === 1 ? target : target.parentElement)?.closest('[role=status], [role=alert], [role=log], [aria-live]');
        if (live) hear(live);
        for (const added of addedNodes) if (added.nodeType === 1 && !live) for (const each of [added, ...added.querySelectorAll('*')]) if (each.matches('[role=status], [role=alert], [aria-live]')) hear(each);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  };
  if (document.body) start(); else addEventListener('DOMContentLoaded', start);
}"""
"""Keeps what would be spoken: where the focus goes, and what comes into a region that speaks by itself."""

PASSED_OVER = {"none", "generic", "StaticText", "InlineTextBox", "ListMarker", "LineBreak", "paragraph", "SvgRoot", "image", "Legend", "LabelText"}


def read_tree(page: Page, selector: str) -> list[str]:
    """Give what the browser tells of a part of the page: role, name and what else matters, a line for each."""
    session = page.context.new_cdp_session(page)
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    wanted = session.send("DOM.describeNode", {"nodeId": node})["node"]["backendNodeId"]
    nodes = {each["nodeId"]: each for each in session.send("Accessibility.getFullAXTree")["nodes"]}
    start = next(each for each in nodes.values() if each.get("backendDOMNodeId") == wanted)
    session.detach()
    lines = []

    def tell(node: dict[str, Any]) -> None:
        role = node.get("role", {}).get("value", "")
        if not node.get("ignored") and role not in PASSED_OVER:
            known = {each["name"]: each["value"].get("value") for each in node.get("properties", ())}
            name = node.get("name", {}).get("value", "")
            about = node.get("description", {}).get("value", "")
            marks = [word for word in ("focused", "invalid", "expanded", "required") if known.get(word) not in (None, False, "false")]
            if "checked" in known and known["checked"] != "false":
                marks.append("checked")
            level = f" {known['level']}" if role == "heading" else ""
            lines.append(f"{role}{level} “{name}”" + (f", {about}" if about else "") + "".join(f" [{mark}]" for mark in marks))
        for child in node.get("childIds", ()):
            if child in nodes:
                tell(nodes[child])

    tell(start)
    return lines


def take_said(page: Page) -> list[str]:
    """Give what was spoken since the last call."""
    found: list[str] = page.evaluate("() => { const found = said; said = []; return found; }")
    return [each for each in found if "engine is on its way" not in each]  # where it takes long: said once, and no part of the step


def test_each_step_is_told_by_role_name_and_focus_and_announced_once(open_page: Open) -> None:
    page = open_page(TREE, prepare=lambda page: page.add_init_script(f"({LISTEN})()"))
    expect(page.locator(".stage input").first).to_be_visible()
    assert take_said(page) == [], "a page that opens moves nobody"
    first = [
        "form “”", "group “What is your post?”", "heading 2 “What is your post?”", "radio “Political Assistant”", "radio “Head of Service or above”",
        "radio “Below Head of Service”", "group “”", "DisclosureTriangle “Why am I asked this?”", "button “Continue”", "button “I’m not sure”",
    ]
    assert read_tree(page, ".stage") == first

    page.locator(".stage input").last.focus()
    page.keyboard.press("Space")
    take_said(page)
    page.keyboard.press("Enter")
    expect(page.locator(ASK)).to_have_text("Who is going with you?")
    wait_until_ready(page)
    page.wait_for_timeout(300)  # the engine's word on the step has come by now, and changes nothing for who stands there
    assert take_said(page) == ["focus: Who is going with you?"]
    question = [
        "radio “A senior officer The protocol does not say who counts as senior”", "radio “Another officer”", "radio “Nobody”",
        "group “”", "DisclosureTriangle “Why am I asked this?”", "button “Continue”", "button “I’m not sure”", "button “Back”",
        "heading 3 “Your answers”", "list “”", "listitem “”", "button “Change your answer to: What is your post?”", "button “Start again”",
    ]
    assert read_tree(page, ".stage") == ["form “”", "group “Who is going with you?”", "heading 2 “Who is going with you?” [focused]", *question]

    wrong = "Choose one answer, or say that you’re not sure"
    press(page, "Continue")
    assert take_said(page) == [f"focus: One answer to mend{wrong}"[:67]]
    assert read_tree(page, ".stage") == [
        "form “”", f"group “One answer to mend”, {wrong} [focused]", f"link “{wrong}”", f"group “Who is going with you?”, Error: {wrong}",
        "heading 2 “Who is going with you?”", *question,
    ]
    assert page.title().startswith("Error: ")

    press(page, "I’m not sure")
    expect(page.locator(".open-outcomes")).to_be_visible()
    assert take_said(page) == ["focus: It still depends"]
    told = read_tree(page, ".stage")
    assert told[:2] == ["heading 2 “It still depends” [focused]", "list “”"]
    assert "link “I know now: answer it”" in told
    expect(page).to_have_title(re.compile("^It still depends"))

    press(page, "I know now: answer it")
    for label in ("A senior officer", "To brief the group on Council business", "Yes, on equal terms"):
        page.locator(".stage label.option", has_text=label).locator("input").check()
        take_said(page)
        page.keyboard.press("Enter")
        page.wait_for_timeout(150)
        assert len(take_said(page)) == 1
    expect(page.locator('.stage[data-by="engine"] .outcome-changes')).to_be_visible()
    assert take_said(page) == [], "what the engine adds to an outcome is not said over the reader"
    told = read_tree(page, ".stage")
    assert told[0] == "heading 2 “Yes, if” [focused]"
    assert page.title().startswith("Yes, if")
    for line in ("heading 3 “What comes with it”", "checkbox “Stay politically neutral, and treat this group as fairly as any other.”",
                 "heading 3 “The provisions that decide it”", "link “6.30”", "heading 3 “How this came about”", "heading 3 “What would change it”",
                 "button “Change your answer to: Who is going with you?”", "button “See the record”", "heading 3 “Whom to ask”", "link “Compare what each says”"):
        assert line in told, line

    press(page, "See the record")
    expect(page.locator("dialog.record-desk")).to_be_visible()
    assert take_said(page) == ["focus: May I attend this party group meeting?"]
    told = read_tree(page, "dialog.record-desk")
    assert told[0] == "dialog “May I attend this party group meeting?”"
    for line in ("heading 1 “May I attend this party group meeting?” [focused]", "button “Print or save as PDF”", "columnheader “Question”", "cell “A senior officer”",
                 "textbox “The case in your own words, if you like (it is printed on the record and kept nowhere)”", "button “Back to the answer”"):
        assert line in told, line
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="See the record")).to_be_focused()


def press(page: Page, name: str) -> None:
    """Go to a control by its name and press Enter, and forget what is said on the way there."""
    page.locator("button, a", has_text=name).locator("visible=true").first.focus()
    take_said(page)
    page.keyboard.press("Enter")
    page.wait_for_timeout(150)


def go_by_tab(page: Page, name: str, most: int = 60) -> None:
    """Press Tab until the focus is on what has this name, and see at each stop that it can be seen."""
    page.wait_for_selector(".is-fresh", state="detached")  # nobody presses a key before the whole step is drawn
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate("""() => {
          const at = document.activeElement;
          const box = (at.labels?.[0] ?? at).getBoundingClientRect();
          const style = [at, at.labels?.[0]].filter(Boolean).map((each) => getComputedStyle(each));
          return { name: at.getAttribute('aria-label') ?? (at.labels?.[0] ?? at).textContent.trim(), isBody: at === document.body,
            hasRing: style.some((each) => each.outlineStyle !== 'none' && parseFloat(each.outlineWidth) >= 2), isInView: box.bottom > 0 && box.top < innerHeight };
        }""")
        assert found["isBody"] or (found["hasRing"] and found["isInView"]), found
        if found["name"].startswith(name):
            return
    raise AssertionError(f"{name} is not reached by Tab")


def test_everything_is_done_by_keyboard_alone(open_page: Open) -> None:
    page = open_page(TREE, viewport={"width": 1280, "height": 900}, reduced_motion="reduce",
                     prepare=lambda page: page.add_init_script("window.printed = 0; window.print = () => { printed += 1; };"))
    ask = page.locator(ASK)

    def choose(downs: int) -> None:
        page.keyboard.press("Space")
        for _ in range(downs):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")

    go_by_tab(page, "Political Assistant")
    choose(2)
    expect(ask).to_have_text("Who is going with you?")
    go_by_tab(page, "Back")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Below Head of Service")).to_be_checked()
    go_by_tab(page, "Keep it as it was")
    page.keyboard.press("Enter")
    expect(ask).to_have_text("Who is going with you?")
    go_by_tab(page, "I’m not sure")
    page.keyboard.press("Enter")
    expect(page.locator(".open-outcomes")).to_be_visible()
    go_by_tab(page, "I know now")
    page.keyboard.press("Enter")
    for name, downs in (("A senior officer", 0), ("To brief", 0), ("Yes, on equal terms", 0)):
        go_by_tab(page, "")
        while not page.evaluate("document.activeElement.matches('input')"):
            go_by_tab(page, "")
        options = page.locator(".stage label.option").all_text_contents()
        choose(downs or next(i for i, option in enumerate(options) if option.startswith(name)))
        page.wait_for_timeout(150)
    expect(page.locator(".outcome-word")).to_have_text("Yes, if")
    expect(page.locator(".outcome-word")).to_be_focused()
    go_by_tab(page, "Respect the confidentiality")
    page.keyboard.press("Space")
    expect(page.locator(".duty input").first).to_be_checked()
    wait_for_the_engine(page)

    go_by_tab(page, "Change your answer to: Who is going with you?")
    page.keyboard.press("Enter")
    go_by_tab(page, "A senior officer")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".outcome-word")).to_have_text("No")
    go_by_tab(page, "Change your answer to: Who is going with you?")
    page.keyboard.press("Enter")
    go_by_tab(page, "Another officer")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator(".outcome-word")).to_have_text("Yes, if")

    go_by_tab(page, "See the record")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.locator("dialog.record-desk")).to_be_visible()
    while page.evaluate("document.activeElement.textContent") != "Print or save as PDF":
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("printed") == 1
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="See the record")).to_be_focused()

    go_by_tab(page, "See the whole tree")
    page.keyboard.press("Enter")
    page.wait_for_url("**/whole/#*")
    size = page.locator("svg.map")
    width = size.evaluate("map => map.getBoundingClientRect().width")
    go_by_tab(page, "Smaller")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert size.evaluate("map => map.getBoundingClientRect().width") > width
    go_by_tab(page, "Map of the tree")
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.map-scroll').scrollLeft > 0")
    page.keyboard.press("0")
    assert size.evaluate("map => map.getBoundingClientRect().width") <= page.locator(".map-scroll").evaluate("each => each.clientWidth") + 1
