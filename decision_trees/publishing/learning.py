"""A course -> the zip that a learning platform takes: SCORM 1.2, SCORM 2004 4th edition, or xAPI.

The package runs alone: pages, trees, provisions, engine. Nothing in it leads out, and the same course gives the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from decision_trees.authoring.editions import Edition, find_edition
from decision_trees.publishing.assets import WEB, Assets
from decision_trees.publishing.courses import PAGE, Options, localise, make_course
from decision_trees.publishing.html import Site, quote
from decision_trees.publishing.trees import list_tree_views
from decision_trees.publishing.urls import page_url, root_from, tree_url
from decision_trees.runtime.model import to_data

MANIFESTS = {"scorm12": "imsmanifest.xml", "scorm2004": "imsmanifest.xml", "xapi": "tincan.xml"}
"""The file by which a platform knows a package, by standard."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = (".br", ".gz", ".map")


def build_package(site: Site, assets: Assets, pack: Mapping[str, Any], options: Options) -> bytes:
    """Give a pack as a zip for learning platforms. Raises courses.TooLarge."""
    return pack_files(list_package_files(site, assets, make_course(site, pack, options)))


def list_package_files(site: Site, assets: Assets, course: Mapping[str, Any]) -> dict[str, bytes]:
    """Give each file of a package, by its path in it."""
    app = site.assets["script"].rpartition("/")[0]
    files = {name: data for name, data in assets.files.items() if _is_shipped(name, site)}
    files |= {f"{app}/learning/{path.name}": path.read_bytes() for path in sorted((WEB / "learning").iterdir()) if path.suffix in (".js", ".css")}
    files |= {name: html.encode() for name, html in _list_pages(site, course)}
    for id in course["trees"]:
        files[f"{tree_url(id)}tree.json"] = _to_json(to_data(site.project.trees[id].diagram))
    files["course.json"] = _to_json(course)
    files[PAGE] = site.render("course.html", course=course, app=app, root="").encode()
    name = MANIFESTS[course["standard"]]
    manifest = site.render(f"{course['standard']}-{name}", course=course, files=[PAGE, *sorted(set(files) - {PAGE})])
    return {name: manifest.encode(), **files}


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """Zip files in the order of their names: the same bytes each time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, files[name], compresslevel=9)
    return packed.getvalue()


def _list_pages(site: Site, course: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Render the trees that the course walks, and every page of provisions of their editions."""
    editions: dict[str, Edition] = {}
    for id in course["trees"]:
        edition = site.project.editions[site.project.trees[id].tree.edition]
        editions[edition.id] = edition
        views = list_tree_views(site, id)
        views["outcomes"] = [{**outcome, "next": [], "pages": []} for outcome in _rows(views, "outcomes")]
        yield tree_url(id) + PAGE, localise(site.render("course-tree.html", **views))
    for path, page in site.project.pages.items():
        found = find_edition(path, site.project.editions)
        if found in editions and page.provisions:
            root = root_from(page_url(path))
            yield page_url(path) + PAGE, localise(site.render(
                "course-provisions.html", page=page, edition=editions[found], root=root,
                provisions=[(provision, quote(site, found, provision.id, root)) for provision in page.provisions],
            ))


def _is_shipped(name: str, site: Site) -> bool:
    """Say whether a package needs a file of the site's assets: the engine, its scripts, the typefaces and the trees' style."""
    return not name.endswith(_LEFT_OUT) and name.startswith("assets/") and name != site.assets["style"]


def _to_json(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _rows(views: Mapping[str, object], name: str) -> list[dict[str, object]]:
    found = views[name]
    assert isinstance(found, list)
    return found
