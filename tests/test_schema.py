"""The JSON Schema knows the notation as the parser does: both take the same keys, and ask for the same ones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from decision_trees.authoring import keys
from decision_trees.authoring.files import read_configuration, read_project
from decision_trees.authoring.keys import Table
from decision_trees.authoring.notation import Definition, parse
from decision_trees.authoring.scenarios import parse_scenarios
from decision_trees.cli import main
from decision_trees.publishing.schema import make_schema
from tests.conftest import ROOT
from tests.making import ENGLAND

SCHEMA = make_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
PROJECT = read_project(read_configuration(ROOT))
SOURCES = [(f"{d.source}:{d.line}", d.text) for page in PROJECT.pages.values() for d in (*page.definitions, *page.scenarios)]
TREE: dict[str, Any] = yaml.safe_load("""
tree: whole
ask: What holds?
about: For everybody.
roles: [member]
facts:
  a: {ask: "A?", hint: Help., why: So., cite: {"1.1": words}, options: {x: X, y: {label: Y, hint: More.}}, unsure: y}
  b: {ask: "B?", many: {p: P, q: Q}, none: Neither}
  n: {ask: "N?", number: {from: 0, to: 9, step: 0.5, unit: months}}
  m: {ask: "M?", money: {from: 0, to: 9.5, step: 0.5}}
  d: {ask: "D?", date: {from: "2026-01-01", to: "2026-12-31", default: today}}
sets: {some: [x, y]}
let:
  much: m > 5
  due: {is: d + 10 working days, words: ten working days later, hint: Count., ask: "When?", cite: "1.2"}
check:
  - {when: much and n is 0, say: That can't be.}
decide:
  - {when: a in some, unless: b has p, decide: [{when: much, then: yield}, {otherwise: go-on}], cite: [1.1]}
  - {when: n > 3 and due > 2026-02-01, then: ask-them}
  - {otherwise: [{otherwise: yield}]}
outcomes:
  yield: {verdict: "yes", say: So it is., brief: so, note: Mind., cite: 1.1}
  ask-them: {verdict: refer, to: the Clerk, say: Ask.}
also:
  - {say: Do., when: much, unless: b has p, for: [refer, yield], ask: true, if: If so, group: Things, cite: 1.1}
doubt: {to: the Clerk, cite: 1.1}
""")
SCENARIOS: dict[str, Any] = yaml.safe_load("""
tree: whole
cases:
  - {story: A., answers: {a: x, b: [p, q], n: 3, d: "2026-02-01"}, outcome: yield, verdict: "yes", duties: Do, without: [Not], cite: [1.1]}
  - {answers: {a: "?"}, open: a}
  - {answers: {a: z}, rejected: true}
""")


class EditorLoader(yaml.SafeLoader):
    """Reads YAML 1.2 by its core schema, as editors do: 6.30 is a number, `yes` and a date are texts."""


EditorLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
):
    EditorLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))


def is_taken_by_parser(data: dict[str, Any]) -> bool:
    definition = Definition("page.yml", 1, yaml.safe_dump(data, sort_keys=False), "edition")
    return not (parse_scenarios(definition)[1] if "cases" in data else isinstance(parse(definition, ENGLAND), list))


def find_parts(data: Any, table: Table = keys.TREE) -> Iterator[tuple[Table, dict[str, Any]]]:
    """List every mapping of a definition with the table that it is made by."""
    tables = {each.name: each for each in keys.TABLES}
    inside = {"facts": "fact", "options": "option", "many": "option", "lets": "let", "checks": "check", "rules": "rule",
              "otherwise": "rule", "outcomes": "outcome", "duties": "duty", "cases": "case"}
    yield table, data
    for key in table.keys:
        value = data.get(key.name)
        inner = tables.get(inside.get(key.takes, key.takes))
        if value is not None and inner is not None:
            parts = [value] if key.takes in tables else list(value.values()) if isinstance(value, dict) else value
            for part in parts if isinstance(parts, list) else ():
                if isinstance(part, dict):
                    yield from find_parts(part, inner)


PLACES = [
    (name, number, table) for name, data in (("tree", TREE), ("scenarios", SCENARIOS))
    for number, (table, _) in enumerate(find_parts(data, keys.SCENARIOS if name == "scenarios" else keys.TREE))
]


def take_part(name: str, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give a copy of one of the two documents, and the mapping in it of that number."""
    data = deepcopy(TREE if name == "tree" else SCENARIOS)
    parts = list(find_parts(data, keys.SCENARIOS if name == "scenarios" else keys.TREE))
    return data, parts[number][1]


def test_the_schema_is_one_of_2020_12() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_key_has_a_line_that_says_what_it_is_and_a_shape() -> None:
    shapes = SCHEMA["$defs"]
    assert isinstance(shapes, dict)
    for table in keys.TABLES:
        assert len(set(table.names)) == len(table.names)
        for key in table.keys:
            assert key.says.endswith("."), (table.name, key.name)
            assert "\n" not in key.says
            assert key.takes in shapes, (table.name, key.name)
            assert shapes[table.name]["properties"][key.name]["description"] == key.says


def test_a_definition_with_every_key_is_taken_by_both() -> None:
    used = {(table.name, key) for data in (TREE, SCENARIOS) for table, part in find_parts(
        data, keys.SCENARIOS if data is SCENARIOS else keys.TREE) for key in part}
    assert used == {(table.name, key.name) for table in keys.TABLES for key in table.keys}
    for data in (TREE, SCENARIOS):
        assert is_taken_by_parser(data)
        VALIDATOR.validate(data)


@pytest.mark.parametrize(("place", "text"), SOURCES, ids=[place for place, _ in SOURCES])
def test_every_definition_and_scenario_of_the_project_fits(place: str, text: str) -> None:
    VALIDATOR.validate(yaml.load(text, Loader=yaml.BaseLoader))
    VALIDATOR.validate(yaml.load(text, Loader=EditorLoader))


@pytest.mark.parametrize(("name", "number", "table"), PLACES, ids=[f"{n}-{i}-{t.name}" for n, i, t in PLACES])
def test_an_unknown_key_is_refused_by_both(name: str, number: int, table: Table) -> None:
    data, part = take_part(name, number)
    part["strange"] = "thing"
    assert not is_taken_by_parser(data)
    assert not VALIDATOR.is_valid(data)


@pytest.mark.parametrize(("name", "number", "table"), PLACES, ids=[f"{n}-{i}-{t.name}" for n, i, t in PLACES])
def test_a_key_that_must_stand_is_missed_by_both_and_any_other_by_the_same(name: str, number: int, table: Table) -> None:
    for key in table.keys:
        data, part = take_part(name, number)
        if key.name not in part:
            continue
        del part[key.name]
        if key.required:
            assert not VALIDATOR.is_valid(data), key.name
            assert not is_taken_by_parser(data), key.name
        elif not VALIDATOR.is_valid(data):
            assert not is_taken_by_parser(data), key.name


@pytest.mark.parametrize(("name", "number", "table"), PLACES, ids=[f"{n}-{i}-{t.name}" for n, i, t in PLACES])
def test_a_value_of_another_form_is_refused_by_both(name: str, number: int, table: Table) -> None:
    for key in table.keys:
        data, part = take_part(name, number)
        if key.name in part:
            part[key.name] = {"1": {"2": {"3": "x"}}} if key.takes != "answers" else "x"
            assert not VALIDATOR.is_valid(data), key.name
            assert not is_taken_by_parser(data), key.name


def list_wrong() -> Iterator[tuple[str, dict[str, Any]]]:
    def change(path: str, value: object, data: dict[str, Any] = TREE) -> dict[str, Any]:
        changed = deepcopy(data)
        *way, last = path.split("/")
        part: Any = changed
        for step in way:
            part = part[int(step) if isinstance(part, list) else step]
        part[last] = value
        return changed

    yield "a name with a capital", change("tree", "Whole")
    yield "a fact named by a word of the notation", change("facts/is", TREE["facts"]["a"])
    yield "a verdict that is none", change("outcomes/yield/verdict", "maybe")
    yield "an outcome named like a verdict", change("outcomes/no", TREE["outcomes"]["yield"])
    yield "referring to nobody", change("outcomes/yield/verdict", "refer")
    yield "two kinds in one fact", change("facts/a/many", {"p": "P"})
    yield "one option", change("facts/a/options", {"y": "Y"})
    yield "an empty question", change("ask", "")
    yield "a bound that is no amount", change("facts/n/number/from", "few")
    yield "another default", change("facts/d/date/default", "tomorrow")
    yield "a flag in words", change("also/0/ask", "perhaps")
    yield "rules without otherwise", change("decide", TREE["decide"][:1])
    yield "then and decide", change("decide/0/then", "yield")
    yield "when and otherwise", change("decide/2/when", "much")
    yield "two ends of a scenario", change("cases/0/open", "a", SCENARIOS)


WRONG = dict(list_wrong())


@pytest.mark.parametrize("said", WRONG)
def test_what_keys_can_not_hold_together_is_refused_by_both(said: str) -> None:
    data = WRONG[said]
    assert not VALIDATOR.is_valid(data)
    assert not is_taken_by_parser(data)


def test_the_verb_prints_what_the_site_publishes(site: Path) -> None:
    result = CliRunner().invoke(main, ["schema"])
    assert result.exit_code == 0
    assert json.loads(result.output) == json.loads((site / "notation.schema.json").read_text(encoding="utf-8")) == SCHEMA


