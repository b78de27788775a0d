"""What pages load: styles, scripts, fonts, the engine and Pyodide, under names that carry a hash of their content."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from decision_trees.publishing.bundle import Bundle, hash_bytes, make_bundle, read_module
from decision_trees.publishing.integrity import seal

PACKAGE = resources.files("decision_trees")
WEB = Path(str(PACKAGE)) / "web"
_STYLES = ("tokens.css", "theme.css", "tree.css", "map.css", "whole.css", "offline.css", "embed.css")
_FONTS = {
    "source-serif-4": ("source-serif-4-latin-wght-normal.woff2", "source-serif-4-latin-opsz-normal.woff2", "source-serif-4-latin-wght-italic.woff2"),
    "ibm-plex-sans": ("ibm-plex-sans-latin-wght-normal.woff2",),
}


@dataclass(frozen=True, slots=True)
class Assets:
    """Files to write, by their path on the site, and the names by which templates ask for them.

    `embed.js` stands twice: at an address that never changes, and under its hash for pages that check its integrity.
    """

    files: Mapping[str, bytes]
    names: Mapping[str, str]
    engine: tuple[str, ...]
    """What the engine's first start fetches, in the order of size."""


def collect_assets(modules: Path, cache: Path) -> Assets:
    """Gather every asset. `modules` is the folder of npm packages, `cache` one that may be lost. Raises MissingModule."""
    fonts = {font: read_module(modules, f"@fontsource-variable/{package}/files/{font}") for package, named in _FONTS.items() for font in named}
    fonts_folder = f"assets/fonts-{hash_bytes(*fonts.values())}"
    files = {f"{fonts_folder}/{name}": data for name, data in fonts.items()}
    own = [WEB / name for name in _STYLES]
    tree_style = _join(path.read_bytes() for path in own).replace(b'url("fonts/', f'url("{fonts_folder.removeprefix("assets/")}/'.encode())
    material = b"@layer material {\n" + _join(_find_material()) + b"\n}\n"
    site_style = _join((material, tree_style, *((WEB / name).read_bytes() for name in ("material.css", "manual.css", "pack.css"))))
    workshop_style = _join((WEB / name).read_bytes() for name in ("pack.css", "workshop.css"))
    bundle = make_bundle(modules, cache)
    parts = _place_parts(bundle)
    files |= parts
    app = {path.name: path.read_bytes() for path in sorted(WEB.glob("*.js"))}
    app["config.js"] = _write_config(bundle, parts)
    folder = f"assets/app-{hash_bytes(*app.values())}"
    files |= {f"{folder}/{name}": data for name, data in app.items()}
    embed = (WEB / "host" / "embed.js").read_bytes()
    names = {
        "embed_script": f"assets/embed-{hash_bytes(embed)}.js", "embed_integrity": seal(embed), "frame_script": f"{folder}/frame.js",
        "script": f"{folder}/decision-tree.js", "reading_script": f"{folder}/reading.js", "whole_script": f"{folder}/whole.js",
        "compare_script": f"{folder}/compare.js", "offline_script": f"{folder}/offline.js", "head_script": f"{folder}/head.js",
        "material_script": _find_script("bundle.*.min.js"), "search_script": _find_script("workers/search.*.min.js"),
        "workshop_script": f"{folder}/workshop.js", "workshop_style": f"assets/workshop-{hash_bytes(workshop_style)}.css",
        "style": f"assets/site-{hash_bytes(site_style)}.css", "tree_style": f"assets/tree-{hash_bytes(tree_style)}.css",
        "serif_font": f"{fonts_folder}/{_FONTS['source-serif-4'][0]}", "wide_serif_font": f"{fonts_folder}/{_FONTS['source-serif-4'][1]}",
        "sans_font": f"{fonts_folder}/{_FONTS['ibm-plex-sans'][0]}",
        "icon": f"assets/icon-{hash_bytes((WEB / 'icon.svg').read_bytes())}.svg",
    }
    files[names["style"]] = site_style
    files[names["tree_style"]] = tree_style
    files[names["workshop_style"]] = workshop_style
    files[names["icon"]] = (WEB / "icon.svg").read_bytes()
    files["embed.js"] = files[names["embed_script"]] = embed
    worker = (f"{folder}/{name}" for name in ("worker.js", "boot.js", "snapshot.js", "config.js"))
    return Assets(files, names, (*sorted(parts, key=lambda name: len(parts[name]), reverse=True), *worker))


def _place_parts(bundle: Bundle) -> dict[str, bytes]:
    """Give what Python is made of by its path; each part has a hash of its own, so that a new engine is all that is fetched."""
    folder = f"assets/pyodide-{hash_bytes(*bundle.pyodide.values())}"
    return {
        **{f"{folder}/{name}": data for name, data in bundle.pyodide.items()},
        f"assets/python-{hash_bytes(bundle.stdlib)}.zip": bundle.stdlib,
        f"assets/engine-{hash_bytes(bundle.engine)}.zip": bundle.engine,
    }


def _write_config(bundle: Bundle, parts: Mapping[str, bytes]) -> bytes:
    """Write the module that tells the browser's scripts where Python's parts are, and how large, unpacked."""
    words = {"wasm": ".wasm", "scripts": "asm.mjs", "loader": "pyodide.mjs", "stdlib": "assets/python-", "engine": "assets/engine-"}
    found = {word: next(path for path in parts if part in path) for word, part in words.items()}
    places = {word: {"url": f"../{path.removeprefix('assets/')}", "size": len(parts[path])} for word, path in found.items()}
    values = {"BUILD": bundle.build, "LOCK": bundle.lock, "PARTS": places}
    return "".join(f"export const {name} = {json.dumps(value)};\n" for name, value in values.items()).encode()


def find_theme() -> Path:
    """Give the folder of templates that go before Material's."""
    return Path(str(PACKAGE)) / "theme"


def _find_material() -> list[bytes]:
    """Give Material's own stylesheets; their names carry hashes."""
    sheets = Path(str(resources.files("material"))) / "templates" / "assets" / "stylesheets"
    return [path.read_bytes().partition(b"/*# sourceMappingURL")[0] for name in ("main", "palette") for path in sheets.glob(f"{name}.*.min.css")]


def _find_script(pattern: str) -> str:
    """Give where a script of Material's is on the site; its name carries a hash."""
    folder = Path(str(resources.files("material"))) / "templates"
    return next((folder / "assets" / "javascripts").glob(pattern)).relative_to(folder).as_posix()


def _join(parts: Iterable[bytes]) -> bytes:
    return b"\n".join(parts)
