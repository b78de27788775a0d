"""Build the site."""

from __future__ import annotations

import gc
import logging
import sys
from pathlib import Path

import click
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from decision_trees.publishing.classic import NotConvertible
from decision_trees.publishing.portable import START, write_portable
from decision_trees.verbs.terminal import PROJECT


@click.command("build")
@PROJECT
@click.option("--strict/--no-strict", default=True, help="Fail on warnings of MkDocs too.")
@click.option("--offline", is_flag=True, help="Also pack the site into a zip for a memory stick, beside its folder.")
def verb(root: Path, strict: bool, offline: bool) -> None:
    """Build the site with MkDocs.

    With --offline the site is packed too: into a zip that works from files, without a server or a network.
    """
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    gc.disable()  # as in `terminal.read`
    try:
        config = load_config(str(root / "mkdocs.yml"), strict=strict)
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
        gc.freeze()  # the end of the program would look through all of it once more
        if offline:
            folder = Path(config.site_dir)
            target = folder.with_name(f"{folder.name}.zip")
            size = write_portable(folder, target, config.site_name)
            click.echo(f"{target} holds the site for a memory stick, {size / 1e6:.1f} MB. Unpack it there; readers open “{START}”.")
    except (Abort, NotConvertible) as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)
