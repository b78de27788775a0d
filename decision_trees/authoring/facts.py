"""What a reader is asked: the facts of a definition, and the provisions that its parts cite."""

from __future__ import annotations

from dataclasses import dataclass

from decision_trees.authoring import grammar, keys
from decision_trees.authoring.findings import Span, suggest
from decision_trees.authoring.source import Mapping, Node, Reader, Sequence, Text
from decision_trees.runtime import calendar as days
from decision_trees.runtime.model import HUNDRED, NONE, Citation, Fact, Option


@dataclass(frozen=True, slots=True)
class ReadFact:
    """A fact, the places of its parts, and those of what it cites."""

    fact: Fact
    places: dict[str, Span]
    citations: dict[Citation, Span]


def read_fact(name: Text, node: Node, reader: Reader) -> ReadFact | None:
    """Read what stands under a fact's name, or note what is wrong with it."""
    what = f"The fact `{name.value}`"
    spec = reader.mapping(node, what, keys.FACT.names)
    if spec is None:
        return None
    kinds = [kind for kind in keys.KINDS if spec.get(kind) is not None]
    if len(kinds) != 1:
        reader.find("missing-key" if not kinds else "wrong-value", name.span,
                    f"{what} needs exactly one of `options`, `many`, `number`, `money`, `date`"
                    + (f"; here are {' and '.join(f'`{each}`' for each in kinds)}." if kinds else "."),
                    "They say how it is answered: one of some answers, any of them, or a quantity.")
        return None
    kind = "choice" if kinds[0] == "options" else kinds[0]
    for key, owner in (("none", "many"), ("unsure", "options")):
        if spec.get(key) is not None and kinds[0] != owner:
            reader.find("unknown-key", spec.key_span(key), f"`{key}` goes with `{owner}`, and this fact has `{kinds[0]}`.",
                        "Leave it out" + (", or make it an option." if kind in ("choice", "many") else "."))
    ask = reader.text(spec, "ask", required=what)
    places = {f"ask {name.value}": spec.value_span("ask")}
    hint, why, none = reader.text(spec, "hint"), reader.text(spec, "why"), reader.text(spec, "none")
    unsure = reader.text(spec, "unsure")
    citations = read_cite(spec, reader)
    cite = tuple(citations)
    if kind in ("choice", "many"):
        found = _read_options(name.value, spec.get(kinds[0]), kind == "many", reader)
        options = tuple(option for option, _ in found)
        places |= {f"option {name.value}.{option.name}": span for option, span in found}
        given = spec.get(kinds[0])
        if isinstance(given, Mapping) and len(given.entries) < (2 if kind == "choice" else 1):
            reader.find("wrong-value", name.span, f"{what} needs {'two options' if kind == 'choice' else 'an option'} at the least.",
                        "A question with one answer asks nothing: add the others, or leave the fact out.")
        if kind == "many" and not none:
            reader.find("missing-key", name.span, f"{what} can be answered with nothing, and `none` must say how.",
                        "Add `none: None of these`.")
        if unsure and unsure not in [option.name for option in options]:
            reader.find("unknown-option", spec.value_span("unsure"), f"{what} has no option `{unsure}`.",
                        suggest(unsure, [option.name for option in options]))
        return ReadFact(Fact(name.value, kind, ask, hint, options, none, unsure=unsure, why=why, cite=cite), places, citations)
    bounds = reader.mapping(spec.get(kind), f"`{kind}`", keys.BOUNDS.names)
    if bounds is None:
        return None
    default = reader.text(bounds, "default")
    if default and not (kind == "date" and default == "today"):
        reader.find("wrong-value", bounds.value_span("default"), "The only default is `today`, of a date.",
                    "Write `default: today`, or leave it out.")
    low, high = _read_bound(bounds, "from", kind, what, reader), _read_bound(bounds, "to", kind, what, reader)
    if low is None or high is None:
        return None
    step = {"date": 1, "number": HUNDRED, "money": 1}[kind]
    if bounds.get("step") is not None and kind != "date":
        wanted = _read_bound(bounds, "step", kind, what, reader)
        step = step if wanted is None else wanted
    if low >= high or step <= 0 or (high - low) % step:
        reader.find("wrong-value", bounds.span, f"{what} must run `from` a smaller value `to` a greater one, in whole steps.",
                    "Change `from`, `to` or `step`.")
        return None
    fact = Fact(name.value, kind, ask, hint, low=low, high=high, step=step, unit=reader.text(bounds, "unit"),
                today=bool(default), why=why, cite=cite)
    return ReadFact(fact, places, citations)


def _read_options(fact: str, node: Node | None, is_many: bool, reader: Reader) -> list[tuple[Option, Span]]:
    """Read the options of a fact, each with the place of its name."""
    mapping = reader.mapping(node, f"The options of `{fact}`")
    options: list[tuple[Option, Span]] = []
    for name, value in mapping.entries if mapping else ():
        if not keys.is_name(name.value) or name.value == "not":
            reader.find("wrong-value", name.span, f"`{name.value}` can't be an option's name.",
                        "Begin with a small letter and use small letters, digits and hyphens; not `not`. "
                        "The label may say anything.")
            continue
        if name.value == NONE and is_many:
            reader.find("wrong-value", name.span, "`none` is the answer of a reader who chooses nothing.",
                        "Give it words with `none:` beside `many`.")
            continue
        if isinstance(value, Text):
            options.append((Option(name.value, " ".join(value.value.split())), name.span))
            continue
        spec = reader.mapping(value, f"The option `{name.value}`", keys.OPTION.names)
        if spec is not None:
            label = reader.text(spec, "label", required=f"The option `{name.value}`")
            options.append((Option(name.value, label, reader.text(spec, "hint")), name.span))
    return options


def _read_bound(bounds: Mapping, key: str, kind: str, what: str, reader: Reader) -> int | None:
    text = reader.text(bounds, key, required=what)
    if not text:
        return None
    try:
        if kind == "date":
            return days.parse_day(text)
        value = grammar.to_hundredths(text.removeprefix("-"))
        return -value if text.startswith("-") else value
    except ValueError:
        wanted = "a date of the calendar" if kind == "date" else "a number with two decimals at most"
        reader.find("wrong-value", bounds.value_span(key), f"`{key}` must be {wanted}, not `{text}`.",
                         "Write year, month and day: 2026-11-22." if kind == "date" else "Write figures alone: 1500, 2.50.")
        return None


def read_cite(spec: Mapping, reader: Reader) -> dict[Citation, Span]:
    """Read what a part of a definition cites, each with its place."""
    node = spec.get("cite")
    found: list[tuple[Citation, Span]] = []
    if isinstance(node, Mapping):
        for name, _ in node.entries:
            found += [(Citation(name.value, " ".join(words.value.split())), _join(name.span, words.span))
                      for words in reader.texts(node, name.value)]
    else:
        found += [(Citation(text.value.strip()), text.span) for text in reader.texts(spec, "cite")]
    if isinstance(node, Sequence | Mapping) and not (node.items if isinstance(node, Sequence) else node.entries):
        found.append((Citation(""), node.span))
    citations: dict[Citation, Span] = {}
    for citation, span in found:
        if not citation.provision:
            reader.find("dangling-citation", span, "This citation names no provision.", "Name it, or leave `cite` out.")
        elif citation in citations:
            reader.find("key-twice", span, f"{citation.provision} is cited twice here.", "Keep one of the two.")
        else:
            citations[citation] = span
    return citations


def _join(first: Span, last: Span) -> Span:
    """Give the place of two things of one line with all between them; the last alone where it stands below."""
    return first._replace(length=last.column + last.length - first.column) if first.line == last.line else last
