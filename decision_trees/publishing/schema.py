"""The notation as a JSON Schema (2020-12), made from the parser's own tables of keys.

It is for editors: it knows which keys stand where and what they take. Names, conditions
and the proofs stay with `decision-trees check`.
"""

from __future__ import annotations

from decision_trees.authoring import keys
from decision_trees.authoring.keys import Key, Table
from decision_trees.authoring.notation import MANY_FACTS
from decision_trees.runtime.model import GO_ON, VERDICTS

Schema = dict[str, object]
FILE = "notation.schema.json"
"""Where the schema stands on the site."""

_TEXT: Schema = {"type": ["string", "number", "boolean"]}
"""Any scalar: to the compiler every one is a text, but an editor takes 6.30 for a number."""
_NAME: Schema = {"type": "string", "pattern": f"^{keys.NAME}$"}


def make_schema() -> Schema:
    """Give the schema of a file that holds a tree, or scenarios."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A decision tree, or its scenarios",
        "if": {"required": ["cases"]},
        "then": _refer("scenarios"),
        "else": _refer("tree"),
        "$defs": {table.name: _describe_table(table) for table in keys.TABLES} | _SHAPES,
    }


def _refer(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _list(name: str) -> Schema:
    return {"type": "array", "items": _refer(name)}


def _by_name(*values: Schema, **names: object) -> Schema:
    """Describe a mapping whose keys are names that the author chooses."""
    return {"type": "object", "propertyNames": _NAME | names,
            "additionalProperties": values[0] if len(values) == 1 else {"anyOf": list(values)}}


_SHAPES: dict[str, Schema] = {
    "text": _TEXT,
    "name": _NAME,
    "texts": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]},
    "condition": _TEXT | {"examples": [
        "post is junior and escort is not senior", "purpose in (ward, duties)", "what has rents", "months >= 2",
    ]},
    "cite": {"anyOf": [
        _TEXT, {"type": "array", "items": _TEXT},
        {"type": "object", "additionalProperties": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]},
         "title": "provision: words of it that decide"},
    ]},
    "flag": {"enum": [True, False, "true", "false"]},
    "verdict": {"enum": list(VERDICTS)},
    "today": {"const": "today"},
    "amount": {"type": ["string", "number"], "pattern": r"^(-?\d{1,12}(\.\d{1,2})?|\d{4}-\d\d-\d\d)$"},
    "facts": _by_name(_refer("fact"), **{"not": {"enum": sorted(keys.RESERVED)}}) | {"maxProperties": MANY_FACTS},
    "options": _by_name(_TEXT, _refer("option")) | {"minProperties": 2},
    "many": _by_name(_TEXT, _refer("option")) | {"minProperties": 1},
    "sets": _by_name(_refer("texts"), **{"not": {"enum": sorted(keys.RESERVED)}}),
    "lets": _by_name(_TEXT, _refer("let"), **{"not": {"enum": sorted(keys.RESERVED)}}),
    "checks": _list("check"),
    "rules": _list("rule") | {"contains": {"required": ["otherwise"]}, "maxContains": 1},
    "then": _NAME,
    "otherwise": {"anyOf": [_NAME, _refer("rules")]},
    "outcomes": _by_name(_refer("outcome"), **{"not": {"enum": [GO_ON, *VERDICTS[:3]]}}),
    "duties": _list("duty"),
    "cases": _list("case"),
    "answers": {"type": "object", "additionalProperties": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}},
}
"""What each word means that a key can take. A word that is a table's name means that table."""

_BESIDES: dict[str, Schema] = {
    "fact": {
        "oneOf": [{"required": [kind]} for kind in keys.KINDS],
        "dependentRequired": {"many": ["none"]},
        "not": {"required": ["options", "none"]},
    },
    "rule": {
        "if": {"required": ["otherwise"]},
        "then": {"propertyNames": {"enum": ["otherwise", "cite"]}},
        "else": {"required": ["when"], "oneOf": [{"required": ["then"]}, {"required": ["decide"]}]},
    },
    "outcome": {
        "if": {"properties": {"verdict": {"const": "refer"}}, "required": ["verdict"]}, "then": {"required": ["to"]},
    },
    "case": {"oneOf": [{"required": [end]} for end in ("outcome", "open", "rejected")]},
}
"""What a table of keys can't say: which keys go together."""


def _describe_table(table: Table) -> Schema:
    return {
        "description": table.says, "type": "object",
        "properties": {key.name: _describe_key(key) for key in table.keys},
        "required": [key.name for key in table.keys if key.required],
        "additionalProperties": False,
    } | _BESIDES.get(table.name, {})


def _describe_key(key: Key) -> Schema:
    is_filled = key.required and key.takes == "text"
    return {"description": key.says, **_refer(key.takes)} | ({"pattern": r"\S"} if is_filled else {})
