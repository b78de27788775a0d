"""A checked decision tree and its diagram, as plain frozen values, and their JSON."""

from __future__ import annotations

import dataclasses
import typing
from dataclasses import dataclass, field
from functools import cached_property

from decision_trees.runtime import conditions
from decision_trees.runtime.calendar import Calendar
from decision_trees.runtime.conditions import Condition, Let, Span
from decision_trees.runtime.diagram import Space

VERDICTS = ("yes", "yes-if", "no", "refer", "silent")
UNSURE = "?"
"""The answer of a reader who is not sure."""
NONE = "none"
"""The answer of a reader who chooses none of many."""
GO_ON = "go-on"
"""What a nested `decide` ends in when the rules after it are to decide."""
HUNDRED = 100
"""Numbers and money are held in hundredths, so that they stay whole."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A link from a tree to a provision, with the words of it that decide, if named."""

    provision: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """An admissible value of a fact."""

    name: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One named, typed thing about the case.

    `kind` is choice, many, number, money or date. `low`, `high` and `step` bound a
    quantity: days for dates, hundredths for the others. `none` labels the empty
    choice of a `many`; `unsure` names the option that stands for "not sure".
    """

    name: str
    kind: str
    ask: str
    hint: str = ""
    options: tuple[Option, ...] = ()
    none: str = ""
    low: int = 0
    high: int = 0
    step: int = 1
    unit: str = ""
    today: bool = False
    unsure: str = ""
    why: str = ""
    cite: tuple[Citation, ...] = ()

    def option(self, name: str) -> Option:
        """Give the option of that name. Raises KeyError."""
        for option in self.options:
            if option.name == name:
                return option
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Rule:
    """If `when` holds, `then` decides: an outcome, `go-on`, or nested rules. No `when`: otherwise."""

    when: Condition | None
    then: str = ""
    rules: tuple[Rule, ...] = ()
    cite: tuple[Citation, ...] = ()
    number: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict and what it means. `brief` says it in a few words, `to` names who decides."""

    name: str
    verdict: str
    say: str
    brief: str = ""
    to: str = ""
    note: str = ""
    cite: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that comes with some outcomes, where `when` holds.

    `words` introduce it where its condition is left open ("If you go alone").
    `ask` makes the condition worth a question of its own after the outcome.
    """

    say: str
    outcomes: tuple[str, ...]
    when: Condition | None = None
    ask: bool = False
    words: str = ""
    group: str = ""
    cite: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """Answers for which `when` holds are impossible, and `say` tells the reader why."""

    when: Condition
    say: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Whom the protocol names for doubt, and where."""

    to: str
    cite: str = ""


@dataclass(frozen=True)
class Tree:
    """The checked model of one question that an edition answers. `id` is edition/topic."""

    edition: str
    topic: str
    ask: str
    roles: tuple[str, ...]
    facts: tuple[Fact, ...]
    lets: tuple[Let, ...]
    rules: tuple[Rule, ...]
    outcomes: tuple[Outcome, ...]
    duties: tuple[Duty, ...] = ()
    checks: tuple[Check, ...] = ()
    about: str = ""
    doubt: Doubt | None = None
    calendar: Calendar | None = None

    @property
    def id(self) -> str:
        """The permanent id, `nottingham/attend-group-meeting`."""
        return f"{self.edition}/{self.topic}"

    @cached_property
    def fact_of(self) -> dict[str, Fact]:
        """Facts by name."""
        return {fact.name: fact for fact in self.facts}

    @cached_property
    def let_of(self) -> dict[str, Let]:
        """Lets by name."""
        return {let.name: let for let in self.lets}

    @cached_property
    def outcome_of(self) -> dict[str, Outcome]:
        """Outcomes by name."""
        return {outcome.name: outcome for outcome in self.outcomes}

    @cached_property
    def bounds(self) -> dict[str, Span]:
        """The least and greatest admissible value of each quantity."""
        return {f.name: (f.low, f.high) for f in self.facts if f.kind in ("number", "money", "date")}

    def scope(self, values: conditions.Values) -> conditions.Scope:
        """Give what conditions are judged by, for these values."""
        return conditions.Scope(values, self.bounds, self.let_of, self.calendar)


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the diagram.

    `kind` is choice (cells are options), member (one option of a `many`: cells are
    no and yes), interval (cells are spans of a quantity) or comparison (a `let`
    over two facts: cells are no and yes). `fact` is what the reader is asked for.
    """

    name: str
    kind: str
    fact: str
    options: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()

    @property
    def size(self) -> int:
        """The number of cells."""
        return len(self.options) or len(self.spans) or 2


@dataclass(frozen=True)
class Diagram:
    """The tree compiled to its canonical decision diagram.

    `nodes` lists (level, *children), children first; the terminals come first of
    all and are (-1, i) for outcome i. `root` decides; `duties` has for each duty
    the node that is true (terminal `yes`) where the duty's condition holds.
    """

    tree: Tree
    variables: tuple[Variable, ...]
    nodes: tuple[tuple[int, ...], ...]
    root: int
    states: int = 0
    longest: tuple[int, ...] = field(default=())

    @cached_property
    def level_of(self) -> dict[str, int]:
        """Levels by variable name."""
        return {variable.name: level for level, variable in enumerate(self.variables)}

    @cached_property
    def loaded(self) -> tuple[Space, int]:
        """The diagram as a space of nodes that can be restricted, and its root."""
        space = Space([variable.size for variable in self.variables])
        known: list[int] = []
        for level, *rest in self.nodes:
            if level < 0:
                known.append(space.end(self.tree.outcomes[rest[0]].name))
            else:
                known.append(space.node(level, tuple(known[child] for child in rest)))
        return space, known[self.root]


@dataclass(frozen=True, slots=True)
class Grouping:
    """How an edition's fact follows from a shared one: each of its options stands for some shared values.

    Without `groups` the shared value is taken over as it is: quantities, and options of the same names.
    """

    edition: str
    fact: str
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class SharedFact:
    """A fact that several editions ask for, with the finest values that any of them tells apart."""

    fact: Fact
    groupings: tuple[Grouping, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question put to several editions at once. `case` is the one shown first: answers by shared fact."""

    topic: str
    editions: tuple[str, ...]
    facts: tuple[SharedFact, ...]
    case: tuple[tuple[str, str], ...] = ()


# JSON ---------------------------------------------------------------------------

_CLASSES: dict[str, type] = {
    c.__name__: c
    for c in (
        Citation, Option, Fact, Rule, Outcome, Duty, Check, Doubt, Tree, Variable, Diagram, Calendar, Let, Grouping, SharedFact, Comparison,
        conditions.Constant, conditions.Quantity, conditions.Named, conditions.Shift, conditions.Plus,
        conditions.MonthEnd, conditions.Is, conditions.Has, conditions.AtLeast, conditions.Ref,
        conditions.Not, conditions.All, conditions.Any,
    )
}


def to_data(value: object) -> object:
    """Turn a model value into JSON data: an object names its class under `is` and leaves defaults out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        data: dict[str, object] = {"is": type(value).__name__}
        for each in dataclasses.fields(value):
            part = getattr(value, each.name)
            if part != each.default:
                data[each.name] = to_data(part)
        return data
    if isinstance(value, (tuple, list)):
        return [to_data(part) for part in value]
    return value


def from_data(data: object) -> typing.Any:
    """Turn what `to_data` made back into the model value. Raises KeyError and TypeError for other data."""
    if isinstance(data, dict):
        return _CLASSES[data["is"]](**{k: from_data(v) for k, v in data.items() if k != "is"})
    if isinstance(data, list):
        return tuple(from_data(part) for part in data)
    return data
