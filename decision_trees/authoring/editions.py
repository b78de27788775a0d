"""What an edition says of itself, and the questions that editions share: the first page's front matter and the topics file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from decision_trees.authoring import keys, source
from decision_trees.authoring.findings import Span
from decision_trees.authoring.pages import split_front_matter
from decision_trees.runtime.calendar import parse_day
from decision_trees.runtime.model import Citation, Doubt


@dataclass(frozen=True, slots=True)
class Edition:
    """One council's protocol, restated.

    Dates are ISO texts; `source_review` is when the source's own review was due.
    `roles` says how the council calls members and officers.
    """

    id: str
    name: str
    body: str
    document: str
    restates: str
    source: str
    version: str
    issued: str
    approved: str
    next_review: str
    source_review: str
    kept_by: str
    roles: Mapping[str, str]
    terms: Mapping[str, str]
    doubt: Doubt | None
    index: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A question that editions may answer. `want` ends the sentence "I want to ..."."""

    id: str
    ask: str
    roles: tuple[str, ...]
    group: str
    want: str = ""


def find_edition(path: str, editions: Iterable[str]) -> str:
    """Give the edition that owns a page: the one whose folder it lies in. Empty if none does."""
    return next((edition for edition in editions if path.startswith(f"{edition}/")), "")


def read_edition(
    path: str, text: str, reader: source.Reader, unread: set[str], doubts: dict[str, tuple[Citation, Span]]
) -> Edition | None:
    """Read an edition from the front matter of its first page. A folder whose front matter has to be mended goes to `unread`."""
    folder, _, name = path.rpartition("/")
    front_matter, _ = split_front_matter(text)
    if name != "index.md" or "/" in folder or not folder or not text.startswith("---"):
        return None
    root = reader.compose(front_matter, path, 2)
    node = root.get("edition") if isinstance(root, source.Mapping) else None
    spec = reader.mapping(node, "`edition`", keys.EDITION.names)
    if spec is None:
        if root is None or node is not None or not front_matter:
            unread.add(folder)
        return None
    what = "An edition"
    for key in ("issued", "next-review", "source-review"):
        day = spec.get(key)
        if isinstance(day, source.Text) and not _is_day(day.value):
            reader.find("wrong-value", day.span, f"`{key}` must be a date of the calendar, not `{day.value}`.",
                        "Write year, month and day: 2026-11-22.")
    doubt = reader.mapping(spec.get("doubt"), "`doubt`", keys.DOUBT.names)
    doubtful = Doubt(reader.text(doubt, "to", required="`doubt`"), reader.text(doubt, "cite")) if doubt else None
    if doubt and doubtful and doubtful.cite:
        doubts[folder] = Citation(doubtful.cite), doubt.key_span("cite")
    return Edition(
        id=folder, name=reader.text(spec, "name", required=what), body=reader.text(spec, "body", required=what),
        document=reader.text(spec, "document", required=what), restates=reader.text(spec, "restates", required=what),
        source=reader.text(spec, "source", required=what), version=reader.text(spec, "version", required=what),
        issued=reader.text(spec, "issued", required=what), approved=reader.text(spec, "approved"),
        next_review=reader.text(spec, "next-review"),
        source_review=reader.text(spec, "source-review"), kept_by=reader.text(spec, "kept-by"),
        roles=_read_words(spec, "roles", reader), terms=_read_words(spec, "terms", reader), doubt=doubtful, index=path,
    )


def _is_day(text: str) -> bool:
    try:
        parse_day(text)
    except ValueError:
        return False
    return True


def read_topics(text: str, reader: source.Reader) -> dict[str, Topic]:
    """Read the questions that editions share, by name."""
    root = reader.compose(text, "topics.yml") if text else None
    topics: dict[str, Topic] = {}
    mapping = reader.mapping(root, "The topics file")
    for name, node in mapping.entries if mapping else ():
        spec = reader.mapping(node, f"The topic `{name.value}`", keys.TOPIC.names)
        if spec is not None:
            topics[name.value] = Topic(name.value, reader.text(spec, "ask", required="A topic"),
                                       tuple(t.value for t in reader.texts(spec, "roles")), reader.text(spec, "group"), reader.text(spec, "want"))
    return topics


def _read_words(spec: source.Mapping, key: str, reader: source.Reader) -> dict[str, str]:
    mapping = reader.mapping(spec.get(key), f"`{key}`")
    return {name.value: reader.text(mapping, name.value) for name, _ in mapping.entries} if mapping else {}
