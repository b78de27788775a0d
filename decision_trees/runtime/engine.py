"""Where answers lead: the next question, an outcome, what is still open, or what is wrong.

There is no session. A position is worked out from the tree and the answers each
time, so that any answer may be changed, left out or given first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from decision_trees.runtime.answers import Answered, Problem, fill, list_placeholders, read_answers
from decision_trees.runtime.calendar import OutsideCalendar
from decision_trees.runtime.conditions import (
    All, Any, AtLeast, Condition, Has, Is, Not, Ref, Scope, find_truth, is_comparison, is_in, list_quantities,
)
from decision_trees.runtime.diagram import Cells
from decision_trees.runtime.model import GO_ON, Diagram, Duty, Rule, Tree, Variable


@dataclass(frozen=True, slots=True)
class DueDuty:
    """A duty that comes with the outcome. `certain` is False where its condition is still open."""

    number: int
    say: str
    certain: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """The next question. `settled` names the outcome where only its text or a duty still needs the answer."""

    fact: str
    possible: tuple[str, ...]
    used: tuple[str, ...]
    unused: tuple[str, ...]
    settled: str = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """An outcome, with its text and duties for these answers."""

    outcome: str
    say: str
    duties: tuple[DueDuty, ...]
    used: tuple[str, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """The reader is not sure of `fact`: every outcome that is still possible."""

    fact: str
    possible: tuple[str, ...]
    used: tuple[str, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """Answers that can't be, each with what is wrong."""

    problems: tuple[Problem, ...]


Position = Asking | Reached | Open | Rejected


def advance(diagram: Diagram, answers: Mapping[str, str]) -> Position:
    """Say where the answers lead. Never raises for any answers: what can't be taken is Rejected.

    `used` lists the facts that bear on the position, in the order of the walk;
    `unused` those that were answered and no longer matter.
    """
    tree = diagram.tree
    answered = read_answers(tree, answers)
    try:
        problems = answered.problems + find_impossible(tree, answered)
        if problems:
            return Rejected(problems)
        return _find_position(diagram, answered, answers)
    except OutsideCalendar as outside:
        return Rejected((Problem("", "", str(outside)),))


def find_impossible(tree: Tree, answered: Answered) -> tuple[Problem, ...]:
    """List the checks that the answers fail. Raises OutsideCalendar."""
    scope = tree.scope(answered.values)
    problems = []
    for check in tree.checks:
        if find_truth(check.when, scope) is True:
            about = list(list_facts(check.when, tree))
            problems.append(Problem(about[-1] if about else "", "", fill(check.say, tree, scope)))
    return tuple(problems)


def narrow(diagram: Diagram, node: int, scope: Scope) -> int:
    """Give what is left of a node once the known values are taken in. Raises OutsideCalendar."""
    space, _ = diagram.loaded
    return space.restrict(node, find_cells(diagram, space.support(node), scope))


def find_cells(diagram: Diagram, levels: Iterable[int], scope: Scope) -> dict[int, Cells]:
    """Give the cells that the known values leave to the variables of some levels; those that stay open are left out."""
    known: dict[int, Cells] = {}
    for level in levels:
        variable = diagram.variables[level]
        cells = _cells_of(variable, scope)
        if cells is not None and len(cells) < variable.size:
            known[level] = cells
    return known


def choose_variable(diagram: Diagram, node: int, scope: Scope) -> Variable | None:
    """Give what to ask at a node: the first variable that matters of the first rule still open."""
    space, _ = diagram.loaded
    support = space.support(node)
    if not support:
        return None
    for name in _list_open(diagram.tree.rules, scope):
        if diagram.level_of.get(name) in support:
            return diagram.variables[diagram.level_of[name]]
    return diagram.variables[min(support)]


def list_facts(condition: Condition, tree: Tree) -> Iterator[str]:
    """Name the facts a condition reads, in order, with repeats."""
    match condition:
        case Is(fact, _) | Has(fact, _):
            yield fact
        case AtLeast():
            yield from list_quantities(condition, tree.let_of)
        case Ref(name):
            inner = tree.let_of[name].condition
            assert inner is not None
            yield from list_facts(inner, tree)
        case Not(inner):
            yield from list_facts(inner, tree)
        case All(parts) | Any(parts):
            for part in parts:
                yield from list_facts(part, tree)


def list_open_variables(condition: Condition, scope: Scope) -> Iterator[str]:
    """Name the variables that could still change the condition's truth, in the order it mentions them."""
    if find_truth(condition, scope) is not None:
        return
    match condition:
        case Is(fact, _):
            yield fact
        case Has(fact, options):
            for option in options:
                if is_in(fact, option, scope.values) is None:
                    yield f"{fact}.{option}"
        case AtLeast():
            yield from list_quantities(condition, scope.lets)
        case Ref(name):
            let = scope.lets[name]
            assert let.condition is not None
            if is_comparison(let):
                yield name
            else:
                yield from list_open_variables(let.condition, scope)
        case Not(inner):
            yield from list_open_variables(inner, scope)
        case All(parts) | Any(parts):
            for part in parts:
                yield from list_open_variables(part, scope)


def list_relevant(diagram: Diagram, answers: Mapping[str, str]) -> frozenset[str]:
    """Name the facts that could still change where these answers lead."""
    answered = read_answers(diagram.tree, answers)
    space, root = diagram.loaded
    node = narrow(diagram, root, diagram.tree.scope(answered.values))
    variables = [diagram.variables[level] for level in space.support(node)]
    return frozenset(name for variable in variables for name in _names_for(variable, diagram.tree))


def is_falling(rules: tuple[Rule, ...]) -> bool:
    """Say whether nested rules may end in `go-on`."""
    return any(rule.then == GO_ON or is_falling(rule.rules) for rule in rules)


# The position, step by step -------------------------------------------------------


def _find_position(diagram: Diagram, answered: Answered, answers: Mapping[str, str]) -> Position:
    space, root = diagram.loaded
    scope = diagram.tree.scope(answered.values)
    node = narrow(diagram, root, scope)
    ends = {space.values[end] for end in space.ends(node)}
    possible = tuple(outcome.name for outcome in diagram.tree.outcomes if outcome.name in ends)
    used = _list_used(diagram, answered)
    if not space.is_end(node):
        variable = choose_variable(diagram, node, scope)
        assert variable is not None
        fact = _ask_for(variable, answered, diagram.tree)
        if fact in answered.unsure:
            used += () if fact in used else (fact,)
            return Open(fact, possible, used, _list_unused(used, answers))
        return Asking(fact, possible, used, _list_unused(used, answers))
    return _reach(diagram, possible[0], answered, answers, used)


def _reach(
    diagram: Diagram, name: str, answered: Answered, answers: Mapping[str, str], used: tuple[str, ...]
) -> Position:
    tree = diagram.tree
    scope = tree.scope(answered.values)
    outcome = tree.outcome_of[name]
    duties: list[tuple[int, Duty, bool]] = []
    wanted: list[str] = []
    for number, duty in enumerate(tree.duties):
        truth = True if duty.when is None else find_truth(duty.when, scope)
        if name not in duty.outcomes:
            continue
        if duty.when is not None:
            read = {*list_facts(duty.when, tree), *list_open_variables(duty.when, tree.scope({}))}
            used += tuple(name for name in answers if name in read and name not in used)
            if truth is None and duty.ask:
                wanted += [n for v in list_open_variables(duty.when, scope) for n in _list_askable(v, answered, tree)]
        if truth is not False:
            duties.append((number, duty, truth is True))
    wanted = _list_needed(tree, outcome.say, answered) + wanted
    for text in (outcome.say, *(duty.say for _, duty, _ in duties)):
        shown = {q for n in list_placeholders(text) for q in _quantities(tree, n)}
        used += tuple(name for name in answers if name in shown and name not in used)
    for fact in wanted:
        if fact not in answered.values and fact not in answered.unsure:
            return Asking(fact, (name,), used, _list_unused(used, answers), settled=name)
    said = tuple(DueDuty(number, fill(duty.say, tree, scope), certain) for number, duty, certain in duties)
    return Reached(name, fill(outcome.say, tree, scope), said, used, _list_unused(used, answers))


def _list_used(diagram: Diagram, answered: Answered) -> tuple[str, ...]:
    """Replay the walk from nothing and list the facts it comes by, then others that helped to end it."""
    space, node = diagram.loaded
    given = answered.values
    known: dict[str, object] = {}
    used: list[str] = []
    while (variable := choose_variable(diagram, node, diagram.tree.scope(known))) is not None:
        names = [n for n in _names_for(variable, diagram.tree) if n in given and n not in known]
        if not names:
            break
        used += [n for n in names if n not in used]
        known.update((n, given[n]) for n in names)
        node = narrow(diagram, node, diagram.tree.scope(known))
    for level in sorted(space.support(node)):
        used += [n for n in _names_for(diagram.variables[level], diagram.tree) if n in given and n not in used]
    return tuple(used)


def _names_for(variable: Variable, tree: Tree) -> list[str]:
    """Name the answers that could settle a variable: its facts first, then its own name."""
    if variable.kind == "comparison":
        condition = tree.let_of[variable.name].condition
        assert condition is not None
        return [*dict.fromkeys(list_quantities(condition, tree.let_of)), variable.name]
    return [variable.fact, variable.name] if variable.name != variable.fact else [variable.fact]


def _ask_for(variable: Variable, answered: Answered, tree: Tree) -> str:
    """Give the fact to ask for; for a comparison its first fact not yet known, or the comparison if all are vague."""
    if variable.kind != "comparison":
        return variable.fact
    if variable.name in answered.unsure:
        return variable.name
    names = _names_for(variable, tree)[:-1]
    return next((n for n in names if n not in answered.values), variable.name)


def _list_askable(variable: str, answered: Answered, tree: Tree) -> list[str]:
    """Name what to ask to settle a variable, best first; nothing for a comparison of what the reader is not sure of."""
    let = tree.let_of.get(variable)
    if let is None or let.condition is None:
        return [variable.partition(".")[0]]
    names = list(dict.fromkeys(list_quantities(let.condition, tree.let_of)))
    return [] if answered.unsure & set(names) else [*names, variable]


def _list_needed(tree: Tree, text: str, answered: Answered) -> list[str]:
    """Name the facts that a text shows and that are not known, unless the reader answered in the comparison's words."""
    vague = {
        q for let in tree.lets if is_comparison(let) and let.name in answered.values and let.condition is not None
        for q in list_quantities(let.condition, tree.let_of)
    }
    return [q for name in list_placeholders(text) for q in _quantities(tree, name) if q not in vague]


def _quantities(tree: Tree, name: str) -> list[str]:
    if name in tree.fact_of:
        return [name]
    let = tree.let_of.get(name)
    return list(dict.fromkeys(list_quantities(let.term, tree.let_of))) if let and let.term else []


def _list_unused(used: tuple[str, ...], answers: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name for name in answers if name not in used)


def _cells_of(variable: Variable, scope: Scope) -> Cells | None:
    match variable.kind:
        case "choice":
            chosen = scope.values.get(variable.fact)
            return (variable.options.index(chosen),) if isinstance(chosen, str) else None
        case "member":
            truth = is_in(variable.fact, variable.name.partition(".")[2], scope.values)
        case "interval":
            known = scope.values.get(variable.fact)
            if not isinstance(known, tuple):
                return None
            return tuple(i for i, (low, high) in enumerate(variable.spans) if low <= known[1] and high >= known[0])
        case _:
            truth = find_truth(Ref(variable.name), scope)
    return None if truth is None else (int(truth),)


def _list_open(rules: tuple[Rule, ...], scope: Scope) -> Iterator[str]:
    for rule in rules:
        truth = True if rule.when is None else find_truth(rule.when, scope)
        if truth is False:
            continue
        if truth is None and rule.when is not None:
            yield from list_open_variables(rule.when, scope)
        yield from _list_open(rule.rules, scope)
        if truth is True and not is_falling((rule,)):
            return
