"""A pack of cards -> what a learner's course needs to run alone: `course.json`, proved to fit a platform's bookmark.

A bookmark is one text that the platform keeps between visits: SCORM 1.2 promises 4,096 characters of it
(`cmi.suspend_data`), SCORM 2004 64,000. Ours keeps to the smaller, whatever the learner answers.
"""

from __future__ import annotations

import hashlib
import html as html_text
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from decision_trees.publishing.html import Site, quote
from decision_trees.publishing.urls import tree_url
from decision_trees.runtime.model import Tree

Row = Mapping[str, Any]

LONGEST_BOOKMARK = 4_096
"""SCORM 1.2 RTE, CMIString4096."""
CHOICES = 5
"""How many provisions a learner chooses from where a card asks which one was broken."""
PAGE = "index.html"
_LINK = re.compile(r'href="((?:\.{1,2}/)*(?:[\w.-]+/)*)(#[^"]*)?"(?: target="_top")?')
_FOLDER = re.compile(r"^([^#]*/)(#.*)?$")
_TAG = re.compile(r"<[^>]+>")


class TooLarge(Exception):
    """A pack whose bookmark could outgrow what a learning platform keeps; the text says by how much and what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a package is wanted: `standard` is scorm12, scorm2004 or xapi; `activity` is the IRI of its records."""

    standard: str
    is_random: bool = False
    pass_mark: int | None = None
    activity: str = ""


def make_course(site: Site, pack: Row, options: Options) -> dict[str, Any]:
    """Give a pack, as `pack.json` has it with links from the package's root, as a course. Raises TooLarge.

    It adds what the learner's page can't know: each tree's questions in one order, by whose place answers are kept,
    and the provisions to choose from where a card has a breach.
    """
    trees = {case["tree"]: describe_tree(site, case["tree"]) for card in pack["cards"] for case in card["cases"]}
    course = {
        "pack": pack["pack"], "title": pack["title"], "minutes": pack["minutes"],
        "pass": pack["pass"] if options.pass_mark is None else options.pass_mark,
        "intro": pack["intro"], "random": options.is_random, "standard": options.standard,
        "activity": options.activity or f"urn:decision-trees:{pack['pack']}",
        "cards": [{**card, "choices": list_choices(site, card)} for card in pack["cards"]], "trees": trees,
    }
    longest = measure_bookmark(course)
    if longest > LONGEST_BOOKMARK:
        raise TooLarge(
            f"The pack {pack['pack']} could need {longest} characters to be taken up again, and a learning platform keeps "
            f"{LONGEST_BOOKMARK}. Make two packs of it, or give its cards fewer cases.")
    localised: dict[str, Any] = localise(course)
    return {**localised, "mark": _fingerprint(course)}


def describe_tree(site: Site, id: str) -> dict[str, Any]:
    """Give a tree's questions and outcomes with their words, in an order that answers are kept by."""
    tree = site.project.trees[id].tree
    return {
        "page": tree_url(id) + PAGE, "data": f"{tree_url(id)}tree.json",
        "facts": [*(_describe_fact(tree, fact.name) for fact in tree.facts), *(_describe_let(tree, let.name) for let in tree.lets if let.ask)],
        "outcomes": [{"outcome": o.name, "verdict": o.verdict, "brief": o.brief, "say": o.say} for o in tree.outcomes],
        "most": site.walks[id].states[0].most if site.walks[id].states else 0,
    }


def list_choices(site: Site, card: Row) -> list[dict[str, str]]:
    """List the provisions that a learner chooses a card's breach from: the broken ones among others that its tree cites."""
    if not card["breach"] or not card["cases"]:
        return []
    published = site.project.trees[card["cases"][0]["tree"]]
    broken = [row["number"] for row in card["breach"]]
    others = [number for number in published.provisions if number not in broken]
    near = [n for n in site.project.provisions[published.tree.edition] if n not in broken and n not in others]
    wanted = [*broken, *[*others, *near][: max(1, CHOICES - len(broken))]]
    order = list(site.project.provisions[published.tree.edition])
    return [
        {"number": number, "say": _begin(quote(site, published.tree.edition, number, ""))}
        for number in sorted(wanted, key=order.index)
    ]


def measure_bookmark(course: Row) -> int:
    """Give the most characters that a bookmark of the course can have, whatever the learner answers.

    `web/learning/standing.js` writes it; a test holds what it writes to this bound.
    """
    head = len("1|") + 7 + len("9999|99|") + len("zzzzzzz|") + len("|")
    cards = 0
    for card in course["cards"]:
        cards += len("zz,") + len("!z") + sum(len("/>") + 3 + _measure_path(course["trees"][case["tree"]]) for case in card["cases"])
    return head + cards


def localise(value: Any) -> Any:
    """Make links fit a package, in every text: they name files, and open beside the course, which a platform frames."""
    if isinstance(value, str):
        return _LINK.sub(_to_file, value)
    if isinstance(value, Mapping):
        return {key: _FOLDER.sub(rf"\1{PAGE}\2", each) if key == "url" else localise(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [localise(each) for each in value]
    return value


def _to_file(match: re.Match[str]) -> str:
    folder, anchor = match[1], match[2] or ""
    if not folder:
        return match[0]
    return f'href="{folder}{PAGE}{anchor}" target="_blank" rel="noopener"'


def _measure_path(tree: Row) -> int:
    lengths = sorted((_measure_step(at, fact) for at, fact in enumerate(tree["facts"])), reverse=True)
    return sum(lengths[: tree["most"]])


def _measure_step(at: int, fact: Row) -> int:
    letters = 1 if len(fact["options"]) <= 26 else 2
    if fact["kind"] == "many":
        value = (letters + 1) * len(fact["options"])
    elif fact["options"]:
        value = letters
    else:
        value = len(":") + (10 if fact["kind"] == "date" else 15) + len(";")
    return (1 if at < 10 else 2) + value


def _describe_fact(tree: Tree, name: str) -> dict[str, Any]:
    fact = tree.fact_of[name]
    options = [{"name": o.name, "label": o.label} for o in fact.options]
    if fact.kind == "many":
        options.append({"name": "none", "label": fact.none})
    return {"fact": name, "kind": fact.kind, "ask": fact.ask, "unit": fact.unit, "options": options}


def _describe_let(tree: Tree, name: str) -> dict[str, Any]:
    return {"fact": name, "kind": "choice", "ask": tree.let_of[name].ask, "unit": "",
            "options": [{"name": "yes", "label": "Yes"}, {"name": "no", "label": "No"}]}


def _begin(html: str) -> str:
    """Give the beginning of a provision in plain words: a sentence, or as much of it as fits a line or two."""
    text = " ".join(html_text.unescape(_TAG.sub(" ", html)).split())
    sentence = re.split(r"(?<=[.;:])\s", text, maxsplit=1)[0]
    if len(sentence) <= 160:
        return sentence
    return sentence[:160].rpartition(" ")[0].rstrip(",;:") + " ..."


def _fingerprint(course: Row) -> str:
    """Give a mark of what a bookmark's places mean, so that one of another version is not misread."""
    places: Sequence[object] = [
        [[card["id"], [case["tree"] for case in card["cases"]], [row["number"] for row in card["choices"]]] for card in course["cards"]],
        {id: [[[f["fact"], [o["name"] for o in f["options"]]] for f in tree["facts"]], [o["outcome"] for o in tree["outcomes"]]]
         for id, tree in course["trees"].items()},
    ]
    return hashlib.sha256(json.dumps(places, sort_keys=True).encode()).hexdigest()[:6]
