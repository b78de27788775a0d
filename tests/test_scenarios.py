"""The lawyers' stories in scenarios/*.yml, each with what the council's own text makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from decision_trees.authoring.findings import Span
from decision_trees.authoring.project import Project
from decision_trees.authoring.scenarios import Scenario, run_scenario
from decision_trees.runtime.engine import Reached, advance

FOLDER = Path(__file__).resolve().parent / "scenarios"
KEYS = {"tree", "story", "answers", "outcome", "verdict", "duties", "without", "cite", "because"}


def _read_stories() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.yml")):
        # The base loader keeps every scalar a string, as the notation does: yes, no and 6.30 are words.
        for number, item in enumerate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader), 1):
            yield pytest.param(path.stem, number, item, id=f"{path.stem}-{number}-{item['tree'].rpartition('/')[2]}")


@pytest.mark.parametrize(("edition", "number", "item"), list(_read_stories()))
def test_a_story_ends_as_the_source_has_it(project: Project, edition: str, number: int, item: dict[str, Any]) -> None:
    assert item.keys() <= KEYS, item.keys() - KEYS
    assert item.get("outcome") or item.get("verdict"), "A story needs an outcome or a verdict."
    tree = item["tree"] if "/" in item["tree"] else f"{edition}/{item['tree']}"
    diagrams = {name: published.diagram for name, published in project.trees.items()}
    answers = {fact: ",".join(value) if isinstance(value, list) else value for fact, value in item["answers"].items()}
    outcome = item.get("outcome", "")
    if not outcome:
        position = advance(diagrams[tree], answers)
        assert isinstance(position, Reached), position
        outcome = position.outcome
    scenario = Scenario(
        tree, item["story"], answers, outcome, item.get("verdict", ""), _list(item, "duties"), _list(item, "without"),
        _list(item, "cite"), open="", rejected=False, span=Span(f"scenarios/{edition}.yml", number, 1, 1),
    )
    assert [f"{finding.message} {finding.hint}" for finding in run_scenario(scenario, diagrams)[1]] == []


def _list(item: dict[str, Any], key: str) -> tuple[str, ...]:
    value = item.get(key, [])
    return (value,) if isinstance(value, str) else tuple(value)
