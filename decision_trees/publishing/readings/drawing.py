"""The map of a reading: boxes, lines and labels in pixels, ready for the template `map.svg`.

Questions stand in columns from left to right. The ways on leave a box at its right
edge, or at its top and bottom where there are many, and carry their words with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from decision_trees.publishing.exports import WORDS
from decision_trees.publishing.readings.channels import Run, find_tracks
from decision_trees.publishing.readings.layout import Layout, Node, Port, lay_out
from decision_trees.publishing.readings.reading import Question, Reading, Way
from decision_trees.publishing.readings.wrapping import BOLD, measure, wrap
from decision_trees.runtime.answers import fill
from decision_trees.runtime.model import Outcome

ASK, ASK_LEADING = 16, 21
TEXT, LEADING = 15, 19
SMALL = 13
BOX, END, LANE = 196, 236, 150
"""Widths: of a question's box, of an outcome's, and of the widest label."""
MARGIN, PAD, GAP = 24, 14, 16
STEM = 20
"""How far a line runs bare before its label, and how far left of a box's right edge others leave it."""
TRACK = 12
CORNER = 12
MARK = 28
OTHERS = 3
"""Options that one label lists at most, where the others are listed too."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text with its baseline."""

    x: float
    y: float
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A question (`id` is its state) or an end (`id` is the way that leads there, `outcome` what it is)."""

    id: str
    x: float
    y: float
    width: float
    height: float
    texts: tuple[Text, ...]
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A way as it is drawn, its label with the ground that keeps it clear of the line."""

    way: Way
    source: str
    path: str
    ground: tuple[float, float, float, float]
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """Everything on the map, and its size."""

    width: float
    height: float
    questions: tuple[Box, ...]
    ends: tuple[Box, ...]
    lines: tuple[Line, ...]


def draw_map(reading: Reading) -> Map:
    """Draw the whole tree."""
    if reading.only:
        end = _draw_end(reading.only.name, reading, reading.only, MARGIN, MARGIN)
        return Map(end.width + 2 * MARGIN, end.height + 2 * MARGIN, (), (end,), ())
    labels = {way.id: _label(question, way) for question in reading.questions for way in question.ways}
    nodes, places = _make_nodes(reading, labels)
    layout = lay_out(nodes)
    columns, tracks = _find_columns(reading, layout, nodes, labels)
    layer_of = {id: i for i, layer in enumerate(layout.layers) for id in layer}
    middle = {id: y + MARGIN for id, y in layout.middle.items()}
    questions, ends, lines = [], [], []
    for question in reading.questions:
        id = question.state.id
        x, y = columns[layer_of[id]], middle[id]
        box = _draw_question(question, x, y)
        questions.append(box)
        for number, (way, offset) in enumerate(zip(question.ways, places[id], strict=True)):
            target = way.id if way.is_end else way.to
            if way.is_end:
                ends.append(_draw_end(way.id, reading, reading.tree.outcome_of[way.to], columns[layer_of[target]], middle[target], True))
            points = _leave(box, y + offset)
            for source, into in zip(layout.routes[id, number], layout.routes[id, number][1:], strict=False):
                at, height = points[-1][1], _find_height(into, nodes, reading)
                end_y = _enter(at, middle[into], height)
                if end_y != at:
                    track = tracks[layer_of[source], into]
                    points += [(track, at), (track, end_y)]
            points.append((columns[layer_of[target]], points[-1][1]))
            lines.append(_draw_line(way, id, points, labels[way.id], x + BOX + STEM, y + offset))
    width = columns[-1] + max(END if "." in id else BOX for id in layout.layers[-1]) + MARGIN
    return Map(width, layout.height + 2 * MARGIN, tuple(questions), tuple(ends), tuple(lines))


# Sizes ----------------------------------------------------------------------------------


def _label(question: Question, way: Way) -> tuple[str, ...]:
    """Give a way's words in lines. Where one way takes many options and the others are listed, it is "Any other answer"."""
    most = max(question.ways, key=lambda each: len(each.options))
    said = "Any other answer" if way is most and len(way.options) > OTHERS and len(question.ways) > 1 else way.said
    return wrap(said, LANE, TEXT)


def _question_height(question: Question) -> float:
    ask, member = _wrap_question(question)
    return 2 * PAD + ASK_LEADING * len(ask) + LEADING * len(member) + (SMALL + 6 if question.cite else 0) - 4


def _wrap_question(question: Question) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return wrap(f"{question.number}. {question.ask}", BOX - 2 * PAD, ASK), wrap(question.member, BOX - 2 * PAD, TEXT * BOLD)


def _end_height(reading: Reading, outcome: Outcome) -> float:
    return max(MARK + 2 * 12, 2 * 12 + ASK_LEADING + LEADING * len(_wrap_end(reading, outcome)) - 2)


def _wrap_end(reading: Reading, outcome: Outcome) -> tuple[str, ...]:
    words = outcome.brief or fill(outcome.say, reading.tree, reading.tree.scope({}))
    return wrap(words[:1].upper() + words[1:], END - 2 * PAD - MARK - 10, TEXT)


def _make_nodes(reading: Reading, labels: Mapping[str, Sequence[str]]) -> tuple[dict[str, Node], dict[str, list[float]]]:
    """Give the nodes to place, questions first, and for each question how far below its middle the ways run."""
    nodes: dict[str, Node] = {}
    places: dict[str, list[float]] = {}
    ends: dict[str, Node] = {}
    for question in reading.questions:
        heights = []
        for way in question.ways:
            height = LEADING * len(labels[way.id]) + 6.0
            if way.is_end:
                ends[way.id] = Node(_end_height(reading, reading.tree.outcome_of[way.to]))
                height = max(height, ends[way.id].height)
            heights.append(height)
        own = _question_height(question)
        places[question.state.id] = _spread(heights, own / 2)
        reach = max(abs(offset) + height / 2 for offset, height in zip(places[question.state.id], heights, strict=True))
        nodes[question.state.id] = Node(max(2 * reach, own), tuple(
            Port(way.id if way.is_end else way.to, offset)
            for way, offset in zip(question.ways, places[question.state.id], strict=True)
        ))
    return nodes | ends, places


def _spread(heights: Sequence[float], half: float) -> list[float]:
    """Give the middles of ways under each other, none at the very corner of a box of that half height.

    What would leave there leaves above or below, and moves what lies beyond it along.
    """
    total = sum(heights) + GAP * (len(heights) - 1)
    middles = [sum(heights[:i]) + GAP * i + height / 2 - total / 2 for i, height in enumerate(heights)]
    down = max((half + CORNER - at for at in middles if half - CORNER < at < half + CORNER), default=0.0)
    up = max((half + CORNER + at for at in middles if half - CORNER < -at < half + CORNER), default=0.0)
    return [at + down if at > half - CORNER else at - up if at < CORNER - half else at for at in middles]


def _find_height(id: str, nodes: Mapping[str, Node], reading: Reading) -> float:
    """Give the height of the box itself, without the room that its ways take; a bend has none."""
    if "@" in id:
        return 0.0
    return nodes[id].height if "." in id else _question_height(reading.question_of[id])


# Columns and lines ------------------------------------------------------------------------


def _find_columns(
    reading: Reading, layout: Layout, nodes: Mapping[str, Node], labels: Mapping[str, Sequence[str]]
) -> tuple[list[float], dict[tuple[int, str], float]]:
    """Give the left edge of each column, and where each line that changes height does so: by layer and target."""
    columns: list[float] = [MARGIN]
    tracks: dict[tuple[int, str], float] = {}
    for i, gap in enumerate(layout.links):
        runs: dict[str, Run] = {}
        for link in gap:
            at = layout.middle[link.source] + link.offset
            into = _enter(at, layout.middle[link.target], _find_height(link.target, nodes, reading))
            if into != at:
                runs[link.target] = Run((*runs[link.target].sources, at) if link.target in runs else (at,), into)
        found = find_tracks(runs)
        widths = [END if "." in id else 0 for id in layout.layers[i]] + [
            BOX + STEM + _label_width(labels[way.id])
            for id in layout.layers[i] if id in reading.question_of for way in reading.question_of[id].ways
        ]
        right = columns[-1] + max(widths) + GAP
        tracks.update({(i, id): right + track * TRACK for id, track in found.items()})
        columns.append(right + max(0, max(found.values(), default=-1)) * TRACK + GAP)
    return columns, tracks


def _label_width(lines: Sequence[str]) -> float:
    return max(measure(line, TEXT) for line in lines) * BOLD + 12


def _enter(at: float, middle: float, height: float) -> float:
    """Give the height at which a line comes in: its own where it meets the box, else the box's middle."""
    return at if abs(at - middle) <= max(0.0, height / 2 - CORNER) else middle


def _leave(box: Box, at: float) -> list[tuple[float, float]]:
    right = box.x + box.width
    if box.y + CORNER - 1 <= at <= box.y + box.height - CORNER + 1:
        return [(right, at)]
    return [(right - STEM, box.y if at < box.y + CORNER else box.y + box.height), (right - STEM, at)]


def _draw_line(way: Way, source: str, points: Sequence[tuple[float, float]], label: Sequence[str], x: float, y: float) -> Line:
    width, height = _label_width(label), LEADING * len(label) + 6
    first = y - height / 2 + 3 + LEADING * 0.74
    return Line(
        way, source, _make_path(points), (x, y - height / 2, width, height),
        tuple(Text(x + 6, first + LEADING * i, text) for i, text in enumerate(label)),
    )


def _make_path(points: Sequence[tuple[float, float]]) -> str:
    """Give the path along points that are joined at right angles, its corners rounded."""
    parts = [f"M{_say(points[0])}"]
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _towards(at, before, after), _towards(at, after, before)
        parts.append(f"L{_say(start)}" if start == end else f"L{_say(start)}Q{_say(at)} {_say(end)}")
    return "".join([*parts, f"L{_say(points[-1])}"])


def _towards(corner: tuple[float, float], near: tuple[float, float], far: tuple[float, float]) -> tuple[float, float]:
    """Give the point at which the rounding of a corner begins on the side of `near`."""
    reach = [abs(corner[0] - p[0]) + abs(corner[1] - p[1]) for p in (near, far)]
    part = min(CORNER, *(each / 2 for each in reach)) / (reach[0] or 1)
    return corner[0] + (near[0] - corner[0]) * part, corner[1] + (near[1] - corner[1]) * part


def _say(point: tuple[float, float]) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


# Boxes ------------------------------------------------------------------------------------


def _draw_question(question: Question, x: float, middle: float) -> Box:
    height = _question_height(question)
    ask, member = _wrap_question(question)
    y = middle - height / 2
    texts = [Text(x + PAD, y + PAD + ASK_LEADING * (i + 0.72), text, "map-ask") for i, text in enumerate(ask)]
    below = y + PAD + ASK_LEADING * len(ask)
    texts += [Text(x + PAD, below + LEADING * (i + 0.8), text, "map-member") for i, text in enumerate(member)]
    if question.cite:
        texts.append(Text(x + BOX - PAD, y + height - PAD + 2, _fit(question.cite, BOX - 2 * PAD), "map-cite"))
    return Box(question.state.id, x, y, BOX, height, tuple(texts))


def _draw_end(id: str, reading: Reading, outcome: Outcome, x: float, y: float, is_middle: bool = False) -> Box:
    height = _end_height(reading, outcome)
    top = y - height / 2 if is_middle else y
    left = x + PAD + MARK + 10
    texts = [Text(left, top + 12 + 16, WORDS[outcome.verdict], "map-word")]
    texts += [Text(left, top + 12 + ASK_LEADING + LEADING * (i + 0.74), text) for i, text in enumerate(_wrap_end(reading, outcome))]
    return Box(id, x, top, END, height, tuple(texts), outcome)


def _fit(numbers: Sequence[str], width: float) -> str:
    """List as many numbers as there is room for, and count the rest."""
    for count in range(len(numbers), 0, -1):
        text = ", ".join(numbers[:count]) + (f" +{len(numbers) - count}" if count < len(numbers) else "")
        if measure(text, SMALL) <= width:
            return text
    return f"{len(numbers)} provisions"
