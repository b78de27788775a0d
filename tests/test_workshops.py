"""The pages of a workshop as they are built: every card and every walk stands in them, and codes lead to the phones' pages."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import segno

from decision_trees.authoring.project import Project
from decision_trees.publishing.html import Site
from decision_trees.publishing.workshops import draw_code, list_workshop_files, render_print, render_room
from decision_trees.runtime.engine import Reached, advance

NAMES = ("icon", "tree_style", "workshop_style", "script", "workshop_script", "serif_font", "wide_serif_font", "sans_font")


class Elements(HTMLParser):
    """Lists a page's elements with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def having(self, name: str) -> list[dict[str, str]]:
        return [attrs for _, attrs in self.found if name in attrs]


@pytest.fixture(scope="module")
def workshop(project: Project) -> Site:
    return Site(project, assets={name: name for name in NAMES})


def test_the_answers_that_a_room_is_measured_by_lead_where_the_card_says(workshop: Site) -> None:
    for pack in workshop.project.packs.values():
        cases = [case for card in pack.cards for case in card.cases]
        marks = Elements(render_room(workshop, pack)).having("data-right")
        sections = [mark for mark in marks if "data-tree" in mark]
        assert len(sections) == len(cases)
        for case, section in zip(cases, sections, strict=True):
            right = json.loads(section["data-right"])
            states = {state.id: state for state in workshop.walks[case.tree].states}
            state, end = next(iter(states), ""), workshop.walks[case.tree].only
            while state and not end:
                edge = next(each for each in states[state].edges if "=".join(each.answer) == right[state])
                state, end = ("", edge.to) if edge.is_end else (edge.to, "")
            position = advance(workshop.project.trees[case.tree].diagram, case.answers)
            assert isinstance(position, Reached)
            assert end == position.outcome == section["data-outcome"], (pack.id, case.story, case.tree)


def test_a_code_holds_the_address_of_the_card_on_the_site(workshop: Site) -> None:
    site = replace(workshop, address="https://rules.example/sub/")
    pack = site.project.packs["taster"]
    for card in pack.cards:
        address = f"https://rules.example/sub/workshop/taster/{card.id}/"
        code = draw_code(address)
        assert code in render_room(site, pack)
        assert code in render_print(site, pack)
        assert segno.make(address, error="m", micro=False).designator in ("3-M", "4-M", "5-M")
    assert 'style="' not in render_print(site, pack)


def test_without_the_site_s_address_there_is_no_code_and_the_sheet_says_why(workshop: Site) -> None:
    pack = workshop.project.packs["taster"]
    text = render_print(workshop, pack)
    assert 'class="code"' not in text
    assert "site_url" in text
    assert f"workshop/taster/{pack.cards[0].id}/" in text


def test_every_page_of_a_pack_is_among_the_files_and_no_phone_s_page_holds_the_key(workshop: Site) -> None:
    for pack in workshop.project.packs.values():
        files = dict(list_workshop_files(workshop, pack))
        assert files.keys() == {"index.html", "print/index.html", *(f"{card.id}/index.html" for card in pack.cards)}
        for card in pack.cards:
            page = files[f"{card.id}/index.html"].decode()
            assert "card-key" not in page
            assert "data-right" not in page


def test_every_address_in_the_data_of_a_pack_is_there(workshop: Site, site: Path) -> None:
    for pack in workshop.project.packs:
        folder = site / "workshop" / pack
        data = json.loads((folder / "pack.json").read_text(encoding="utf-8"))
        assert len(data["cards"]) == len(workshop.project.packs[pack].cards)
        for card in data["cards"]:
            for case in card["cases"]:
                for url in (case["url"], *(each["url"] for each in case["provisions"])):
                    assert (folder / url.partition("#")[0] / "index.html").is_file(), url
