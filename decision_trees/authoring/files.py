"""Reading a project from disk: `mkdocs.yml`, the topics and every page. The only reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from decision_trees.authoring import source
from decision_trees.authoring.calendars import make_calendar
from decision_trees.authoring.compiler import BUDGET
from decision_trees.authoring.pages import is_definition_file
from decision_trees.authoring.project import Project, Settings, load_project
from decision_trees.authoring.store import Store
from decision_trees.runtime.calendar import Calendar

NAME = "decision-trees"


class NoProject(Exception):
    """The folder holds no project that can be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The part of `mkdocs.yml` that the compiler reads."""

    root: Path
    docs: Path
    site: Path
    site_name: str
    options: Mapping[str, object]


def read_configuration(root: Path) -> Configuration:
    """Read `mkdocs.yml` in the folder. Raises NoProject."""
    path = root / "mkdocs.yml"
    if not path.is_file():
        raise NoProject(f"{path} does not exist. Run this in a project's folder, or name one with --project.")
    reader = source.Reader()
    config = reader.compose(path.read_text(encoding="utf-8"), "mkdocs.yml")
    if not isinstance(config, source.Mapping):
        raise NoProject(f"{path} can't be read as YAML.")
    options: dict[str, object] = {}
    plugins = config.get("plugins")
    for plugin in plugins.items if isinstance(plugins, source.Sequence) else ():
        found = plugin.get(NAME) if isinstance(plugin, source.Mapping) else None
        if found is not None:
            options = dict(_plain(found))  # type: ignore[call-overload]
    return Configuration(
        root, root / (reader.text(config, "docs_dir") or "docs"), root / (reader.text(config, "site_dir") or "site"),
        reader.text(config, "site_name"), options,
    )


def make_settings(options: Mapping[str, object]) -> Settings:
    """Turn the options of the plugin into settings. Raises NoProject for an option that can't be used."""
    calendar = options.get("calendar")
    return Settings(
        calendar=_make_calendar(calendar) if isinstance(calendar, Mapping) else None,
        budget=int(_read_number(options, "states", BUDGET)),
        hardest=_read_number(options, "reading_grade", 0),
    )


def _make_calendar(options: Mapping[str, object]) -> Calendar:
    for key in ("country", "from", "to"):
        if key not in options:
            raise NoProject(f"The `calendar` in mkdocs.yml needs `{key}`, as in "
                            "{name: England, country: GB, subdivision: ENG, from: 2015, to: 2035}.")
    name, country, subdivision = (str(options.get(key, "")) for key in ("name", "country", "subdivision"))
    try:
        return make_calendar(name, country, subdivision, int(_read_number(options, "from")), int(_read_number(options, "to")))
    except NotImplementedError as error:
        raise NoProject(f"The `calendar` in mkdocs.yml names a place whose holidays are not known: {error}") from error


def _read_number(options: Mapping[str, object], key: str, default: float = 0) -> float:
    text = str(options.get(key, default))
    try:
        return float(text)
    except ValueError:
        raise NoProject(f"`{key}` in mkdocs.yml must be a number, not “{text}”.") from None


def read_sources(docs: Path) -> dict[str, str]:
    """Read every Markdown page of the docs folder, and the YAML files that fences may name, by their paths in it."""
    found = {path.relative_to(docs).as_posix(): path for path in sorted(docs.rglob("*")) if path.is_file()}
    return {
        name: path.read_text(encoding="utf-8") for name, path in found.items()
        if name.endswith(".md") or (is_definition_file(name) and path.resolve().is_relative_to(docs.resolve()))
        if not any(part.startswith(".") for part in name.split("/"))
    }


def read_project(configuration: Configuration, store: Store | None = None) -> Project:
    """Read, compile and check the whole project, with what a store holds of earlier times. Raises NoProject."""
    if not configuration.docs.is_dir():
        raise NoProject(f"The docs folder {configuration.docs} does not exist.")
    name = str(configuration.options.get("topics", "") or "")
    topics = configuration.root / name
    if name and not topics.is_file():
        raise NoProject(f"mkdocs.yml names the topics file {name}, which does not exist.")
    return load_project(
        read_sources(configuration.docs), make_settings(configuration.options),
        topics.read_text(encoding="utf-8") if name else "", store,
    )


def _plain(node: source.Node) -> object:
    if isinstance(node, source.Text):
        return node.value
    if isinstance(node, source.Sequence):
        return [_plain(item) for item in node.items]
    return {name.value: _plain(value) for name, value in node.entries}
