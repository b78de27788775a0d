"""What Lighthouse says of the start page, the heaviest page to read and a tree's page, served with brotli as a host would.

Its performance score is a measurement that other work on the machine sways, so it is not asked for.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CHROMIUM, ROOT, SiteHandler

WANTED = {"accessibility": 100, "best-practices": 100, "seo": 100}
TREE = "/trees/nottingham/attend-group-meeting/"


class Brotli(SiteHandler):
    """Gives the file that stands compressed beside the one asked for, and lets what has a hash in its name be kept."""

    def send_head(self) -> Any:
        path = Path(self.translate_path(self.path))
        packed = path.with_name(path.name + ".br") if path.is_file() else path / "index.html.br"
        if "br" not in self.headers.get("Accept-Encoding", "") or not packed.is_file():
            return super().send_head()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(packed.with_suffix(""))))
        self.send_header("Content-Encoding", "br")
        self.send_header("Content-Length", str(packed.stat().st_size))
        self.send_header("Cache-Control", "max-age=31536000, immutable" if "/assets/" in self.path else "no-cache")
        self.end_headers()
        return packed.open("rb")


def find_heaviest(site: Path) -> str:
    """Give the address of the largest page of an edition."""
    pages = [page for edition in json.loads((site / "trees.json").read_text(encoding="utf-8"))
             for page in (site / edition["edition"]).rglob("index.html")]
    return f"/{max(pages, key=lambda page: page.stat().st_size).parent.relative_to(site).as_posix()}/"


def test_lighthouse_finds_nothing_to_mend(site: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not here")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Brotli, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    paths = ["/", find_heaviest(site), TREE]
    try:
        done = subprocess.run([node, str(Path(__file__).with_name("lighthouse.mjs")), CHROMIUM, *(base + path for path in paths)],
                              cwd=ROOT, capture_output=True, text=True, check=False)
    finally:
        server.shutdown()
        server.server_close()
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found) == len(paths)
    for url, each in found.items():
        assert each["shift"] == 0, (url, each)
        assert all(each["scores"][name] >= least for name, least in WANTED.items()), (url, each)
