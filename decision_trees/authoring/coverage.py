"""What the scenarios of a tree take: states and edges of its walk, rules, duties, provisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from decision_trees.authoring.project import Project, PublishedTree
from decision_trees.authoring.scenarios import Scenario
from decision_trees.authoring.walk import Edge, Walk, build_walk, follow
from decision_trees.runtime.answers import read_answers
from decision_trees.runtime.conditions import Scope, find_truth
from decision_trees.runtime.engine import Open, Reached, Rejected, advance
from decision_trees.runtime.model import GO_ON, Citation, Rule

Step = tuple[str, str]
"""An edge of a walk: the state's id, and the answer as in a link."""


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing that scenarios take: what they take, and what they miss."""

    taken: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the scenarios of a tree take. `examples` has answers that lead through each missing edge."""

    tree: str
    scenarios: int
    states: Part
    edges: Part
    rules: Part
    duties: Part
    provisions: Part
    examples: Mapping[str, Mapping[str, str]]

    @property
    def parts(self) -> dict[str, Part]:
        """The parts by name."""
        return {"states": self.states, "edges": self.edges, "rules": self.rules, "duties": self.duties,
                "provisions": self.provisions}


def cover_project(project: Project) -> dict[str, Coverage]:
    """Say for each tree what its scenarios take."""
    own: dict[str, list[Scenario]] = {}
    for scenario in project.scenarios:
        own.setdefault(scenario.tree, []).append(scenario)
    return {id: cover(tree, build_walk(tree.diagram), own.get(id, ())) for id, tree in project.trees.items()}


def cover(published: PublishedTree, walk: Walk, scenarios: Iterable[Scenario]) -> Coverage:
    """Run the scenarios of a tree and say what they take. `walk` is the tree's own."""
    tree, diagram = published.tree, published.diagram
    own = [scenario for scenario in scenarios if scenario.tree == tree.id]
    steps: set[Step] = set()
    rules: set[str] = set()
    duties: set[int] = set()
    cited: set[str] = set()
    for scenario in own:
        position = advance(diagram, scenario.answers)
        if isinstance(position, Rejected):
            continue
        scope = tree.scope(read_answers(tree, scenario.answers).values)
        steps.update((state.id, _write(edge)) for state, edge in follow(walk, diagram, scenario.answers))
        deciding = list_deciding(tree.rules, scope)
        rules.update(rule.number for rule in deciding)
        cited |= _list_provisions(citation for rule in deciding for citation in rule.cite)
        cited |= _list_provisions(c for name in position.used if name in tree.fact_of for c in tree.fact_of[name].cite)
        cited |= {number for name in position.used if name in tree.let_of for number in tree.let_of[name].cite}
        if isinstance(position, Open) and tree.doubt:
            cited.add(tree.doubt.cite)
        if isinstance(position, Reached):
            certain = [due.number for due in position.duties if due.certain]
            duties.update(certain)
            cited |= _list_provisions(tree.outcome_of[position.outcome].cite)
            cited |= _list_provisions(c for number in certain for c in tree.duties[number].cite)
    reached = {(each.to, "") for state in walk.states for each in state.edges if (state.id, _write(each)) in steps}
    seen = {state for state, _ in (*steps, *reached)} | ({walk.states[0].id} if own and walk.states else set())
    edges = {(state.id, _write(edge)): f"{state.id} {_write(edge)}" for state in walk.states for edge in state.edges}
    return Coverage(
        tree.id, len(own),
        _part((f"{state.id} {state.variable.name}", state.id in seen) for state in walk.states),
        _part((name, step in steps) for step, name in edges.items()),
        _part((number, number in rules) for number in _list_numbers(tree.rules, _list_decided(published))),
        _part((f"{number + 1} {duty.say}", number in duties) for number, duty in enumerate(tree.duties)),
        _part((provision, provision in cited) for provision in published.provisions),
        {name: find_answers(walk, step) for step, name in edges.items() if step not in steps},
    )


def find_answers(walk: Walk, step: Step) -> dict[str, str]:
    """Give the fewest answers that lead through an edge of a walk."""
    came: dict[str, tuple[str, Edge] | None] = {walk.states[0].id: None}
    states = {state.id: state for state in walk.states}
    todo = [walk.states[0]]
    for state in todo:
        for edge in state.edges:
            if not edge.is_end and edge.to not in came:
                came[edge.to] = (state.id, edge)
                todo.append(states[edge.to])
    edges = [next(edge for edge in states[step[0]].edges if _write(edge) == step[1])]
    before = came[step[0]]
    while before is not None:
        edges.insert(0, before[1])
        before = came[before[0]]
    return dict(edge.answer for edge in edges)


def list_deciding(rules: tuple[Rule, ...], scope: Scope) -> list[Rule]:
    """List the rules that held on the way to the one that decides, outer ones and `go-on` included."""
    return _replay(rules, scope)[0]


def _replay(rules: tuple[Rule, ...], scope: Scope) -> tuple[list[Rule], bool]:
    """Give the rules that held, and whether the answers fall through to the rules after these."""
    held: list[Rule] = []
    for rule in rules:
        truth = True if rule.when is None else find_truth(rule.when, scope)
        if truth is None:
            return held, False
        if not truth:
            continue
        held.append(rule)
        if rule.then:
            return held, rule.then == GO_ON
        inner, falls = _replay(rule.rules, scope)
        held += inner
        if not falls:
            return held, False
    return held, False


def _list_numbers(rules: tuple[Rule, ...], decided: set[str]) -> Iterator[str]:
    """List the rules' numbers, but for an `otherwise` that the rules before it leave nothing to."""
    for rule in rules:
        if rule.rules or rule.then == GO_ON or rule.number in decided:
            yield rule.number
        yield from _list_numbers(rule.rules, decided)


def _list_decided(published: PublishedTree) -> set[str]:
    compiled = published.compiled
    return {str(compiled.space.values[end]) for end in compiled.space.ends(
        compiled.space.choose(compiled.allowed, compiled.rules, compiled.space.false))}


def _list_provisions(citations: Iterable[Citation]) -> set[str]:
    return {citation.provision for citation in citations}


def _part(things: Iterable[tuple[str, bool]]) -> Part:
    rows = list(things)
    return Part(tuple(name for name, is_taken in rows if is_taken), tuple(name for name, is_taken in rows if not is_taken))


def _write(edge: Edge) -> str:
    return "=".join(edge.answer)
