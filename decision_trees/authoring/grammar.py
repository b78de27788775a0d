"""The language of conditions, read by hand into a small syntax tree.

    condition  = both { "or" both }
    both       = single { "and" single }
    single     = "not" single | "(" condition ")" | choice | comparison | NAME
    choice     = NAME ( "is" [ "not" ] OPTION | "in" "(" OPTION { "," OPTION } ")" | "in" SET | "has" OPTION )
    comparison = quantity ( "<" | "<=" | ">" | ">=" | "is" [ "not" ] ) quantity
    quantity   = part { ( "+" | "-" ) ( part | NUMBER unit ) }
    part       = NAME | NUMBER | DATE | "end" "of" "month" "(" quantity ")"
    unit       = "day[s]" | "week[s]" | "month[s]" | "working" "day[s]"

Minus needs spaces round it: `end-start` is one name. Nothing is ever evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from decision_trees.authoring.findings import Finding, Span, suggest
from decision_trees.runtime import calendar as days
from decision_trees.runtime.conditions import (
    All, Any, AtLeast, Condition, Constant, Has, Is, Let, MonthEnd, Named, Not, Plus, Quantity, Ref, Shift, Term,
)
from decision_trees.runtime.model import HUNDRED, NONE, Fact

_TOKEN = re.compile(r"(\d{4}-\d\d-\d\d)(?![\w-])|(\d+(?:\.\d+)?)(?![\w.])|([A-Za-z][A-Za-z0-9-]*)|(<=|>=|<|>|\(|\)|,|\+|-)")
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,2})?", re.ASCII)
_COUNT = re.compile(r"\d{1,5}", re.ASCII)
_UNITS = {"day": "days", "days": "days", "week": "weeks", "weeks": "weeks", "month": "months", "months": "months"}
_ORDER = ("<", "<=", ">", ">=")
DEEPEST = 40
LARGEST = 2_000
"""Parts that one condition may have, those of the `let`s that it names counted in: they are read each time."""
Extent = tuple[int, int]
QUANTITIES = ("number", "money", "date")
_INSTEAD = {
    "=": "Write `is`, or `>=` and `<=`.", "!": "Write `not`, or `is not`.", "≠": "Write `is not`.", "≥": "Write `>=`.",
    "≤": "Write `<=`.", "&": "Write `and`.", "|": "Write `or`.", "_": "Names have hyphens: `rent-arrears`.",
    "£": "Write the figures alone: 500.", "–": "Write `-`, with a space on either side.",
    "/": "Write a date as year, month and day: 2026-11-22.", **dict.fromkeys("\"'“”‘’", "Options stand without quotation marks."),
}
_SAID = {
    "constant": "a number", "number": "a number", "money": "a sum of money", "date": "a date", "days": "a count of days",
}


class Mistake(Exception):
    """Carries a finding out of the parser."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, date or sign, with its place in the text."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The column after it."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Names:
    """What a condition may name. `sets` are named lists of options, `later` what is declared below and can't be used yet."""

    facts: Mapping[str, Fact]
    lets: Mapping[str, Let]
    sets: Mapping[str, tuple[str, ...]]
    later: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Typed:
    """A quantity with its kind: number, money, date, or days (one date less another)."""

    term: Term
    kind: str
    start: int
    end: int


def parse_condition(text: str, span: Span, names: Names) -> Condition:
    """Read a condition. Raises Mistake with a finding at the word that can't be read."""
    parser = _Parser(text, span, names)
    condition = parser.read_condition(0)
    parser.expect_end()
    return condition


def parse_quantity(text: str, span: Span, names: Names) -> Typed:
    """Read a quantity. Raises Mistake."""
    parser = _Parser(text, span, names)
    quantity = parser.read_quantity(0)
    parser.expect_end()
    return quantity


def is_quantity(text: str, names: Names) -> bool:
    """Say whether a `let` names a quantity and not a condition: it begins like one and compares nothing."""
    tokens = [match[0] for match in _TOKEN.finditer(text)]
    if not tokens or any(t in (*_ORDER, "is", "in", "has", "and", "or", "not") for t in tokens):
        return False
    first = names.facts.get(tokens[0])
    let = names.lets.get(tokens[0])
    if first is not None:
        return first.kind in QUANTITIES
    if let is not None:
        return let.term is not None
    return tokens[0] == "end" or tokens[0][0].isdigit()


def measure(part: Condition | Term, lets: Mapping[str, Extent]) -> Extent:
    """Give how many parts a condition or a quantity has and how deep they are nested, through every `let`."""
    match part:
        case Ref(name) | Named(name):
            inner = [lets[name]]
        case Not(each) | Shift(each, _, _) | MonthEnd(each):
            inner = [measure(each, lets)]
        case AtLeast(left, right) | Plus(left, _, right):
            inner = [measure(left, lets), measure(right, lets)]
        case All(parts) | Any(parts):
            inner = [measure(each, lets) for each in parts]
        case _:
            return 1, 1
    return 1 + sum(size for size, _ in inner), 1 + max(depth for _, depth in inner)


def to_hundredths(text: str) -> int:
    """Read a number with at most two decimals as hundredths. Raises ValueError."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    whole, _, part = text.partition(".")
    return int(whole) * HUNDRED + int(part.ljust(2, "0") or 0)


class _Parser:
    def __init__(self, text: str, span: Span, names: Names) -> None:
        self.text, self.span, self.names = text, span, names
        self.tokens: list[Token] = []
        self.at = 0
        position = 0
        while position < len(text):
            if text[position].isspace():
                position += 1
                continue
            match = _TOKEN.match(text, position)
            if match is None:
                raise self.mistake("syntax", position, 1, f"“{text[position]}” has no meaning in a condition.", _INSTEAD.get(
                    text[position], "Conditions are made of names, `is`, `in`, `has`, `<`, `>=`, `and`, `or`, `not`."))
            kind = "date" if match[1] else "number" if match[2] else "word" if match[3] else "sign"
            self.tokens.append(Token(kind, match[0], position))
            position = match.end()

    # Reading -----------------------------------------------------------------------

    def read_condition(self, depth: int) -> Condition:
        parts = [self.read_both(depth)]
        while self.take("or"):
            parts.append(self.read_both(depth))
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def read_both(self, depth: int) -> Condition:
        parts = [self.read_single(depth)]
        while self.take("and"):
            parts.append(self.read_single(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def read_single(self, depth: int) -> Condition:
        if depth > DEEPEST:
            raise self.mistake_here("too-large", f"This condition is nested more than {DEEPEST} deep.",
                                    "Name a part of it with `let`.")
        if self.take("not"):
            return Not(self.read_single(depth + 1))
        if self.take("("):
            condition = self.read_condition(depth + 1)
            self.expect(")", "the bracket to be closed")
            return condition
        token = self.peek()
        if token is None or token.kind == "sign":
            raise self.mistake_here("syntax", "Here a condition should begin.", "It begins with the name of a fact or a `let`, with `not` or with `(`.")
        fact = self.names.facts.get(token.text)
        let = self.names.lets.get(token.text)
        if let is not None and let.condition is not None:
            self.at += 1
            return Ref(let.name)
        if fact is not None and fact.kind in ("choice", "many"):
            return self.read_choice(fact)
        return self.read_comparison(depth)

    def read_choice(self, fact: Fact) -> Condition:
        self.at += 1
        token = self.peek()
        if self.take("is"):
            negated = self.take("not")
            if fact.kind == "many" and not (self.peek() and self.tokens[self.at].text == NONE):
                raise self.mistake_here("type-error", f"Of `{fact.name}` any number can be chosen; it is not one option.",
                                        f"Write `{fact.name} has ...`, or `{fact.name} is none`.")
            condition = self.make_choice(fact, (self.read_option(fact),))
            return Not(condition) if negated else condition
        if self.take("in"):
            return self.make_choice(fact, self.read_options(fact))
        if self.take("has"):
            if fact.kind != "many":
                raise self.mistake_at("type-error", token, f"Of `{fact.name}` one option is chosen.",
                                      f"Write `{fact.name} is ...`.")
            return Has(fact.name, (self.read_option(fact),))
        wanted = "`has`, `in` or `is none`" if fact.kind == "many" else "`is`, `is not` or `in`"
        if token is not None and token.text in (*_ORDER, "+", "-"):
            raise self.mistake_at("type-error", token, f"`{fact.name}` is a choice, and choices have no order.",
                                  f"After it comes {wanted}.")
        verb = "has" if fact.kind == "many" else "is"
        raise self.mistake_here("syntax", f"After `{fact.name}` comes {wanted}.",
                                f"Write `{fact.name} {verb} {fact.options[0].name if fact.options else '...'}`.")

    def make_choice(self, fact: Fact, options: tuple[str, ...]) -> Condition:
        if fact.kind == "choice":
            return Is(fact.name, options)
        every = Not(Has(fact.name, tuple(option.name for option in fact.options)))
        some = tuple(option for option in options if option != NONE)
        if not some:
            return every
        return Any((Has(fact.name, some), every)) if NONE in options else Has(fact.name, some)

    def read_options(self, fact: Fact) -> tuple[str, ...]:
        token = self.peek()
        if token is not None and token.text in self.names.sets:
            self.at += 1
            options = self.names.sets[token.text]
            known = [option.name for option in fact.options]
            if strange := [option for option in options if option not in known]:
                raise self.mistake_at("unknown-option", token, f"`{fact.name}` has no option `{strange[0]}`, which the set `{token.text}` names.",
                                      suggest(strange[0], known))
            return options
        self.expect("(", "a list of options in brackets")
        options = (self.read_option(fact),)
        while self.take(","):
            options += (self.read_option(fact),)
        self.expect(")", "the list to be closed")
        return options

    def read_option(self, fact: Fact) -> str:
        token = self.peek()
        known = [option.name for option in fact.options]
        if fact.kind == "many":
            known.append(NONE)
        if token is None or token.kind == "sign":
            raise self.mistake_here("syntax", f"Here an option of `{fact.name}` should stand.", suggest("", known))
        if token.text not in known:
            raise self.mistake_at("unknown-option", token, f"`{fact.name}` has no option `{token.text}`.",
                                  suggest(token.text, known))
        self.at += 1
        return token.text

    def read_comparison(self, depth: int) -> Condition:
        left = self.read_quantity(depth)
        token = self.peek()
        if token is not None and token.text == "is":
            self.at += 1
            negated = self.take("not")
            right = self.read_quantity(depth)
            left, right = self.align(left, right)
            equal = All((AtLeast(left.term, right.term), AtLeast(right.term, left.term)))
            return Not(equal) if negated else equal
        if token is None or token.text not in _ORDER:
            raise self.mistake_here("syntax", "Here a comparison should go on with `<`, `<=`, `>`, `>=` or `is`.",
                                    f"Write `{self.text[left.start : left.end]} >= ...`, with a quantity after it.")
        self.at += 1
        left, right = self.align(left, self.read_quantity(depth))
        match token.text:
            case ">=":
                return AtLeast(left.term, right.term)
            case "<=":
                return AtLeast(right.term, left.term)
            case "<":
                return Not(AtLeast(left.term, right.term))
            case _:
                return Not(AtLeast(right.term, left.term))

    def read_quantity(self, depth: int) -> Typed:
        total = self.read_part(depth)
        while (sign := self.peek()) is not None and sign.text in ("+", "-"):
            depth += 1
            if depth > DEEPEST:
                raise self.mistake_at("too-large", sign, f"This adds more than {DEEPEST} quantities.", "Name a part of it with `let`.")
            self.at += 1
            factor = 1 if sign.text == "+" else -1
            unit = self.read_unit()
            if unit is not None:
                if total.kind != "date":
                    raise self.mistake_at("type-error", sign, f"Only a date can be moved by {unit[1]}, and this is {_SAID[total.kind]}.",
                                          "Write the number alone, without its unit.")
                total = Typed(Shift(total.term, factor * unit[0], unit[1]), "date", total.start, self.last_end())
                continue
            part = self.read_part(depth)
            total = self.add(total, factor, part, sign)
        return total

    def add(self, left: Typed, factor: int, right: Typed, sign: Token) -> Typed:
        kind = left.kind
        if left.kind == right.kind == "date" and factor < 0:
            kind = "days"
        elif left.kind == "date" or right.kind == "date":
            raise self.mistake_at("type-error", sign, "Two dates can be subtracted, and a date can be moved by days, "
                                  "weeks, months or working days; nothing else.",
                                  "Say what to move it by: `received + 10 working days`.")
        else:
            left, right = self.align(left, right)
            kind = right.kind if left.kind == "constant" else left.kind
            if isinstance(left.term, Constant) and isinstance(right.term, Constant):
                return Typed(Constant(left.term.value + factor * right.term.value), kind, left.start, right.end)
        return Typed(Plus(left.term, factor, right.term), kind, left.start, right.end)

    def read_unit(self) -> tuple[int, str] | None:
        number, word = self.peek(), self.peek(1)
        if number is None or number.kind != "number" or word is None:
            return None
        after = self.peek(2)
        if word.text == "working" and after is not None and after.text in ("day", "days"):
            unit, width = "working days", 3
        elif word.text in _UNITS:
            unit, width = _UNITS[word.text], 2
        else:
            return None
        if not _COUNT.fullmatch(number.text) or int(number.text) > 10_000:
            raise self.mistake_at("wrong-value", number, f"`{number.text}` is not a count of {unit} that can be used here.",
                                  "Use a whole number up to 10000.")
        self.at += width
        return int(number.text), unit

    def read_part(self, depth: int) -> Typed:
        token = self.peek()
        if token is None or token.kind == "sign":
            raise self.mistake_here("syntax", "Here a number, a date or a name should stand.",
                                    "Write a name, figures like 1500 or a date like 2026-11-22.")
        self.at += 1
        if token.kind == "date":
            try:
                return Typed(Constant(days.parse_day(token.text)), "date", token.start, token.end)
            except ValueError:
                raise self.mistake_at("wrong-value", token, f"`{token.text}` is not a day of the calendar.",
                                      "Write year, month and day: 2026-11-22.") from None
        if token.kind == "number":
            try:
                return Typed(Constant(to_hundredths(token.text)), "constant", token.start, token.end)
            except ValueError:
                raise self.mistake_at("wrong-value", token, f"`{token.text}` is too long a number.",
                                      "Use at most twelve digits and two decimals.") from None
        if token.text == "end" and self.take("of"):
            self.expect("month", "`end of month (...)`")
            self.expect("(", "`end of month (...)`")
            if depth > DEEPEST:
                raise self.mistake_at("too-large", token, f"This is nested more than {DEEPEST} deep.",
                                      "Name a part of it with `let`.")
            inner = self.read_quantity(depth + 1)
            self.expect(")", "the bracket to be closed")
            if inner.kind != "date":
                raise self.mistake_at("type-error", token, "`end of month` takes a date.",
                                      "Put the name of a date in the brackets, or a date moved: `received + 3 months`.")
            return Typed(MonthEnd(inner.term), "date", token.start, self.last_end())
        fact, let = self.names.facts.get(token.text), self.names.lets.get(token.text)
        if fact is not None and fact.kind in QUANTITIES:
            return Typed(Quantity(fact.name), fact.kind, token.start, token.end)
        if let is not None and let.term is not None:
            return Typed(Named(let.name), let.kind, token.start, token.end)
        if fact is not None or let is not None:
            raise self.mistake_at("type-error", token, f"`{token.text}` is not a number, a sum of money or a date.",
                                  f"It is a choice: write `{token.text} is ...`." if fact is not None else
                                  "It is a condition: write it alone, or `not` before it.")
        raise self.mistake_at("unknown-name", token, f"No fact and no `let` is called `{token.text}`.", self.suggest_name(token.text))

    def suggest_name(self, name: str) -> str:
        if name in self.names.later:
            return "It is declared further down: a `let` can use only those above it."
        for fact in self.names.facts.values():
            if any(option.name == name for option in fact.options):
                return f"It is an option: write `{fact.name} {'has' if fact.kind == 'many' else 'is'} {name}`."
        return suggest(name, [*self.names.facts, *self.names.lets])

    def align(self, left: Typed, right: Typed) -> tuple[Typed, Typed]:
        """Bring two quantities to one kind: a bare number takes the kind of what it meets."""
        kinds = {left.kind, right.kind}
        if kinds == {"constant", "days"}:
            return self.to_days(left), self.to_days(right)
        if len(kinds) > 1 and not ("constant" in kinds and "date" not in kinds):
            raise self.mistake("type-error", right.start, right.end - right.start,
                               f"{_SAID[left.kind].capitalize()} can't be compared with {_SAID[right.kind]}.",
                               "Write a date like 2026-11-22." if "date" in kinds else "Compare like with like.")
        return left, right

    def to_days(self, quantity: Typed) -> Typed:
        if quantity.kind != "constant" or not isinstance(quantity.term, Constant):
            return quantity
        if quantity.term.value % HUNDRED:
            raise self.mistake("type-error", quantity.start, quantity.end - quantity.start, "Days are whole.",
                               "Write a whole number.")
        return Typed(Constant(quantity.term.value // HUNDRED), "days", quantity.start, quantity.end)

    # Tokens ------------------------------------------------------------------------

    def peek(self, ahead: int = 0) -> Token | None:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else None

    def take(self, text: str) -> bool:
        token = self.peek()
        if token is not None and token.text == text:
            self.at += 1
            return True
        return False

    def expect(self, text: str, what: str) -> None:
        if not self.take(text):
            raise self.mistake_here("syntax", f"Expected {what}.", f"Put `{text}` here.")

    def expect_end(self) -> None:
        token = self.peek()
        if token is not None:
            raise self.mistake_at("syntax", token, f"`{token.text}` is not expected here.",
                                  "A number has no commas: 1000. A list stands in brackets: `in (one, two)`."
                                  if token.text == "," else "Join conditions with `and` or `or`.")

    def last_end(self) -> int:
        return self.tokens[self.at - 1].end

    def mistake(self, code: str, start: int, length: int, message: str, hint: str = "") -> Mistake:
        return Mistake(Finding(code, self.span.move(start, length), message, hint))

    def mistake_at(self, code: str, token: Token | None, message: str, hint: str = "") -> Mistake:
        if token is None:
            return self.mistake_here(code, message, hint)
        return self.mistake(code, token.start, len(token.text), message, hint)

    def mistake_here(self, code: str, message: str, hint: str = "") -> Mistake:
        token = self.peek()
        if token is not None:
            return self.mistake(code, token.start, len(token.text), message, hint)
        return self.mistake(code, len(self.text), 1, message, hint)

