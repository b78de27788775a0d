"""ES modules as one classic script, for pages that are read from files, where browsers refuse modules.

It knows the forms in which our own modules import and export, and refuses any other: there is no guessing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_IMPORT = re.compile(r"^import (?:\{([^}]*)\} from )?'\./([\w-]+\.js)';$", re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function\*?|class|const|let) (\w+)", re.MULTILINE)
_LATER = re.compile(r"\bimport\('\./([\w-]+\.js)'\)")
_REST = re.compile(r"^\s*(?:import|export)\b.*|\bimport\.meta\b.*|^await .*", re.MULTILINE)


class NotConvertible(Exception):
    """A module has a form that isn't known here; the text says where."""


def join_modules(modules: Mapping[str, str]) -> str:
    """Make one script of modules, by name. It defines them and starts those that its tag's `data-start` names.

    Raises NotConvertible.
    """
    parts = [f"fromFiles.define({json.dumps(name)}, (exports, require, fetch, location, here) => {{\n'use strict';\n{convert(name, text)}\n}});\n"
             for name, text in sorted(modules.items())]
    return "".join(parts) + "fromFiles.start(document.currentScript.dataset.start);\n"


def list_imports(text: str) -> list[str]:
    """List the modules that a module imports, at once or later."""
    return [match[2] for match in _IMPORT.finditer(text)] + [match[1] for match in _LATER.finditer(text)]


def convert(name: str, text: str) -> str:
    """Give the body of a function that does what a module does. Raises NotConvertible."""
    names = [match[2] for match in _EXPORT.finditer(text)]
    text = _IMPORT.sub(lambda match: f"const {{{(match[1] or '').replace(' as ', ': ')}}} = require('{match[2]}');", text)
    text = _EXPORT.sub(r"\1 \2", text)
    text = _LATER.sub(r"Promise.resolve(require('\1'))", text).replace("import.meta.url", "here")
    rest = _REST.search(text)
    if rest:
        line = text.count("\n", 0, rest.start()) + 1
        raise NotConvertible(f"{name}, line {line}: “{rest[0].strip()}” can't be part of a classic script.")
    return text.rstrip("\n") + f"\nObject.assign(exports, {{ {', '.join(names)} }});"
