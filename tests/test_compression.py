"""Each file of the site has compressed twins: of the same content, the same bytes each time, made once."""

from __future__ import annotations

import gzip
import os
import random
from pathlib import Path

import brotli
import pytest

from decision_trees.publishing.built import read_built
from decision_trees.publishing.compression import choose_codings, compress, is_compressible, write_compressed

PAGE = ("<p>The same words, " + "again and again, " * 200 + "to the end.</p>\n").encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / "assets").mkdir(parents=True)
    (site / "index.html").write_bytes(PAGE)
    (site / "assets" / "site.css").write_bytes(PAGE)
    (site / "small.html").write_bytes(b"<p>Short.</p>")
    (site / "font.woff2").write_bytes(random.Random(1).randbytes(5000))
    return site


def list_twins(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in (".br", ".gz")}


def test_what_is_large_enough_and_not_yet_compressed_gets_both_forms(folder: Path, tmp_path: Path) -> None:
    write_compressed(folder, tmp_path / "cache", read_built(folder))
    assert list_twins(folder) == {"index.html.br", "index.html.gz", "assets/site.css.br", "assets/site.css.gz"}
    assert brotli.decompress((folder / "index.html.br").read_bytes()) == PAGE
    assert gzip.decompress((folder / "assets" / "site.css.gz").read_bytes()) == PAGE


def test_it_says_how_large_each_form_is(folder: Path, tmp_path: Path) -> None:
    sizes = write_compressed(folder, tmp_path / "cache", read_built(folder))
    assert sizes.keys() == {"index.html", "assets/site.css"}
    assert sizes["index.html"] == {suffix: (folder / f"index.html{suffix}").stat().st_size for suffix in (".br", ".gz")}


@pytest.mark.parametrize("coding", [".br", ".gz"])
def test_the_same_content_gives_the_same_bytes(coding: str) -> None:
    assert compress(PAGE, coding, 9) == compress(bytes(PAGE), coding, 9)
    assert b"index" not in compress(PAGE, coding, 9), "no name is in it"


def test_what_was_compressed_once_is_taken_from_the_cache(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    write_compressed(folder, cache, read_built(folder))
    for path in cache.iterdir():
        path.write_bytes(b"kept")
    write_compressed(folder, cache, read_built(folder))
    assert (folder / "index.html.br").read_bytes() == b"kept"
    (folder / "index.html").write_bytes(PAGE + b"changed")
    write_compressed(folder, cache, read_built(folder))
    assert brotli.decompress((folder / "index.html.br").read_bytes()) == PAGE + b"changed"


def test_what_no_build_has_asked_for_in_a_month_leaves_the_cache(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    write_compressed(folder, cache, read_built(folder))
    old = cache / "old.br"
    old.write_bytes(b"")
    os.utime(old, (0, 0))
    used = {path.name for path in cache.iterdir()} - {"old.br"}
    for path in cache.iterdir():
        os.utime(path, (0, 0))
    write_compressed(folder, cache, read_built(folder))
    assert {path.name for path in cache.iterdir()} == used


def test_assets_are_packed_as_tightly_as_can_be() -> None:
    assert choose_codings("assets/site.css")[".br"] == 11
    assert choose_codings("index.html")[".br"] < 11


def test_every_file_of_the_built_site_has_twins_of_its_present_content(site: Path) -> None:
    files = [path for path in site.rglob("*") if path.is_file() and is_compressible(path.relative_to(site).as_posix(), path.stat().st_size)]
    assert len(files) > 500
    for path in files:
        data = path.read_bytes()
        assert gzip.decompress(path.with_name(path.name + ".gz").read_bytes()) == data, path
        assert brotli.decompress(path.with_name(path.name + ".br").read_bytes()) == data, path
