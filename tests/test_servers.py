"""Every server is told the same: nginx and Apache are run, the files of the others are read as their makers say they are."""

from __future__ import annotations

import gzip
import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import brotli
import pytest

from decision_trees.publishing.policy import TYPES, UNHASHED, Policy, find_inline_scripts, hash_inline_scripts, hash_source, make_policy
from decision_trees.publishing.protection import make_hosting
from decision_trees.publishing.servers import list_server_files, write_azure, write_headers, write_iis
from tests.servers import BROTLI, Served, ask, serve_by_apache, serve_by_nginx

HASH = hash_source("var theme")
HOST = "https://*.example.org"
FILES = {
    "index.html": "<title>Start</title>", "404.html": "<title>Not there</title>", "trees.json": "{}", "nottingham/index.html": "a page " * 99,
    "trees/nottingham/x/index.html": "<title>A tree</title>", "trees/nottingham/x/tree.json": "{}", "trees/nottingham/x/table.csv": "£",
    "assets/site-0123456789.css": "a {}", "assets/app-0123456789/walk.js": "1;" * 99, "assets/app-0123456789/pyodide.mjs": "1;",
    "assets/app-0123456789/pyodide.wasm": "w" * 999, "assets/images/favicon.png": "p", "assets/javascripts/lunr/min/lunr.ro.min.js": "1",
    "assets/icon-0123456789.svg": "<svg/>", "embed.js": "1", "service-worker.js": "1", "provisions.json": "{}", "provisions/nottingham/6.30/index.html": "6.30",
}
TYPE = {"html": "text/html", "js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "png": "image/png", **TYPES}
ADDRESSES = ["/", "/nottingham/", "/trees/nottingham/x/", *(f"/{name}" for name in FILES)]


def make_files(policy: Policy, servers: tuple[str, ...] = ()) -> dict[str, str]:
    return dict(list_server_files(policy, FILES, servers))


@pytest.fixture(scope="module")
def policy() -> Policy:
    return make_policy([HASH], [], [HOST])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Path:
    """Make a small site with a file of each kind, compressed beside itself as the build does it."""
    folder = tmp_path_factory.mktemp("site")
    for name, text in {**FILES, ".htaccess": make_files(policy)["server/.htaccess"]}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if len(text) > 90 and name in FILES:
            (folder / f"{name}.br").write_bytes(brotli.compress(text.encode()))
            (folder / f"{name}.gz").write_bytes(gzip.compress(text.encode()))
    return folder


@pytest.fixture(scope="module", params=["nginx", "apache"])
def server(request: pytest.FixtureRequest, folder: Path, policy: Policy) -> Iterator[Served]:
    serving = serve_by_nginx(folder, [make_files(policy)["server/nginx.conf"]]) if request.param == "nginx" else serve_by_apache(folder)
    with serving as served:
        yield served


# Servers that run ------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_server_sends_the_headers_of_the_policy_and_the_right_type(server: Served, policy: Policy, address: str) -> None:
    reply = ask(server.urls[0] + address)
    assert reply.status == 200
    wanted = {name.lower(): value for name, value in policy.find_headers(address).items()}
    assert {name: reply.headers.get(name) for name in wanted} == wanted
    assert "access-control-allow-origin" in wanted or "access-control-allow-origin" not in reply.headers
    name = address + "index.html" if address.endswith("/") else address
    type = reply.headers["content-type"].split(";")[0]
    assert type.replace("application/javascript", "text/javascript") == TYPE[name.rpartition(".")[2]]


def test_a_server_says_what_is_not_there_with_the_site_s_own_page_and_policy(server: Served, policy: Policy) -> None:
    for address in ("/nowhere/", "/trees/nowhere/", "/assets/nothing-0123456789.js"):
        reply = ask(server.urls[0] + address)
        assert reply.status == 404
        assert b"Not there" in reply.body
        assert reply.headers["content-security-policy"].startswith("default-src 'none'")
        assert "immutable" not in reply.headers["cache-control"], "or a browser would never ask again"


def test_a_server_leads_to_the_folder_on_whatever_name_it_was_asked_by(server: Served) -> None:
    assert ask(server.urls[0] + "/nottingham").body == FILES["nottingham/index.html"].encode()


@pytest.mark.parametrize("name", ["nottingham/index.html", "assets/app-0123456789/walk.js", "assets/app-0123456789/pyodide.wasm"])
def test_a_server_sends_what_the_build_has_compressed(server: Served, name: str) -> None:
    text = FILES[name].encode()
    plain, packed, best = (ask(f"{server.urls[0]}/{name}", Accept_Encoding=coding) for coding in ("identity", "gzip", "gzip, br"))
    assert plain.body == text
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == text
    assert "Accept-Encoding" in packed.headers["vary"]
    if BROTLI.exists():
        assert best.headers["content-encoding"] == "br"
        assert brotli.decompress(best.body) == text
        assert best.headers["content-type"] == plain.headers["content-type"]


def test_texts_are_served_as_unicode(server: Served) -> None:
    for name in ("index.html", "trees/nottingham/x/table.csv", "assets/app-0123456789/walk.js"):
        assert "charset=utf-8" in ask(f"{server.urls[0]}/{name}").headers["content-type"].lower(), name


def test_folders_are_not_listed(server: Served) -> None:
    assert ask(server.urls[0] + "/assets/").status in (403, 404)


# Servers that are read ---------------------------------------------------------------------


def read_headers(text: str, path: str) -> dict[str, list[str]]:
    """Read `_headers`: every rule whose pattern fits adds its values."""
    found: dict[str, list[str]] = {}
    fits = False
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        if not line.startswith(" "):
            fits = re.fullmatch(re.escape(line).replace(r"\*", ".*"), path) is not None
        elif fits:
            name, _, value = line.strip().partition(": ")
            found.setdefault(name, []).append(value)
    return found


def read_azure(text: str, path: str) -> dict[str, list[str]]:
    """Read `staticwebapp.config.json`: the first route that fits, over the global headers."""
    data = json.loads(text)
    route = next((each for each in data["routes"] if re.fullmatch(re.escape(each["route"]).replace(r"\*", ".*"), path)), {"headers": {}})
    return {name: [value] for name, value in {**data["globalHeaders"], **route["headers"]}.items()}


def read_iis(text: str, path: str) -> dict[str, list[str]]:
    """Read `web.config`: what stands at the top, then each location from the outer to the inner; to add a name twice is an error."""
    root = ElementTree.fromstring(text)
    found: dict[str, list[str]] = {}
    places = sorted(root.findall("location"), key=lambda each: len(each.attrib["path"]))
    for place in (root, *(each for each in places if f"{path}/".startswith(f"/{each.attrib['path']}/"))):
        for each in place.findall("system.webServer/httpProtocol/customHeaders/*"):
            if each.tag == "remove":
                found.pop(each.attrib["name"], None)
            else:
                assert each.attrib["name"] not in found
                found[each.attrib["name"]] = [each.attrib["value"]]
    return found


@pytest.mark.parametrize(("write", "read"), [
    (lambda policy: write_headers(policy, FILES), read_headers), (write_azure, read_azure), (write_iis, read_iis),
], ids=["_headers", "azure", "iis"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_file_that_is_not_run_here_gives_each_address_its_headers_once(
    policy: Policy, write: Callable[[Policy], str], read: Callable[[str, str], Mapping[str, list[str]]], address: str
) -> None:
    assert read(write(policy), address) == {name: [value] for name, value in policy.find_headers(address).items()}


def test_files_keep_the_limits_of_their_servers(site: Path) -> None:
    lines = (site / "server" / "_headers").read_text(encoding="utf-8").splitlines()
    assert sum(not line.startswith((" ", "#")) for line in lines) <= 100, "Cloudflare reads 100 rules"
    assert max(map(len, lines)) <= 2000, "and 2,000 characters to a line"
    assert (site / "server" / "staticwebapp.config.json").stat().st_size <= 20_000, "Azure reads 20 KB"


def test_a_server_s_file_is_put_where_it_looks_only_if_mkdocs_yml_asks_for_it(policy: Policy) -> None:
    assert not [name for name in make_files(policy) if not name.startswith("server/")]
    assert [name for name in make_files(policy, ("netlify", "cloudflare", "azure")) if not name.startswith("server/")] == ["_headers", "staticwebapp.config.json"]


# The policy --------------------------------------------------------------------------------


def read_csp(headers: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (part.split() for part in headers["Content-Security-Policy"].split("; "))}


def test_only_trees_can_be_embedded_and_only_by_the_hosts_of_the_list(policy: Policy) -> None:
    for address in ADDRESSES:
        wanted = ["'self'", HOST] if address.startswith(("/trees/", "/provisions/")) else ["'none'"]
        assert read_csp(policy.find_headers(address))["frame-ancestors"] == wanted


def test_a_script_that_keeps_its_name_is_never_kept_for_long(policy: Policy) -> None:
    assert policy.find_headers("/service-worker.js")["Cache-Control"] == "no-cache"
    assert policy.find_headers("/embed.js") == {**policy.find_headers("/assets/images/x.png")}


def test_the_policy_allows_no_inline_code_no_eval_and_no_other_host(policy: Policy) -> None:
    for address in ADDRESSES:
        csp = read_csp(policy.find_headers(address))
        assert csp.pop("default-src") == ["'none'"]
        csp.pop("frame-ancestors")
        sources = {source for each in csp.values() for source in each}
        assert sources == {"'self'", "'none'", "'wasm-unsafe-eval'", "data:", HASH}
        assert [name for name, each in csp.items() if "data:" in each] == ["img-src"]


def test_names_of_assets_that_are_kept_for_a_year_change_with_their_content(site: Path) -> None:
    names = [path.relative_to(site).as_posix() for path in (site / "assets").rglob("*") if path.is_file()]
    kept = [name for name in names if not name.startswith(UNHASHED)]
    assert len(kept) > 20
    assert [name for name in kept if not re.search(r"[-.][0-9a-f]{8,}[/.]", name)] == []


def test_a_script_in_a_page_s_text_gets_no_hash_and_is_named() -> None:
    theme = '<script>scope=new URL("%s",location)</script><script>theme()</script><script type="application/json">{}</script><script src="a.js"></script>'
    pages = {"404.html": theme % "/", "index.html": theme % ".", "a/index.html": theme % ".." + "<script>mine()</script>"}
    hashes, strange = hash_inline_scripts(pages["404.html"], pages)
    assert strange == ["a/index.html"]
    assert hashes == sorted(hash_source(text) for text in ("theme()", *(f'scope=new URL("{way}",location)' for way in ("/", ".", ".."))))


def test_every_inline_script_of_the_built_site_has_its_hash_in_the_policy(site: Path) -> None:
    text = (site / "server" / "nginx.conf").read_text(encoding="utf-8")
    pages = list(site.rglob("*.html"))
    found = {script for path in pages for script in find_inline_scripts(path.read_text(encoding="utf-8"))}
    assert len(pages) > 100
    assert [script for script in found if hash_source(script) not in text] == []


@pytest.mark.parametrize("host", ["example.org", "https://example.org/path", "*", "https:", "javascript:alert(1)", "https://a.org; script-src *", "'unsafe-inline'"])
def test_a_host_that_can_not_embed_is_refused_with_what_to_write(host: str) -> None:
    with pytest.raises(ValueError, match="Write a host with its scheme"):
        make_hosting([host], [], None)


def test_a_server_that_is_not_known_is_refused_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="netlify"):
        make_hosting([], ["caddy"], None)


def test_a_site_in_a_folder_of_a_host_has_its_rules_there() -> None:
    hosting = make_hosting([], [], "https://example.org/rules/")
    policy = make_policy([], [], hosting.embedded_by, hosting.base, hosting.origin)
    assert read_csp(policy.find_headers("/rules/trees/x/"))["script-src"] == ["'self'", "'wasm-unsafe-eval'", "https://example.org"]
    assert "https://example.org" not in policy.find_headers("/rules/")["Content-Security-Policy"]
    files = dict(list_server_files(policy, FILES))
    assert "location /rules/assets/ {" in files["server/nginx.conf"]
    assert "immutable" in policy.find_headers("/rules/assets/x-0123456789.js")["Cache-Control"]
    assert read_headers(files["server/_headers"], "/rules/assets/site-0123456789.css")["Cache-Control"] == ["public, max-age=31536000, immutable"]
