"""A reading as a Mermaid flowchart."""

from __future__ import annotations

from collections.abc import Iterator

from decision_trees.publishing.exports import WORDS
from decision_trees.publishing.readings.reading import Reading
from decision_trees.runtime.model import VERDICTS, Outcome

_ENTITIES = {"#": "#35;", '"': "#quot;", "&": "#amp;", "<": "#lt;", ">": "#gt;", "|": "#124;", "`": "#96;", ";": "#59;"}
_SHAPES = {"yes": ("([", "])"), "yes-if": ("([", "])"), "no": ("{{", "}}"), "refer": (">", "]"), "silent": ("[/", "/]")}


def write_mermaid(reading: Reading, styles: dict[str, str]) -> str:
    """Give the flowchart. `styles` gives each verdict's Mermaid style."""
    return "\n".join(_list_lines(reading, styles)) + "\n"


def _list_lines(reading: Reading, styles: dict[str, str]) -> Iterator[str]:
    tree = reading.tree
    yield "flowchart LR"
    yield f"  accTitle: {_escape(tree.ask)}"
    yield f"  accDescr: {len(reading.questions)} questions, {len(tree.outcomes)} outcomes."
    for question in reading.questions:
        yield f'  q{question.number}["{question.number}. {_escape(question.said)}"]'
    for outcome in tree.outcomes:
        start, end = _SHAPES[outcome.verdict]
        words = f"{WORDS[outcome.verdict]}: {outcome.brief}" if outcome.brief else WORDS[outcome.verdict]
        yield f'  {_name(outcome)}{start}"{_escape(words)}"{end}'
    for question in reading.questions:
        for way in question.ways:
            target = _name(tree.outcome_of[way.to]) if way.is_end else f"q{reading.question_of[way.to].number}"
            yield f'  q{question.number} -->|"{_escape(way.said)}"| {target}'
    for verdict in VERDICTS:
        names = [_name(outcome) for outcome in tree.outcomes if outcome.verdict == verdict]
        if names:
            yield f"  classDef {_class(verdict)} {styles[verdict]}"
            yield f"  class {','.join(names)} {_class(verdict)}"


def _name(outcome: Outcome) -> str:
    return "outcome_" + outcome.name.replace("-", "_")


def _class(verdict: str) -> str:
    return "is_" + verdict.replace("-", "_")


def _escape(text: str) -> str:
    return "".join(_ENTITIES.get(letter, letter) for letter in " ".join(text.split()))
