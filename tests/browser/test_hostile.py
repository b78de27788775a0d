"""Hostile links, options and messages, in a real browser: no script runs, nothing escapes, no other host is asked."""

from __future__ import annotations

import json
import random

from playwright.sync_api import Page, expect

from tests.browser.places import ASK, WORD
from tests.browser.hosts import make_page, serve_pages
from tests.browser.hostile import CORPUS, hostile_context, hostile_page  # noqa: F401  (fixtures)
from tests.browser.test_walk import TREE, wait_for_engine

COUNT = 10_000
SEED = 20261128


def make_fragments(count: int) -> list[str]:
    """Make fragments of a tree's own names and values, of hostile scraps, and of noise: the same each time."""
    chance = random.Random(SEED)
    names = ("post", "escort", "purpose", "offered", "tree", "change", "post.junior", "__proto__", "constructor", "toString", "hasOwnProperty", "then", "a" * 300, "é", "")
    values = ("junior", "senior", "nobody", "brief", "yes", "?", "", "1..2", "..", "%", "%E0%A4%A", "%00", "%0d%0aSet-Cookie:x", "nan", "1e999", "-1", "__proto__", "9" * 400,
              "\u202e", "💥", "{due}", "${ran(1)}", "../../..", *CORPUS)
    joints = ("&", "&", "&", "=", ";", "#", "?", "&amp;", "")

    def part() -> str:
        if chance.random() < 0.15:
            return "".join(chr(chance.choice((chance.randrange(32, 127), chance.randrange(160, 0xD7FF)))) for _ in range(chance.randrange(12)))
        return f"{chance.choice(names)}={chance.choice(values)}"

    true = ("post=junior&escort=nobody&", "post=junior&escort=senior&purpose=brief&offered=yes&", "post=senior&")
    starts = ("", "", "", *true)
    return ["#" + chance.choice(starts) + chance.choice(joints).join(part() for _ in range(chance.randrange(1, 6))) for _ in range(count)]


def make_searches(count: int) -> list[str]:
    """Make the part of an address that holds options: their names and values, true ones, hostile scraps and noise."""
    chance = random.Random(SEED)
    names = ("theme", "accent", "header", "height", "lang", "start", "secret", "__proto__", "THEME", "")
    values = ("dark", "light", "auto", "pink", "7a1f5c", "#abc", "fff;background:url(//x)", "hide", "480", "-1", "1e9", "NaN", "cy", "en-GB", "x-klingon", "i-default", "a" * 3000,
              "zh-Hant-u-co-pinyin", "constructor", "%", "%00", "%E0%A4%A", "\u202e", *CORPUS)
    return ["?" + "&".join(f"{chance.choice(names)}={chance.choice(values)}" for _ in range(chance.randrange(1, 7))) for _ in range(count)]


def test_ten_thousand_hostile_links_leave_the_walk_and_the_engine_as_they_were(hostile_page: tuple[Page, list[str]], url: str) -> None:  # noqa: F811
    """Each link goes through the reader of addresses, the compiled walk and the engine; every twentieth is followed for real."""
    page, troubles = hostile_page
    page.goto(f"{url}{TREE}#post=junior")
    wait_for_engine(page)
    found = page.evaluate("""async (given) => {
      const fragments = JSON.parse(given);
      const base = document.querySelector('script[src*=decision-tree]').src;
      const [{ readPlace, writePlace }, { Walk }, { engine }] = await Promise.all(['answers.js', 'walk.js', 'engine.js'].map((name) => import(new URL(name, base))));
      const { tree } = document.querySelector('decision-tree').dataset;
      const walk = new Walk(document.querySelector('.states') ?? new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), 'text/html'));
      const positions = {}, steps = {};
      const url = new URL('tree.json', location.href).href;
      const asked = await Promise.all(fragments.map((fragment) => {
        const place = readPlace(fragment);
        const again = readPlace(writePlace(place));
        if (JSON.stringify(again.answers) !== JSON.stringify(place.answers)) throw new Error(`${fragment} is written as another`);
        const step = walk.follow(place.answers);
        steps[step.position] = (steps[step.position] ?? 0) + 1;
        return engine.ask(tree, url, place.answers);
      }));
      for (const each of asked) positions[each.position] = (positions[each.position] ?? 0) + 1;
      return { positions, steps, polluted: Object.keys({}).length + ('ran' in {}) + (({}).junior ? 1 : 0) };
    }""", json.dumps(make_fragments(COUNT)))
    assert sum(found["positions"].values()) == sum(found["steps"].values()) == COUNT
    assert found["positions"].keys() >= {"asking", "reached", "rejected"}
    assert found["polluted"] == 0
    page.evaluate("""async (fragments) => {
      const calm = () => new Promise((resolve) => setTimeout(resolve, 5));
      for (const fragment of fragments) { location.hash = fragment; await calm(); }
    }""", make_fragments(COUNT)[::20])
    page.evaluate("location.hash = '#post=junior&escort=nobody'")
    expect(page.locator(WORD)).to_have_text("No")
    assert troubles == []


def test_ten_thousand_hostile_options_give_a_page_that_is_one_of_those_described(hostile_page: tuple[Page, list[str]], url: str) -> None:  # noqa: F811
    page, troubles = hostile_page
    page.goto(f"{url}{TREE}#post=junior")
    searches = make_searches(COUNT)
    found = page.evaluate("""async (given) => {
      const searches = JSON.parse(given);
      const { applyOptions, readOptions } = await import(new URL('options.js', document.querySelector('script[src*=decision-tree]').src));
      const root = document.documentElement;
      const names = (map) => [...map].sort().join();
      const seen = { theme: new Set(), header: new Set(), follows: new Set(), accents: 0, languages: 0 };
      for (const [number, search] of searches.entries()) {
        const options = readOptions(search);
        if (names(Object.keys(options)) !== 'accent,follows,header,language,theme') throw new Error(`${search}: ${JSON.stringify(options)}`);
        if (!/^([0-9a-f]{6})?$/.test(options.accent)) throw new Error(`${search}: accent ${options.accent}`);
        if (options.language && Intl.getCanonicalLocales(options.language)[0] !== options.language) throw new Error(`${search}: language ${options.language}`);
        for (const name of ['theme', 'header', 'follows']) seen[name].add(String(options[name]));
        seen.accents += options.accent !== '';
        seen.languages += options.language !== '';
        if (number % 10) continue;
        applyOptions(options);
        for (const name of ['--dt-link', '--dt-link-strong']) {
          if (!/^(light-dark\\(#[0-9a-f]{6}, #[0-9a-f]{6}\\))?$/.test(root.style.getPropertyValue(name))) throw new Error(`${search}: ${root.style.cssText}`);
        }
      }
      return { ...Object.fromEntries(['theme', 'header', 'follows'].map((name) => [name, names(seen[name])])), accents: seen.accents, languages: seen.languages,
        style: names(root.style), data: names(Object.keys(root.dataset)) };
    }""", json.dumps(searches))
    assert (found["theme"], found["header"], found["follows"]) == ("auto,dark,light", "false,true", "false,true")
    assert found["accents"] > 100
    assert found["languages"] > 100
    assert set(found["style"].split(",")) <= {"--dt-link", "--dt-link-strong", "color-scheme"}
    assert set(found["data"].split(",")) <= {"header", "height"}
    for search in searches[:: COUNT // 20]:
        page.goto(f"{url}{TREE}{search.replace('#', '%23')}#post=junior")
        expect(page.locator(ASK)).to_have_text("Who is going with you?")
    assert troubles == []


MESSAGES = """
  // Messages of every shape: the protocol's own with hostile parts, other protocols', and things that are no objects. The same each time.
  let seed = 20261128;
  const chance = (count) => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return Math.floor(seed / 2 ** 32 * count); };
  const pick = (list) => list[chance(list.length)];
  const own = (more) => ({ protocol: 'decision-trees', version: 1, ...more });
  const loop = () => { const each = own({ type: 'ask-answers' }); each.page = each; return each; };
  const types = ['ready', 'height', 'step', 'outcome', 'consent', 'answers', 'ask', 'Ask-Answers', 'ask-answers ', '__proto__', 'constructor', '', ...texts];
  const values = [...texts, '*', 'null', location.origin, 0, -1, NaN, Infinity, 1e300, 5e-324, null, undefined, true, [], {}, [['a']], 12n, new Date(NaN), /x/g, new Map([['a', 1]]), new Uint8Array(9)];
  const makers = [
    () => pick(texts), () => pick(values), () => own({ type: pick(types), height: pick(values), page: pick(texts), origin: pick(texts) }),
    () => own({ type: pick(values), answers: { [pick(texts)]: pick(values), post: 'senior' }, trusted: pick(texts), agreed: true }),
    () => ({ protocol: pick(['decision-trees ', 'Decision-Trees', pick(texts), pick(values)]), version: 1, type: 'ask-answers' }),
    () => ({ protocol: 'decision-trees', version: pick(['1', 1.5, 0, 2, -1, [1], null, NaN, pick(values)]), type: 'ask-answers' }),
    () => own({ type: ['ask-answers'] }), () => own({ type: { toString: 'ask-answers' } }),
    () => JSON.parse('{"__proto__": {"protocol": "decision-trees", "version": 1, "type": "ask-answers"}}'),
    () => own({ type: 'height', height: pick(values) }), () => own({ type: 'step', position: pick(texts), answered: pick(values) }),
    () => ({ id: pick(values), ready: true, failed: pick(texts), error: pick(texts), state: 'ready', by: 'snapshot' }),
    () => ({ message: 'height', value: pick(values), secret: pick(texts) }), () => [pick(texts), null, 1], () => new Error(pick(texts)),
  ];
"""


def test_ten_thousand_hostile_messages_of_a_host_bring_one_question_to_the_reader_and_nothing_else(hostile_page: tuple[Page, list[str]], url: str) -> None:  # noqa: F811
    """From the true host of a frame, the protocol's own requests among them: each time it asks the reader decides, once."""
    page, troubles = hostile_page
    with serve_pages({"/": make_page(f'<iframe src="{url}{TREE}#post=junior" title="A tree" width="600" height="480"></iframe>')}) as host:
        page.goto(host)
        frame = page.frame_locator("iframe")
        expect(frame.locator('.stage[data-by="engine"]')).to_be_visible()
        before = frame.locator(".stage").inner_text()
        send = """async ([texts, count, asks]) => {
          MESSAGES
          if (asks) makers.push(() => own({ type: 'ask-answers' }), loop, () => own({ type: 'ask-answers', origin: pick(texts), page: pick(values) }));
          const { contentWindow } = document.querySelector('iframe');
          for (let i = 0; i < count; i++) {
            contentWindow.postMessage(pick(makers)(), '*');
            if (i % 500 === 0) await new Promise((resolve) => setTimeout(resolve));
          }
        }""".replace("MESSAGES", MESSAGES)
        texts = [*CORPUS, "{}", "null", "[]", '{"post":"junior"}', "x" * 10_000]
        page.evaluate(send, [texts, COUNT // 2, False])
        assert frame.locator(".consent").count() == 0
        page.evaluate(send, [texts, COUNT // 2, True])
        expect(frame.locator(".consent")).to_have_count(1)
        expect(frame.locator(".consent")).to_contain_text(host)
        frame.get_by_role("button", name="Don’t tell it").click()
        expect(frame.locator(".consent")).to_have_count(0)
        page.evaluate(send, [texts, COUNT // 10, True])
        assert frame.locator(".consent").count() == 0, "who was refused can't ask again"
        assert frame.locator(".stage").inner_text() == before
        said = page.evaluate("() => heard.map(({ data }) => JSON.stringify(data)).join()")
        assert '"agreed":false' in said
        assert "junior" not in said
    assert troubles == []


def test_ten_thousand_hostile_messages_of_a_frame_leave_its_host_a_frame_of_a_possible_height(hostile_page: tuple[Page, list[str]], url: str) -> None:  # noqa: F811
    page, troubles = hostile_page
    body = f'<a href="{url}{TREE}" data-decision-tree>A tree</a><script async src="{url}/embed.js"></script>'
    with serve_pages({"/": make_page(body)}) as host:
        page.goto(host)
        expect(page.frame_locator("iframe").locator(ASK)).to_be_visible()
        before = page.locator("body").evaluate("(body) => body.childElementCount")
        page.frames[1].evaluate("""async ([texts, count]) => {
          MESSAGES
          for (let i = 0; i < count; i++) {
            parent.postMessage(pick(makers)(), '*');
            if (i % 500 === 0) await new Promise((resolve) => setTimeout(resolve));
          }
          for (const height of [NaN, Infinity, '9', null, {}, [300]]) parent.postMessage(own({ type: 'height', height }), '*');
        }""".replace("MESSAGES", MESSAGES), [list(CORPUS), COUNT])
        assert 160 <= page.locator("iframe").evaluate("(frame) => frame.clientHeight") <= 20_000
        assert page.locator("body").evaluate("(body) => body.childElementCount") == before
        page.frames[1].evaluate("parent.postMessage({ protocol: 'decision-trees', version: 1, type: 'height', height: 700 }, '*')")
        page.wait_for_function("document.querySelector('iframe').clientHeight === 700")
    assert troubles == []


def test_a_thousand_senseless_calls_of_a_worker_are_answered_each(hostile_page: tuple[Page, list[str]], url: str) -> None:  # noqa: F811
    page, troubles = hostile_page
    page.goto(f"{url}{TREE}#post=junior")
    answered = page.evaluate("""async (texts) => {
      const worker = new Worker(new URL('worker.js', document.querySelector('script[src*=decision-tree]').src), { type: 'module' });
      const calls = ['ask', 'question', 'put_case', '__class__', '__import__', 'no-such', 'load', 'destroy', 'toString'];
      const asked = new Set();
      return await new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`${asked.size} have no answer`)), 50000);
        let refused = 0;
        worker.onmessage = ({ data }) => {
          if (data.state === 'failed') reject(new Error(data.reason));
          if (!('id' in data)) return;
          if (!asked.delete(data.id)) reject(new Error(`${data.id} is answered twice`));
          refused += 'error' in data;
          if (!asked.size) resolve(refused);
        };
        for (let id = 0; id < 1000; id++) { asked.add(id); worker.postMessage({ id, call: calls[id % calls.length], tree: texts[id % texts.length], url: '', text: texts[(id * 5) % texts.length] }); }
      });
    }""", [*CORPUS, "{}", "null", "[]", '{"post":"junior"}', "x" * 10_000])
    assert answered == 1000, "each is refused"
    assert troubles == []
