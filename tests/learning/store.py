"""A record store on this machine, as strict as xAPI 1.0.3 asks one to be, that can be told to refuse."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "Basic bGVhcm5lcjprZXk="


class RecordStore:
    """What was taken: `statements` by id in order, `states` by their place.

    While `refuses` is a status, all is answered with it; -1 stands for no answer at all.
    """

    def __init__(self) -> None:
        self.statements: dict[str, dict[str, Any]] = {}
        self.states: dict[tuple[str, ...], bytes] = {}
        self.faults: list[str] = []
        self.refuses = 0
        self.loses_answers = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"store": self}))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}/xapi"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    store: RecordStore

    def do_OPTIONS(self) -> None:
        self._answer(204)

    def do_GET(self) -> None:
        self._take()

    def do_POST(self) -> None:
        self._take()

    def do_PUT(self) -> None:
        self._take()

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.store.refuses:
            self._answer(self.store.refuses)
            return
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        fault = self._find_fault(body)
        if fault:
            self.store.faults.append(f"{self.command} {self.path}: {fault}")
            self._answer(400)
        elif address.path == "/xapi/statements":
            self._answer(self._keep_statements(query, json.loads(body)))
        elif address.path == "/xapi/activities/state":
            self._do_state(query, body)
        else:
            self.store.faults.append(f"{self.command} {self.path}: no such resource")
            self._answer(404)

    def _find_fault(self, body: bytes) -> str:
        if not self.headers.get("X-Experience-API-Version", "").startswith("1.0."):
            return "no version that is known"
        if self.headers.get("Authorization") != KEY:
            return "no key"
        if body and self.headers.get("Content-Type", "").partition(";")[0] != "application/json":
            return f"a body of {self.headers.get('Content-Type')}"
        if self.command == "GET" and "json" not in self.headers.get("Accept", "") and "*/*" not in self.headers.get("Accept", ""):
            return "asks for what is no JSON"
        return ""

    def _keep_statements(self, query: dict[str, str], given: Any) -> int:
        """Take all or none; one that is there already is a conflict, as the standard allows."""
        batch = given if isinstance(given, list) else [given]
        if self.command == "PUT" and [each["id"] for each in batch] != [query.get("statementId")]:
            self.store.faults.append("a statement put under another id")
            return 400
        if any(each["id"] in self.store.statements for each in batch):
            return 409
        self.store.statements.update({each["id"]: each for each in batch})
        return 204 if self.command == "PUT" else 200

    def _do_state(self, query: dict[str, str], body: bytes) -> None:
        place = (query["activityId"], query["agent"], query["stateId"], query.get("registration", ""))
        if self.command == "PUT":
            self.store.states[place] = body
            self._answer(204)
        elif place in self.store.states:
            self._answer(200, self.store.states[place])
        else:
            self._answer(404)

    def _answer(self, status: int, body: bytes = b"[]") -> None:
        if status < 0 or (self.store.loses_answers and self.command == "POST"):
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Methods", "GET, POST, PUT")
        self.send_header("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Experience-API-Version")
        self.send_header("X-Experience-API-Version", "1.0.3")
        if status not in (204, 304):
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status not in (204, 304):
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass
