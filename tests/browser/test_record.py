"""The record of an answer: one sheet, made on the device."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
ANSWERED = "/trees/nottingham/attend-group-meeting/#post=junior&escort=senior&purpose=brief&offered=yes"


def open_record(open_page: Open) -> Page:
    page = open_page(ANSWERED, accept_downloads=True)
    expect(page.locator('.stage[data-by="engine"]')).to_be_visible()
    page.locator(".duty input").first.check()
    page.get_by_role("button", name="See the record").click()
    expect(page.locator("dialog.record-desk")).to_be_visible()
    return page


def test_the_record_holds_question_answers_outcome_duties_provisions_edition_and_link(open_page: Open) -> None:
    page = open_record(open_page)
    record = page.locator("article.record")
    for text in ("May I attend this party group meeting?", "Yes, if", "Below Head of Service", "Nottingham, version",
                 "confidentiality", "6.30", "#post=junior&escort=senior"):
        expect(record).to_contain_text(text)
    assert page.locator(".duties-paper .is-done").count() == 1
    assert page.evaluate("document.activeElement.id") == "record-title"


def test_the_reader_s_own_words_are_printed_as_text(open_page: Open) -> None:
    page = open_record(open_page)
    page.get_by_label("The case in your own words").fill("<b>Monday's</b> group")
    expect(page.locator(".record-story p")).to_have_text("<b>Monday's</b> group")


def test_it_can_be_saved_as_json_and_markdown(open_page: Open, tmp_path: Path) -> None:
    page = open_record(open_page)
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON").click()
    data = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert data["verdict"] == "yes-if"
    assert data["answers"][0]["said"] == "Below Head of Service"
    with page.expect_download() as download:
        page.get_by_role("button", name="Markdown").click()
    assert "**Yes, if.**" in Path(download.value.path()).read_text(encoding="utf-8")


def test_it_prints_as_a_sheet_of_its_own(open_page: Open) -> None:
    page = open_record(open_page)
    page.emulate_media(media="print")
    expect(page.locator("article.record")).to_be_visible()
    expect(page.locator(".record-tools")).to_be_hidden()
    expect(page.locator("#main")).to_be_hidden()


def test_closing_it_returns_to_the_answer(open_page: Open) -> None:
    page = open_record(open_page)
    page.get_by_role("button", name="Back to the answer").click()
    expect(page.get_by_role("button", name="See the record")).to_be_focused()


def test_it_lists_the_duties_that_come_with_the_outcome_and_no_other(open_page: Open) -> None:
    page = open_record(open_page)
    shown = page.locator(".stage .duty-say >> visible=true").all_text_contents()
    listed = page.locator(".duties-paper li").all_text_contents()
    assert [each.rpartition(" (")[0] for each in listed] == shown
    assert page.locator(".stage [data-duty][hidden]").count() == 1, "one does not apply to these answers"


def test_the_pdf_of_a_record_is_tagged(open_page: Open, tmp_path: Path) -> None:
    """As Chromium saves it: headings, the table of answers and the lists are told as such."""
    if shutil.which("pdfinfo") is None:
        pytest.skip("pdfinfo is not here: install poppler-utils")
    page = open_record(open_page)
    file = tmp_path / "record.pdf"
    file.write_bytes(page.pdf(tagged=True))
    assert "Tagged:          yes" in subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    found = subprocess.run(["pdfinfo", "-struct-text", str(file)], capture_output=True, text=True, check=True).stdout
    parts = [line.strip() for line in found.splitlines()]
    assert parts.count("H1 (block)") == 1
    assert parts.count("H2 (block)") >= 4
    for part in ("Table (block)", "TR", "TH <", "/Scope /Column", "TD:", "L (block)", "LI (block)", "BlockQuote", "Figure"):
        assert any(line.startswith(part) for line in parts), part
    assert any("May I attend this party group meeting?" in line for line in parts)
    assert not any("Print or save as PDF" in line for line in parts), "what is only for the screen is not in it"
