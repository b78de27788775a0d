"""Random definitions: facts of every kind with few values, lets, nested rules, duties, checks; and ways to say the same."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, TypeVar

import yaml
from hypothesis import strategies as st

T = TypeVar("T")
Condition = tuple[Any, ...]
"""("atom", text), ("not", c), ("and", c, d) or ("or", c, d)."""
VERDICTS = ("yes", "yes-if", "no", "refer", "silent")
ORDER = ("<", "<=", ">", ">=", "is", "is not")
START = date(2026, 3, 26)
"""A Thursday, with Easter and a month's end after it."""


@dataclass(frozen=True)
class Fact:
    """A fact and every answer to it."""

    name: str
    kind: str
    spec: dict[str, Any]
    domain: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A definition whose conditions are still structures. `comparisons` are the lets that compare two facts."""

    facts: tuple[Fact, ...]
    data: dict[str, Any]
    comparisons: tuple[str, ...]

    @property
    def text(self) -> str:
        return render(self.data)

    @property
    def has_checks(self) -> bool:
        return bool(self.data.get("check"))

    def list_answers(self, limit: int = 160, seed: int = 0) -> list[dict[str, str]]:
        """List all complete answers, or a sample of them."""
        names = [fact.name for fact in self.facts]
        count = 1
        for fact in self.facts:
            count *= len(fact.domain)
        if count <= limit:
            return [dict(zip(names, each, strict=True)) for each in itertools.product(*(f.domain for f in self.facts))]
        chance = random.Random(seed)
        return [{fact.name: chance.choice(fact.domain) for fact in self.facts} for _ in range(limit)]


def say(condition: Condition) -> str:
    """Write a condition as the notation has it."""
    kind, *parts = condition
    if kind == "atom":
        return str(parts[0])
    if kind == "not":
        return f"not ({say(parts[0])})"
    return f" {kind} ".join(f"({say(part)})" for part in parts)


def render(data: Mapping[str, Any]) -> str:
    """Write a definition's data as YAML."""

    def plain(value: Any) -> Any:
        if isinstance(value, tuple):
            return say(value)
        if isinstance(value, dict):
            return {key: plain(part) for key, part in value.items()}
        return [plain(part) for part in value] if isinstance(value, list) else value

    return str(yaml.dump(plain(data), sort_keys=False, width=10_000, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper)))


class Chance:
    """Makes the choices of which a random definition consists, by strategies that are made once: that is what costs."""

    def __init__(self, draw: Callable[[st.SearchStrategy[int]], int]) -> None:
        self.draw = draw

    def number(self, least: int, most: int) -> int:
        return self.draw(_numbers(least, most))

    def choose(self, options: Sequence[T]) -> T:
        return options[self.number(0, len(options) - 1)]

    def is_one_in(self, many: int) -> bool:
        return self.number(1, many) == many

    def some(self, options: Sequence[T], least: int = 0, most: int = 3) -> list[T]:
        left = list(options)
        return [left.pop(self.number(0, len(left) - 1)) for _ in range(min(len(options), self.number(least, most)))]


@cache
def _numbers(least: int, most: int) -> st.SearchStrategy[int]:
    return st.integers(least, most)


# Facts ------------------------------------------------------------------------------


def _make_fact(chance: Chance, name: str, small: bool, kinds: Sequence[str]) -> Fact:
    kind = chance.choose(kinds)
    spec: dict[str, Any] = {"ask": f"What about {name}?"}
    if kind == "choice":
        options = [f"o{i}" for i in range(chance.number(2, 3 if small else 4))]
        spec["options"] = {option: option.upper() for option in options}
        if chance.is_one_in(6):
            spec["unsure"] = options[-1]
        return Fact(name, kind, spec, tuple(options))
    if kind == "many":
        options = [f"o{i}" for i in range(chance.number(1, 2 if small else 3))]
        spec |= {"many": {option: option.upper() for option in options}, "none": "None of these"}
        chosen = [c for n in range(len(options) + 1) for c in itertools.combinations(options, n)]
        return Fact(name, kind, spec, tuple(",".join(c) or "none" for c in chosen))
    count = chance.number(2, 4 if small else 12)
    if kind == "date":
        days = [(START + timedelta(i)).isoformat() for i in range(count)]
        spec["date"] = {"from": days[0], "to": days[-1]}
        return Fact(name, kind, spec, tuple(days))
    step, first = chance.choose((100, 50, 250)), chance.choose((0, -200, 100))
    values = [_amount(first + i * step) for i in range(count)]
    spec[kind] = {"from": values[0], "to": values[-1], "step": _amount(step)}
    return Fact(name, kind, spec, tuple(values))


def _amount(hundredths: int) -> str:
    sign, (whole, part) = "-" if hundredths < 0 else "", divmod(abs(hundredths), 100)
    return f"{sign}{whole}" + (f".{part:02}".rstrip("0") if part else "")


# Conditions ---------------------------------------------------------------------------


@dataclass
class _Names:
    """What conditions may name: facts, quantities that `let` names (name, kind), conditions that it names."""

    facts: tuple[Fact, ...]
    terms: list[tuple[str, str]]
    conditions: list[str]


def _make_condition(chance: Chance, names: _Names, depth: int = 2) -> Condition:
    kind = chance.choose(("atom", "atom", "atom", "not", "and", "or")) if depth else "atom"
    if kind == "atom":
        return ("atom", _make_atom(chance, names))
    return (kind, *(_make_condition(chance, names, depth - 1) for _ in range(1 if kind == "not" else 2)))


def _make_atom(chance: Chance, names: _Names) -> str:
    if names.conditions and chance.is_one_in(4):
        return chance.choose(names.conditions)
    if names.terms and chance.is_one_in(4):
        name, kind = chance.choose(names.terms)
        return f"{name} {chance.choose(ORDER)} {_make_constant(chance, kind)}"
    fact = chance.choose(names.facts)
    if fact.kind == "choice":
        options = list(fact.spec["options"])
        way = chance.choose(("is", "is not", "in"))
        return f"{fact.name} in ({', '.join(chance.some(options, 1))})" if way == "in" else f"{fact.name} {way} {chance.choose(options)}"
    if fact.kind == "many":
        options = list(fact.spec["many"])
        return f"{fact.name} " + chance.choose((
            f"has {chance.choose(options)}", f"in ({', '.join(chance.some([*options, 'none'], 1))})", "is none", "is not none",
        ))
    return f"{_make_quantity(chance, fact)} {chance.choose(ORDER)} {_make_constant(chance, fact.kind, fact)}"


def _make_quantity(chance: Chance, fact: Fact) -> str:
    if chance.is_one_in(2):
        return fact.name
    if fact.kind == "date":
        moved = fact.name + " " + chance.choose((
            "+ 1 day", "- 2 days", "+ 1 week", "+ 1 month", "- 1 month", "+ 1 working day", "+ 3 working days", "- 2 working days",
        ))
        return f"end of month ({moved})" if chance.is_one_in(3) else moved
    return f"{fact.name} {chance.choose('+-')} {chance.choose(('1', '0.5', '2 + 1'))}"


def _make_constant(chance: Chance, kind: str, fact: Fact | None = None) -> str:
    if kind == "date":
        return chance.choose(fact.domain) if fact and chance.is_one_in(2) else (START + timedelta(chance.number(-3, 40))).isoformat()
    if kind == "days":
        return chance.choose(("0", "1", "2 + 1", "5"))
    text = chance.choose((*(fact.domain if fact else ("0", "-1", "0.5", "2", "4")), "0.75"))
    return f"0 - {text[1:]}" if text.startswith("-") else text


# Definitions --------------------------------------------------------------------------


@st.composite
def cases(draw: st.DrawFn, small: bool = False, comparing: bool = True, checking: bool = True) -> Case:
    """Draw a definition; a small one has few enough cases to look at all of them."""
    chance = Chance(draw)
    kinds = ("choice", "choice", "many", "number", "money", "date") + (("date", "number") if comparing else ())
    facts = tuple(_make_fact(chance, f"f{i}", small, kinds) for i in range(chance.number(1, 3 if small else 4)))
    names = _Names(facts, [], [])
    lets: dict[str, Any] = {}
    for fact in facts:
        if fact.kind in ("date", "number", "money") and chance.is_one_in(3):
            name = f"t{len(names.terms)}"
            difference = fact.kind == "date" and chance.is_one_in(2)
            lets[name] = f"{fact.name} - {START.isoformat()}" if difference else _make_quantity(chance, fact)
            names.terms.append((name, "days" if difference else fact.kind))
    compared = _make_comparisons(chance, facts) if comparing else {}
    lets |= compared
    names.conditions += compared
    for number in range(chance.number(0, 2)):
        lets[f"c{number}"] = _make_condition(chance, names)
        names.conditions.append(f"c{number}")
    outcomes = {name: _make_outcome(chance, name, names) for name in ("e0", "e1", "silent", "e3")[: chance.number(1, 4)]}
    data: dict[str, Any] = {"tree": "t", "ask": "What now?", "facts": {fact.name: fact.spec for fact in facts}}
    if lets:
        data["let"] = lets
    if checking and chance.is_one_in(4):
        data["check"] = [{"when": _make_condition(chance, names), "say": "That can't be."}]
    data["decide"] = _make_rules(chance, names, tuple(outcomes), 0)
    data["outcomes"] = outcomes
    duties = [_make_duty(chance, names, tuple(outcomes)) for _ in range(chance.number(0, 3))]
    if duties:
        data["also"] = duties
    return Case(facts, data, tuple(compared))


def _make_comparisons(chance: Chance, facts: Sequence[Fact]) -> dict[str, Any]:
    pairs = [(a, b) for a, b in itertools.permutations(facts, 2) if a.kind == b.kind and a.kind in ("date", "number", "money")]
    found: dict[str, Any] = {}
    for number in range(chance.number(0, 2) if pairs else 0):
        one, other = chance.choose(pairs)
        text = f"{_make_quantity(chance, one)} {chance.choose(ORDER)} {_make_quantity(chance, other)}"
        if chance.is_one_in(4):
            text += f" {chance.choose(('and', 'or'))} {one.name} < {_make_constant(chance, one.kind, one)}"
        found[f"k{number}"] = {"is": text, "ask": f"Is it so with k{number}?"}
    return found


def _make_outcome(chance: Chance, name: str, names: _Names) -> dict[str, Any]:
    verdict = chance.choose(VERDICTS)
    shown = f" By {{{names.terms[0][0]}}}." if names.terms and chance.is_one_in(2) else ""
    return {"verdict": verdict, "say": f"End {name}.{shown}"} | ({"to": "the Clerk"} if verdict == "refer" else {})


def _make_rules(chance: Chance, names: _Names, outcomes: tuple[str, ...], depth: int, may_go_on: bool = False) -> list[dict[str, Any]]:
    ends = (*outcomes, "go-on") if may_go_on else outcomes
    rules: list[dict[str, Any]] = []
    for _ in range(chance.number(0 if depth else 1, 2 if depth else 3)):
        rule: dict[str, Any] = {"when": _make_condition(chance, names)}
        if chance.is_one_in(5):
            rule["unless"] = _make_condition(chance, names)
        if depth < 2 and chance.is_one_in(4):
            rule["decide"] = _make_rules(chance, names, outcomes, depth + 1, may_go_on=True)
        else:
            rule["then"] = chance.choose(ends)
        rules.append(rule)
    is_nested = depth < 2 and chance.is_one_in(6)
    last = _make_rules(chance, names, outcomes, depth + 1, may_go_on) if is_nested else chance.choose(ends)
    return [*rules, {"otherwise": last}]


def _make_duty(chance: Chance, names: _Names, outcomes: tuple[str, ...]) -> dict[str, Any]:
    duty: dict[str, Any] = {"say": "Do that too."}
    if chance.is_one_in(2):
        duty["when"] = _make_condition(chance, names)
    if chance.is_one_in(4):
        duty["unless"] = _make_condition(chance, names)
    if chance.is_one_in(2):
        duty["for"] = chance.some(("any", *VERDICTS, *outcomes), 1, 2)
    if chance.is_one_in(4):
        duty["ask"] = "true"
    return duty


# Saying the same in other words -------------------------------------------------------


@st.composite
def rewritten(draw: st.DrawFn, case: Case) -> dict[str, Any]:
    """Draw a definition that means the same: a few rewrites, each at a random place."""
    chance = Chance(draw)
    rules = _rewrite_rules(chance, case.data["decide"], case)
    if chance.is_one_in(2):
        rules = [{"when": ("and", *_contradict(chance, case)), "then": chance.choose(list(case.data["outcomes"]))}, *rules]
    return {**case.data, "decide": rules}


@st.composite
def varied(draw: st.DrawFn, case: Case) -> dict[str, Any]:
    """Draw a definition that may mean something else: one of the outcomes or one of the conditions is another."""
    chance = Chance(draw)
    rules = _rewrite_rules(chance, case.data["decide"], case)
    place = chance.number(0, len(rules) - 1)
    rule = dict(rules[place])
    if isinstance(rule.get("then"), str):
        rule["then"] = chance.choose(list(case.data["outcomes"]))
    elif "when" in rule:
        rule["when"] = ("not", rule["when"])
    return {**case.data, "decide": [*rules[:place], rule, *rules[place + 1 :]]}


def _contradict(chance: Chance, case: Case) -> tuple[Condition, Condition]:
    """Give two conditions that exclude each other; of a quantity they make a cut that nothing uses."""
    fact = chance.choose(case.facts)
    text = f"{fact.name} {'is' if fact.kind == 'choice' else 'has'} o0"
    if fact.kind not in ("choice", "many"):
        text = f"{fact.name} >= {_make_constant(chance, fact.kind, fact)}"
    return ("atom", text), ("not", ("atom", text))


def _rewrite_rules(chance: Chance, rules: list[dict[str, Any]], case: Case) -> list[dict[str, Any]]:
    changed: list[dict[str, Any]] = []
    for rule in rules:
        new = dict(rule)
        for key in ("when", "unless"):
            if key in new:
                new[key] = _rewrite_condition(chance, new[key])
        for key in ("decide", "otherwise"):
            if isinstance(new.get(key), list):
                new[key] = _rewrite_rules(chance, new[key], case)
        changed += _rewrite_rule(chance, new, case)
    for i in range(len(changed) - 2):
        one, other = changed[i : i + 2]
        if "then" in one and one.get("then") == other.get("then") and chance.is_one_in(2):
            changed[i : i + 2] = other, one
    if len(changed) > 1 and chance.is_one_in(4):
        cut = chance.number(1, len(changed) - 1)
        changed[cut:] = [{"otherwise": changed[cut:]}]
    return changed


def _rewrite_rule(chance: Chance, rule: dict[str, Any], case: Case) -> list[dict[str, Any]]:
    way = chance.choose(("keep", "split", "nest", "cut", "unless"))
    when = rule.get("when")
    rest = {key: part for key, part in rule.items() if key != "when"}
    if when is None:
        return [rule]
    if way == "split" and when[0] == "or":
        return [{"when": part, **rest} for part in when[1:]]
    if way == "cut":
        return [{"when": ("and", when, half), **rest} for half in _contradict(chance, case)]
    if way == "nest" and rule.get("then", "go-on") != "go-on":
        return [{key: part for key, part in rule.items() if key != "then"} | {"decide": [{"otherwise": rule["then"]}]}]
    if way == "unless" and "unless" in rule:
        return [{"when": ("and", when, ("not", rest.pop("unless"))), **rest}]
    return [rule]


def _rewrite_condition(chance: Chance, condition: Condition) -> Condition:
    kind, *parts = condition
    if kind != "atom":
        parts = [_rewrite_condition(chance, part) for part in parts]
    way = chance.choose(("keep", "keep", "twice", "swap", "morgan"))
    if way == "twice":
        return ("not", ("not", (kind, *parts)))
    if way == "swap" and kind in ("and", "or"):
        return (kind, *reversed(parts))
    if way == "morgan" and kind in ("and", "or"):
        return ("not", ("or" if kind == "and" else "and", *(("not", part) for part in parts)))
    return (kind, *parts)


# Partial answers ----------------------------------------------------------------------


@st.composite
def partial_answers(draw: st.DrawFn, case: Case) -> dict[str, str]:
    """Draw answers to some of the questions: whole ones, ranges, parts of a `many`, comparisons, and "not sure"."""
    chance = Chance(draw)
    answers: dict[str, str] = {}
    for fact in case.facts:
        way = chance.choose(("leave", "answer", "answer", "vague", "unsure"))
        if way == "answer":
            answers[fact.name] = chance.choose(fact.domain)
        elif way == "unsure":
            answers[fact.name] = "?"
        elif way == "vague" and fact.kind == "many":
            answers |= {f"{fact.name}.{option}": chance.choose(("yes", "no")) for option in chance.some(list(fact.spec["many"]))}
        elif way == "vague" and fact.kind != "choice":
            low, high = sorted(chance.number(0, len(fact.domain) - 1) for _ in range(2))
            text = f"{fact.domain[low] if low else ''}..{fact.domain[high] if high < len(fact.domain) - 1 else ''}"
            answers[fact.name] = text if text != ".." else f"{fact.domain[0]}.."
    answers |= {name: chance.choose(("yes", "no")) for name in case.comparisons if chance.is_one_in(4)}
    return {name: answers[name] for name in chance.some(list(answers), len(answers), len(answers))}


def list_completions(case: Case, answers: Mapping[str, str], truths: Any, limit: int = 5_000) -> Iterator[dict[str, str]]:
    """List the complete answers that keep to the partial ones. `truths(complete, let)` says how a comparison comes out."""
    domains = [[value for value in fact.domain if _keeps(fact, value, answers)] for fact in case.facts]
    for values in itertools.islice(itertools.product(*domains), limit):
        complete = {fact.name: value for fact, value in zip(case.facts, values, strict=True)}
        if all(truths(complete, name) is (answers[name] == "yes") for name in case.comparisons if answers.get(name, "?") != "?"):
            yield complete


def _keeps(fact: Fact, value: str, answers: Mapping[str, str]) -> bool:
    text = answers.get(fact.name)
    if text == "?":
        return fact.spec.get("unsure", value) == value
    if text is not None and ".." in text:
        low, _, high = text.partition("..")
        place = fact.domain.index
        return (not low or place(low) <= place(value)) and (not high or place(value) <= place(high))
    if text is not None:
        return text == value
    chosen = value.split(",")
    return all((option in chosen) is (answers[f"{fact.name}.{option}"] == "yes")
               for option in fact.spec.get("many", ()) if f"{fact.name}.{option}" in answers)
