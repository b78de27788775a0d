"""The search index: what the generator collects from headings, with provisions, questions, comparisons and cards of their own.

A hit on a provision lands on that provision, a hit on a question or an outcome on the tree's page. A card is found by its
story, not by its key: who looks for a rule has no use for the answers of a workshop.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from html import escape

import yaml

from decision_trees.authoring.editions import find_edition
from decision_trees.authoring.packs import Pack
from decision_trees.publishing.exports import WORDS
from decision_trees.publishing.html import Site
from decision_trees.publishing.prose import render_prose
from decision_trees.publishing.urls import page_url, provision_url, tree_url

Document = dict[str, str]


def is_own(site: Site, path: str) -> bool:
    """Say whether a page of the docs folder is one whose documents are written here, so that the generator need not read it."""
    page = site.project.pages.get(path)
    return page is not None and bool(find_edition(path, site.project.editions) or page.comparisons or page.cards)


def extend_index(index: dict[str, object], site: Site) -> dict[str, object]:
    """Give the index with a document for each page, provision, tree, comparison and card of its own."""
    documents = index["docs"]
    assert isinstance(documents, list)
    return index | {"docs": [*documents, *_list_pages(site), *_list_comparisons(site), *_list_trees(site), *_list_cards(site)]}


def _is_closed(site: Site, path: str) -> bool:
    """Say whether a page's front matter keeps it out of the search, as `search: {exclude: true}` does on any page."""
    text = site.project.pages[path].front_matter
    found = yaml.safe_load(text) if "search" in text else None
    search = found.get("search") if isinstance(found, dict) else None
    return isinstance(search, dict) and bool(search.get("exclude"))


def _list_pages(site: Site) -> Iterator[Document]:
    for path, page in site.project.pages.items():
        edition = site.project.editions.get(find_edition(path, site.project.editions))
        if edition is None or _is_closed(site, path):
            continue
        yield {"location": page_url(path), "title": escape(f"{edition.name}: {page.title}"), "text": escape(edition.document)}
        for provision in page.provisions:
            number = provision.id if provision.id[0].isdigit() else ""
            title = " ".join(part for part in (edition.name, number, provision.heading) if part)
            yield {"location": provision_url(provision), "title": escape(title), "text": f"<p>{escape(provision.text)}</p>"}


def _list_comparisons(site: Site) -> Iterator[Document]:
    for compared in site.project.comparisons.values():
        path = compared.definition.page
        if _is_closed(site, path):
            continue
        lines = [*(f"{each.point} {each.say}" for each in compared.differences),
                 *(f"{point.point} {' '.join(said.say for said in point.said.values())}" for point in compared.points)]
        yield {
            "location": page_url(path), "title": escape(f"{site.project.pages[path].title} The editions compared"),
            "text": "".join(f"<p>{escape(line)}</p>" for line in lines),
        }


def _list_cards(site: Site) -> Iterator[Document]:
    for pack in (pack for pack in site.project.packs.values() if not _is_closed(site, pack.page)):
        yield from site.store.recall("card-documents", pack, partial(_describe_cards, pack))


def _describe_cards(pack: Pack) -> list[Document]:
    documents = [{"location": page_url(pack.page), "title": escape(pack.title), "text": render_prose(pack.lead)}]
    for card in pack.cards:
        text = f"{render_prose(card.story)}<p>{escape(card.who)} {escape(card.ask)}</p>"
        documents.append({"location": f"{page_url(pack.page)}#{card.id}", "title": escape(card.title), "text": text})
    return documents


def _list_trees(site: Site) -> Iterator[Document]:
    for id, published in site.project.trees.items():
        tree = published.tree
        lines = [tree.about, *(fact.ask for fact in tree.facts), *(f"{WORDS[o.verdict]}: {o.say}" for o in tree.outcomes)]
        yield {
            "location": tree_url(id), "title": escape(f"{tree.ask} ({site.project.editions[tree.edition].name})"),
            "text": "".join(f"<p>{escape(line)}</p>" for line in lines if line),
        }
