"""What a server says with each file: which headers, for which addresses. One table, from which each server's file is written.

The Content-Security-Policy allows what the built site needs and nothing else. Its hashes are those of the theme's own
inline scripts, taken from the built pages.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

Directives = tuple[tuple[str, tuple[str, ...]], ...]

MISSING = "404.html"
"""The page for an address that is not there. It holds all that is the theme's and nothing of an author's."""

UNHASHED = ("assets/images/", "assets/javascripts/lunr/")
"""Folders of assets whose names do not change with their content."""

EMBEDDED = ("trees/", "provisions/")
"""Folders of pages that are made to be embedded."""

LENT = ("embed.js",)
"""Files that pages of other sites load themselves, from addresses that stay."""

WORKER = ("service-worker.js",)
"""The script that keeps the site on the device: a browser has to see at once that there is another."""

TYPES = {
    "mjs": "text/javascript", "wasm": "application/wasm", "webmanifest": "application/manifest+json", "woff2": "font/woff2",
    "csv": "text/csv", "mmd": "text/plain", "md": "text/markdown", "json": "application/json",
}
"""Types of files that some servers do not know."""

_SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL | re.IGNORECASE | re.ASCII)
_SCOPE = re.compile(r'new URL\("[^"]*",location\)')
_HOST = re.compile(r"https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:(\d+|\*))?")
_NO_FEATURES = (
    "accelerometer", "autoplay", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi",
    "payment", "publickey-credentials-get", "usb", "xr-spatial-tracking",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Headers of every address that begins with one of `prefixes`. Where several rules fit, the longest prefix decides."""

    prefixes: tuple[str, ...]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Policy:
    """All that a server has to know. `base` is the path at which the site stands, and begins and ends with a slash."""

    rules: tuple[Rule, ...]
    base: str = "/"

    def list_prefixes(self) -> list[tuple[str, Mapping[str, str]]]:
        """List each prefix with its headers, short ones first, so that in a list where the last counts the longest does."""
        found = [(self.base + prefix, rule.headers) for rule in self.rules for prefix in rule.prefixes]
        return sorted(found, key=lambda pair: (len(pair[0]), pair[0]))

    def find_headers(self, path: str) -> Mapping[str, str]:
        """Give the headers of an address: the measure of what each server's file must do."""
        return [headers for prefix, headers in self.list_prefixes() if path.startswith(prefix)][-1]


def check_hosts(hosts: Iterable[str]) -> tuple[str, ...]:
    """Give the hosts that may embed trees, if each is a source of `frame-ancestors`. Raises ValueError."""
    found = tuple(hosts)
    for host in found:
        if not _HOST.fullmatch(host):
            raise ValueError(f"`embedded_by` in mkdocs.yml names “{host}”. Write a host with its scheme and without a path: https://*.example.org")
    return found


def make_policy(scripts: Iterable[str], styles: Iterable[str] = (), embedded_by: Iterable[str] = (), base: str = "/", origin: str = "") -> Policy:
    """Make the site's policy.

    `scripts` and `styles` are the sources of the theme's inline ones (`'sha256-…'`), `embedded_by` the hosts that may embed
    trees. `origin` is the site's own, if it is known: in a frame that its host has shut in, WebKit takes `'self'` for no origin,
    and loads only what is named.
    """
    csp = make_csp(scripts, styles)
    named = tuple((name, (*sources, origin) if origin and "'self'" in sources else sources) for name, sources in csp)
    closed = {"Content-Security-Policy": write_csp((*csp, ("frame-ancestors", ("'none'",))))}
    framed = {"Content-Security-Policy": write_csp((*named, ("frame-ancestors", ("'self'", *embedded_by))))}
    plain = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _NO_FEATURES),
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    own = {"Cross-Origin-Resource-Policy": "same-origin"}
    shared = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
    short, long = {"Cache-Control": "public, max-age=300"}, {"Cache-Control": "public, max-age=31536000, immutable"}
    return Policy(
        (
            Rule(("",), {**closed, **plain, **own, **short}),
            Rule(EMBEDDED, {**framed, **plain, **shared, **short}),
            Rule(LENT, {**closed, **plain, **shared, **short}),
            Rule(("assets/",), {**closed, **plain, **shared, **long}),
            Rule(UNHASHED, {**closed, **plain, **shared, **short}),
            Rule(WORKER, {**closed, **plain, **own, "Cache-Control": "no-cache"}),
        ),
        base,
    )


def make_csp(scripts: Iterable[str], styles: Iterable[str]) -> Directives:
    """Give the Content-Security-Policy that all files share. A worker obeys the policy of its own script."""
    return (
        ("default-src", ("'none'",)),
        ("script-src", ("'self'", "'wasm-unsafe-eval'", *scripts)),  # the engine is WebAssembly
        ("style-src", ("'self'", *styles)),
        ("img-src", ("'self'", "data:")),  # the theme's stylesheet holds its icons as data
        ("font-src", ("'self'",)),
        ("connect-src", ("'self'",)),
        ("worker-src", ("'self'",)),
        ("manifest-src", ("'self'",)),
        ("base-uri", ("'none'",)),
        ("form-action", ("'self'",)),
        ("object-src", ("'none'",)),
    )


def write_csp(directives: Directives) -> str:
    """Write directives as the header has them."""
    return "; ".join(" ".join((name, *sources)) for name, sources in directives)


def hash_inline_scripts(missing: str, pages: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Give the hashes of the theme's inline scripts, and the names of pages with another inline script.

    `missing` is the page for what is not there: what runs on it is the theme's. The same script may stand on other pages with
    another way to the site's root. Anything else was put there by a page's text and gets no hash: the policy stops it.
    """
    own = {_SCOPE.sub("", text) for text in find_inline_scripts(missing)}
    hashes, strange = set(), []
    for name, page in pages.items():
        for text in find_inline_scripts(page):
            if _SCOPE.sub("", text) in own:
                hashes.add(hash_source(text))
            else:
                strange.append(name)
    return sorted(hashes), sorted(set(strange))


def find_inline_scripts(page: str) -> list[str]:
    """Give the texts of a page's inline scripts, but for those that are data."""
    return [
        match["text"] for match in _SCRIPT.finditer(page)
        if not re.search(r"\ssrc\s*=", match["attributes"]) and not re.search(r"""\stype\s*=\s*["']?application/(ld\+)?json""", match["attributes"])
    ]


def hash_source(text: str) -> str:
    """Give the source that allows one inline script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def read_pages(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Read the pages among the files of a built site, by their paths."""
    return {name: (folder / name).read_bytes().decode() for name in names if name.endswith(".html")}
