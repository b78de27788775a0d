"""Compiling archives of sources. Pyodide runs this, not the site's build, so the standard library is all there is."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterable

STDLIB = f"/lib/python{sys.version_info[0]}{sys.version_info[1]}.zip"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def list_loaded(archive: str) -> list[str]:
    """List the files of an archive whose modules are loaded by now; not those that the interpreter has within itself."""
    loaded = [module for module in list(sys.modules.values()) if getattr(module.__spec__, "origin", "") != "frozen"]
    files = (getattr(module, "__file__", None) or "" for module in loaded)
    return sorted({file.removeprefix(f"{archive}/") for file in files if file.startswith(f"{archive}/")})


def compile_archive(archive: str, names: Iterable[str], optimize: int) -> bytes:
    """Compile the named files of an archive of sources into an archive of bytecode, in the order of the names.

    The bytecode is never checked against its source, which is not there. `optimize` is that of `compile`: 2 leaves
    out docstrings, which is right for modules that are read by nobody here.
    """
    from importlib import _bootstrap_external
    from importlib.util import source_hash

    write = _bootstrap_external._code_to_hash_pyc  # type: ignore[attr-defined]

    packed = io.BytesIO()
    with zipfile.ZipFile(archive) as sources, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as out:
        for name in names:
            source = sources.read(name)
            code = compile(source, f"{archive}/{name}", "exec", dont_inherit=True, optimize=optimize)
            info = zipfile.ZipInfo(f"{name}c", _EPOCH)
            info.external_attr = 0o644 << 16
            out.writestr(info, bytes(write(code, source_hash(source), False)))
    return packed.getvalue()


def list_names(archive: str) -> list[str]:
    """List all files of an archive."""
    with zipfile.ZipFile(archive) as sources:
        return sorted(sources.namelist())
