"""A tree in the pages of others, on another origin: in Chromium, Firefox ESR and WebKit, whatever the host takes away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.hosts import Chromium, Other, block_third_parties, make_page, open_chromium, serve_pages
from tests.browser.others import open_firefox, open_webkit
from tests.conftest import CHROMIUM, FLAGS

TREE = "/trees/nottingham/attend-group-meeting/"
STORY = [
    ["What is your post?", "Below Head of Service"],
    ["Who is going with you?", "A senior officer"],
    ["What are you asked to the meeting for?", "To brief the group on Council business"],
    ["Is the same briefing open to every group?", "Yes, on equal terms"],
]
WALK = """async (story) => {
  const see = async (selector, text) => {
    for (let i = 0; i < 600; i++) {
      if (document.querySelector(selector)?.textContent.trim() === text) return;
      await new Promise((go) => setTimeout(go, 50));
    }
    throw new Error(`${selector} never says ${text}: ${document.body.innerText.slice(0, 500)}`);
  };
  for (const [ask, label] of story) {
    await see('.stage .question-ask', ask);
    [...document.querySelectorAll('.stage label.option')].find((row) => row.textContent.startsWith(label)).querySelector('input').click();
    document.querySelector('.stage button[type=submit]').click();
  }
  await see('.stage .outcome-word', 'Yes, if');
  return document.querySelector('.stage .duties').textContent;
}"""
HEARD = "(type) => heard.filter(({ data }) => data?.protocol === 'decision-trees' && data.type === type).map(({ data, origin }) => ({ ...data, origin }))"


@pytest.fixture(scope="module", params=["chromium", "firefox", "webkit"])
def reader(request: pytest.FixtureRequest) -> Iterator[Other]:
    if request.param == "chromium":
        with open_chromium(request.getfixturevalue("browser")) as chromium:
            yield chromium
    else:
        with open_firefox() if request.param == "firefox" else open_webkit() as other:
            yield other


@pytest.fixture(scope="module")
def host(url: str) -> Iterator[str]:
    tree = url + TREE
    frame = f'<iframe src="{tree}" title="A tree" width="100%" height="480"'
    link = f'<a href="{tree}" data-decision-tree>May I attend this party group meeting?</a>'
    pages = {
        "plain": f"{frame}></iframe>",
        "script": f'{link}<script async src="{url}/embed.js"></script>',
        "sandbox": f'{frame} sandbox="allow-scripts"></iframe>',
        "same-origin": f'{frame} sandbox="allow-scripts allow-same-origin"></iframe>',
        "low": f'<iframe src="{tree}" title="A tree" width="342" height="400"></iframe>',
        "two": f'{frame} id="one"></iframe><iframe src="{tree}?theme=dark" title="The same in dark" width="100%" height="480" id="two"></iframe>',
        "bare": f'<iframe src="{tree}" title="A tree" width="342" height="400" sandbox></iframe>',
        "oembed": f"<div id='place'></div><script>fetch('{url}{TREE}oembed.json').then((reply) => reply.json()).then((found) => {{"
                  f"place.innerHTML = found.html.replace(found.provider_url, '{url}/') }})</script>",
    }
    with serve_pages({f"/{name}": make_page(body) for name, body in pages.items()}) as address:
        yield address


def walk(reader: Other, frame: str = "iframe") -> None:
    reader.wait("() => document.querySelector('.stage') !== null", frame=frame)
    assert "Stay politically neutral" in reader.run(WALK, STORY, frame=frame)


@pytest.mark.parametrize("case", ["plain", "script", "sandbox", "same-origin", "oembed"])
def test_a_walk_in_a_frame_reaches_its_outcome(reader: Other, host: str, case: str) -> None:
    reader.go(f"{host}/{case}")
    walk(reader)
    assert reader.run("() => window.parent === window ? '' : document.documentElement.dataset.framed", frame="iframe") == ""
    origin = reader.wait(HEARD, "outcome")[0]["origin"]
    assert origin == "null" if case == "sandbox" else origin.startswith("http://127.0.0.1:")


def test_where_third_parties_get_no_storage_the_walk_reaches_its_outcome(reader: Other, host: str, browser: Browser, tmp_path: Path) -> None:
    blocked = "() => { try { localStorage.setItem('a', 'b'); return false; } catch { return true; } }"
    if reader.name == "webkit":
        reader.go(f"{host}/plain")
        assert reader.wait("() => { document.cookie = 'a=b; SameSite=None'; return document.cookie === '' ; }", frame="iframe")
        walk(reader)
    elif reader.name == "firefox":
        with open_firefox({"network.cookie.cookieBehavior": 1}) as firefox:
            firefox.go(f"{host}/plain")
            assert firefox.wait(blocked, frame="iframe")
            walk(firefox)
    else:
        block_third_parties(tmp_path)
        context = browser.browser_type.launch_persistent_context(tmp_path, executable_path=CHROMIUM, args=FLAGS)
        try:
            chromium = Chromium(lambda: context)
            chromium.go(f"{host}/plain")
            assert chromium.wait(blocked, frame="iframe")
            walk(chromium)
        finally:
            context.close()
