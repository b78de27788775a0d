"""One case put to several editions: shared answers, and what each edition makes of them.

Answers are given by shared fact (`post=below`), or for one edition alone
(`carlisle.nominated=yes`).
"""

from __future__ import annotations

from collections.abc import Mapping

from decision_trees.runtime.answers import read_answers, say_answer
from decision_trees.runtime.describe import Data, describe, describe_question
from decision_trees.runtime.engine import Asking, Position, advance, list_relevant
from decision_trees.runtime.model import NONE, UNSURE, Comparison, Diagram, Fact, Grouping, Tree


def translate(comparison: Comparison, edition: str, answers: Mapping[str, str]) -> dict[str, str]:
    """Give an edition's own answers: what follows from the shared ones, then those given for it alone."""
    own: dict[str, str] = {}
    for shared in comparison.facts:
        given = answers.get(shared.fact.name)
        for grouping in shared.groupings:
            if grouping.edition == edition and given is not None:
                text = _translate_answer(shared.fact, grouping, given)
                if text is not None:
                    own[grouping.fact] = text
    prefix = f"{edition}."
    return own | {name.removeprefix(prefix): text for name, text in answers.items() if name.startswith(prefix)}


def compare(comparison: Comparison, diagrams: Mapping[str, Diagram], answers: Mapping[str, str]) -> Data:
    """Put one case to every edition.

    Gives `editions` (a position each, by edition), `asking` (the next question of
    the union: shared facts first, in their order, then what one edition alone still
    asks; None once every edition has answered), `case` (the answers in words) and
    `strange` (names of what was given and is no answer here: it is left out).
    """
    strange = [name for name, text in answers.items() if _is_strange(comparison, diagrams, name, text)]
    answers = {name: text for name, text in answers.items() if name not in strange}
    own = {edition: translate(comparison, edition, answers) for edition in comparison.editions}
    positions = {edition: advance(diagrams[edition], own[edition]) for edition in comparison.editions}
    return {
        "topic": comparison.topic,
        "editions": {e: describe(diagrams[e], own[e], positions[e]) for e in comparison.editions},
        "asking": _find_question(comparison, diagrams, answers, own, positions),
        "case": _describe_case(comparison, diagrams, answers),
        "strange": strange,
    }


def make_tree(comparison: Comparison) -> Tree:
    """Give the shared facts as a tree without rules, for reading and saying answers."""
    facts = tuple(shared.fact for shared in comparison.facts)
    return Tree("", comparison.topic, "", (), facts, (), (), ())


def _find_asker(comparison: Comparison, diagrams: Mapping[str, Diagram], name: str) -> tuple[str, Tree, str]:
    """Give whose answer it is (empty for a shared one), the tree that asks for it, and its name there."""
    edition, _, own = name.partition(".")
    return (edition, diagrams[edition].tree, own) if edition in diagrams else ("", make_tree(comparison), name)


def _is_strange(comparison: Comparison, diagrams: Mapping[str, Diagram], name: str, text: str) -> bool:
    _, tree, own = _find_asker(comparison, diagrams, name)
    return bool(read_answers(tree, {own: text}).problems)


def _translate_answer(shared: Fact, grouping: Grouping, given: str) -> str | None:
    if given == UNSURE or not grouping.groups:
        return given
    chosen = set(given.split(","))
    options = [option for option, values in grouping.groups if chosen & set(values)]
    if shared.kind == "many":
        return ",".join(options) or NONE
    return options[0] if options else None


def _find_question(
    comparison: Comparison, diagrams: Mapping[str, Diagram], answers: Mapping[str, str],
    own: Mapping[str, Mapping[str, str]], positions: Mapping[str, Position],
) -> Data | None:
    asking = [edition for edition, position in positions.items() if isinstance(position, Asking)]
    relevant = {edition: list_relevant(diagrams[edition], own[edition]) for edition in asking}
    tree = make_tree(comparison)
    for shared in comparison.facts:
        if shared.fact.name not in answers and any(
            g.edition in relevant and g.fact in relevant[g.edition] and g.fact not in own[g.edition] for g in shared.groupings
        ):
            return describe_question(tree, shared.fact.name) | {"edition": ""}
    for edition in asking:
        position = positions[edition]
        assert isinstance(position, Asking)
        question = describe_question(diagrams[edition].tree, position.fact)
        return question | {"fact": f"{edition}.{position.fact}", "edition": edition}
    return None


def _describe_case(comparison: Comparison, diagrams: Mapping[str, Diagram], answers: Mapping[str, str]) -> list[Data]:
    rows: list[Data] = []
    for name, text in answers.items():
        edition, tree, own = _find_asker(comparison, diagrams, name)
        fact = tree.fact_of.get(own)
        if fact is None:
            continue
        said = "Not sure" if text == UNSURE else say_answer(fact, read_answers(tree, {own: text}).values[own])
        rows.append({"fact": name, "ask": fact.ask, "said": said, "answer": text, "edition": edition})
    return rows
