"""Packages on a learning platform: scorm-again's run-time on the host's window, the package in a frame; and a record store."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from decision_trees.publishing.courses import LONGEST_BOOKMARK, measure_bookmark
from tests.browser.test_accessibility import list_violations_light_and_dark
from tests.conftest import ROOT, serve
from tests.learning.packages import LARGEST, make_files
from tests.learning.store import KEY, RecordStore

Open = Callable[..., Page]
View = Page | FrameLocator
HOST = ROOT / "tests" / "learning"
SCORM = ["scorm12", "scorm2004"]
STATUS = {"scorm12": "lesson_status", "scorm2004": "success_status"}
COMMIT = {"scorm12": "LMSCommit", "scorm2004": "Commit"}
END = {"scorm12": "LMSFinish", "scorm2004": "Terminate"}
RESPONSE = {"scorm12": "student_response", "scorm2004": "learner_response"}
ACTOR = {"objectType": "Agent", "name": "A learner", "mbox": "mailto:learner@example.org"}


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("platform")
    for path in (HOST / "host.html", HOST / "host.js", *(ROOT / "node_modules" / "scorm-again" / "dist" / f"{name}.min.js" for name in SCORM)):
        shutil.copy(path, folder)
    (folder / "blank.html").write_text('<!doctype html><html lang="en"><title>Elsewhere</title><link rel="icon" href="data:,">', encoding="utf-8")
    for pack, standard in (("taster", "scorm12"), ("taster", "scorm2004"), ("taster", "xapi"), (LARGEST, "scorm12")):
        for name, data in make_files(pack, standard).items():
            path: Path = folder / f"{pack}-{standard}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    with serve(folder) as address:
        yield address


def read_course(pack: str, standard: str) -> dict[str, Any]:
    course: dict[str, Any] = json.loads(make_files(pack, standard)["course.json"])
    return course


def launch(page: Page, platform: str, pack: str, standard: str, **more: str) -> FrameLocator:
    query = urlencode({"standard": standard, "pass": read_course(pack, standard)["pass"], "package": f"{pack}-{standard}/index.html", **more})
    page.goto(f"{platform}/host.html?{query}")
    return page.frame_locator("iframe")


def answer(view: View, answers: dict[str, str], after: Callable[[], None] = lambda: None) -> None:
    """Walk one case: what the story says, or the first option where it is silent."""
    while True:
        expect(view.locator("[data-give], form[data-fact]").first).to_be_visible()
        if view.locator("[data-give]").count():
            return
        form = view.locator("form[data-fact]")
        asked = form.get_attribute("data-fact") or ""
        for name in answers.get(asked, "").split(","):
            (form.locator(f'input[value="{name}"]') if name else form.locator("input")).first.check()
        form.locator('button[type="submit"]').click()
        expect(view.locator(f'form[data-fact="{asked}"]')).to_have_count(0)
        after()


def take_card(view: View, card: dict[str, Any], is_right: bool, after: Callable[[], None] = lambda: None) -> None:
    for case in card["cases"]:
        expect(view.locator(f'[data-case="{case["tree"]}"]')).to_be_visible()
        if is_right:
            answer(view, case["answers"], after)
        else:
            view.locator("[data-unsure]").click()
        view.locator("[data-give]").click()
        after()
    if card["breach"]:
        view.locator(f'[data-breach] input[value="{card["breach"][0]["number"]}"]').check()
        view.locator('[data-breach] button[type="submit"]').click()
        after()
    expect(view.locator("[data-next]")).to_be_visible()


def take_all(view: View, cards: list[dict[str, Any]], is_right: bool) -> None:
    for card in cards:
        take_card(view, card, is_right)
        view.locator("[data-next]").click()


TAKE_ALL = """async (cards) => {
  // The whole pack by its own forms and buttons, faster than a hand. The engine asks for dates, the page before it what follows from them.
  const find = (selector) => document.querySelector(selector);
  for (const end = performance.now() + 60_000; performance.now() < end; await new Promise((resolve) => setTimeout(resolve, 5))) {
    const button = find('[data-give], [data-next]');
    const form = find('.stage[data-by="engine"] form[data-fact]');
    if (find('[data-again]')) return;
    if (button) button.click();
    else if (form) {
      const tree = find('[data-case]').dataset.case;
      const card = cards.find(({ title }) => title === find('.course-story h1').textContent);
      const answer = card.cases.find((each) => each.tree === tree).answers[form.dataset.fact] ?? '';
      const fields = form.querySelectorAll('input:not([type=radio], [type=checkbox])');
      if (fields.length === 3) answer.split('-').reverse().forEach((part, at) => { fields[at].value = part; });
      else if (fields.length) fields[0].value = answer;
      else (form.querySelector(`input[value="${answer}"]`) ?? form.querySelector('input')).checked = true;
      form.querySelector('[type=submit]').click();
    }
  }
}"""


def read_calls(page: Page) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = json.loads(page.evaluate("localStorage.calls ?? '[]'"))
    return calls


def said(page: Page, element: str) -> list[str]:
    return [call["given"][1] for call in read_calls(page) if call["name"].endswith("SetValue") and call["given"][0].endswith(element)]


def assert_calls_are_right(page: Page, standard: str) -> None:
    """No call was refused, none made the platform name an error, and no text is longer than the standard has it."""
    calls = read_calls(page)
    assert calls[0]["name"] in ("LMSInitialize", "Initialize")
    for call in calls:
        assert call["error"] == "0", call
        assert call["answer"] == "true" or call["name"].endswith("GetValue"), call
    assert all(len(text) <= LONGEST_BOOKMARK for text in said(page, "suspend_data"))
    if standard == "scorm12":
        assert all(len(text) <= 255 for name in ("student_response", "pattern", ".id") for text in said(page, name))
        times, clock = r"\d{4}:[0-5]\d:[0-5]\d\.\d\d", r"\d\d:\d\d:\d\d"
    else:
        times, clock = r"PT(\d+H)?(\d+M)?\d+(\.\d\d?)?S", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\dZ"
    for name, form in (("session_time", times), ("latency", times), (".time", clock), ("timestamp", clock)):
        assert [text for text in said(page, name) if not re.fullmatch(form, text)] == []


@pytest.mark.parametrize("standard", SCORM)
@pytest.mark.parametrize("is_right", [True, False], ids=["completes", "fails"])
def test_a_course_is_taken_to_its_end_and_its_interactions_hold_each_branch(open_page: Open, platform: str, standard: str, is_right: bool) -> None:
    page = open_page("/blank.html", base=platform)
    frame = launch(page, platform, "taster", standard)
    expect(frame.locator(".course-ledger")).to_have_text("Your learning platform records your results.")
    frame.locator("[data-go]").click()
    expect(frame.locator('.stage[data-by="engine"]')).to_be_visible()
    commits = 0

    def has_committed() -> None:
        nonlocal commits
        now = sum(call["name"] == COMMIT[standard] for call in read_calls(page))
        assert now > commits, "each step is committed"
        commits = now

    cards = read_course("taster", standard)["cards"]
    for card in cards:
        assert not said(page, "score.raw"), "no score before the attempt is finished"
        assert said(page, STATUS[standard]) in ([], ["incomplete"])
        take_card(frame, card, is_right, has_committed)
        expect(frame.locator(".course-case-reveal .deciding-number").first).to_be_visible()
        frame.locator("[data-next]").click()
    expect(frame.locator("h1")).to_have_text("Passed" if is_right else "Not passed yet")
    assert said(page, STATUS[standard])[-1] == ("passed" if is_right else "failed")
    if standard == "scorm2004":
        assert said(page, "completion_status") == ["incomplete", "completed"]
        assert said(page, "score.scaled") == ["1" if is_right else "0"]
        assert said(page, "progress_measure")[-1] == "1"
    assert said(page, "score.raw") == ["100" if is_right else "0"]
    between, mark = (";", "=") if standard == "scorm12" else ("[,]", "[.]")
    wanted = [
        between.join([f"{row['fact']}{mark}{row['answer']}" for row in case["answers_said"]] + [f"ends-at{mark}{case['outcome']}"])
        for card in cards for case in card["cases"]
    ]
    taken = [text for text in said(page, RESPONSE[standard]) if "ends-at" in text]
    assert taken == wanted if is_right else all("not-sure" in text for text in taken)
    assert len(taken) == len(wanted)
    rights = said(page, "result")
    assert rights.count("correct") == (len(rights) if is_right else 1), "the breach was named in both"
    expect(frame.locator("[data-review]")).to_have_count(0 if is_right else len(cards))
    for number, card in enumerate([] if is_right else cards):
        review = frame.locator("[data-review]").nth(number)
        review.locator("summary").click()
        for case in card["cases"]:
            for each in case["provisions"]:
                expect(review.locator(".deciding-number", has_text=each["number"]).first).to_be_visible()
        expect(review).to_contain_text("You left it open.")
    page.goto(f"{platform}/blank.html")
    names = [call["name"] for call in read_calls(page)]
    assert (names[-4], names[-1]) == (COMMIT[standard], END[standard]), "leaving commits, and ends with the time"
    assert names.count(END[standard]) == 1
    assert_calls_are_right(page, standard)
    kept = json.loads(page.evaluate("localStorage.kept"))
    status = kept["cmi"]["core"]["lesson_status"] if standard == "scorm12" else kept["cmi"]["success_status"]
    assert status == ("passed" if is_right else "failed"), "the platform has what the learner saw"


@pytest.mark.parametrize("standard", SCORM)
def test_a_learner_goes_on_in_the_middle_of_a_card_and_is_not_failed_for_leaving(open_page: Open, platform: str, standard: str) -> None:
    page = open_page("/blank.html", base=platform)
    frame = launch(page, platform, "taster", standard)
    frame.locator("[data-go]").click()
    cards = read_course("taster", standard)["cards"]
    take_card(frame, cards[0], is_right=True)
    frame.locator("[data-next]").click()
    frame.locator('input[value="senior"]').check()
    frame.locator('form button[type="submit"]').click()
    expect(frame.locator(".answer")).to_have_count(1)
    page.reload()
    kept = json.loads(page.evaluate("localStorage.kept"))
    assert kept["exit"] == "suspend"
    assert (kept["cmi"]["core"]["lesson_status"] if standard == "scorm12" else kept["cmi"]["completion_status"]) == "incomplete"
    assert not said(page, "score.raw")
    expect(frame.locator("[data-go]")).to_have_text("Go on where you left")
    frame.locator("[data-go]").click()
    expect(frame.locator(".course-head")).to_contain_text("Card 2 of 2")
    expect(frame.locator(".answer")).to_have_count(1)
    take_card(frame, cards[1], is_right=True)
    frame.locator("[data-next]").click()
    expect(frame.locator("h1")).to_have_text("Passed")
    assert_calls_are_right(page, standard)

    # A worse attempt counts, and takes nothing away.
    frame.locator("[data-again]").click()
    expect(frame.locator(".course-head")).to_contain_text("Attempt 2")
    take_all(frame, cards, is_right=False)
    expect(frame.locator(".eyebrow")).to_contain_text("Attempt 2")
    expect(frame.locator(".course-score")).to_contain_text("Your best attempt had 2.")
    assert any(text.endswith(".attempt-2") for text in said(page, ".id"))
    assert said(page, STATUS[standard])[-1] == "passed"
    assert said(page, "score.raw")[-1] == "100"
    page.reload()
    expect(frame.locator(".eyebrow")).to_contain_text("Attempt 2")
    assert_calls_are_right(page, standard)


def test_a_platform_that_refuses_is_told_of_and_the_course_goes_on(open_page: Open, platform: str) -> None:
    page = open_page("/blank.html", base=platform)
    frame = launch(page, platform, "taster", "scorm12", refuse="LMSCommit")
    frame.locator("[data-go]").click()
    take_card(frame, read_course("taster", "scorm12")["cards"][0], is_right=True)
    expect(frame.get_by_role("alert")).to_contain_text("Your learning platform did not take everything (commit:")
    frame.locator("[data-next]").click()
    expect(frame.locator(".course-head")).to_contain_text("Card 2 of 2")


def test_the_largest_pack_is_taken_and_its_bookmark_at_its_worst_is_within_what_scorm_1_2_promises(open_page: Open, platform: str) -> None:
    course = read_course(LARGEST, "scorm12")
    assert len(course["cards"]) == 12
    page = open_page("/blank.html", base=platform)
    frame = launch(page, platform, LARGEST, "scorm12")
    frame.locator("[data-go]").click()
    page.frames[1].evaluate(TAKE_ALL, course["cards"])
    expect(frame.locator("h1")).to_have_text("Passed")
    assert said(page, "score.raw") == ["100"]
    worst = page.frames[1].evaluate("""async ([course, app]) => {
      const { readBookmark, writeBookmark } = await import(new URL(`${app}/learning/standing.js`, document.baseURI));
      const answerAll = ({ kind, options }) => kind === 'many' ? options.filter(({ name }) => name !== 'none').map(({ name }) => name).join(',')
        : options.length ? options.at(-1).name : kind === 'date' ? '2026-11-28' : '123456789012.34';
      const cases = (card) => card.cases.map(({ tree }) => {
        const facts = course.trees[tree].facts.map((fact) => [fact.fact, answerAll(fact)]).sort((a, b) => b[1].split(',').length - a[1].split(',').length);
        return { answers: Object.fromEntries(facts.slice(0, course.trees[tree].most)), end: course.trees[tree].outcomes.at(-1).outcome };
      });
      const standing = { attempt: 9999, best: 12, seed: 0, hand: { cases: [], answers: {} },
        done: course.cards.map((card, place) => ({ card: place, cases: cases(card), breach: card.choices.at(-1)?.number ?? '' })) };
      const text = writeBookmark(course, standing);
      const taken = [parent.API.LMSSetValue('cmi.suspend_data', text), parent.API.LMSCommit('')];
      return { text, taken, isSame: JSON.stringify(readBookmark(course, text)) === JSON.stringify({ attempt: 9999, best: 12, seed: 0, done: standing.done, hand: standing.hand }) };
    }""", [course, find_app()])
    assert worst["taken"] == ["true", "true"]
    assert worst["isSame"], "what is written can be read"
    assert max(len(text) for text in said(page, "suspend_data")) == len(worst["text"]) <= measure_bookmark(course) <= LONGEST_BOOKMARK
    assert re.fullmatch(r"[\x20-\x7e]+", worst["text"])
    assert_calls_are_right(page, "scorm12")


def find_app() -> str:
    return next(name.rpartition("/learning/")[0] for name in make_files("taster", "scorm12") if name.endswith("/learning/course.js"))


def test_cards_come_in_random_order_if_asked_and_in_the_same_after_a_reload(open_page: Open, platform: str) -> None:
    course = {**read_course(LARGEST, "scorm12"), "random": True}

    def prepare(page: Page) -> None:
        page.route("**/course.json", lambda route: route.fulfill(json=course))
        page.add_init_script("crypto.getRandomValues = (list) => list.fill(20261128)")

    page = open_page("/blank.html", base=platform, prepare=prepare)
    frame = launch(page, platform, LARGEST, "scorm12")
    frame.locator("[data-go]").click()
    first = frame.locator(".course-story h1").text_content()
    assert first != course["cards"][0]["title"]
    card = next(card for card in course["cards"] if card["title"] == first)
    take_card(frame, card, is_right=True)
    frame.locator("[data-next]").click()
    second = frame.locator(".course-story h1").text_content()
    page.reload()
    frame.locator("[data-go]").click()
    expect(frame.locator(".course-story h1")).to_have_text(second or "")
    orders = page.frames[1].evaluate("""async ([course, app]) => {
      const { listOrder } = await import(new URL(`${app}/learning/standing.js`, document.baseURI));
      return Array.from({ length: 200 }, (_, seed) => listOrder(course, { seed: seed * 7919 + 1 }));
    }""", [course, find_app()])
    assert all(sorted(order) == list(range(12)) for order in orders)
    assert len({tuple(order) for order in orders}) > 190
    assert {order[0] for order in orders} == set(range(12)), "every card may come first"
    assert_calls_are_right(page, "scorm12")


# What a learner sees ---------------------------------------------------------------------


def test_no_view_of_a_course_has_a_violation(open_page: Open, platform: str) -> None:
    page = open_page("/taster-scorm12/index.html", base=platform)
    expect(page.locator(".course-ledger")).to_contain_text("results are not recorded")
    assert list_violations_light_and_dark(page) == [], "start"
    page.locator("[data-go]").click()
    cards = read_course("taster", "scorm12")["cards"]
    expect(page.locator("form[data-fact]")).to_be_visible()
    assert list_violations_light_and_dark(page) == [], "card and question"
    answer(page, cards[0]["cases"][0]["answers"])
    assert list_violations_light_and_dark(page) == [], "outcome"
    page.locator("[data-give]").click()
    page.locator("[data-unsure]").click()
    expect(page.locator("[data-give]")).to_be_visible()
    assert list_violations_light_and_dark(page) == [], "not sure"
    page.locator("[data-give]").click()
    expect(page.locator("[data-next]")).to_be_visible()
    assert list_violations_light_and_dark(page) == [], "what decides it"
    page.locator("[data-next]").click()
    answer(page, cards[1]["cases"][0]["answers"])
    page.locator("[data-give]").click()
    page.locator('[data-breach] button[type="submit"]').click()
    expect(page.get_by_text("Choose the provision that was broken")).to_be_visible()
    assert list_violations_light_and_dark(page) == [], "breach"
    page.locator("[data-breach] input").first.check()
    page.locator('[data-breach] button[type="submit"]').click()
    page.locator("[data-next]").click()
    page.locator("[data-review] summary").first.click()
    assert list_violations_light_and_dark(page) == [], "results and review"


def test_a_card_is_taken_by_keyboard_alone(open_page: Open, platform: str) -> None:
    page = open_page("/taster-scorm12/index.html", base=platform)
    expect(page.locator("[data-go]")).to_be_visible()

    def reach(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                assert page.evaluate("getComputedStyle(document.activeElement.closest('label') ?? document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement.closest('label') ?? document.activeElement).boxShadow") not in ("nonenonenone", ""), "focus is seen"
                return
        pytest.fail(f"{selector} can't be reached by Tab")

    reach("[data-go]")
    page.keyboard.press("Enter")
    card = read_course("taster", "scorm12")["cards"][0]
    assert page.evaluate("document.activeElement.textContent") == card["title"]
    for case in card["cases"]:
        for row in case["answers_said"]:
            expect(page.locator(f'form[data-fact="{row["fact"]}"]')).to_be_visible()
            reach('form[data-fact] input[type="radio"]')
            for _ in range(20):
                if page.evaluate("document.activeElement.value") == row["answer"]:
                    break
                page.keyboard.press("ArrowDown")
            page.keyboard.press("Space")
            page.keyboard.press("Enter")
            expect(page.locator(f'form[data-fact="{row["fact"]}"]')).to_have_count(0)
            assert page.evaluate("document.activeElement.tabIndex === -1 && document.activeElement !== document.body"), "focus goes on to what is new"
        reach("[data-give]")
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(f"Right: {card['title']}")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    reach("[data-next]")
    page.keyboard.press("Enter")
    expect(page.locator(".course-head")).to_contain_text("Card 2 of 2")


# A record store --------------------------------------------------------------------------


@pytest.fixture
def store() -> Iterator[RecordStore]:
    store = RecordStore()
    yield store
    store.close()
    assert store.faults == []


@pytest.fixture
def launch_xapi(open_page: Open, platform: str, store: RecordStore) -> Callable[..., Page]:
    """Give how to open the package as a launch link does. Console errors are the browser's own words for 404 and for a network that is cut."""
    query = urlencode({"endpoint": store.endpoint, "auth": KEY, "actor": json.dumps(ACTOR), "registration": "7f0c8b5e-3e0a-4c59-9a43-2b1d5f6a7c88", "activity_id": "https://example.org/courses/taster"})
    return lambda: open_page(f"{platform.rpartition(':')[2]}/taster-xapi/index.html?{query}", base="http://127.0.0.1:", expect_errors=True)


def validate(statements: list[dict[str, Any]]) -> list[str]:
    """Have Learning Locker's library say what is wrong with statements."""
    done = subprocess.run(["node", HOST / "validate.cjs"], input=json.dumps(statements), capture_output=True, text=True, check=True)
    found: list[str] = json.loads(done.stdout)
    return found


def list_verbs(statements: list[dict[str, Any]]) -> list[str]:
    return [each["verb"]["id"].rpartition("/")[2] for each in statements]


def test_a_record_store_takes_valid_statements_of_every_step(launch_xapi: Callable[..., Page], store: RecordStore) -> None:
    cards = read_course("taster", "xapi")["cards"]
    page = launch_xapi()
    expect(page.locator(".course-ledger")).to_have_text("Your results go to your organisation’s record store.")
    page.locator("[data-go]").click()
    take_card(page, cards[0], is_right=True)
    page.reload()
    expect(page.locator("[data-go]")).to_have_text("Go on where you left")
    page.locator("[data-go]").click()
    take_card(page, cards[1], is_right=True)
    page.locator("[data-next]").click()
    expect(page.locator("h1")).to_have_text("Passed")
    wait_for(page, lambda: "passed" in list_verbs([*store.statements.values()]))
    statements = [*store.statements.values()]
    answers = sum(len(card["cases"]) + bool(card["breach"]) for card in cards)
    assert sorted(list_verbs(statements)) == sorted(["attempted", *["answered"] * answers, "suspended", "completed", "passed"])
    assert validate(statements) == []
    assert {json.dumps(each["actor"], sort_keys=True) for each in statements} == {json.dumps(ACTOR, sort_keys=True)}
    assert {each["context"]["registration"] for each in statements} == {"7f0c8b5e-3e0a-4c59-9a43-2b1d5f6a7c88"}
    responses = [each["result"]["response"] for each in statements if "response" in each.get("result", {})]
    for case in (case for card in cards for case in card["cases"]):
        assert "[,]".join([f"{row['fact']}[.]{row['answer']}" for row in case["answers_said"]] + [f"ends-at[.]{case['outcome']}"]) in responses
    assert next(each for each in statements if each["verb"]["id"].endswith("passed"))["result"]["score"] == {"raw": 100, "min": 0, "max": 100, "scaled": 1}


def wait_for(page: Page, condition: Callable[[], bool]) -> None:
    for _ in range(600):
        if condition():
            return
        page.wait_for_timeout(50)
    pytest.fail("never true")


def test_the_library_would_find_a_mistake_in_a_statement() -> None:
    assert validate([{"verb": {"id": "passed"}, "actor": {"mbox": "learner"}, "object": {"id": "https://example.org/"}}]) != []


@pytest.mark.parametrize("trouble", ["refuses", "is gone", "loses its answers"])
def test_what_a_store_does_not_take_is_told_kept_and_sent_once_later(launch_xapi: Callable[..., Page], store: RecordStore, trouble: str) -> None:
    cards = read_course("taster", "xapi")["cards"]
    page = launch_xapi()
    page.locator("[data-go]").click()
    expect(page.locator("form[data-fact]")).to_be_visible()
    wait_for(page, lambda: list_verbs([*store.statements.values()]) == ["attempted"])
    store.refuses = {"refuses": 503, "is gone": -1}.get(trouble, 0)
    store.loses_answers = trouble == "loses its answers"
    take_card(page, cards[0], is_right=True)
    expect(page.get_by_role("alert")).to_contain_text("record store did not take your last results")
    expect(page.get_by_role("alert")).to_contain_text("kept in this browser")
    with page.expect_download() as download:
        page.locator("[data-download]").click()
    saved = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert list_verbs(saved) == ["answered"] * len(cards[0]["cases"])
    assert validate(saved) == []
    if trouble == "loses its answers":
        assert {each["id"] for each in saved} & set(store.statements), "it has some that the page can't know of"
    if trouble == "is gone":
        store.refuses = 0
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.get_by_role("alert")).to_have_count(0)
    else:
        page.goto(page.url.partition("?")[0].replace("index.html", "course.json"))
        store.refuses = 0
        store.loses_answers = False
        page.go_back()
        expect(page.locator("[data-go]")).to_have_text("Go on where you left")
    wait_for(page, lambda: {each["id"] for each in saved} <= set(store.statements))
    assert list_verbs([*store.statements.values()]).count("answered") == len(saved), "each counts once"
    wait_for(page, lambda: page.evaluate("localStorage.length") == 0)


def test_a_store_that_can_t_say_where_a_learner_left_does_not_lose_it(launch_xapi: Callable[..., Page], store: RecordStore) -> None:
    page = launch_xapi()
    page.locator("[data-go]").click()
    take_card(page, read_course("taster", "xapi")["cards"][0], is_right=True)
    address = page.url
    page.goto(address.partition("?")[0].replace("index.html", "course.json"))
    page.wait_for_timeout(500)
    page.evaluate("localStorage.clear()")
    before = dict(store.states)
    store.refuses = 500
    page.goto(address)
    expect(page.get_by_role("alert")).to_contain_text("can’t be asked where you left")
    store.refuses = 0
    page.reload()
    expect(page.locator("[data-go]")).to_have_text("Go on where you left")
    assert store.states == before


def test_statements_of_a_course_without_a_store_are_valid_too(open_page: Open, platform: str) -> None:
    page = open_page("/taster-xapi/index.html", base=platform)
    page.locator("[data-go]").click()
    take_all(page, read_course("taster", "xapi")["cards"], is_right=False)
    with page.expect_download() as download:
        page.locator("[data-download]").click()
    saved = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert list_verbs(saved)[-2:] == ["completed", "failed"]
    assert validate(saved) == []
