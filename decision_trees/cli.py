"""The command line. Each verb is a module of `decision_trees.verbs`, imported when it is asked for.

Exit status: 0 clean, 1 findings, 2 used wrongly. Findings go to stderr.
"""

from __future__ import annotations

from importlib import import_module

import click

VERBS = ("ask", "build", "check", "coverage", "diff", "graph", "list", "new", "schema", "test", "workshop")


class Verbs(click.Group):
    """The verbs, none of which waits for what another needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every verb."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Give a verb by its name."""
        if name not in VERBS:
            return None
        command: click.Command = import_module(f"decision_trees.verbs.{name}").verb
        return command


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mkdocs-decision-trees")
def main() -> None:
    """Check, build and ask decision trees: published rules that answer back."""


if __name__ == "__main__":
    main()
