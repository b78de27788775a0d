"""The author's manual is true: it has every code, verb, option and key, and its examples do what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner

from decision_trees.authoring import keys
from decision_trees.authoring.calendars import make_calendar
from decision_trees.authoring.compiler import compile_tree, freeze
from decision_trees.authoring.files import make_settings
from decision_trees.authoring.findings import CODES
from decision_trees.authoring.notation import Definition, Parsed, parse
from decision_trees.authoring.project import Project, load_project
from decision_trees.authoring.scenarios import parse_scenarios, run_all
from decision_trees.cli import main
from decision_trees.plugin import DecisionTreesConfig
from decision_trees.runtime.engine import Asking, Open, Reached, Rejected, advance
from decision_trees.runtime.model import Diagram
from tests.conftest import ROOT
from tests.test_findings import CASES, EDITION

MANUAL = ROOT / "docs" / "author"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(MANUAL.glob("*.md"))}
ENGLAND = make_calendar("England", "GB", "ENG", 2015, 2035)
Data = dict[str, Any]

CARD_TREE = """
tree: attend-group-meeting
facts:
  post: {ask: "What is your post?", options: {senior: Head of Service or above, junior: Below Head of Service}}
  escort: {ask: "Who is going with you?", options: {senior: A senior officer, nobody: Nobody}}
decide: [{when: post is junior and escort is nobody, then: ask-first}, {otherwise: attend}]
outcomes:
  ask-first: {verdict: no, say: Ask a senior officer first., cite: "6.30"}
  attend: {verdict: yes, say: You may go., cite: "6.30"}
"""
_FENCE = re.compile(
    r"(?:^<!-- (?P<mark>[^\n]*?)(?:\n(?P<cases>.*?))? ?-->\n)?^(?P<fence>`{3,})(?P<info>\w*)\n(?P<text>.*?)^(?P=fence)\n",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Example:
    """A fence of the manual. `mark` is the remark before it, `cases` the lines of that, `like` the tree shown before."""

    page: str
    line: int
    mark: str
    cases: str
    info: str
    text: str
    like: str


def list_fences(page: str) -> Iterator[Example]:
    like = ""
    for match in _FENCE.finditer(PAGES[page]):
        line = PAGES[page].count("\n", 0, match.start("text"))
        mark = match["mark"] or ""
        if mark == "example" and "tree:" in match["text"]:
            like = match["text"]
        yield Example(page, line, mark, match["cases"] or "", match["info"], match["text"], like)


EXAMPLES = [example for page in PAGES for example in list_fences(page) if example.mark.startswith("example")]


def read_sections(page: str) -> dict[str, str]:
    """Give the text below each heading by the heading's id, up to the next heading of any level."""
    parts = re.split(r"^(#{1,4}) (.*)$", re.sub(_FENCE, "", PAGES[page]), flags=re.MULTILINE)
    sections = {}
    for title, text in zip(parts[2::3], parts[3::3], strict=True):
        named = re.search(r"\{:? #(\S+) \}$", title)
        sections[named[1] if named else re.sub(r"[^\w]+", "-", title.lower()).strip("-")] = text
    return sections


# Findings, verbs, keys, options ----------------------------------------------------------

_CONTEXT = click.Context(main)
VERBS = {name: command for name in main.list_commands(_CONTEXT) if (command := main.get_command(_CONTEXT, name)) is not None}


def test_every_code_has_a_heading_and_a_bad_page_and_nothing_else_has() -> None:
    headings = re.findall(r"^### (.*)$", PAGES["findings"], flags=re.MULTILINE)
    assert len(headings) == len(set(headings))
    assert set(headings) == CODES.keys() == {name for name in CASES if "." not in name}


@pytest.mark.parametrize("code", CODES)
def test_the_manual_begins_with_what_a_code_means(code: str) -> None:
    text = read_sections("findings")[code].strip().replace("’", "'")
    assert text.startswith(CODES[code].rstrip(".")), code


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_documented_with_its_options_and_arguments(verb: str) -> None:
    text = read_sections("command-line")[verb]
    for parameter in VERBS[verb].params:
        if isinstance(parameter, click.Argument):
            assert f"`{parameter.human_readable_name}`" in text
        else:
            for name in (*parameter.opts, *parameter.secondary_opts):
                assert f"`{name}`" in text, name


def test_no_verb_or_option_is_documented_that_is_not_there() -> None:
    sections = read_sections("command-line")
    assert sections.keys() - VERBS.keys() == {"the-command-line"}
    for verb, command in VERBS.items():
        known = {name for p in command.params for name in (*p.opts, *p.secondary_opts)} | {"--help"}
        documented = set(re.findall(r"^\|(.*?)\|", sections[verb], flags=re.MULTILINE))
        assert {name for row in documented for name in re.findall(r"`(-[\w-]+)`", row)} <= known, verb


@pytest.mark.parametrize("table", [*keys.TABLES, *keys.BESIDE], ids=lambda table: table.name)
def test_every_key_is_documented_in_the_section_of_its_table(table: keys.Table) -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (.*?) \|$", read_sections("notation")[table.name], flags=re.MULTILINE)
    wanted = [(key.name, ("**Needed.** " if key.required else "") + key.says) for key in table.keys]
    assert rows[: len(wanted)] == wanted


def test_every_option_of_the_plugin_is_documented() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \|", read_sections("notation")["settings"], flags=re.MULTILINE)
    assert set(rows) == {name for name, _ in DecisionTreesConfig._schema}


def test_every_reserved_word_is_named() -> None:
    assert {word for word in keys.RESERVED if f"`{word}`" not in read_sections("notation")["texts"]} == set()


def test_the_manual_is_in_the_navigation() -> None:
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert [page for page in PAGES if f"author/{page}.md" not in nav] == []


# Examples --------------------------------------------------------------------------------


def complete(text: str) -> str:
    """Give a definition for a piece of one: what it lacks is filled in, so that it can be compiled."""
    data: Data = yaml.load(text, Loader=yaml.BaseLoader)
    whole: Data = {
        "tree": "example", "ask": "May I?", "facts": {"case": {"ask": "Is it so?", "options": {"yes": "Yes", "no": "No"}}},
        "decide": [{"otherwise": "done"}], "outcomes": {}, **data,
    }
    for name in list_outcomes(whole["decide"]):
        whole["outcomes"].setdefault(name, {"verdict": "yes", "say": "This is the way."})
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True)


def list_outcomes(rules: list[Data]) -> Iterator[str]:
    for rule in rules:
        for end in (rule.get("then"), rule.get("otherwise"), rule.get("decide")):
            if isinstance(end, str) and end != "go-on":
                yield end
            elif isinstance(end, list):
                yield from list_outcomes(end)


def compile_example(text: str, edition: str = "anytown") -> Diagram:
    parsed = parse(Definition("page.md", 1, complete(text), edition), ENGLAND)
    assert isinstance(parsed, Parsed), parsed
    return freeze(compile_tree(parsed.tree))


def say_end(diagram: Diagram, answers: dict[str, str]) -> str:
    match advance(diagram, answers):
        case Reached(outcome):
            return outcome
        case Asking(fact):
            return f"asks {fact}"
        case Open(fact):
            return f"open {fact}"
        case Rejected():
            return "rejected"


def check_clean(project: Project) -> None:
    assert [f"{f.span.line}: {f.code}: {f.message}" for f in project.findings] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.page}-{each.line}")
def test_an_example_does_what_it_says(example: Example) -> None:
    kind = example.mark.partition(": ")[2]
    if kind == "":
        diagram = compile_example(example.text)
        for line in example.cases.splitlines():
            given, _, end = line.partition(" => ")
            assert say_end(diagram, dict(each.split("=", 1) for each in given.split())) == end, line
        assert example.cases or "decide:" not in example.text, "an example with rules says where they lead"
    elif kind == "page":
        is_edition = example.text.startswith("---\nedition:")
        pages = {"anytown/index.md": example.text} if is_edition else {"anytown/index.md": EDITION, "anytown/page.md": example.text}
        check_clean(load_project(pages))
    elif kind == "scenarios":
        scenarios, findings = parse_scenarios(Definition("page.md", 1, example.text, "anytown"))
        assert scenarios
        assert findings + run_all(scenarios, {scenarios[0].tree: compile_example(example.like)}) == []
    elif kind == "topics":
        check_clean(load_project({}, topics=example.text))
    elif kind == "comparison":
        tree = complete(example.like)
        page = "# Meetings\n\n### 6.30\n\nOfficers take a senior officer with them.\n\n### 6.31\n\nEvery group can ask.\n"
        pages = {f"{id}/index.md": f"{EDITION}{page}\n```decision-tree\n{tree}```\n" for id in ("anytown", "otherton")}
        assert load_project({**pages, "compare/page.md": f"# Compared\n\n```comparison\n{example.text}```\n"}).errors == []
    elif kind == "pack":
        page = f"# Meetings\n\n### 6.30\n\nOfficers take a senior officer with them.\n\n```decision-tree\n{complete(CARD_TREE)}```\n"
        project = load_project({"anytown/index.md": EDITION + page, "workshops/new-members.md": example.text})
        assert project.errors == []
        assert [card.id for card in project.packs["new-members"].cards] == ["ward-meeting"]
    elif kind == "settings":
        plugin = next(each for each in yaml.safe_load(example.text)["plugins"] if isinstance(each, dict))
        assert plugin.keys() == {"decision-trees"}
        assert plugin["decision-trees"].keys() <= {name for name, _ in DecisionTreesConfig._schema}
        assert make_settings(plugin["decision-trees"]).hardest
    else:
        pytest.fail(f"{kind} is no kind of example")


def test_the_fences_of_the_manual_are_no_trees_of_the_project(project: Project) -> None:
    assert [page.path for page in project.pages.values() if page.path.startswith("author/") and page.definitions] == []


# The tutorial ------------------------------------------------------------------------------


def edit_section(text: str, section: str) -> str:
    """Put a section of a definition in the place of the one of the same key, or at the end of the first definition."""
    key = section.partition(":")[0]
    start = text.index("```decision-tree\n")
    end = text.index("\n```\n", start) + 1
    own = text[start:end]
    old = re.search(rf"^{key}:\n(?: .*\n)*", own, flags=re.MULTILINE)
    new = own[: old.start()] + section + own[old.end() :] if old else f"{own}\n{section}"
    return text[:start] + new + text[end:]


def edit_file(path: Path, step: str, words: str, text: str) -> None:
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    match step:
        case "file":
            new = text
        case "add":
            new = old + text
        case "section":
            new = edit_section(old, text)
        case "under":
            found = re.search(rf"^{words}:\n(?: .*\n)*", old, flags=re.MULTILINE)
            assert found
            new = old[: found.end()] + text + old[found.end() :]
        case _:
            assert step == "mend"
            wrong, _, right = words.partition(", ")
            assert old.count(wrong) == 1
            new = old.replace(wrong, right)
    path.write_text(new, encoding="utf-8")


def read_step(mark: str) -> tuple[str, str, str]:
    """Part the remark before a fence: what to do, with which words, in which file. `mend` stands before the fence that shows it."""
    if mark.startswith("mend: "):
        _, path, words = mark.split(": ", 2)
        return "mend", path, words
    step, path = mark.split(": ", 1)
    step, _, words = step.partition(" ")
    return step, path, words


def test_every_step_of_the_tutorial_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = []
    for fence in list_fences("tutorial"):
        if fence.mark:
            step, path, words = read_step(fence.mark)
            edit_file(Path(path), step, words, fence.text)
        if fence.info != "console" or "pip install" in fence.text:
            continue
        for block in re.split(r"^\$ ", fence.text, flags=re.MULTILINE)[1:]:
            command, _, said = block.partition("\n")
            if command.startswith("cd "):
                monkeypatch.chdir(command.removeprefix("cd "))
                (Path.cwd() / "node_modules").symlink_to(ROOT / "node_modules")
                kept = Path("build", "cache", "compressed")  # Pyodide need not be compressed again
                kept.parent.mkdir(parents=True)
                (ROOT / kept).mkdir(parents=True, exist_ok=True)
                kept.symlink_to(ROOT / kept)
                continue
            program, *arguments = command.split()
            assert program == "decision-trees"
            result = CliRunner().invoke(main, arguments)
            if command != "decision-trees build":
                assert "\n".join((result.stderr + result.stdout).split("\n")) == said, command
            assert result.exit_code == (1 if "hint:" in said else 0), result.output
            ran.append(arguments[0])
    assert ran == ["new", "check", "check", "check", "ask", "test", "build"]
    built = Path("build/site/trees/our-protocol/keep-gift/index.html").read_text(encoding="utf-8")
    assert "What is the gift worth?" in built


