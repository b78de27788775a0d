"""Compiling archives of sources. Pyodide runs this, not the site's build, so the standard library is all there is."""

from __future__ import annotations

import dataclasses
import io
import marshal
import sys
import zipfile
from collections.abc import Iterable, Mapping
from types import CodeType, MappingProxyType

STDLIB = f"/lib/python{sys.version_info[0]}{sys.version_info[1]}.zip"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def list_loaded(archive: str) -> list[str]:
    """List the files of an archive whose modules are loaded by now; not those that the interpreter has within itself."""
    loaded = [module for module in list(sys.modules.values()) if getattr(module.__spec__, "origin", "") != "frozen"]
    files = (getattr(module, "__file__", None) or "" for module in loaded)
    return sorted({file.removeprefix(f"{archive}/") for file in files if file.startswith(f"{archive}/")})


def record_methods() -> dict[str, CodeType]:
    """Compile the methods of each dataclass that is made from now on, and keep them by their text."""
    methods: dict[str, CodeType] = {}

    def run(text: str, *scope: dict[str, object]) -> None:
        methods[text] = compile(text, "<dataclass>", "exec", dont_inherit=True)
        exec(methods[text], *scope)

    dataclasses.exec = run  # type: ignore[attr-defined]
    return methods


def compile_archive(archive: str, names: Iterable[str], optimize: int, methods: Mapping[str, CodeType] = MappingProxyType({})) -> bytes:
    """Compile the named files of an archive of sources into an archive of bytecode, in the order of the names.

    The bytecode is never checked against its source, which is not there. `optimize` is that of `compile`: 2 leaves
    out docstrings, which is right for modules that are read by nobody here. `methods` are those of its dataclasses.
    """
    from importlib import _bootstrap_external
    from importlib.util import source_hash

    write = _bootstrap_external._code_to_hash_pyc  # type: ignore[attr-defined]

    packed = io.BytesIO()
    with zipfile.ZipFile(archive) as sources, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as out:
        def put(name: str, data: bytes) -> None:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.external_attr = 0o644 << 16
            out.writestr(info, data)

        for name in names:
            source = sources.read(name)
            code = compile(source, f"{archive}/{name}", "exec", dont_inherit=True, optimize=optimize)
            put(f"{name}c", bytes(write(code, source_hash(source), False)))
        if methods:
            put("methods", marshal.dumps(dict(methods)))
    return packed.getvalue()


def list_names(archive: str) -> list[str]:
    """List all files of an archive."""
    with zipfile.ZipFile(archive) as sources:
        return sorted(sources.namelist())
