"""Reading a page's source: its provisions, definitions and scenarios, with their lines.

markdown-it-py does the reading because it keeps lines; Python-Markdown renders.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin

from decision_trees.authoring.findings import Finding, Span, suggest
from decision_trees.authoring.notation import Definition

FENCE = "decision-tree"
SCENARIOS = "scenarios"
COMPARISON = "comparison"
CARD = "card"
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_ATTRIBUTE = re.compile(r"#(?P<id>\S+)|\.(?P<class>\S+)|(?P<key>[\w-]+)=(?:\"(?P<quoted>[^\"]*)\"|(?P<bare>\S+))")
_NESTED = re.compile(r"^(?P<indent>[ \t>*+-]+)(?:`{3,}|~{3,})\s*(?P<info>decision-tree|scenarios|comparison|card)\b")
_ADMONITION = re.compile(r"^(!!!|\?\?\?)\+? ")
_MARKDOWN = MarkdownIt("commonmark").use(deflist_plugin)


@dataclass(frozen=True, slots=True)
class Provision:
    """One numbered paragraph. `source` is its Markdown without trees and notes, `text` its plain words."""

    id: str
    page: str
    line: int
    heading: str
    binds: tuple[str, ...]
    no_tree: str
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class CardSource:
    """The fence of a card with the heading that it stands under, and the story between the two as Markdown.

    `id` is the heading's own, `line` its line. Both are missing (empty, 0) where the fence stands under none.
    """

    definition: Definition
    id: str = ""
    title: str = ""
    story: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """What the compiler reads of one Markdown file. `path` is relative to the docs folder."""

    path: str
    title: str
    front_matter: str
    provisions: tuple[Provision, ...]
    definitions: tuple[Definition, ...]
    scenarios: tuple[Definition, ...]
    comparisons: tuple[Definition, ...]
    findings: tuple[Finding, ...]
    cards: tuple[CardSource, ...] = ()
    lead: str = ""
    """The Markdown between the title and the first heading below it."""


def split_page(source: str) -> list[str]:
    """Split a page into lines as Markdown counts them."""
    return source.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def split_front_matter(source: str) -> tuple[str, str]:
    """Give the front matter and the source with it blanked, its lines kept."""
    lines = split_page(source)
    if lines[0].rstrip() != "---":
        return "", source
    for index, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            return "\n".join(lines[1:index]), "\n".join([""] * (index + 1) + lines[index + 1 :])
    return "", source


def find_definitions(source: str, page: str) -> list[Definition]:
    """List the definitions that a page holds."""
    return list(read_page(source, page).definitions)


def read_page(source: str, path: str, edition: str = "", files: Mapping[str, str] | None = None) -> Page:
    """Read one page. Mistakes are findings of the page. `files` holds by path the texts that fences may name."""
    front_matter, body = split_front_matter(source)
    tokens = _MARKDOWN.parse(body)
    lines = split_page(body)
    findings: list[Finding] = []
    if lines[0].rstrip() == "---":
        findings.append(Finding("syntax", Span(path, 1, 1, 3), "The front matter is never closed.", "End it with a line of its own: ---"))
    fences = {FENCE: [], SCENARIOS: [], COMPARISON: [], CARD: []}  # type: dict[str, list[Definition]]
    hidden: set[int] = set()
    code: set[int] = set()
    for token in tokens:
        if token.type != "fence" or token.map is None:
            continue
        code.update(range(*token.map))
        info = token.info.split()[0] if token.info.strip() else ""
        if info not in fences:
            continue
        hidden.update(range(*token.map))
        if token.level:
            findings.append(_nested(path, token.map[0], lines[token.map[0]], info))
        elif not _is_closed(token, lines):
            findings.append(Finding("syntax", _mark(path, token.map[0], lines[token.map[0]]), f"This `{info}` is never closed.",
                                    f"End it with a line of its own: {token.markup}"))
        else:
            definition, mistakes = _read_fence(token, lines[token.map[0]], path, edition, files or {})
            fences[info] += [definition] if definition else []
            findings += mistakes
    for number, line in enumerate(lines):
        match = _NESTED.match(line)
        if match and number not in code:
            findings.append(_nested(path, number, line, match["info"]))
    hidden |= _find_notes(lines)
    provisions = _read_provisions(tokens, lines, path, hidden, findings)
    title = next((t.content for i, t in enumerate(tokens) if t.type == "inline" and tokens[i - 1].tag == "h1"), "")
    return Page(path, read_heading(title)[0], front_matter, provisions,
                tuple(fences[FENCE]), tuple(fences[SCENARIOS]), tuple(fences[COMPARISON]), tuple(findings),
                *_read_cards(fences[CARD], tokens, lines, hidden))


def _read_fence(
    token: Token, line: str, path: str, edition: str, files: Mapping[str, str]
) -> tuple[Definition | None, list[Finding]]:
    """Take what a fence holds, or the file that it names with `file=`, relative to the page."""
    assert token.map is not None
    number = token.map[0] + 1
    kind, *words = token.info.split()
    if not words:
        return Definition(path, number + 1, token.content, edition, fence=number), []
    word = words[0]
    span = Span(path, number, line.index(word) + 1, len(word))
    if len(words) > 1 or not word.startswith("file="):
        return None, [Finding("unknown-key", span, f"After `{kind}` comes nothing, or `file=` with a path.",
                              f"Write ```{kind} alone, or with the path of a file: ```{kind} file=trees/attend.yml")]
    name = word.removeprefix("file=").strip("\"'")
    file = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    if file.startswith(("/", "../")) or file == "..":
        return None, [Finding("unknown-file", span, f"`{name}` lies outside the docs folder.",
                              "Move it into the docs folder, and write the way to it from this page.")]
    if file not in files or not is_definition_file(file):
        return None, [Finding("unknown-file", span, f"There is no file `{file}` in the docs folder.",
                              suggest(file, filter(is_definition_file, files)) or "It must end in .yml or .yaml.")]
    if token.content.strip():
        return None, [Finding("wrong-value", span, f"This fence names `{name}`, so nothing may stand in it.",
                              "Empty the fence, or take `file=` out.")]
    return Definition(path, 1, files[file], edition, fence=number, file=file), []


def is_definition_file(path: str) -> bool:
    """Say whether a file's name is that of YAML, which fences may name."""
    return path.endswith((".yml", ".yaml"))


def read_heading(content: str) -> tuple[str, dict[str, str]]:
    """Part a heading into its text and its attributes; `id` and `class` are among them."""
    text, brace, inside = content.rstrip().rpartition("{")
    if not brace or inside.find("}") != len(inside) - 1:
        text, inside = content, ""
    attributes: dict[str, str] = {}
    for each in _ATTRIBUTE.finditer(inside.removesuffix("}")):
        if each["id"]:
            attributes["id"] = each["id"]
        elif each["class"]:
            attributes["class"] = f"{attributes.get('class', '')} {each['class']}".strip()
        else:
            attributes[each["key"]] = each["quoted"] if each["quoted"] is not None else each["bare"]
    return text.rstrip().replace("\n", " "), attributes


def is_provision_number(text: str) -> bool:
    """Say whether a heading's text makes it a provision: a number and nothing else."""
    return _NUMBER.fullmatch(text) is not None


def _read_provisions(
    tokens: list[Token], lines: list[str], path: str, hidden: set[int], findings: list[Finding]
) -> tuple[Provision, ...]:
    headings = [(i, t) for i, t in enumerate(tokens) if t.type == "heading_open" and t.level == 0 and t.map]
    provisions = []
    above = ""
    for place, (index, token) in enumerate(headings):
        text, attributes = read_heading(tokens[index + 1].content)
        is_named = "provision" in attributes.get("class", "").split() and "id" in attributes
        if not is_provision_number(text) and not is_named:
            above = text
            continue
        end_token, end_line = (len(tokens), len(lines))
        for later_index, later in headings[place + 1 :]:
            if not is_named or later.tag <= token.tag or is_provision_number(tokens[later_index + 1].content):
                assert later.map is not None
                end_token, end_line = later_index, later.map[0]
                break
        assert token.map is not None
        line = lines[token.map[0]]
        findings += [
            Finding("unknown-key", Span(path, token.map[0] + 1, line.find(f"{key}=") + 1, len(key)),
                    f"The heading of a provision has no `{key}`.", suggest(key, ("binds", "no-tree")))
            for key in attributes.keys() - {"id", "class", "binds", "no-tree"} if not key.startswith("data-")
        ]
        inside = tokens[index + 3 : end_token]
        provisions.append(Provision(
            id=attributes.get("id", text), page=path, line=token.map[0] + 1, heading=text if is_named else above,
            binds=tuple(attributes.get("binds", "").split()), no_tree=attributes.get("no-tree", ""),
            source="\n".join("" if n in hidden else lines[n] for n in range(token.map[1], end_line)).strip("\n"),
            text=_read_text(inside, hidden),
        ))
    return tuple(provisions)


def _read_cards(
    fences: list[Definition], tokens: list[Token], lines: list[str], hidden: set[int]
) -> tuple[tuple[CardSource, ...], str]:
    """Give each card with the heading above it, and what leads up to the first heading below the title."""
    headings = [(t.map[0], t.map[1], t.tag, tokens[i + 1].content) for i, t in enumerate(tokens)
                if t.type == "heading_open" and t.level == 0 and t.map]
    below = [each for each in headings if each[2] != "h1"]

    def text(first: int, end: int) -> str:
        return "\n".join("" if n in hidden else lines[n] for n in range(first, end)).strip("\n")

    cards = []
    for definition in fences:
        above = next((each for each in reversed(headings) if each[0] < definition.fence - 1), None)
        if above is None or above[2] == "h1":
            cards.append(CardSource(definition))
            continue
        title, attributes = read_heading(above[3])
        cards.append(CardSource(definition, attributes.get("id", ""), title, text(above[1], definition.fence - 1), above[0] + 1))
    start = next((end for _, end, tag, _ in headings if tag == "h1"), 0)
    return tuple(cards), text(start, below[0][0] if below else len(lines)) if fences else ""


def _read_text(tokens: list[Token], hidden: set[int]) -> str:
    words = []
    for token in tokens:
        if token.type == "inline" and token.map and token.map[0] not in hidden:
            parts = [c.content if c.type in ("text", "code_inline") else " " for c in token.children or ()
                     if c.type in ("text", "code_inline", "softbreak", "hardbreak")]
            words.append("".join(parts))
    text = " ".join(" ".join(words).split())
    return re.sub(r"\[([^\]\[]+)\](?!\()", r"\1", text)


def _find_notes(lines: list[str]) -> set[int]:
    """Give the lines of admonitions: notes are the site speaking, not the provision."""
    found: set[int] = set()
    inside = False
    for number, line in enumerate(lines):
        if _ADMONITION.match(line):
            inside = True
        elif inside and line.strip() and not line.startswith("    "):
            inside = False
        if inside:
            found.add(number)
    return found


def _is_closed(token: Token, lines: list[str]) -> bool:
    assert token.map is not None
    first, end = token.map
    return end - 1 > first and lines[end - 1].strip().startswith(token.markup)


def _mark(path: str, number: int, line: str) -> Span:
    """Give the place of what stands on a line, without its indent."""
    text = line.strip()
    return Span(path, number + 1, line.index(text) + 1, len(text))


def _nested(path: str, number: int, line: str, info: str) -> Finding:
    return Finding("nested-definition", _mark(path, number, line), f"This `{info}` stands inside a list, a note or a quotation, "
                   "where it can't be read.", "Begin the fence at the edge of the page, after the note or the list.")
