"""YAML as the author wrote it: words stay words, and everything knows its place.

PyYAML gives the events; nothing is resolved, so `yes`, `no` and `6.30` are texts.
Aliases, tags, depth and size are bounded here, before anything else reads the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import yaml

from decision_trees.authoring.findings import TURNING, Finding, Span, suggest
from decision_trees.authoring.unreadable import explain_error, split_lines

LARGEST = 200_000
DEEPEST = 24
_TURNING = frozenset(TURNING)


_PIECE = re.compile(r"\S")
_PIECES = {"'": re.compile(r"''|\S"), '"': re.compile(r"\\(?:x..|u.{4}|U.{8}|[^\n])|\\?\n|\S")}
_BLANK = frozenset(["\\n", "\\t", "\\r", "\\ ", "\\_", "\\N", "\\L", "\\P", "\\\n", "\n"])


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar. `raw` is how it stands in the page: with its quotation marks, folds and escapes."""

    value: str
    span: Span
    raw: str = ""
    margin: int = 0
    """How far the lines of the text are indented in the page."""

    def locate(self, start: int, length: int) -> Span:
        """Give the place in the page of a part of the value."""
        offsets = self._list_offsets()
        before = len("".join(self.value[:start].split()))
        at = [*offsets, offsets[-1] + 1 if offsets else 0][min(before, len(offsets))]
        row = self.raw.count("\n", 0, at)
        column = at - self.raw.rfind("\n", 0, at) + self.margin if row else self.span.column + at
        end = self.raw.find("\n", at)
        room = (len(self.raw) if end < 0 else end) - at
        return Span(self.span.page, self.span.line + row, column, max(1, min(length, room)))

    def _list_offsets(self) -> list[int]:
        """Give for each character of the value that is not blank its place in `raw`: the two hold the same ones."""
        quote = self.raw[:1]
        if quote in _PIECES:
            found = _PIECES[quote].finditer(self.raw, 1, len(self.raw) - 1)
            return [match.start() for match in found if match[0] not in _BLANK]
        start = self.raw.find("\n") + 1 if quote in ("|", ">") else 0
        return [match.start() for match in _PIECE.finditer(self.raw, start)]


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping in the author's order. `key` is the place of the key that holds it, if one does."""

    entries: tuple[tuple[Text, Node], ...]
    span: Span
    key: Span | None = None

    @property
    def head(self) -> Span:
        """The place to name for what it lacks."""
        return self.key or self.span

    def get(self, key: str) -> Node | None:
        """Give the value of a key, or None."""
        return next((value for name, value in self.entries if name.value == key), None)

    def key_span(self, key: str) -> Span:
        """Give the place of a key, or of the mapping where it lacks the key."""
        return next((name.span for name, _ in self.entries if name.value == key), self.span)

    def value_span(self, key: str) -> Span:
        """Give the place of a key's value, or the one to name where the mapping lacks the key."""
        value = self.get(key)
        return self.head if value is None else value.span


Node = Text | Sequence | Mapping


class Reader:
    """Takes typed values out of nodes and collects a finding for each that has another form."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def find(self, code: str, span: Span, message: str, hint: str = "") -> None:
        """Note a finding."""
        self.findings.append(Finding(code, span, message, hint))

    def compose(self, text: str, page: str, line: int = 1, indent: int = 0) -> Node | None:
        """Read YAML that begins on `line` of `page`, each line `indent` characters in. None if it can't be read."""
        start = Span(page, line, indent + 1)
        if len(text) > LARGEST:
            self.find("too-large", start, f"This definition has {len(text):,} characters; {LARGEST:,} are allowed.",
                      "Part the question into several trees.")
            return None
        try:
            events = _list_events(text)
        except yaml.YAMLError as error:
            row, column, message, hint = explain_error(error, text)
            self.find("syntax", Span(page, line + row, column + indent + 1), message, hint)
            return None
        place = _Place(text, split_lines(text), page, line, indent)
        if not isinstance(events[-1], yaml.StreamEndEvent):
            self.find("too-large", place.span(events[-1], events[-1]), f"This is nested more than {DEEPEST} levels deep.",
                      "Name parts of it with `let`, or part the question in two.")
            return None
        documents = [event for event in events if isinstance(event, yaml.DocumentStartEvent)]
        if len(documents) > 1:
            self.find("syntax", place.span(documents[1], documents[1]), "A second text begins here.", "Take `---` out.")
            return None
        if not documents:
            return Mapping((), start)
        return self._convert(events[2], iter(events[3:]), place)

    def _convert(self, event: yaml.Event, rest: Iterator[yaml.Event], place: _Place, key: Span | None = None) -> Node | None:
        """Build the node that begins with this event; take the events inside it from the rest."""
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            span = place.span(event, event)
            sign = place.slice(event)[:1]
            self.find("syntax", span._replace(length=1), f"A text can't begin with “{sign}”.",
                      "Put the whole text in quotation marks.")
            if isinstance(event, yaml.AliasEvent):
                return None
        if isinstance(event, yaml.ScalarEvent):
            text = Text(event.value, place.span(event, event), place.slice(event), place.indent)
            if not event.value.isascii() and not _TURNING.isdisjoint(event.value):
                at = next(i for i, character in enumerate(event.value) if character in _TURNING)
                self.find("bidi-control", text.locate(at, 1), "An invisible character here turns the direction of writing.",
                          "Delete it, or delete the whole text and type it again.")
                text = replace(text, value="".join(character for character in event.value if character not in _TURNING))
            return text
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(end := next(rest), yaml.SequenceEndEvent):
                item = self._convert(end, rest, place)
                items += [] if item is None else [item]
            return Sequence(tuple(items), place.span(event, end))
        assert isinstance(event, yaml.MappingStartEvent)
        entries: list[tuple[Text, Node]] = []
        names: set[str] = set()
        while not isinstance(end := next(rest), yaml.MappingEndEvent):
            name = self._convert(end, rest, place)
            value = next(rest)
            part = self._convert(value, rest, place, name.span if name else None)
            if not isinstance(name, Text):
                if name is not None:
                    self.find("syntax", name.span, "A key must be a plain word.", "Write `key: text`.")
            elif event.flow_style and place.is_bare(end, value):
                self.find("syntax", name.span, f"A comma ends a text within {{ }}, so that `{name.value}` is taken for a key.",
                          "Put the whole text that holds the comma in quotation marks.")
            elif name.value in names:
                self.find("key-twice", name.span, f"`{name.value}` stands twice here.", "Keep one of the two.")
            elif part is not None:
                names.add(name.value)
                entries.append((name, part))
        return Mapping(tuple(entries), place.span(event, end), key)

    # Typed values: each gives what it finds, or a default and a finding ---------------

    def mapping(self, node: Node | None, what: str, keys: Iterable[str] | None = None) -> Mapping | None:
        """Take a mapping, with no keys but these."""
        if node is None:
            return None
        if not isinstance(node, Mapping):
            self.find("wrong-value", node.span, f"{what} must be made of keys, each with a colon and a space after it.",
                      "Write `key: text`, one to a line and indented under its heading.")
            return None
        if keys is not None:
            known = list(keys)
            for name, _ in node.entries:
                if name.value not in known:
                    self.find("unknown-key", name.span, f"{what} has no `{name.value}`.", suggest(name.value, known))
        return node

    def text(self, parent: Mapping, key: str, required: str = "") -> str:
        """Take a text; `required` says what lacks it."""
        node = parent.get(key)
        if node is None:
            if required:
                self.find("missing-key", parent.head, f"{required} needs `{key}`.", f"Add `{key}: ...` to it.")
            return ""
        if not isinstance(node, Text):
            self.find("wrong-value", node.span, f"`{key}` must be a text.",
                      "A text that begins with a bracket goes in quotation marks.")
            return ""
        if required and not node.value.strip():
            self.find("missing-key", parent.key_span(key), f"{required} needs `{key}`; here it is empty.", f"Write it after `{key}: `.")
        return " ".join(node.value.split())

    def flag(self, parent: Mapping, key: str) -> bool:
        """Take true or false; false where the key is missing."""
        node = parent.get(key)
        if node is None:
            return False
        if isinstance(node, Text) and node.value in ("true", "false"):
            return node.value == "true"
        self.find("wrong-value", node.span, f"`{key}` must be true or false.", "Leave it out for false.")
        return False

    def texts(self, parent: Mapping, key: str) -> Iterator[Text]:
        """Take one text or a list of texts."""
        node = parent.get(key)
        items = node.items if isinstance(node, Sequence) else (node,) if node is not None else ()
        for item in items:
            if isinstance(item, Text):
                yield item
            else:
                self.find("wrong-value", item.span, f"`{key}` must be a text or a list of texts.", f"Write `{key}: [one, another]`.")

    def items(self, parent: Mapping, key: str) -> tuple[Node, ...]:
        """Take a list."""
        node = parent.get(key)
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self.find("wrong-value", node.span, f"`{key}` must be a list.", "Begin each of its lines with `- `.")
            return ()
        return node.items


def _list_events(text: str) -> list[yaml.Event]:
    """List what the text is made of, by the C parser where PyYAML has it.

    Python's is ten times slower and words its errors better, so it has the last word. C's also reads what
    Python's wrongly refuses: a question mark before a comma in braces. C's supposes a last line that ends;
    without the end the two place what is empty there differently. Raises YAMLError.
    """
    text += "" if text.endswith("\n") else "\n"
    if hasattr(yaml, "CSafeLoader"):
        with suppress(yaml.YAMLError, UnicodeEncodeError):
            return _take_events(text, yaml.CSafeLoader)
    return _take_events(text, yaml.SafeLoader)


def _take_events(text: str, loader: type[yaml.SafeLoader] | type[yaml.CSafeLoader]) -> list[yaml.Event]:
    """List the events up to the first that begins deeper than a definition may be."""
    events: list[yaml.Event] = []
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        events.append(event)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                break
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return events


@dataclass(frozen=True, slots=True)
class _Place:
    """The text that is read, and where in its page it stands."""

    text: str
    lines: list[str]
    page: str
    line: int
    indent: int

    def span(self, first: yaml.Event, last: yaml.Event) -> Span:
        """Give the place of what stands from one event to another, as far as the first line goes."""
        mark, end = first.start_mark, last.end_mark
        assert mark is not None
        assert end is not None
        stop = end.column if end.line == mark.line else len(self.lines[mark.line].rstrip())
        return Span(self.page, self.line + mark.line, self.indent + mark.column + 1, max(1, stop - mark.column))

    def slice(self, event: yaml.Event) -> str:
        """Give what an event was read from."""
        assert event.start_mark is not None
        assert event.end_mark is not None
        return self.text[event.start_mark.index : event.end_mark.index]

    def is_bare(self, key: yaml.Event, value: yaml.Event) -> bool:
        """Say whether a key within { } is a plain word without a colon: a piece of a text that a comma ended."""
        if not isinstance(key, yaml.ScalarEvent) or key.style in _PIECES or not isinstance(value, yaml.ScalarEvent):
            return False
        assert key.end_mark is not None
        return not self.text[key.end_mark.index :].lstrip().startswith(":")
