"""Packs of cards: read from their pages, walked through the trees, given as data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from decision_trees.authoring.packs import PASS
from decision_trees.authoring.project import Project, load_project
from decision_trees.cli import main
from decision_trees.publishing.html import Site
from decision_trees.publishing.packs import describe_pack
from tests.conftest import ROOT
from tests.making import write_project

GIFT = """---
pack: gifts
for: [officer]
minutes: 10
---
# Gifts

## The bottle {#bottle}

A resident brings a bottle of wine worth thirty pounds. She has no application before the Council.

```card
who: You are the one who got it.
cases:
  - {tree: our-protocol/accept-gift, answers: {giver: no, worth: 30}, verdict: refer, outcome: ask-first}
```
"""


def read_card(case: str, more: str = "") -> Project:
    folder = ROOT / "tests" / "bad" / "card-failed"
    pages = {"anytown/index.md": (folder / "anytown" / "index.md").read_text(encoding="utf-8")}
    head = "---\npack: one\nfor: [officer]\nminutes: 10\n---\n# One\n\nThe lead, [with a link](../anytown/index.md#6.30).\n\n"
    card = f"## Alone {{#alone}}\n\nThe officer goes *alone*.\n\n```card\nwho: You are the officer.\ncases:\n  - {case}\n{more}```\n\nAfterwards.\n"
    return load_project(pages | {"workshops/one.md": head + card})


GOOD = "{tree: anytown/attend-group-meeting, answers: {post: junior, escort: nobody}, verdict: no, outcome: bring}"


def test_a_pack_is_read_from_its_page() -> None:
    project = read_card(GOOD, "discuss: [Who could come?, What then?]\nmistake: Many do.\nbreach: [6.30]\n")
    assert project.errors == []
    pack = project.packs["one"]
    assert (pack.title, pack.roles, pack.minutes, pack.pass_mark) == ("One", ("officer",), 10, PASS)
    card = pack.cards[0]
    assert (card.id, card.title, card.story, card.who) == ("alone", "Alone", "The officer goes *alone*.", "You are the officer.")
    assert (card.discuss, card.mistake, card.breach) == (("Who could come?", "What then?"), "Many do.", ("6.30",))


def test_a_card_that_its_tree_contradicts_is_an_error_with_card_expected_given_and_path() -> None:
    project = read_card(GOOD.replace("verdict: no, outcome: bring", "verdict: yes, outcome: attend"))
    [finding] = project.errors
    assert finding.code == "card-failed"
    for words in ("`alone`", "should end at `attend` (yes)", "ends at `bring` (no)"):
        assert words in finding.message
    assert "post=junior -> escort=nobody" in finding.hint


def test_an_amendment_that_turns_a_card_keeps_the_site_from_being_built(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_project(tmp_path, ("- when: worth >= 25\n    then: ask-first", "- when: worth >= 50\n    then: ask-first"))
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    (tmp_path / "docs" / "workshops").mkdir()
    (tmp_path / "docs" / "workshops" / "gifts.md").write_text(GIFT, encoding="utf-8")
    result = CliRunner().invoke(main, ["build", "--project", str(tmp_path)])
    assert result.exit_code == 1
    said = " ".join(caplog.text.split())
    for words in ("workshops/gifts.md:15:", "card-failed", "The card `bottle` should end at `ask-first` (refer)", "ends at `keep-it` (yes)",
                  "Path: giver=no -> worth=..49.99"):
        assert words in said, words
    assert not (tmp_path / "build" / "site").exists()


def test_the_data_of_a_pack_has_what_a_page_or_a_package_needs() -> None:
    project = read_card(GOOD, "mistake: Many *do*.\nbreach: [6.30]\n")
    data = describe_pack(Site(project), project.packs["one"])
    assert data["intro"] == '<p>The lead, <a href="../../anytown/#6.30">with a link</a>.</p>'
    [card] = data["cards"]  # type: ignore[misc]
    assert card["ask"] == "May I attend this group meeting?"
    assert card["story"] == "<p>The officer goes <em>alone</em>.</p>"
    assert card["mistake"] == "Many <em>do</em>."
    [case] = card["cases"]
    assert [(row["fact"], row["said"]) for row in case["answers_said"]] == [("post", "Below Head of Service"), ("escort", "Nobody")]
    assert (case["verdict"], case["outcome"], case["edition_name"], case["url"]) == ("no", "bring", "Anytown", "../../trees/anytown/attend-group-meeting/")
    assert [each["number"] for each in case["provisions"]] == ["6.30"]
    assert case["provisions"][0]["url"] == "../../anytown/#6.30"
    json.dumps(data)


def test_the_verbs_know_packs(project: Project) -> None:
    listed = json.loads(CliRunner().invoke(main, ["list", "--packs", "--json", "--project", str(ROOT)]).output)
    assert {row["id"]: len(row["cards"]) for row in listed} == {id: len(pack.cards) for id, pack in project.packs.items()}
