"""The decision table: each case meets exactly one row. And its CSV and Markdown.

Rows are built from the ends upwards, and rows that differ in one fact alone become
one at every question, so that a table is found without listing the paths. Where
even that grows beyond the bound, the table has a row for each way of each question.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from decision_trees.authoring.project import PublishedTree
from decision_trees.publishing.exports import WORDS
from decision_trees.publishing.readings.reading import Question, Reading, Way, join_options
from decision_trees.runtime.answers import fill, read_answers, say_span
from decision_trees.runtime.explain import say_condition
from decision_trees.runtime.model import Diagram, Variable

PAGE_ROWS = 60
"""Rows that a table on a page may have before it goes question by question."""
FILE_ROWS = 1_000
"""Rows that a file may have before it does: a spreadsheet can sort and filter."""
ANY = "any"

Cells = frozenset[int]
Case = Mapping[int, Cells]
"""Cells by level; a level left out may have any."""


@dataclass(frozen=True, slots=True)
class DueRow:
    """A duty of a row. `condition` is empty where the duty comes with every case of the row."""

    number: int
    say: str
    condition: str
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a row says of one fact: of one that takes many options, something of each that matters, else one thing.

    Nothing where the fact does not matter. `holds` lists the walk's answers that lie in it, as links hold them.
    """

    parts: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The parts in a line."""
        return "; ".join(self.parts) or ANY


@dataclass(frozen=True, slots=True)
class Row:
    """A row and the name of its outcome; of a table by question the row of one `way`, which may lead to none."""

    cells: tuple[Cell, ...]
    outcome: str
    duties: tuple[DueRow, ...]
    way: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The heads of the columns and the rows. `is_by_question`: there were too many rows to list the cases."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    is_by_question: bool = False


def make_table(published: PublishedTree, reading: Reading, limit: int) -> Table:
    """Give the table by case, or by question where it would have more rows than the limit."""
    diagram = published.diagram
    cases = _list_cases(reading, diagram, limit)
    if cases is None:
        return _make_table_by_question(published, reading)
    asked = {question.state.variable.name for question in reading.questions}
    columns: dict[str, list[int]] = {question.state.variable.fact: [] for question in reading.questions}
    for level, variable in enumerate(diagram.variables):
        if variable.name in asked:
            columns[variable.fact].append(level)
    asks = {question.state.variable.fact: question.ask for question in reading.questions}
    often = Counter(asks.values())
    answers = _list_answers(reading, diagram)
    return Table(tuple(ask if often[ask] == 1 else f"{ask} ({fact})" for fact, ask in asks.items()), tuple(
        Row(
            tuple(_make_cell(diagram, levels, case, answers) for levels in columns.values()),
            outcome, list_duties(published, case, outcome),
        )
        for case, outcome in cases
    ))


def write_csv(table: Table, reading: Reading) -> str:
    """Give the table as CSV (RFC 4180)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows(_list_texts(table, reading, "\n"))
    return text.getvalue()


def write_markdown(table: Table, reading: Reading) -> str:
    """Give the table as a Markdown table, after a line that says how to read it."""
    head, *rows = _list_texts(table, reading, "<br>")
    lines = [_join_cells(head), _join_cells(["---"] * len(head)), *map(_join_cells, rows)]
    return say_table(table) + "\n\n" + "\n".join(lines) + "\n"


def say_table(table: Table) -> str:
    """Say how to read the table."""
    if table.is_by_question:
        return "This tree has too many cases for a row each, so the table goes question by question."
    count = len(table.rows)
    return "Every case meets this row." if count == 1 else f"Every case meets exactly one of these {count} rows; “any” means that the answer does not matter."


def _join_cells(texts: Sequence[str]) -> str:
    return "| " + " | ".join(text.replace("|", "\\|") for text in texts) + " |"


def _list_texts(table: Table, reading: Reading, new_line: str) -> Iterator[list[str]]:
    tree = reading.tree
    yield ["Row", *table.heads, "Verdict", "Outcome", "In full", "Who decides", "What comes with it", "Provisions"]
    for number, row in enumerate(table.rows, 1):
        texts = [str(number), *(cell.text for cell in row.cells)]
        if not row.outcome:
            yield texts + [""] * 6
            continue
        outcome = tree.outcome_of[row.outcome]
        duties = new_line.join(f"{duty.condition}: {duty.say}" if duty.condition else duty.say for duty in row.duties)
        cite = dict.fromkeys(citation.provision for citation in outcome.cite)
        yield [*texts, WORDS[outcome.verdict], outcome.brief, fill(outcome.say, tree, tree.scope({})), outcome.to, duties, ", ".join(cite)]


# Cases, from the ends upwards -------------------------------------------------------


def _list_cases(reading: Reading, diagram: Diagram, limit: int) -> list[tuple[Case, str]] | None:
    """List cases that cover everything and never overlap, or None where there are more than the limit."""
    if reading.only:
        return [({}, reading.only.name)]
    found: dict[str, list[tuple[Case, str]]] = {}
    for question in reversed(reading.questions):
        level = diagram.level_of[question.state.variable.name]
        cases: list[tuple[Case, str]] = []
        for way in question.ways:
            here = frozenset[int]().union(*(find_cells(diagram, answer) for answer in way.answers))
            below: list[tuple[Case, str]] = [({}, way.to)] if way.is_end else found[way.to]
            cases += [({level: here, **case}, outcome) for case, outcome in below]
        cases = _merge_cases(cases, diagram)
        if len(cases) > limit:
            return None
        found[question.state.id] = cases
    return found[reading.questions[0].state.id]


def _merge_cases(cases: list[tuple[Case, str]], diagram: Diagram) -> list[tuple[Case, str]]:
    """Make one of any cases that differ in one level alone, until none do."""
    everything = [frozenset(range(variable.size)) for variable in diagram.variables]
    is_changed = True
    while is_changed:
        is_changed = False
        for level in sorted({level for case, _ in cases for level in case}):
            groups: dict[tuple[frozenset[tuple[int, Cells]], str], Cells] = {}
            for case, outcome in cases:
                rest = frozenset(item for item in case.items() if item[0] != level)
                groups[rest, outcome] = groups.get((rest, outcome), frozenset()) | case.get(level, everything[level])
            is_changed |= len(groups) < len(cases)
            cases = [
                (dict(sorted(rest)) | ({} if cells == everything[level] else {level: cells}), outcome)
                for (rest, outcome), cells in groups.items()
            ]
    return cases


def find_cells(diagram: Diagram, answer: str) -> Cells:
    """Give the cells that an answer of the walk stands for."""
    name, _, text = answer.partition("=")
    variable = diagram.variables[diagram.level_of[name]]
    if variable.kind == "choice":
        return frozenset((variable.options.index(text),))
    if variable.kind != "interval":
        return frozenset((int(text == "yes"),))
    span = read_answers(diagram.tree, {name: text}).values[name]
    assert isinstance(span, tuple)
    return frozenset(i for i, (low, high) in enumerate(variable.spans) if low <= span[1] and high >= span[0])


def _list_answers(reading: Reading, diagram: Diagram) -> dict[int, dict[str, Cells]]:
    """List every answer of the walk with its cells, by level."""
    found: dict[int, dict[str, Cells]] = {}
    for question in reading.questions:
        level = diagram.level_of[question.state.variable.name]
        for way in question.ways:
            found.setdefault(level, {}).update((answer, find_cells(diagram, answer)) for answer in way.answers)
    return found


# Words --------------------------------------------------------------------------------


def _make_cell(diagram: Diagram, levels: Sequence[int], case: Case, answers: Mapping[int, Mapping[str, Cells]]) -> Cell:
    known = [level for level in levels if level in case]
    holds = tuple(answer for level in known for answer, cells in answers[level].items() if cells <= case[level])
    return Cell(tuple(_say_cells(diagram, diagram.variables[level], case[level]) for level in known), holds)


def _say_cells(diagram: Diagram, variable: Variable, cells: Cells) -> str:
    fact = diagram.tree.fact_of.get(variable.fact)
    if fact is None:
        return "Yes" if cells == {1} else "No"
    if variable.kind == "member":
        return f"{fact.option(variable.name.partition('.')[2]).label}: {'yes' if cells == {1} else 'no'}"
    if variable.kind == "choice":
        return join_options([fact.option(variable.options[i]).label for i in sorted(cells)])
    spans: list[tuple[int, int]] = []
    for i in sorted(cells):
        low, high = variable.spans[i]
        if spans and spans[-1][1] + 1 == low:
            low = spans.pop()[0]
        spans.append((low, high))
    return join_options([say_span(fact, (low, low + (high - low) // fact.step * fact.step)) for low, high in spans])


def list_duties(published: PublishedTree, case: Case, outcome: str) -> tuple[DueRow, ...]:
    """List what comes with an outcome in every case that may lie in `case`, or in some and then under which condition."""
    compiled, tree = published.compiled, published.tree
    space = compiled.space
    here = space.both(compiled.allowed, space.map_ends(compiled.meaning, {
        space.end(o.name): space.true if o.name == outcome else space.false for o in tree.outcomes
    }))
    for level, variable in enumerate(compiled.variables):
        place = published.diagram.level_of.get(variable.name)
        if place in case:
            assert place is not None
            here = space.both(here, space.pick(level, _refine(variable, published.diagram.variables[place], case[place])))
    found = []
    for number, duty in enumerate(tree.duties):
        due = space.both(here, compiled.duties[number])
        if outcome not in duty.outcomes or due == space.false:
            continue
        words = duty.words or (f"If so: {say_condition(duty.when, tree)}" if duty.when is not None else "")
        found.append(DueRow(
            number, fill(duty.say, tree, tree.scope({})), "" if due == here else words,
            tuple(dict.fromkeys(citation.provision for citation in duty.cite)),
        ))
    return tuple(found)


def _refine(fine: Variable, coarse: Variable, cells: Cells) -> list[int]:
    """Give the cells of the compiled variable that lie in cells of the published one."""
    if fine.kind != "interval":
        return sorted(cells)
    spans = [coarse.spans[i] for i in cells]
    return [i for i, (low, high) in enumerate(fine.spans) if any(a <= low and high <= b for a, b in spans)]


# By question --------------------------------------------------------------------------


def _make_table_by_question(published: PublishedTree, reading: Reading) -> Table:
    def make_row(question: Question, way: Way) -> Row:
        then = "the outcome" if way.is_end else f"question {reading.question_of[way.to].number}"
        cells = tuple(Cell((text,)) for text in (str(question.number), question.said, way.said, then))
        outcome = way.to if way.is_end else ""
        return Row(cells, outcome, list_duties(published, {}, outcome) if outcome else (), way.id)

    return Table(
        ("Question", "It asks", "If the answer is", "Go on to"),
        tuple(make_row(question, way) for question in reading.questions for way in question.ways), is_by_question=True,
    )
