"""What the site is made of and with: what a reader's browser is sent, and the packages that built it. Read from what is installed."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import metadata, resources
from pathlib import Path

from packaging.requirements import Requirement

OWN = "mkdocs-decision-trees"
PAGE = """\
---
title: Licences
template: licences.html
search: {exclude: true}
---
# What this site is made of

These are the works of others that this site sends to your browser, each under the licence of its makers. The council’s own words are not among them."""
"""The source of the page of licences, which the theme's template fills."""
_TEXTS = Path(str(resources.files("decision_trees"))) / "publishing" / "licences"
_PINS = ("requirements/site.txt", "requirements.txt")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_SHA256 = re.compile(r"--hash=sha256:([0-9a-f]{64})")


Pins = Mapping[tuple[str, str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Component:
    """A package: `kind` is that of its package URL (`npm`, `pypi` or `generic`), `licence` an SPDX expression.

    `hashes` are those by which an installer accepts it, as algorithm and hexadecimal digits: for Python one for each of its
    distributions. `inside` is what it was bundled into. Of what is shipped, `text` is the licence's text and `holder` whose it is.
    """

    kind: str
    name: str
    version: str
    licence: str
    is_shipped: bool = False
    says: str = ""
    holder: str = ""
    text: str = ""
    inside: str = ""
    hashes: tuple[tuple[str, str], ...] = ()


BUNDLED = (
    Component("npm", "clipboard", "", "MIT", True, "Copying, in the theme’s script", "Zeno Rocha"),
    Component("npm", "escape-html", "", "MIT", True, "Escaping, in the theme’s script", "TJ Holowaychuk, Andreas Lubbe, Tiancheng Gu"),
    Component("npm", "focus-visible", "", "W3C-20150513", True, "Showing the focus, in the theme’s script", "World Wide Web Consortium"),
    Component("npm", "lunr", "", "MIT", True, "The search", "Oliver Nightingale"),
    Component("npm", "lunr-languages", "", "MPL-1.1", True, "The search in other languages; sent only to sites that are not in English", "Mihai Valentin and others"),
    Component("npm", "rxjs", "", "Apache-2.0", True, "Events, in the theme’s script", "Google, Netflix, Microsoft and contributors"),
    Component("npm", "tslib", "", "0BSD", True, "Helpers of the compiler, in the theme’s script", "Microsoft Corporation"),
)
"""What Material's scripts hold. They do not say the versions."""

_SHIPPED_NPM = {
    "@fontsource-variable/ibm-plex-sans": ("The typeface of the site’s own words", "IBM Corp."),
    "@fontsource-variable/source-serif-4": ("The typeface of the rules", "Adobe"),
    "pyodide": ("Python for the browser, which runs the rules’ engine", "Pyodide contributors and Mozilla"),
}


def list_components(root: Path, modules: Path) -> tuple[Component, ...]:
    """List every component of a site. `root` is the project's folder, where pins may lie; `modules` the npm packages."""
    pins = read_pins(next((path.read_text(encoding="utf-8") for path in (root / name for name in _PINS) if path.is_file()), ""))
    shipped = [*_list_own(pins), *_list_npm(root, modules), *(replace(each, inside="mkdocs-material", text=read_text(each.licence)) for each in BUNDLED)]
    return (*shipped, *_list_python(pins))


def read_text(licence: str) -> str:
    """Give a licence's standard text, without the line that waits for whose it is: the page names the holders."""
    text = (_TEXTS / f"{licence}.txt").read_text(encoding="utf-8")
    return re.sub(r"^Copyright \(c\) (<year>|YEAR).*\n+", "", text, flags=re.MULTILINE | re.IGNORECASE)


def list_bundled(map_: str) -> set[str]:
    """List the npm packages whose code a source map names."""
    return set(re.findall(r"node_modules/((?:@[^/]+/)?[^/]+)/", "\n".join(json.loads(map_)["sources"])))


def _list_own(pins: Pins) -> Iterator[Component]:
    own, material = metadata.distribution(OWN), metadata.distribution("mkdocs-material")
    yield Component("pypi", OWN, own.version, "MIT", True, "The pages, their script and style, and the rules’ engine", "The keepers of this software", read_text("MIT"))
    yield Component("pypi", "mkdocs-material", material.version, "MIT", True, "The theme’s script and style", "Martin Donath", read_text("MIT"),
                    hashes=tuple(("SHA-256", digest) for digest in pins.get(("mkdocs-material", material.version), ())))


def _list_npm(root: Path, modules: Path) -> Iterator[Component]:
    locked = root / "package-lock.json"
    packages = json.loads(locked.read_text(encoding="utf-8"))["packages"] if locked.is_file() else {}
    for name, (says, holder) in _SHIPPED_NPM.items():
        found = json.loads((modules / name / "package.json").read_text(encoding="utf-8"))
        own = modules / name / "LICENSE"
        integrity = str(packages.get(f"node_modules/{name}", {}).get("integrity", ""))
        hashes = tuple(
            (f"SHA-{algorithm.removeprefix('sha')}", base64.b64decode(digest).hex())
            for algorithm, _, digest in (each.partition("-") for each in integrity.split()) if digest
        )
        text = own.read_text(encoding="utf-8") if own.is_file() else read_text(found["license"])
        yield Component("npm", name, found["version"], found["license"], True, says, holder, text, hashes=hashes)
    python = json.loads((modules / "pyodide" / "pyodide-lock.json").read_text(encoding="utf-8"))["info"]["python"]
    yield Component("generic", "cpython", python, "PSF-2.0", True, "Python itself and its standard library", "Python Software Foundation",
                    read_text("PSF-2.0"), inside="pyodide")


def _list_python(pins: Pins) -> Iterator[Component]:
    """List the packages that this one needs, and what those need, but for what is shipped."""
    found: dict[str, metadata.Distribution] = {}
    waiting = [OWN]
    for name in waiting:
        if name in found:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        needs = (Requirement(line) for line in found[name].requires or ())
        waiting += sorted(normalize(each.name) for each in needs if each.marker is None or each.marker.evaluate({"extra": ""}))
    for name, distribution in sorted(found.items()):
        if name not in (OWN, "mkdocs-material"):
            hashes = tuple(("SHA-256", digest) for digest in pins.get((name, distribution.version), ()))
            yield Component("pypi", name, distribution.version, read_licence(distribution), hashes=hashes)


def read_pins(text: str) -> Pins:
    """Read the hashes of a requirements file, by name and version."""
    parts = _PIN.split(text)[1:]
    rows = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    return {(normalize(name), version): tuple(sorted(_SHA256.findall(rest))) for name, version, rest in rows}


def read_licence(distribution: metadata.Distribution) -> str:
    """Give the licence that a Python package names, in the best form it has."""
    found = distribution.metadata
    classifiers = [each.rpartition(" :: ")[2] for each in found.get_all("Classifier") or () if each.startswith("License :: OSI Approved :: ")]
    named = str(found["License"] or "").strip()
    return str(found["License-Expression"] or (named if named not in ("", "UNKNOWN") and "\n" not in named and len(named) < 60 else "") or " / ".join(classifiers))


def normalize(name: str) -> str:
    """Give a Python package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def list_texts(components: Iterable[Component]) -> dict[str, list[Component]]:
    """Give the licence texts of what is shipped, each with its components."""
    found: dict[str, list[Component]] = {}
    for each in components:
        if each.is_shipped:
            found.setdefault(each.text, []).append(each)
    return found
