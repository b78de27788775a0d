"""The zip for a memory stick: addresses name files, modules are one classic script, the same bytes each time."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest

from decision_trees.publishing.classic import NotConvertible, convert, join_modules
from decision_trees.publishing.portable import START, make_index, make_portable, name_file, pack, rewrite_page

APP = "assets/app-1/"
PAGE = f"""<!doctype html>
<html lang="en">
<head>
<link rel="stylesheet" href="../{APP}x.css" integrity="sha384-x" crossorigin>
<link rel="modulepreload" href="../{APP}views.js" integrity="sha384-x">
<script type="module" src="../{APP}reading.js" integrity="sha384-x"></script>
<script type="module" src="../{APP}offline.js" fetchpriority="low"></script>
</head>
<body><a href="../trees/a/b/?x#post=junior">b</a> <a data-offline href="../offline/">Use this site offline</a>
<p>In the text: href="folder/" stays.</p></body></html>
"""
FILES = {
    "index.html": PAGE.replace("../", "").encode(), "trees/a/b/index.html": PAGE.replace("../", "../../../").encode(),
    f"{APP}reading.js": b"import { make } from './views.js';\nmake();\n", f"{APP}views.js": b"export function make() {}\n",
    f"{APP}offline.js": b"await 1;\n", f"{APP}head.js": b"'classic';\n", f"{APP}worker.js": b"await 1;\n", "assets/python-1.zip": b"",
    "service-worker.js": b"", "index.html.br": b"", "trees/a/b/tree.json": b"{}", "trees/a/b/whole/table.csv": b"a,b\n",
    "search/search_index.json": b'{"docs":[{"location":"trees/a/b/#x"},{"location":""}]}',
}


@pytest.mark.parametrize(("address", "named"), [
    ("../", "../index.html"), ("..", "../index.html"), (".", "./index.html"), ("./", "./index.html"), ("a/b/", "a/b/index.html"),
    ("a.css", "a.css"), ("", ""), ("https://example.org/", "https://example.org/"), ("mailto:a@example.org", "mailto:a@example.org"), ("data:,", "data:,"),
])
def test_an_address_names_its_file(address: str, named: str) -> None:
    assert name_file(address) == named


def test_a_page_loads_classic_scripts_alone_and_is_not_sealed() -> None:
    page = rewrite_page(PAGE, "a/index.html", APP)
    assert 'href="../trees/a/b/index.html?x#post=junior"' in page
    assert f'<script defer src="../{APP}modules.js" data-start="reading.js"></script>' in page
    assert f'<script src="../{APP}from-files.js"></script>' in page
    assert 'href="folder/" stays' in page
    for gone in ('type="module"', "modulepreload", "integrity", "crossorigin", "offline"):
        assert gone not in page


def test_the_zip_holds_what_can_be_used_there_and_a_file_to_start_with() -> None:
    made = make_portable(FILES, "Our rules")
    assert made.keys() == {
        START, "site/index.html", "site/trees/a/b/index.html", "site/trees/a/b/page.js", "site/trees/a/b/whole/table.csv",
        "site/search/search_index.js", *(f"site/{APP}{name}" for name in ("head.js", "modules.js", "from-files.js")),
    }
    assert b'url=site/index.html"' in made[START]


def test_the_zip_is_the_same_bytes_whatever_the_order() -> None:
    first = pack(make_portable(FILES, "Our rules"))
    assert first == pack(make_portable(dict(reversed(FILES.items())), "Our rules"))
    assert zipfile.ZipFile(BytesIO(first)).testzip() is None


def test_the_search_leads_to_files() -> None:
    index = json.loads(make_index(FILES["search/search_index.json"]).decode().removeprefix("var __index = ").removesuffix(";\n"))
    assert [document["location"] for document in index["docs"]] == ["trees/a/b/index.html#x", "index.html"]


def test_modules_become_functions() -> None:
    text = convert("a.js", "import { b, c as d } from './b.js';\nimport './e.js';\nexport const x = 1;\nexport async function load() { await import('./later.js'); }\nuse(import.meta.url);\n")
    assert "const { b, c: d } = require('./b.js')" not in text
    assert "const { b, c: d } = require('b.js');" in text
    assert "require('e.js')" in text
    assert "Promise.resolve(require('later.js'))" in text
    assert "use(here);" in text
    assert text.endswith("Object.assign(exports, { x, load });")
    assert join_modules({"a.js": "x();\n"}).startswith('fromFiles.define("a.js", ')


@pytest.mark.parametrize("text", ["export default 1;", "import all from './a.js';", "import * as a from './a.js';", "await 1;", "x(import.meta.env);", "export { a };"])
def test_a_form_that_is_not_known_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(NotConvertible, match=r"a\.js, line 2: "):
        convert("a.js", f"let a;\n{text}\n")
