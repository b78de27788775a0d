"""The engine as a page's worker calls it: strings in, strings out."""

from __future__ import annotations

import gc
import json

from decision_trees.runtime.compare import compare
from decision_trees.runtime.describe import describe, describe_question
from decision_trees.runtime.engine import advance
from decision_trees.runtime.model import Comparison, Diagram, from_data

_loaded: dict[str, Diagram] = {}
_comparisons: dict[str, Comparison] = {}


def load(name: str, text: str) -> None:
    """Take in a diagram's JSON under a name. Raises ValueError, KeyError or TypeError if it is none."""
    diagram = from_data(json.loads(text))
    if not isinstance(diagram, Diagram):
        raise TypeError(f"{name} is not a diagram")
    _ = diagram.loaded  # worked out now, not with the first answer
    _loaded[name] = diagram
    gc.freeze()  # it stays as long as the engine does; to look through it for garbage would slow every so many steps


def is_loaded(name: str) -> bool:
    """Say whether a diagram of that name was taken in."""
    return name in _loaded


def ask(name: str, answers: str) -> str:
    """Give the position that the answers (a JSON object of texts) lead to, as JSON."""
    diagram = _loaded[name]
    given = {str(key): str(value) for key, value in json.loads(answers).items()}
    return json.dumps(describe(diagram, given, advance(diagram, given)), ensure_ascii=False)


def question(name: str, fact: str) -> str:
    """Give a question's words by its fact, as JSON."""
    return json.dumps(describe_question(_loaded[name].tree, fact), ensure_ascii=False)


def load_comparison(name: str, text: str) -> None:
    """Take in a comparison's JSON under a name. Raises ValueError, KeyError or TypeError if it is none."""
    comparison = from_data(json.loads(text))
    if not isinstance(comparison, Comparison):
        raise TypeError(f"{name} is not a comparison")
    _comparisons[name] = comparison


def put_case(name: str, answers: str) -> str:
    """Put one case to every edition of a comparison and give their positions, as JSON."""
    comparison = _comparisons[name]
    diagrams = {edition: _loaded[f"{edition}/{comparison.topic}"] for edition in comparison.editions}
    given = {str(key): str(value) for key, value in json.loads(answers).items()}
    return json.dumps(compare(comparison, diagrams, given), ensure_ascii=False)
