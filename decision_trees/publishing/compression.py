"""Brotli and gzip beside each file, so that a web server sends the smallest form and never compresses while a reader waits.

The same bytes each time: what is written hangs on the file's content alone. What was compressed once is kept by its content.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from threading import get_ident

import brotli

from decision_trees.publishing.built import list_built

CACHE = Path("build") / "cache" / "compressed"
"""Where a project keeps what it has compressed, from its own folder."""
LEAST = 1024
"""Smaller files go as they are: they fit in one packet either way. In bytes."""
_SUFFIXES = frozenset({".css", ".html", ".js", ".json", ".mjs", ".svg", ".txt", ".wasm", ".xml", ".zip"})
"""What readers' browsers ask for. Tables and charts to download go as they are."""
_ASSETS = "assets/"
_FOREVER, _OFTEN = 11, 10
"""Brotli's quality for assets, which change seldom, and for pages: a third of the time for 2 % more bytes."""
_WINDOW = 24
_KEPT = 30 * 24 * 3600
"""How long the cache keeps what no build has asked for. In seconds."""


def is_compressible(name: str, size: int) -> bool:
    """Say whether a file is worth compressing, by its path on the site and its size in bytes."""
    return size >= LEAST and PurePosixPath(name).suffix in _SUFFIXES


def choose_codings(name: str) -> Mapping[str, int]:
    """Give the suffix of each form to write beside a file, and its quality."""
    return {".br": _FOREVER if name.startswith(_ASSETS) else _OFTEN, ".gz": 9}


def compress(data: bytes, coding: str, quality: int) -> bytes:
    """Compress for `.br` or `.gz`: the same bytes for the same content."""
    if coding == ".br":
        return bytes(brotli.compress(data, quality=quality, lgwin=_WINDOW))
    return gzip.compress(data, quality, mtime=0)


def write_compressed(folder: Path, cache: Path, names: Iterable[str] | None = None) -> Mapping[str, Mapping[str, int]]:
    """Write the compressed forms beside files below a folder, and say how large each is, in bytes.

    `names` are their paths in it; all files if nothing is said. `cache` is a folder that keeps the forms by content; what
    no build has asked for in 30 days is removed from it.
    """
    files = {name: folder / name for name in (list_built(folder) if names is None else names)}
    wanted = sorted((name for name, path in files.items() if is_compressible(name, path.stat().st_size)),
                    key=lambda name: -files[name].stat().st_size)
    cache.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(os.cpu_count()) as workers:  # both compressors let other threads run
        sizes = dict(zip(wanted, workers.map(lambda name: _write_forms(files[name], name, cache), wanted), strict=True))
    _prune(cache)
    return sizes


def _write_forms(path: Path, name: str, cache: Path) -> Mapping[str, int]:
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    sizes = {}
    for coding, quality in choose_codings(name).items():
        kept = cache / f"{digest}-{quality}{coding}"
        try:
            found = kept.read_bytes()
            os.utime(kept)
        except FileNotFoundError:
            found = compress(data, coding, quality)
            partial = kept.with_name(f"{kept.name}.{os.getpid()}-{get_ident()}")
            partial.write_bytes(found)
            partial.replace(kept)  # whole or not at all: another may want the same
        path.with_name(path.name + coding).write_bytes(found)
        sizes[coding] = len(found)
    return sizes


def _prune(cache: Path) -> None:
    oldest = time.time() - _KEPT
    with os.scandir(cache) as entries:
        for entry in entries:
            if entry.stat().st_mtime < oldest:
                os.unlink(entry)
