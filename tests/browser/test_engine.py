"""How the engine starts, where it lives, and that a reader gets to the outcome whatever goes wrong with it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.places import ASK
from tests.browser.broken import Fault, serve_broken
from tests.browser.test_walk import TREE, answer, walk_story

Open = Callable[..., Page]

SETTINGS = "(values) => document.addEventListener('readystatechange', () => { document.documentElement.dataset.engine = JSON.stringify(values); })"
ENGINE = """
const { engine } = await import(document.querySelector('script[src*="decision-tree.js"]').src.replace('decision-tree.js', 'engine.js'));
engine.start();
while (engine.state === 'starting') await new Promise((go) => setTimeout(go, 20));
const root = new URL('../../../', location.href).href;
const tree = 'nottingham/attend-group-meeting';
const ask = (answers) => engine.ask(tree, `${root}trees/${tree}/tree.json`, answers);
"""
KEPT = "async () => (await (await caches.open('decision-trees-engine')).keys()).length"


def settle(**values: int) -> Callable[[Page], None]:
    return lambda page: page.add_init_script(f"({SETTINGS})({json.dumps(values)})")


def run(page: Page, code: str, argument: object = None) -> Any:
    """Run code in the page, once the engine has started or failed."""
    return page.evaluate(f"async (given) => {{ {ENGINE} {code} }}", argument)


def walk_to_the_outcome(page: Page) -> None:
    walk_story(page)
    expect(page.locator(".outcome-word")).to_have_text("Yes, if")


def halve(data: bytes) -> bytes:
    return data[: len(data) // 2]


def before(code: str) -> Callable[[bytes], bytes]:
    return lambda data: code.encode() + data


PARTS = {"wasm": ".asm.wasm", "scripts": ".asm.mjs", "loader": "/pyodide.mjs", "library": "assets/python-", "engine": "assets/engine-"}
KILLED = {
    **{f"404 {name}": Fault(part, status=404) for name, part in {**PARTS, "worker": "worker.js", "boot": "boot.js"}.items()},
    **{f"truncated {name}": Fault(part, change=halve) for name, part in {**PARTS, "worker": "worker.js"}.items()},
    **{f"hang {name}": Fault(part, is_hanging=True) for name, part in {**PARTS, "worker": "worker.js"}.items()},
    "wrong type scripts": Fault(PARTS["scripts"], kind="text/plain"),
    "wrong type worker": Fault("worker.js", kind="text/html"),
    "other bytes for the library": Fault(PARTS["library"], change=lambda data: b"<html>" * (len(data) // 6) + b" " * (len(data) % 6)),
    "no wasm": Fault("worker.js", change=before("delete globalThis.WebAssembly;\n")),
}


@pytest.mark.parametrize("fault", KILLED.values(), ids=KILLED.keys())
def test_a_boot_that_is_killed_leaves_the_reader_a_way_to_the_outcome_and_says_so(open_page: Open, site: Path, fault: Fault) -> None:
    with serve_broken(site, fault) as base:
        page = open_page(TREE, expect_errors=True, base=base, prepare=settle(patience=1500, greeting=700))
        walk_to_the_outcome(page)
        expect(page.locator(".engine-note")).to_contain_text("could not start")
        expect(page.locator(".engine-wait")).to_have_count(0)
        assert page.locator('.stage[data-by="engine"]').count() == 0


def test_what_the_reader_has_chosen_stays_when_the_engine_comes_though_the_focus_is_elsewhere(open_page: Open, site: Path) -> None:
    """In Safari a press on an option takes no focus."""
    gate = threading.Event()

    def wait(data: bytes) -> bytes:
        gate.wait(30)
        return data

    with serve_broken(site, Fault(PARTS["engine"], change=wait)) as base:
        page = open_page(f"{TREE}#post=junior", base=base)
        page.locator(".stage input[value=senior]").check()
        expect(page.locator(".stage > .is-aside")).to_have_count(1)
        page.evaluate("document.activeElement.blur()")
        gate.set()
        assert run(page, "return engine.state") == "ready"
        page.wait_for_timeout(500)
        expect(page.locator(".stage input[value=senior]")).to_be_checked()


def test_a_policy_without_wasm_leaves_the_reader_a_way_to_the_outcome_and_says_so(open_page: Open, site: Path) -> None:
    with serve_broken(site, headers={"Content-Security-Policy": "script-src 'self'"}) as base:
        page = open_page(TREE, expect_errors=True, base=base, prepare=settle(patience=1500))
        walk_to_the_outcome(page)
        expect(page.locator(".engine-note")).to_contain_text("could not start")


def test_who_comes_to_a_shared_worker_that_has_failed_already_is_told_at_once(open_page: Open, site: Path) -> None:
    at_once = Fault("boot.js", change=lambda data: data.replace(b"export function gather(", b"export function gather() { throw new Error('at once'); }\nfunction unused("))
    with serve_broken(site, at_once) as base:
        page = open_page(TREE, expect_errors=True, base=base)
        assert run(page, "return [engine.state, engine.place]") == ["failed", "shared"]
        walk_to_the_outcome(page)
        expect(page.locator(".engine-note")).to_contain_text("could not start")


def test_without_workers_the_reader_gets_to_the_outcome_and_is_told(open_page: Open) -> None:
    page = open_page(TREE, expect_errors=True, prepare=lambda page: page.add_init_script("delete globalThis.Worker; delete globalThis.SharedWorker"))
    walk_to_the_outcome(page)
    expect(page.locator(".engine-note")).to_be_visible()


def test_without_a_shared_worker_the_page_has_a_worker_of_its_own(open_page: Open) -> None:
    page = open_page(TREE, prepare=lambda page: page.add_init_script("delete globalThis.SharedWorker"))
    assert run(page, "return [engine.state, engine.place]") == ["ready", "own"]


@pytest.mark.parametrize("kind", ["text/plain", "application/wasm; charset=utf-8", "Application/WASM"])
def test_wasm_under_a_wrong_type_is_compiled_all_the_same(open_page: Open, site: Path, kind: str) -> None:
    with serve_broken(site, Fault(PARTS["wasm"], kind=kind)) as base:
        assert run(open_page(TREE, base=base, expect_errors=True), "return engine.state") == "ready"


def test_without_storage_the_engine_starts_each_time_anew(open_page: Open, site: Path) -> None:
    with serve_broken(site, Fault("worker.js", change=before("delete globalThis.caches;\n"))) as base:
        page = open_page(TREE, base=base, prepare=lambda page: (settle(keep=0)(page), page.add_init_script("delete globalThis.caches")))
        walk_to_the_outcome(page)
        assert run(page, "return [engine.state, engine.by]") == ["ready", "start"]
        expect(page.locator('.stage[data-by="engine"]')).to_be_visible()


def test_with_a_full_quota_nothing_is_kept_and_nothing_is_lost(open_page: Open, url: str) -> None:
    tried: list[str] = []

    def prepare(page: Page) -> None:
        settle(keep=0)(page)
        page.on("worker", lambda worker: worker.on("close", lambda each: tried.append(each.url.rpartition("/")[2])))
        page.context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", {"origin": url, "quotaSize": 1000})

    page = open_page(TREE, prepare=prepare)
    walk_to_the_outcome(page)
    assert run(page, "return engine.state") == "ready"
    for _ in range(600):
        if tried:
            break
        page.wait_for_timeout(50)
    assert tried == ["keep.js"]
    assert page.evaluate(KEPT) == 0


def stop_clock(page: Page) -> None:
    """Let time pass only where the test says so."""
    page.clock.install(time=0)
    page.clock.pause_at(1000)


def test_the_wait_shows_its_bytes_past_a_second_and_says_more_past_ten(open_page: Open, site: Path) -> None:
    with serve_broken(site, Fault(PARTS["engine"], is_hanging=True)) as base:
        page = open_page(TREE, base=base, prepare=stop_clock)
        answer(page, "Below Head of Service")
        page.clock.run_for(100)
        expect(page.locator(ASK)).to_have_text("Who is going with you?")
        assert page.locator(".engine-wait").count() == 0
        page.clock.run_for(1500)
        expect(page.locator(".engine-wait")).to_contain_text("nothing waits for it")
        expect(page.locator(".engine-wait-bytes")).to_contain_text(" MB")
        page.clock.run_for(10_000)
        expect(page.locator(".engine-wait")).to_contain_text("go on without it")
        expect(page.get_by_role("button", name="Continue")).to_be_enabled()


def test_nothing_of_the_engine_is_fetched_before_a_sign_of_interest(open_page: Open) -> None:
    asked: list[str] = []
    page = open_page("/nottingham/", prepare=lambda page: page.on("request", lambda request: asked.append(request.url)))
    page.wait_for_load_state("networkidle")
    assert asked
    assert not [each for each in asked if any(part in each for part in ("/worker.js", "pyodide", "python-", "tree.json"))]


def test_a_page_of_its_own_honours_save_data(open_page: Open) -> None:
    save = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
    page = open_page(TREE, prepare=lambda page: page.add_init_script(save))
    page.wait_for_load_state("networkidle")
    look = "const { engine } = await import(document.querySelector('script[src*=\"decision-tree.js\"]').src.replace('decision-tree.js', 'engine.js')); return engine.state"
    assert page.evaluate(f"async () => {{ {look} }}") == "idle"
    page.locator(".stage input").first.focus()
    assert page.evaluate(f"async () => {{ {look} }}") in ("starting", "ready")


# The memory that is kept ----------------------------------------------------------------


def open_in(context: BrowserContext, url: str, **values: int) -> Page:
    page = context.new_page()
    settle(**values)(page)
    page.goto(url + TREE)
    return page


def visit(context: BrowserContext, url: str) -> list[str]:
    """Visit, wait until the memory is kept, leave; give how the engine came to life and what it answered."""
    page = open_in(context, url, keep=0)
    found = run(page, "return [engine.by, JSON.stringify(await ask({ post: 'junior' }))]")
    for _ in range(300):
        if page.evaluate(KEPT):
            break
        page.wait_for_timeout(100)
    assert page.evaluate(KEPT) == 1
    wait_for_shared(page, closing=True)
    return [str(each) for each in found]


def test_the_next_visit_restores_the_memory_and_whatever_is_wrong_with_it_drops_it(browser: Browser, url: str) -> None:
    context = browser.new_context()
    first = visit(context, url)
    assert first[0] == "start"
    assert visit(context, url) == ["snapshot", first[1]]
    damages = {
        "a bit has turned": "bytes[bytes.length - 5000] ^= 1;",
        "half is missing": "bytes = bytes.slice(0, bytes.length / 2);",
        "it is whole, but no memory": "bytes = new Uint8Array((await pack(new Uint8Array(1 << 20).fill(7))).buffer);",
        "it is whole, but not Python's": "const memory = await unpack(new Uint32Array(bytes.buffer)); memory.fill(0, memory.length / 4); bytes = new Uint8Array((await pack(memory)).buffer);",
    }
    for name, damage in damages.items():
        page = context.new_page()
        page.goto(f"{url}/nottingham/")  # no engine runs beside
        page.evaluate(f"""async () => {{
          const {{ pack, unpack }} = await import(document.querySelector('script[src*="decision-tree.js"]').src.replace('decision-tree.js', 'snapshot.js'));
          const cache = await caches.open('decision-trees-engine');
          const [key] = await cache.keys();
          let bytes = new Uint8Array(await (await cache.match(key)).arrayBuffer());
          {damage}
          await cache.put(key, new Response(bytes));
        }}""")
        page.close()
        assert visit(context, url) == first, name
        assert visit(context, url)[0] == "snapshot", name
    context.close()


def test_a_restored_memory_draws_its_chances_anew(browser: Browser, url: str) -> None:
    context = browser.new_context()
    visit(context, url)
    page = context.new_page()
    page.goto(url + "/trees/")  # no page of a tree, so no engine runs beside
    page.goto(f"{url}/trees.json")
    app = next(list_scripts(url))
    drawn = page.evaluate("""async (app) => {
      const { gather, restorePython } = await import(`${app}boot.js`);
      const { findSnapshot, readSnapshot } = await import(`${app}snapshot.js`);
      const draw = async () => (await restorePython(gather(), readSnapshot(await findSnapshot()))).runPython('import random; random.random()');
      return [await draw(), await draw()];
    }""", app)
    assert drawn[0] != drawn[1]
    context.close()


def test_the_methods_of_the_engines_dataclasses_come_compiled(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.goto(f"{url}/trees.json")
    compiled = page.evaluate("""async (app) => {
      const { gather, importEngine, startPython } = await import(`${app}boot.js`);
      const parts = gather();
      const python = await startPython(parts);
      python.runPython(`
import sys
compiled = []
sys.addaudithook(lambda event, given: compiled.append(str(given[0])) if event == "compile" else None)
`);
      const engine = await importEngine(python, parts);
      engine.load('tree', await (await fetch('/trees/nottingham/attend-group-meeting/tree.json')).text());
      return JSON.parse(python.runPython("import json; json.dumps(compiled)"));
    }""", next(list_scripts(url)))
    page.close()
    assert any("/engine.zip" in each for each in compiled)  # it listened
    assert not [each for each in compiled if "__create_fn__" in each]


def list_scripts(url: str) -> Any:
    from tests.conftest import SITE

    return (f"{url}/assets/{path.name}/" for path in SITE.glob("assets/app-*"))


# Where it lives -------------------------------------------------------------------------


def wait_for_shared(page: Page, closing: bool = False) -> None:
    """Wait until no shared worker of the page's site is left; close the page first, if told to."""
    look = page.context.browser.new_browser_cdp_session()  # type: ignore[union-attr]
    base = page.url.split("/trees")[0]
    if closing:
        page.close()
    for _ in range(100):
        if not any(each["type"] == "shared_worker" and each["url"].startswith(base) for each in look.send("Target.getTargets")["targetInfos"]):
            return
        time.sleep(0.1)
    pytest.fail("the shared worker is still there")


def count_shared(page: Page) -> int:
    targets = page.context.browser.new_browser_cdp_session().send("Target.getTargets")["targetInfos"]  # type: ignore[union-attr]
    return sum(each["type"] == "shared_worker" and each["url"].startswith(page.url.split("/trees")[0]) for each in targets)


def test_a_second_tab_shares_the_engine_and_idle_memory_is_given_back_and_had_again(browser: Browser, site: Path) -> None:
    with serve_broken(site) as url:
        context = browser.new_context()
        first = open_in(context, url, idle=1500, keep=100_000)
        assert run(first, "return [engine.place, engine.by]") == ["shared", "start"]
        second = open_in(context, url, idle=1500, keep=100_000)
        assert run(second, "return (await ask({})).fact") == "post"
        assert count_shared(second) == 1
        wait_for_shared(second)
        assert run(first, "return (await ask({})).fact") == "post"
        assert run(second, "return (await ask({})).fact") == "post"
        context.close()


def test_in_a_sandboxed_frame_the_engine_lives_in_the_page(open_page: Open, site: Path) -> None:
    frame = f'<!doctype html><title>Host</title><iframe sandbox="allow-scripts" src="{TREE}#post=junior" width="600" height="900"></iframe>'
    with serve_broken(site, headers={"Access-Control-Allow-Origin": "*"}, pages={"/host.html": frame}) as base:
        page = open_page("/host.html", base=base, expect_errors=True)
        inside = page.frame_locator("iframe")
        expect(inside.locator('.stage[data-by="engine"]')).to_be_visible(timeout=60_000)
        expect(inside.locator(".engine-note")).to_have_count(0)
