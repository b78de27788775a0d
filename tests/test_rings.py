"""What may import what: runtime <- authoring <- publishing <- markdown, plugin, verbs, cli."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "decision_trees"
RINGS = {"runtime": 0, "authoring": 1, "publishing": 2, "markdown": 3, "plugin": 4, "verbs": 4, "cli": 4}
FILES = sorted(PACKAGE.rglob("*.py"))


def ring_of(module: str) -> int:
    parts = module.split(".")
    return RINGS[parts[1]] if len(parts) > 1 else 0


def list_imports(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return found | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}


@pytest.mark.parametrize("path", [p.relative_to(ROOT).as_posix() for p in FILES])
def test_a_module_imports_nothing_of_an_outer_ring(path: str) -> None:
    module = path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    own = ring_of(module)
    for name in list_imports(path):
        if name.startswith("decision_trees."):
            assert ring_of(name) <= own, f"{path} imports {name}"


@pytest.mark.parametrize("path", [p.relative_to(ROOT).as_posix() for p in (PACKAGE / "runtime").glob("*.py")])
def test_the_runtime_needs_the_standard_library_alone(path: str) -> None:
    for name in list_imports(path):
        assert name.split(".")[0] in {*sys.stdlib_module_names, "decision_trees"}, f"{path} imports {name}"


def test_importing_the_package_brings_in_the_runtime_alone() -> None:
    code = "import sys, decision_trees; print(*sorted(m for m in sys.modules if m.startswith('decision_trees.')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert all(name.startswith("decision_trees.runtime") for name in loaded), loaded


def test_public_names_are_there_and_documented() -> None:
    import decision_trees

    for name in decision_trees.__all__:
        assert getattr(decision_trees, name).__doc__ or name == "Position", name
