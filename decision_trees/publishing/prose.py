"""Markdown of cards as HTML that can do nothing: no HTML of the author's own, no handlers, nothing from another host.

Cards are shown where no server's policy stands behind them, in learning packages and on memory sticks, so this must hold alone.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

_EXTENSIONS = ("attr_list", "def_list", "sane_lists")
_ATTRIBUTES = frozenset({"alt", "class", "dir", "href", "id", "lang", "src", "start", "title"})
_SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})
_UNSEEN = re.compile(r"[\x00-\x20]")
"""What browsers pass over in an address."""


def render_prose(text: str) -> str:
    """Give Markdown as HTML. HTML in it is shown as it is written, and a picture from elsewhere as the words that stand for it."""
    return Markdown(extensions=[*_EXTENSIONS, _Tame()], output_format="html").convert(text)


class _Tame(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.treeprocessors.register(_Sieve(md), "sieve", -10)  # after all others


class _Sieve(Treeprocessor):
    """Leaves the attributes that are known to do nothing, and addresses that lead somewhere."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            for name in [name for name in element.attrib if name not in _ATTRIBUTES]:
                del element.attrib[name]
            if not _is_harmless(element.get("href", "")):
                del element.attrib["href"]
            if element.tag == "img" and not _is_own(element.get("src", "")):
                element.tag, element.text = "span", element.get("alt", "")
                element.attrib.pop("src", None)
                element.attrib.pop("alt", None)


def _read(address: str) -> tuple[str, str]:
    """Give the scheme and the host that a browser would see in an address."""
    try:
        parts = urlsplit(_UNSEEN.sub("", unescape(address)).replace("\\", "/"))
    except ValueError:
        return "?", ""
    return parts.scheme, parts.netloc


def _is_harmless(address: str) -> bool:
    return _read(address)[0] in _SCHEMES


def _is_own(address: str) -> bool:
    return _read(address) == ("", "")
