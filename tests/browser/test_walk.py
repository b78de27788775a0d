"""A reader walks through a tree: by mouse, by keys, without script, without the engine."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.places import ASK, SETTLED, WORD, open_tree, wait_until_ready
from tests.conftest import serve

Open = Callable[..., Page]

TREE = "/trees/nottingham/attend-group-meeting/"
READING = "/nottingham/"
STORY = {
    "What is your post?": "Below Head of Service",
    "Who is going with you?": "A senior officer",
    "What are you asked to the meeting for?": "To brief the group on Council business",
    "Is the same briefing open to every group?": "Yes, on equal terms",
}


def choose(page: Page | Frame, label: str, scope: str = SETTLED) -> None:
    options = page.locator(f"{scope} label.option")
    options.filter(has=page.locator("span", has_text=re.compile(f"^{re.escape(label)}"))).locator("input").check()


def answer(page: Page | Frame, label: str, scope: str = SETTLED) -> None:
    choose(page, label, scope)
    page.locator(scope).get_by_role("button", name="Continue").click()


def walk_story(page: Page | Frame, scope: str = SETTLED) -> None:
    for ask, label in STORY.items():
        expect(page.locator(f"{scope} .question-ask")).to_have_text(ask)
        answer(page, label, scope)


def wait_for_engine(page: Page) -> None:
    expect(page.locator('.stage[data-by="engine"]')).to_be_visible()


def test_the_first_question_is_in_the_html_of_the_reading_page(open_page: Open) -> None:
    page = open_page(READING, java_script_enabled=False)
    tree = page.locator("#tree-attend-group-meeting")
    tree.locator("summary").first.click()
    expect(tree.locator(".question-ask")).to_have_text("What is your post?")


def test_a_walk_by_mouse_in_the_reading_page_ends_with_verdict_duties_and_provisions(open_page: Open) -> None:
    page = open_page(READING)
    open_tree(page)
    walk_story(page, f"#tree-attend-group-meeting {SETTLED}")
    tree = page.locator("#tree-attend-group-meeting")
    expect(tree.locator(".outcome-word")).to_have_text("Yes, if")
    expect(tree.locator(".outcome .mark")).to_be_visible()
    expect(tree.locator(".duties")).to_contain_text("Stay politically neutral")
    expect(tree.locator(".deciding")).to_contain_text("An officer below Head of Service should go only with a senior officer")
    expect(tree.locator(".deciding-number").first).to_have_attribute("href", "#6.30")
    expect(page).to_have_url(re.compile("/nottingham/#.*post=junior&escort=senior"))


def test_a_walk_by_keys_alone(open_page: Open) -> None:
    page = open_page(TREE)
    expect(page.locator(ASK)).to_have_text("What is your post?")
    page.locator(".stage input").first.focus()
    for ask, label in STORY.items():
        expect(page.locator(ASK)).to_have_text(ask)
        if page.evaluate("document.activeElement.type") != "radio":
            assert page.evaluate("document.activeElement.className") == "question-ask", "focus goes to the new question"
            page.keyboard.press("Tab")
        labels = page.locator(".stage label.option input")
        place = [labels.nth(i).evaluate("e => e.parentElement.querySelector('span').firstChild.textContent") for i in range(labels.count())].index(label)
        page.keyboard.press("Space")
        for _ in range(place):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    expect(page.locator(WORD)).to_have_text("Yes, if")
    assert page.evaluate("document.activeElement.className") == "outcome-word"


def test_a_walk_without_script_follows_links_on_the_tree_s_own_page(open_page: Open) -> None:
    page = open_page(READING, java_script_enabled=False)
    tree = page.locator("#tree-attend-group-meeting")
    tree.locator("summary").first.click()
    tree.get_by_role("link", name="Below Head of Service").click()
    page.wait_for_url(f"**{TREE}#*")
    for label in list(STORY.values())[1:]:
        page.locator(".states > *:visible").get_by_role("link", name=label).click()
    seen = page.locator(".states > *:visible")
    assert seen.count() == 1
    expect(seen.locator(".outcome-word")).to_have_text("Yes, if")
    expect(seen).to_contain_text("If you would go alone")


def test_not_sure_shows_what_is_still_possible_and_whom_to_ask(open_page: Open) -> None:
    page = open_page(TREE)
    answer(page, "Below Head of Service")
    page.get_by_role("button", name="I’m not sure").click()
    expect(page.locator(".open-outcomes")).to_contain_text("No: bring a senior officer")
    expect(page.locator(".stage")).to_contain_text("Monitoring Officer")
    page.get_by_role("link", name="I know now").click()
    expect(page.locator(ASK)).to_have_text("Who is going with you?")


def test_continue_without_an_answer_says_what_is_missing_and_takes_focus(open_page: Open) -> None:
    page = open_page(TREE)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-message")).to_contain_text("Choose one answer")


def test_changing_an_answer_keeps_later_ones_that_still_count(open_page: Open) -> None:
    page = open_page(TREE)
    walk_story(page)
    wait_for_engine(page)
    page.get_by_role("button", name="Change your answer to: What are you asked to the meeting for?").click()
    expect(page.get_by_label("To brief the group on Council business")).to_be_checked()
    page.get_by_label("Something else").check()
    page.get_by_role("button", name="Save the change").click()
    expect(page.locator(".outcome-word")).to_have_text("Silent")
    expect(page.locator(".answers--unused")).to_contain_text("Is the same briefing open to every group?")
    expect(page.locator(".answers").first).to_contain_text("Who is going with you?")


def test_back_forward_reload_and_a_copied_link_give_the_same_position(open_page: Open) -> None:
    page = open_page(TREE)
    walk_story(page)
    expect(page).to_have_url(re.compile("offered=yes"))  # the address follows what is drawn
    link = page.url
    page.go_back()
    expect(page.locator(ASK)).to_have_text("Is the same briefing open to every group?")
    page.go_forward()
    expect(page.locator(".outcome-word")).to_have_text("Yes, if")
    page.reload()
    expect(page.locator(".outcome-word")).to_have_text("Yes, if")
    other = open_page(link[link.index("/trees"):])
    expect(other.locator(".outcome-word")).to_have_text("Yes, if")


def test_two_answers_within_one_frame_are_two_steps_to_go_back(open_page: Open) -> None:
    page = open_page(TREE)
    expect(page.locator(ASK)).to_have_text("What is your post?")
    page.evaluate("""async () => {
      for (const name of ['junior', 'senior']) {
        const option = document.querySelector(`.stage > :not(.is-aside) input[value="${name}"]`);
        option.checked = true;
        option.form.querySelector('button[type=submit]').click();
        for (let i = 0; i < 20; i++) await null;
      }
    }""")
    expect(page).to_have_url(re.compile("#post=junior&escort=senior$"))
    page.go_back()
    expect(page.locator(ASK)).to_have_text("Who is going with you?")
    page.go_back()
    expect(page.locator(ASK)).to_have_text("What is your post?")


def test_an_answer_that_is_pressed_twice_within_one_frame_is_one_step(open_page: Open) -> None:
    page = open_page(TREE)
    choose(page, "Below Head of Service")
    before = page.evaluate("history.length")
    page.evaluate("{ const button = document.querySelector('.stage button[type=submit]'); button.click(); button.click(); }")
    expect(page.locator(ASK)).to_have_text("Who is going with you?")
    expect(page).to_have_url(re.compile("#post=junior$"))
    assert page.evaluate("history.length") == before + 1


def test_a_step_is_on_the_screen_before_anything_else_that_it_brings(open_page: Open) -> None:
    page = open_page(TREE, prepare=lambda page: page.clock.install())
    page.clock.run_for(1000)
    choose(page, "Below Head of Service")
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    page.get_by_role("button", name="Continue").click()
    page.clock.run_for(30)
    ask = page.locator(".stage > :not(.is-aside) .question-ask")
    expect(ask).to_have_text("Who is going with you?")
    expect(ask).to_be_in_viewport()
    expect(page.locator(".stage .thread")).to_have_count(0)
    assert "post=" not in page.url
    page.clock.run_for(100)
    expect(ask).to_be_focused()
    expect(page.locator(".stage .thread")).to_be_visible()
    expect(page.locator(".stage .question")).to_have_count(1)
    expect(page).to_have_url(re.compile("#post=junior$"))


def test_what_a_choice_leads_to_is_laid_out_ahead_and_in_nobody_s_way(open_page: Open) -> None:
    page = open_page(TREE)
    stage = page.locator(".stage")
    ahead = page.locator(".stage > .is-aside")
    for ask, label in STORY.items():
        expect(page.locator(ASK)).to_have_text(ask)
        wait_until_ready(page)
        before = stage.evaluate("each => each.offsetHeight")
        choose(page, label)
        expect(ahead).to_have_count(1)
        assert ahead.evaluate("each => [each.inert, each.ariaHidden, each.offsetHeight]") == [True, "true", 0]
        assert stage.evaluate("each => each.offsetHeight") == before
        expect(stage.get_by_role("button", name="Continue")).to_have_count(1)
        next_heading = ahead.locator("[tabindex='-1']").first.text_content()
        stage.get_by_role("button", name="Continue").click()
        expect(page.locator(f"{SETTLED} [tabindex='-1']").first).to_have_text(re.compile(re.escape((next_heading or "").strip())))
        expect(ahead).to_have_count(0)
        expect(stage.locator("[inert], [aria-hidden=true]:not(svg, .progress-knots)")).to_have_count(0)
    expect(stage.locator(".outcome-word")).to_have_text("Yes, if")


def test_whoever_thinks_better_of_a_choice_goes_where_the_last_one_leads(open_page: Open) -> None:
    page = open_page(TREE + "#post=junior")
    for label in ("A senior officer", "Nobody", "A senior officer", "Nobody"):
        choose(page, label)
        page.wait_for_timeout(100)
    expect(page.locator(".stage > .is-aside")).to_have_count(1)
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("escort=nobody"))


def test_a_verdict_is_seen_at_once_and_does_not_fade_in(open_page: Open) -> None:
    page = open_page(TREE + "#post=junior&escort=senior&purpose=brief")
    choose(page, STORY["Is the same briefing open to every group?"])
    seen = page.evaluate("""async () => {
      document.querySelector('.stage button[type=submit]').click();
      await new Promise(requestAnimationFrame);
      const outcome = document.querySelector('.stage > :not(.is-aside) .outcome');
      return [getComputedStyle(outcome).opacity, outcome.checkVisibility({ opacityProperty: true, visibilityProperty: true })];
    }""")
    assert seen == ["1", True]


@pytest.mark.parametrize("address", [TREE, READING], ids=["own page", "reading page"])
def test_a_step_does_not_have_the_browser_search_the_page_around_it(open_page: Open, address: str) -> None:
    """`:has()` on what surrounds a tree is looked up again within all of it whenever a step changes: most of the time of a click."""
    page = open_page(address)
    if address == READING:
        open_tree(page)
    expect(page.locator(ASK).first).to_be_visible()
    searching = page.evaluate("""() => {
      const stage = document.querySelector('.stage');
      const found = [];
      const read = (rules) => {
        for (const rule of rules) {
          if (rule.media && !matchMedia(rule.media.mediaText).matches) continue;
          for (const each of (rule.selectorText ?? '').split(',')) {
            const [, before] = /^(.*?)(?::(?:is|not|where)\\()?:has\\((?!\\s*[>+~])/.exec(each) ?? [];
            if (before === undefined) continue;
            const anchor = before.split('(').pop().trim().replace(/(^|[>+~])$/, '$1 *');
            if (stage.parentElement.closest(anchor)) found.push(each);
          }
          if (rule.cssRules) read(rule.cssRules);
        }
      };
      for (const sheet of document.styleSheets) read(sheet.cssRules);
      return found;
    }""")
    assert searching == []


def test_a_verdict_has_its_colour_in_the_text_as_on_a_tree_s_own_page(open_page: Open) -> None:
    answers = "post=junior&escort=nobody"
    colours = []
    for place in (f"{TREE}#{answers}", f"{READING}#tree=attend-group-meeting&{answers}"):
        page = open_page(place)
        word, mark = (page.locator(f".outcome {part}").evaluate("each => getComputedStyle(each).color") for part in (".outcome-word", ".mark"))
        assert word == mark
        colours.append(word)
    assert colours[0] == colours[1]


def test_what_stands_below_a_provision_is_there_at_once(open_page: Open) -> None:
    """Below a question it waits for the script, so that it does not jump; here there is none to wait for."""
    assert open_page("/provisions/nottingham/6.30/").locator(".use-this > summary").is_visible()


def test_start_again_clears_every_answer(open_page: Open) -> None:
    page = open_page(TREE + "#post=junior&escort=nobody")
    page.locator("[data-start-again]").first.click()
    expect(page.locator(ASK)).to_have_text("What is your post?")
    expect(page).not_to_have_url(re.compile("post="))


def test_a_link_to_answers_opens_the_tree_in_the_reading_page(open_page: Open) -> None:
    page = open_page(READING + "#tree=attend-group-meeting&post=junior&escort=nobody&purpose=brief")
    expect(page.locator("#tree-attend-group-meeting .outcome-word")).to_have_text("No")
    assert page.locator("details.tree[open]").count() == 1


@pytest.mark.parametrize("fragment", ["#nonsense=1", "#post=nobody-of-that-name", "#%E0%A4%A", "#post=<script>", "#" + "a" * 5000, "#post=junior&post=senior&escort="])
def test_a_stale_or_hostile_link_leaves_a_way_on(open_page: Open, fragment: str) -> None:
    page = open_page(TREE + fragment)
    expect(page.locator(".stage")).to_be_visible()
    page.wait_for_function("document.querySelector('.stage[data-by=engine]') || !location.hash.includes('=')", timeout=30_000)
    page.locator(".start-again").click()
    expect(page.locator(ASK)).to_have_text("What is your post?")


@pytest.mark.parametrize("missing", ["pyodide.asm.wasm", "pyodide.mjs", "assets/python-", "assets/engine-", "worker.js"])
def test_without_the_engine_the_walk_goes_on_and_says_what_is_missing(open_page: Open, site: Path, missing: str) -> None:
    with serve(site, missing) as base:
        page = open_page(TREE, expect_errors=True, base=base)
        walk_story(page)
        expect(page.locator(".outcome-word")).to_have_text("Yes, if")
        expect(page.locator(".engine-note")).to_contain_text("could not start")
        expect(page.locator(".duties")).to_contain_text("Stay politically neutral")
        assert page.locator('.stage[data-by="engine"]').count() == 0


def test_the_same_answers_give_the_same_position_in_python_and_in_the_browser(open_page: Open, project: object) -> None:
    """Every scenario of every tree, in CPython and in Pyodide."""
    import json

    from decision_trees.authoring.project import Project
    from decision_trees.runtime.describe import describe
    from decision_trees.runtime.engine import advance

    assert isinstance(project, Project)
    page = open_page(TREE)
    page.locator(".stage input").first.focus()
    script = page.locator("script[src*=decision-tree]").get_attribute("src")
    assert script is not None
    cases = [[s.tree, dict(s.answers)] for s in project.scenarios]
    cases += [[s.tree, dict(list(s.answers.items())[:-1])] for s in project.scenarios]
    cases += [[s.tree, {**s.answers, list(s.answers)[-1]: "?"}] for s in project.scenarios if s.answers]
    found = json.loads(page.evaluate(
        """async ([script, cases]) => {
          const { engine } = await import(new URL(script, location.href).href.replace('decision-tree.js', 'engine.js'));
          engine.start();
          while (engine.state === 'starting') await new Promise((go) => setTimeout(go, 20));
          const root = new URL('../../../', location.href).href;
          return JSON.stringify(await Promise.all(cases.map(([tree, answers]) => engine.ask(tree, `${root}trees/${tree}/tree.json`, answers))));
        }""",
        [script, cases],
    ))
    assert len(found) == len(cases) > 100
    for (tree, answers), reply in zip(cases, found, strict=True):
        diagram = project.trees[tree].diagram
        assert reply == json.loads(json.dumps(describe(diagram, answers, advance(diagram, answers)))), (tree, answers)


# A link into a reading page that leads nowhere there any more -----------------------------


def test_a_question_that_stands_elsewhere_now_is_told_of_and_takes_its_answers_along(open_page: Open) -> None:
    page = open_page("/tower-hamlets/#tree=see-information&role=officer")
    expect(page.locator(".stray")).to_be_focused()
    page.locator(".stray a").click()
    expect(page).to_have_url(re.compile(r"/trees/tower-hamlets/see-information/#role=officer$"))
    expect(page.locator(".stage")).to_be_visible()


@pytest.mark.parametrize("has_script", [True, False])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("place", ["/nottingham/#6.31", "/tower-hamlets/party-groups/#6.4", "/leicester/#8.1", "/nottingham/#tree-attend-group-meeting"])
def test_a_link_leads_to_the_provision_itself(open_page: Open, place: str, width: int, has_script: bool) -> None:
    page = open_page(place, viewport={"width": width, "height": 844}, java_script_enabled=has_script)
    target = page.locator(f'[id="{place.partition("#")[2]}"]')
    page.wait_for_timeout(500)  # what is drawn late must not move it
    box = target.bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= 200, box


@pytest.mark.parametrize("width", [390, 1280])
def test_a_link_to_a_provision_from_within_the_page_and_one_to_answers_lead_there(open_page: Open, width: int) -> None:
    page = open_page("/nottingham/", viewport={"width": width, "height": 844})
    page.evaluate("location.hash = '#6.31'")
    page.wait_for_timeout(500)
    box = page.locator('[id="6.31"]').bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= 200, box
    page = open_page("/nottingham/#tree=attend-group-meeting&post=junior", viewport={"width": width, "height": 844})
    expect(page.locator("#tree-attend-group-meeting .question-ask").first).to_be_in_viewport()


def test_a_provision_that_has_gone_is_told_of_in_a_sentence(open_page: Open) -> None:
    page = open_page("/nottingham/#9.99")
    expect(page.locator(".stray")).to_contain_text("provision 9.99")
    expect(page.locator(".stray")).to_be_focused()
    page.evaluate("location.hash = '#6.30'")
    expect(page.locator(".stray")).to_have_count(0)
    expect(page.locator("[id='6.30']")).to_be_in_viewport()


def test_hostile_words_in_such_a_link_are_shown_as_text_and_cut(open_page: Open) -> None:
    page = open_page("/nottingham/#tree=" + "%3Cimg%20src=x%20onerror=alert(1)%3E" * 9)
    expect(page.locator(".stray")).to_contain_text("<img src")
    assert page.locator(".stray img").count() == 0
    assert len(page.locator(".stray").text_content() or "") < 400
