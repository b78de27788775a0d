"""What the search finds of what has documents of its own."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import pytest

from decision_trees.authoring.files import read_configuration, read_project
from decision_trees.publishing.html import Site
from decision_trees.publishing.search import Document, extend_index
from decision_trees.publishing.urls import page_url
from tests.conftest import ROOT

SITE = Site(read_project(read_configuration(ROOT)))


def list_documents(site: Site) -> list[Document]:
    documents = extend_index({"docs": []}, site)["docs"]
    assert isinstance(documents, list)
    return documents


def find(location: str) -> Document:
    return next(each for each in list_documents(SITE) if each["location"] == location)


def test_a_card_is_found_by_its_story_and_not_by_its_key() -> None:
    for pack in SITE.project.packs.values():
        for card in pack.cards:
            found = find(f"workshops/{pack.id}/#{card.id}")
            assert found["title"] == escape(card.title)
            assert escape(card.story.split()[0], quote=False) in found["text"]
            assert not card.mistake or escape(card.mistake) not in found["text"]


@pytest.mark.parametrize("path", ["workshops/taster.md", "compare/attend-group-meeting.md", "nottingham/index.md"])
def test_a_page_that_is_closed_to_the_search_has_no_documents_of_its_own(path: str) -> None:
    page = SITE.project.pages[path]
    closed = replace(page, front_matter=f"{page.front_matter}\nsearch:\n  exclude: true\n")
    site = Site(replace(SITE.project, pages={**SITE.project.pages, path: closed}))
    place = page_url(path)
    assert any(each["location"].startswith(place) for each in list_documents(SITE))
    assert not any(each["location"].startswith(place) for each in list_documents(site))


def test_a_provision_a_question_and_a_comparison_are_found_where_they_stand() -> None:
    assert find("nottingham/#6.30")["title"].startswith("Nottingham 6.30")
    assert find("trees/nottingham/attend-group-meeting/")["title"] == "May I attend this party group meeting? (Nottingham)"
    assert find("compare/attend-group-meeting/")["title"] == "May I attend this party group meeting? The editions compared"
