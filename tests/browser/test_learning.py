"""Packages on a learning platform: scorm-again's run-time on the host's window, the package in a frame."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.test_accessibility import AXE, RULES
from tests.conftest import ROOT, serve
from tests.learning.packages import LARGEST, make_files

Open = Callable[..., Page]
HOST = ROOT / "tests" / "learning"
SUSPEND = "suspend_data"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("platform")
    for path in (HOST / "host.html", HOST / "host.js", *(ROOT / "node_modules" / "scorm-again" / "dist" / f"{name}.min.js" for name in ("scorm12", "scorm2004"))):
        shutil.copy(path, folder)
    for pack, standard in (("taster", "scorm12"), ("taster", "scorm2004"), (LARGEST, "scorm12")):
        for name, data in make_files(pack, standard).items():
            path: Path = folder / f"{pack}-{standard}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    with serve(folder) as address:
        yield address


def launch(page: Page, platform: str, pack: str, standard: str) -> FrameLocator:
    page.goto(f"{platform}/host.html?standard={standard}&pass={json.loads(make_files(pack, standard)['course.json'])['pass']}&package={pack}-{standard}/index.html")
    return page.frame_locator("iframe")


def answer(frame: FrameLocator, answers: dict[str, str]) -> None:
    """Walk one case: what the story says, or the first option where it is silent."""
    while True:
        expect(frame.locator("[data-give], form[data-fact]").first).to_be_visible()
        if frame.locator("[data-give]").count():
            return
        form = frame.locator("form[data-fact]")
        asked = form.get_attribute("data-fact") or ""
        for name in answers.get(asked, "").split(","):
            (form.locator(f'input[value="{name}"]') if name else form.locator("input")).first.check()
        form.locator('button[type="submit"]').click()
        expect(frame.locator(f'form[data-fact="{asked}"]')).to_have_count(0)


def take_card(frame: FrameLocator, card: dict[str, Any], is_right: bool) -> None:
    for case in card["cases"]:
        expect(frame.locator(f'[data-case="{case["tree"]}"]')).to_be_visible()
        if is_right:
            answer(frame, case["answers"])
        else:
            frame.locator("[data-unsure]").click()
        frame.locator("[data-give]").click()
    if card["breach"]:
        frame.locator(f'[data-breach] input[value="{card["breach"][0]["number"]}"]').check()
        frame.locator('[data-breach] button[type="submit"]').click()
    expect(frame.locator("[data-next]")).to_be_visible()


def read_calls(page: Page) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = json.loads(page.evaluate("localStorage.calls"))
    return calls


def assert_no_error(page: Page) -> None:
    for call in read_calls(page):
        if call["name"] not in ("LMSGetValue", "GetValue"):
            assert (call["answer"], call["error"]) == ("true", "0"), call
        # An element that was never set has no value yet: SCORM 2004 says so with 403, which is no failure.
        assert call["error"] in ("0", "403"), call


def said(page: Page, element: str) -> list[str]:
    return [call["given"][1] for call in read_calls(page) if call["name"].endswith("SetValue") and call["given"][0].endswith(element)]


@pytest.mark.parametrize("standard", ["scorm12", "scorm2004"])
@pytest.mark.parametrize("is_right", [True, False], ids=["completes", "fails"])
def test_a_course_is_taken_and_its_interactions_hold_the_branches(open_page: Open, platform: str, standard: str, is_right: bool) -> None:
    page = open_page("/host.js", base=platform)
    frame = launch(page, platform, "taster", standard)
    frame.locator("[data-go]").click()
    cards = json.loads(make_files("taster", standard)["course.json"])["cards"]
    for card in cards:
        assert not said(page, "score.raw"), "no score before the attempt is finished"
        take_card(frame, card, is_right)
        frame.locator("[data-next]").click()
    expect(frame.locator("h1")).to_have_text("Passed" if is_right else "Not passed yet")
    assert said(page, "lesson_status" if standard == "scorm12" else "success_status")[-1] == ("passed" if is_right else "failed")
    assert said(page, "score.raw")[-1] == ("100" if is_right else "0")
    responses = said(page, "student_response" if standard == "scorm12" else "learner_response")
    between, mark = (";", "=") if standard == "scorm12" else ("[,]", "[.]")
    for case in (case for card in cards for case in card["cases"]):
        wanted = [f"{row['fact']}{mark}{row['answer']}" for row in case["answers_said"]] + [f"ends-at{mark}{case['outcome']}"]
        assert (between.join(wanted) in responses) is is_right
    assert all(len(text) <= 4096 for text in said(page, SUSPEND))
    assert_no_error(page)
    page.goto("about:blank")


@pytest.mark.parametrize("standard", ["scorm12", "scorm2004"])
def test_a_learner_goes_on_in_the_middle_of_a_card_and_is_not_failed_for_leaving(open_page: Open, platform: str, standard: str) -> None:
    page = open_page("/host.js", base=platform)
    frame = launch(page, platform, "taster", standard)
    frame.locator("[data-go]").click()
    cards = json.loads(make_files("taster", standard)["course.json"])["cards"]
    take_card(frame, cards[0], is_right=True)
    frame.locator("[data-next]").click()
    frame.locator('input[value="senior"]').check()
    frame.locator('form button[type="submit"]').click()
    expect(frame.locator(".answer")).to_have_count(1)
    frame = launch(page, platform, "taster", standard)
    kept = json.loads(page.evaluate("localStorage.kept"))["cmi"]
    assert (kept["core"]["lesson_status"] if standard == "scorm12" else kept["completion_status"]) == "incomplete"
    expect(frame.locator("[data-go]")).to_have_text("Go on where you left")
    frame.locator("[data-go]").click()
    expect(frame.locator(".course-head")).to_contain_text("Card 2 of 2")
    expect(frame.locator(".answer")).to_have_count(1)
    assert_no_error(page)


def test_the_largest_pack_keeps_its_bookmark_within_what_scorm_1_2_promises(open_page: Open, platform: str) -> None:
    page = open_page("/host.js", base=platform)
    frame = launch(page, platform, LARGEST, "scorm12")
    frame.locator("[data-go]").click()
    for card in json.loads(make_files(LARGEST, "scorm12")["course.json"])["cards"]:
        take_card(frame, card, is_right=True)
        frame.locator("[data-next]").click()
    assert said(page, "score.raw") == ["100"]
    assert 0 < max(len(text) for text in said(page, SUSPEND)) <= 4096
    assert_no_error(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_course_without_a_platform_says_so_and_has_no_violation(open_page: Open, platform: str, scheme: str) -> None:
    page = open_page("/taster-scorm12/index.html", base=platform, color_scheme=scheme)
    expect(page.locator(".course-ledger")).to_contain_text("results are not recorded")
    page.locator("[data-go]").click()
    expect(page.locator("form[data-fact]")).to_be_visible()
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert [v["id"] for v in found["violations"]] == []
