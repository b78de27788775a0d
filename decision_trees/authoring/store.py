"""What earlier builds worked out, kept by all that it hangs on: only what has changed is worked out again.

The store holds pickles, like Python's own `__pycache__` beside the modules: it belongs to whoever may change the project.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from threading import get_ident
from typing import Any, TypeVar

FOLDER = Path("build") / "cache"
"""Where a project keeps its store, from its own folder."""
KEPT = 30 * 24 * 3600
"""How long the store keeps what no build has asked for. In seconds."""
_AGE = 24 * 3600
_SUFFIXES = frozenset({".py", ".html", ".svg", ".css", ".js"})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of results. Without a folder nothing is kept, and everything is worked out anew."""

    folder: Path | None = None

    def recall(self, kind: str, inputs: object, make: Callable[[], T]) -> T:
        """Give what `make` gives, from the store if it was made of the same inputs by the same program before.

        `inputs` must say in its `repr` all that the result hangs on. An entry that can't be read is made again.
        """
        if self.folder is None:
            return make()
        path = _place(self.folder, kind, inputs)
        try:
            found: T = pickle.loads(path.read_bytes())
        except Exception:  # whatever is wrong with an entry, the cure is the same
            found = make()
            with suppress(OSError):  # a project that can't be written to is only slower
                _write(path, _dump(found))
        else:
            if path.stat().st_mtime < time.time() - _AGE:
                with suppress(OSError):
                    os.utime(path)
        return found

    def holds(self, kind: str, inputs: object) -> bool:
        """Say whether there is an entry for these inputs."""
        return self.folder is not None and _place(self.folder, kind, inputs).is_file()

    def prune(self) -> None:
        """Remove what no build has asked for in 30 days."""
        oldest = time.time() - KEPT
        for folder, _, names in os.walk(self.folder) if self.folder else ():
            for path in (os.path.join(folder, name) for name in names):
                with suppress(FileNotFoundError):
                    if os.stat(path).st_mtime < oldest:
                        os.unlink(path)


class _Pickler(pickle.Pickler):
    """Writes a dataclass as the call that makes it: its own way, for one that is frozen and has slots, takes thrice as long to read."""

    def reducer_override(self, value: Any) -> Any:
        """Give the call, or leave it to the value."""
        if isinstance(value, type) or not is_dataclass(value):
            return NotImplemented
        return type(value), tuple(getattr(value, each.name) for each in fields(value))


def _dump(value: object) -> bytes:
    out = io.BytesIO()
    _Pickler(out, pickle.HIGHEST_PROTOCOL).dump(value)
    return out.getvalue()


def _place(folder: Path, kind: str, inputs: object) -> Path:
    return folder / kind / hashlib.sha256(f"{read_version()}\n{inputs!r}".encode()).hexdigest()


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: another build may want the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}-{get_ident()}")
    partial.write_bytes(data)
    partial.replace(path)


@cache
def read_version() -> str:
    """Give a hash of the program: this package's files, Python, and every package that is installed."""
    digest = hashlib.sha256(sys.version.encode())
    root = Path(str(resources.files("decision_trees")))
    for path in sorted(path for path in root.rglob("*") if path.suffix in _SUFFIXES):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    for name in sorted(path.name for folder in sys.path for path in Path(folder).glob("*.dist-info")):
        digest.update(name.encode())
    return digest.hexdigest()
