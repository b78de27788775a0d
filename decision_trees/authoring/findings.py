"""An author's mistake as a value: what, where, why, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
"""Invisible characters that turn the direction of writing."""
ERROR = "error"
REPORT = "report"

CODES = {
    "syntax": "A text can't be read as YAML, or a condition as a condition.",
    "unknown-key": "A key that the notation does not have stands in this place.",
    "missing-key": "Something that every definition needs is left out.",
    "wrong-value": "A value has another form than its key takes.",
    "key-twice": "The same key or the same citation stands twice in one place.",
    "too-large": "A definition or a condition is larger or deeper than it may be.",
    "bidi-control": "A text holds an invisible character that turns the direction of writing.",
    "unknown-name": "A condition, a text or a scenario names a fact, a `let` or a set that is not declared.",
    "unknown-option": "A condition names an option that its fact does not have.",
    "unknown-outcome": "A rule, a duty or a scenario names an outcome that is not declared.",
    "unknown-role": "A provision or a tree is for a role that its edition does not have.",
    "unknown-verdict": "A verdict is not one of yes, yes-if, no, refer, silent.",
    "name-twice": "Two things of one tree have the same name.",
    "type-error": "A condition compares things of different kinds.",
    "two-facts": "A comparison of two facts stands in a rule instead of under a name of its own.",
    "outside-calendar": "A count of days can leave the years that the calendar covers.",
    "no-otherwise": "A list of rules does not end in `otherwise`.",
    "after-otherwise": "Rules stand after `otherwise` and can never be read.",
    "go-on-at-top": "The outermost rules end in `go-on`, and nothing comes after them.",
    "never-holds": "A rule's condition can never be true.",
    "shadowed-rule": "A rule is always decided earlier, by rules before it.",
    "unreachable-outcome": "No answers lead to this outcome.",
    "dead-option": "An option can never be answered, or makes no difference that another does not make.",
    "unused-fact": "A fact that nothing needs: no rule, duty or text reads it, or its answers change nothing.",
    "unused-let": "Nothing reads this `let`.",
    "duty-never": "A duty can never come with any of its outcomes.",
    "check-all": "The checks reject every answer.",
    "too-many-states": "The diagram grows beyond its budget.",
    "no-recipient": "An outcome refers without saying to whom.",
    "dangling-citation": "A citation names no provision.",
    "unknown-provision": "A citation names a provision that the edition does not have.",
    "words-not-found": "Words quoted from a provision do not stand in it.",
    "tree-twice": "Two definitions of one edition have the same name.",
    "unknown-topic": "A tree's name is not a topic that the project declares.",
    "nested-definition": "A fence of the notation stands inside a note, a list or a quotation.",
    "provision-twice": "Two provisions of one edition have the same number.",
    "no-tree": "A provision has no tree and gives no reason why it needs none.",
    "hard-to-read": "A question is harder to read than the project allows.",
    "no-edition": "A provision, a tree or scenarios stand on a page that belongs to no edition.",
    "scenario-failed": "A scenario does not end where it says.",
    "unknown-tree": "A scenario or a card is for a tree that does not exist.",
    "no-cards": "A pack has no cards.",
    "card-nowhere": "A card stands under no heading that has an id of its own, or on a page that is no pack.",
    "card-twice": "Two cards of a pack have the same id.",
    "card-failed": "A card does not end where it says.",
    "card-breach": "A card says that a provision was broken which its tree does not cite.",
    "unknown-file": "A fence names a file that is not there, or that lies outside the docs folder.",
}
"""Every code that a finding can have, with what it means. The author's manual has a paragraph for each."""


class Span(NamedTuple):
    """A place in a page: `line` and `column` count from 1, `length` is in characters.

    Every scalar of every definition has one, and a tuple is made and kept three times as fast as a dataclass.
    """

    page: str
    line: int
    column: int
    length: int = 1

    def move(self, columns: int, length: int) -> Span:
        """Give a place on the same line, further right."""
        return self._replace(column=self.column + columns, length=max(1, length))


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake. `error` keeps a site from being published; a `report` is for review."""

    code: str
    span: Span
    message: str
    hint: str = ""
    severity: str = ERROR

    def __post_init__(self) -> None:
        assert self.code in CODES, self.code


def suggest(name: str, known: Iterable[str]) -> str:
    """Give the hint "Did you mean ...?" for a misspelt name, or what there is to choose from."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"Did you mean `{close[0]}`?"
    listed = ", ".join(f"`{each}`" for each in names[:12])
    return f"There is: {listed}." if listed else ""


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Order findings by place, each once."""
    return sorted(dict.fromkeys(findings), key=lambda f: (f.span, f.code, f.message))


def show(finding: Finding, source: str) -> str:
    """Write a finding for a terminal: place, code, message, the line with a marker, the hint."""
    span = finding.span
    lines = source.translate(dict.fromkeys(map(ord, TURNING), "\N{REPLACEMENT CHARACTER}")).split("\n")
    text = [f"{span.page}:{span.line}:{span.column}: {finding.code}: {finding.message}"]
    if 1 <= span.line <= len(lines):
        line = lines[span.line - 1]
        margin = f"{span.line:5} | "
        length = max(1, min(span.length, len(line) - span.column + 1))
        text += [margin + line, " " * (len(margin) + span.column - 1) + "^" * length]
    if finding.hint:
        text.append(f"      hint: {finding.hint}")
    return "\n".join(text)


def to_data(finding: Finding) -> dict[str, object]:
    """Give a finding as JSON data."""
    return {
        "code": finding.code, "severity": finding.severity, "page": finding.span.page, "line": finding.span.line,
        "column": finding.span.column, "length": finding.span.length, "message": finding.message, "hint": finding.hint,
    }
