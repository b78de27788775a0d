"""The editions are whole, say what they are, and are proved."""

from __future__ import annotations

import pytest

from decision_trees.authoring.project import Project

NUMBERED = {"leicester": 33, "tower-hamlets": 167, "nottingham": 44, "carlisle": 146, "north-norfolk": 44}


def test_no_page_definition_or_scenario_has_a_finding(project: Project) -> None:
    assert [f"{f.span.page}:{f.span.line}: {f.code}: {f.message}" for f in project.errors] == []


@pytest.mark.parametrize(("edition", "count"), NUMBERED.items())
def test_an_edition_holds_every_numbered_provision(project: Project, edition: str, count: int) -> None:
    numbered = [number for number in project.provisions[edition] if number[0].isdigit()]
    assert len(numbered) == count


@pytest.mark.parametrize("edition", NUMBERED)
def test_an_edition_says_what_it_restates_and_whose_words_prevail(project: Project, edition: str, site: object) -> None:
    from pathlib import Path

    assert isinstance(site, Path)
    for page in (path for path in project.pages if path.startswith(f"{edition}/")):
        html = (site / page.removesuffix(".md").removesuffix("/index") / "index.html").read_text(encoding="utf-8")
        assert "the Council’s own text prevails" in html, page
        assert project.editions[edition].document in html.replace("&#39;", "'"), page


def test_every_scenario_ends_where_it_says(project: Project) -> None:
    assert len(project.scenarios) > 100
    assert [f.message for f in project.findings if f.code == "scenario-failed"] == []
