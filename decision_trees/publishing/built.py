"""The files of a built site."""

from __future__ import annotations

import os
from pathlib import Path


def list_built(folder: Path) -> list[str]:
    """List the paths of all files below a folder, as on the site, in one order on every machine."""
    start = len(str(folder)) + 1
    return sorted(f"{parent}/{name}"[start:].replace(os.sep, "/") for parent, _, names in os.walk(folder) for name in names)
