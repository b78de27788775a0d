"""The lines that an editor copies to take a page of this site into another page."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from decision_trees.authoring.editions import Edition
from decision_trees.authoring.pages import Provision
from decision_trees.runtime.model import Tree

HEIGHT = 480
"""Height of a frame where the host sets none, in CSS pixels."""
NOWHERE = "https://rules.example/"
"""Stands in the lines where `site_url` does not say where the site will be; the page's script puts in where it is."""


def name_tree(tree: Tree, edition: Edition) -> str:
    """Name a tree for those who meet it in a frame."""
    return f"{tree.ask} {edition.name} edition"


def name_provision(provision: Provision, edition: Edition) -> str:
    """Name a provision for those who meet it in a frame."""
    number = provision.id if provision.id[0].isdigit() else ""
    return f"{' '.join(part for part in (number, provision.heading) if part)}: {edition.name} edition"


def write_frame(address: str, title: str, width: str = "100%") -> str:
    """Write the frame of a page."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{width}" height="{HEIGHT}"'
        ' loading="lazy" allow="clipboard-write" style="border:1px solid #747990"></iframe>'
    )


def list_snippets(address: str, assets: Mapping[str, str], url: str, title: str) -> list[tuple[str, str]]:
    """List the ways to take in the page at `url`: what each is, and the lines to copy. `address` is the site's, or empty."""
    site = address or NOWHERE
    link = f'<a href="{escape(site + url)}" data-decision-tree>{escape(title)}</a>'
    script, integrity = escape(site + assets.get("embed_script", "")), assets.get("embed_integrity", "")
    return [
        ("A frame of a fixed height", write_frame(site + url, title)),
        ("A frame that sizes itself, by a script", f'{link}<script async src="{escape(site)}embed.js"></script>'),
        ("The same, with a check that the script is still the one you looked at",
         f'{link}<script async src="{script}" integrity="{integrity}" crossorigin="anonymous"></script>'),
        *([("The address, for a page that makes frames of addresses (oEmbed)", site + url)] if address else []),
    ]
