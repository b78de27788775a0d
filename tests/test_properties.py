"""The core keeps its promises for any definition and any answers; a plain evaluator of the rules is the judge."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from decision_trees.authoring.analysis import check_tree
from decision_trees.authoring.calendars import make_calendar
from decision_trees.authoring.compiler import BUDGET, compile_together, compile_tree, freeze
from decision_trees.authoring.findings import ERROR
from decision_trees.authoring.notation import Definition, Parsed, parse
from decision_trees.authoring.walk import build_walk, list_paths
from decision_trees.runtime.describe import describe
from decision_trees.runtime.engine import Asking, Open, Position, Reached, Rejected, advance
from decision_trees.runtime.explain import explain
from decision_trees.runtime.model import Diagram, Tree
from tests import strategies
from tests.naive import Rules, read_rules
from tests.strategies import Case

ENGLAND = make_calendar("England", "GB", "ENG", 2015, 2035)
HOLIDAYS = frozenset(date.fromordinal(day) for day in ENGLAND.holidays)


def read(text: str) -> Tree:
    parsed = parse(Definition("page.md", 1, text, "edition"), ENGLAND)
    assert isinstance(parsed, Parsed), parsed
    return parsed.tree


def make(text: str) -> Diagram:
    return freeze(compile_tree(read(text)))


def judge(case: Case) -> Rules:
    return read_rules(case.text, HOLIDAYS)


# Whole answers ------------------------------------------------------------------------


@settings(max_examples=500)
@given(strategies.cases(), st.integers(0, 1000))
def test_whole_answers_lead_where_the_rules_lead(case: Case, seed: int) -> None:
    rules, diagram = judge(case), make(case.text)
    for answers in case.list_answers(40, seed):
        position = advance(diagram, answers)
        if rules.is_rejected(answers):
            assert isinstance(position, Rejected), answers
            continue
        outcome, number = rules.decide(answers)
        assert isinstance(position, Reached), (answers, position)
        assert position.outcome == outcome, answers
        assert {due.number for due in position.duties} == rules.list_duties(answers, outcome), answers
        assert all(due.certain for due in position.duties), answers
        explained = explain(diagram, answers)
        assert explained is not None
        assert explained.rule == number, answers
        assert describe(diagram, answers, position)["outcome"] == outcome


# Partial answers ----------------------------------------------------------------------


@settings(max_examples=700)
@given(st.data())
def test_partial_answers_leave_open_what_their_completions_leave_open(data: st.DataObject) -> None:
    case = data.draw(strategies.cases(small=True))
    answers = data.draw(strategies.partial_answers(case))
    rules, diagram = judge(case), make(case.text)
    complete = list(strategies.list_completions(case, answers, lambda each, name: rules.say(name, each)))
    allowed = [each for each in complete if not rules.is_rejected(each)]
    position = advance(diagram, answers)
    describe(diagram, answers, position)
    if isinstance(position, Rejected):
        assert not allowed, position
        return
    assert {*position.used, *position.unused} == {*answers, *([position.fact] if isinstance(position, Open) else [])}
    outcomes = {rules.decide(each)[0] for each in allowed}
    if isinstance(position, Reached) or (isinstance(position, Asking) and position.settled):
        assert outcomes <= {position.outcome if isinstance(position, Reached) else position.settled}
        check_duties(rules, position, allowed)
        return
    assert outcomes <= set(position.possible)
    if isinstance(position, Open):
        assert answers[position.fact] == "?"
    if not case.comparisons and not case.has_checks:
        assert outcomes == set(position.possible)
        assert len(outcomes) > 1
        assert is_needed(rules, position.fact, allowed)


def check_duties(rules: Rules, position: Position, allowed: list[dict[str, str]]) -> None:
    if not isinstance(position, Reached):
        return
    due = {duty.number: duty.certain for duty in position.duties}
    for each in allowed:
        comes = rules.list_duties(each, position.outcome)
        assert {number for number, certain in due.items() if certain} <= comes <= set(due), each


def is_needed(rules: Rules, fact: str, complete: list[dict[str, str]]) -> bool:
    """Say whether two cases that differ in this fact alone end differently."""
    ends: dict[tuple[str, ...], set[str]] = {}
    for each in complete:
        rest = tuple(value for name, value in each.items() if name != fact)
        ends.setdefault(rest, set()).add(rules.decide(each)[0])
    return any(len(found) > 1 for found in ends.values())


@settings(max_examples=200)
@given(st.data())
def test_answers_in_any_order_and_asked_for_one_by_one_lead_to_the_same_end(data: st.DataObject) -> None:
    case = data.draw(strategies.cases(checking=False))
    rules, diagram = judge(case), make(case.text)
    complete = data.draw(st.sampled_from(case.list_answers()))
    given: dict[str, str] = {}
    position = advance(diagram, given)
    while isinstance(position, Asking):
        assert position.fact not in given
        given[position.fact] = complete[position.fact]
        position = advance(diagram, given)
    assert isinstance(position, Reached)
    assert position.outcome == rules.decide(complete)[0]
    assert set(position.used) == set(given)
    turned = dict(reversed(given.items()))
    again = advance(diagram, turned)
    assert isinstance(again, Reached)
    assert (again.outcome, again.say, again.duties) == (position.outcome, position.say, position.duties)


def test_a_duty_that_hangs_on_two_dates_asks_for_the_dates_first() -> None:
    diagram = make("""
tree: t
ask: May I?
facts:
  sent: {ask: When was it sent?, date: {from: 2026-01-01, to: 2026-12-31}}
  read: {ask: When was it read?, date: {from: 2026-01-01, to: 2026-12-31}}
let:
  late: {is: read > sent + 7 days, ask: Was it read more than a week later?}
decide:
  - otherwise: fine
outcomes:
  fine: {verdict: yes, say: Fine.}
also:
  - {when: late, say: Say why., ask: true}
""")
    dates = {"sent": "2026-03-01", "read": "2026-03-20"}
    asked = advance(diagram, {})
    assert isinstance(asked, Asking)
    assert asked.fact == "sent"
    asked = advance(diagram, {"sent": dates["sent"]})
    assert isinstance(asked, Asking)
    assert asked.fact == "read"
    found = advance(diagram, dates)
    assert isinstance(found, Reached)
    assert [duty.say for duty in found.duties] == ["Say why."]
    vague = advance(diagram, {"read": "2026-03-01..2026-03-31", "sent": "2026-03-01..2026-03-20"})
    assert isinstance(vague, Asking)
    assert vague.fact == "late"
    assert isinstance(advance(diagram, {"read": "?"}), Reached)


# The walk -----------------------------------------------------------------------------


@settings(max_examples=300)
@given(strategies.cases(small=True))
def test_every_path_of_the_walk_ends_where_engine_and_rules_end(case: Case) -> None:
    rules, diagram = judge(case), make(case.text)
    walk = build_walk(diagram)
    paths = list_paths(walk) if walk.states else [({}, walk.only)]
    for answers, outcome in paths:
        position = advance(diagram, answers)
        complete = list(strategies.list_completions(case, answers, lambda each, name: rules.say(name, each)))
        assert complete or case.comparisons
        if not complete:
            continue  # No dates or numbers make the comparisons come out so: nobody can give these answers.
        assert {rules.decide(each)[0] for each in complete} == {outcome}
        if isinstance(position, Rejected):
            assert all(rules.is_rejected(each) for each in complete)
        elif not isinstance(position, Reached):
            assert isinstance(position, Asking)
            assert position.settled == outcome, (answers, position)
        else:
            assert position.outcome == outcome, answers
    if not case.comparisons:
        assert {outcome for _, outcome in paths} == {rules.decide(each)[0] for each in case.list_answers(10_000)}


# Canonical diagrams ---------------------------------------------------------------------


def freeze_together(*texts: str) -> list[tuple[object, ...]]:
    frozen = [freeze(each) for each in compile_together([read(text) for text in texts])]
    return [(diagram.variables, diagram.nodes, diagram.root) for diagram in frozen]


@settings(max_examples=800)
@given(st.data())
def test_the_same_said_in_other_words_is_the_same_diagram(data: st.DataObject) -> None:
    case = data.draw(strategies.cases())
    texts = [strategies.render(data.draw(strategies.rewritten(case))) for _ in range(2)]
    first, *rest = freeze_together(case.text, *texts)
    assert all(other == first for other in rest)


@settings(max_examples=500)
@given(st.data())
def test_equal_diagrams_and_equal_behaviour_are_one(data: st.DataObject) -> None:
    case = data.draw(strategies.cases(small=True, comparing=False, checking=False))
    texts = case.text, strategies.render(data.draw(strategies.varied(case)))
    one, two = (read_rules(text, HOLIDAYS) for text in texts)
    alike = all(one.decide(each)[0] == two.decide(each)[0] for each in case.list_answers(10_000))
    first, second = freeze_together(*texts)
    assert (first == second) is alike


# Proofs -------------------------------------------------------------------------------


@settings(max_examples=500)
@given(strategies.cases(small=True))
def test_what_is_called_impossible_never_happens_and_what_never_happens_is_called_so(case: Case) -> None:
    rules = judge(case)
    parsed = parse(Definition("page.md", 1, case.text, "edition"), ENGLAND)
    assert isinstance(parsed, Parsed)
    _, findings = check_tree(parsed, BUDGET)
    names = {span: name for name, span in parsed.places.items()}
    proved = {(finding.code, names[finding.span]) for finding in findings if finding.severity == ERROR}
    said = {(finding.code, names[finding.span]) for finding in findings}
    allowed = [each for each in case.list_answers(10_000) if not rules.is_rejected(each)]
    if not allowed:
        assert ("check-all", "check 0") in proved
        return
    traces = [rules.trace(each) for each in allowed]
    happens = {f"rule {number}" for trace in traces for _, number in trace}
    happens |= {f"outcome {trace[-1][0]}" for trace in traces}
    happens |= {f"duty {number}" for each, trace in zip(allowed, traces, strict=True)
                for number in rules.list_duties(each, trace[-1][0])}
    wrong = {code: place for code, place in proved if code in IMPOSSIBLE and place in happens}
    assert not wrong
    dead = {place for code, place in said if code in ("never-holds", "shadowed-rule")}
    for place in parsed.places:
        if place.startswith("rule ") and place not in happens:
            assert any(place == each or place.startswith(f"{each}.") for each in dead), place
        if place.startswith("outcome ") and place not in happens:
            assert dead or ("unreachable-outcome", place) in said, place


IMPOSSIBLE = ("never-holds", "shadowed-rule", "unreachable-outcome", "duty-never", "check-all")
