"""Integrity: a page says the hash of each script and style that it loads, and a browser refuses any other bytes.

Modules that a script imports have no tag of their own; a `modulepreload` link names each with its hash, and loads it sooner.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_TAG = re.compile(r"<(?:script|link)\b[^>]*>", re.IGNORECASE | re.ASCII)
_ADDRESS = re.compile(r'\s(?:src|href)="(?P<address>[^"]+)"')
_STYLE = re.compile(r'\srel="stylesheet"')
_MODULE = re.compile(r'\stype="module"')
_IMPORT = re.compile(r"""^\s*(?:import\b(?!\s*\()|export\b)[^;]*?["'](?P<name>\./[^"']+\.js)["']""", re.MULTILINE)


@dataclass(frozen=True)
class Seals:
    """The files of the site by path, as far as pages load them; hashes and lists are made once each."""

    files: Mapping[str, bytes]
    made: dict[str, str] = field(default_factory=dict)
    imports: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, path: str) -> str:
        """Give the value of `integrity` for a file, or nothing if the site has none of that path."""
        if path in self.files and path not in self.made:
            self.made[path] = seal(self.files[path])
        return self.made.get(path, "")

    def list_imports(self, path: str) -> tuple[str, ...]:
        """List the modules that a module imports before it runs, near ones first."""
        if path not in self.imports:
            self.imports[path] = self._find_imports(path)
        return self.imports[path]

    def _find_imports(self, path: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        waiting = [path]
        for each in waiting:
            for match in _IMPORT.finditer(self.files[each].decode()):
                name = posixpath.normpath(posixpath.join(posixpath.dirname(each), match["name"]))
                if name in self.files and name not in found and name != path:
                    found[name] = None
                    waiting.append(name)
        return tuple(found)


def seal(data: bytes) -> str:
    """Give the value of an `integrity` attribute."""
    return f"sha384-{base64.b64encode(hashlib.sha384(data).digest()).decode()}"


def seal_page(page: str, path: str, seals: Seals, base: str = "/") -> str:
    """Give a page with hashes on the scripts and styles that it loads. `path` is its own path on the site, `base` the site's."""
    loaded: set[str] = set()

    def mark(match: re.Match[str]) -> str:
        tag = match[0]
        is_script = tag[1:7].lower() == "script"
        if "integrity=" in tag or not (is_script or _STYLE.search(tag)):
            return tag
        address = _ADDRESS.search(tag)
        if address is None:
            return tag
        name = _resolve(address["address"], path, base)
        hash = seals.find(name)
        if not hash:
            return tag
        # Without `crossorigin` a frame of no origin could not check what it loads.
        crossorigin = "" if _MODULE.search(tag) else " crossorigin"
        sealed = f'{tag[:-1].rstrip("/").rstrip()} integrity="{hash}"{crossorigin}>'
        preloads = []
        for each in seals.list_imports(name) if is_script and _MODULE.search(tag) else ():
            if each not in loaded:
                loaded.add(each)
                link = address["address"][: -len(posixpath.basename(name))] + posixpath.relpath(each, posixpath.dirname(name))
                preloads.append(f'<link rel="modulepreload" href="{link}" integrity="{seals.find(each)}">\n')
        return "".join(preloads) + sealed

    return _TAG.sub(mark, page)


def _resolve(address: str, path: str, base: str) -> str:
    if "://" in address or address.startswith("//"):
        return ""
    if address.startswith("/"):
        return address.removeprefix(base)
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), address))
