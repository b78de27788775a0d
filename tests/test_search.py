"""What the search finds of what has documents of its own."""

from __future__ import annotations

from html import escape

from decision_trees.authoring.files import read_configuration, read_project
from decision_trees.publishing.html import Site
from decision_trees.publishing.search import Document, extend_index
from tests.conftest import ROOT

SITE = Site(read_project(read_configuration(ROOT)))


def find(location: str) -> Document:
    documents = extend_index({"docs": []}, SITE)["docs"]
    assert isinstance(documents, list)
    return next(each for each in documents if each["location"] == location)


def test_a_card_is_found_by_its_story_and_not_by_its_key() -> None:
    for pack in SITE.project.packs.values():
        for card in pack.cards:
            found = find(f"workshops/{pack.id}/#{card.id}")
            assert found["title"] == escape(card.title)
            assert escape(card.story.split()[0], quote=False) in found["text"]
            assert not card.mistake or escape(card.mistake) not in found["text"]


def test_a_provision_a_question_and_a_comparison_are_found_where_they_stand() -> None:
    assert find("nottingham/#6.30")["title"].startswith("Nottingham 6.30")
    assert find("trees/nottingham/attend-group-meeting/")["title"] == "May I attend this party group meeting? (Nottingham)"
    assert find("compare/attend-group-meeting/")["title"] == "May I attend this party group meeting? The editions compared"
