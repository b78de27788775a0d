"""How hard questions are to read, by a school grade."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from decision_trees.authoring.findings import REPORT, Finding
from decision_trees.authoring.notation import Parsed


def check_questions(parsed: Parsed, hardest: float) -> Iterator[Finding]:
    """Report the questions of a tree that are harder to read than the grade `hardest`; 0 checks nothing."""
    tree = parsed.tree
    asked = {"ask": tree.ask} | {f"ask {fact.name}": fact.ask for fact in tree.facts}
    asked |= {f"ask {let.name}": let.ask for let in tree.lets if let.ask}
    for place, question in asked.items():
        if hardest and (grade := find_grade(question)) > hardest:
            longest = sorted(dict.fromkeys(re.findall(r"[\w’'-]+", question)), key=len, reverse=True)[:2]
            yield Finding("hard-to-read", parsed.places[place], f"This question reads at school grade {grade:.0f}; "
                          f"the project allows {hardest:g}.", f"Say it more shortly, or with shorter words than “{longest[0]}”"
                          + (f" and “{longest[1]}”" if len(longest) > 1 else "") + "; what explains it can go into `hint`.", REPORT)


@cache
def find_grade(text: str) -> float:
    """Give the school grade of a text by the automated readability index: letters to a word, words to a sentence.

    Indices that count syllables would need a dictionary that is not part of the package.
    """
    from textstat import textstat  # slow to import, so that only projects with a limit wait for it

    return float(textstat.automated_readability_index(text))
