"""The policy as each server reads it: nginx, Apache, IIS, Netlify and Cloudflare, Azure Static Web Apps."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import quoteattr

from decision_trees.publishing.policy import MISSING, TYPES, Policy

FOLDER = "server/"
"""Where the files stand in the built site."""

PLACES = {"netlify": "_headers", "cloudflare": "_headers", "azure": "staticwebapp.config.json", "apache": ".htaccess", "iis": "web.config"}
"""The name that a file must have in the site's own folder for a server to find it there."""

_ENCODED = {"br": "br", "gz": "gzip"}
_TEXTS = (
    "text/css", "text/csv", "text/javascript", "application/javascript", "text/markdown", "text/plain", "application/json",
    "application/manifest+json", "image/svg+xml",
)
_NGINX_KNOWS = ("json", "wasm", "woff2")
_COMPRESSED = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "xml": "text/xml", "zip": "application/zip", **TYPES}


def list_server_files(policy: Policy, files: Iterable[str], servers: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """Give each server's file by its path on the site.

    `files` are the paths of all files of the built site. For each of `servers` the file stands where that server looks for it
    too.
    """
    texts = {
        "nginx.conf": write_nginx(policy), ".htaccess": write_apache(policy), "web.config": write_iis(policy),
        "_headers": write_headers(policy, files), "staticwebapp.config.json": write_azure(policy),
    }
    for name, text in texts.items():
        yield FOLDER + name, text
    for name in dict.fromkeys(PLACES[server] for server in servers):
        yield name, texts[name]


def write_nginx(policy: Policy) -> str:
    """Write what a `server` block includes. nginx takes the longest prefix too."""
    lines = [
        "# Include this in the server block of the site, which says listen, server_name and root.",
        "# Written with the site: take it anew with each build.",
        "index index.html;",
        "absolute_redirect off;",
        "server_tokens off;",
        f"error_page 404 {policy.base}{MISSING};",
        "include mime.types;",
        "types {", *(f"  {type} {extension};" for extension, type in TYPES.items() if extension not in _NGINX_KNOWS), "}",
        "charset utf-8;",
        f"charset_types {' '.join(_TEXTS)};",
        "gzip_static on;",
        "gzip_vary on;",
        "# brotli_static on;  # where the module is installed: libnginx-mod-http-brotli-static",
    ]
    for prefix, headers in policy.list_prefixes():
        lines += [f"location {prefix} {{", *(f'  add_header {name} "{value}" always;' for name, value in headers.items()), "}"]
    return _join(lines)


def write_apache(policy: Policy) -> str:
    """Write `.htaccess`. Needs `AllowOverride All`, mod_headers, mod_rewrite and mod_mime."""
    lines = [
        "# Written with the site: take it anew with each build.",
        "Options -Indexes",
        "DirectoryIndex index.html",
        f"ErrorDocument 404 {policy.base}{MISSING}",
        "AddDefaultCharset utf-8",
        *(f"AddType {type} .{extension}" for extension, type in TYPES.items()),
        f"AddCharset utf-8 {' '.join('.' + extension for extension in ('css', 'js', 'mjs', 'json', 'svg', 'csv', 'mmd'))}",
    ]
    for prefix, headers in policy.list_prefixes():
        lines += [f'<If "%{{REQUEST_URI}} =~ m#^{re.escape(prefix)}#">', *(f'  Header always set {name} "{value}"' for name, value in headers.items()), "</If>"]
    lines += ["<IfModule mod_rewrite.c>", "RewriteEngine On"]
    for extension, coding in _ENCODED.items():
        for ending, type in _COMPRESSED.items():
            lines += [
                f"RewriteCond %{{HTTP:Accept-Encoding}} \\b{coding}\\b",
                f"RewriteCond %{{REQUEST_FILENAME}}.{extension} -f",
                f"RewriteRule ^(.+\\.{ending})$ $1.{extension} [L,T={type},E=no-gzip:1,E=no-brotli:1]",
            ]
    lines += ["</IfModule>"]
    for extension, coding in _ENCODED.items():
        lines += [f'<FilesMatch "\\.{extension}$">', f"  RemoveType .{extension}", f"  RemoveLanguage .{extension}",
                  f"  Header set Content-Encoding {coding} env=REDIRECT_no-gzip", "  Header append Vary Accept-Encoding", "</FilesMatch>"]
    return _join(lines)


def write_iis(policy: Policy) -> str:
    """Write `web.config`. A `location` takes over what stands above it, so each header is removed before it is set."""
    prefixes = policy.list_prefixes()
    _, first = prefixes[0]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        "<!-- Written with the site: take it anew with each build. -->",
        "<configuration>", "<system.webServer>",
        '<defaultDocument enabled="true"><files><clear /><add value="index.html" /></files></defaultDocument>',
        '<httpErrors errorMode="Custom" existingResponse="Replace"><remove statusCode="404" />'
        f'<error statusCode="404" path="{MISSING}" responseMode="File" /></httpErrors>',
        "<staticContent>",
        *(f'<remove fileExtension=".{extension}" /><mimeMap fileExtension=".{extension}" mimeType={quoteattr(type)} />' for extension, type in TYPES.items()),
        "</staticContent>",
        *_write_iis_headers(first, ('<remove name="X-Powered-By" />',)),
        "</system.webServer>",
    ]
    for prefix, headers in prefixes[1:]:
        path = prefix.removeprefix(policy.base).rstrip("/")
        lines += [f"<location path={quoteattr(path)}>", "<system.webServer>", *_write_iis_headers(headers), "</system.webServer>", "</location>"]
    return _join([*lines, "</configuration>"])


def write_headers(policy: Policy, files: Iterable[str]) -> str:
    """Write `_headers`, as Netlify and Cloudflare Pages read it.

    Both put the values of all rules that fit side by side, and two policies side by side allow only what both allow. So what
    differs stands under patterns of which just one fits an address: `files` says what there is.
    """
    every = [dict(headers) for _, headers in policy.list_prefixes()]
    same = {name: value for name, value in every[0].items() if all(headers.get(name) == value for headers in every)}
    lines = ["# Written with the site: take it anew with each build.", f"{policy.base}*", *_write_headers(same)]
    for path in _list_patterns(policy, files):
        own = {name: value for name, value in policy.find_headers(path.removesuffix("*")).items() if name not in same}
        lines += [path, *_write_headers(own)]
    return _join(lines)


def write_azure(policy: Policy) -> str:
    """Write `staticwebapp.config.json`. The first route that fits counts, and its headers go before the global ones."""
    prefixes = policy.list_prefixes()
    routes = [{"route": f"{prefix}*", "headers": dict(headers)} for prefix, headers in reversed(prefixes[1:])]
    data = {
        "globalHeaders": dict(prefixes[0][1]), "routes": routes,
        "responseOverrides": {"404": {"rewrite": policy.base + MISSING}},
        "mimeTypes": {f".{extension}": type for extension, type in TYPES.items()},
    }
    return json.dumps(data, indent=2) + "\n"


def _write_iis_headers(headers: Mapping[str, str], before: Iterable[str] = ()) -> list[str]:
    rows = [f"<remove name={quoteattr(name)} /><add name={quoteattr(name)} value={quoteattr(value)} />" for name, value in headers.items()]
    return ["<httpProtocol><customHeaders>", *before, *rows, "</customHeaders></httpProtocol>"]


def _write_headers(headers: Mapping[str, str]) -> list[str]:
    return [f"  {name}: {value}" for name, value in headers.items()]


def _list_patterns(policy: Policy, files: Iterable[str]) -> list[str]:
    """List patterns that part the site: a folder in which one rule holds, with a star, and each file beside such folders."""
    prefixes = [prefix for prefix, _ in policy.list_prefixes()]
    patterns = {policy.base}
    for file in files:
        path = policy.base + file
        folder = policy.base
        while any(prefix.startswith(folder) and prefix != folder for prefix in prefixes) and "/" in path[len(folder) :]:
            folder += path[len(folder) :].partition("/")[0] + "/"
        is_mixed = any(prefix.startswith(folder) and prefix != folder for prefix in prefixes)
        patterns.add(path if is_mixed else f"{folder}*")
    return sorted(patterns)


def _join(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
