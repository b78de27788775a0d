"""The last step of a build: hashes on what pages load, and the policy for each server. It looks at the built site as it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from decision_trees.publishing.built import list_built
from decision_trees.publishing.integrity import Seals, seal_page
from decision_trees.publishing.policy import MISSING, Policy, check_hosts, hash_inline_scripts, hash_source, make_policy, read_pages
from decision_trees.publishing.servers import PLACES, list_server_files
from decision_trees.publishing.whole import make_map_style

_SEALED = (".js", ".mjs", ".css")


@dataclass(frozen=True, slots=True)
class Hosting:
    """Where the site will stand: hosts that may embed its trees, servers whose file is put into place, and the site's path and origin."""

    embedded_by: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()
    base: str = "/"
    origin: str = ""


def make_hosting(embedded_by: Iterable[object], servers: Iterable[object], site_url: str | None) -> Hosting:
    """Make it of what `mkdocs.yml` says. Raises ValueError for a host or a server that can't be."""
    hosts = check_hosts(str(host) for host in embedded_by)
    names = tuple(str(name) for name in servers)
    for name in names:
        if name not in PLACES:
            raise ValueError(f"`servers` in mkdocs.yml names “{name}”. It takes {', '.join(sorted(PLACES))}; nginx reads its file from any folder.")
    parts = urlsplit(site_url or "")
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return Hosting(hosts, names, parts.path if parts.path.endswith("/") else f"{parts.path}/", origin)


def protect(folder: Path, hosting: Hosting) -> list[str]:
    """Put hashes into the built pages and write each server's file. Gives the pages that hold a script which the policy stops."""
    names = list_built(folder)
    pages = read_pages(folder, names)
    seals = Seals({name: (folder / name).read_bytes() for name in names if name.startswith("assets/") and name.endswith(_SEALED)})
    for name, page in pages.items():
        sealed = seal_page(page, name, seals, hosting.base)
        if sealed != page:
            (folder / name).write_text(sealed, encoding="utf-8", newline="")
    policy, strange = read_policy(folder, hosting, pages)
    for name, text in list_server_files(policy, names, hosting.servers):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return strange


def read_policy(folder: Path, hosting: Hosting, pages: dict[str, str] | None = None) -> tuple[Policy, list[str]]:
    """Make the policy of a built site, and list its pages with an inline script that is not the theme's."""
    pages = read_pages(folder, list_built(folder)) if pages is None else pages
    scripts, strange = hash_inline_scripts(pages.get(MISSING, ""), pages)
    return make_policy(scripts, [hash_source(make_map_style())], hosting.embedded_by, hosting.base, hosting.origin), strange
