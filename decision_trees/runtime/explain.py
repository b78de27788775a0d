"""How an outcome came about, why a question is asked, and what would change the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from decision_trees.runtime.answers import read_answers, say_span, write_answer
from decision_trees.runtime.conditions import (
    All, Any, AtLeast, Condition, Has, Is, Not, Ref, Scope, find_truth, list_quantities,
)
from decision_trees.runtime.engine import find_cells, narrow
from decision_trees.runtime.model import GO_ON, Citation, Diagram, Rule, Tree, Variable


@dataclass(frozen=True, slots=True)
class Passed:
    """A rule that came earlier and did not hold, and the words of what kept it from holding."""

    number: str
    outcome: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The rule that decided, the words of what made it hold, and the rules passed over before it."""

    rule: str
    because: tuple[str, ...]
    cite: tuple[Citation, ...]
    passed: tuple[Passed, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Another answer to one fact, and the outcomes that would then still be possible."""

    fact: str
    answer: str
    label: str
    possible: tuple[str, ...]


def explain(diagram: Diagram, answers: Mapping[str, str]) -> Explanation | None:
    """Replay the rules and say which one decided. None while no rule decides for certain."""
    tree = diagram.tree
    scope = tree.scope(read_answers(tree, answers).values)
    passed: list[Passed] = []
    found = _replay(tree.rules, tree, scope, passed)
    if found is None:
        return None
    rules, cite = found
    because = [words for rule in rules if rule.when is not None for words in say_reasons(rule.when, True, tree, scope)]
    return Explanation(rules[-1].number, tuple(dict.fromkeys(because)), cite, tuple(passed))


def list_changes(diagram: Diagram, answers: Mapping[str, str], facts: tuple[str, ...], limit: int = 8) -> list[Change]:
    """List the single answers that would lead elsewhere, those that settle the matter first."""
    space, root = diagram.loaded
    values = dict(read_answers(diagram.tree, answers).values)
    known = find_cells(diagram, space.support(root), diagram.tree.scope(values))
    here = space.ends(space.restrict(root, known))
    changes: list[Change] = []
    for variable in diagram.variables:
        if variable.fact not in facts:
            continue
        rest = {k: v for k, v in values.items() if k not in (variable.fact, variable.name)}
        if variable.kind == "member":
            rest |= _as_members(diagram, variable.fact, values.get(variable.fact), but=variable.name)
        touched = [level for level, each in enumerate(diagram.variables) if each.fact == variable.fact or each.kind == "comparison"]
        others = {level: cells for level, cells in known.items() if level not in touched}
        node = space.restrict(root, others | find_cells(diagram, touched, diagram.tree.scope(rest)))
        level = diagram.level_of[variable.name]
        if level not in space.support(node):
            continue
        for label, answer, cells in list_cells(diagram, variable, node):
            ends = space.ends(space.restrict(node, {level: cells}))
            if ends != here:
                names = {str(space.values[end]) for end in ends}
                order = tuple(o.name for o in diagram.tree.outcomes if o.name in names)
                changes.append(Change(variable.fact, answer, label, order))
    return sorted(changes, key=lambda change: len(change.possible))[:limit]


def list_possible(diagram: Diagram, answers: Mapping[str, str], fact: str) -> list[Change]:
    """For each answer to a question, list the outcomes it could still lead to."""
    space, root = diagram.loaded
    values = dict(read_answers(diagram.tree, answers).values)
    node = narrow(diagram, root, diagram.tree.scope(values))
    found: list[Change] = []
    for variable in diagram.variables:
        level = diagram.level_of[variable.name]
        if variable.fact != fact or level not in space.support(node):
            continue
        for label, answer, cells in list_cells(diagram, variable, node):
            names = {str(space.values[end]) for end in space.ends(space.restrict(node, {level: cells}))}
            found.append(Change(fact, answer, label, tuple(o.name for o in diagram.tree.outcomes if o.name in names)))
    return found


def list_cells(diagram: Diagram, variable: Variable, node: int) -> list[tuple[str, str, tuple[int, ...]]]:
    """List what can be answered at a node: label, answer as in a link, cells.

    Neighbouring intervals that lead to the same node are one.
    """
    tree, (space, _) = diagram.tree, diagram.loaded
    fact = tree.fact_of.get(variable.fact)
    if variable.kind == "choice" and fact is not None:
        return [(option.label, f"{fact.name}={option.name}", (i,)) for i, option in enumerate(fact.options)]
    if variable.kind != "interval" or fact is None:
        option = fact.option(variable.name.partition(".")[2]).label if fact is not None else ""
        return [
            (option or "Yes", f"{variable.name}=yes", (1,)),
            (f"Not: {option}" if option else "No", f"{variable.name}=no", (0,)),
        ]
    level = diagram.level_of[variable.name]
    groups: list[tuple[int, list[int]]] = []
    for cell in range(variable.size):
        target = space.restrict(node, {level: (cell,)})
        if groups and groups[-1][0] == target:
            groups[-1][1].append(cell)
        else:
            groups.append((target, [cell]))
    found = []
    for _, cells in groups:
        low, high = variable.spans[cells[0]][0], variable.spans[cells[-1]][1]
        span = (low, low + (high - low) // fact.step * fact.step)
        found.append((say_span(fact, span), f"{fact.name}={write_answer(fact, span)}", tuple(cells)))
    return found


def say_reasons(condition: Condition, truth: bool, tree: Tree, scope: Scope) -> Iterator[str]:
    """Say the answers that make the condition true (or, for `truth` False, keep it from holding)."""
    if find_truth(condition, scope) is not truth:
        return
    match condition:
        case Not(inner):
            yield from say_reasons(inner, not truth, tree, scope)
        case All(parts) | Any(parts):
            for part in parts:
                yield from say_reasons(part, truth, tree, scope)
        case Ref(name):
            let = tree.let_of[name]
            assert let.condition is not None
            if let.ask:
                yield f"{let.ask} {'Yes' if truth else 'No'}"
            else:
                yield from say_reasons(let.condition, truth, tree, scope)
        case _:
            yield say_condition(condition, tree, truth)


def say_condition(condition: Condition, tree: Tree, truth: bool = True) -> str:
    """Say a condition in words built from questions and labels, for a duty whose condition is open."""
    match condition:
        case Is(name, options):
            fact = tree.fact_of[name]
            labels = " or ".join(f"“{fact.option(option).label}”" for option in options)
            return f"{fact.ask} {'' if truth else 'not '}{labels}"
        case Has(name, options):
            fact = tree.fact_of[name]
            if len(options) == len(fact.options):
                return f"{fact.ask} {'any' if truth else f'“{fact.none}”'}"
            labels = " or ".join(f"“{fact.option(option).label}”" for option in options)
            return f"{fact.ask} {'' if truth else 'not '}{labels}"
        case AtLeast():
            asks = [tree.fact_of[name].ask for name in dict.fromkeys(list_quantities(condition, tree.let_of))]
            return " ".join(asks)
        case Ref(name):
            let = tree.let_of[name]
            assert let.condition is not None
            return f"{let.ask} {'Yes' if truth else 'No'}" if let.ask else say_condition(let.condition, tree, truth)
        case Not(inner):
            return say_condition(inner, tree, not truth)
        case All(parts) | Any(parts):
            is_and = isinstance(condition, All) is truth
            return (" and " if is_and else ", or ").join(say_condition(part, tree, truth) for part in parts)


def _replay(
    rules: tuple[Rule, ...], tree: Tree, scope: Scope, passed: list[Passed]
) -> tuple[tuple[Rule, ...], tuple[Citation, ...]] | None:
    left = None
    for rule in rules:
        truth = True if rule.when is None else find_truth(rule.when, scope)
        if truth is None:
            return None
        if truth is False:
            assert rule.when is not None
            reasons = tuple(dict.fromkeys(say_reasons(rule.when, False, tree, scope)))
            passed.append(Passed(rule.number, rule.then, reasons))
            continue
        if rule.then == GO_ON:
            return (rule,), ()
        if not rule.rules:
            return (rule,), rule.cite
        inner = _replay(rule.rules, tree, scope, passed)
        if inner is None:
            return None
        if inner[0][-1].then == GO_ON:
            left = inner
            continue
        return (rule, *inner[0]), (*rule.cite, *inner[1])
    return left


def _as_members(diagram: Diagram, fact: str, chosen: object, but: str) -> dict[str, object]:
    if not isinstance(chosen, frozenset):
        return {}
    names = [f"{fact}.{option.name}" for option in diagram.tree.fact_of[fact].options]
    return {name: name.partition(".")[2] in chosen for name in names if name != but}
