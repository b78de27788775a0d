"""A workshop's page -> a pack of cards, each proved against the trees that decide it.

A card is a story under a heading, and a ```card fence that says what the story answers and where that must lead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from decision_trees.authoring import keys, source
from decision_trees.authoring.findings import Finding, Span, suggest
from decision_trees.authoring.notation import Definition
from decision_trees.authoring.pages import CardSource, Page
from decision_trees.authoring.scenarios import Scenario, check_names, read_given, read_verdict, say_position
from decision_trees.authoring.walk import build_walk, follow
from decision_trees.runtime.engine import Position, Reached, advance
from decision_trees.runtime.model import Diagram

FOLDER = "workshops"
"""The folder of packs, in the docs folder."""
PASS = 75
"""What a learning platform asks for where a pack says nothing: of a hundred points."""
TAKEN = ("print",)
"""Ids that no card can have: they are words of a pack's addresses."""
BESIDE = ("title", "description", "template", "hide", "search")
"""Keys that the front matter of any page may have."""
_PACK = re.compile(r"^pack\s*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Card:
    """One story to be decided. Each case is a scenario that must end at its outcome with its verdict.

    `story`, `discuss` and `mistake` are Markdown. `ask` is empty where the tree's own question is meant.
    `breach` names provisions of the first case's edition.
    """

    id: str
    title: str
    story: str
    who: str
    ask: str
    cases: tuple[Scenario, ...]
    discuss: tuple[str, ...]
    mistake: str
    breach: tuple[str, ...]
    definition: Definition
    span: Span
    places: Mapping[str, Span]
    """Where each provision of the breach stands: `breach 6.30`."""

    @property
    def edition(self) -> str:
        """The edition of the first case."""
        return self.cases[0].tree.partition("/")[0] if self.cases else ""


@dataclass(frozen=True, slots=True)
class Pack:
    """The cards of a workshop. `minutes` is for all of them; `pass_mark` is of a hundred points; `lead` is Markdown."""

    id: str
    title: str
    roles: tuple[str, ...]
    minutes: int
    pass_mark: int
    lead: str
    cards: tuple[Card, ...]
    page: str


def is_pack(page: Page) -> bool:
    """Say whether a page means to be a pack."""
    return bool(page.cards) or _PACK.search(page.front_matter) is not None


def parse_pack(page: Page, roles: Iterable[str]) -> tuple[Pack | None, list[Finding]]:
    """Read a pack's page. `roles` are those that the editions have."""
    reader = source.Reader()
    if not _PACK.search(page.front_matter):
        for card in page.cards:
            reader.find("card-nowhere", _fence_span(card.definition), "This card stands on a page that is no pack.",
                        "Begin the page with front matter that has `pack:`, or move the card to a page that has it.")
        return None, reader.findings
    root = reader.mapping(reader.compose(page.front_matter, page.path, 2), "A pack", [*keys.PACK.names, *BESIDE])
    if root is None:
        return None, reader.findings
    id = reader.text(root, "pack", required="A pack")
    if id and (page.path != f"{FOLDER}/{id}.md" or not keys.is_name(id)):
        reader.find("wrong-value", root.value_span("pack"), f"The pack `{id}` stands in {page.path}.",
                    f"Its id is its file's name: small letters, digits and hyphens, in a file {FOLDER}/{id}.md.")
    trains = tuple(reader.texts(root, "for"))
    known = sorted(set(roles))
    if not trains and root.get("for") is None:
        reader.find("missing-key", root.span, "A pack needs `for`: whom it trains.", f"Add `for: [{', '.join(known)}]` with the roles that you mean.")
    for role in trains:
        if known and role.value not in known:
            reader.find("unknown-role", role.span, f"No edition has a role `{role.value}`.", suggest(role.value, known))
    minutes = _read_whole(reader, root, "minutes", 1, 1000, required="A pack")
    pass_mark = _read_whole(reader, root, "pass", 0, 100)
    cards = [found for each in page.cards if (found := _read_card(reader, each)) is not None]
    if not page.cards:
        reader.find("no-cards", root.value_span("pack"), f"The pack `{id}` has no cards.",
                    "Add a heading with an id, `## The meeting {#meeting}`, a story, and a fence ```card.")
    seen: dict[str, CardSource] = {}
    for each in page.cards:
        first = seen.setdefault(each.id, each)
        if each.id and first is not each:
            reader.find("card-twice", _fence_span(each.definition),
                        f"There is a card `{each.id}` already, at {page.path}:{first.definition.fence}.",
                        "Every card stands under a heading of its own, with an id of its own.")
    pack = Pack(id, page.title, tuple(role.value for role in trains), minutes or 0, PASS if pass_mark is None else pass_mark,
                page.lead, tuple(cards), page.path)
    return pack, reader.findings


def check_pack(
    pack: Pack, diagrams: Mapping[str, Diagram], cited: Mapping[str, Iterable[str]],
    provisions: Mapping[str, Iterable[str]], broken: Iterable[str] = (),
) -> Iterator[Finding]:
    """Walk every card of a pack and list what is wrong.

    `cited` has the provisions that each tree rests on, `provisions` those of each edition. Cards for trees that are
    `broken` wait until these are mended.
    """
    waiting = set(broken)
    for card in pack.cards:
        for case in card.cases:
            if case.tree not in waiting:
                yield from _check_case(card, case, diagrams)
        if card.cases and card.edition in provisions and card.cases[0].tree not in waiting:
            yield from _check_breach(card, list(cited.get(card.cases[0].tree, ())), list(provisions[card.edition]))


def _read_card(reader: source.Reader, card: CardSource) -> Card | None:
    definition = card.definition
    span = _fence_span(definition)
    if not card.id:
        reader.find("card-nowhere", span, "This card stands under no heading that has an id.",
                    "Give the heading above it one, and never change it: ## The meeting {#meeting}")
    elif not keys.is_name(card.id) or card.id in TAKEN:
        reader.find("wrong-value", Span(definition.page, card.line, 1, 2), f"`{card.id}` can't be a card's id.",
                    f"Use small letters, digits and hyphens, and another word than {', '.join(TAKEN)}.")
    root = reader.mapping(reader.compose(definition.text, definition.source, definition.line, definition.indent), "A card", keys.CARD.names)
    if root is None:
        return None
    if card.id and not card.story.strip():
        reader.find("missing-key", span, f"The card `{card.id}` has no story.", "Write it between the heading and the card.")
    if root.get("cases") is None:
        reader.find("missing-key", root.head, "A card needs `cases`: what the story answers, and where that leads.",
                    "Add `cases:` with a list of one case or more.")
    cases = [case for node in reader.items(root, "cases") if (case := _read_case(reader, node, card.title)) is not None]
    breach = tuple(reader.texts(root, "breach"))
    return Card(
        card.id, card.title, card.story, reader.text(root, "who", required="A card"), reader.text(root, "ask"), tuple(cases),
        tuple(" ".join(text.value.split()) for text in reader.texts(root, "discuss")), reader.text(root, "mistake"),
        tuple(text.value for text in breach), definition, span, {f"breach {text.value}": text.span for text in breach},
    )


def _read_case(reader: source.Reader, node: source.Node, title: str) -> Scenario | None:
    what = "A case of a card"
    before = len(reader.findings)
    spec = reader.mapping(node, what, keys.CARD_CASE.names)
    if spec is None:
        return None
    tree = reader.text(spec, "tree", required=what)
    outcome = reader.text(spec, "outcome", required=what)
    verdict = read_verdict(reader, spec, required=what)
    answers, places = read_given(reader, spec)
    places["tree"] = spec.value_span("tree")
    if len(reader.findings) > before:
        return None  # what has to be mended first is not walked
    return Scenario(tree, title, answers, outcome, verdict, (), (), (), "", False, spec.span, places)


def _check_case(card: Card, case: Scenario, diagrams: Mapping[str, Diagram]) -> Iterator[Finding]:
    diagram = diagrams.get(case.tree)
    if diagram is None:
        yield Finding("unknown-tree", case.places["tree"], f"There is no tree `{case.tree}`.",
                      suggest(case.tree, diagrams) or "This project has no trees.")
        return
    misspelt = list(check_names(case, diagram))
    if misspelt:
        yield from misspelt
        return
    position = advance(diagram, case.answers)
    if not _ends_as_said(case, position, diagram):
        command = " ".join([f"decision-trees ask {case.tree}", *(f"-a {k}={v}" for k, v in case.answers.items())])
        said = say_position(position, diagram).rstrip(".")
        path = " -> ".join(f"{state.variable.name}={edge.answer[1]}" for state, edge in follow(build_walk(diagram), diagram, case.answers))
        yield Finding(
            "card-failed", case.places["outcome"],
            f"The card `{card.id}` should end at `{case.outcome}` ({case.verdict}) in {case.tree}, but {said}.",
            f"Path: {path or 'no answer is taken'}. If the tree is right, mend the card. Walk it: {command}",
        )


def _ends_as_said(case: Scenario, position: Position, diagram: Diagram) -> bool:
    return (isinstance(position, Reached) and position.outcome == case.outcome
            and diagram.tree.outcome_of[position.outcome].verdict == case.verdict)


def _check_breach(card: Card, cited: list[str], provisions: list[str]) -> Iterator[Finding]:
    for number in card.breach:
        span = card.places[f"breach {number}"]
        if number not in provisions:
            yield Finding("unknown-provision", span, f"{card.edition} has no provision {number}.", suggest(number, provisions))
        elif number not in cited:
            yield Finding("card-breach", span, f"The tree `{card.cases[0].tree}` cites no {number}.",
                          f"Name a provision that decides the card's first case. The tree cites {', '.join(cited)}.")


def _read_whole(reader: source.Reader, root: source.Mapping, key: str, least: int, most: int, required: str = "") -> int | None:
    """Read a whole number within bounds, or nothing."""
    text = reader.text(root, key, required=required)
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 6 or not least <= int(text) <= most:
        reader.find("wrong-value", root.value_span(key), f"`{key}` must be a whole number from {least} to {most}, not `{text}`.",
                    "Write figures alone.")
        return None
    return int(text)


def _fence_span(definition: Definition) -> Span:
    return Span(definition.page, definition.fence, 1, 7)
