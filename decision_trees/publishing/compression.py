"""Brotli and gzip beside each file, so that a web server sends the smallest form and never compresses while a reader waits.

The same bytes each time: what is written hangs on the file's content alone. What was compressed once is kept by its content.
"""

from __future__ import annotations

import gzip
import os
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from threading import get_ident

import brotli

from decision_trees.publishing.built import Built

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


def write_compressed(folder: Path, cache: Path, files: Mapping[str, Built]) -> Mapping[str, Mapping[str, int]]:
    """Write the compressed forms beside files below a folder, and say how large each is, in bytes.

    `cache` is a folder that keeps the forms by content; what no build has asked for in 30 days is removed from it.
    """
    cache.mkdir(parents=True, exist_ok=True)
    forms: dict[str, dict[str, bytes]] = {}
    new: list[tuple[str, str, Path]] = []
    for name, file in sorted(files.items(), key=lambda each: -each[1].size):  # the largest first, or a thread has one left at the end
        if is_compressible(name, file.size):
            places = {coding: cache / f"{file.sha256}-{quality}{coding}" for coding, quality in choose_codings(name).items()}
            forms[name] = {coding: kept for coding, place in places.items() if (kept := _recall(place)) is not None}
            new += [(name, coding, place) for coding, place in places.items() if coding not in forms[name]]
    with ThreadPoolExecutor(os.cpu_count()) as workers:  # both compressors let other threads run
        for (name, coding, _), found in zip(new, workers.map(lambda each: _make(folder, *each), new), strict=True):
            forms[name][coding] = found
    for name, made in forms.items():
        for coding, data in made.items():
            (folder / (name + coding)).write_bytes(data)
    _prune(cache)
    return {name: {coding: len(data) for coding, data in made.items()} for name, made in forms.items()}


def _recall(place: Path) -> bytes | None:
    try:
        found = place.read_bytes()
        os.utime(place)
    except FileNotFoundError:
        return None
    return found


def _make(folder: Path, name: str, coding: str, place: Path) -> bytes:
    made = compress((folder / name).read_bytes(), coding, choose_codings(name)[coding])
    partial = place.with_name(f"{place.name}.{os.getpid()}-{get_ident()}")
    partial.write_bytes(made)
    partial.replace(place)  # whole or not at all: another may want the same
    return made


def _prune(cache: Path) -> None:
    oldest = time.time() - _KEPT
    with os.scandir(cache) as entries:
        for entry in entries:
            if entry.stat().st_mtime < oldest:
                os.unlink(entry)
