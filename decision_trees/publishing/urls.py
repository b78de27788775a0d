"""Where things stand on the site. An address, once published, never moves."""

from __future__ import annotations

from decision_trees.authoring.pages import Provision


def page_url(path: str) -> str:
    """Give the address of a page from the site's root: `nottingham/index.md` is `nottingham/`."""
    name = path.removesuffix(".md")
    if name == "index":
        return ""
    return name.removesuffix("/index") + "/"


def tree_url(tree: str) -> str:
    """Give the address of a tree's own page."""
    return f"trees/{tree}/"


def provision_url(provision: Provision) -> str:
    """Give the permanent address of a provision."""
    return f"{page_url(provision.page)}#{provision.id}"


def provision_page_url(edition: str, number: str) -> str:
    """Give the address of a provision's own page."""
    return f"provisions/{edition}/{number}/"


def root_from(url: str) -> str:
    """Give the way from an address back to the site's root: `../../` from `trees/x/`."""
    return "../" * url.count("/") or "./"


def room_url(pack: str) -> str:
    """Give the address of a pack's page for the room; its other pages and files stand below it."""
    return f"workshop/{pack}/"


def card_url(pack: str, card: str) -> str:
    """Give the address of the page on which a participant walks a card."""
    return f"{room_url(pack)}{card}/"
