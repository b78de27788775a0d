"""The files of a built site."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Built:
    """A file of a built site: its size in bytes, and its SHA-256 in hexadecimal digits."""

    size: int
    sha256: str


def list_built(folder: Path) -> list[str]:
    """List the paths of all files below a folder, as on the site, in one order on every machine."""
    start = len(str(folder)) + 1
    return sorted(f"{parent}/{name}"[start:].replace(os.sep, "/") for parent, _, names in os.walk(folder) for name in names)


def read_built(folder: Path, names: Iterable[str] | None = None) -> dict[str, Built]:
    """Describe files below a folder by their paths in it; all files if nothing is said."""
    return {name: describe((folder / name).read_bytes()) for name in (list_built(folder) if names is None else names)}


def describe(data: bytes) -> Built:
    """Describe a file by its content."""
    return Built(len(data), hashlib.sha256(data).hexdigest())
