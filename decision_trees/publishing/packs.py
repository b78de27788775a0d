"""A pack of cards as data: `pack.json`, from which every page and package of a workshop is made.

Addresses in it lead from the folder that it stands in, `workshop/<pack>/`.
"""

from __future__ import annotations

import html as html_text
import posixpath
import re
from collections.abc import Mapping

from markupsafe import Markup

from decision_trees.authoring.packs import Card, Pack
from decision_trees.authoring.project import Project
from decision_trees.authoring.scenarios import Scenario
from decision_trees.publishing.html import Site, quote
from decision_trees.publishing.prose import render_prose
from decision_trees.publishing.urls import page_url, provision_url, room_url, root_from, tree_url
from decision_trees.runtime.describe import describe
from decision_trees.runtime.engine import Reached, advance
from decision_trees.runtime.explain import explain

Row = dict[str, object]
_HREF = re.compile(r'href="([^"#:]+\.md)(#[^"]*)?"')


def describe_pack(site: Site, pack: Pack, root: str = "") -> Row:
    """Give a pack with all that its cards hold: stories, cases with what decides them, what to talk about.

    Links lead from `root`; without one, from the pack's own folder.
    """
    root = root or root_from(room_url(pack.id))
    return {
        "pack": pack.id, "title": pack.title, "minutes": pack.minutes, "pass": pack.pass_mark, "for": list(pack.roles),
        "intro": render_text(site, pack, pack.lead, root), "cards": [describe_card(site, pack, card, root) for card in pack.cards],
    }


def describe_card(site: Site, pack: Pack, card: Card, root: str) -> Row:
    """Give one card. Its `ask` is its own, or the question of its first tree."""
    first = site.project.trees[card.cases[0].tree].tree
    return {
        "id": card.id, "title": card.title, "story": render_text(site, pack, card.story, root), "who": card.who,
        "ask": card.ask or first.ask, "cases": [describe_case(site, case, root) for case in card.cases],
        "discuss": [render_words(site, pack, text, root) for text in card.discuss],
        "mistake": render_words(site, pack, card.mistake, root),
        "breach": [_describe_provision(site, first.edition, number, root) for number in card.breach],
    }


def describe_case(site: Site, case: Scenario, root: str) -> Row:
    """Give what one edition makes of a card: the answers in the order of the walk, the outcome, what decides it."""
    published = site.project.trees[case.tree]
    tree, diagram = published.tree, published.diagram
    position = advance(diagram, case.answers)
    assert isinstance(position, Reached), case.tree
    found = describe(diagram, case.answers, position)
    reason = explain(diagram, case.answers)
    marked: dict[str, list[str]] = {}
    for citation in (*tree.outcome_of[position.outcome].cite, *(reason.cite if reason else ())):
        marked.setdefault(citation.provision, [])
        if citation.words:
            marked[citation.provision].append(citation.words)
    return {
        "tree": tree.id, "edition": tree.edition, "edition_name": site.project.editions[tree.edition].name, "ask": tree.ask,
        "url": root + tree_url(tree.id), "answers": dict(case.answers), "answers_said": found["answers"],
        "verdict": found["verdict"], "outcome": found["outcome"], "say": found["say"], "brief": found["brief"],
        "to": found["to"], "note": found["note"], "duties": found["duties"],
        "provisions": [_describe_provision(site, tree.edition, number, root, tuple(words)) for number, words in marked.items()],
    }


def list_packs(project: Project) -> list[Row]:
    """List the packs as `list --packs --json` has them. Addresses start at the site's root."""
    return [
        {"id": pack.id, "title": pack.title, "for": list(pack.roles), "minutes": pack.minutes, "cards": [card.id for card in pack.cards],
         "trees": list(dict.fromkeys(case.tree for card in pack.cards for case in card.cases)),
         "page": "/" + page_url(pack.page), "room": "/" + room_url(pack.id)}
        for pack in project.packs.values()
    ]


def render_card_key(site: Site, pack: Pack, id: str) -> str:
    """Give what stands under a card's story on the pack's reading page: the question, and the key folded."""
    card = next(card for card in pack.cards if card.id == id)

    def render() -> str:
        return site.render("card-key.html", card=describe_card(site, pack, card, root_from(page_url(pack.page))))

    return site.recall("card-keys", [case.tree for case in card.cases], render, (pack.page, card, list(site.project.pages)))


def render_pack_head(site: Site, pack: Pack) -> str:
    """Give what stands under a pack's title on its reading page: what it is for, and the ways into it."""
    return site.render("pack-head.html", pack=pack, root=root_from(page_url(pack.page)), room=room_url(pack.id))


def render_text(site: Site, pack: Pack, text: str, root: str) -> str:
    """Give Markdown of a pack's page as HTML. Links to pages of the docs folder lead from `root`."""
    html = render_prose(text)
    folder = posixpath.dirname(pack.page)

    def lead(match: re.Match[str]) -> str:
        page = posixpath.normpath(posixpath.join(folder, html_text.unescape(match[1])))
        return f'href="{root}{page_url(page)}{match[2] or ""}"' if page in site.project.pages else match[0]

    return _HREF.sub(lead, html)


def render_words(site: Site, pack: Pack, text: str, root: str) -> str:
    """Give a line of Markdown as HTML without a paragraph round it."""
    html = render_text(site, pack, text, root)
    return html.removeprefix("<p>").removesuffix("</p>") if html.count("<p>") == 1 else html


def _describe_provision(site: Site, edition: str, number: str, root: str, marked: tuple[str, ...] = ()) -> Mapping[str, object]:
    return {
        "number": number, "html": str(Markup(quote(site, edition, number, root, marked))),
        "url": root + provision_url(site.project.provisions[edition][number]),
    }
