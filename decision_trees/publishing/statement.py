"""The accessibility statement: what was checked, and by which tests. The theme's template `accessibility.html` fills it in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

SOURCE = "accessibility.md"
ADDRESS = "accessibility/"
PREPARED = "2026-11-28"
"""The day on which the statement was written or last gone through. Change it with the statement, not with each build."""
PAGE = """\
---
title: Accessibility
template: accessibility.html
description: How far this site meets WCAG 2.2 AA, what was tested and how, what is not accessible, and how to report a problem.
search: {exclude: true}
---
# Accessibility statement"""
"""The source of the page. A project that writes an `accessibility.md` of its own publishes that instead."""


@dataclass(frozen=True, slots=True)
class Check:
    """Something that was checked: what holds, by what means, and the tests that hold it, as file and name below `tests/`."""

    says: str
    means: str
    tests: tuple[str, ...]


_AXE = "browser/test_accessibility.py"
_SIZES = "browser/test_accessibility_sizes.py::test_every_page_and_step_takes_large_text_a_narrow_screen_and_a_finger"
_STEPS = "browser/test_accessibility_steps.py"
_LOOKS = "browser/test_accessibility_looks.py"
_WALK = "browser/test_walk.py"

CHECKS = (
    Check("No failure of WCAG 2.2, levels A and AA, and none of its good practice that axe-core can find: on each kind of page, "
          "at each step of a walk, with an error, an outcome, a preview, a search and a record open, in light and in dark colours.",
          "axe-core in Chromium",
          (f"{_AXE}::test_a_page_has_no_violation", f"{_AXE}::test_a_step_has_no_violation", f"{_AXE}::test_the_rules_on_colours_are_those_of_axe",
           f"{_AXE}::test_a_preview_and_a_search_have_no_violation",
           f"{_AXE}::test_the_strip_that_asks_whether_a_host_may_know_the_answers_has_no_violation")),
    Check("Every page of the site is valid HTML.", "The Nu validator and html-validate",
          ("test_markup.py::test_the_nu_validator_finds_no_error_on_any_page", "test_markup.py::test_html_validate_finds_no_error_on_any_page")),
    Check("A walk can be done by keyboard alone, from the first question to the printed record: going back, changing an answer, "
          "saying “I’m not sure”, and moving and enlarging the map.",
          "Chromium; a walk to its outcome in Firefox and WebKit too",
          (f"{_STEPS}::test_everything_is_done_by_keyboard_alone", f"{_WALK}::test_a_walk_by_keys_alone",
           "browser/test_others.py::test_a_walk_ends_with_verdict_duties_provisions_and_the_engine_s_word")),
    Check("At each step the parts of the page have the right role, name and state, the focus is on the new question, outcome or "
          "error, and it is announced once.",
          "The accessibility tree of Chromium",
          (f"{_STEPS}::test_each_step_is_told_by_role_name_and_focus_and_announced_once",)),
    Check("Text can be twice as large, by the browser’s text size or its zoom, and nothing is cut or covered.", "Chromium",
          (_SIZES,)),
    Check("At a width of 320 pixels nothing has to be scrolled sideways to be read, but wide tables and the map, which have a "
          "frame of their own.", "Chromium",
          (_SIZES,)),
    Check("What can be clicked or touched is 24 by 24 pixels or more, links within a sentence aside.", "Chromium, at the width of a phone",
          (_SIZES,)),
    Check("Text, marks, the edges of fields and the focus can be told apart: in light, dark and high contrast, and in the "
          "colours that a reader has forced.", "axe-core and the pixels that Chromium draws",
          (f"{_LOOKS}::test_controls_under_pointer_and_focus_keep_their_contrast", f"{_LOOKS}::test_more_contrast_gives_text_seven_to_one",
           f"{_LOOKS}::test_in_forced_colours_marks_and_focus_can_be_seen")),
    Check("Nothing moves for a reader who asks for less motion.", "Chromium",
          (f"{_LOOKS}::test_nothing_moves_where_the_reader_asks_for_less",)),
    Check("Without JavaScript every provision and every question can be read and walked.", "Chromium with scripts off",
          (f"{_WALK}::test_a_walk_without_script_follows_links_on_the_tree_s_own_page",
           f"{_WALK}::test_the_first_question_is_in_the_html_of_the_reading_page")),
    Check("A record saved as PDF from Chromium is tagged: headings, lists and tables are told as such.", "Chromium and poppler",
          ("browser/test_record.py::test_the_pdf_of_a_record_is_tagged",)),
)

GAPS = (
    ("Screen readers", "No screen reader (NVDA, JAWS, VoiceOver, TalkBack) has been used with this site yet. What they are told by "
     "the browser was checked by machine; how they say it was not."),
    ("Voice control, magnifiers and switches", "They were not tried. Labels and names agree, and targets are large."),
    ("People", "No reader with a disability has tested the site yet, and no one has audited it by hand."),
    ("The record as PDF", "Your browser makes it. Chrome and Edge make a tagged PDF; others may make one without tags, which a screen "
     "reader can’t follow (WCAG 1.3.1). Save the record as text or Markdown instead."),
    ("The record, the map’s zoom and dates", "They need JavaScript. Where it is off, the page says so, and prints."),
)
"""What is not accessible, or was not looked at, and what to do instead."""

_CONTACT = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|https?://\S+")


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who answers for the site: a name, and an e-mail address or the address of a page. Either may be empty."""

    name: str = ""
    contact: str = ""

    @property
    def link(self) -> str:
        """Where a link to the contact leads."""
        return f"mailto:{self.contact}" if "@" in self.contact and not self.contact.startswith("http") else self.contact


NOBODY = Publisher()


def read_publisher(options: Mapping[str, object]) -> Publisher:
    """Read `publisher` of `mkdocs.yml`. Raises ValueError, in words, for what it does not know."""
    strange = sorted(set(options) - {"name", "contact"})
    if strange:
        raise ValueError(f"mkdocs.yml: publisher: {strange[0]} is not known there. Give name and contact.")
    name, contact = (str(options.get(key) or "").strip() for key in ("name", "contact"))
    if contact and not _CONTACT.fullmatch(contact):
        raise ValueError(f"mkdocs.yml: publisher: contact: “{contact}” is neither an e-mail address nor a web address.")
    return Publisher(name, contact)
