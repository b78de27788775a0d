"""How wide a text stands, and where it breaks: an estimate from the site's typefaces, a little wide."""

from __future__ import annotations

from functools import cache

_WIDE = {letter: width for letters, width in (
    (" ", 0.25), ("iljI.,:;!'|()[]{}‘’", 0.33), ("frt-/\\\"", 0.41), ("s?cyzJLvx“”*", 0.52), ("mwMW%@…", 0.92),
    ("ABCDEGHKNOPQRSTUVXYZ&#", 0.69),
) for letter in letters}
_USUAL = 0.58
BOLD = 1.04
"""How much wider bold text stands."""


def measure(text: str, size: float) -> float:
    """Give the width of a text in pixels at a size in pixels."""
    return size * sum(_WIDE.get(letter, _USUAL) for letter in text)


@cache
def wrap(text: str, width: float, size: float) -> tuple[str, ...]:
    """Break a text into lines of at most that width, evenly filled. A word that is too long stands alone."""
    count = len(_fill(text, width, size))
    low, high = width / 4, width
    while high - low > 2:
        middle = (low + high) / 2
        low, high = (low, middle) if len(_fill(text, middle, size)) <= count and _is_within(text, middle, size) else (middle, high)
    return _fill(text, high, size)


def _is_within(text: str, width: float, size: float) -> bool:
    return all(measure(word, size) <= width for word in text.split())


def _fill(text: str, width: float, size: float) -> tuple[str, ...]:
    lines: list[str] = []
    for word in text.split():
        if lines and measure(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)
