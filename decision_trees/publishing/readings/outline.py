"""The outline of a reading as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from decision_trees.publishing.exports import WORDS
from decision_trees.publishing.readings.reading import Question, Reading, Way
from decision_trees.runtime.answers import fill
from decision_trees.runtime.model import Outcome



def write_outline(reading: Reading) -> str:
    """Give the outline: each way on a line with where it leads below it, four spaces further in at each level."""
    tree = reading.tree
    lines = [tree.ask, ""]
    if reading.only:
        lines.append(say_end(reading, reading.only))
    else:
        lines.append(_say_question(reading.questions[0]))
    for line in reading.lines:
        margin = " " * (4 * line.depth - 1)
        lines += [f"{margin}- {line.way.said}", *(f"{margin}  {text}" for text in _say_target(reading, line.way))]
    return "\n".join(lines) + "\n"


def say_end(reading: Reading, outcome: Outcome) -> str:
    """Say an outcome in a line: verdict, what it means in a few words, its provisions."""
    words = outcome.brief or fill(outcome.say, reading.tree, reading.tree.scope({}))
    cite = ", ".join(dict.fromkeys(citation.provision for citation in outcome.cite))
    return f"=> {WORDS[outcome.verdict]}: {words}" + (f" ({cite})" if cite else "")


def _say_target(reading: Reading, way: Way) -> Iterator[str]:
    if way.is_end:
        yield say_end(reading, reading.tree.outcome_of[way.to])
    elif way.is_home:
        yield _say_question(reading.question_of[way.to])
    else:
        yield f"go on to question {reading.question_of[way.to].number}"


def _say_question(question: Question) -> str:
    return f"{question.number}. {question.said}" + (f" ({', '.join(question.cite)})" if question.cite else "")
