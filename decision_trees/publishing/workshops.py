"""The pages of a workshop: for the room, for a participant's phone, and to print.

Each holds all that it shows, so that nothing is fetched once it stands there.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from urllib.parse import urlsplit

import segno
from markupsafe import Markup

from decision_trees.authoring.packs import Card, Pack
from decision_trees.authoring.scenarios import Scenario
from decision_trees.authoring.walk import State, is_taken
from decision_trees.publishing.html import Site, quote
from decision_trees.publishing.trees import render_folded
from decision_trees.publishing.packs import Row, describe_card, describe_pack
from decision_trees.publishing.urls import card_url, page_url, provision_url, room_url, root_from
from decision_trees.publishing.whole import render_form
from decision_trees.runtime.answers import fill, read_answers

LONG = 560
"""Characters of story from which on printed cards go two to a sheet instead of four."""
MOST_CHOICES = 6
"""Provisions that a room chooses between when it looks for a breach."""


def list_workshop_files(site: Site, pack: Pack) -> Iterator[tuple[str, bytes]]:
    """Give the pages of a pack, by their path below its own folder."""
    yield "index.html", render_room(site, pack).encode()
    yield "print/index.html", render_print(site, pack).encode()
    for number, card in enumerate(pack.cards):
        yield f"{card.id}/index.html", render_card(site, pack, number).encode()


def render_room(site: Site, pack: Pack) -> str:
    """Give the page for the room: the pack to read, which its script puts on a screen, and the walks of its trees."""
    root = root_from(room_url(pack.id))
    trees = dict.fromkeys(case.tree for card in pack.cards for case in card.cases)
    return site.render(
        "workshop.html", **_list_values(site, pack, root), walks=[_describe_walk(site, tree) for tree in trees],
        seconds=max(60, pack.minutes * 60 // max(1, len(pack.cards)) // 30 * 30),
    )


def render_card(site: Site, pack: Pack, number: int) -> str:
    """Give a participant's page of a card: its story, and the trees to walk."""
    card = pack.cards[number]
    root = root_from(card_url(pack.id, card.id))
    around = [pack.cards[n] if 0 <= n < len(pack.cards) else None for n in (number - 1, number + 1)]
    return site.render(
        "workshop-card.html", pack=pack, card=describe_card(site, pack, card, root), number=number + 1, root=root,
        before=around[0], after=around[1],
        trees=[Markup(render_folded(site, case.tree, root, is_one_of_many=True)) for case in card.cases],
    )


def render_print(site: Site, pack: Pack) -> str:
    """Give the sheets to print: the cards to cut out, a blank form of the first tree of each, and the key."""
    root = root_from(f"{room_url(pack.id)}print/")
    trees = dict.fromkeys(card.cases[0].tree for card in pack.cards)
    return site.render(
        "workshop-print.html", **_list_values(site, pack, root), is_long=any(len(card.story) > LONG for card in pack.cards),
        forms=[render_form(site, tree, root, is_brief=True) for tree in trees],
    )


def find_address(site: Site) -> str:
    """Give where phones find the site; empty if nobody has said, or if only this machine does."""
    return "" if urlsplit(site.address).hostname in (None, "127.0.0.1", "::1", "localhost") else site.address


def draw_code(address: str) -> Markup:
    """Draw an address as a QR code: SVG, black on white with its quiet zone."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, border=4, dark="#000", light="#fff", omitsize=True, svgclass="code", lineclass=None,
    )
    return Markup(drawn.getvalue().decode().strip())


def _list_values(site: Site, pack: Pack, root: str) -> Row:
    data = describe_pack(site, pack, root)
    cards = data["cards"]
    address = find_address(site)
    assert isinstance(cards, list)
    for number, (card, row) in enumerate(zip(pack.cards, cards, strict=True), 1):
        row["number"] = number
        row["path"] = card_url(pack.id, card.id)
        row["code"] = draw_code(address + row["path"]) if address else ""
        row["choices"] = list(_list_choices(site, card, root))
        for case, found in zip(card.cases, row["cases"], strict=True):
            found["right"] = _list_right(site, case)
    return {"pack": pack, "data": data, "root": root, "address": address, "room": root + room_url(pack.id), "reading": root + page_url(pack.page)}


def _list_right(site: Site, case: Scenario) -> dict[str, str]:
    """Say for each state of the walk which answer the story gives there, if it gives one: `q1` is `post=junior`."""
    tree = site.project.trees[case.tree].tree
    scope = tree.scope(read_answers(tree, case.answers).values)
    return {
        state.id: "=".join(edge.answer)
        for state in site.walks[case.tree].states for edge in state.edges if is_taken(state, edge, tree, scope)
    }


def _list_choices(site: Site, card: Card, root: str) -> Iterator[Row]:
    """List the provisions between which a room looks for the breach: those broken, and others that the tree cites."""
    if not card.breach:
        return
    cited = site.project.trees[card.cases[0].tree].provisions
    others = [number for number in cited if number not in card.breach][: max(0, MOST_CHOICES - len(card.breach))]
    for number in cited:
        if number in card.breach or number in others:
            yield {"number": number, "html": quote(site, card.edition, number, root), "is_right": number in card.breach,
                   "url": root + provision_url(site.project.provisions[card.edition][number])}


def _describe_walk(site: Site, id: str) -> Row:
    """Give a walk as the room needs it: what is asked, what can be answered, where that leads."""
    tree = site.project.trees[id].tree
    scope = tree.scope({})
    return {
        "tree": id, "only": site.walks[id].only, "states": [_describe_state(site, id, state) for state in site.walks[id].states],
        "outcomes": [{"name": o.name, "verdict": o.verdict, "say": fill(o.say, tree, scope)} for o in tree.outcomes],
    }


def _describe_state(site: Site, id: str, state: State) -> Row:
    tree = site.project.trees[id].tree
    fact, let = tree.fact_of.get(state.variable.fact), tree.let_of.get(state.variable.name)
    member = fact.option(state.variable.name.partition(".")[2]).label if fact and state.variable.kind == "member" else ""
    return {
        "id": state.id, "ask": fact.ask if fact else let.ask if let else "", "hint": fact.hint if fact else let.hint if let else "",
        "member": member, "edges": [(edge.label, edge.hint, "=".join(edge.answer), edge.to, edge.is_end) for edge in state.edges],
    }
