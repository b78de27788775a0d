"""The engine as others ship it: an archive of sources, and a wheel."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from decision_trees.publishing.bundle import pack_sources

WHEEL = "decision_trees_engine-1.0-py3-none-any.whl"
_INFO = {"METADATA": "Metadata-Version: 2.1\nName: decision-trees-engine\nVersion: 1.0\n",
         "WHEEL": "Wheel-Version: 1.0\nGenerator: benchmarks\nRoot-Is-Purelib: true\nTag: py3-none-any\n", "RECORD": ""}


def write_engine(folder: Path) -> None:
    """Write both into a folder that is served as /peers/own/."""
    sources = pack_sources()
    (folder / "engine.zip").write_bytes(sources)
    packed = io.BytesIO(sources)
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as wheel:
        for name, text in _INFO.items():
            wheel.writestr(f"decision_trees_engine-1.0.dist-info/{name}", text)
    (folder / WHEEL).write_bytes(packed.getvalue())
