"""Every page of the built site is valid: by the Nu validator and by html-validate, each run once over the whole folder.

The theme's own parts count too: there are no exceptions.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

NU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
HTML_VALIDATE = ROOT / "node_modules" / ".bin" / "html-validate"


def test_the_nu_validator_finds_no_error_on_any_page(site: Path) -> None:
    if shutil.which("java") is None:
        pytest.skip("java is not here: install default-jre-headless")
    done = subprocess.run(["java", "-jar", str(NU), "--errors-only", "--skip-non-html", "--format", "json", str(site)],
                          capture_output=True, text=True, check=False)
    found = json.loads(done.stderr)["messages"]
    assert [f"{m['url']}:{m.get('lastLine')}: {m['message']}" for m in found][:20] == []
    assert done.returncode == 0


def test_html_validate_finds_no_error_on_any_page(site: Path, tmp_path: Path) -> None:
    assert len(list(site.rglob("*.html"))) > 400
    report = tmp_path / "report.json"
    done = subprocess.run([str(HTML_VALIDATE), "--config", str(Path(__file__).with_name("htmlvalidate.json")), "--formatter", f"json={report}", f"{site}/**/*.html"],
                          capture_output=True, text=True, check=False)
    pages = json.loads(report.read_text(encoding="utf-8"))
    found = [f"{page['filePath']}:{m['line']}: {m['ruleId']}: {m['message']}" for page in pages for m in page["messages"]]
    assert found[:20] == []
    assert done.returncode == 0, done.stderr
