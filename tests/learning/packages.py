"""Packages of the real packs, made once for all tests that need them."""

from __future__ import annotations

from functools import cache
from typing import Any

from decision_trees.authoring.files import read_configuration, read_project
from decision_trees.publishing import bundle
from decision_trees.publishing.assets import Assets, collect_assets
from decision_trees.publishing.courses import Options, make_course
from decision_trees.publishing.html import Site
from decision_trees.publishing.learning import list_package_files
from decision_trees.publishing.packs import describe_pack
from tests.conftest import ROOT

STANDARDS = ("scorm12", "scorm2004", "xapi")
LARGEST = "new-councillors"


@cache
def read_site() -> tuple[Site, Assets]:
    assets = collect_assets(ROOT / "node_modules", ROOT / bundle.CACHE)
    return Site(read_project(read_configuration(ROOT)), assets=assets.names), assets


@cache
def read_pack(pack: str) -> dict[str, Any]:
    site, _ = read_site()
    return describe_pack(site, site.project.packs[pack], "./")


@cache
def make_files(pack: str, standard: str, is_random: bool = False) -> dict[str, bytes]:
    site, assets = read_site()
    return list_package_files(site, assets, make_course(site, read_pack(pack), Options(standard, is_random)))
