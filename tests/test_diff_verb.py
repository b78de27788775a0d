"""The verb `diff`: folders, files and revisions, what it prints and how it exits."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from decision_trees.cli import main
from tests.making import PAGE, edit_page, write_project

@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a project with one tree."""
    return write_project(tmp_path / "new")


def commit(root: Path) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=Test", "-c", "user.email=test@localhost", "commit", "-qm", "One"]):
        subprocess.run(["git", "-C", str(root), *command], check=True, env=environment)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["diff", *(str(each) for each in arguments)])


def test_the_same_project_twice_has_no_difference(root: Path) -> None:
    result = run(root, root, "--project", root)
    assert (result.exit_code, result.output) == (0, "0 trees changed, 0 in behaviour; 0 provisions changed\n")


def test_other_behaviour_exits_with_one_and_names_answers_that_show_it(tmp_path: Path, root: Path) -> None:
    old = write_project(tmp_path / "old", ("worth >= 25\n    then", "worth >= 50\n    then"))
    result = run(old, root, "--project", root)
    assert result.exit_code == 1
    assert "Ends elsewhere: keep-it (yes) -> ask-first (refer)\n" \
           "    decision-trees ask our-protocol/accept-gift --answer giver=no --answer worth=25\n" \
           "    /trees/our-protocol/accept-gift/#giver=no&worth=25\n" in result.output


def test_other_words_alone_exit_with_nought(tmp_path: Path, root: Path) -> None:
    old = write_project(tmp_path / "old", ("You may keep the gift.", "The gift is yours."), ("Tell the Monitoring Officer about any", "Report any"))
    result = run(old, root, "--project", root)
    assert result.exit_code == 0
    assert "    - The gift is yours.\n    + You may keep the gift.\n" in result.output
    assert "Provision changed: our-protocol 1.2; cited by our-protocol/accept-gift\n    - Report any gift" in result.output
    assert result.output.endswith("1 tree changed, 0 in behaviour; 1 provision changed\n")


def test_json_holds_every_witness_with_its_answers_command_and_link(tmp_path: Path, root: Path) -> None:
    old = write_project(tmp_path / "old", ("worth >= 25\n    then", "worth >= 50\n    then"))
    data = json.loads(run(old, root, "--project", root, "--json").output)
    assert data["behaviour"] is True
    assert data["trees"][0]["ends"] == [{
        "old": {"outcome": "keep-it", "verdict": "yes"}, "new": {"outcome": "ask-first", "verdict": "refer"},
        "witness": {
            version: {"answers": {"giver": "no", "worth": "25"},
                      "command": "decision-trees ask our-protocol/accept-gift --answer giver=no --answer worth=25",
                      "link": "/trees/our-protocol/accept-gift/#giver=no&worth=25"}
            for version in ("old", "new")
        },
        "lost": [], "gained": [],
    }]


def test_a_revision_is_compared_with_what_lies_in_the_folder(root: Path) -> None:
    commit(root)
    edit_page(root, ("when: giver is yes", "when: giver is yes and worth >= 5"))
    assert run("HEAD:", "HEAD:", "--project", root).exit_code == 0
    for arguments in (("HEAD:", root), (f"HEAD:{PAGE}", root / PAGE)):
        result = run(*arguments, "--project", root)
        assert result.exit_code == 1, result.output
        assert "Ends elsewhere: give-it-back (no) -> keep-it (yes)" in result.output


def test_a_project_below_the_top_of_its_repository_is_read_at_a_revision(tmp_path: Path) -> None:
    root = write_project(tmp_path / "below" / "project")
    commit(tmp_path)
    assert run("HEAD:", root, "--project", root).exit_code == 0


def test_files_of_definitions_are_compared_by_topic(tmp_path: Path, root: Path) -> None:
    fence = (root / PAGE).read_text(encoding="utf-8").partition("```decision-tree\n")[2].partition("```")[0]
    for name, text in (("one.yml", fence), ("two.yml", fence.replace("worth >= 25", "worth > 25"))):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert run(tmp_path / "one.yml", tmp_path / "one.yml", "--project", root).exit_code == 0
    result = run(tmp_path / "one.yml", tmp_path / "two.yml", "--project", root)
    assert result.exit_code == 1
    assert "--answer worth=25\n" in result.output


def test_a_version_with_a_tree_to_mend_is_not_compared(tmp_path: Path, root: Path) -> None:
    old = write_project(tmp_path / "old", ("then: ask-first", "then: ask-frist"))
    for arguments in ((old, root), (old / PAGE, root / PAGE)):
        result = run(*arguments, "--project", root)
        assert result.exit_code == 2
        assert "unknown-outcome" in result.output
        assert "Not compared" in result.output


@pytest.mark.parametrize(("old", "new", "said"), [
    ("nowhere", ".", "nowhere does not exist. For a revision in git write `REV:`"),
    (".", f"./{PAGE}", "Compare a file with a file, or a folder with a folder."),
    ("docs", ".", "mkdocs.yml does not exist"),
    ("HEAD:", ".", "git can't read that revision"),
    ("--output=x:", ".", "does not exist"),
])
def test_what_is_no_version_is_a_wrong_use(
    root: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str
) -> None:
    monkeypatch.chdir(root)
    result = run("--", old, new)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output
