"""A workshop in the room, on a phone and on paper, as a facilitator and a participant meet it."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from decision_trees.publishing.built import read_built
from decision_trees.publishing.offline import write_offline
from tests.browser.test_accessibility import list_violations_light_and_dark
from tests.browser.test_offline import host

Open = Callable[..., Page]
ROOM = "/workshop/new-councillors/"
BIG = {"width": 1920, "height": 1080}
PHONE = {"width": 390, "height": 844}
SEEN = """() => [...document.querySelectorAll('.workshop *')].filter((each) => each.checkVisibility() && [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
  && !each.closest('.visually-hidden')).map((each) => parseFloat(getComputedStyle(each).fontSize)).sort((a, b) => a - b)[0]"""
CUT = """() => {
  const stage = document.querySelector('.workshop-stage');
  return !stage.classList.contains('is-full') && stage.scrollHeight > stage.clientHeight + 1 ? document.querySelector('.workshop-where').textContent : '';
}"""


def read_pack(site: Path, pack: str = "new-councillors") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((site / "workshop" / pack / "pack.json").read_text(encoding="utf-8"))
    return found


def kind(page: Page) -> str:
    return str(page.locator(".workshop").get_attribute("class")).rpartition("workshop-")[2]


def wait_until_nothing_is_cut(page: Page) -> None:
    """A text that grows, by letters that come late, is fitted anew with the next frame."""
    page.wait_for_function(f"({CUT})() === ''")


def cast_votes(page: Page, case: dict[str, Any]) -> None:
    """Enter three hands for what is right and one for Yes by keys alone, and take one more back."""
    row = ["yes", "yes-if", "no", "refer", "silent"].index(case["verdict"]) + 1
    for key in (str(row), str(row), str(row), "1", "1", f"Shift+Digit{1}"):
        page.keyboard.press(key)


def walk_aloud(page: Page, answers: list[dict[str, str]], site: Path, tree: str) -> None:
    """Answer by digits: each time the first option, which the story may or may not give."""
    for _ in range(40):
        if page.locator(".walk-end").count():
            return
        page.keyboard.press("1")
    pytest.fail(f"{tree}: the walk does not end")


def test_a_whole_workshop_by_keyboard_without_a_network_with_a_reload_in_the_middle(open_page: Open, site: Path) -> None:
    pack = read_pack(site)
    assert len(pack["cards"]) == 12
    page = open_page(ROOM, viewport=BIG, accept_downloads=True)
    expect(page.locator(".workshop-start h1")).to_have_text("New councillors")
    assert "until you press" in str(page.locator(".tally-note").text_content())
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sizes = []
    for number, card in enumerate(pack["cards"]):
        for case in card["cases"]:
            page.keyboard.press("PageDown")
            assert kind(page) == "vote"
            cast_votes(page, case)
            expect(page.locator(".workshop-note")).to_have_text("4 votes, counted by hand in the room")
            wait_until_nothing_is_cut(page)
            sizes.append(page.evaluate(SEEN))
            page.keyboard.press("ArrowRight")
            assert kind(page) == "walk"
            walk_aloud(page, case["answers_said"], site, case["tree"])
            page.keyboard.press("PageDown")
            assert kind(page) == "reveal"
            assert page.locator(".reveal-word").text_content() == {"yes": "Yes", "yes-if": "Yes, if", "no": "No", "refer": "Refer", "silent": "Silent"}[case["verdict"]]
            assert [each.strip() for each in page.locator(".reveal-because .deciding-number").all_text_contents()] == [each["number"] for each in case["provisions"]]
            assert f"{3 + (case['verdict'] == 'yes')} of 4 had it." in page.locator(".tally-note").first.text_content()  # type: ignore[operator]
            wait_until_nothing_is_cut(page)
            sizes.append(page.evaluate(SEEN))
        if card["discuss"] or card["mistake"]:
            page.keyboard.press("PageDown")
            assert kind(page) == "talk"
        if number == 5:
            where = page.locator(".workshop-where").text_content()
            page.context.set_offline(False)
            page.reload(wait_until="networkidle")
            page.context.set_offline(True)
            asked.clear()
            assert page.locator(".workshop-where").text_content() == where
            expect(page.locator(".workshop-note")).to_have_text("Taken up where you left it.")
    assert min(sizes) >= 24
    page.keyboard.press("PageDown")
    assert kind(page) == "results"
    cases = [case for card in pack["cards"] for case in card["cases"]]
    expect(page.locator(".results tbody tr")).to_have_count(len(cases))
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig"))))
    assert [row["tree"] for row in rows] == [case["tree"] for case in cases]
    assert {row["votes"] for row in rows} == {"4"}
    assert [row["outcome"] for row in rows] == [case["outcome"] for case in cases]
    strayed = [row for row in rows if row["walk ended at"] != row["outcome"]]
    assert strayed
    assert all(row["answered otherwise"] for row in strayed)
    assert [url for url in asked if not url.startswith("blob:") and "/assets/icon-" not in url] == []  # the browser asks for its own tab's icon
    page.get_by_role("button", name="Forget all").click()
    page.locator("dialog").get_by_role("button", name="Forget all").click()
    assert kind(page) == "start"
    assert page.evaluate("localStorage.length") == 0


def test_the_room_asks_for_all_its_letters_at_once_and_fits_a_text_that_grows(open_page: Open) -> None:
    page = open_page(ROOM, viewport=BIG)
    page.wait_for_function("document.fonts.status === 'loaded'")
    assert page.evaluate("[...document.fonts].filter(({ status }) => status !== 'loaded').length") == 0
    page.keyboard.press("PageDown")
    before = page.locator(".workshop-stage").get_attribute("style") or ""
    page.add_style_tag(content=".scenario-story { line-height: 2.5 !important }")  # as letters that need more room
    expect(page.locator(".workshop-stage")).not_to_have_attribute("style", before)
    wait_until_nothing_is_cut(page)


def test_a_reload_while_the_network_is_cut_keeps_the_place_and_the_tallies(browser: Browser, site: Path, tmp_path: Path) -> None:
    """The pages of one pack and what they load, kept by the site's own worker; then nobody serves them any more."""
    shutil.copytree(site / "workshop" / "taster", tmp_path / "workshop" / "taster")
    shutil.copytree(site / "assets", tmp_path / "assets", ignore=shutil.ignore_patterns("*.wasm", "*.zip", "*.br", "*.gz", "engine-*", "pyodide*"))
    shutil.copytree(site / "offline", tmp_path / "offline")
    write_offline(tmp_path, read_built(tmp_path), {})
    context = browser.new_context(service_workers="allow", viewport=BIG)
    page = context.new_page()
    with host(tmp_path) as server:
        page.goto(f"{server.url}workshop/taster/")
        page.evaluate("navigator.serviceWorker.register('/service-worker.js').then(() => navigator.serviceWorker.ready).then(() => true)")
        case = read_pack(site, "taster")["cards"][0]["cases"][0]
        page.keyboard.press("PageDown")
        cast_votes(page, case)
        page.keyboard.press("PageDown")
        page.keyboard.press("1")
        asked = page.locator(".walk-ask").text_content()
        server.cut()
        page.reload()
        expect(page.locator(".workshop-note")).to_have_text("Taken up where you left it.")
        assert kind(page) == "walk"
        assert page.locator(".walk-ask").text_content() == asked
        page.keyboard.press("PageUp")
        expect(page.locator(".workshop-note")).to_have_text("4 votes, counted by hand in the room")
        page.goto(f"{server.url}workshop/taster/{read_pack(site, 'taster')['cards'][0]['id']}/")
        expect(page.locator("h1")).to_have_text(read_pack(site, "taster")["cards"][0]["title"])
    context.close()


def test_what_is_longer_than_the_screen_says_so_and_moves_by_keys(open_page: Open) -> None:
    page = open_page(ROOM, viewport={"width": 1280, "height": 600})
    for _ in range(200):
        page.keyboard.press("PageDown")
        if page.locator(".reveal-scroll.has-more").count() or kind(page) == "results":
            break
    part = page.locator(".reveal-scroll")
    cue = "getComputedStyle(document.querySelector('.reveal-scroll'), '::after').content"
    assert "More below" in page.evaluate(cue)
    for _ in range(40):
        page.keyboard.press("ArrowDown")
        if not page.locator(".reveal-scroll.has-more").count():
            break
    assert page.evaluate(cue) == "none"
    assert part.evaluate("part => part.scrollTop > 0 && part.scrollTop + part.clientHeight >= part.scrollHeight - 2")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".reveal-scroll.has-more")).to_have_count(1)


def test_a_clicker_blanks_the_screen_and_any_key_brings_it_back(open_page: Open) -> None:
    page = open_page(ROOM, viewport=BIG)
    page.keyboard.press("PageDown")
    for key in ("b", "."):
        page.keyboard.press(key)
        expect(page.locator("dialog.workshop-blank")).to_be_visible()
        page.keyboard.press("PageDown")
        expect(page.locator("dialog")).to_have_count(0)
        assert kind(page) == "vote"
    page.keyboard.press("PageUp")
    assert kind(page) == "start"


def test_the_timer_runs_stops_and_outlives_a_reload(open_page: Open) -> None:
    page = open_page(ROOM, viewport=BIG, prepare=lambda page: page.add_init_script("Date.now = () => Number(sessionStorage.getItem('now') ?? 1e12);"))
    page.keyboard.press("PageDown")
    page.keyboard.press("t")
    page.evaluate("sessionStorage.setItem('now', 1e12 + 65_000)")
    shown = page.get_by_role("timer")
    expect(shown).to_have_text("6:25")
    page.reload()
    expect(shown).to_have_text("6:25")
    page.keyboard.press("+")
    expect(shown).to_have_text("7:25")
    page.evaluate("sessionStorage.setItem('now', 1e12 + 511_000)")
    expect(shown).to_have_text("Time is up")


def test_letters_are_no_keys_once_they_are_switched_off(open_page: Open) -> None:
    page = open_page(ROOM, viewport=BIG)
    page.keyboard.press("h")
    page.get_by_label("Letters and digits are keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("PageDown")
    for key in ("b", "1", "r"):
        page.keyboard.press(key)
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator(".tally input").first).to_have_value("0")
    page.get_by_role("button", name="Keys").click()
    expect(page.locator("dialog")).to_be_visible()


def test_a_browser_that_refuses_to_store_goes_on_and_says_so(open_page: Open) -> None:
    def refuse(page: Page) -> None:
        page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });")

    page = open_page(ROOM, viewport=BIG, prepare=refuse)
    expect(page.locator(".tally-note")).to_contain_text("This browser keeps nothing here")
    page.keyboard.press("PageDown")
    expect(page.locator(".workshop-note")).to_have_text("Nothing is kept here: this browser refuses to store.")


@pytest.mark.parametrize("kept", ["{", '{"version":1,"at":"nowhere","tallies":{"a":{"yes":-1}},"walks":[1],"clock":7}', '{"version":2}', "null"])
def test_what_was_kept_in_another_form_is_left_out(open_page: Open, kept: str) -> None:
    page = open_page(ROOM, viewport=BIG, prepare=lambda page: page.add_init_script(f"localStorage.setItem('workshop:new-councillors', {json.dumps(kept)})"))
    assert kind(page) == "start"


def test_the_room_finds_the_breach(open_page: Open, site: Path) -> None:
    card = next(card for card in read_pack(site, "taster")["cards"] if card["breach"])
    page = open_page("/workshop/taster/", viewport=BIG)
    for _ in range(40):
        page.keyboard.press("PageDown")
        if kind(page) == "spot":
            break
    numbers = page.locator(".tally .choice b").all_text_contents()
    assert {each["number"] for each in card["breach"]} < set(numbers)
    page.keyboard.press(str(numbers.index(card["breach"][0]["number"]) + 1))
    page.keyboard.press("PageDown")
    assert kind(page) == "breach"
    expect(page.locator(".tally-note").first).to_have_text("1 of 1 found it.")
    expect(page.locator(".reveal-because .deciding-number")).to_have_text([each["number"] for each in card["breach"]])


def test_a_whole_workshop_on_a_phone(open_page: Open, site: Path) -> None:
    """The room on a small screen by touch, and every card's own page walked to an outcome that stays in the address."""
    pack = read_pack(site)
    page = open_page(ROOM, viewport=PHONE, has_touch=True)
    for number, _ in enumerate(pack["cards"], 1):
        while f"Card {number} of" not in str(page.locator(".workshop-where").text_content()):
            page.locator(".workshop-foot .tally-steps .button").last.tap()
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for card in pack["cards"]:
        page.goto(f"{page.url.partition('/workshop/')[0]}{ROOM}{card['id']}/")
        expect(page.locator("h1")).to_have_text(card["title"])
        tree = page.locator("details.tree").first
        tree.locator("summary").first.tap()
        expect(tree.locator("form.question, .outcome-view").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    case = pack["cards"][0]["cases"][0]
    answers = "&".join(f"{row['fact']}={row['answer']}" for row in case["answers_said"])
    page.goto(f"{page.url.partition('/workshop/')[0]}{ROOM}{pack['cards'][0]['id']}/#tree={case['tree']}&{answers}")
    expect(page.locator(f".outcome-view[data-outcome='{case['outcome']}']")).to_be_visible()
    page.reload()
    expect(page.locator(f".outcome-view[data-outcome='{case['outcome']}']")).to_be_visible()


def test_without_script_the_pack_and_its_keys_can_be_read(open_page: Open, site: Path) -> None:
    pack = read_pack(site)
    for path in (ROOM, "/workshops/new-councillors/"):
        page = open_page(path, java_script_enabled=False)
        expect(page.locator("details.card-key")).to_have_count(len(pack["cards"]))
        page.locator("details.card-key summary").first.click()
        expect(page.locator(".card-say").first).to_have_text(pack["cards"][0]["cases"][0]["say"])


def test_the_pages_of_a_workshop_have_no_violation(open_page: Open, site: Path) -> None:
    page = open_page("/workshop/taster/", viewport=BIG)
    for _ in range(40):
        assert list_violations_light_and_dark(page) == [], kind(page)
        if kind(page) == "results":
            break
        page.keyboard.press("1")
        page.keyboard.press("PageDown")
    for key in ("q", "h", "r"):
        page.keyboard.press(key)
        expect(page.locator("dialog[open]")).to_be_visible()
        assert list_violations_light_and_dark(page) == [], key
        page.keyboard.press("Escape")
    card = read_pack(site, "taster")["cards"][0]["id"]
    for path in ("/workshops/", "/workshops/taster/", "/workshop/taster/print/", f"/workshop/taster/{card}/"):
        page.goto(f"{page.url.partition('/workshop')[0]}{path}")
        assert list_violations_light_and_dark(page) == [], path


def test_printed_sheets_are_tagged_and_the_key_stands_on_pages_of_its_own(open_page: Open, site: Path, tmp_path: Path) -> None:
    pack = read_pack(site)
    page = open_page(f"{ROOM}print/")
    page.locator("#with-forms").uncheck()
    assert page.evaluate("[...document.querySelectorAll('.print-card')].filter((card) => [card, card.querySelector('.print-story')].some((part) => part.scrollHeight > part.clientHeight + 1)).map((card) => card.querySelector('h2').textContent)") == []
    page.pdf(path=tmp_path / "pack.pdf", tagged=True, outline=True, prefer_css_page_size=True)
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not here: install poppler-utils")
    said = subprocess.run(["pdfinfo", tmp_path / "pack.pdf"], capture_output=True, text=True, check=True).stdout
    assert "Tagged:          yes" in said
    assert "(A4)" in said
    sheets = subprocess.run(["pdftotext", "-layout", tmp_path / "pack.pdf", "-"], capture_output=True, text=True, check=True).stdout.split("\f")
    first = next(number for number, text in enumerate(sheets) if "The key: " in text)
    assert first == -(-len(pack["cards"]) // 4) or first == -(-len(pack["cards"]) // 2)
    for number, card in enumerate(pack["cards"]):
        on = [i for i, text in enumerate(sheets) if card["title"] in " ".join(text.split())]
        assert any(i < first for i in on), card["title"]
        assert any(i >= first for i in on), number
    words = " ".join(" ".join(sheets[:first]).split())
    for case in (case for card in pack["cards"] for case in card["cases"]):
        assert case["say"] not in words
