"""A tree in the pages of others, on another origin: in Chromium, Firefox ESR and WebKit, whatever the host takes away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.hosts import Chromium, Other, block_third_parties, make_page, open_chromium, serve_pages
from tests.browser.others import open_firefox, open_webkit
from tests.conftest import CHROMIUM, FLAGS, ROOT
from tests.servers import serve_by_nginx

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
    await see('.stage:not(.is-fresh) .question-ask', ask);
    [...document.querySelectorAll('.stage label.option')].find((row) => row.textContent.startsWith(label)).querySelector('input').click();
    document.querySelector('.stage button[type=submit]').click();
  }
  await see('.stage:not(.is-fresh) .outcome-word', 'Yes, if');
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
def places(site: Path) -> Iterator[tuple[str, str]]:
    """Give where the site stands, behind nginx with the policy that is shipped, and the host on another origin that it lets in."""
    pages: dict[str, str] = {}
    shipped = (site / "server" / "nginx.conf").read_text(encoding="utf-8")
    with serve_pages(pages) as host:
        listed = re.sub(r"frame-ancestors 'self'[^;\"]*", f"frame-ancestors 'self' {host}", shipped)
        with serve_by_nginx(site, [listed.replace("http://127.0.0.1:8000", "http://127.0.0.1:*")]) as served:  # `site_url` is another port
            pages.update(write_pages(served.urls[0]))
            yield served.urls[0], host


@pytest.fixture(scope="module")
def url(places: tuple[str, str]) -> str:
    return places[0]


@pytest.fixture(scope="module")
def host(places: tuple[str, str]) -> str:
    return places[1]


def write_pages(url: str) -> dict[str, str]:
    """Write the pages of the host, for a site at `url`."""
    tree = url + TREE
    frame = f'<iframe src="{tree}" title="A tree" width="100%" height="480"'
    link = f'<a href="{tree}" data-decision-tree>May I attend this party group meeting?</a>'
    forged = "<script>parent.postMessage({ protocol: 'decision-trees', version: 1, type: 'height', height: 5000 }, '*')</script>"
    pages = {
        "plain": f"{frame}></iframe>",
        "script": f'{link}<script async src="{url}/embed.js"></script>',
        "sandbox": f'{frame} sandbox="allow-scripts"></iframe>',
        "same-origin": f'{frame} sandbox="allow-scripts allow-same-origin"></iframe>',
        "low": f'<iframe src="{tree}" title="A tree" width="342" height="400"></iframe>',
        "wordpress": f'<iframe src="{tree}#?secret=Ab12" title="A tree" width="600" height="480" sandbox="allow-scripts"></iframe>',
        "two": f'{frame} id="one"></iframe><iframe src="{tree}?theme=dark" title="The same in dark" width="100%" height="480" id="two"></iframe>',
        "oembed": f"<div id='place'></div><script>fetch('{url}{TREE}oembed.json').then((reply) => reply.json()).then((found) => {{"
                  f"place.innerHTML = found.html.replace(found.provider_url, '{url}/') }})</script>",
        "forged": forged,
    }
    manual = (ROOT / "docs" / "embed" / "messages.md").read_text(encoding="utf-8")
    sample = manual.partition("<!-- sample -->\n```html\n")[2].partition("```")[0].replace("https://rules.example", url)
    assert url in sample
    return {"/sample": sample, **{f"/{name}": make_page(body) for name, body in pages.items()}}


def walk(reader: Other, frame: str = "iframe") -> None:
    reader.wait("() => document.querySelector('.stage') !== null", frame=frame)
    assert "Stay politically neutral" in reader.run(WALK, STORY, frame=frame)


@pytest.mark.parametrize("case", ["plain", "script", "sandbox", "same-origin", "oembed"])
def test_a_walk_in_a_frame_reaches_its_outcome_and_what_is_said_unasked_holds_no_answer(reader: Other, host: str, case: str) -> None:
    reader.go(f"{host}/{case}")
    walk(reader)
    assert reader.run("() => window.parent === window ? '' : document.documentElement.dataset.framed", frame="iframe") == ""
    origin = reader.wait(HEARD, "outcome")[0]["origin"]
    assert origin == "null" if case == "sandbox" else origin.startswith("http://127.0.0.1:")
    said = str(reader.run("() => heard.map(({ data }) => JSON.stringify(data)).join()"))
    assert '"type":"ready"' in said
    assert not [word for word in ("junior", "escort", "yes-if", "attend\"") if word in said]


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


def test_in_a_frame_of_400_pixels_question_button_and_foot_are_in_sight(reader: Other, host: str) -> None:
    reader.go(f"{host}/low")
    reader.wait("() => document.querySelector('.stage') !== null", frame="iframe")
    reader.wait("""() => ['.tree-ask', '.tree-about', '.stage:not(.is-fresh) .question-ask', '.stage button[type=submit]', '.open-tab'].every((selector) => {
      const box = document.querySelector(selector).getBoundingClientRect();
      return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
    })""", frame="iframe")
    walk(reader)
    reader.run("() => scrollTo(0, document.documentElement.scrollHeight)", frame="iframe")
    for selector, text in ((".tree-about", "Nottingham edition 1.0, in our words, English"), (".open-tab", "Open in a new tab")):
        box = reader.run(f"() => {{ const b = document.querySelector('{selector}').getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight }}", frame="iframe")
        assert box, f"{text} stays in sight"
        assert text in reader.run("(selector) => document.querySelector(selector).textContent", selector, frame="iframe")


def test_two_frames_walk_at_once_and_one_that_is_removed_leaves_the_other(reader: Other, host: str) -> None:
    reader.go(f"{host}/two")
    walk(reader, "#one")
    reader.run("() => document.querySelector('#one').remove()")
    walk(reader, "#two")


def test_a_frame_that_sizes_itself_follows_its_page_and_the_width_of_its_host(reader: Other, host: str) -> None:
    reader.renew()
    reader.size(1280, 900)
    reader.go(f"{host}/script")
    fits = "() => { const f = document.querySelector('iframe'); const told = heard.filter(({ data }) => data?.type === 'height').at(-1); return told && f.clientHeight === told.data.height }"
    reader.wait(fits)
    walk(reader)
    reader.wait(f"() => document.querySelector('iframe').clientHeight > 480 && ({fits})()")
    tall = reader.run("() => document.querySelector('iframe').clientHeight")
    reader.run("() => { document.body.style.width = '380px' }")
    reader.wait("(before) => document.querySelector('iframe').clientHeight > before", tall)
    reader.wait(fits)


def test_wordpress_is_told_the_height_in_its_own_words(reader: Other, host: str) -> None:
    reader.go(f"{host}/wordpress")
    told = "() => heard.find(({ data }) => data?.message === 'height')?.data"
    assert reader.wait(told)["secret"] == "Ab12"
    assert reader.run(told)["value"] > 200
    walk(reader)


def test_messages_from_a_wrong_window_a_wrong_origin_and_senseless_ones_are_ignored(reader: Other, host: str) -> None:
    reader.go(f"{host}/script")
    reader.wait("() => document.querySelector('iframe') !== null")
    reader.wait(HEARD, "height")
    hostile = "[null, 1, 'x', [], {}, { protocol: 'decision-trees' }, { protocol: 'decision-trees', version: 2, type: 'height', height: 9 }]"
    # The host's own window and a frame that the script did not make try to set the height.
    reader.run(f"""() => {{
      for (const each of {hostile}) postMessage(each, '*');
      postMessage({{ protocol: 'decision-trees', version: 1, type: 'height', height: 5000 }}, '*');
      document.body.append(Object.assign(document.createElement('iframe'), {{ src: '/forged' }}));
    }}""")
    reader.wait("() => heard.filter(({ data }) => data?.height === 5000).length === 2")
    assert reader.run("() => document.querySelector('iframe').clientHeight") < 5000
    # In the frame: senseless messages from its host, and a request from a window that is not its host.
    reader.run("() => { got = 0; addEventListener('message', () => { got += 1; }) }", frame="iframe")
    reader.run(f"() => {{ for (const each of {hostile}) document.querySelector('iframe').contentWindow.postMessage(each, '*') }}")
    reader.run("""() => { const other = document.createElement('iframe'); other.id = 'stranger';
      other.srcdoc = `<script>parent.frames[0].postMessage({ protocol: 'decision-trees', version: 1, type: 'ask-answers' }, '*')<\\/script>`;
      document.body.append(other) }""")
    reader.wait("() => got === 8", frame="iframe")
    walk(reader)
    assert reader.run("() => document.querySelector('.consent') === null", frame="iframe")
    # The frame that the script made now shows a page of another origin than the one it was made for.
    reader.run("() => { document.querySelector('iframe').src = '/forged' }")
    reader.wait("() => heard.filter(({ data }) => data?.height === 5000).length === 3")
    assert reader.run("() => document.querySelector('iframe').clientHeight") < 5000


def test_the_sample_host_gets_answers_when_the_reader_agrees_and_not_before(reader: Other, host: str) -> None:
    reader.go(f"{host}/sample")
    walk(reader)
    reader.click("button:enabled")
    strip = reader.wait("() => document.querySelector('.consent:has(button:enabled)')?.textContent", frame="iframe")
    assert host in strip
    assert reader.run("() => document.querySelector('output').textContent") == ""
    reader.run("() => [...document.querySelectorAll('.consent button')].find((each) => each.textContent === 'Tell it').click()", frame="iframe")
    told = reader.wait("() => document.querySelector('output').textContent.startsWith('yes-if') && document.querySelector('output').textContent")
    assert '"post":"junior"' in told
    reader.run("() => document.querySelector('.consent button').click()", frame="iframe")
    reader.wait("() => document.querySelector('output').textContent === 'Refused'")


def test_options_give_theme_heading_and_an_accent_that_can_be_read(reader: Other, url: str) -> None:
    for accent in ("ffff00", "000000", "#abc", "7a1f5c"):
        reader.go(f"{url}{TREE}?theme=dark&header=hide&accent={accent.replace('#', '%23')}")
        found = reader.wait("""() => { const style = getComputedStyle(document.documentElement);
          const link = getComputedStyle(document.querySelector('.open-tab')).color; return style.colorScheme === 'dark' && [link, document.documentElement.dataset.header] }""")
        assert found[1] == "hidden"
        red, green, blue = (int(part) for part in found[0].removeprefix("rgb(").removesuffix(")").split(","))
        assert _contrast((red, green, blue), (0x28, 0x30, 0x47)) >= 4.5
    reader.go(f"{url}{TREE}?theme=pink&accent=red;&height=-1&lang=%00&header")
    reader.wait("() => document.querySelector('.stage') !== null")


def _contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    def luminance(colour: tuple[int, int, int]) -> float:
        parts = [value / 255 for value in colour]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
