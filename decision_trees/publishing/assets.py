"""What pages load: styles, scripts, fonts, the engine and Pyodide, under names that carry a hash of their content."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

PACKAGE = resources.files("decision_trees")
WEB = Path(str(PACKAGE)) / "web"
_STYLES = ("tokens.css", "theme.css", "tree.css", "map.css", "whole.css")
_FONTS = {
    "source-serif-4": ("source-serif-4-latin-opsz-normal.woff2", "source-serif-4-latin-wght-italic.woff2"),
    "ibm-plex-sans": ("ibm-plex-sans-latin-wght-normal.woff2",),
}
_PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
_EPOCH = (1980, 1, 1, 0, 0, 0)


class MissingModule(Exception):
    """A package of the npm registry is not installed; the text says which and how to get it."""


@dataclass(frozen=True, slots=True)
class Assets:
    """Files to write, by their path on the site, and the names by which templates ask for them."""

    files: Mapping[str, bytes]
    names: Mapping[str, str]


def collect_assets(modules: Path) -> Assets:
    """Gather every asset. `modules` is the folder of npm packages. Raises MissingModule."""
    files: dict[str, bytes] = {}
    for package, fonts in _FONTS.items():
        for font in fonts:
            files[f"assets/fonts/{font}"] = _read_module(modules, f"@fontsource-variable/{package}/files/{font}")
    own = [WEB / name for name in _STYLES]
    tree_style = _join(path.read_bytes() for path in own)
    material = b"@layer material {\n" + _join(_find_material()) + b"\n}\n"
    site_style = _join((material, tree_style, *((WEB / name).read_bytes() for name in ("material.css", "manual.css"))))
    pyodide = {name: _read_module(modules, f"pyodide/{name}") for name in _PYODIDE}
    runtime = f"assets/pyodide-{_hash(pyodide.values())}"
    files |= {f"{runtime}/{name}": data for name, data in pyodide.items()}
    app = {path.name: path.read_bytes() for path in sorted(WEB.glob("*.js"))}
    app["engine.zip"] = build_engine()
    app["config.js"] = f'export const PYODIDE = "../{runtime.rpartition("/")[2]}/";\n'.encode()
    folder = f"assets/app-{_hash(app.values())}"
    files |= {f"{folder}/{name}": data for name, data in app.items()}
    names = {
        "script": f"{folder}/decision-tree.js", "reading_script": f"{folder}/reading.js", "whole_script": f"{folder}/whole.js",
        "compare_script": f"{folder}/compare.js",
        "style": f"assets/site-{_hash([site_style])}.css", "tree_style": f"assets/tree-{_hash([tree_style])}.css",
        "icon": f"assets/icon-{_hash([(WEB / 'icon.svg').read_bytes()])}.svg",
    }
    files[names["style"]] = site_style
    files[names["tree_style"]] = tree_style
    files[names["icon"]] = (WEB / "icon.svg").read_bytes()
    return Assets(files, names)


def build_engine() -> bytes:
    """Pack the runtime as Pyodide imports it: the same bytes each time."""
    root = Path(str(PACKAGE))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path in (root / "__init__.py", *sorted((root / "runtime").glob("*.py"))):
            info = zipfile.ZipInfo(f"decision_trees/{path.relative_to(root).as_posix()}", _EPOCH)
            info.external_attr = 0o644 << 16
            archive.writestr(info, path.read_bytes())
    return packed.getvalue()


def find_theme() -> Path:
    """Give the folder of templates that go before Material's."""
    return Path(str(PACKAGE)) / "theme"


def _find_material() -> list[bytes]:
    """Give Material's own stylesheets; their names carry hashes."""
    sheets = Path(str(resources.files("material"))) / "templates" / "assets" / "stylesheets"
    return [path.read_bytes().partition(b"/*# sourceMappingURL")[0] for name in ("main", "palette") for path in sheets.glob(f"{name}.*.min.css")]


def _read_module(modules: Path, name: str) -> bytes:
    path = modules / name
    if not path.is_file():
        raise MissingModule(f"{path} is not there. Run `npm ci --ignore-scripts` in the project's folder first.")
    return path.read_bytes()


def _join(parts: Iterable[bytes]) -> bytes:
    return b"\n".join(parts)


def _hash(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:10]
