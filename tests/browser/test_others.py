"""The walk in Firefox ESR and in WebKit: by keys and by mouse, the engine, Back and Forward, a copied link, a hostile one."""

from __future__ import annotations

import pytest

from tests.browser.places import ASK, WORD
from tests.browser.others import Other, other  # noqa: F401  (a fixture)

TREE = "/trees/nottingham/attend-group-meeting/"
STORY = {
    "What is your post?": "Below Head of Service",
    "Who is going with you?": "A senior officer",
    "What are you asked to the meeting for?": "To brief the group on Council business",
    "Is the same briefing open to every group?": "Yes, on equal terms",
}
AT = "(selector) => document.querySelector(selector)?.textContent.trim() ?? ''"
IS = "(selector, text) => document.querySelector(selector)?.textContent.trim() === text"
FOCUS = "() => document.activeElement.className"
CHOOSE = """(label) => {
  const row = [...document.querySelectorAll('.stage label.option')].find((each) => each.textContent.startsWith(label));
  row.dataset.wanted = '';
  return [...row.parentNode.children].indexOf(row);
}"""


@pytest.fixture(params=["keys", "mouse"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_walk_ends_with_verdict_duties_provisions_and_the_engine_s_word(other: Other, url: str, way: str) -> None:  # noqa: F811
    other.renew()
    other.go(url + TREE)
    for ask, label in STORY.items():
        other.wait(IS, ASK, ask)
        assert other.run("() => document.querySelectorAll('.stage :checked').length") == 0, "nothing is chosen beforehand"
        place = other.run(CHOOSE, label)
        if way == "mouse":
            other.click(".stage [data-wanted]")
            assert other.run(AT, ASK) == ask, "a choice alone moves nothing"
            other.click(".stage button[type=submit]")
            continue
        if ask == "What is your post?":
            other.run("() => document.querySelector('.stage input').focus()")
        else:
            assert other.run(FOCUS) == "question-ask", "focus goes to the new question"
            other.press("Tab")
        other.press("Space")
        for _ in range(place):
            other.press("ArrowDown")
        other.press("Enter")
    other.wait(IS, WORD, "Yes, if")
    assert other.run(FOCUS) == "outcome-word"
    other.wait("() => document.querySelector('.stage[data-by=engine] .changes') !== null")
    assert "6.30" in other.run(AT, ".deciding")
    assert "Stay politically neutral" in other.run(AT, ".duties")
    assert other.run("() => document.title").startswith("Yes, if")


def test_back_forward_reload_and_a_copied_link_in_another_browser_give_the_same_position(other: Other, url: str) -> None:  # noqa: F811
    other.go(url + TREE)
    for ask, label in list(STORY.items())[:2]:
        other.wait(IS, ASK, ask)
        other.run(CHOOSE, label)
        other.click(".stage [data-wanted]")
        other.click(".stage button[type=submit]")
    third = list(STORY)[2]
    other.wait(IS, ASK, third)
    other.wait("() => location.hash.includes('escort=')")
    other.back()
    other.wait(IS, ASK, list(STORY)[1])
    other.forward()
    other.wait(IS, ASK, third)
    other.reload()
    other.wait(IS, ASK, third)
    link = other.run("() => location.href")
    other.renew()
    other.go(link)
    other.wait(IS, ASK, third)
    assert other.run("() => document.querySelectorAll('.answers .answer').length") == 2


def test_a_hostile_link_gets_a_plain_sentence_and_a_way_on(other: Other, url: str) -> None:  # noqa: F811
    other.go(url + TREE + "#post=%3Cimg%20src=x%3E")
    other.wait("() => document.querySelector('.stage .problems') !== null")
    other.click(".stage .question-actions button")
    other.wait(IS, ASK, "What is your post?")
