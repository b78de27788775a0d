"""Every reading of every tree says what the compiled walk says: on every way of every question, and on every path."""

from __future__ import annotations

import csv
import io
import itertools
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from decision_trees.authoring.compiler import compile_tree, freeze
from decision_trees.authoring.files import read_configuration, read_project
from decision_trees.authoring.notation import Parsed
from decision_trees.authoring.project import PublishedTree
from decision_trees.authoring.walk import Walk, build_walk, list_paths
from decision_trees.cli import main
from decision_trees.publishing import bundle, whole
from decision_trees.publishing.assets import collect_assets
from decision_trees.publishing.exports import WORDS
from decision_trees.publishing.html import Site
from decision_trees.publishing.readings.channels import Run, find_tracks
from decision_trees.publishing.readings.drawing import Box, Map, draw_map
from decision_trees.publishing.readings.layout import settle
from decision_trees.publishing.readings.outline import write_outline
from decision_trees.publishing.readings.reading import Question, Reading, join_options, read_walk
from decision_trees.publishing.readings.table import ANY, make_table, say_table, write_csv, write_markdown
from decision_trees.publishing.readings.wrapping import wrap
from decision_trees.publishing.trees import ALWAYS, judge_duty
from decision_trees.runtime.answers import fill, say_span
from decision_trees.runtime.engine import Asking, Reached, advance
from decision_trees.runtime.model import Diagram, Tree, Variable
from tests.conftest import ROOT

SITE = Site(read_project(read_configuration(ROOT)), assets=collect_assets(ROOT / "node_modules", ROOT / bundle.CACHE).names)
TREES = sorted(SITE.project.trees)
SVG = "{http://www.w3.org/2000/svg}"

Edges = dict[tuple[str, str], str]
"""Where an answer leads: by the state's id and the answer as in a link, a state's id or `outcome-` and its name."""

every_tree = pytest.mark.parametrize("id", TREES)


@cache
def read(id: str) -> Reading:
    return whole.read_tree(SITE, id)


@cache
def draw(id: str) -> Map:
    return draw_map(read(id))


def list_edges(walk: Walk) -> Edges:
    return {
        (state.id, "=".join(edge.answer)): f"outcome-{edge.to}" if edge.is_end else edge.to
        for state in walk.states for edge in state.edges
    }


def split_options(text: str, labels: Sequence[str]) -> list[str]:
    """Undo `join_options` for labels that are known."""
    for label in sorted(labels, key=len, reverse=True):
        if text == label:
            return [label]
        for between in ("; or ", "; "):
            if text.startswith(label + between):
                try:
                    return [label, *split_options(text.removeprefix(label + between), labels)]
                except LookupError:
                    continue
    raise LookupError(text)


def find_answers(question: Question, said: str) -> list[str]:
    """Give the answers that a way's words stand for."""
    of_label = {edge.label: "=".join(edge.answer) for edge in question.state.edges}
    return [of_label[label] for label in split_options(said, list(of_label))]


def publish(parsed: Parsed | object) -> tuple[PublishedTree, Reading]:
    assert isinstance(parsed, Parsed), parsed
    compiled = compile_tree(parsed.tree)
    published = PublishedTree(parsed, compiled, freeze(compiled))
    return published, read_walk(parsed.tree, build_walk(published.diagram))


# Reading order ------------------------------------------------------------------------


@every_tree
def test_every_way_leads_to_a_later_number_and_every_question_is_told_once(id: str) -> None:
    reading = read(id)
    assert [question.number for question in reading.questions] == list(range(1, len(SITE.walks[id].states) + 1))
    for question in reading.questions:
        for way in question.ways:
            assert way.is_end or reading.question_of[way.to].number > question.number
    told = [line.then.number for line in reading.lines if line.then]
    assert told == list(range(2, len(reading.questions) + 1)), "the outline tells the questions in their order"


@every_tree
def test_ways_through_are_as_many_as_the_paths(id: str) -> None:
    assert read(id).ways_through == len(list_paths(SITE.walks[id]))


# Map ------------------------------------------------------------------------------------


@every_tree
def test_the_map_that_stands_alone_has_every_edge_and_every_end(id: str) -> None:
    text = whole.render_map(SITE, id)
    svg, tree = ET.fromstring(text), SITE.project.trees[id].tree
    edges: Edges = {}
    for line in svg.iter(f"{SVG}path"):
        if line.get("class") == "map-edge":
            target = ("outcome-" if line.get("data-end") is not None else "") + line.attrib["data-to"]
            edges.update({(line.attrib["data-from"], answer): target for answer in line.attrib["data-answers"].split()})
    assert edges == list_edges(SITE.walks[id])
    ends = {g.attrib["data-way"]: g for g in svg.iter(f"{SVG}g") if "data-outcome" in g.attrib}
    for question in read(id).questions:
        for way in (way for way in question.ways if way.is_end):
            outcome, end = tree.outcome_of[way.to], ends.pop(way.id)
            assert end.get("data-outcome") == way.to
            said = [element.text or "" for element in end.iter(f"{SVG}text")]
            assert said[0] == WORDS[outcome.verdict]
            assert " ".join(said[1:]).lower() == " ".join(outcome.brief.split()).lower()
            mark = next(end.iter(f"{SVG}use"))
            assert any(symbol.get("id") == mark.attrib["href"][1:] for symbol in svg.iter(f"{SVG}symbol"))
    assert not ends
    assert "var(" not in text, "drawing programs know no custom properties"
    assert svg.find(f"{SVG}title") is not None
    assert svg.find(f"{SVG}desc") is not None


@every_tree
def test_the_map_s_boxes_and_labels_keep_clear_of_each_other_and_lines_of_boxes(id: str) -> None:
    drawn = draw(id)
    boxes = [(box.id, box.x, box.y, box.width, box.height) for box in (*drawn.questions, *drawn.ends)]
    labels = [(f"label {line.way.id}", *line.ground) for line in drawn.lines]
    for a, b in itertools.combinations([*boxes, *labels], 2):
        assert a[1] + a[3] <= b[1] or b[1] + b[3] <= a[1] or a[2] + a[4] <= b[2] or b[2] + b[4] <= a[2], (a, b)
    for _, x, y, width, height in [*boxes, *labels]:
        assert x >= 0
        assert y >= 0
        assert x + width <= drawn.width
        assert y + height <= drawn.height
    for line in drawn.lines:
        own = {line.source, line.way.id if line.way.is_end else line.way.to, f"label {line.way.id}"}
        for start, end in list_stretches(line.path):
            for name, x, y, width, height in [*boxes, *labels]:
                is_clear = (
                    max(start[0], end[0]) <= x or min(start[0], end[0]) >= x + width
                    or max(start[1], end[1]) <= y or min(start[1], end[1]) >= y + height
                )
                assert name in own or is_clear, (line.way.id, name)


def list_stretches(path: str) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    points = [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]
    return itertools.pairwise(points)


@given(st.lists(st.tuples(st.floats(-1e4, 1e4), st.floats(0.05, 10)), min_size=1, max_size=12), st.data())
def test_settling_keeps_order_and_room_and_leaves_alone_what_fits(wanted: list[tuple[float, float]], data: st.DataObject) -> None:
    room = data.draw(st.lists(st.floats(0, 100), min_size=len(wanted) - 1, max_size=len(wanted) - 1))
    places, weights = [each for each, _ in wanted], [weight for _, weight in wanted]
    found = settle(places, weights, room)
    assert all(b - a >= gap - 1e-6 for (a, b), gap in zip(itertools.pairwise(found), room, strict=True))
    if all(b - a > gap for (a, b), gap in zip(itertools.pairwise(places), room, strict=True)):
        assert found == pytest.approx(places)


@given(st.dictionaries(st.text("abcdef", min_size=1), st.tuples(st.lists(st.integers(0, 40), min_size=1, max_size=3), st.integers(0, 40)), max_size=6))
def test_lines_that_meet_run_on_different_tracks(spans: dict[str, tuple[list[int], int]]) -> None:
    runs = {name: Run(tuple(at * 30.0 for at in sources), target * 30.0) for name, (sources, target) in spans.items()}
    tracks = find_tracks(runs)
    for a, b in itertools.combinations(runs, 2):
        assert tracks[a] != tracks[b] or not runs[a].meets(runs[b])


@given(st.text("ab cdé", min_size=1), st.integers(20, 200))
def test_wrapping_loses_no_word(text: str, width: int) -> None:
    assert " ".join(wrap(text, width, 16)) == " ".join(text.split())


# Flowchart ------------------------------------------------------------------------------


@every_tree
def test_the_flowchart_has_every_edge(id: str) -> None:
    reading, text = read(id), unescape(whole.render_mermaid(SITE, id))
    number_of = {f"q{question.number}": question for question in reading.questions}
    outcome_of = {"outcome_" + o.name.replace("-", "_"): o for o in reading.tree.outcomes}
    edges: Edges = {}
    for source, said, target in re.findall(r'^  (q\d+) -->\|"(.*)"\| (\w+)$', text, re.MULTILINE):
        to = f"outcome-{outcome_of[target].name}" if target in outcome_of else number_of[target].state.id
        edges.update({(number_of[source].state.id, answer): to for answer in find_answers(number_of[source], said)})
    assert edges == list_edges(SITE.walks[id])
    for name, outcome in outcome_of.items():
        assert re.search(rf'^  {name}\W+"{WORDS[outcome.verdict]}: {re.escape(outcome.brief)}"', text, re.MULTILINE)
        assert re.search(rf"^  class (.*,)?{name}(,.*)? is_{outcome.verdict.replace('-', '_')}$", text, re.MULTILINE)


def unescape(text: str) -> str:
    names = {"quot": '"', "amp": "&", "lt": "<", "gt": ">"}
    return re.sub(r"#(\w+);", lambda entity: names.get(entity[1]) or chr(int(entity[1])), text)


# Outline --------------------------------------------------------------------------------


@every_tree
def test_the_outline_in_text_has_every_edge(id: str) -> None:
    reading = read(id)
    lines = whole.render_outline(SITE, id).splitlines()
    assert lines[:2] == [reading.tree.ask, ""]
    edges: Edges = {}
    asked: dict[int, Question] = {0: reading.questions[0]}
    assert lines[2].startswith(f"1. {reading.questions[0].said}")
    for said, then in zip(lines[3::2], lines[4::2], strict=True):
        margin = len(said) - len(said.lstrip())
        level = (margin + 1) // 4 - 1
        question, then = asked[level], then.strip()
        if then.startswith("=> "):
            ends = {f"=> {WORDS[o.verdict]}: {o.brief}" + cite(o.cite): o.name for o in reading.tree.outcomes}
            to = "outcome-" + next(
                way.to for way in question.ways if way.said == said.strip()[2:] and way.is_end and say_alike(ends, then, way.to)
            )
        else:
            number = int(match[1]) if (match := re.fullmatch(r"go on to question (\d+)", then)) else int(then.partition(".")[0])
            to = reading.questions[number - 1].state.id
            asked[level + 1] = reading.questions[number - 1]
        edges.update({(question.state.id, answer): to for answer in find_answers(question, said.strip()[2:])})
    assert edges == list_edges(SITE.walks[id])


def cite(citations: Sequence[object]) -> str:
    numbers = dict.fromkeys(citation.provision for citation in citations)  # type: ignore[attr-defined]
    return f" ({', '.join(numbers)})" if numbers else ""


def say_alike(ends: Mapping[str, str], said: str, name: str) -> bool:
    """Say whether a line can stand for an outcome: two outcomes may share their few words."""
    return said in ends and any(text == said for text, other in ends.items() if other == name or text == said)


class WholePage(HTMLParser):
    """The page of a whole tree as its script and its readers find it: outline and table."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.edges: Edges = {}
        self.numbers: dict[str, str] = {}
        self.references: dict[tuple[str, str], str] = {}
        self.ends: dict[tuple[str, str], str] = {}
        self.rows: list[list[tuple[str, list[str]]]] = []
        self._nested: list[tuple[str, str]] = []
        self._here: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        assert "style" not in given, "a strict policy forbids inline styles"
        if tag == "script":
            assert given.get("src"), "a strict policy forbids inline scripts"
        if tag in ("div", "li"):
            self._nested.append((tag, given.get("data-state", "")))
        state = next((state for _, state in reversed(self._nested) if state), "")
        if "data-state" in given:
            self.numbers[given["data-state"]] = given["id"]
        if tag == "p" and given.get("class") == "outline-option":
            self._here = []
        if tag == "span" and "data-answer" in given:
            self._here.append((state, given["data-answer"]))
            self.edges[state, given["data-answer"]] = given["data-to"]
        if tag == "p" and "data-outcome" in given:
            self.ends.update(dict.fromkeys(self._here, given["data-outcome"]))
        if tag == "a" and given.get("href", "").startswith("#question-"):
            self.references.update(dict.fromkeys(self._here, given["href"][1:]))
        if tag == "tr":
            self.rows.append([])
        if tag == "td":
            self.rows[-1].append((given.get("class", ""), given.get("data-holds", "").split()))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("div", "li"):
            assert self._nested.pop()[0] == tag, "the outline nests properly"


@every_tree
def test_the_outline_on_the_page_has_every_edge_and_refers_where_it_does_not_nest(id: str) -> None:
    page, reading = WholePage(whole.render_whole(SITE, id)), read(id)
    assert page.edges == list_edges(SITE.walks[id])
    assert page.numbers == {question.state.id: f"question-{question.number}" for question in reading.questions}
    for question in reading.questions:
        for way in question.ways:
            for answer in way.answers:
                key = question.state.id, answer
                assert page.ends.get(key, "") == (way.to if way.is_end else "")
                is_elsewhere = not way.is_end and not way.is_home
                assert page.references.get(key, "") == (page.numbers[way.to] if is_elsewhere else "")


# Decision table -------------------------------------------------------------------------


class Sheet:
    """A decision table read back from its CSV, by nothing but the words that it shows."""

    def __init__(self, text: str, tree: Tree, diagram: Diagram) -> None:
        head, *self.lines = list(csv.reader(io.StringIO(text)))
        self.tree, self.diagram = tree, diagram
        assert head[0] == "Row"
        assert head[-6:] == ["Verdict", "Outcome", "In full", "Who decides", "What comes with it", "Provisions"]
        by_ask: dict[str, list[Variable]] = {}
        for variable in diagram.variables:
            fact, let = tree.fact_of.get(variable.fact), tree.let_of.get(variable.name)
            ask = fact.ask if fact else let.ask if let else ""
            by_ask.setdefault(ask if ask in head else f"{ask} ({variable.fact})", []).append(variable)
        assert len(set(head)) == len(head), "no two columns have one name"
        self.cases = [
            dict(pair for ask, said in zip(head[1:-6], line[1:-6], strict=True) if said != ANY
                 for pair in self.read_cell(by_ask[ask], said))
            for line in self.lines
        ]

    def read_cell(self, variables: Sequence[Variable], said: str) -> Iterator[tuple[str, frozenset[int]]]:
        """Give the cells of each variable that a column's words leave."""
        variable, fact = variables[0], self.tree.fact_of.get(variables[0].fact)
        if fact is None:
            yield variable.name, frozenset([["No", "Yes"].index(said)])
        elif variable.kind == "choice":
            labels = {fact.option(name).label: i for i, name in enumerate(variable.options)}
            yield variable.name, frozenset(labels[label] for label in split_options(said, list(labels)))
        elif variable.kind == "member":
            known = {
                f"{fact.option(each.name.partition('.')[2]).label}: {word}": (each.name, frozenset([i]))
                for each in variables for i, word in enumerate(("no", "yes"))
            }
            yield from (known[part] for part in split_options(said, list(known)))
        else:
            spans = {}
            for i, j in itertools.combinations_with_replacement(range(len(variable.spans)), 2):
                low, high = variable.spans[i][0], variable.spans[j][1]
                spans[say_span(fact, (low, low + (high - low) // fact.step * fact.step))] = range(i, j + 1)
            yield variable.name, frozenset(i for part in split_options(said, list(spans)) for i in spans[part])

    def find_row(self, answers: Mapping[str, str]) -> int:
        """Give the one row that holds for a path's answers."""
        from decision_trees.publishing.readings.table import find_cells

        given = {name: find_cells(self.diagram, f"{name}={text}") for name, text in answers.items()}
        rows = [
            i for i, case in enumerate(self.cases)
            if all(name in given and given[name] <= cells for name, cells in case.items())
        ]
        assert len(rows) == 1, (answers, rows)
        return rows[0]

    def list_answers(self, row: int, limit: int = 40) -> Iterator[dict[str, str]]:
        """List answers that lie in a row."""
        names = list(self.cases[row])
        choices = []
        for name in names:
            variable = self.diagram.variables[self.diagram.level_of[name]]
            choices.append([say_cell(self.tree, variable, cell) for cell in sorted(self.cases[row][name])])
        for answers in itertools.islice(itertools.product(*choices), limit):
            yield dict(zip(names, answers, strict=True))


def say_cell(tree: Tree, variable: Variable, cell: int) -> str:
    from decision_trees.runtime.answers import write_answer

    if variable.kind == "choice":
        return variable.options[cell]
    if variable.kind != "interval":
        return ("no", "yes")[cell]
    fact, (low, high) = tree.fact_of[variable.fact], variable.spans[cell]
    return write_answer(fact, (low, low + (high - low) // fact.step * fact.step))


def list_duty_texts(tree: Tree, outcome: str, line: str) -> dict[int, str]:
    """Give the duties of a row by number, each with its condition. Duties of other outcomes may have the same words."""
    found = {}
    for text in line.split("\n") if line else []:
        number = next(
            i for i, duty in enumerate(tree.duties)
            if i not in found and outcome in duty.outcomes and text.endswith(fill(duty.say, tree, tree.scope({})))
        )
        found[number] = text.removesuffix(fill(tree.duties[number].say, tree, tree.scope({}))).removesuffix(": ")
    return found


@every_tree
def test_every_path_meets_one_row_of_the_csv_with_its_outcome_and_its_duties(id: str) -> None:
    published = SITE.project.trees[id]
    tree, diagram = published.tree, published.diagram
    sheet = Sheet(whole.render_csv(SITE, id), tree, diagram)
    met = set()
    for answers, name in list_paths(SITE.walks[id]):
        row = sheet.find_row(answers)
        met.add(row)
        outcome, line = tree.outcome_of[name], sheet.lines[row]
        assert line[-6:-2] == [WORDS[outcome.verdict], outcome.brief, fill(outcome.say, tree, tree.scope({})), outcome.to]
        assert line[-1] == ", ".join(dict.fromkeys(citation.provision for citation in outcome.cite))
        position = advance(diagram, answers)
        if isinstance(position, Asking):
            assert position.settled == name
            continue
        assert isinstance(position, Reached)
        shown = list_duty_texts(tree, name, line[-2])
        for duty in position.duties:
            assert duty.number in shown, (answers, duty)
        certain = {duty.number for duty in position.duties if duty.certain}
        assert {number for number, condition in shown.items() if not condition} <= certain, answers
    assert met == set(range(len(sheet.lines))), "no row without a path"


@every_tree
def test_the_engine_comes_to_the_outcome_of_each_row(id: str) -> None:
    published = SITE.project.trees[id]
    tree, diagram = published.tree, published.diagram
    sheet = Sheet(whole.render_csv(SITE, id), tree, diagram)
    for row, line in enumerate(sheet.lines):
        for answers in sheet.list_answers(row):
            position = advance(diagram, answers)
            assert isinstance(position, Asking | Reached), (answers, position)
            name = position.outcome if isinstance(position, Reached) else position.settled
            assert name, (answers, position)
            outcome = tree.outcome_of[name]
            assert line[-6:-4] == [WORDS[outcome.verdict], outcome.brief], answers


@every_tree
def test_the_table_on_the_page_marks_for_each_path_the_row_of_the_csv(id: str) -> None:
    """What whole.js does with `data-holds`, against the words of the CSV."""
    published = SITE.project.trees[id]
    table = make_table(published, read(id), whole.PAGE_ROWS)
    page = WholePage(whole.render_whole(SITE, id))
    rows = [row for row in page.rows if row]
    assert len(rows) == len(table.rows)
    if table.is_by_question:
        return
    sheet = Sheet(whole.render_csv(SITE, id), published.tree, published.diagram)
    for answers, _ in list_paths(SITE.walks[id]):
        given = {f"{name}={text}" for name, text in answers.items()}
        holding = []
        for i, cells in enumerate(rows):
            tokens = [token for _, holds in cells for token in holds]
            if all(any(f"{token.partition('=')[0]}=" in each and each in tokens for each in given) for token in tokens):
                holding.append(i)
        assert holding == [sheet.find_row(answers)], answers


def test_a_table_in_markdown_says_how_to_read_it_and_keeps_its_columns(read_tree: Callable[[str], object]) -> None:
    published, reading = publish(read_tree(PAIRS(2).replace("Pair 1", "Pair | 1")))
    table = make_table(published, reading, 100)
    text = write_markdown(table, reading)
    assert text.startswith(say_table(table))
    head, rule, *rows = text.split("\n\n")[1].splitlines()
    assert len(rows) == len(table.rows)
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in (head, rule, *rows)} == {len(table.heads) + 8}


# Beyond the bound, and the smallest tree --------------------------------------------------


def PAIRS(count: int) -> str:
    """A tree in which every pair of facts must be equal: 4 to the power of `count` paths and more."""
    facts = "\n".join(
        f"  {side}{i}:\n    ask: Pair {i}, {side}?\n    options: {{one: One, two: Two}}" for i in range(count) for side in "ab"
    )
    rules = "\n".join(
        f"  - when: (a{i} is one and b{i} is two) or (a{i} is two and b{i} is one)\n    then: odd" for i in range(count - 1)
    )
    last = f"  - when: a{count - 1} is one\n    then: last"
    return (
        f"tree: pairs\nask: Do all agree?\nroles: [officer]\nfacts:\n{facts}\ndecide:\n{rules}\n{last}\n  - otherwise: even\n"
        "outcomes:\n  odd: {verdict: no, say: One pair differs., brief: a pair differs}\n"
        "  last: {verdict: yes, say: All pairs agree and the last is one., brief: the last is one}\n"
        "  even: {verdict: yes, say: All pairs agree., brief: all agree}\n"
        "also:\n  - say: Say so.\n"
    )


def test_a_tree_with_more_paths_than_can_be_listed_has_a_table_by_question(read_tree: Callable[[str], object]) -> None:
    published, reading = publish(read_tree(PAIRS(70)))
    table = make_table(published, reading, 50)
    assert reading.ways_through > 10**20
    assert table.is_by_question
    assert len(table.rows) == sum(len(question.ways) for question in reading.questions)
    assert "too many" in say_table(table)
    rows = list(csv.reader(io.StringIO(write_csv(table, reading))))
    number_of = {str(question.number): question for question in reading.questions}
    edges: Edges = {}
    for _, number, asked, said, then, verdict, *_ in rows[1:]:
        question = number_of[number]
        assert asked == question.said
        for answer in find_answers(question, said):
            way = next(way for way in question.ways if answer in way.answers)
            assert (verdict != "") is way.is_end
            edges[question.state.id, answer] = f"outcome-{way.to}" if way.is_end else number_of[then.removeprefix("question ")].state.id
    assert edges == list_edges(build_walk(published.diagram))


def test_a_large_tree_is_drawn_and_told_in_proportion_to_its_states(read_tree: Callable[[str], object]) -> None:
    published, reading = publish(read_tree(PAIRS(70)))
    drawn = draw_map(reading)
    assert len(drawn.lines) == sum(len(question.ways) for question in reading.questions)
    assert len(write_outline(reading).splitlines()) == 3 + 2 * len(drawn.lines)
    assert published.diagram.states < 300


def test_a_tree_that_asks_nothing_is_its_outcome(read_tree: Callable[[str], object]) -> None:
    published, reading = publish(read_tree(
        "tree: never\nask: May I?\nroles: [officer]\nfacts:\n  post: {ask: Post?, options: {a: A, b: B}}\n"
        "decide:\n  - otherwise: never\noutcomes:\n  never: {verdict: no, say: Never., brief: never}\n"
    ))
    assert reading.ways_through == 1
    assert write_outline(reading) == "May I?\n\n=> No: never\n"
    table = make_table(published, reading, 10)
    assert [(row.cells, row.outcome) for row in table.rows] == [((), "never")]
    assert [box.outcome.name for box in draw_map(reading).ends if box.outcome] == ["never"]


def test_joined_options_can_be_told_apart() -> None:
    labels = ["A or B", "A", "C; D"]
    assert split_options(join_options(labels), labels) == labels


# The sheet to print ---------------------------------------------------------------------


@every_tree
def test_the_sheet_sends_every_answer_where_it_leads_and_lists_each_outcome_s_duties(id: str) -> None:
    text, reading, published = whole.render_sheet(SITE, id), read(id), SITE.project.trees[id]
    page = ET.fromstring(re.sub(r"<!doctype html>|<(meta|link)[^>]*>", "", text))
    assert not re.search(r"\sstyle=|<script", text)
    parts = list(page.iter("section"))
    questions = [part for part in parts if part.get("class") == "sheet-question"]
    outcomes = [part for part in parts if part.get("class") == "sheet-outcome"]
    letters = {"".join(part[0].itertext()): o for part, o in zip(outcomes, reading.tree.outcomes, strict=True)}
    edges: Edges = {}
    for part, question in zip(questions, reading.questions, strict=True):
        assert "".join(part[0].itertext()) == str(question.number)
        rows = list(part.iter("li"))
        for row, edge in zip(rows, question.state.edges, strict=True):
            _, label, then = ["".join(each.itertext()).strip() for each in row]
            assert label == edge.label
            kind, _, where = then.rpartition(" ")
            to = f"outcome-{letters[where].name}" if kind == "Outcome" else reading.questions[int(where) - 1].state.id
            edges[question.state.id, "=".join(edge.answer)] = to
    assert edges == list_edges(SITE.walks[id])
    for part, outcome in zip(outcomes, reading.tree.outcomes, strict=True):
        assert fill(outcome.say, reading.tree, reading.tree.scope({})) in " ".join("".join(part.itertext()).split())
        shown = [" ".join("".join(row.itertext()).split()) for row in part.iter("li")]
        bold = [row.find("span/b") is not None for row in part.iter("li")]
        due = [(number, status) for number in range(len(reading.tree.duties)) if (status := judge_duty(published, number, outcome.name))]
        assert len(shown) == len(due)
        for (number, status), said, is_if in zip(due, shown, bold, strict=True):
            assert fill(reading.tree.duties[number].say, reading.tree, reading.tree.scope({})) in said
            assert is_if is (status != ALWAYS)


# The verb -------------------------------------------------------------------------------


@pytest.mark.parametrize("form", whole.FORMATS)
def test_the_verb_prints_what_the_site_holds(form: str) -> None:
    result = CliRunner().invoke(main, ["graph", TREES[0], "--format", form, "--project", str(ROOT)])
    assert result.exit_code == 0, result.output
    assert result.output == whole.FORMATS[form](SITE, TREES[0]).replace("\r\n", "\n")


def test_the_verb_says_which_trees_there_are() -> None:
    result = CliRunner().invoke(main, ["graph", "nowhere/nothing", "--project", str(ROOT)])
    assert result.exit_code == 2
    assert "There is no tree" in result.output


def test_the_site_holds_the_files_of_every_tree() -> None:
    from decision_trees.publishing.integrity import Seals
    from decision_trees.publishing.site import list_files

    files = dict(list_files(SITE, Seals({})))
    for id in TREES:
        for name in ("index.html", "table.csv", "map.svg", "flow.mmd", "print/index.html"):
            assert files[f"trees/{id}/whole/{name}"]
    assert files[f"trees/{TREES[0]}/whole/table.csv"].startswith("\ufeffRow,".encode())
    assert all(isinstance(box, Box) for box in draw(TREES[0]).questions)
