"""A fence may name a file: it is read as if it stood there, and findings point into it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from markdown import Markdown

from decision_trees.authoring.files import read_configuration, read_project, read_sources
from decision_trees.authoring.findings import ERROR
from decision_trees.authoring.pages import read_page
from decision_trees.authoring.project import Project
from decision_trees.cli import main
from decision_trees.publishing.exports import list_trees
from decision_trees.publishing.html import Site
from tests.making import PAGE, edit_page, write_project

FENCES = {"decision-tree": "trees/gift.yml", "scenarios": "trees/gift.scenarios.yaml"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a small project whose tree and scenarios stand in files of their own."""
    write_project(tmp_path)
    for fence, name in FENCES.items():
        text = (tmp_path / PAGE).read_text(encoding="utf-8").partition(f"```{fence}\n")[2].partition("```")[0]
        file = tmp_path / "docs/our-protocol" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        edit_page(tmp_path, (f"```{fence}\n{text}", f"```{fence} file={name}\n"))
    return tmp_path


def read(root: Path) -> Project:
    return read_project(read_configuration(root))


def list_findings(root: Path) -> list[str]:
    return [f"{f.span.page}:{f.span.line}:{f.span.column}: {f.code}: {f.message}" for f in read(root).findings if f.severity == ERROR]


def test_a_tree_and_scenarios_in_files_are_as_good_as_in_the_page(tmp_path: Path, root: Path) -> None:
    project, inside = read(root), read(write_project(tmp_path / "inside"))
    assert project.errors == []
    assert project.trees.keys() == inside.trees.keys()
    assert project.trees["our-protocol/accept-gift"].diagram == inside.trees["our-protocol/accept-gift"].diagram
    assert len(project.scenarios) == len(inside.scenarios) == 3
    assert list_trees(project) == list_trees(inside)


def test_the_page_shows_the_tree_where_its_fence_stands(root: Path) -> None:
    project = read(root)
    text = (root / PAGE).read_text(encoding="utf-8").partition("---\n# ")[2]
    html = Markdown(extensions=["decision_trees.markdown", "attr_list"], extension_configs={
        "decision_trees.markdown": {"site": Site(project), "page": "our-protocol/index.md"}}).convert("# " + text)
    assert html.count('id="tree-accept-gift"') == 1
    assert "file=" not in html
    assert "```" not in html


@pytest.mark.parametrize(("name", "before", "after", "wrong", "code"), [
    ("trees/gift.yml", "then: ask-first", "then: ask-frist", "ask-frist", "unknown-outcome"),
    ("trees/gift.yml", "when: giver is yes", "when: givers is yes", "givers", "unknown-name"),
    ("trees/gift.scenarios.yaml", "worth: 25}", "weight: 25}", "weight", "unknown-name"),
])
def test_a_finding_points_into_the_file(root: Path, name: str, before: str, after: str, wrong: str, code: str) -> None:
    file = root / "docs/our-protocol" / name
    lines = file.read_text(encoding="utf-8").replace(before, after).splitlines()
    file.write_text("\n".join(lines), encoding="utf-8")
    line, column = next((n, text.index(wrong) + 1) for n, text in enumerate(lines, 1) if wrong in text)
    assert any(each.startswith(f"our-protocol/{name}:{line}:{column}: {code}: ") for each in list_findings(root)), list_findings(root)
    result = CliRunner().invoke(main, ["check", "--project", str(root)])
    assert result.exit_code == 1
    assert f"our-protocol/{name}:" in result.output
    assert " | " in result.output, "the line itself is shown"


@pytest.mark.parametrize(("words", "message"), [
    ("file=trees/gitf.yml", "unknown-file: There is no file `our-protocol/trees/gitf.yml` in the docs folder."),
    ("file=../../mkdocs.yml", "unknown-file: `../../mkdocs.yml` lies outside the docs folder."),
    ("file=/etc/hosts.yml", "unknown-file: `/etc/hosts.yml` lies outside the docs folder."),
    ("file=../index.md", "unknown-file: There is no file `index.md` in the docs folder."),
    ("flie=trees/gift.yml", "unknown-key: After `decision-tree` comes nothing, or `file=` with a path."),
    ("file=trees/gift.yml also", "unknown-key: After `decision-tree` comes nothing, or `file=` with a path."),
])
def test_a_fence_that_names_no_file_of_the_docs_folder_is_a_finding_at_the_name(root: Path, words: str, message: str) -> None:
    edit_page(root, ("file=trees/gift.yml", words))
    line = next(n for n, text in enumerate((root / PAGE).read_text(encoding="utf-8").splitlines(), 1) if words in text)
    assert f"our-protocol/index.md:{line}:18: {message}" in list_findings(root)


def test_a_fence_that_names_a_file_must_be_empty(root: Path) -> None:
    edit_page(root, ("file=trees/gift.yml\n", "file=trees/gift.yml\ntree: accept-gift\n"))
    assert any("wrong-value: This fence names `trees/gift.yml`, so nothing may stand in it." in each for each in list_findings(root))


def test_a_path_may_climb_while_it_stays_in_the_docs_folder(root: Path) -> None:
    (root / "docs/shared").mkdir()
    os.rename(root / "docs/our-protocol/trees/gift.yml", root / "docs/shared/gift.yml")
    edit_page(root, ("file=trees/gift.yml", 'file="../shared/gift.yml"'))
    project = read(root)
    assert project.errors == []
    assert project.trees["our-protocol/accept-gift"].parsed.definition.source == "shared/gift.yml"


def test_a_link_that_leaves_the_docs_folder_is_not_followed(root: Path) -> None:
    (root / "secret.yml").write_text("tree: secret\n", encoding="utf-8")
    (root / "docs/our-protocol/trees/linked.yml").symlink_to(root / "secret.yml")
    edit_page(root, ("file=trees/gift.yml", "file=trees/linked.yml"))
    assert "our-protocol/trees/linked.yml" not in read_sources(root / "docs")
    assert any("There is no file `our-protocol/trees/linked.yml`" in each for each in list_findings(root))


def test_a_tree_twice_is_found_though_one_stands_in_a_file(root: Path) -> None:
    edit_page(root, ("```decision-tree file=trees/gift.yml\n```\n", "```decision-tree file=trees/gift.yml\n```\n\n" * 2))
    assert any(each.startswith("our-protocol/trees/gift.yml:1:") and "tree-twice" in each for each in list_findings(root))


def test_every_fence_knows_its_own_line_and_its_text_the_line_it_begins_on() -> None:
    source = "# A\n\n```decision-tree\ntree: a\n```\n\n```scenarios file=b.yml\n```\n"
    page = read_page(source, "edition/index.md", "edition", {"edition/b.yml": "tree: a\n"})
    assert [(d.fence, d.line, d.source, d.text) for d in (*page.definitions, *page.scenarios)] == [
        (3, 4, "edition/index.md", "tree: a\n"), (7, 1, "edition/b.yml", "tree: a\n"),
    ]
