"""Nothing of the site comes from another host: every file of the built site is read for addresses that a browser would load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from decision_trees.authoring.files import read_configuration
from tests.addresses import Address, list_addresses
from tests.conftest import ROOT

OWN = "http://127.0.0.1:8000/"
"""Where the site stands, as `site_url` says if nobody says otherwise."""
UNREAD = (".br", ".gz")
"""The same files again: tests/test_compression.py."""
IDLE = {
    "https://unpkg.com/mermaid": "class=\"[^\"]*\\bmermaid\\b",
    "https://api.github.com": "data-md-component=\"source\"", "https://$": "data-md-component=\"source\"",
    "https://unpkg.com/resize-observer-polyfill": "no page: for browsers without ResizeObserver, which can't run the walk either",
    "https://cdn.jsdelivr.net/pyodide/": "no page: where no indexURL is given, and boot.js gives one",
}
"""Addresses in the scripts of others, and what on a page would make them load. No page has it."""
SPOKEN = (
    "http://www.w3.org/", "http://www.mozilla.org/MPL/", "https://github.com/MihaiValentin/lunr-languages", "https://github.com/nodejs/node", "https://github.com/umdjs/umd",
    "https://github.com/isaacs/node-glob", "http://snowball.tartarus.org", "http://tartarus.org/~martin/", "http://code.google.com/p/urim/", "http://lunrjs.com",
    "https://clipboardjs.com/", "https://bit.ly/2s3ChXG", "//nbsp",
)
"""Addresses that scripts hold as names of things, licences and sources."""


def find(site: Path) -> dict[Address, str]:
    """Give each address of another host with the first file that has it."""
    found: dict[Address, str] = {}
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.is_file() and not name.startswith("server/") and not name.endswith(UNREAD):
            for address in list_addresses(name, path.read_bytes()):
                found.setdefault(address, name)
    return found


@pytest.fixture(scope="module")
def addresses(site: Path) -> dict[Address, str]:
    return find(site)


def test_no_file_of_the_site_has_anything_to_load_from_another_host(addresses: dict[Address, str]) -> None:
    assert [(each, name) for each, name in addresses.items() if each.kind == "load" and not each.text.startswith(OWN)] == []


def test_what_a_page_names_as_its_own_address_is_the_site_s(addresses: dict[Address, str]) -> None:
    names = [each for each in addresses if each.kind == "name"]
    assert len(names) > 100
    assert [each for each in names if not each.text.startswith((OWN, "https://json-schema.org/", "http://cyclonedx.org/"))] == []


def test_links_that_a_reader_clicks_lead_to_the_hosts_that_are_known(addresses: dict[Address, str]) -> None:
    hosts = {re.sub(r"^(https?://[^/]+).*", r"\1", each.text) for each in addresses if each.kind == "link"}
    assert hosts <= {
        "https://confluence.atlassian.com", "https://developer.wordpress.org", "https://github.com", "https://learn.microsoft.com",
        "https://mvnrepository.com", "https://www.equalityadvisoryservice.com", "https://www.w3.org",
    }


def test_addresses_in_scripts_are_names_or_stand_where_no_page_leads(site: Path, addresses: dict[Address, str]) -> None:
    texts = [(each.text, name) for each, name in addresses.items() if each.kind == "text"]
    strange = [(text, name) for text, name in texts if not text.startswith((*SPOKEN, *IDLE))]
    assert strange == []
    pages = [path.read_text(encoding="utf-8") for path in site.rglob("*.html")]
    for address, trigger in IDLE.items():
        if not trigger.startswith("no page"):
            assert not [1 for page in pages if re.search(trigger, page)], address


def test_the_project_names_no_address_of_its_own_for_scripts_styles_or_plugins() -> None:
    configuration = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert read_configuration(ROOT)
    for key in ("extra_javascript", "extra_css", "repo_url", "analytics"):
        assert key not in configuration


@pytest.mark.parametrize(("name", "text"), [
    ("a.html", '<img src="//x.invalid/a.png">'), ("a.html", "<img srcset='a.png 1x, https://x.invalid/b.png 2x'>"), ("a.html", '<script src="http://x.invalid/a.js"></script>'),
    ("a.html", '<link rel="stylesheet" href="https://x.invalid/a.css">'), ("a.html", '<link rel=preconnect href="https://x.invalid">'),
    ("a.html", '<link rel="manifest" href="https://x.invalid/m">'), ("a.html", '<iframe srcdoc="&lt;img src=https://x.invalid/a&gt;"></iframe>'),
    ("a.html", '<p style="background: url(https://x.invalid/a)">'), ("a.html", "<style>@import 'https://x.invalid/a';</style>"),
    ("a.html", '<meta http-equiv="refresh" content="0; url=https://x.invalid/">'), ("a.html", '<form action="https://x.invalid/"></form>'),
    ("a.html", "<template><video poster='https://x.invalid/a'></video></template>"), ("a.html", "<noscript><img src='https://x.invalid/a'></noscript>"),
    ("a.html", '<object data="https://x.invalid/a"></object>'), ("a.html", '<a ping="https://x.invalid/a" href="b">b</a>'), ("a.html", '<base href="https://x.invalid/">'),
    ("a.svg", '<svg xmlns="http://www.w3.org/2000/svg"><image href="https://x.invalid/a"/></svg>'),
    ("a.svg", '<svg xmlns="http://www.w3.org/2000/svg" xmlns:l="http://www.w3.org/1999/xlink"><use l:href="https://x.invalid/a#b"/></svg>'),
    ("a.css", "@font-face { src: url( 'https://x.invalid/a' ) }"), ("a.css", "a { b: c } /*# sourceMappingURL=https://x.invalid/a.map */"),
    ("a.js", "fetch('https://x.invalid/a')"), ("a.js", "import(`//x.invalid/a`)"), ("a.js", "new WebSocket(\"wss://x.invalid\")"), ("a.js", "let a = 1 //# sourceMappingURL=https://x.invalid/a.map"),
    ("a.json", '{"icons": [{"src": "https://x.invalid/a"}]}'), ("a.json", '{"html": "<iframe src=\\"https://x.invalid/a\\"></iframe>"}'),
    ("a.js.map", '{"sources": ["https://x.invalid/a.ts"]}'),
])
def test_an_address_to_load_from_another_host_would_be_found(name: str, text: str) -> None:
    assert [each.kind for each in list_addresses(name, text.encode()) if "x.invalid" in each.text][:1] in (["load"], ["text"])


@pytest.mark.parametrize("text", ['<a href="https://x.invalid/">a</a>', '<link rel="canonical" href="https://x.invalid/">', "<p>https://x.invalid/</p>", '<img src="a//b.png" alt="//x.invalid">'])
def test_what_nothing_loads_is_not_taken_for_it(text: str) -> None:
    assert [each for each in list_addresses("a.html", text.encode()) if each.kind in ("load", "text")] == []


def test_a_kind_of_file_that_nobody_has_thought_of_is_not_passed_over() -> None:
    with pytest.raises(KeyError, match=r"a\.swf"):
        list(list_addresses("a.swf", b""))
