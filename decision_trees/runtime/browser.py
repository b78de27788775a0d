"""The engine as a page's worker calls it: strings in, strings out."""

from __future__ import annotations

import json

from decision_trees.runtime.describe import describe, describe_question
from decision_trees.runtime.engine import advance
from decision_trees.runtime.model import Diagram, from_data

_loaded: dict[str, Diagram] = {}


def load(name: str, text: str) -> None:
    """Take in a diagram's JSON under a name. Raises ValueError, KeyError or TypeError if it is none."""
    diagram = from_data(json.loads(text))
    if not isinstance(diagram, Diagram):
        raise TypeError(f"{name} is not a diagram")
    _loaded[name] = diagram


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
