"""What it takes to keep the site on a device: files, bytes and seconds, the first time and after one page has changed.

usage: python benchmarks/offline.py [RUNS]
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from decision_trees.publishing.offline import WORKER, make_manifest, make_worker, Kept  # noqa: E402
from tests.browser.test_offline import host  # noqa: E402
from tests.conftest import CHROMIUM, FLAGS, SITE  # noqa: E402


def change_page(folder: Path) -> None:
    """Publish a version in which one page differs."""
    import hashlib

    page = folder / "nottingham" / "index.html"
    page.write_text(page.read_text(encoding="utf-8") + "<!-- changed -->\n", encoding="utf-8")
    head = json.loads((folder / WORKER).read_text(encoding="utf-8").partition("\n")[0].removeprefix("const MANIFEST = ").removesuffix(";"))
    data = json.loads((folder / head["url"]).read_text(encoding="utf-8"))
    files = {address: Kept(address, digest, size) for address, digest, size in data["files"]}
    text = page.read_bytes()
    files["nottingham/"] = Kept("nottingham/", hashlib.sha256(text).hexdigest(), len(text))
    manifest = make_manifest(files.values(), data["transfer"])
    (folder / "assets" / "offline-changed.json").write_bytes(manifest)
    (folder / WORKER).write_bytes(make_worker(manifest, "assets/offline-changed.json"))


def measure(browser: Browser) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "site"
        shutil.copytree(SITE, folder, ignore=shutil.ignore_patterns("*.br", "*.gz"))
        with host(folder) as server:
            context = browser.new_context(service_workers="allow")
            page = context.new_page()
            page.set_default_timeout(300_000)
            page.goto(f"{server.url}offline/")
            start = time.perf_counter()
            page.get_by_role("button", name="Keep it on this device").click()
            page.get_by_text("works without a network").wait_for()
            first = time.perf_counter() - start
            asked = len(server.asked)
            change_page(folder)
            server.asked.clear()
            start = time.perf_counter()
            page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update())")
            page.get_by_text("A newer version of this site is ready.").wait_for()
            second = time.perf_counter() - start
            found = {"first": first, "requests": asked, "update": second, "update requests": len(server.asked)}
            context.close()
    return found


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    manifest = json.loads(next((SITE / "assets").glob("offline-*.json")).read_text(encoding="utf-8"))
    size = sum(row[2] for row in manifest["files"])
    print(f"{len(manifest['files'])} files, {size / 1e6:.1f} MB kept, {manifest['transfer'] / 1e6:.1f} MB as they are sent")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        found = [measure(browser) for _ in range(runs)]
        browser.close()
    for name in ("first", "update"):
        times = [each[name] for each in found]
        print(f"{name:7} median {statistics.median(times):.2f} s, {min(times):.2f} to {max(times):.2f}; {found[0]['requests' if name == 'first' else 'update requests']:.0f} requests")
    result = ROOT / "build" / "benchmarks" / "offline.json"
    result.parent.mkdir(parents=True, exist_ok=True)
    result.write_text(json.dumps({"files": len(manifest["files"]), "bytes": size, "transfer": manifest["transfer"], "runs": found}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
