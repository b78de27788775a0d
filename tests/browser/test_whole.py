"""The page of a whole tree: the reader's path marked on it, the map's tools, and all of it without script."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from decision_trees.authoring.project import Project
from decision_trees.authoring.walk import build_walk, list_paths

Open = Callable[..., Page]

TREE = "/trees/nottingham/attend-group-meeting/"
WHOLE = TREE + "whole/"
LARGE = "/trees/nottingham/share-information/whole/"
ANSWERS = "#post=junior&escort=senior&purpose=brief&offered=yes"
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


def size(page: Page) -> float:
    """Give how wide the map is drawn."""
    return float(page.locator("svg.map").evaluate("map => map.getBoundingClientRect().width"))


def test_the_path_is_marked_on_map_outline_and_table(open_page: Open) -> None:
    page = open_page(WHOLE + ANSWERS, viewport=WIDE)
    expect(page.locator(".whole-path")).to_contain_text("4 answers to “Yes, if”")
    expect(page.locator(".map-key-path")).to_be_visible()
    expect(page.locator(".map-edge.on-path")).to_have_count(4)
    expect(page.locator(".map-question.on-path")).to_have_count(4)
    expect(page.locator(".map-end.on-path")).to_have_attribute("data-outcome", "attend")
    expect(page.locator(".outline .yours")).to_have_text(["Your path"] * 4)
    expect(page.locator(".outline .on-path > .outline-option").last).to_contain_text("Yes, on equal terms")
    row = page.locator(".decision-table tr.on-path")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Your case")
    expect(row).to_contain_text("A senior officer")
    tape = page.evaluate("getComputedStyle(document.querySelector('.map-edge.on-path')).stroke")
    plain = page.evaluate("getComputedStyle(document.querySelector('.map-edge:not(.on-path)')).stroke")
    assert tape != plain


def test_marks_follow_the_address_and_stay_for_links_within_the_page(open_page: Open) -> None:
    page = open_page(WHOLE + ANSWERS, viewport=WIDE)
    page.get_by_role("link", name="question 5").click()
    assert page.url.endswith("#question-5")
    expect(page.locator(".map-edge.on-path")).to_have_count(4)
    page.evaluate("location.hash = '#post=junior'")
    expect(page.locator(".map-edge.on-path")).to_have_count(1)
    expect(page.locator(".whole-path")).to_contain_text("1 answer, as far as question 4")
    expect(page.locator(".decision-table tr.on-path")).to_have_count(0)
    page.evaluate("location.hash = '#post=junior&escort=?'")
    expect(page.locator(".whole-path")).to_contain_text("1 answer, and then not sure")
    page.evaluate("location.hash = ''")
    expect(page.locator(".on-path, .yours")).to_have_count(0)
    expect(page.locator(".whole-path")).to_be_hidden()


@pytest.mark.parametrize("fragment", ["#nonsense=1", "#post=nobody-of-that-name", "#%E0%A4%A", "#post=<script>", "#post=junior&post=senior&escort="])
def test_a_stale_or_hostile_link_marks_nothing_wrong(open_page: Open, fragment: str) -> None:
    page = open_page(WHOLE + fragment, viewport=WIDE)
    expect(page.locator(".map-tools")).to_be_visible()
    expect(page.locator(".map-end.on-path, tr.on-path")).to_have_count(0)


@pytest.mark.parametrize("id", ["nottingham/attend-group-meeting", "tower-hamlets/take-part", "leicester/see-information", "tower-hamlets/take-up-casework"])
def test_every_path_is_marked_to_its_own_end_and_row(open_page: Open, project: Project, site: Path, id: str) -> None:
    page = open_page(f"/trees/{id}/whole/", viewport=WIDE)
    expect(page.locator(".map-tools")).to_be_visible()
    paths = list_paths(build_walk(project.trees[id].diagram))
    found = page.evaluate(
        """(paths) => paths.map((answers) => {
          history.replaceState(null, '', '#' + answers.map(([name, text]) => `${name}=${text}`).join('&'));
          dispatchEvent(new HashChangeEvent('hashchange'));
          const ends = [...document.querySelectorAll('.map-end.on-path')].map((end) => end.dataset.outcome);
          const rows = [...document.querySelectorAll('tr.on-path .verdict')].map((row) => row.textContent.trim());
          const told = [...document.querySelectorAll('.outline .on-path > [data-outcome]')].map((end) => end.dataset.outcome);
          return [ends, told, rows, document.querySelectorAll('.map-edge.on-path').length];
        })""",
        [list(answers.items()) for answers, _ in paths],
    )
    outcomes = json.loads((site / "trees.json").read_text(encoding="utf-8"))
    verdicts = next(row["outcomes"] for row in outcomes if row["id"] == id)
    words = {"yes": "Yes", "yes-if": "Yes, if", "no": "No", "refer": "Refer", "silent": "Silent"}
    is_by_question = page.locator("tbody tr[data-way]").count() > 0
    for (answers, outcome), (ends, told, rows, count) in zip(paths, found, strict=True):
        assert ends == told == [outcome], answers
        assert count == len(answers)
        assert is_by_question or rows == [words[verdicts[outcome]]], answers


def test_the_tree_s_own_page_hands_its_answers_over_and_takes_them_back(open_page: Open) -> None:
    page = open_page(TREE + ANSWERS, viewport=WIDE)
    expect(page.locator(".outcome-word")).to_be_visible()
    page.get_by_role("link", name="See the whole tree").click()
    expect(page.locator("tr.on-path")).to_have_count(1)
    page.get_by_role("link", name="Back to your outcome").click()
    expect(page.locator(".outcome-word")).to_have_text("Yes, if")
    assert ANSWERS in page.url


def test_keys_zoom_and_move_the_map_in_focus(open_page: Open) -> None:
    page = open_page(LARGE, viewport=WIDE)
    region = page.locator(".map-scroll")
    own = size(page)
    region.focus()
    page.keyboard.press("+")
    assert size(page) == pytest.approx(own * 1.25, abs=2)
    expect(page.locator(".map-tools output")).to_have_text("125 %")
    page.keyboard.press("-")
    page.keyboard.press("-")
    assert size(page) == pytest.approx(own / 1.25, abs=2)
    page.keyboard.press("0")
    assert size(page) <= region.evaluate("each => each.clientWidth")
    assert page.evaluate("document.activeElement.className") == "map-scroll"
    page.keyboard.press("Control++")
    page.get_by_role("button", name="Show the map at its own size").click()
    assert size(page) == pytest.approx(own, abs=1)
    region.evaluate("each => each.scrollTo(0, 0)")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.map-scroll').scrollLeft > 0")


def test_the_toolbar_is_one_stop_and_arrow_keys_go_along_it(open_page: Open) -> None:
    page = open_page(LARGE, viewport=WIDE)
    toolbar = page.get_by_role("toolbar", name="View of the map")
    assert toolbar.locator('[tabindex="0"]').count() == 1
    toolbar.get_by_role("button", name="Smaller").focus()
    page.keyboard.press("ArrowRight")
    expect(toolbar.get_by_role("button", name="Larger")).to_be_focused()
    own = size(page)
    page.keyboard.press("Enter")
    assert size(page) > own
    page.keyboard.press("End")
    expect(toolbar.get_by_role("button", name="Move right")).to_be_focused()
    left = page.locator(".map-scroll").evaluate("each => each.scrollLeft")
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelector('.map-scroll').scrollLeft > {left}")
    page.keyboard.press("ArrowRight")
    expect(toolbar.get_by_role("button", name="Smaller")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".map-scroll")).to_be_focused()


def test_the_wheel_moves_and_never_zooms(open_page: Open) -> None:
    page = open_page(LARGE, viewport=WIDE)
    own = size(page)
    region = page.locator(".map-scroll")
    region.evaluate("each => each.scrollTo(0, 0)")
    region.hover()
    page.mouse.wheel(0, 200)
    page.wait_for_function("document.querySelector('.map-scroll').scrollTop > 0")
    assert size(page) == own


def test_your_path_brings_its_end_into_view(open_page: Open) -> None:
    page = open_page(WHOLE + ANSWERS, viewport=WIDE)
    page.get_by_role("button", name="Show where your path ends").click()
    page.wait_for_function("""() => {
      const end = document.querySelector('.map-end.on-path').getBoundingClientRect();
      const box = document.querySelector('.map-scroll').getBoundingClientRect();
      return end.left >= box.left && end.right <= box.right;
    }""")
    expect(open_page(WHOLE, viewport=WIDE).locator(".map-tools-path")).to_be_hidden()


@pytest.mark.parametrize("path", [WHOLE, LARGE])
def test_without_script_all_is_there(open_page: Open, path: str) -> None:
    page = open_page(path + ANSWERS, viewport=WIDE, java_script_enabled=False)
    expect(page.locator("svg.map")).to_be_visible()
    assert page.locator("svg.map .map-question").count() == page.locator(".outline-question").count() > 2
    expect(page.locator(".outline")).to_be_visible()
    expect(page.locator(".decision-table")).to_be_visible()
    expect(page.locator(".map-tools, .on-path, .yours")).to_have_count(0)
    for name in ("A form to fill in by hand", "The decision table for a spreadsheet", "The map as a drawing", "The map as a flowchart in text"):
        href = page.get_by_role("link", name=name).get_attribute("href")
        assert href
        assert page.request.get(page.url.partition("#")[0] + href).ok


def test_without_script_the_tree_s_own_page_links_to_the_whole_and_its_ends_link_back(open_page: Open) -> None:
    page = open_page(TREE, java_script_enabled=False)
    page.get_by_role("link", name="See the whole tree").click()
    page.get_by_role("link", name="Bring a senior officer").click()
    expect(page.locator("#outcome-bring-a-senior-officer .outcome-word")).to_be_visible()


@pytest.mark.parametrize("path", [WHOLE, LARGE, "/trees/tower-hamlets/take-part/whole/", WHOLE + "print/"])
@pytest.mark.parametrize("viewport", [PHONE, {"width": 768, "height": 1024}, WIDE])
def test_no_page_scrolls_sideways(open_page: Open, path: str, viewport: dict[str, int]) -> None:
    page = open_page(path, viewport=viewport)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    if "print" not in path:
        expect(page.locator(".map-figure")).to_be_visible(visible=viewport["width"] >= 768)
        expect(page.get_by_role("link", name="Map", exact=True)).to_be_visible(visible=viewport["width"] >= 768)


def test_on_a_phone_the_table_is_a_block_a_row_and_stays_a_table(open_page: Open) -> None:
    page = open_page(WHOLE + ANSWERS, viewport=PHONE)
    row = page.locator("tr.on-path")
    assert row.evaluate("each => getComputedStyle(each).display") == "block"
    assert page.get_by_role("table").get_by_role("row").count() > 5
    expect(page.locator("td.any").first).to_be_hidden()


def test_no_text_stands_out_of_its_box_on_any_map(open_page: Open, project: Project) -> None:
    page = open_page(WHOLE, viewport=WIDE)
    found = page.evaluate(
        """async (ids) => {
          await document.fonts.ready;
          const troubles = [];
          const scroll = document.querySelector('.map-scroll');
          for (const id of ids) {
            const text = await (await fetch(new URL(`../../../${id}/whole/`, location.href))).text();
            scroll.replaceChildren(document.importNode(new DOMParser().parseFromString(text, 'text/html').querySelector('svg.map'), true));
            for (const [group, ground] of [['.map-boxes > g', '.map-box'], ['.map-labels > g', '.map-label-ground']]) {
              for (const each of scroll.querySelectorAll(group)) {
                each.classList.add('on-path');
                const box = each.querySelector(ground).getBBox();
                for (const line of each.querySelectorAll('text')) {
                  const own = line.getBBox();
                  if (own.x < box.x || own.x + own.width > box.x + box.width + 1 || own.y < box.y - 3 || own.y + own.height > box.y + box.height + 3) troubles.push([id, line.textContent, own.width, box.width]);
                }
              }
            }
          }
          return troubles;
        }""",
        list(project.trees),
    )
    assert found == []


def test_the_form_fits_a4_in_black_and_white(open_page: Open) -> None:
    page = open_page(WHOLE + "print/", viewport=WIDE)
    page.emulate_media(media="print")
    expect(page.locator(".sheet-actions")).to_be_hidden()
    assert page.locator(".sheet").evaluate("each => getComputedStyle(each).backgroundColor") == "rgb(255, 255, 255)"
    colours = page.evaluate("[...new Set([...document.querySelectorAll('.sheet *')].map((each) => getComputedStyle(each).color))]")
    for colour in colours:
        red, green, blue = (int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
        assert max(red, green, blue) - min(red, green, blue) < 30, colour
        assert max(red, green, blue) < 110, "dark enough for a copier"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
