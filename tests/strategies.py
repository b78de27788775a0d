"""Random definitions: facts of every kind with few values, lets, nested rules, duties, checks; and ways to say the same."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import yaml
from hypothesis import strategies as st

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


# Facts ------------------------------------------------------------------------------


@st.composite
def facts(draw: st.DrawFn, name: str, small: bool, kinds: tuple[str, ...]) -> Fact:
    kind = draw(st.sampled_from(kinds))
    spec: dict[str, Any] = {"ask": f"What about {name}?"}
    most = 3 if small else 4
    if kind == "choice":
        options = [f"o{i}" for i in range(draw(st.integers(2, most)))]
        spec["options"] = {option: option.upper() for option in options}
        if draw(st.integers(0, 5)) == 0:
            spec["unsure"] = options[-1]
        return Fact(name, kind, spec, tuple(options))
    if kind == "many":
        options = [f"o{i}" for i in range(draw(st.integers(1, 2 if small else 3)))]
        spec |= {"many": {option: option.upper() for option in options}, "none": "None of these"}
        chosen = [c for n in range(len(options) + 1) for c in itertools.combinations(options, n)]
        return Fact(name, kind, spec, tuple(",".join(c) or "none" for c in chosen))
    count = draw(st.integers(2, 4 if small else 12))
    if kind == "date":
        days = [(START + timedelta(i)).isoformat() for i in range(count)]
        spec["date"] = {"from": days[0], "to": days[-1]}
        return Fact(name, kind, spec, tuple(days))
    step = draw(st.sampled_from((50, 100, 250)))
    first = draw(st.sampled_from((-200, 0, 100)))
    values = [_amount(first + i * step) for i in range(count)]
    spec[kind] = {"from": values[0], "to": values[-1], "step": _amount(step)}
    return Fact(name, kind, spec, tuple(values))


def _amount(hundredths: int) -> str:
    sign, (whole, part) = "-" if hundredths < 0 else "", divmod(abs(hundredths), 100)
    return f"{sign}{whole}" + (f".{part:02}".rstrip("0") if part else "")


# Conditions ---------------------------------------------------------------------------


@st.composite
def atoms(draw: st.DrawFn, given: tuple[Fact, ...], terms: tuple[tuple[str, str], ...], names: tuple[str, ...]) -> Condition:
    """Draw a smallest condition over facts, quantities that `let` names (name, kind) and conditions that it names."""
    if names and draw(st.integers(0, 3)) == 0:
        return ("atom", draw(st.sampled_from(names)))
    if terms and draw(st.integers(0, 4)) == 0:
        name, kind = draw(st.sampled_from(terms))
        return ("atom", f"{name} {draw(st.sampled_from(ORDER))} {draw(_constants(kind))}")
    fact = draw(st.sampled_from(given))
    if fact.kind == "choice":
        options = list(fact.spec["options"])
        if draw(st.booleans()):
            return ("atom", f"{fact.name} {draw(st.sampled_from(('is', 'is not')))} {draw(st.sampled_from(options))}")
        some = draw(st.lists(st.sampled_from(options), min_size=1, max_size=3, unique=True))
        return ("atom", f"{fact.name} in ({', '.join(some)})")
    if fact.kind == "many":
        options = list(fact.spec["many"])
        some = draw(st.lists(st.sampled_from([*options, "none"]), min_size=1, max_size=3, unique=True))
        return ("atom", draw(st.sampled_from((
            f"{fact.name} has {some[0]}", f"{fact.name} in ({', '.join(some)})",
            f"{fact.name} is none", f"{fact.name} is not none",
        ))) if some[0] != "none" else f"{fact.name} in ({', '.join(some)})")
    return ("atom", f"{draw(_quantities(fact))} {draw(st.sampled_from(ORDER))} {draw(_constants(fact.kind, fact))}")


@st.composite
def _quantities(draw: st.DrawFn, fact: Fact) -> str:
    if draw(st.booleans()):
        return fact.name
    if fact.kind == "date":
        moved = draw(st.sampled_from((
            "+ 1 day", "- 2 days", "+ 1 week", "+ 1 month", "- 1 month", "+ 1 working day", "+ 3 working days", "- 2 working days",
        )))
        return draw(st.sampled_from((f"{fact.name} {moved}", f"end of month ({fact.name} {moved})")))
    return f"{fact.name} {draw(st.sampled_from('+-'))} {draw(st.sampled_from(('1', '0.5', '2 + 1')))}"


def _constants(kind: str, fact: Fact | None = None) -> st.SearchStrategy[str]:
    if kind == "date":
        near = st.integers(-3, 40).map(lambda n: (START + timedelta(n)).isoformat())
        return st.one_of(st.sampled_from(fact.domain), near) if fact else near
    if kind == "days":
        return st.sampled_from(("0", "1", "2 + 1", "5"))
    # A number below nothing can only be written as a difference.
    known = [v if not v.startswith("-") else f"0 - {v[1:]}" for v in (fact.domain if fact else ("-1", "0", "0.5", "1", "2", "4"))]
    return st.sampled_from([*known, "0.75"])


def conditions(atom: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    return st.recursive(atom, lambda inner: st.one_of(
        inner.map(lambda c: ("not", c)), st.tuples(st.sampled_from(("and", "or")), inner, inner),
    ), max_leaves=4)


# Definitions --------------------------------------------------------------------------


@st.composite
def cases(draw: st.DrawFn, small: bool = False, comparing: bool = True, checking: bool = True) -> Case:
    kinds = ("choice", "choice", "many", "number", "money", "date") + (("date", "number") if comparing else ())
    given = tuple(draw(facts(f"f{i}", small, kinds)) for i in range(draw(st.integers(1, 3 if small else 4))))
    lets: dict[str, Any] = {}
    terms: list[tuple[str, str]] = []
    for fact in given:
        if fact.kind in ("date", "number", "money") and draw(st.integers(0, 2)) == 0:
            name = f"t{len(terms)}"
            difference = fact.kind == "date" and draw(st.booleans())
            lets[name] = f"{fact.name} - {START.isoformat()}" if difference else draw(_quantities(fact))
            terms.append((name, "days" if difference else fact.kind))
    compared: list[str] = []
    pairs = [(a, b) for a, b in itertools.permutations(given, 2) if a.kind == b.kind and a.kind in ("date", "number", "money")]
    for number in range(draw(st.integers(0, 2)) if pairs and comparing else 0):
        one, other = draw(st.sampled_from(pairs))
        text = f"{draw(_quantities(one))} {draw(st.sampled_from(ORDER))} {draw(_quantities(other))}"
        if draw(st.integers(0, 3)) == 0:
            text += f" {draw(st.sampled_from(('and', 'or')))} {one.name} < {draw(_constants(one.kind, one))}"
        lets[f"k{number}"] = {"is": text, "ask": f"Is it so with k{number}?"}
        compared.append(f"k{number}")
    plain = atoms(given, tuple(terms), tuple(compared))
    names = list(compared)
    for number in range(draw(st.integers(0, 2))):
        lets[f"c{number}"] = draw(conditions(plain))
        names.append(f"c{number}")
        plain = atoms(given, tuple(terms), tuple(names))
    condition = conditions(plain)
    outcomes = {f"e{i}": _outcome(draw, i, terms) for i in range(draw(st.integers(1, 4)))}
    data: dict[str, Any] = {"tree": "t", "ask": "What now?", "facts": {fact.name: fact.spec for fact in given}}
    if lets:
        data["let"] = lets
    if checking and draw(st.integers(0, 3)) == 0:
        data["check"] = [{"when": draw(condition), "say": "That can't be."}]
    data["decide"] = draw(_rules(condition, tuple(outcomes), 0))
    data["outcomes"] = outcomes
    duties = [draw(_duties(condition, tuple(outcomes))) for _ in range(draw(st.integers(0, 3)))]
    if duties:
        data["also"] = duties
    return Case(given, data, tuple(compared))


def _outcome(draw: st.DrawFn, number: int, terms: list[tuple[str, str]]) -> dict[str, Any]:
    verdict = draw(st.sampled_from(VERDICTS))
    shown = f" By {{{terms[0][0]}}}." if terms and draw(st.booleans()) else ""
    return {"verdict": verdict, "say": f"End {number}.{shown}"} | ({"to": "the Clerk"} if verdict == "refer" else {})


@st.composite
def _rules(draw: st.DrawFn, condition: st.SearchStrategy[Condition], outcomes: tuple[str, ...], depth: int) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(0 if depth else 1, 2 if depth else 3))):
        rule: dict[str, Any] = {"when": draw(condition)}
        if draw(st.integers(0, 4)) == 0:
            rule["unless"] = draw(condition)
        if depth < 2 and draw(st.integers(0, 3)) == 0:
            rule["decide"] = draw(_rules(condition, outcomes, depth + 1))
        else:
            rule["then"] = draw(st.sampled_from(outcomes if not depth or draw(st.booleans()) else (*outcomes, "go-on")))
        rules.append(rule)
    last = draw(st.sampled_from((*outcomes, "go-on") if depth else outcomes))
    return [*rules, {"otherwise": last}]


@st.composite
def _duties(draw: st.DrawFn, condition: st.SearchStrategy[Condition], outcomes: tuple[str, ...]) -> dict[str, Any]:
    duty: dict[str, Any] = {"say": "Do that too."}
    if draw(st.booleans()):
        duty["when"] = draw(condition)
    if draw(st.integers(0, 3)) == 0:
        duty["unless"] = draw(condition)
    if draw(st.booleans()):
        duty["for"] = draw(st.lists(st.sampled_from(("any", *VERDICTS, *outcomes)), min_size=1, max_size=2, unique=True))
    if draw(st.integers(0, 3)) == 0:
        duty["ask"] = "true"
    return duty


# Saying the same in other words -------------------------------------------------------


@st.composite
def rewritten(draw: st.DrawFn, case: Case) -> dict[str, Any]:
    """Draw a definition that means the same: a few rewrites, each at a random place."""
    data = {**case.data, "decide": draw(_rewrite_rules(case.data["decide"], case))}
    if draw(st.booleans()):
        rule = {"when": ("and", *_contradiction(draw, case)), "then": next(iter(case.data["outcomes"]))}
        data["decide"] = [rule, *data["decide"]]
    return data


def _contradiction(draw: st.DrawFn, case: Case) -> tuple[Condition, Condition]:
    """Draw two conditions that exclude each other; of a quantity they make a cut that nothing uses."""
    fact = draw(st.sampled_from(case.facts))
    text = f"{fact.name} >= {draw(_constants(fact.kind, fact))}"
    if fact.kind in ("choice", "many"):
        text = f"{fact.name} {'is' if fact.kind == 'choice' else 'has'} o0"
    return ("atom", text), ("not", ("atom", text))


@st.composite
def _rewrite_rules(draw: st.DrawFn, rules: list[dict[str, Any]], case: Case) -> list[dict[str, Any]]:
    changed: list[dict[str, Any]] = []
    for rule in rules:
        new = dict(rule)
        for key in ("when", "unless"):
            if key in new:
                new[key] = draw(_rewrite_condition(new[key]))
        if "decide" in new:
            new["decide"] = draw(_rewrite_rules(new["decide"], case))
        changed += draw(_rewrite_rule(new, case))
    for i in range(len(changed) - 2):
        one, other = changed[i : i + 2]
        if "then" in one and one.get("then") == other.get("then") and draw(st.booleans()):
            changed[i : i + 2] = other, one
    if len(changed) > 1 and draw(st.integers(0, 3)) == 0:
        cut = draw(st.integers(1, len(changed) - 1))
        if not any(_falls(rule) for rule in changed[cut:]):
            changed[cut:] = [{"otherwise": changed[cut:]}]
    return changed


def _falls(rule: dict[str, Any]) -> bool:
    ends = [rule.get("then"), rule.get("otherwise")]
    nested = [inner for key in ("decide", "otherwise") if isinstance(rule.get(key), list) for inner in rule[key]]
    return "go-on" in ends or any(_falls(inner) for inner in nested)


@st.composite
def _rewrite_rule(draw: st.DrawFn, rule: dict[str, Any], case: Case) -> list[dict[str, Any]]:
    way = draw(st.sampled_from(("keep", "keep", "split", "nest", "cut", "unless")))
    when = rule.get("when")
    if when is None or (way == "unless" and "unless" not in rule):
        return [rule]
    rest = {key: part for key, part in rule.items() if key != "when"}
    if way == "split" and when[0] == "or":
        return [{"when": part, **rest} for part in when[1:]]
    if way == "cut":
        one, other = _contradiction(draw, case)
        return [{"when": ("and", when, one), **rest}, {"when": ("and", when, other), **rest}]
    if way == "nest" and rule.get("then", "go-on") != "go-on":
        return [{key: part for key, part in rule.items() if key != "then"} | {"decide": [{"otherwise": rule["then"]}]}]
    if way == "unless":
        return [{"when": ("and", when, ("not", rule["unless"])), **{k: v for k, v in rest.items() if k != "unless"}}]
    return [rule]


@st.composite
def _rewrite_condition(draw: st.DrawFn, condition: Condition) -> Condition:
    kind, *parts = condition
    if kind != "atom":
        parts = [draw(_rewrite_condition(part)) for part in parts]
    way = draw(st.sampled_from(("keep", "keep", "twice", "swap", "morgan")))
    if way == "twice":
        return ("not", ("not", (kind, *parts)))
    if way == "swap" and kind in ("and", "or"):
        return (kind, *reversed(parts))
    if way == "morgan" and kind in ("and", "or"):
        return ("not", ("or" if kind == "and" else "and", *(("not", part) for part in parts)))
    return (kind, *parts)


@st.composite
def varied(draw: st.DrawFn, case: Case) -> list[dict[str, Any]]:
    """Draw rules that may mean something else: one of the outcomes or one of the conditions is another."""
    rules = draw(_rewrite_rules(case.data["decide"], case))
    place = draw(st.integers(0, len(rules) - 1))
    rule = dict(rules[place])
    if isinstance(rule.get("then"), str) and rule["then"] != "go-on":
        rule["then"] = draw(st.sampled_from(list(case.data["outcomes"])))
    elif "when" in rule:
        rule["when"] = ("not", rule["when"])
    return [*rules[:place], rule, *rules[place + 1 :]]


# Partial answers ----------------------------------------------------------------------


@st.composite
def partial_answers(draw: st.DrawFn, case: Case, unsure: bool) -> dict[str, str]:
    """Draw answers to some of the questions: whole ones, ranges, parts of a `many`, comparisons, and "not sure"."""
    answers: dict[str, str] = {}
    for fact in case.facts:
        way = draw(st.sampled_from(("leave", "answer", "answer", "vague", "unsure" if unsure else "leave")))
        if way == "answer":
            answers[fact.name] = draw(st.sampled_from(fact.domain))
        elif way == "unsure":
            answers[fact.name] = "?"
        elif way == "vague" and fact.kind == "many":
            for option in draw(st.lists(st.sampled_from(list(fact.spec["many"])), unique=True)):
                answers[f"{fact.name}.{option}"] = draw(st.sampled_from(("yes", "no")))
        elif way == "vague" and fact.kind != "choice":
            low, high = sorted(draw(st.lists(st.integers(0, len(fact.domain) - 1), min_size=2, max_size=2)))
            text = f"{fact.domain[low] if low else ''}..{fact.domain[high] if high < len(fact.domain) - 1 else ''}"
            answers[fact.name] = text if text != ".." else f"{fact.domain[0]}.."
    for name in case.comparisons:
        if draw(st.integers(0, 3)) == 0:
            answers[name] = draw(st.sampled_from(("yes", "no")))
    order = draw(st.permutations(list(answers)))
    return {name: answers[name] for name in order}


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
