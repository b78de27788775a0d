"""The site as a zip that works from files, for a memory stick: `decision-trees build --offline`.

A page read from a file has no server that finds a folder's index, no modules, no workers and nothing to fetch. So addresses
name their files, modules become one classic script, and the engine stays behind: the compiled walk leads to every outcome.
"""

from __future__ import annotations

import io
import json
import posixpath
import re
import zipfile
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from decision_trees.publishing.assets import WEB
from decision_trees.publishing.built import list_built
from decision_trees.publishing.classic import join_modules, list_imports

FOLDER = "site/"
START = "START HERE.html"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LEFT = ("server/", "offline/", "assets/javascripts/lunr/")
_LEFT_NAMES = frozenset({"404.html", "service-worker.js", "sitemap.xml", "_headers", ".htaccess", "web.config", "staticwebapp.config.json"})
_LEFT_SUFFIXES = (".br", ".gz", ".map", ".wasm", ".mjs", "tree.json", "comparison.json")
_LEFT_ASSETS = (".zip", ".json")
_APP = re.compile(r"assets/app-[^/]+/")
_WITHOUT = frozenset({"offline.js"})
_TAG = re.compile(r"<[a-z][^<>]*>", re.IGNORECASE)
_ADDRESS = re.compile(r'(\s(?:href|src|action)=")([^"#?]*)((?:[#?][^"]*)?")')
_WALK = re.compile(r'(<decision-tree\b[^<>]*\sdata-page=")([^"#?]*)((?:[#?][^"]*)?")')
_SEAL = re.compile(r'\s(?:integrity="[^"]*"|crossorigin(?:="[^"]*")?)')
_PRELOAD = re.compile(r'<link rel="(?:modulepreload|alternate)"[^>]*>\n?')
_MODULE = re.compile(r'[ \t]*<script type="module" src="(?P<folder>[^"]*assets/app-[^"/]+/)(?P<name>[^"/]+)"[^>]*></script>\n?')
_MARK = re.compile(r"\s*<a data-offline\b[^>]*>.*?</a>")


def make_portable(files: Mapping[str, bytes], name: str) -> dict[str, bytes]:
    """Make the files of the zip from those of the built site, by their paths. `name` is the site's. Raises NotConvertible."""
    made: dict[str, bytes] = {}
    app = next((match[0] for path in files if (match := _APP.match(path))), "")
    starts: set[str] = set()
    for path, data in files.items():
        if is_left(path) or (_APP.match(path) and path != f"{app}head.js"):
            continue
        if path.endswith(".html"):
            page = data.decode()
            starts.update(list_starts(page))
            page = rewrite_page(page, path, app)
            made[FOLDER + path] = page.encode()
            if is_fetched(path):
                made[f"{FOLDER}{posixpath.dirname(path)}/page.js"] = f"fromFiles.take(document.currentScript.src, {json.dumps(page, ensure_ascii=False)});\n".encode()
        elif path == "search/search_index.json":
            made[f"{FOLDER}search/search_index.js"] = make_index(data)
        else:
            made[FOLDER + path] = data
    made[f"{FOLDER}{app}from-files.js"] = (WEB / "stick" / "from-files.js").read_bytes()
    made[f"{FOLDER}{app}modules.js"] = join_modules(collect_modules(files, app, starts)).encode()
    made[START] = make_start(name).encode()
    return made


def is_left(path: str) -> bool:
    """Say whether a file of the site stays behind: what servers and the engine need, and what only a script can fetch."""
    return (path in _LEFT_NAMES or path.startswith(_LEFT) or path.endswith(_LEFT_SUFFIXES)
            or (path.startswith("assets/") and path.endswith(_LEFT_ASSETS)))


def is_fetched(path: str) -> bool:
    """Say whether other pages take over what stands on this one: it is a tree's own."""
    return re.fullmatch(r"trees/[^/]+/[^/]+/index\.html", path) is not None


def rewrite_page(page: str, path: str, app: str) -> str:
    """Make a page right for being read from a file. `path` is its own, `app` the folder of the scripts, both from the site's root."""
    root = "../" * path.count("/")
    starts = list_starts(page)
    page = _MARK.sub("", _PRELOAD.sub("", _MODULE.sub("", page)))
    page = _WALK.sub(_name_file, page)
    page = _TAG.sub(lambda match: _ADDRESS.sub(_name_file, _SEAL.sub("", match[0])), page)
    head = f'<script src="{root}{app}from-files.js"></script>\n'
    if starts:
        head += f'<script defer src="{root}{app}modules.js" data-start="{" ".join(starts)}"></script>\n'
    return page.replace("<head>\n", "<head>\n" + head, 1)


def list_starts(page: str) -> list[str]:
    """List the modules that a page starts, without those that keep the site or its engine."""
    return [match["name"] for match in _MODULE.finditer(page) if match["name"] not in _WITHOUT]


def collect_modules(files: Mapping[str, bytes], app: str, starts: Iterable[str]) -> dict[str, str]:
    """Give the modules that are reached from those that pages start, by name, with a stand-in for the engine."""
    modules = {"engine.js": (WEB / "stick" / "engine.js").read_text(encoding="utf-8")}
    waiting = sorted(starts)
    for name in waiting:
        if name not in modules:
            modules[name] = files[app + name].decode()
            waiting += list_imports(modules[name])
    return modules


def name_file(address: str) -> str:
    """Give a relative address with the name of the folder's index, if it is a folder's."""
    if not address or address.startswith(("/", "data:")) or re.match(r"[a-z][a-z0-9+.-]*:", address):
        return address
    if address.endswith("/"):
        return address + "index.html"
    return f"{address}/index.html" if posixpath.basename(address) in (".", "..") else address


def make_index(data: bytes) -> bytes:
    """Turn the search's index into the script that the theme asks for where nothing can be fetched."""
    index = json.loads(data)
    for document in index["docs"]:
        address, mark, place = document["location"].partition("#")
        document["location"] = (name_file(address) or "index.html") + mark + place
    return f"var __index = {json.dumps(index, ensure_ascii=False, separators=(',', ':'))};\n".encode()


def make_start(name: str) -> str:
    """Give the page at the top of the stick: it leads on, and says what the folder is."""
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url={FOLDER}index.html">
<title>{escape(name)}</title>
</head>
<body>
<h1>{escape(name)}</h1>
<p><a href="{FOLDER}index.html">Open the site.</a> It needs no network and no installation. Copy the folder “site” with this file.</p>
</body>
</html>
"""


def pack(files: Mapping[str, bytes]) -> bytes:
    """Pack files into a zip: the same bytes for the same files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in sorted(files.items()):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return packed.getvalue()


def write_portable(folder: Path, target: Path, name: str) -> int:
    """Write the zip of a built site, and say how large it is, in bytes. Raises NotConvertible."""
    files = {name: (folder / name).read_bytes() for name in list_built(folder)}
    data = pack(make_portable(files, name))
    target.write_bytes(data)
    return len(data)


def _name_file(match: re.Match[str]) -> str:
    return match[1] + name_file(match[2]) + match[3]

