"""What scenarios take of a tree, what they miss, drafts for what they miss, and rules that overlap."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from decision_trees.authoring.coverage import Coverage, Part, cover, cover_project
from decision_trees.authoring.files import read_configuration, read_project
from decision_trees.authoring.notation import Definition
from decision_trees.authoring.overlaps import list_overlaps
from decision_trees.authoring.scenarios import parse_scenarios, run_all
from decision_trees.authoring.suggestions import suggest_scenarios, write_suggestions
from decision_trees.authoring.walk import build_walk, follow
from decision_trees.cli import main
from decision_trees.runtime.engine import advance
from decision_trees.runtime.explain import explain
from tests.conftest import ROOT
from tests.making import PAGE, edit_page, publish, write_project

PROJECT = read_project(read_configuration(ROOT))
TREES = sorted(PROJECT.trees)
NESTED = """
tree: nested
ask: What holds?
facts:
  a: {ask: A?, options: {x: X, y: Y}, cite: "1"}
  b: {ask: B?, many: {p: P, q: Q}, none: Neither, cite: "2"}
  n: {ask: How many?, number: {from: 0, to: 9}, cite: "3"}
decide:
  - when: a is x
    cite: "4"
    decide:
      - when: b has p
        then: one
      - when: n >= 5
        then: two
        cite: "5"
      - otherwise: go-on
  - when: b has q
    then: one
  - otherwise: three
outcomes:
  one: {verdict: "yes", say: One., cite: "6"}
  two: {verdict: "no", say: Two., cite: "7"}
  three: {verdict: silent, say: Three.}
also:
  - {say: Mind q., when: b has q, cite: "8"}
doubt: {to: the Clerk, cite: "9"}
"""


def cover_cases(text: str, *cases: str) -> Coverage:
    published = publish(text)
    source = f"tree: {published.tree.topic}\ncases: [\n" + "".join(f"  {case},\n" for case in cases) + "]\n"
    scenarios, findings = parse_scenarios(Definition("page.md", 1, source, "edition"))
    assert findings == []
    assert run_all(scenarios, {published.tree.id: published.diagram}) == []
    return cover(published, build_walk(published.diagram), scenarios)


# What is taken ----------------------------------------------------------------------------


def test_no_scenario_takes_nothing() -> None:
    coverage = cover_cases(NESTED, "{story: Rejected., answers: {a: z}, rejected: true}")
    assert {name: len(part.taken) for name, part in coverage.parts.items()} == {
        "states": 1, "edges": 0, "rules": 0, "duties": 0, "provisions": 0,
    }


def test_a_scenario_takes_its_states_edges_rules_duties_and_provisions() -> None:
    coverage = cover_cases(NESTED, "{story: Five., answers: {a: x, b: [q], n: 5}, outcome: two}",
                           "{story: Fewer., answers: {a: x, b: [q], n: 4}, outcome: one}")
    assert coverage.edges.taken == ("q1 a=x", "q2 b.p=no", "q3 b.q=yes", "q4 n=..4", "q4 n=5..")
    assert coverage.edges.missing == ("q1 a=y", "q2 b.p=yes", "q3 b.q=no")
    assert coverage.states.missing == ()
    assert coverage.rules.taken == ("1", "1.2", "1.3", "2")
    assert coverage.rules.missing == ("1.1", "3")
    assert coverage.duties == Part(("1 Mind q.",), ())
    assert coverage.provisions.missing == ("9",)


def test_being_not_sure_takes_the_doubt_and_the_way_to_it() -> None:
    coverage = cover_cases(NESTED, "{story: Unsure., answers: {a: x, b: '?'}, open: b}")
    assert coverage.edges.taken == ("q1 a=x",)
    assert coverage.states.taken == ("q1 a", "q2 b.p")
    assert "9" in coverage.provisions.taken


def test_a_missing_edge_comes_with_answers_that_lead_to_it() -> None:
    coverage = cover_cases(NESTED, "{story: One., answers: {a: x, b: [p]}, outcome: one}")
    assert coverage.examples["q4 n=5.."] == {"a": "x", "b.p": "no", "n": "5.."}
    assert set(coverage.examples) == set(coverage.edges.missing)


def test_an_otherwise_that_decides_nothing_is_no_rule_to_be_taken() -> None:
    text = NESTED.replace("  - when: b has q\n    then: one\n", "  - when: b has q\n    then: one\n  - when: not b has q\n    then: three\n")
    assert "4" not in (*cover_cases(text).rules.missing, *cover_cases(text).rules.taken)


@pytest.mark.parametrize("id", TREES)
def test_every_edge_of_every_tree_has_a_scenario(id: str) -> None:
    coverage = COVERED[id]
    assert coverage.edges.missing == (), {edge: coverage.examples[edge] for edge in coverage.edges.missing}
    assert coverage.states.missing == ()
    assert coverage.rules.missing == ()


COVERED = cover_project(PROJECT)


@pytest.mark.parametrize("id", TREES)
def test_the_rules_taken_are_those_by_which_the_engine_explains_itself(id: str) -> None:
    published = PROJECT.trees[id]
    explained = {
        found.rule for scenario in PROJECT.scenarios
        if scenario.tree == id and (found := explain(published.diagram, scenario.answers)) is not None
    }
    assert explained <= set(COVERED[id].rules.taken)


# Drafts -------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", TREES)
def test_drafts_for_a_tree_without_scenarios_take_every_edge_and_pass(id: str) -> None:
    published = PROJECT.trees[id]
    walk = build_walk(published.diagram)
    suggestions = suggest_scenarios(published, walk, [])
    scenarios, findings = parse_scenarios(Definition("page.md", 1, write_suggestions(published.tree, suggestions), published.tree.edition))
    assert findings == []
    assert run_all(scenarios, PROJECT.diagrams()) == []
    assert suggestions.impossible == ()
    assert cover(published, walk, scenarios).edges.missing == ()
    assert suggest_scenarios(published, walk, scenarios).drafts == ()


def test_drafts_start_where_scenarios_stop() -> None:
    published = publish(NESTED)
    cases = "tree: nested\ncases:\n  - {story: One., answers: {a: x, b: [p]}, outcome: one}\n"
    walk = build_walk(published.diagram)
    drafts = suggest_scenarios(published, walk, parse_scenarios(Definition("page.md", 1, cases, "edition"))[0]).drafts
    assert {"a": "x", "b": "p"} not in [draft.answers for draft in drafts]
    taken = {(s.id, e.answer) for draft in drafts for s, e in follow(walk, published.diagram, draft.answers)}
    assert taken >= {(s.id, e.answer) for s in walk.states for e in s.edges} - {("q1", ("a", "x")), ("q2", ("b.p", "yes"))}


def test_an_edge_that_no_dates_can_take_is_said_to_be_impossible() -> None:
    published = publish("""
tree: dates
ask: When?
facts:
  start: {ask: Start?, date: {from: 2026-01-01, to: 2026-01-31}}
  stop: {ask: Stop?, date: {from: 2026-01-01, to: 2026-01-31}}
let:
  late: {is: stop > start + 2 days, ask: More than two days?}
  later: {is: stop > start + 4 days, ask: More than four days?}
decide:
  - {when: later and not late, then: never}
  - {when: late, then: some}
  - otherwise: none-of-it
outcomes:
  never: {verdict: "yes", say: Never.}
  some: {verdict: "yes", say: Some.}
  none-of-it: {verdict: "yes", say: None.}
""")
    suggestions = suggest_scenarios(published, build_walk(published.diagram), [])
    assert suggestions.impossible == (("q2", "late=no"),)
    assert {draft.outcome for draft in suggestions.drafts} == {"some", "none-of-it"}
    assert "# No answers were found that take late=no at q2." in write_suggestions(published.tree, suggestions)


# Overlaps ------------------------------------------------------------------------------------


def test_overlaps_of_nested_rules_name_the_one_that_decides() -> None:
    found = {(each.winner, each.outcome, each.other) for each in list_overlaps(publish(NESTED).compiled)}
    assert found == {("1.1", "one", "2"), ("1.1", "one", "1.2")}


def test_a_rule_that_goes_on_wins_over_nothing() -> None:
    text = NESTED.replace("        then: one\n      - when: n >= 5\n        then: two\n        cite: \"5\"\n", "        then: go-on\n") \
        .replace("  two:", "  # two:").replace(", cite: \"7\"", "").replace("  n: {ask", "  # n: {ask")
    assert list(list_overlaps(publish(text).compiled)) == []


@pytest.mark.parametrize("id", TREES)
def test_an_overlap_is_shown_by_answers_that_the_winner_decides(id: str) -> None:
    published = PROJECT.trees[id]
    for overlap in list_overlaps(published.compiled):
        position = advance(published.diagram, overlap.answers)
        assert getattr(position, "outcome", getattr(position, "settled", "")) == overlap.outcome
        found = explain(published.diagram, overlap.answers)
        assert found is None or found.rule == overlap.winner


# The verb --------------------------------------------------------------------------------------


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_project(tmp_path)


def run(root: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["test", "--project", str(root), *options])


def test_a_clean_run_says_what_the_scenarios_take(root: Path) -> None:
    result = run(root, "--coverage", "--overlaps")
    assert result.exit_code == 0
    assert result.output == (
        "our-protocol/accept-gift: rule 1 (give-it-back) wins over rule 2\n"
        "    decision-trees ask our-protocol/accept-gift --answer giver=yes --answer worth=25\n"
        "3 scenarios, 0 failed. They take 2 of 2 states, 4 of 4 edges, 3 of 3 rules, 1 of 1 duties, 2 of 2 provisions.\n"
    )


def test_what_is_missing_is_listed_on_demand(root: Path) -> None:
    edit_page(root, ("  - story: Somebody who waits for a licence brings a bottle of wine.\n    answers: {giver: yes, worth: 12}\n"
                     "    outcome: give-it-back\n", ""))
    assert "no scenario takes" not in run(root).output
    result = run(root, "--coverage")
    assert result.exit_code == 0
    assert "  no scenario takes edge q1 giver=yes   decision-trees ask our-protocol/accept-gift --answer giver=yes\n" in result.output
    assert "  no scenario takes rule 1\n" in result.output
    data = json.loads(run(root, "--json").output)
    assert data["coverage"]["our-protocol/accept-gift"]["edges"] == {"taken": 3, "missing": ["q1 giver=yes"]}
    assert data["coverage"]["our-protocol/accept-gift"]["examples"] == {"q1 giver=yes": {"giver": "yes"}}


def test_a_failure_tells_the_path_taken(root: Path) -> None:
    edit_page(root, ("answers: {giver: no, worth: 25}", "answers: {worth: 24, giver: no}"))
    result = run(root)
    assert result.exit_code == 1
    assert "      path: giver=no -> worth=..24.99 -> keep-it (yes, by rule 3)\n" in result.output
    assert json.loads(run(root, "--json").stdout)["failed"][0]["path"] == "giver=no -> worth=..24.99 -> keep-it (yes, by rule 3)"


def test_scenarios_of_a_tree_to_be_mended_are_not_run(root: Path) -> None:
    edit_page(root, ("then: ask-first", "then: ask-frist"))
    result = run(root)
    assert result.exit_code == 1
    assert "3 scenarios could not run: the tree has to be mended first" in result.output
    assert "unknown-tree" not in result.output
    assert json.loads(run(root, "--json").stdout)["waiting"] == 3


@pytest.mark.parametrize(("answers", "path"), [
    ("{giver: no}", "giver=no -> asks for worth"),
    ("{giver: no, worth: '?'}", "giver=no -> open at worth"),
    ("{giver: no, worth: -1}", "rejected: £-1 is outside"),
])
def test_a_path_is_told_wherever_it_stops(root: Path, answers: str, path: str) -> None:
    edit_page(root, ("answers: {giver: no, worth: 25}", f"answers: {answers}"))
    assert path in run(root).output


def test_suggestions_are_yaml_that_passes_once_it_stands_in_the_page(root: Path) -> None:
    page = (root / PAGE).read_text(encoding="utf-8")
    scenarios = page.partition("```scenarios\n")[2].removesuffix("```\n")
    edit_page(root, (scenarios, "tree: accept-gift\ncases: []\n"))
    drafted = run(root, "--suggest", "our-protocol/accept-gift").output
    assert yaml.safe_load(drafted)["tree"] == "accept-gift"
    edit_page(root, ("tree: accept-gift\ncases: []\n", drafted))
    result = run(root, "--coverage")
    assert result.exit_code == 0, result.output
    assert "4 of 4 edges" in result.output
    assert "Scenarios take every edge already." in run(root, "--suggest", "our-protocol/accept-gift").output


def test_suggestions_for_no_tree_are_a_wrong_use(root: Path) -> None:
    result = run(root, "--suggest", "our-protocol/accept-gifts")
    assert result.exit_code == 2
    assert "Did you mean `our-protocol/accept-gift`?" in result.output
