"""Nothing that an author or a reader can write raises: an author's text gives findings, a reader's answers a position."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from decision_trees.authoring.analysis import check_tree
from decision_trees.authoring.compiler import BUDGET, compile_tree, freeze
from decision_trees.authoring.findings import Finding, show
from decision_trees.authoring.notation import Definition, Parsed, parse
from decision_trees.authoring.pages import read_page
from decision_trees.authoring.project import load_project
from decision_trees.authoring.scenarios import parse_scenarios, run_scenario
from decision_trees.authoring.walk import build_walk
from decision_trees.runtime import browser
from decision_trees.runtime.describe import describe
from decision_trees.runtime.engine import Position, advance
from decision_trees.runtime.model import Diagram, to_data
from tests import strategies
from tests.strategies import Chance
from tests.test_properties import ENGLAND

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
TREE = """\
tree: t
ask: May I?
facts:
  post: {ask: Which post?, options: {junior: Junior, senior: Senior}}
  matter: {ask: Which matters?, many: {rents: Rents, housing: Housing}, none: None of them}
  arrears: {ask: How many months?, number: {from: 0, to: 24, unit: months}}
  sum: {ask: How much?, money: {from: 0, to: 1000}}
  received: {ask: When?, date: {from: 2026-01-01, to: 2026-12-31}}
  today: {ask: What is today?, date: {from: 2026-01-01, to: 2027-12-31, default: today}}
sets: {some: [rents, housing]}
let:
  due: received + 10 working days
  late: {is: due < today, ask: Have ten working days passed?}
check: [{when: received > 2026-12-30, say: Not yet.}]
decide:
  - when: CONDITION
    then: fine
  - when: late and arrears >= 2
    then: wait
  - otherwise: fine
outcomes:
  fine: {verdict: yes-if, say: "Fine, by {due}."}
  wait: {verdict: refer, say: Wait., to: the Clerk}
also: [{when: matter has rents, say: "Say so: {sum}.", for: any, ask: true}]
"""
SCENARIOS = """\
tree: t
cases:
  - story: One
    answers: {post: junior, matter: [rents, housing], arrears: 1}
    outcome: fine
  - story: Two
    answers: {post: "?"}
    open: post
"""
PAGE = f"""\
# A protocol

## Posts

### 6.30

A *member* may [ask](x.md).

```decision-tree
{TREE.replace("CONDITION", "post is senior")}```

```scenarios
{SCENARIOS}```

!!! note "Mind"

    A note.
"""
SCRAPS = (
    " ", "\n", "\t", "  ", "- ", ": ", "? ", "#", "---", "...", "%YAML 9", "{", "}", "[", "]", ",", "'", '"', "|", ">", "&a", "*a", "!!python/name:os.system",
    "!x", "<<", "@", "`", "\\", "\0", "\x1b", "\x85", "\u2028", "\ufeff", "\ud800", "💥", "é", "٣", "0" * 5000, "-1", "1e9", "yes", "no", "~", "null",
    "6.30", "2026-02-30", "9999-12-31", "0001-01-01", "tree", "facts", "let", "decide", "when", "unless", "otherwise", "go-on", "then", "outcomes", "verdict",
    "refer", "say", "also", "for", "check", "sets", "options", "many", "none", "number", "money", "date", "from", "to", "step", "ask", "cite", "doubt", "unsure",
    "post", "matter", "arrears", "sum", "received", "today", "due", "late", "some", "junior", "rents", "fine", "is", "in", "has", "and", "or", "not", "(", ")",
    "<", "<=", ">=", "+", "end of month", "5 working days", "99999999 days", "3 months", "__class__", "().__class__", "{due}", "{", "{x.y}", "}}",
    "```decision-tree\n", "```scenarios\n", "~~~", "### 6.31", "a\n===", "a\n b\n---", "{: no-tree=\"x\" }", "{#id}", "> ", "1. ", "<div>", "!!! note", *BIDI,
)
READ = settings(max_examples=250)


def is_refused(text: str) -> bool:
    return isinstance(parse(Definition("page.md", 1, text, "edition"), ENGLAND), list)


def read_all(text: str) -> None:
    """Take a definition as far as it goes: everything comes back, and every finding can be shown."""
    parsed = parse(Definition("page.md", 1, text, "edition"), ENGLAND)
    findings: list[Finding] = parsed if isinstance(parsed, list) else []
    if isinstance(parsed, Parsed):
        compiled, findings = check_tree(parsed, BUDGET)
        assert compiled is not None or findings
        if compiled is not None:
            diagram = freeze(compiled)
            build_walk(diagram)
            describe(diagram, {}, advance(diagram, {}))
    else:
        assert findings
    for finding in findings:
        assert show(finding, text)


@st.composite
def broken(draw: st.DrawFn, text: str) -> str:
    """Draw a text with a few scraps put in, pieces taken out and lines moved."""
    chance = Chance(draw)
    for _ in range(chance.number(1, 4)):
        way = chance.choose(("put", "put", "take", "replace", "repeat", "move", "indent"))
        lines = text.split("\n")
        here, there = chance.number(0, len(lines) - 1), chance.number(0, len(lines) - 1)
        words = lines[here].split(" ")
        place = chance.number(0, len(words) - 1)
        if way == "put":
            words.insert(place, chance.choose(SCRAPS))
        elif way == "take":
            del words[place]
        elif way == "replace":
            words[place] = chance.choose(SCRAPS)
        lines[here] = " ".join(words)
        if way == "repeat":
            lines.insert(there, lines[here])
        elif way == "move":
            lines[here], lines[there] = lines[there], lines[here]
        elif way == "indent":
            lines[here] = lines[here][2:] if chance.is_one_in(2) else "  " + lines[here]
        text = "\n".join(lines)
    return text


def scraps(most: int) -> st.SearchStrategy[str]:
    return st.lists(st.one_of(st.sampled_from(SCRAPS), st.text(max_size=5)), max_size=most).map("".join)


# Definitions, scenarios, pages ----------------------------------------------------------


@READ
@given(scraps(30))
def test_any_text_read_as_a_definition_gives_findings_or_a_tree(text: str) -> None:
    read_all(text)
    parse_scenarios(Definition("page.md", 1, text, "edition"))


@settings(max_examples=800)
@given(broken(TREE.replace("CONDITION", "post is senior")))
def test_a_broken_definition_gives_findings_or_another_tree(text: str) -> None:
    read_all(text)


@READ
@given(st.data())
def test_a_broken_random_definition_gives_findings_or_another_tree(data: st.DataObject) -> None:
    read_all(data.draw(broken(data.draw(strategies.cases()).text)))


@settings(max_examples=600)
@given(st.lists(st.sampled_from(SCRAPS), max_size=12).map(" ".join))
def test_any_words_read_as_a_condition_give_findings_or_a_condition(text: str) -> None:
    read_all(TREE.replace("CONDITION", json.dumps(text)))


@READ
@given(broken(SCENARIOS))
def test_broken_scenarios_give_findings(text: str) -> None:
    cases, findings = parse_scenarios(Definition("page.md", 1, text, "edition"))
    parsed = parse(Definition("page.md", 1, TREE.replace("CONDITION", "post is senior"), "edition"), ENGLAND)
    assert isinstance(parsed, Parsed)
    diagrams = {"edition/t": freeze(compile_tree(parsed.tree))}
    for case in cases:
        position, failed = run_scenario(case, diagrams)
        assert position is not None or failed
    for finding in findings:
        show(finding, text)


@READ
@given(st.one_of(broken(PAGE), scraps(40)))
@example("\r### 6.31")
@example("---\rtitle: A\r---\r### 6.31 {: binds=nobody }\r\n\rText.\r")
def test_any_page_is_read_with_findings(text: str) -> None:
    page = read_page(text, "edition/page.md", "edition")
    for finding in page.findings:
        assert show(finding, text)
    index = "---\nedition: {name: N, body: B, document: D, restates: R, source: S, version: V, issued: 2026-01-01}\n---\n# N\n"
    load_project({"edition/index.md": index, "edition/page.md": text})


@READ
@given(st.one_of(broken("---\nedition:\n  name: N\n  body: B\n  roles: {officer: O}\n  doubt: {to: X, cite: '1'}\n---\n# N\n"), scraps(20)))
def test_any_front_matter_and_topics_are_read_with_findings(text: str) -> None:
    project = load_project({"edition/index.md": text, "edition/page.md": PAGE}, topics=text)
    assert all(show(finding, text) for finding in project.findings)


@pytest.mark.parametrize("line_break", ["\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_what_yaml_takes_for_the_end_of_a_line_is_one(line_break: str) -> None:
    for text in (f"{line_break}- x", f"a: [{line_break}{line_break}@", f"a:{line_break}  - {{b: c}}{line_break}  - 'd", TREE.replace("\n", line_break)):
        read_all(text)


# Bombs ----------------------------------------------------------------------------------

BOMBS = {
    "aliases": "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ntree: [*c, *c]",
    "itself": "tree: &a [*a]",
    "depth of lists": "[" * 100_000,
    "depth of mappings": "{a: " * 50_000,
    "depth by indent": "\n".join(f"{' ' * i}a:" for i in range(600)),
    "size": "tree: " + "x" * 1_000_000,
    "a quotation left open": "tree: \"" + "x" * 150_000,
    "brackets": TREE.replace("CONDITION", "(" * 50_000 + "post is senior" + ")" * 50_000),
    "negations": TREE.replace("CONDITION", "not " * 40_000 + "post is senior"),
    "a sum": TREE.replace("CONDITION", "arrears" + " + 1" * 40_000 + " > 1"),
    "months' ends": TREE.replace("CONDITION", "end of month (" * 5_000 + "received" + ")" * 5_000 + " > 2026-01-01"),
    "a chain of lets": TREE.replace("CONDITION", "c1999").replace("let:\n", "let:\n  c0: post is senior\n" + "".join(
        f"  c{i + 1}: not c{i}\n" for i in range(2_000))),
    "lets that double": TREE.replace("CONDITION", "c39").replace("let:\n", "let:\n  c0: post is senior\n" + "".join(
        f"  c{i + 1}: c{i} and c{i}\n" for i in range(40))),
    "quantities that double": TREE.replace("CONDITION", "q29 > 1").replace("let:\n", "let:\n  q0: arrears + 1\n" + "".join(
        f"  q{i + 1}: q{i} + q{i}\n" for i in range(30))),
    "rules in rules": TREE.replace("CONDITION", "post is senior").replace("then: fine", "decide: " + "[{when: post is junior, decide: " * 300),
    "facts": "tree: t\nask: A?\nfacts: {" + ", ".join(f"f{i}: {{ask: A?, options: {{a: A, b: B}}}}" for i in range(2_000)) + "}",
    "digits": TREE.replace("CONDITION", "arrears > " + "9" * 100_000),
    "digits of a count": TREE.replace("CONDITION", "received + " + "9" * 100_000 + " days > 2026-01-01"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_gives_findings(name: str) -> None:
    assert is_refused(BOMBS[name])


@pytest.mark.parametrize("name", BIDI)
def test_characters_that_turn_the_writing_are_found_wherever_they_stand(name: str) -> None:
    plain = TREE.replace("CONDITION", "post is senior")
    assert not is_refused(plain)
    for word in ("May I?", "Junior", "Wait.", "the Clerk", "senior", "post"):
        assert is_refused(plain.replace(word, word[:2] + name + word[2:], 1))


@pytest.mark.parametrize("text", [
    "__import__('os')", "post.__class__ is junior", "True", "None", "1 == 1", "lambda: 1", "post is junior if True else False", "f'{post}'",
    "len(matter) > 1", "[post]", "globals", "self", "post is junior; post is senior", "fact_of", "conditions", "eval", "arrears ** 2 > 1", "arrears // 2 > 1",
])
def test_a_condition_reaches_nothing_but_declared_names(text: str) -> None:
    assert is_refused(TREE.replace("CONDITION", json.dumps(text)))


@pytest.mark.parametrize("text", ["{post.__class__}", "{0}", "{post!r}", "{post:>9999999}", "{}", "{__class__}"])
def test_a_text_shows_nothing_but_declared_values(text: str) -> None:
    assert is_refused(TREE.replace("CONDITION", "post is senior").replace("Wait.", json.dumps(text)))


# Answers --------------------------------------------------------------------------------

NAMES = ("post", "matter", "matter.rents", "matter.x", "matter.", ".", "arrears", "sum", "received", "today", "late", "due", "late.x", "post.junior", "__class__", "")
VALUES = (
    "junior", "?", "none", "rents", "rents,housing", "rents,none", ",", "..", "2..", "..3", "5..2", "1..2..3", "-1", "1.999", "٣", "1e3", "0x1", "nan", "inf", "9" * 5000,
    "2026-05-05", "2026-05-05..", "..2026-05-05", "2026-W20-2", "20260505", "2026-02-30", "9999-12-31", "0000-00-00", "-026-05-05", "2026-05-05T00:00", "yes", "no", "",
    "\0", "\ud800", "💥", "{due}", "<script>", "__class__", *BIDI,
)


@pytest.fixture(scope="module")
def diagram() -> Diagram:
    parsed = parse(Definition("page.md", 1, TREE.replace("CONDITION", "post is senior and sum > 5"), "edition"), ENGLAND)
    assert isinstance(parsed, Parsed)
    found = freeze(compile_tree(parsed.tree))
    browser.load("t", json.dumps(to_data(found)))
    return found


@settings(max_examples=1000)
@given(answers=st.dictionaries(
    st.one_of(st.sampled_from(NAMES), st.text(max_size=8)), st.one_of(st.sampled_from(VALUES), st.text(max_size=12)), max_size=7,
))
def test_any_answers_lead_to_a_position(diagram: Diagram, answers: dict[str, str]) -> None:
    position = advance(diagram, answers)
    assert isinstance(position, Position)
    said = json.loads(json.dumps(describe(diagram, answers, position)))
    assert json.loads(browser.ask("t", json.dumps(answers))) == said


@settings(max_examples=200)
@given(st.data())
def test_any_answers_to_random_trees_lead_to_a_position(data: st.DataObject) -> None:
    case = data.draw(strategies.cases())
    parsed = parse(Definition("page.md", 1, case.text, "edition"), ENGLAND)
    assert isinstance(parsed, Parsed)
    diagram = freeze(compile_tree(parsed.tree))
    names = [*parsed.tree.fact_of, *parsed.tree.let_of, *(f"{f.name}.{o.name}" for f in parsed.tree.facts for o in f.options)]
    values = [*VALUES, *(value for fact in case.facts for value in fact.domain)]
    answers = data.draw(st.dictionaries(st.sampled_from(names), st.sampled_from(values), max_size=6))
    describe(diagram, answers, advance(diagram, answers))


# The two YAML parsers ---------------------------------------------------------------------


def list_events(text: str, loader: type) -> list[tuple[object, ...]] | None:
    """List what the parser finds: every node with the place where it begins, and where a scalar ends."""
    try:
        return [
            (type(event).__name__, getattr(event, "value", ""), bool(getattr(event, "style", "")), *(
                (mark.line, mark.column)
                for mark, kind in ((event.start_mark, yaml.NodeEvent), (event.end_mark, yaml.ScalarEvent)) if isinstance(event, kind)
            ))
            for event in yaml.parse(text, Loader=loader)
        ]
    except (yaml.YAMLError, UnicodeEncodeError):
        return None


@pytest.mark.parametrize("end", ["?", "? ", "?  ", "x:", "- ", "a: |", "a: >-"])
def test_a_text_that_ends_without_a_new_line_gives_findings_with_a_place(end: str) -> None:
    findings = parse(Definition("page.md", 1, f"tree: t\n{end}", "edition"), ENGLAND)
    assert isinstance(findings, list)
    assert all(show(finding, f"tree: t\n{end}") for finding in findings)


@pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="PyYAML has no C parser here")
@settings(max_examples=500)
@given(st.one_of(broken(TREE.replace("CONDITION", "post is senior").replace("?,", ",")), broken(SCENARIOS)))
def test_what_both_yaml_parsers_read_they_read_alike(text: str) -> None:
    text = text.replace("\ufeff", "") + "\n"
    fast, plain = list_events(text, yaml.CSafeLoader), list_events(text, yaml.SafeLoader)
    assert fast is None or plain is None or fast == plain
