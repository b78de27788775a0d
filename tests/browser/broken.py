"""The built site from a server on which something is wrong."""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the files whose address holds `part`."""

    part: str
    status: int = 200
    kind: str = ""
    change: Callable[[bytes], bytes] = bytes
    is_hanging: bool = False


@contextmanager
def serve_broken(site: Path, *faults: Fault, headers: Mapping[str, str] | None = None, pages: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve the site on a free port. `headers` go with every answer, `pages` are more pages by their address."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = self.path.split("?")[0]
            file = site / (address + "index.html" if address.endswith("/") else address).lstrip("/")
            fault = next((each for each in faults if each.part in address), Fault(""))
            if fault.is_hanging:
                over.wait(60)
                return
            if address in (pages or {}):
                data, kind = (pages or {})[address].encode(), "text/html; charset=utf-8"
            elif fault.status != 200 or not file.is_file():
                self.send_error(fault.status if fault.status != 200 else 404)
                return
            else:
                data = fault.change(file.read_bytes())
                kind = fault.kind or TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            self.send_response(200)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    over.set()
    server.shutdown()
    server.server_close()
