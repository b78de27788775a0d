"""Every address in a file of the site that leads to another host, and what a browser would do with it: load it by itself, or follow it when it is clicked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree, html

FOREIGN = re.compile(r"(?:\b(?:https?|wss?|ftp):(?://|\\/\\/)|(?<![\w:/.\\])//)[\w.*$:{\[-][^\s\"'`<>()\\,;]*", re.IGNORECASE)
"""An address that names a host: with a scheme, or beginning with two slashes."""
CSS = re.compile(r"url\(\s*['\"]?(?P<url>[^'\")]+)|@import\s+['\"](?P<import>[^'\"]+)", re.IGNORECASE)
MAP = re.compile(r"[#@]\s*sourceMappingURL=(?P<address>\S+)")
CLICKED = {("a", "href"), ("area", "href")}
NAMED = {
    ("link", "href", "canonical"), ("link", "href", "alternate"), ("link", "href", "author"), ("link", "href", "license"),
    ("link", "href", "next"), ("link", "href", "prev"),
}
"""Links of a page's head that browsers read and do not load."""
SILENT = {"alt", "title", "placeholder", "value", "aria-label", "aria-description", "cite", "xmlns", "integrity"}
"""Attributes whose text no browser takes for an address to load."""


@dataclass(frozen=True, slots=True)
class Address:
    """`kind` is load, link (followed by a click), name (a page's own address in its head, an identifier) or text (of a script: may be loaded)."""

    kind: str
    text: str
    where: str


def list_addresses(name: str, data: bytes) -> Iterator[Address]:
    """List the addresses of other hosts in one file. Raises KeyError for a kind of file that is not known."""
    kind = name.rpartition(".")[2]
    if kind not in READERS:
        raise KeyError(f"{name} is of a kind that tests/addresses.py does not know: say there what a browser does with it.")
    if b"//" in data or b"\\/\\/" in data:
        yield from READERS[kind](data)


def read_html(data: bytes) -> Iterator[Address]:
    yield from _read_elements(html.fromstring(data))


def read_svg(data: bytes) -> Iterator[Address]:
    yield from _read_elements(etree.fromstring(data))


def read_css(data: bytes) -> Iterator[Address]:
    text = re.sub(r"/\*(?!#).*?\*/", "", data.decode(), flags=re.DOTALL)
    yield from _read_style(text, "style")
    yield from _read_map(data.decode())


def read_script(data: bytes) -> Iterator[Address]:
    """A script may fetch any text that it holds, put together or not, so each counts, comments too."""
    text = data.decode()
    for match in FOREIGN.finditer(re.sub(r"(?m)^\s*//.*$", "", text)):
        yield Address("text", match[0], "script")
    yield from _read_map(text)


def read_json(data: bytes) -> Iterator[Address]:
    def walk(value: Any, where: str) -> Iterator[Address]:
        if isinstance(value, dict):
            for name, each in value.items():
                yield from walk(each, str(name))
        elif isinstance(value, list):
            for each in value:
                yield from walk(each, where)
        elif isinstance(value, str):
            if "<" in value and "//" in value:
                yield from _read_elements(html.fragment_fromstring(value, create_parent="div"))
            elif FOREIGN.match(value):
                yield Address("name" if where in ("$schema", "$id", "url", "provider_url") else "load", value, where)

    yield from walk(json.loads(data), "")


def read_map(data: bytes) -> Iterator[Address]:
    """A source map: developers' tools fetch the sources that it names and does not hold."""
    found = json.loads(data)
    held = found.get("sourcesContent") or []
    for number, source in enumerate(found["sources"]):
        if FOREIGN.match(source) and (number >= len(held) or held[number] is None):
            yield Address("load", source, "sources")
    if FOREIGN.match(found.get("sourceRoot") or ""):
        yield Address("load", found["sourceRoot"], "sourceRoot")


def read_names(data: bytes) -> Iterator[Address]:
    """A list of the site's own pages."""
    for match in re.finditer(r"<loc>([^<]+)</loc>", data.decode()):
        yield Address("name", match[1], "loc")


def read_nothing(data: bytes) -> Iterator[Address]:
    """A file that a reader downloads, or in which no browser looks for addresses."""
    yield from ()


READERS = {
    "html": read_html, "svg": read_svg, "css": read_css, "js": read_script, "mjs": read_script, "json": read_json, "map": read_map,
    "xml": read_names, **dict.fromkeys(("csv", "mmd", "md", "png", "woff2", "wasm", "zip"), read_nothing),
}


def _read_elements(root: Any) -> Iterator[Address]:
    for element in root.iter(etree.Element):
        tag = etree.QName(element).localname.lower()
        relation = str(element.get("rel", "")).lower()
        for raw, value in element.attrib.items():
            name = etree.QName(raw).localname.lower()
            if name in SILENT or name.startswith("data-"):
                continue
            if name == "style":
                yield from _read_style(value, f"{tag} style")
            elif tag == "meta" and str(element.get("http-equiv", "")).lower() != "refresh":
                continue  # words about the page
            elif name == "srcdoc":
                yield from read_html(value.encode())
            elif FOREIGN.search(value):
                kind = "link" if (tag, name) in CLICKED else "name" if (tag, name, relation) in NAMED else "load"
                yield Address(kind, value, f"{tag} {name}")
        if tag == "style":
            yield from _read_style(element.text or "", "style")
        elif tag == "script" and "json" not in str(element.get("type", "")):
            yield from read_script((element.text or "").encode())


def _read_style(text: str, where: str) -> Iterator[Address]:
    for match in CSS.finditer(text):
        address = (match["url"] or match["import"]).strip()
        if FOREIGN.match(address):
            yield Address("load", address, where)


def _read_map(text: str) -> Iterator[Address]:
    for match in MAP.finditer(text):
        if FOREIGN.match(match["address"]):
            yield Address("load", match["address"], "source map")
