"""A tree as HTML that works without script: folded in a reading page, and whole on a page of its own.

Templates hold the markup, this module the values.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from decision_trees.authoring.project import PublishedTree
from decision_trees.authoring.walk import State
from decision_trees.publishing.html import Site, quote
from decision_trees.publishing.snippets import list_snippets, name_tree
from decision_trees.publishing.urls import page_url, root_from, tree_url
from decision_trees.runtime.answers import fill
from decision_trees.runtime.explain import say_condition
from decision_trees.runtime.model import Citation, Fact, Tree

ALWAYS, DEPENDS = "always", "depends"


def render_place(id: str) -> str:
    """Give what keeps a tree's place in a reading page until all else in the page is done: small, and no text to search."""
    return f'<details class="tree" id="tree-{id.rpartition("/")[2]}"></details>'


def splice_trees(site: Site, html: str, page: str) -> str:
    """Put the trees of a reading page in their places."""
    definitions = site.project.pages[page].definitions
    trees = [id for id, published in site.project.trees.items() if published.parsed.definition in definitions]
    embeds = site.recall("embeds", trees, lambda: {id: render_embed(site, id, page) for id in trees}, page)
    for id, embed in embeds.items():
        html = html.replace(render_place(id), embed, 1)
    return html


def render_embed(site: Site, id: str, page: str) -> str:
    """Give a tree as it stands in a reading page: the question, and its first state folded under it."""
    return render_folded(site, id, root_from(page_url(page)))


def render_folded(site: Site, id: str, root: str, is_one_of_many: bool = False) -> str:
    """Give a tree folded under its question. Where trees of several editions stand `is_one_of_many`, each goes by its id."""
    tree, states = site.project.trees[id].tree, site.walks[id].states
    first = _state_values(site, tree, states[0], root) if states else None
    return site.render("embed.html", first=first, is_one_of_many=is_one_of_many, **list_tree_values(site, id, root))


def render_tree_page(site: Site, id: str) -> str:
    """Give the tree's own page: the whole walk as linked HTML, without the theme."""
    tree = site.project.trees[id].tree
    title = name_tree(tree, site.project.editions[tree.edition])
    return site.render(
        "tree-page.html", **list_tree_views(site, id), page=tree_url(id), title=title,
        snippets=list_snippets(site.address, site.assets, tree_url(id), title),
    )


def list_tree_views(site: Site, id: str) -> dict[str, object]:
    """List what a page of the whole tree shows: its values, every state and every outcome. Links lead from the tree's address."""
    root = root_from(tree_url(id))
    published = site.project.trees[id]
    return {
        **list_tree_values(site, id, root),
        "states": [_state_values(site, published.tree, state, root) for state in site.walks[id].states],
        "outcomes": [_outcome_values(site, published, outcome.name, root) for outcome in published.tree.outcomes],
    }


def list_tree_values(site: Site, id: str, root: str) -> dict[str, object]:
    """List what the templates of a tree say. Links lead from `root`."""
    published = site.project.trees[id]
    tree = published.tree
    edition = site.project.editions[tree.edition]
    walk = site.walks[id]
    return {
        "tree": tree, "edition": edition, "root": root, "walk": walk, "published": published,
        "rests_on": list(published.provisions), "for_whom": [edition.roles.get(r, r).lower() for r in tree.roles],
        "others": [(f"{root}{tree_url(f'{e}/{tree.topic}')}", site.project.editions[e].name)
                   for e in site.editions_of(tree.topic) if e != tree.edition],
        "compared": f"{root}compare/{tree.topic}/" if tree.topic in site.project.comparisons else "",
        "doubt": tree.doubt or edition.doubt, "reading": root + page_url(published.parsed.definition.page),
        "provision_of": {number: root + url for number, url in site.provision_urls[tree.edition].items()},
        "issued": date.fromisoformat(edition.issued) if edition.issued else None,
    }


def _state_values(site: Site, tree: Tree, state: State, root: str) -> dict[str, object]:
    fact = tree.fact_of.get(state.variable.fact)
    let = tree.let_of.get(state.variable.name)
    member = fact.option(state.variable.name.partition(".")[2]) if fact and state.variable.kind == "member" else None
    citations = fact.cite if fact else tuple(Citation(number) for number in (let.cite if let else ()))
    return {
        "state": state, "fact": fact, "ask": fact.ask if fact else let.ask if let else "",
        "hint": (fact.hint if fact else let.hint if let else ""), "member": member,
        "why": fact.why if fact else "",
        "quotes": [
            (citation.provision, quote(site, tree.edition, citation.provision, root, (citation.words,) if citation.words else ()))
            for citation in citations
        ],
        "leads": [(edge.label, [tree.outcome_of[name] for name in edge.possible]) for edge in state.edges],
        "open": [
            (tree.outcome_of[name], [edge.label for edge in state.edges if name in edge.possible])
            for name in state.possible
        ],
        "input": _input_values(fact) if fact and state.variable.kind == "interval" else None,
        "options": fact.options if fact and state.variable.kind == "member" else (),
    }


def _input_values(fact: Fact) -> dict[str, object]:
    return {"kind": fact.kind, "unit": fact.unit, "low": fact.low, "high": fact.high, "step": fact.step, "today": fact.today}


def _outcome_values(site: Site, published: PublishedTree, name: str, root: str) -> dict[str, object]:
    tree = published.tree
    outcome = tree.outcome_of[name]
    words: dict[str, list[str]] = {}
    for citation in outcome.cite:
        words.setdefault(citation.provision, [])
        if citation.words:
            words[citation.provision].append(citation.words)
    scope = tree.scope({})
    duties = []
    for number, duty in enumerate(tree.duties):
        status = judge_duty(published, number, name)
        if status:
            condition = duty.words or (f"If so: {say_condition(duty.when, tree)}" if duty.when is not None else "")
            duties.append({
                "number": number, "say": fill(duty.say, tree, scope), "status": status, "group": duty.group,
                "if": condition if status == DEPENDS else "", "cite": list(dict.fromkeys(c.provision for c in duty.cite)),
                "condition": condition,
            })
    return {
        "outcome": outcome, "say": fill(outcome.say, tree, scope), "duties": duties,
        "quotes": [(number, quote(site, tree.edition, number, root, tuple(marked))) for number, marked in words.items()],
        "next": [(root + tree_url(other.id), other.ask) for other in list_next(site, tree, tuple(words))],
        "pages": _list_passages(site, tree, tuple(words), root),
    }


def list_next(site: Site, tree: Tree, numbers: tuple[str, ...], limit: int = 3) -> list[Tree]:
    """List the edition's other questions that rest on these provisions, those that share most of them first."""
    shared = Counter(id for number in numbers for id in site.citing.get((tree.edition, number), ()) if id != tree.id)
    return [site.project.trees[id].tree for id, _ in shared.most_common(limit)]


def _list_passages(site: Site, tree: Tree, numbers: tuple[str, ...], root: str) -> list[tuple[str, str]]:
    """List where the edition says more: the passages around the deciding provisions, by their headings."""
    passages: dict[str, tuple[str, str]] = {}
    for number in numbers:
        provision = site.project.provisions[tree.edition][number]
        passages.setdefault(provision.heading, (root + site.provision_urls[tree.edition][number], f"{number}, in its place: {provision.heading}"))
    return list(passages.values())[:2]


def judge_duty(published: PublishedTree, number: int, outcome: str) -> str:
    """Say whether a duty always comes with an outcome, depends on answers, or never comes (empty)."""
    compiled = published.compiled
    if outcome not in compiled.tree.duties[number].outcomes:
        return ""
    space = compiled.space
    node = space.map_ends(compiled.meaning, {
        space.end(o.name): space.true if o.name == outcome else space.false for o in compiled.tree.outcomes
    })
    here = space.both(compiled.allowed, node)
    due = space.both(here, compiled.duties[number])
    return "" if due == space.false else ALWAYS if due == here else DEPENDS
