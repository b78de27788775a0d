"""Proofs on a compiled tree: nothing left open, nothing that can never happen, nothing unused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping

from decision_trees.authoring.compiler import Compiled, compile_tree
from decision_trees.authoring.findings import ERROR, REPORT, Finding, Span
from decision_trees.authoring.notation import Parsed
from decision_trees.authoring.witness import Memo, find_case
from decision_trees.runtime.answers import list_placeholders, write_answer
from decision_trees.runtime.calendar import OutsideCalendar
from decision_trees.runtime.conditions import (
    All, Any, AtLeast, Condition, Constant, Has, Is, MonthEnd, Named, Not, Plus, Quantity, Ref, Shift, Term, find_span,
)
from decision_trees.runtime.diagram import TooManyStates
from decision_trees.runtime.model import GO_ON, NONE, Rule, Tree

PROOFS = 10
"""How many times the nodes of a tree its proofs may make: each rule alone, and what the rules before it leave."""


def check_tree(parsed: Parsed, budget: int) -> tuple[Compiled | None, list[Finding]]:
    """Compile a tree and prove it. Gives None with findings where it can't be compiled."""
    tree, places = parsed.tree, parsed.places
    if outside := list(_check_calendar(tree, places)):
        return None, outside
    try:
        compiled = compile_tree(tree, budget)
        compiled.space.budget = PROOFS * budget
        return compiled, _prove(compiled, places)
    except TooManyStates:
        return None, [_explain_growth(tree, places["tree"], budget)]


def _prove(compiled: Compiled, places: Mapping[str, Span]) -> list[Finding]:
    findings = list(_check_rules(compiled, places))
    is_cause = any(finding.severity == ERROR for finding in findings)  # what only such rules name needs no finding too
    return [
        *findings, *_check_outcomes(compiled, places, is_cause), *_check_facts(compiled, places, is_cause),
        *_check_options(compiled, places), *_check_lets(compiled.tree, places), *_check_duties(compiled, places),
    ]


def describe_cells(compiled: Compiled, cells: Mapping[int, int]) -> str:
    """Write a path through the diagram as the answers of a command: `--answer post=junior ...`."""
    many: dict[str, list[str]] = {}
    parts: list[str] = []
    for level, cell in sorted(cells.items()):
        variable = compiled.variables[level]
        if variable.kind == "choice":
            parts.append(f"{variable.name}={variable.options[cell]}")
        elif variable.kind == "member":
            many.setdefault(variable.fact, [])
            if cell:
                many[variable.fact].append(variable.name.partition(".")[2])
        elif variable.kind == "comparison":
            parts.append(f"{variable.name}={'yes' if cell else 'no'}")
        else:
            fact = compiled.tree.fact_of[variable.fact]
            low = variable.spans[cell][0]
            parts.append(f"{fact.name}={write_answer(fact, (low, low))}")
    parts += [f"{fact}={','.join(options) or NONE}" for fact, options in many.items()]
    return " ".join(f"--answer {part}" for part in parts)


def _check_calendar(tree: Tree, places: Mapping[str, Span]) -> Iterator[Finding]:
    """Find the counts that leave the calendar for some date that can be answered."""
    hint = "Bring the `from` and `to` of its date closer together, or let the calendar in mkdocs.yml cover more years."
    if tree.calendar is None:
        hint = "Name one in mkdocs.yml: `calendar: {name: England, country: GB, subdivision: ENG, from: 2015, to: 2035}`."
    for let in tree.lets:
        try:
            if let.term is not None:
                find_span(let.term, tree.scope({}))
            elif let.condition is not None:
                _probe(let.condition, tree)
        except OutsideCalendar as outside:
            yield Finding("outside-calendar", places[f"let {let.name}"], f"For some dates `{let.name}` can't be worked out. {outside}", hint)
            return
    for place, condition in _list_placed(tree):
        try:
            _probe(condition, tree)
        except OutsideCalendar as outside:
            yield Finding("outside-calendar", places[place], f"For some dates this can't be worked out. {outside}", hint)


def _probe(condition: Condition, tree: Tree) -> None:
    """Work a condition out with nothing known, each part of it. Raises OutsideCalendar."""
    match condition:
        case Not(inner):
            _probe(inner, tree)
        case All(parts) | Any(parts):
            for part in parts:
                _probe(part, tree)
        case AtLeast(left, right):
            find_span(left, tree.scope({}))
            find_span(right, tree.scope({}))


def _list_placed(tree: Tree) -> Iterator[tuple[str, Condition]]:
    """List the conditions of rules, checks and duties with the names of their places."""
    def of(rules: Iterable[Rule]) -> Iterator[tuple[str, Condition]]:
        for rule in rules:
            if rule.when is not None:
                yield f"rule {rule.number}", rule.when
            yield from of(rule.rules)

    yield from of(tree.rules)
    yield from ((f"check {number}", check.when) for number, check in enumerate(tree.checks))
    yield from ((f"duty {number}", duty.when) for number, duty in enumerate(tree.duties) if duty.when is not None)


# Rules and outcomes -----------------------------------------------------------------


def _check_rules(compiled: Compiled, places: Mapping[str, Span]) -> Iterator[Finding]:
    space = compiled.space
    memo: Memo = {}
    if _is_impossible(compiled, compiled.allowed, memo):
        yield Finding("check-all", places["check 0"], "The checks reject every answer that can be given.",
                      "A check says what can't be, and here that is every case: mend one of them.")
        return

    def check(rules: tuple[Rule, ...], outer: int) -> Generator[Finding, None, int]:
        """Check the rules for the answers that come to them, and give those that leave them by `go-on`."""
        rest, leaving = outer, space.false
        for rule in rules:
            holds = space.true if rule.when is None else compiled.test(rule.when)
            here = space.both(rest, holds)
            whole = space.both(outer, holds)
            rest = space.both(rest, space.invert(holds))
            found = find_case(compiled, here, space.true, memo)
            dead = found.values is None and found.is_proof
            if dead and _is_impossible(compiled, whole, memo):
                yield Finding("never-holds", places[f"rule {rule.number}"], f"Rule {rule.number} can never hold"
                              f"{' here' if '.' in rule.number else ''}: no answers meet its condition.",
                              "Take the rule out, or mend its condition.")
            elif dead and rule.when is not None:
                cells = describe_cells(compiled, witness := space.find_witness(whole, space.true) or {})
                winner = _find_winner(compiled, witness)
                yield Finding("shadowed-rule", places[f"rule {rule.number}"],
                              f"Rule {rule.number} never decides: where it holds, an earlier rule has decided.",
                              f"Put it before rule {winner}, or take it out. Where both hold: decision-trees ask {compiled.tree.id} {cells}")
            elif dead:
                yield Finding("shadowed-rule", places[f"rule {rule.number}"], f"Rule {rule.number}, the last, never decides: "
                              "the rules before it decide every case.", "Make the rule before it `otherwise`.", severity=REPORT)
            elif found.values is None:
                yield Finding("shadowed-rule", places[f"rule {rule.number}"], f"No answers were found for which rule {rule.number} "
                              "decides, and it is not proved that there are none.",
                              "Look whether what it compares can come out so.", severity=REPORT)
            if rule.rules and not dead:
                rest = space.either(rest, (yield from check(rule.rules, here)))
            elif rule.then == GO_ON:
                leaving = space.either(leaving, here)
        return space.either(leaving, rest)

    yield from check(compiled.tree.rules, compiled.allowed)


def _is_impossible(compiled: Compiled, root: int, memo: Memo) -> bool:
    """Say whether it is proved that no answers make the function true."""
    found = find_case(compiled, root, compiled.space.true, memo)
    return found.values is None and found.is_proof


def _find_winner(compiled: Compiled, cells: Mapping[int, int]) -> str:
    node = compiled.space.restrict(compiled.rules, {level: (cell,) for level, cell in cells.items()})
    values = sorted(str(compiled.space.values[n]) for n in compiled.space.ends(node))
    return " or ".join(values)


def _check_outcomes(compiled: Compiled, places: Mapping[str, Span], is_explained: bool) -> Iterator[Finding]:
    space = compiled.space
    allowed = space.choose(compiled.allowed, compiled.meaning, space.false)
    memo: Memo = {}
    named = set(_list_named(compiled.tree.rules))
    for outcome in compiled.tree.outcomes:
        found = find_case(compiled, allowed, space.end(outcome.name), memo)
        if found.values is not None or (outcome.name in named and is_explained):
            continue
        if not found.is_proof:
            yield Finding("unreachable-outcome", places[f"outcome {outcome.name}"], f"No answers were found that lead to "
                          f"`{outcome.name}`, and it is not proved that there are none.",
                          "Look whether what its rules compare can come out so.", severity=REPORT)
            continue
        why = "only rules that never decide name it" if outcome.name in named else "no rule names it"
        yield Finding("unreachable-outcome", places[f"outcome {outcome.name}"], f"No answers lead to `{outcome.name}`: {why}.",
                      "Mend those rules, or take it out with them." if outcome.name in named else "Name it in a rule, or take it out.")


def _list_named(rules: tuple[Rule, ...]) -> Iterator[str]:
    for rule in rules:
        yield rule.then
        yield from _list_named(rule.rules)


# Facts, options, lets, duties ---------------------------------------------------------


def _check_facts(compiled: Compiled, places: Mapping[str, Span], is_explained: bool) -> Iterator[Finding]:
    tree, space = compiled.tree, compiled.space
    read = {name.partition(".")[0] for name in _list_read(tree)}
    nodes = (compiled.meaning, compiled.allowed, *compiled.duties)
    matters = {compiled.variables[level] for node in nodes for level in space.support(node)}
    used = {variable.fact for variable in matters}
    for variable in matters:
        if variable.kind == "comparison":
            used |= set(_list_names(Ref(variable.name), tree))
    shown = {fact for text in _list_texts(tree) for name in list_placeholders(text) for fact in _list_names(Named(name), tree)}
    for fact in tree.facts:
        if fact.name in used or fact.name in shown or (fact.name in read and is_explained):
            continue
        why = "its answers change nothing" if fact.name in read else "no rule, duty or text reads it"
        yield Finding("unused-fact", places[f"fact {fact.name}"], f"The fact `{fact.name}` is never needed: {why}.",
                      "Name it in a condition that decides something, or take it out.")


def _check_options(compiled: Compiled, places: Mapping[str, Span]) -> Iterator[Finding]:
    space, tree = compiled.space, compiled.tree
    if compiled.allowed == space.false:
        return
    named = set(_list_options(tree))
    for level, variable in enumerate(compiled.variables):
        if variable.kind != "choice":
            continue
        for cell, option in enumerate(variable.options):
            place = places[f"option {variable.name}.{option}"]
            if space.both(compiled.allowed, space.pick(level, (cell,))) == space.false:
                yield Finding("dead-option", place, f"`{option}` can never be answered: the checks reject it.", "Take it out.")
        plain = [option for option in variable.options if (variable.name, option) not in named]
        for option in plain[1:]:
            yield Finding("dead-option", places[f"option {variable.name}.{option}"],
                          f"Nothing tells `{option}` from `{plain[0]}`: no condition names either.",
                          "Make them one option, unless the reader needs both to recognise their case.", severity=REPORT)


def _check_lets(tree: Tree, places: Mapping[str, Span]) -> Iterator[Finding]:
    read = set(_list_read(tree, follow=False))
    for text in _list_texts(tree):
        read |= set(list_placeholders(text))
    for let in tree.lets:
        inner = let.condition if let.condition is not None else let.term
        if let.name in read and inner is not None:
            read |= set(_list_direct(inner))
    for let in reversed(tree.lets):
        if let.name not in read and not any(
            let.name in set(_list_direct(part)) for other in tree.lets
            if (part := other.condition if other.condition is not None else other.term) is not None
        ):
            yield Finding("unused-let", places[f"let {let.name}"], f"Nothing reads `{let.name}`.", "Name it in a condition or show it in a text, or take it out.")


def _check_duties(compiled: Compiled, places: Mapping[str, Span]) -> Iterator[Finding]:
    space = compiled.space
    for number, (duty, node) in enumerate(zip(compiled.tree.duties, compiled.duties, strict=True)):
        if space.both(node, compiled.allowed) == space.false:
            why = "its condition never holds with its outcomes" if duty.outcomes else "no outcome here is `yes` or `yes-if`"
            yield Finding("duty-never", places[f"duty {number}"], f"This duty never comes up: {why}.",
                          "Mend its condition, or say with `for` which outcomes it goes with." if duty.outcomes
                          else "Say with `for` which outcomes it goes with: an outcome, a verdict or `any`.")


def _explain_growth(tree: Tree, span: Span, budget: int) -> Finding:
    mentions = Counter(_list_read(tree))
    widest = [name for name, _ in mentions.most_common(4) if name in tree.fact_of]
    return Finding("too-many-states", span, f"This tree's diagram grows beyond {budget:,} states.",
                   "Part the question in two. The facts that tie most rules together: "
                   + ", ".join(f"`{name}`" for name in widest) + ".")


# What is read ----------------------------------------------------------------------


def _list_texts(tree: Tree) -> Iterator[str]:
    for outcome in tree.outcomes:
        yield outcome.say
    for duty in tree.duties:
        yield duty.say
    for check in tree.checks:
        yield check.say


def _list_read(tree: Tree, follow: bool = True) -> Iterator[str]:
    for _, condition in _list_placed(tree):
        yield from _list_names(condition, tree) if follow else _list_direct(condition)


def _list_direct(part: Condition | Term) -> Iterator[str]:
    """Name the facts and lets that a condition or a quantity reads, without looking into the lets."""
    match part:
        case Is(name, _) | Has(name, _) | Ref(name) | Quantity(name) | Named(name):
            yield name
        case Not(inner) | Shift(inner, _, _) | MonthEnd(inner):
            yield from _list_direct(inner)
        case AtLeast(left, right) | Plus(left, _, right):
            yield from _list_direct(left)
            yield from _list_direct(right)
        case All(parts) | Any(parts):
            for each in parts:
                yield from _list_direct(each)
        case Constant():
            return


def _list_names(part: Condition | Term, tree: Tree) -> Iterator[str]:
    """Name the facts that a condition or a quantity reads, through every let."""
    for name in _list_direct(part):
        let = tree.let_of.get(name)
        if let is None:
            yield name
        else:
            inner = let.condition if let.condition is not None else let.term
            if inner is not None:
                yield from _list_names(inner, tree)


def _list_options(tree: Tree) -> Iterator[tuple[str, str]]:
    todo = [*(condition for _, condition in _list_placed(tree)), *(let.condition for let in tree.lets if let.condition is not None)]
    while todo:
        match todo.pop():
            case Is(fact, options) | Has(fact, options):
                yield from ((fact, option) for option in options)
            case Not(inner):
                todo.append(inner)
            case All(parts) | Any(parts):
                todo += parts
