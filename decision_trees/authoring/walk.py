"""A diagram -> the states of the walk that a page without script follows.

A state is what is left of the meaning after some answers. What it asks is chosen
the way the engine chooses, for the answers by which it was first reached.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from decision_trees.runtime.answers import read_answers
from decision_trees.runtime.conditions import Has, Ref, Scope, find_truth
from decision_trees.runtime.engine import choose_variable
from decision_trees.runtime.explain import list_cells
from decision_trees.runtime.model import Diagram, Tree, Variable


_Exit = tuple[str, str, tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Edge:
    """One option of a state: `answer` is name and text as in a link, `to` a state's id or an outcome's name."""

    label: str
    hint: str
    answer: tuple[str, str]
    to: str
    is_end: bool
    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """One question in its place. `least` and `most` count the questions from here to an end, this one included."""

    id: str
    variable: Variable
    edges: tuple[Edge, ...]
    possible: tuple[str, ...]
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Walk:
    """All states, the first one first. A tree that asks nothing has none, and `only` names its outcome."""

    states: tuple[State, ...]
    only: str = ""


def build_walk(diagram: Diagram) -> Walk:
    """Give the states in the order in which a reader can come to them."""
    space, root = diagram.loaded
    tree = diagram.tree
    if space.is_end(root):
        return Walk((), str(space.values[root]))
    ids = {root: "q1"}
    found: dict[int, tuple[Variable, list[_Exit]]] = {}
    todo: deque[tuple[int, Mapping[str, object]]] = deque([(root, {})])
    while todo:
        node, values = todo.popleft()
        variable = choose_variable(diagram, node, tree.scope(values))
        assert variable is not None
        level = diagram.level_of[variable.name]
        exits: list[_Exit] = []
        for label, hint, answer, cells in _list_options(diagram, variable, node):
            target = space.restrict(node, {level: cells})
            exits.append((label, hint, answer, target))
            if not space.is_end(target) and target not in ids:
                ids[target] = f"q{len(ids) + 1}"
                todo.append((target, {**values, **read_answers(tree, dict([answer])).values}))
        found[node] = (variable, exits)
    counts = _count_questions(found)
    order = [outcome.name for outcome in tree.outcomes]

    def possible(node: int) -> tuple[str, ...]:
        names = {str(space.values[end]) for end in space.ends(node)}
        return tuple(name for name in order if name in names)

    return Walk(tuple(
        State(ids[node], variable, tuple(
            Edge(label, hint, answer, str(space.values[to]) if space.is_end(to) else ids[to], space.is_end(to), possible(to))
            for label, hint, answer, to in exits
        ), possible(node), *counts[node])
        for node, (variable, exits) in found.items()
    ))


def list_paths(walk: Walk, limit: int = 100_000) -> list[tuple[dict[str, str], str]]:
    """List every path as answers and the outcome it ends at. Raises OverflowError beyond the limit."""
    states = {state.id: state for state in walk.states}
    paths: list[tuple[dict[str, str], str]] = []
    todo: list[tuple[str, dict[str, str]]] = [(walk.states[0].id, {})] if walk.states else []
    while todo:
        id, answers = todo.pop()
        for edge in states[id].edges:
            further = {**answers, edge.answer[0]: edge.answer[1]}
            if edge.is_end:
                paths.append((further, edge.to))
            else:
                todo.append((edge.to, further))
            if len(paths) > limit:
                raise OverflowError(f"more than {limit} paths")
    return paths


def follow(walk: Walk, diagram: Diagram, answers: Mapping[str, str]) -> list[tuple[State, Edge]]:
    """List the steps that answers take through a walk, as far as they go."""
    tree = diagram.tree
    scope = tree.scope(read_answers(tree, answers).values)
    states = {state.id: state for state in walk.states}
    state = walk.states[0] if walk.states else None
    steps: list[tuple[State, Edge]] = []
    while state is not None:
        edge = next((each for each in state.edges if is_taken(state, each, tree, scope)), None)
        if edge is None:
            break
        steps.append((state, edge))
        state = states.get(edge.to) if not edge.is_end else None
    return steps


def is_taken(state: State, edge: Edge, tree: Tree, scope: Scope) -> bool:
    """Say whether what is known takes this edge of a state."""
    variable, text = state.variable, edge.answer[1]
    match variable.kind:
        case "choice":
            return scope.values.get(variable.fact) == text
        case "member":
            truth = find_truth(Has(variable.fact, (variable.name.partition(".")[2],)), scope)
        case "interval":
            known = scope.values.get(variable.fact)
            span = read_answers(tree, dict([edge.answer])).values[variable.fact]
            return isinstance(known, tuple) and isinstance(span, tuple) and span[0] <= known[0] and known[1] <= span[1]
        case _:
            truth = find_truth(Ref(variable.name), scope)
    return truth is not None and text == ("yes" if truth else "no")


def _list_options(
    diagram: Diagram, variable: Variable, node: int
) -> list[tuple[str, str, tuple[str, str], tuple[int, ...]]]:
    """List what a reader can choose, in the words of the page: label, hint, answer, cells."""
    fact = diagram.tree.fact_of.get(variable.fact)
    found = []
    for label, answer, cells in list_cells(diagram, variable, node):
        hint = fact.options[cells[0]].hint if fact is not None and variable.kind == "choice" else ""
        if variable.kind in ("member", "comparison"):
            label = "Yes" if cells == (1,) else "No"
        name, _, text = answer.partition("=")
        found.append((label, hint, (name, text), cells))
    return found


def _count_questions(found: Mapping[int, tuple[Variable, list[_Exit]]]) -> dict[int, tuple[int, int]]:
    """Count the least and most questions to an end; the options of one `many` are one question."""
    counts: dict[int, tuple[int, int]] = {}
    todo = [next(iter(found))]
    while todo:
        node = todo[-1]
        variable, exits = found[node]
        targets = [to for _, _, _, to in exits]
        missing = [to for to in targets if to in found and to not in counts]
        if missing:
            todo += missing
            continue
        least, most = [], []
        for to in targets:
            if to not in found:
                least.append(1)
                most.append(1)
                continue
            step = 0 if found[to][0].fact == variable.fact else 1
            least.append(counts[to][0] + step)
            most.append(counts[to][1] + step)
        counts[node] = (min(least), max(most))
        todo.pop()
    return counts


