"""The built site beside other ways to have Python: what the benchmarks of a browser serve."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from decision_trees.publishing.bundle import pack_sources
from reporting import ROOT, SITE, find_asset
from serving import Files

_WHEEL = "decision_trees_engine-1.0-py3-none-any.whl"
_INFO = {"METADATA": "Metadata-Version: 2.1\nName: decision-trees-engine\nVersion: 1.0\n",
         "WHEEL": "Wheel-Version: 1.0\nGenerator: benchmarks\nRoot-Is-Purelib: true\nTag: py3-none-any\n", "RECORD": ""}


def list_files(own: Path) -> Files:
    """Give the site, the benchmarks' pages and the peers. `own` is a folder for what is made for the peers."""
    _write_engine(own)
    return Files({"/": SITE, "/bench/": ROOT / "benchmarks" / "pages", "/peers/pyodide/": ROOT / "node_modules" / "pyodide",
                  "/peers/npm/": ROOT / "benchmarks" / "node_modules", "/peers/own/": own})


def find_addresses() -> dict[str, str]:
    """Give where the pages find what they start: Pyodide's wasm, the site's engine, the engine as a wheel."""
    return {"wasm": find_asset("assets/pyodide-*/pyodide.asm.wasm"), "script": find_asset("assets/app-*/engine.js"), "wheel": f"/peers/own/{_WHEEL}"}


def _write_engine(folder: Path) -> None:
    sources = pack_sources()
    (folder / "engine.zip").write_bytes(sources)
    packed = io.BytesIO(sources)
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as wheel:
        for name, text in _INFO.items():
            wheel.writestr(f"decision_trees_engine-1.0.dist-info/{name}", text)
    (folder / _WHEEL).write_bytes(packed.getvalue())
