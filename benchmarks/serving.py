"""Serving a folder on loopback as a good web server would: compressed forms, right types, assets kept for ever."""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli

TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".whl": "application/octet-stream"}
FOREVER = "public, max-age=31536000, immutable"


class Files:
    """The files of some folders, by address, each with its compressed form. What is not compressed yet is, once."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self.folders = folders
        self.kept: dict[str, tuple[bytes, bytes, str]] = {}
        self.sent: dict[str, int] = {}
        """How many bytes went out, by address."""

    def find(self, address: str) -> tuple[bytes, bytes, str] | None:
        path = address.split("?")[0]
        path += "index.html" if path.endswith("/") else ""
        if path not in self.kept:
            prefix = max((each for each in self.folders if path.startswith(each)), key=len, default=None)
            file = self.folders[prefix] / path.removeprefix(prefix).lstrip("/") if prefix is not None else None
            if file is None or not file.is_file():
                return None
            data, packed = file.read_bytes(), file.with_name(file.name + ".br")
            small = packed.read_bytes() if packed.is_file() else brotli.compress(data, quality=9)
            kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            self.kept[path] = data, small, kind
        return self.kept[path]


@contextmanager
def serve(files: Files, headers: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve on a free port and give the address. What lies under /assets/ or /peers/ is kept for ever, the rest asked for each time."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or a small answer's body waits 40 ms for its head to be acknowledged

        def handle(self) -> None:
            with suppress(ConnectionError):  # a page that is closed breaks off what it has asked for
                super().handle()

        def do_GET(self) -> None:
            found = files.find(self.path)
            if found is None:
                self.send_error(404)
                return
            data, small, kind = found
            is_small = "br" in self.headers.get("Accept-Encoding", "") and len(small) < len(data)
            body = small if is_small else data
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", FOREVER if self.path.startswith(("/assets/", "/peers/")) else "no-cache")
            self.send_header("Vary", "Accept-Encoding")
            if is_small:
                self.send_header("Content-Encoding", "br")
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            files.sent[self.path] = files.sent.get(self.path, 0) + len(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
