"""What other pages take in besides the trees' own pages: each provision's own page, and the oEmbed answers."""

from __future__ import annotations

from collections.abc import Iterator

from decision_trees.publishing.exports import Row
from decision_trees.publishing.html import Site, quote
from decision_trees.publishing.snippets import HEIGHT, list_snippets, name_provision, name_tree, write_frame
from decision_trees.publishing.urls import page_url, provision_page_url, provision_url, root_from, tree_url

WIDTH = 640
"""Width that an oEmbed answer names, in CSS pixels; the page fits any."""


def list_provision_pages(site: Site) -> Iterator[tuple[str, str]]:
    """Give each provision's own page: its address from the site's root, and its HTML."""
    template = site.environment.get_template("provision-page.html")
    for edition in site.project.editions.values():
        for number, provision in site.project.provisions[edition.id].items():
            url = provision_page_url(edition.id, number)
            root = root_from(url)
            title = name_provision(provision, edition)
            yield url, template.render(
                edition=edition, provision=provision, title=title, page=url, root=root, text=quote(site, edition.id, number, root),
                place=root + provision_url(provision), reading=root + page_url(provision.page),
                trees=[site.project.trees[id].tree for id in site.citing.get((edition.id, number), ())],
                snippets=list_snippets(site.address, site.assets, url, title),
            )


def list_oembeds(site: Site) -> Iterator[tuple[str, Row]]:
    """Give the oEmbed 1.0 answer of each page that can be embedded, by the page's address from the site's root.

    There are none where `site_url` does not say where the site will stand: an answer names its page by its whole address.
    """
    if not site.address:
        return
    for id, published in site.project.trees.items():
        yield tree_url(id), _make_oembed(site, tree_url(id), name_tree(published.tree, site.project.editions[published.tree.edition]))
    for edition in site.project.editions.values():
        for number, provision in site.project.provisions[edition.id].items():
            url = provision_page_url(edition.id, number)
            yield url, _make_oembed(site, url, name_provision(provision, edition))


def _make_oembed(site: Site, url: str, title: str) -> Row:
    return {
        "version": "1.0", "type": "rich", "title": title, "provider_name": site.name, "provider_url": site.address,
        "width": WIDTH, "height": HEIGHT, "html": write_frame(site.address + url, title, str(WIDTH)),
    }
