"""Where the lines between two columns change height, so that none lies on another and few cross."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_NEAR = 10.0


@dataclass(frozen=True, slots=True)
class Run:
    """The upright part of lines to one place: where they come in from the left, and where they leave to the right."""

    sources: tuple[float, ...]
    target: float

    @property
    def span(self) -> tuple[float, float]:
        """The least and the greatest height."""
        return min(*self.sources, self.target), max(*self.sources, self.target)

    def is_left_of(self, other: Run) -> bool:
        """Whether this run must stand left of the other, lest the lines that come in lie on those that leave it."""
        return any(abs(source - other.target) < _NEAR for source in self.sources)

    def meets(self, other: Run) -> bool:
        """Whether the two would touch on one track."""
        return self.span[0] < other.span[1] + _NEAR and other.span[0] < self.span[1] + _NEAR


def find_tracks(runs: Mapping[str, Run]) -> dict[str, int]:
    """Give each run a track, counted from the left."""
    waiting = sorted(runs, key=lambda each: _rank(runs[each]))
    tracks: dict[str, int] = {}
    while waiting:
        free = (id for id in waiting if not any(runs[other].is_left_of(runs[id]) for other in waiting if other != id))
        id = next(free, waiting[0])
        waiting.remove(id)
        tracks[id] = 1 + max((track for other, track in tracks.items() if runs[other].meets(runs[id])), default=-1)
    return tracks


def _rank(run: Run) -> tuple[bool, float]:
    """Rank runs so that they cross least: of those that lead down the lowest first, of those that lead up the highest."""
    is_down = run.target > sum(run.sources) / len(run.sources)
    return is_down, -max(run.sources) if is_down else min(run.sources)
