"""A whole tree on one page, with the files that stand beside it: map, outline, decision table, sheet to print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_uppercase

from markupsafe import Markup

from decision_trees.publishing.assets import WEB
from decision_trees.publishing.html import Site
from decision_trees.publishing.readings.drawing import draw_map
from decision_trees.publishing.readings.flowchart import write_mermaid
from decision_trees.publishing.readings.outline import write_outline
from decision_trees.publishing.readings.reading import Reading, read_walk
from decision_trees.publishing.readings.table import (
    FILE_ROWS, PAGE_ROWS, list_duties, make_table, say_table, write_csv, write_markdown,
)
from decision_trees.publishing.trees import list_tree_values
from decision_trees.publishing.urls import root_from, tree_url
from decision_trees.runtime.answers import fill
from decision_trees.runtime.model import VERDICTS

_TOKEN = re.compile(r"(--[\w-]+):\s*(?:light-dark\(([^,]+),[^)]*\)|([^;]+));")
_USE = re.compile(r"var\((--[\w-]+)(?:,[^)]*)?\)")


def list_whole_files(site: Site, id: str) -> Iterator[tuple[str, bytes]]:
    """Give the files of one tree's readings, by their path below the tree's own page."""
    yield "whole/index.html", render_whole(site, id).encode()
    yield "whole/print/index.html", render_sheet(site, id).encode()
    yield "whole/map.svg", render_map(site, id).encode()
    yield "whole/flow.mmd", render_mermaid(site, id).encode()
    yield "whole/table.csv", render_csv(site, id).encode("utf-8-sig")  # the mark tells Excel that it is UTF-8


def read_tree(site: Site, id: str) -> Reading:
    """Read a tree of the site."""
    return read_walk(site.project.trees[id].tree, site.walks[id])


def render_whole(site: Site, id: str) -> str:
    """Give the page of the whole tree."""
    reading, published = read_tree(site, id), site.project.trees[id]
    table = make_table(published, reading, PAGE_ROWS)
    file = make_table(published, reading, FILE_ROWS) if table.is_by_question else table
    values = list_tree_values(site, id, root_from(f"{tree_url(id)}whole/"))
    return site.render(
        "whole.html", **values | {"reading": reading, "reading_url": f"{values['reading']}#tree-{reading.tree.topic}"}, table=table,
        counted=count_words(reading),
        say_table=say_table(table), file_rows=0 if file.is_by_question else len(file.rows), end_words=_list_end_words(reading),
        map=draw_map(reading), described=describe_map(reading), style="", marks="",
    )


def render_sheet(site: Site, id: str) -> str:
    """Give the page of the blank form."""
    root = root_from(f"{tree_url(id)}whole/print/")
    return site.render("sheet.html", **list_tree_values(site, id, root), form=render_form(site, id, root))


def render_form(site: Site, id: str, root: str, is_brief: bool = False) -> Markup:
    """Give the blank form to print: the questions with boxes to tick and where to go next, then the outcomes.

    A brief one has no duties, no notes and nothing to sign: it is for an exercise.
    """
    reading, published = read_tree(site, id), site.project.trees[id]
    letters = {outcome.name: _count_in_letters(i) for i, outcome in enumerate(reading.tree.outcomes)}
    return Markup(site.render(
        "sheet-form.html", **list_tree_values(site, id, root) | {"reading": reading}, letters=letters, is_brief=is_brief,
        outcomes=[
            (outcome, fill(outcome.say, reading.tree, reading.tree.scope({})), list_duties(published, {}, outcome.name))
            for outcome in reading.tree.outcomes
        ],
    ))


def render_map(site: Site, id: str) -> str:
    """Give the map as a file that stands alone: with its styles, its marks and the tokens' light values."""
    reading = read_tree(site, id)
    symbols = re.findall(r'<symbol id="mark-.*?</symbol>', site.render("symbols.html"), re.DOTALL)
    tokens = read_tokens() | {"--mark-on": read_tokens()["--dt-raised"]}
    return site.render(
        "map.svg", tree=reading.tree, map=draw_map(reading), described=describe_map(reading).split(" The same")[0],
        style=Markup(make_map_style()),
        marks=Markup(resolve_tokens("\n".join(symbols), tokens)),
    )


def make_map_style() -> str:
    """Give the style that stands in the map's file."""
    tokens = read_tokens() | {"--mark-on": read_tokens()["--dt-raised"]}
    return resolve_tokens((WEB / "map.css").read_text(encoding="utf-8").partition("*/")[2].strip(), tokens)


def render_mermaid(site: Site, id: str) -> str:
    """Give the flowchart, in the tokens' light colours."""
    tokens = read_tokens()
    return write_mermaid(read_tree(site, id), {
        verdict: f"fill:{tokens[f'--dt-{verdict}-wash']},stroke:{tokens[f'--dt-{verdict}']},color:{tokens['--dt-ink']}"
        for verdict in VERDICTS
    })


def render_outline(site: Site, id: str) -> str:
    """Give the outline as plain text."""
    return write_outline(read_tree(site, id))


def render_table(site: Site, id: str) -> str:
    """Give the decision table as Markdown."""
    reading = read_tree(site, id)
    return write_markdown(make_table(site.project.trees[id], reading, FILE_ROWS), reading)


def render_csv(site: Site, id: str) -> str:
    """Give the decision table as CSV."""
    reading = read_tree(site, id)
    return write_csv(make_table(site.project.trees[id], reading, FILE_ROWS), reading)


FORMATS = {"mermaid": render_mermaid, "svg": render_map, "outline": render_outline, "table": render_table, "csv": render_csv}
"""What gives each format of a tree."""


def describe_map(reading: Reading) -> str:
    """Say what the map shows, for those who don't see it."""
    return f"{count_words(reading)}, drawn from left to right. The same is written out as an outline below."


def count_words(reading: Reading) -> str:
    """Say how large a tree is."""
    counts = (
        (len(reading.questions), "question"), (len(reading.tree.outcomes), "outcome"), (reading.ways_through, "way"),
    )
    return ", ".join(f"{count:,} {word}{'' if count == 1 else 's'}" for count, word in counts) + " through"


def read_tokens() -> dict[str, str]:
    """Read the design's tokens, each with its light value."""
    text = re.sub(r"/\*.*?\*/", "", (WEB / "tokens.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    block = text[text.index(":root {"):]
    return {name: (light or plain).strip() for name, light, plain in _TOKEN.findall(block[:block.index("}")])}


def resolve_tokens(text: str, tokens: dict[str, str]) -> str:
    """Put values for the tokens that a style uses, for programs that know no custom properties. Raises KeyError."""
    return _USE.sub(lambda use: tokens[use[1]], text)


def _list_end_words(reading: Reading) -> dict[str, str]:
    """Say each outcome in a few words."""
    return {o.name: o.brief or fill(o.say, reading.tree, reading.tree.scope({})) for o in reading.tree.outcomes}


def _count_in_letters(number: int) -> str:
    """Count A to Z, then AA."""
    return ascii_uppercase[number] if number < 26 else _count_in_letters(number // 26 - 1) + ascii_uppercase[number % 26]
