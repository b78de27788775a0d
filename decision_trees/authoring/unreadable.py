"""What the YAML parser could not read, in an author's words."""

from __future__ import annotations

import re
from contextlib import suppress

import yaml

_CLOSE = "Close it. In single marks an apostrophe is written twice: 'it''s'."
_QUOTE = "Put the whole text in quotation marks."
_LINE_UP = "Give the keys of one thing the same indent, in spaces, and begin each rule of a list with `- `."
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


def split_lines(text: str) -> list[str]:
    """Split a text into lines as YAML counts them."""
    return _BREAK.split(text)


def explain_error(error: yaml.YAMLError, text: str) -> tuple[int, int, str, str]:
    """Give line and column (from 0), message and hint for what keeps a text from being read.

    Known are the words of PyYAML's own parser; what it says otherwise is handed on.
    """
    if isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position]
        return (before.count("\n"), len(before) - before.rfind("\n") - 1,
                "A character that can't be shown stands here.", "Delete it, and type the text again.")
    if not isinstance(error, yaml.MarkedYAMLError):
        return 0, 0, f"This can't be read: {str(error).splitlines()[0]}.", _LINE_UP
    problem, context = error.problem or "", error.context or ""
    end = error.problem_mark or error.context_mark
    start = error.context_mark or end
    if start is None or end is None:
        return 0, 0, f"This can't be read: {problem}.", _LINE_UP
    if (quote := _find_open_quote(text)) is not None:
        return quote.line, quote.column, "This quotation mark is not closed where its text ends.", _CLOSE
    lines = split_lines(text)
    line = lines[end.line] if end.line < len(lines) else ""
    before, found = line[: end.column], line[end.column : end.column + 1]
    at_start, at_end = (start.line, start.column), (end.line, end.column)
    if problem.startswith("mapping values"):
        if re.search(r":\s", before):
            return *at_end, "This colon ends a key, but it stands in a text.", _QUOTE
        return end.line, len(before) - len(before.lstrip(" -")), "This key does not line up with those it belongs to.", _LINE_UP
    if problem.startswith("could not find expected ':'"):
        return *at_start, "This line is no key: it has no colon with a space after it.", "Write `key: text`."
    if problem.startswith("expected <block end>"):
        if before.strip(" -"):
            return *at_end, "Here a text has ended, and nothing more can stand on the line.", _QUOTE
        return *at_end, "This line does not line up with those it belongs to.", _LINE_UP
    if "cannot start any token" in problem:
        if found == "\t":
            return *at_end, "A tab stands here.", "Indent with spaces."
        return *at_end, f"A text can't begin with “{found}”.", _QUOTE
    if context in ("while scanning an alias", "while scanning an anchor", "while scanning a tag", "while parsing a tag"):
        return *at_start, f"A text can't begin with “{lines[start.line][start.column]}”.", _QUOTE
    if problem == "found unexpected end of stream":
        return *at_start, "This quotation mark is never closed.", _CLOSE
    if re.match(r"expected ',' or '[}\]]'", problem):
        if end.line > start.line or not found:
            return *at_start, f"This `{lines[start.line][start.column]}` is never closed.", "Close it, or write one key to a line."
        return *at_end, f"Within brackets a text can't hold `{found}`.", _QUOTE
    if problem.startswith("found unknown escape"):
        return *at_end, "Within double quotation marks a backslash has a meaning of its own.", "Use single quotation marks: '...'."
    if problem.startswith("sequence entries"):
        return *at_end, "A list can't begin on the line of its key.", "Begin each `- ` on a line of its own."
    if context == "while scanning a block scalar":
        return *at_start, "After `>` or `|` the text begins on the next line.", "Begin it there; if the mark belongs to the text, put the text in quotation marks."
    return *at_end, f"This can't be read: {problem}.", _LINE_UP


def _find_open_quote(text: str) -> yaml.Mark | None:
    """Give the place of a quotation mark that swallowed the keys below it, up to the next one."""
    last = None
    with suppress(yaml.YAMLError):
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if isinstance(token, yaml.ScalarToken) and token.style in ("'", '"'):
                last = token
    if last is None or not re.search(r"\n *(- )?[a-z][a-z0-9-]*:\s", text[last.start_mark.index : last.end_mark.index]):
        return None
    mark: yaml.Mark = last.start_mark
    return mark
