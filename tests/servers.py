"""Real servers on loopback, with the files that are shipped: nginx and Apache, in a folder of their own and without privileges."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
APACHE_MODULES = Path("/usr/lib/apache2/modules")
REPORTS = "/csp-report"
"""Where a policy of a test may have violations reported."""


@dataclass(frozen=True)
class Reply:
    """What a server answered. Names of headers are in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Served:
    """A running server: an address for each of the texts it was given, and its folder with the logs."""

    urls: list[str]
    folder: Path

    def list_reports(self) -> list[dict[str, str]]:
        """List the violations of the policy that browsers have reported."""
        text = (self.folder / "reports.log").read_text(encoding="utf-8")
        bodies = [json.loads(line)["body"] for line in text.splitlines()]
        return [json.loads(body)["csp-report"] for body in bodies if body]


def ask(url: str, method: str = "GET", **headers: str) -> Reply:
    request = urllib.request.Request(url, method=method, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return Reply(reply.status, {name.lower(): value for name, value in reply.headers.items()}, reply.read())
    except urllib.error.HTTPError as error:
        return Reply(error.code, {name.lower(): value for name, value in error.headers.items()}, error.read())


@contextmanager
def serve_by_nginx(site: Path, texts: Sequence[str]) -> Iterator[Served]:
    """Serve a folder once for each text, which stands in a `server` block as an author's server would include it."""
    program = _find_program("nginx")
    with _open_folder(site) as (folder, root):
        ports = _find_ports(len(texts) + 1)
        brotli = "brotli_static on;" if BROTLI.exists() else ""
        shutil.copy("/etc/nginx/mime.types", folder / "mime.types")
        servers = []
        for number, (port, text) in enumerate(zip(ports[1:], texts, strict=True)):
            (folder / f"site-{number}.conf").write_text(text, encoding="utf-8")
            servers.append(f"""
  server {{
    listen 127.0.0.1:{port};
    root {root};
    {brotli}
    include site-{number}.conf;
    location = {REPORTS} {{ access_log {folder}/reports.log report; proxy_pass http://127.0.0.1:{ports[0]}/; }}
  }}""")
        (folder / "nginx.conf").write_text(f"""
{f"load_module {BROTLI};" if BROTLI.exists() else ""}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 2;
events {{ worker_connections 512; }}
http {{
  log_format report escape=json '{{"body":"$request_body"}}';
  log_format cost '$request_method $uri $status $body_bytes_sent $bytes_sent';
  access_log {folder}/access.log cost;
  sendfile on;
  {"".join(f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))}
  server {{ listen 127.0.0.1:{ports[0]}; location / {{ return 204; }} }}
{"".join(servers)}
}}
""", encoding="utf-8")
        with _run([program, "-e", f"{folder}/error.log", "-p", str(folder), "-c", f"{folder}/nginx.conf"], folder, ports):
            yield Served([f"http://127.0.0.1:{port}" for port in ports[1:]], folder)


@contextmanager
def serve_by_apache(site: Path) -> Iterator[Served]:
    """Serve a folder that holds `.htaccess`."""
    program = _find_program("apache2")
    with _open_folder(site) as (folder, root):
        (port,) = _find_ports(1)
        modules = ("mpm_event", "authz_core", "dir", "mime", "headers", "rewrite", "negotiation")
        (folder / "apache.conf").write_text("\n".join([
            *(f"LoadModule {name}_module {APACHE_MODULES}/mod_{name}.so" for name in modules),
            f"ServerRoot {folder}", "ServerName 127.0.0.1", f"Listen 127.0.0.1:{port}", f"PidFile {folder}/apache.pid", f"ErrorLog {folder}/error.log",
            f"DefaultRuntimeDir {folder}", "StartServers 1", "TypesConfig /etc/mime.types" if Path("/etc/mime.types").exists() else f"TypesConfig {folder}/types",
            "AddType text/html .html", "AddType text/css .css", "AddType text/javascript .js", "AddType image/svg+xml .svg",
            "AddLanguage br .br", "AddType application/x-gzip .gz",
            f"DocumentRoot {root}", f"<Directory {root}>", "AllowOverride All", "Require all granted", "</Directory>", "",
        ]), encoding="utf-8")
        (folder / "types").touch()
        with _run([program, "-D", "FOREGROUND", "-f", f"{folder}/apache.conf"], folder, [port]):
            yield Served([f"http://127.0.0.1:{port}"], folder)


def _find_program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed here; scripts/test installs it on Debian")
    return found


@contextmanager
def _open_folder(site: Path) -> Iterator[tuple[Path, Path]]:
    """Give a folder for a server without privileges, and the site where it can read it."""
    folder = Path(tempfile.mkdtemp(prefix="decision-trees-"))
    try:
        folder.chmod(0o755)
        root = site
        if not all(each.stat().st_mode & 0o001 for each in (site, *site.parents)):
            root = Path(shutil.copytree(site, folder / "site"))
            root.chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody", "nogroup")
        yield folder, root
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _run(command: list[str], folder: Path, ports: list[int]) -> Iterator[None]:
    person = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    with (folder / "output.log").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, **person)  # type: ignore[call-overload]
    try:
        _wait_for(process, folder, ports)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(process: subprocess.Popen[bytes], folder: Path, ports: list[int]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            break
        if all(_is_open(port) for port in ports):
            return
        time.sleep(0.05)
    logs = "".join(path.read_text(encoding="utf-8") for path in (folder / "output.log", folder / "error.log") if path.exists())
    pytest.fail(f"{process.args!r} did not start:\n{logs}")


def _is_open(port: int) -> bool:
    with socket.socket() as each:
        return each.connect_ex(("127.0.0.1", port)) == 0


def _find_ports(count: int) -> list[int]:
    """Find ports that are free now."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
