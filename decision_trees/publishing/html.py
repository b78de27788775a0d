"""The site that templates are filled for, and its provisions, editions and comparisons as HTML that works without script.

Templates hold the markup, this module the values. Everything an author wrote is
text and is escaped; only provisions are Markdown.
"""

from __future__ import annotations

import hashlib
import html as html_text
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property, partial
from typing import TypeVar

import markdown as python_markdown
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from decision_trees.authoring.editions import Edition, Topic, find_edition
from decision_trees.authoring.pages import Provision
from decision_trees.authoring.project import Project
from decision_trees.authoring.store import Store
from decision_trees.authoring.walk import Walk, build_walk
from decision_trees.publishing.components import Component, list_texts
from decision_trees.publishing.exports import WORDS, list_coverage
from decision_trees.publishing.snippets import NOWHERE
from decision_trees.publishing.statement import NOBODY, Publisher
from decision_trees.publishing.urls import page_url, provision_page_url, provision_url, root_from, tree_url
from decision_trees.runtime.calendar import parse_day, say_day
from decision_trees.runtime.compare import compare
from decision_trees.runtime.model import Tree

_ROOT = "decision-trees-root:"

T = TypeVar("T")


@dataclass(frozen=True)
class Site:
    """The project on its way to HTML. `assets` names the files that every page loads, with their hashes.

    `address` is where the site will stand, with a slash at its end, or empty if nobody has said.
    """

    project: Project
    name: str = "Rules that answer"
    assets: Mapping[str, str] = field(default_factory=dict)
    store: Store = field(default_factory=Store)
    components: tuple[Component, ...] = ()
    address: str = ""
    publisher: Publisher = NOBODY

    def recall(self, kind: str, trees: Iterable[str], make: Callable[[], T], other: object = None) -> T:
        """Give what `make` renders of some trees and of what `other` says, from the store if nothing of it has changed."""
        return self.store.recall(kind, ([self.fingerprints[id] for id in trees], other), make)

    @cached_property
    def fingerprints(self) -> dict[str, str]:
        """All that the HTML of a tree hangs on, by tree, as a hash."""
        inputs = {id: (each.parsed.definition, self.surroundings[each.tree.edition]) for id, each in self.project.trees.items()}
        return {id: hashlib.sha256(repr(each).encode()).hexdigest() for id, each in inputs.items()}

    @cached_property
    def surroundings(self) -> dict[str, str]:
        """What a tree's HTML may show beside the tree itself, by edition, as a hash."""
        project = self.project
        trees = [(id, each.tree.ask, each.tree.roles, each.provisions) for id, each in project.trees.items()]
        shared = repr((
            [getattr(self, each.name) for each in fields(self) if each.name not in ("project", "store")], project.settings,
            project.editions, project.topics, trees, list(project.comparisons), list(project.packs),
        ))
        return {
            edition: hashlib.sha256(f"{shared}{provisions!r}".encode()).hexdigest() for edition, provisions in project.provisions.items()
        }

    @cached_property
    def licences(self) -> list[tuple[str, list[Component]]]:
        """The licence texts of what is sent to readers, each with what stands under it."""
        return list(list_texts(self.components).items())

    @cached_property
    def environment(self) -> Environment:
        """The templates."""
        environment = Environment(
            loader=PackageLoader("decision_trees.publishing"), autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False,
        )
        environment.globals.update(words=WORDS, site=self, nowhere=NOWHERE, tree_url=tree_url, provision_page_url=provision_page_url)
        environment.filters.update(join_words=join_words, say_date=say_date, sentence=make_sentence)
        return environment

    @cached_property
    def walks(self) -> dict[str, Walk]:
        """Walks by tree."""
        return {id: build_walk(published.diagram) for id, published in self.project.trees.items()}

    @cached_property
    def quotes(self) -> dict[str, dict[str, str]]:
        """Provisions as HTML, by edition and number; links begin with a mark for the way to the site's root."""
        return {edition: render_provisions(self.project, edition) for edition in self.project.editions}

    @cached_property
    def citing(self) -> dict[tuple[str, str], list[str]]:
        """The trees that rest on each provision, by edition and number."""
        found: dict[tuple[str, str], list[str]] = {}
        for id, published in self.project.trees.items():
            for provision in published.provisions:
                found.setdefault((published.tree.edition, provision), []).append(id)
        return found

    @cached_property
    def provision_urls(self) -> dict[str, dict[str, str]]:
        """Provisions' addresses from the site's root, by edition and number."""
        return {e: {n: provision_url(p) for n, p in found.items()} for e, found in self.project.provisions.items()}

    @cached_property
    def coverage(self) -> dict[str, dict[str, object]]:
        """What each edition's provisions are covered by, by edition."""
        return {str(row["edition"]): row for row in list_coverage(self.project)}

    def provision_url(self, provision: Provision) -> str:
        """Give a provision's address from the site's root."""
        return provision_url(provision)

    def editions_of(self, topic: str) -> list[str]:
        """List the editions that answer a topic."""
        return [edition for edition in self.project.editions if f"{edition}/{topic}" in self.project.trees]

    def count_trees(self, edition: str) -> int:
        """Count an edition's trees."""
        return sum(published.tree.edition == edition for published in self.project.trees.values())

    def say_roles(self, roles: Iterable[str]) -> str:
        """Say roles in words: those that most editions have for them."""
        found = []
        for role in roles:
            names = [edition.roles[role].lower() for edition in self.project.editions.values() if role in edition.roles]
            found.append(max(names, key=names.count) if names else role)
        return join_words(found)

    def list_groups(self) -> list[tuple[str, list[tuple[Topic, list[Tree]]]]]:
        """List the topics that have trees, by group."""
        groups: dict[str, list[tuple[Topic, list[Tree]]]] = {}
        for topic in self.project.topics.values():
            trees = [p.tree for p in self.project.trees.values() if p.tree.topic == topic.id]
            if trees:
                groups.setdefault(topic.group, []).append((topic, trees))
        return list(groups.items())

    def render(self, template: str, **values: object) -> str:
        """Fill a template."""
        return self.environment.get_template(template).render(**values)


def render_comparison(site: Site, topic: str, page: str) -> str:
    """Give a comparison: where the editions part, the case with a verdict each, and a row for each point."""
    compared = site.project.comparisons[topic]
    trees = [f"{edition}/{topic}" for edition in compared.comparison.editions]
    return site.recall("compared", trees, partial(_render_comparison, site, topic, page), (page, compared.definition))


def _render_comparison(site: Site, topic: str, page: str) -> str:
    compared = site.project.comparisons[topic]
    comparison = compared.comparison
    root = root_from(page_url(page))
    trees = {edition: site.project.trees[f"{edition}/{topic}"] for edition in comparison.editions}
    editions = [edition for edition in site.project.editions.values() if edition.id in comparison.editions]
    urls = {e.id: {number: root + url for number, url in site.provision_urls[e.id].items()} for e in editions}
    return site.render(
        "comparison.html", compared=compared, editions=editions, root=root, topic=topic,
        found=compare(comparison, {edition: tree.diagram for edition, tree in trees.items()}, dict(comparison.case)),
        case=dict(comparison.case), provision_of=urls,
        cited={id: {number: urls[id][number] for number in tree.provisions} for id, tree in trees.items()},
    )


def render_edition_head(site: Site, edition: Edition, page: str) -> str:
    """Give what stands above an edition's text: the notice, the facts of the edition, the contents, the lens."""
    return site.render("edition-head.html", edition=edition, contents=list_contents(site, edition, page), page=page)


def render_contents(site: Site, edition: Edition, page: str) -> str:
    """Give the contents that stand beside an edition's text."""
    return site.render("contents.html", edition=edition, contents=list_contents(site, edition, page), page=page)


def render_margin(site: Site, provision: Provision, edition: Edition, here: frozenset[str]) -> str:
    """Give the notes beside a provision: whom it binds, and the trees that rest on it but do not stand `here`."""
    trees = [site.project.trees[id].tree for id in site.citing.get((edition.id, provision.id), ()) if id not in here]
    binds = [edition.roles.get(role, role) for role in provision.binds]
    return site.render("margin.html", provision=provision, binds=binds, trees=trees, root=root_from(page_url(provision.page)))


def render_previews(site: Site, edition: Edition, numbers: list[str], terms: list[str], page: str) -> str:
    """Give the popovers of a page's cross-references and terms."""
    root = root_from(page_url(page))
    provisions = [(site.project.provisions[edition.id][number], quote(site, edition.id, number, root)) for number in numbers]
    return site.render("previews.html", provisions=provisions, terms=[(t, edition.terms[t]) for t in terms], root=root,
                       provision_url=provision_url)


def quote(site: Site, edition: str, number: str, root: str, marked: tuple[str, ...] = ()) -> Markup:
    """Give a provision's text as HTML, the deciding words marked. Links lead from `root`."""
    text = site.quotes[edition].get(number, "").replace(_ROOT, root)
    for words in marked:
        text = text.replace(html_text.escape(words, quote=False), f"<mark>{html_text.escape(words, quote=False)}</mark>", 1)
    return Markup(text)


def render_provisions(project: Project, edition: str) -> dict[str, str]:
    """Give each provision's own Markdown as HTML, without trees and notes; links begin with the mark _ROOT."""
    provisions = project.provisions[edition]
    converter = python_markdown.Markdown(extensions=["attr_list", "def_list", "sane_lists"], output_format="html")
    links = {number: (_ROOT + provision_url(other), "") for number, other in provisions.items()}
    found = {}
    for number, provision in provisions.items():
        converter.reset()
        converter.references.update(links)
        found[number] = re.sub(r"\[([^\]\[<>]+)\]", r"\1", converter.convert(provision.source))
    return found


def list_contents(site: Site, edition: Edition, page: str) -> list[dict[str, object]]:
    """List the edition's pages in order of their first provision, each with its sections."""
    own = [p for path, p in site.project.pages.items() if find_edition(path, site.project.editions) == edition.id]

    def first(path: str) -> int:
        page_provisions = site.project.pages[path].provisions
        return (0 if path == edition.index else 1_000 + _natural(page_provisions[0].id)) if page_provisions else 10**9

    rows: list[dict[str, object]] = []
    for each in sorted(own, key=lambda p: first(p.path)):
        sections: dict[str, str] = {}
        for provision in each.provisions:
            sections.setdefault(provision.heading, provision.id)
        rows.append({
            "title": each.title, "url": root_from(page_url(page)) + page_url(each.path), "is_here": each.path == page,
            "sections": [{"number": number, "title": heading} for heading, number in sections.items()],
            "numbers": (each.provisions[0].id, each.provisions[-1].id) if each.provisions else None,
        })
    return rows


def join_words(words: list[str], last: str = "and") -> str:
    """Join words as in a sentence: a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def say_date(text: str) -> str:
    """Say an ISO date in words, and leave any other text as it is."""
    try:
        return say_day(parse_day(text))
    except ValueError:
        return text


def make_sentence(text: str) -> str:
    """Begin with a capital letter."""
    return text[:1].upper() + text[1:]


def _natural(number: str) -> int:
    parts = re.findall(r"\d+", number)
    return int(parts[0]) * 1000 + int(parts[1] if len(parts) > 1 else 0) if parts else 10**8


