"""The MkDocs plugin. Each hook is one call; the work is done elsewhere."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Literal

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from decision_trees.authoring.files import Configuration, NoProject, read_project
from decision_trees.authoring.findings import show
from decision_trees.authoring.store import FOLDER, Store
from decision_trees.publishing import bundle, statement
from decision_trees.publishing.assets import collect_assets, find_theme
from decision_trees.publishing.built import read_built
from decision_trees.publishing.bundle import MissingModule
from decision_trees.publishing.components import PAGE, list_components
from decision_trees.publishing.compression import CACHE, write_compressed
from decision_trees.publishing.html import Site, say_date
from decision_trees.publishing.offline import AddressTaken, write_offline, write_page, write_retired
from decision_trees.publishing.protection import make_hosting, protect
from decision_trees.publishing.search import is_own
from decision_trees.publishing.site import publish

EXTENSION = "decision_trees.markdown"
log = logging.getLogger("mkdocs.plugins.decision-trees")


class DecisionTreesConfig(Config):  # type: ignore[no-untyped-call]
    """Options of the plugin in `mkdocs.yml`."""

    topics = config_options.Type(str, default="")
    calendar = config_options.Type(dict, default={})
    states = config_options.Type(int, default=50_000)
    reading_grade = config_options.Type((int, float), default=0)
    modules = config_options.Type(str, default="node_modules")
    compress = config_options.Type(bool, default=True)
    offline = config_options.Type(bool, default=True)
    embedded_by = config_options.Type(list, default=[])
    servers = config_options.Type(list, default=[])
    publisher = config_options.Type(dict, default={})


class DecisionTreesPlugin(BasePlugin[DecisionTreesConfig]):  # type: ignore[no-untyped-call]
    """Compiles the project before the build, renders its trees in it, and writes their files after it."""

    is_preview = False

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Take note of whether this is `mkdocs serve`, whose site is looked at once and changes under the reader."""
        self.is_preview = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Compile every page, and stop with all findings if something is wrong."""
        root = Path(config.config_file_path).parent
        options = {key: value for key, value in self.config.items() if value not in ("", {}, 0)}
        try:
            store = Store(root / FOLDER)
            project = read_project(Configuration(root, Path(config.docs_dir), Path(config.site_dir), config.site_name, options), store)
            self.assets = collect_assets(root / self.config.modules, root / bundle.CACHE)
            self.hosting = make_hosting(self.config.embedded_by, self.config.servers, config.site_url)
            publisher = statement.read_publisher(self.config.publisher)
        except (NoProject, MissingModule, ValueError) as problem:
            raise PluginError(str(problem)) from problem
        if project.errors:
            text = "\n\n".join(show(f, project.sources.get(f.span.page, "")) for f in project.errors)
            raise PluginError(f"{len(project.errors)} findings\n\n{text}")
        self.is_kept = self.config.offline and not self.is_preview
        names = {name: path for name, path in self.assets.names.items() if name != "offline_script" or self.is_kept}
        components = list_components(root, root / self.config.modules)
        self.site = Site(project, config.site_name, names, store, components, config.site_url or "", publisher)
        config.theme.dirs.insert(0, str(find_theme()))
        config.markdown_extensions.append(EXTENSION)
        return config

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Add the pages of licences and of accessibility, the latter unless the project has one of its own."""
        for source, content in (("licences.md", PAGE), (statement.SOURCE, statement.PAGE)):
            if files.get_file_from_path(source) is None:
                files.append(File.generated(config, source, content=content, inclusion=InclusionLevel.NOT_IN_NAV))
        return files

    def on_env(self, env: Any, config: MkDocsConfig, files: Files) -> Any:
        """Tell the theme's templates about the site, and let them escape what they are told: MkDocs does not by itself."""
        env.autoescape = True
        env.globals.update(decision_trees=self.site, statement=statement)
        env.filters["say_date"] = say_date
        return env

    def on_page_markdown(self, markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Tell the Markdown extension which page comes next, and keep the search from reading what has documents of its own."""
        if is_own(self.site, page.file.src_uri):
            page.meta["search"] = {"exclude": True}
        config.mdx_configs[EXTENSION] = {"site": self.site, "page": page.file.src_uri}
        return markdown

    def _publish(self, config: MkDocsConfig) -> None:
        """Write the trees' own pages and everything they load."""
        publish(self.site, self.assets, Path(config.site_dir))

    @event_priority(-100)
    def _finish(self, config: MkDocsConfig) -> None:
        """Do what has to see every file, those of other plugins too."""
        self.site.store.prune()
        folder, cache = Path(config.site_dir), Path(config.config_file_path).parent / CACHE
        write_retired(folder)
        if self.is_kept:
            try:
                write_page(self.site, folder)
            except AddressTaken as problem:
                raise PluginError(str(problem)) from problem
        for page in protect(folder, self.hosting):
            log.warning("%s: holds an inline script, which the site's policy stops in every browser. Take it out.", page)
        is_compressed = self.config.compress and not self.is_preview
        files = read_built(folder) if is_compressed or self.is_kept else {}
        sizes = write_compressed(folder, cache, files) if is_compressed else {}
        if self.is_kept:
            written = read_built(folder, write_offline(folder, files, sizes))
            if is_compressed:
                write_compressed(folder, cache, written)

    on_post_build = CombinedEvent(_publish, _finish)
