"""Reading a version of a project, for comparing: a folder, a file, or a revision in git."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from decision_trees.authoring.analysis import check_tree
from decision_trees.authoring.compiler import freeze
from decision_trees.authoring.amendments.difference import Version
from decision_trees.authoring.files import Configuration, NoProject, make_settings, read_configuration, read_project, read_sources
from decision_trees.authoring.findings import ERROR, Finding
from decision_trees.authoring.notation import Definition, parse
from decision_trees.authoring.pages import is_definition_file, read_page
from decision_trees.authoring.project import PublishedTree


@dataclass(frozen=True, slots=True)
class ReadVersion:
    """A version as it was read: what can be compared, or the findings that keep it from being compared."""

    version: Version
    findings: tuple[Finding, ...]
    sources: Mapping[str, str]
    is_file: bool


@contextmanager
def open_version(name: str, root: Path) -> Iterator[tuple[Path, Path]]:
    """Give the project's folder and the file or folder that a version's name stands for. Raises NoProject.

    A name is a path, or `REV:` or `REV:PATH` for a revision in git of the project at
    `root`; its pages are unpacked for as long as they are read.
    """
    path = Path(name)
    revision, is_revision, inner = name.partition(":")
    if path.exists():
        yield (path if path.is_dir() else root), path
        return
    if not is_revision or not revision or revision.startswith("-"):
        raise NoProject(f"{name} does not exist. For a revision in git write `REV:` or `REV:PATH`, with a colon.")
    with tempfile.TemporaryDirectory() as unpacked:
        folder = Path(unpacked)
        for each in _run_git(root, "ls-tree", "-r", "-z", "--name-only", revision, "--", ".").decode().split("\0"):
            if each.endswith(".md") or is_definition_file(each):
                target = folder / each
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(_run_git(root, "show", f"{revision}:./{each}"))
        if not (folder / inner).exists():
            raise NoProject(f"{revision} has no `{inner}`." if inner else f"{revision} has no pages below {root}.")
        yield folder, folder / inner


def read_version(root: Path, path: Path) -> ReadVersion:
    """Read the project in the folder `root`, or one file of it: a page, or YAML with a definition. Raises NoProject."""
    configuration = read_configuration(root.resolve())
    if path.is_dir():
        project = read_project(configuration)
        definitions = sum(len(page.definitions) for page in project.pages.values())
        return ReadVersion(
            Version(project.trees, {(edition, number): provision.text for edition, provisions in project.provisions.items()
                                    for number, provision in provisions.items()}, project.settings.budget),
            () if definitions == len(project.trees) else tuple(e for e in project.errors if e.code != "scenario-failed"),
            project.sources, is_file=False,
        )
    return _read_file(configuration, path.resolve())


def _read_file(configuration: Configuration, path: Path) -> ReadVersion:
    """Read the trees of one file, by topic. Its edition is the folder of the docs folder that it lies in."""
    docs = configuration.docs.resolve()
    is_inside = path.is_relative_to(docs)
    name = path.relative_to(docs).as_posix() if is_inside else path.name
    edition = name.split("/")[0] if "/" in name else ""
    try:
        sources = (read_sources(docs) if is_inside else {}) | {name: path.read_text(encoding="utf-8")}
    except (OSError, UnicodeDecodeError) as problem:
        raise NoProject(f"{path} can't be read: {problem}.") from problem
    settings = make_settings(configuration.options)
    if is_definition_file(name):
        definitions, findings, provisions = [Definition(name, 1, sources[name], edition, file=name)], [], {}
    else:
        page = read_page(sources[name], name, edition, sources)
        definitions, findings = list(page.definitions), list(page.findings)
        provisions = {(edition, provision.id): provision.text for provision in page.provisions}
    trees: dict[str, PublishedTree] = {}
    for definition in definitions:
        parsed = parse(definition, settings.calendar)
        if isinstance(parsed, list):
            findings += parsed
            continue
        compiled, mistakes = check_tree(parsed, settings.budget)
        if compiled is None:
            findings += [finding for finding in mistakes if finding.severity == ERROR]
        else:
            trees[parsed.tree.topic] = PublishedTree(parsed, compiled, freeze(compiled))
    return ReadVersion(Version(trees, provisions, settings.budget), tuple(findings), sources, is_file=True)


def _run_git(root: Path, *arguments: str) -> bytes:
    try:
        return subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=True).stdout
    except FileNotFoundError as problem:
        raise NoProject("git is not installed, so a revision can't be read.") from problem
    except subprocess.CalledProcessError as problem:
        raise NoProject(f"git can't read that revision: {problem.stderr.decode(errors='replace').strip()}") from problem
