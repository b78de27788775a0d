"""`new` writes a project that is clean, builds, and leaves alone what is there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from decision_trees.authoring.files import read_configuration, read_project
from decision_trees.cli import main
from decision_trees.publishing.starter import list_starter_files
from tests.conftest import ROOT


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "below" / "rules"
    result = run("new", folder)
    assert result.exit_code == 0, result.output
    return folder


def test_a_new_project_is_clean_and_its_scenarios_take_all_of_it(root: Path) -> None:
    project = read_project(read_configuration(root))
    assert project.findings == ()
    assert [len(found) for found in project.provisions.values()] == [2]
    assert len(project.trees) == 1
    assert run("check", "--reports", "--project", root).exit_code == 0
    result = run("test", "--coverage", "--project", root)
    assert result.exit_code == 0
    assert "no scenario takes" not in result.output


def test_a_new_project_builds(root: Path) -> None:
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    (root / "build").mkdir()
    (root / "build" / "cache").symlink_to(ROOT / "build" / "cache")
    command = [sys.executable, "-c", "from decision_trees.cli import main; main()", "build", "--project", str(root)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    page = (root / "build/site/trees/our-protocol/accept-gift/index.html").read_text(encoding="utf-8")
    assert "May I accept this gift?" in page
    assert 'id="1.1"' in (root / "build/site/our-protocol/index.html").read_text(encoding="utf-8")


def test_it_asks_nothing_and_takes_an_empty_folder(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["new", str(tmp_path)], input="")
    assert result.exit_code == 0
    assert (tmp_path / "mkdocs.yml").is_file()
    assert (tmp_path / ".gitignore").is_file()


def test_it_refuses_a_folder_that_holds_something_and_touches_nothing(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    for folder in (tmp_path, tmp_path / "notes.txt"):
        result = run("new", folder)
        assert result.exit_code == 2
        assert "is not an empty folder" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2028, 2, 29), date(2026, 12, 31)])
def test_the_edition_is_issued_today_and_reviewed_in_a_year(today: date) -> None:
    page = dict(list_starter_files(today))["docs/our-protocol/index.md"]
    review = re.search(r"next-review: (\S+)", page)
    assert f"issued: {today.isoformat()}" in page
    assert review is not None
    assert 360 <= (date.fromisoformat(review[1]) - today).days <= 366
    assert "$" not in page


def test_it_asks_npm_for_what_this_project_asks_it() -> None:
    files = dict(list_starter_files(date(2026, 11, 22)))
    own = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert json.loads(files["package.json"])["dependencies"] == own["dependencies"]
