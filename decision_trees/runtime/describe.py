"""A position as JSON data: what the command line prints and the page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from decision_trees.runtime.answers import Problem, fill, read_answers, say_answer
from decision_trees.runtime.engine import Asking, Open, Position, Reached, Rejected
from decision_trees.runtime.explain import explain, list_changes, list_possible, say_condition
from decision_trees.runtime.model import UNSURE, Citation, Diagram, Outcome, Tree

Data = dict[str, object]


def describe(diagram: Diagram, answers: Mapping[str, str], position: Position) -> Data:
    """Give a position as data.

    Always `tree`, `position` (asking, reached, open, rejected) and `answers`.
    """
    tree = diagram.tree
    data: Data = {"tree": tree.id, "position": type(position).__name__.lower()}
    match position:
        case Rejected(problems):
            return data | {"problems": [_describe_problem(problem) for problem in problems], "answers": []}
        case Asking(fact, possible, used, unused, settled):
            data |= describe_question(tree, fact)
            data |= {"possible": _describe_outcomes(tree, possible), "settled": settled,
                     "leads": _describe_leads(diagram, answers, fact)}
        case Open(fact, possible, used, unused):
            data |= describe_question(tree, fact)
            data |= {"possible": _describe_outcomes(tree, possible),
                     "leads": _describe_leads(diagram, answers, fact),
                     "doubt": {"to": tree.doubt.to, "cite": tree.doubt.cite} if tree.doubt else None}
        case Reached(outcome, say, duties, used, unused):
            found = tree.outcome_of[outcome]
            reason = explain(diagram, answers)
            cite = (*found.cite, *(reason.cite if reason else ()))
            data |= {
                "verdict": found.verdict, "outcome": outcome, "say": say, "brief": found.brief, "to": found.to,
                "note": found.note,
                "duties": [_describe_duty(tree, due.number, due.say, due.certain) for due in duties],
                "provisions": _list_provisions(cite),
                "because": list(reason.because) if reason else [],
                "rule": reason.rule if reason else "",
                "passed": [
                    {"rule": p.number, "outcome": p.outcome, "because": list(p.because)} for p in (reason.passed if reason else ())
                ],
                "changes": [
                    {"fact": c.fact, "ask": _ask(tree, c.fact), "answer": c.answer, "label": c.label,
                     "possible": _describe_outcomes(tree, c.possible)}
                    for c in list_changes(diagram, answers, used)
                ],
            }
    data["answers"] = [_describe_answer(tree, name, answers) for name in used if name in answers]
    data["unused"] = [_describe_answer(tree, name, answers) for name in unused]
    return data


def describe_question(tree: Tree, name: str) -> Data:
    """Give a question as data: `fact`, `ask`, `kind`, and `options` where it has some."""
    fact, let = tree.fact_of.get(name), tree.let_of.get(name)
    yes_no: list[Data] = [{"name": "yes", "label": "Yes", "hint": ""}, {"name": "no", "label": "No", "hint": ""}]
    if fact is None:
        assert let is not None
        return {"fact": name, "ask": let.ask, "hint": let.hint, "kind": "choice", "options": yes_no,
                "provisions": list(let.cite), "why": "", "unit": "", "today": False, "unsure": True}
    options: list[Data] = [{"name": o.name, "label": o.label, "hint": o.hint} for o in fact.options]
    if fact.kind == "many":
        options.append({"name": "none", "label": fact.none, "hint": ""})
    return {"fact": name, "ask": fact.ask, "hint": fact.hint, "kind": fact.kind, "options": options,
            "unit": fact.unit, "today": fact.today, "unsure": not fact.unsure, "provisions": _list_provisions(fact.cite), "why": fact.why}


def _describe_outcomes(tree: Tree, names: Sequence[str]) -> list[Data]:
    return [_describe_outcome(tree.outcome_of[name], tree) for name in names]


def _describe_outcome(outcome: Outcome, tree: Tree) -> Data:
    return {"outcome": outcome.name, "verdict": outcome.verdict, "brief": outcome.brief,
            "say": fill(outcome.say, tree, tree.scope({})), "to": outcome.to}


def _describe_leads(diagram: Diagram, answers: Mapping[str, str], fact: str) -> list[Data]:
    return [
        {"answer": change.answer, "label": change.label, "possible": list(change.possible)}
        for change in list_possible(diagram, answers, fact)
    ]


def _describe_duty(tree: Tree, number: int, say: str, certain: bool) -> Data:
    duty = tree.duties[number]
    words = duty.words or (f"If so: {say_condition(duty.when, tree)}" if duty.when is not None else "")
    return {"number": number, "say": say, "certain": certain, "if": "" if certain else words, "group": duty.group,
            "provisions": _list_provisions(duty.cite)}


def _describe_answer(tree: Tree, name: str, answers: Mapping[str, str]) -> Data:
    """Give an answer in words. A part of a `many` is said as its option with yes or no."""
    text = answers[name]
    fact = tree.fact_of.get(name)
    values = read_answers(tree, {name: text}).values
    value = values.get(name)
    if text == UNSURE and value is None:
        said = "Not sure"
    elif fact is not None and value is not None:
        said = say_answer(fact, value)
    else:
        said = {"yes": "Yes", "no": "No"}.get(text, text)
    return {"fact": name, "ask": _ask(tree, name), "answer": text, "said": said}


def _ask(tree: Tree, name: str) -> str:
    if name in tree.fact_of:
        return tree.fact_of[name].ask
    if name in tree.let_of:
        return tree.let_of[name].ask
    parent, _, option = name.partition(".")
    if parent in tree.fact_of:
        fact = tree.fact_of[parent]
        return f"{fact.ask} {fact.option(option).label}"
    return name


def _describe_problem(problem: Problem) -> Data:
    return {"fact": problem.fact, "given": problem.given, "say": problem.say}


def _list_provisions(citations: Sequence[Citation]) -> list[str]:
    return list(dict.fromkeys(citation.provision for citation in citations))
