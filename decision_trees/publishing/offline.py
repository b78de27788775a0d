"""The site without a network: what a browser keeps of it, the worker that keeps it, and the page that tells of it.

The worker is the only thing on the site whose name must not change; a manifest with the hash of every file says what it keeps.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from decision_trees.publishing.assets import WEB
from decision_trees.publishing.built import Built, describe
from decision_trees.publishing.html import Site

WORKER = "service-worker.js"
PAGE = "offline/index.html"
_PAGES = frozenset({".html", ".json"})
_IMAGES = frozenset({".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"})
_UNASKED = (".map", ".gz", ".br")
_FOR_OTHERS = ("assets/javascripts/lunr/", "provisions/", "server/", "staticwebapp.config.json")
"""The search's words for languages other than English, the pages of single provisions, which other sites show, and what servers read."""


class AddressTaken(Exception):
    """A page of the project stands where the site's own page must stand; the text says which."""


def is_kept(name: str) -> bool:
    """Say whether a browser keeps a file, by its path on the site.

    Pages, the data that they fetch, and all that they load. Not what is there to be downloaded (a browser never asks a
    worker for a download), nor what only tools, servers and other languages need.
    """
    if name == WORKER or name.endswith(_UNASKED) or name.startswith(_FOR_OTHERS):
        return False
    suffix = PurePosixPath(name).suffix
    return name.startswith("assets/") or suffix in _PAGES or (suffix in _IMAGES and not name.startswith("trees/"))


def find_address(name: str) -> str:
    """Give the address by which pages ask for a file: a folder's for its index."""
    return name.removesuffix("index.html") if name == "index.html" or name.endswith("/index.html") else name


def make_manifest(kept: Mapping[str, Built], transfer: int = 0) -> bytes:
    """List the files as the worker reads them; the order does not hang on the disk's. `transfer` is what fetching them takes, in bytes."""
    rows = sorted([find_address(name), each.sha256, each.size] for name, each in kept.items())
    return (json.dumps({"transfer": transfer, "files": rows}, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def make_worker(manifest: bytes, address: str) -> bytes:
    """Give the service worker of one version: it names the manifest by its hash, and so every file."""
    head = {"url": address, "sha256": hashlib.sha256(manifest).hexdigest()}
    return f"const MANIFEST = {json.dumps(head)};\n".encode() + (WEB / "root" / WORKER).read_bytes()


def write_page(site: Site, folder: Path) -> None:
    """Write the page that tells of it; what only the finished site shows is filled in by `write_offline`. Raises AddressTaken."""
    path = folder / PAGE
    if path.exists():
        raise AddressTaken(f"A page of the project stands at {find_address(PAGE)}, where the site tells how it works without a "
                           "network. Give it another name, or say `offline: false` in mkdocs.yml.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(site.render("offline.html", root="../", **{name: _mark(name) for name in ("transfer", "stored", "count")}), encoding="utf-8", newline="")


def write_offline(folder: Path, files: Mapping[str, Built], sizes: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Finish the page, write manifest and worker, and give the three paths on the site.

    `files` is all that is below the folder, as it will be served. `sizes` says how large the compressed forms of files are,
    in bytes.
    """
    kept = {name: file for name, file in files.items() if is_kept(name)}
    transfer = sum(sizes.get(name, {}).get(".br", each.size) for name, each in kept.items())
    page = (folder / PAGE).read_text(encoding="utf-8")
    found = {"transfer": _say_megabytes(transfer), "stored": _say_megabytes(sum(each.size for each in kept.values())), "count": str(len(kept))}
    for name, text in found.items():
        page = page.replace(_mark(name), text)
    manifest = make_manifest(kept | {PAGE: describe(page.encode())}, transfer)
    name = f"assets/offline-{hashlib.sha256(manifest).hexdigest()[:10]}.json"
    written = {PAGE: page.encode(), name: manifest, WORKER: make_worker(manifest, name)}
    for path, data in written.items():
        (folder / path).write_bytes(data)
    return list(written)


def write_retired(folder: Path) -> None:
    """Write what takes the worker's place when the site is no longer kept: browsers that have one get rid of it."""
    (folder / WORKER).write_bytes((WEB / "root" / "retired-worker.js").read_bytes())


def _mark(name: str) -> str:
    return f"%{name}%"


def _say_megabytes(size: int) -> str:
    return f"{size / 1e6:.1f}" if size < 10_000_000 else f"{size / 1e6:.0f}"
