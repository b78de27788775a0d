"""YAML as the author wrote it: words stay words, and everything knows its place.

PyYAML gives the events; nothing is resolved, so `yes`, `no` and `6.30` are texts.
Aliases, tags, depth and size are bounded here, before anything else reads the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import yaml

from decision_trees.authoring.findings import Finding, Span, suggest

LARGEST = 200_000
DEEPEST = 24
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar."""

    value: str
    span: Span
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping in the author's order."""

    entries: tuple[tuple[Text, Node], ...]
    span: Span

    def get(self, key: str) -> Node | None:
        """Give the value of a key, or None."""
        return next((value for name, value in self.entries if name.value == key), None)

    def key_span(self, key: str) -> Span:
        """Give the place of a key, or of the mapping where it lacks the key."""
        return next((name.span for name, _ in self.entries if name.value == key), self.span)


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
            self.find("too-large", start, f"This definition has {len(text):,} characters; {LARGEST:,} are allowed.")
            return None
        try:
            events = _list_events(text)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            row, column = (mark.line, mark.column) if mark else (0, 0)
            message = (error.problem or "can't be read").rstrip(".")
            self.find("syntax", Span(page, line + row, column + indent + 1), f"This is not YAML: {message}.",
                      "Indent with spaces, end a key with a colon and a space, and quote a text that holds `: ` or `#`.")
            return None
        except yaml.YAMLError as error:
            self.find("syntax", start, f"This is not YAML: {str(error).splitlines()[0]}.")
            return None
        place = Span(page, line, indent)
        if not isinstance(events[-1], yaml.StreamEndEvent):
            self.find("too-large", _span(events[-1], events[-1], place), f"This is nested more than {DEEPEST} levels deep.")
            return None
        documents = [event for event in events if isinstance(event, yaml.DocumentStartEvent)]
        if len(documents) > 1:
            self.find("syntax", _span(documents[1], documents[1], place), "A second document begins here.", "Take `---` out.")
            return None
        if not documents:
            return Mapping((), start)
        return self._convert(events[2], iter(events[3:]), place)

    def _convert(self, event: yaml.Event, rest: Iterator[yaml.Event], place: Span) -> Node | None:
        """Build the node that begins with this event; take the events inside it from the rest."""
        if isinstance(event, yaml.ScalarEvent):
            span = _span(event, event, place)
            if not _BIDI.isdisjoint(event.value):
                self.find("bidi-control", span, "This text holds an invisible character that turns the writing round.",
                          "Delete it and type the text again.")
                return None
            return Text(event.value, span, bool(event.style))
        if isinstance(event, yaml.AliasEvent):
            self.find("too-large", _span(event, event, place),
                      "Anchors and aliases (`&`, `*`) are not part of the notation.", "Write it out.")
            return None
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(end := next(rest), yaml.SequenceEndEvent):
                item = self._convert(end, rest, place)
                items += [] if item is None else [item]
            return Sequence(tuple(items), _span(event, end, place))
        entries: list[tuple[Text, Node]] = []
        names: set[str] = set()
        while not isinstance(end := next(rest), yaml.MappingEndEvent):
            name = self._convert(end, rest, place)
            part = self._convert(next(rest), rest, place)
            if not isinstance(name, Text):
                if name is not None:
                    self.find("syntax", name.span, "A key must be a plain word.")
                continue
            if name.value in names:
                self.find("key-twice", name.span, f"`{name.value}` stands twice here.", "Keep one of the two.")
            elif part is not None:
                names.add(name.value)
                entries.append((name, part))
        return Mapping(tuple(entries), _span(event, end, place))

    # Typed values: each gives what it finds, or a default and a finding ---------------

    def mapping(self, node: Node | None, what: str, keys: Iterable[str] | None = None) -> Mapping | None:
        """Take a mapping, with no keys but these."""
        if node is None:
            return None
        if not isinstance(node, Mapping):
            self.find("wrong-value", node.span, f"{what} must be a mapping: keys with values.")
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
                self.find("missing-key", parent.span, f"{required} needs `{key}`.")
            return ""
        if not isinstance(node, Text):
            self.find("wrong-value", node.span, f"`{key}` must be a text.")
            return ""
        if required and not node.value.strip():
            self.find("missing-key", node.span, f"{required} needs `{key}`; here it is empty.")
        return " ".join(node.value.split())

    def flag(self, parent: Mapping, key: str) -> bool:
        """Take true or false; false where the key is missing."""
        node = parent.get(key)
        if node is None:
            return False
        if isinstance(node, Text) and node.value in ("true", "false"):
            return node.value == "true"
        self.find("wrong-value", node.span, f"`{key}` must be true or false.")
        return False

    def texts(self, parent: Mapping, key: str) -> Iterator[Text]:
        """Take one text or a list of texts."""
        node = parent.get(key)
        items = node.items if isinstance(node, Sequence) else (node,) if node is not None else ()
        for item in items:
            if isinstance(item, Text):
                yield item
            else:
                self.find("wrong-value", item.span, f"`{key}` must be a text or a list of texts.")

    def items(self, parent: Mapping, key: str) -> tuple[Node, ...]:
        """Take a list."""
        node = parent.get(key)
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self.find("wrong-value", node.span, f"`{key}` must be a list: lines that begin with `- `.")
            return ()
        return node.items


def _list_events(text: str) -> list[yaml.Event]:
    """List what the text is made of, by the C parser where PyYAML has it.

    Python's is ten times slower and words its errors better, so it has the last word. Raises YAMLError.
    """
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


def _span(first: yaml.Event, last: yaml.Event, place: Span) -> Span:
    """Give the place of what stands from one event to another; `place` is where the text begins."""
    mark, end = first.start_mark, last.end_mark
    assert mark is not None
    assert end is not None
    length = end.column - mark.column if end.line == mark.line else 1
    return Span(place.page, place.line + mark.line, place.column + mark.column + 1, max(1, length))
