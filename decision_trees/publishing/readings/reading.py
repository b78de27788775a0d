"""A walk in the order in which it can be read: numbered questions, and the ways on from each.

Numbers grow along every path, so a way always leads to a later number. A question
that several ways lead to is told once, at the last of them; the others refer to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from decision_trees.authoring.walk import Edge, State, Walk
from decision_trees.runtime.model import Outcome, Tree


@dataclass(frozen=True, slots=True)
class Way:
    """All options of a question that lead to one place. `is_home`: the outline tells that question here."""

    id: str
    options: tuple[Edge, ...]
    is_home: bool = False

    @property
    def to(self) -> str:
        """The state's id or the outcome's name."""
        return self.options[0].to

    @property
    def is_end(self) -> bool:
        """Whether the way leads to an outcome."""
        return self.options[0].is_end

    @property
    def said(self) -> str:
        """The options in words."""
        return join_options([option.label for option in self.options])

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers as links hold them, `post=junior`."""
        return tuple("=".join(option.answer) for option in self.options)


@dataclass(frozen=True, slots=True)
class Question:
    """A state with its number and its words. `member` is the option that a question of many asks about."""

    number: int
    state: State
    ask: str
    member: str
    hint: str
    cite: tuple[str, ...]
    ways: tuple[Way, ...]

    @property
    def said(self) -> str:
        """The whole question."""
        return f"{self.ask} {self.member}".rstrip()


@dataclass(frozen=True, slots=True)
class Line:
    """One way in the outline. `then` is the question told under it; `closes` counts the levels that end after it."""

    depth: int
    way: Way
    then: Question | None
    closes: int


@dataclass(frozen=True)
class Reading:
    """A tree's questions in reading order. A tree that asks nothing has none, and `only` is its outcome."""

    tree: Tree
    questions: tuple[Question, ...]
    only: Outcome | None = None

    @cached_property
    def question_of(self) -> dict[str, Question]:
        """Questions by the state's id."""
        return {question.state.id: question for question in self.questions}

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The outline below the first question, line by line."""
        found: list[tuple[int, Way, Question | None]] = []
        todo = [(1, way) for way in reversed(self.questions[0].ways)] if self.questions else []
        while todo:
            depth, way = todo.pop()
            then = self.question_of[way.to] if way.is_home else None
            found.append((depth, way, then))
            if then:
                todo += [(depth + 1, each) for each in reversed(then.ways)]
        depths = [*(depth for depth, _, _ in found[1:]), 1]
        return tuple(
            Line(depth, way, then, 0 if then else depth - after)
            for (depth, way, then), after in zip(found, depths, strict=True)
        ) if found else ()

    @cached_property
    def ways_through(self) -> int:
        """The number of different walks from the first question to an outcome, counted without walking them."""
        counts: dict[str, int] = {}
        for question in reversed(self.questions):
            counts[question.state.id] = sum(
                len(way.options) * (1 if way.is_end else counts[way.to]) for way in question.ways
            )
        return counts[self.questions[0].state.id] if self.questions else 1


def join_options(labels: Sequence[str]) -> str:
    """Join labels so that an "or" inside one of them is not taken for the "or" between two."""
    return labels[0] if len(labels) == 1 else f"{'; '.join(labels[:-1])}; or {labels[-1]}"


def read_walk(tree: Tree, walk: Walk) -> Reading:
    """Give a walk in reading order, its states numbered."""
    if not walk.states:
        return Reading(tree, (), tree.outcome_of[walk.only])
    ways = {state.id: _join_options(state) for state in walk.states}
    order, home = _order_states(walk.states[0].id, ways)
    states = {state.id: state for state in walk.states}
    return Reading(tree, tuple(
        _make_question(number, states[id], tree, tuple(
            Way(f"{id}.{i}", options, home.get(options[0].to) == (id, i)) for i, options in enumerate(ways[id], 1)
        )) for number, id in enumerate(order, 1)
    ))


def _join_options(state: State) -> list[tuple[Edge, ...]]:
    ways: dict[tuple[str, bool], list[Edge]] = {}
    for edge in state.edges:
        ways.setdefault((edge.to, edge.is_end), []).append(edge)
    return [tuple(edges) for edges in ways.values()]


def _order_states(first: str, ways: dict[str, list[tuple[Edge, ...]]]) -> tuple[list[str], dict[str, tuple[str, int]]]:
    """Order states so that every way leads on, and give the way under which each is told: the last that leads there.

    Depth first with the last way first, read backwards.
    """
    done: list[str] = []
    seen: set[str] = set()
    home: dict[str, tuple[str, int]] = {}
    todo: list[tuple[str, tuple[str, int] | None]] = [(first, ("", 0))]
    while todo:
        id, came = todo.pop()
        if came is None:
            done.append(id)
        elif id not in seen:
            seen.add(id)
            home[id] = came
            todo.append((id, None))
            todo += [(edges[0].to, (id, i)) for i, edges in enumerate(ways[id], 1) if not edges[0].is_end]
    return done[::-1], home


def _make_question(number: int, state: State, tree: Tree, ways: tuple[Way, ...]) -> Question:
    variable = state.variable
    fact, let = tree.fact_of.get(variable.fact), tree.let_of.get(variable.name)
    if fact is None:
        assert let is not None
        return Question(number, state, let.ask, "", let.hint, tuple(dict.fromkeys(let.cite)), ways)
    member = fact.option(variable.name.partition(".")[2]).label if variable.kind == "member" else ""
    return Question(number, state, fact.ask, member, fact.hint, tuple(dict.fromkeys(c.provision for c in fact.cite)), ways)
