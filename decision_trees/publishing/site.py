"""Writing what the generator does not: the trees' own pages, their data, and the assets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path

from decision_trees.authoring.packs import Pack
from decision_trees.publishing import bom
from decision_trees.publishing.assets import Assets
from decision_trees.publishing.embedding import list_oembeds, list_provision_pages
from decision_trees.publishing.exports import list_provisions, list_trees
from decision_trees.publishing.html import Site
from decision_trees.publishing.integrity import Seals, seal_page
from decision_trees.publishing.packs import describe_pack
from decision_trees.publishing.search import extend_index
from decision_trees.publishing.schema import FILE, make_schema
from decision_trees.publishing.trees import render_tree_page, splice_trees
from decision_trees.publishing.urls import page_url, room_url, tree_url
from decision_trees.publishing.whole import list_whole_files
from decision_trees.publishing.workshops import list_workshop_files
from decision_trees.runtime.model import to_data


def publish(site: Site, assets: Assets, folder: Path) -> None:
    """Write everything below the site's folder, and put the trees in their places in the pages that stand there."""
    for source in [source for source, page in site.project.pages.items() if page.definitions]:
        reading = folder / page_url(source) / "index.html"
        if reading.is_file():
            reading.write_text(splice_trees(site, reading.read_text(encoding="utf-8"), source), encoding="utf-8")
    for name, data in chain(assets.files.items(), list_files(site, Seals(assets.files))):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    index = folder / "search" / "search_index.json"
    if index.is_file():
        index.write_bytes(_to_json(extend_index(json.loads(index.read_text(encoding="utf-8")), site)))


def list_files(site: Site, seals: Seals) -> Iterator[tuple[str, bytes]]:
    """Give each file of the trees, by its path on the site, its hashes in it: `protect` need not write it once more."""
    for id in site.project.trees:
        yield from site.recall("files", [id], partial(_list_tree_files, site, seals, id))
    for topic, compared in site.project.comparisons.items():
        yield f"compare/{topic}/comparison.json", _to_json(to_data(compared.comparison))
    for pack in site.project.packs.values():
        trees = dict.fromkeys(case.tree for card in pack.cards for case in card.cases)
        yield from site.recall("workshops", trees, partial(_list_pack_files, site, seals, pack), (pack, list(site.project.pages)))
    if site.components:
        yield bom.FILE, bom.write_bom(site.name, site.components).encode()
    yield from (_seal(f"{url}index.html", html.encode(), seals) for url, html in list_provision_pages(site))
    yield from ((f"{url}oembed.json", _to_json(answer)) for url, answer in list_oembeds(site))
    yield "trees.json", _to_json(list_trees(site.project))
    yield FILE, _to_json(make_schema())
    yield "provisions.json", _to_json(list_provisions(site.project))


def _list_tree_files(site: Site, seals: Seals, id: str) -> list[tuple[str, bytes]]:
    return [
        _seal(f"{tree_url(id)}index.html", render_tree_page(site, id).encode(), seals),
        (f"{tree_url(id)}tree.json", _to_json(to_data(site.project.trees[id].diagram))),
        *(_seal(tree_url(id) + name, data, seals) for name, data in list_whole_files(site, id)),
    ]


def _list_pack_files(site: Site, seals: Seals, pack: Pack) -> list[tuple[str, bytes]]:
    return [
        *(_seal(room_url(pack.id) + name, data, seals) for name, data in list_workshop_files(site, pack)),
        (f"{room_url(pack.id)}pack.json", _to_json(describe_pack(site, pack))),
    ]


def _seal(name: str, data: bytes, seals: Seals) -> tuple[str, bytes]:
    return name, seal_page(data.decode(), name, seals).encode() if name.endswith(".html") else data


def _to_json(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
