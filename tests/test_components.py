"""What the site is made of is listed whole: a bill of materials that checks, and a page with every licence of what is sent."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement

from decision_trees.publishing.bom import FILE, VERSION, write_bom
from decision_trees.publishing.components import BUNDLED, Component, list_bundled, list_components, normalize, read_pins
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def components() -> tuple[Component, ...]:
    return list_components(ROOT, ROOT / "node_modules")


@pytest.fixture(scope="module")
def bill(site: Path) -> dict[str, Any]:
    found = json.loads((site / FILE).read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_the_bill_of_materials_keeps_to_the_schema_of_cyclonedx(site: Path) -> None:
    assert JsonStrictValidator(VERSION).validate_str((site / FILE).read_text(encoding="utf-8")) is None


def test_the_same_components_give_the_same_bill_and_others_another_serial_number(components: tuple[Component, ...]) -> None:
    text = write_bom("Rules", components)
    assert write_bom("Rules", components) == text
    assert "timestamp" not in text
    assert json.loads(write_bom("Rules", components[1:]))["serialNumber"] != json.loads(text)["serialNumber"]


def test_the_bill_has_every_package_that_the_site_needs_with_the_version_that_is_pinned(bill: dict[str, Any]) -> None:
    import tomllib

    needed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    versions = {each["purl"].partition("@")[0]: each.get("version") for each in bill["components"]}
    pinned = dict(read_pins((ROOT / "requirements" / "site.txt").read_text(encoding="utf-8")).keys())
    for line in needed:
        name = normalize(Requirement(line).name)
        assert versions[f"pkg:pypi/{name}"] == pinned[name]
    names = {each["name"] for each in bill["components"]}
    assert names >= set(json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"])


def test_what_is_pinned_has_its_hashes_in_the_bill(bill: dict[str, Any]) -> None:
    pins = read_pins((ROOT / "requirements" / "site.txt").read_text(encoding="utf-8"))
    for each in bill["components"]:
        if each["purl"].startswith("pkg:pypi/") and (each["name"], each["version"]) in pins:
            assert {found["content"] for found in each["hashes"]} == set(pins[each["name"], each["version"]])
    assert sum("hashes" in each for each in bill["components"]) > 40
    assert all(each.get("hashes") for each in bill["components"] if each["name"] in ("pyodide", "mkdocs-material"))


def test_every_component_names_its_licence(bill: dict[str, Any]) -> None:
    assert [each["name"] for each in bill["components"] if not each.get("licenses")] == []


def test_what_the_theme_s_scripts_hold_is_known(site: Path) -> None:
    maps = list((site / "assets" / "javascripts").rglob("*.map"))
    found = {name for each in maps for name in list_bundled(each.read_text(encoding="utf-8"))}
    assert found
    assert found <= {each.name for each in BUNDLED}


def test_the_page_of_licences_has_each_shipped_component_and_its_text(site: Path, components: tuple[Component, ...]) -> None:
    page = unescape((site / "licences" / "index.html").read_text(encoding="utf-8"))
    shipped = [each for each in components if each.is_shipped]
    assert {"pyodide", "cpython", "mkdocs-material", "lunr"} <= {each.name for each in shipped}
    for each in shipped:
        assert f"{each.name} {each.version}".strip() in page
        assert each.text.strip() in page
        assert each.holder in page
        assert "<year>" not in each.text


def test_each_test_that_security_md_names_is_there() -> None:
    import re

    rows = [line for line in (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 8
    for row in rows:
        named = re.findall(r"`([\w/.]+)`", row.rstrip("| ").rpartition("|")[2])
        assert named, row
        assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_page_of_the_site_links_to_the_licences(site: Path) -> None:
    for name in ("index.html", "nottingham/index.html", "compare/index.html", "404.html"):
        assert 'licences/">Licences</a>' in (site / name).read_text(encoding="utf-8"), name
    for name in ("trees/nottingham/attend-group-meeting/index.html", "provisions/nottingham/6.30/index.html"):
        assert 'href="../../../licences/" target="_top">Licences</a>' in (site / name).read_text(encoding="utf-8"), name
