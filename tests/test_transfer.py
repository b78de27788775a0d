"""What a reader's browser has to fetch, measured on the built files as they travel."""

from __future__ import annotations

import re
from pathlib import Path

from decision_trees.publishing import bundle
from decision_trees.publishing.assets import collect_assets
from decision_trees.publishing.integrity import Seals
from tests.conftest import ROOT

ENGINE = 4_000_000
"""Most that the engine may cost on a first visit, in bytes."""
SCRIPT = 15 * 1024
"""Most that the script may cost which a question needs, in bytes."""


def weigh(site: Path, name: str) -> int:
    small = site / f"{name}.br"
    return (small if small.is_file() else site / name).stat().st_size


def test_the_engine_of_a_first_visit_is_four_megabytes_at_most(site: Path) -> None:
    names = collect_assets(ROOT / "node_modules", ROOT / bundle.CACHE).engine
    assert sum(weigh(site, name) for name in names) <= ENGINE


def test_the_script_before_interaction_is_fifteen_kilobytes_at_most(site: Path) -> None:
    page = (site / "trees" / "nottingham" / "attend-group-meeting" / "index.html").read_text(encoding="utf-8")
    script = re.search(r'src="\.\./\.\./\.\./(assets/app-[^"]+/decision-tree\.js)"', page)
    assert script is not None
    seals = Seals({path.relative_to(site).as_posix(): path.read_bytes() for path in (site / script[1]).parent.glob("*.js")})
    needed = [script[1], *seals.list_imports(script[1])]
    assert not [name for name in needed if name.endswith(("/worker.js", "/boot.js", "/waiting.js", "/record.js", "/outcome.js"))]
    assert sum(weigh(site, name) for name in needed) <= SCRIPT


def test_every_page_asks_for_its_letters_at_once(site: Path) -> None:
    """They are optional: a browser that finds them in its styles only shows others on a first visit."""
    wanted = [name for name in collect_assets(ROOT / "node_modules", ROOT / bundle.CACHE).files if name.endswith(".woff2") and "italic" not in name]
    lacking = []
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        asked = re.findall(r'<link rel="preload" href="[./]*(assets/[^"]+\.woff2)" as="font"', text)
        if '<link rel="stylesheet"' in text and sorted(asked) != sorted(wanted):
            lacking.append(path)
    assert len(wanted) == 3
    assert lacking == []
