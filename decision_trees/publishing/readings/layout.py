"""A layered layout: where the boxes of a map stand, from left to right.

Layers by longest path, order within a layer by barycentres, heights by least squares
with the gaps kept. Lengths are pixels; x is left to the drawing.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 12
_BEND_HEIGHT = 16.0
_GAP = 16.0


@dataclass(frozen=True, slots=True)
class Port:
    """Where a line leaves a node: the node it leads to, and the distance below the node's middle."""

    target: str
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Node:
    """A thing to place. Nodes are given before those that their ports lead to."""

    height: float
    ports: tuple[Port, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A stretch of a line from one layer to the next."""

    source: str
    offset: float
    target: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The nodes of each layer from top to bottom, their middles, and the stretches between the layers.

    Lines that pass a layer have a bend in it; lines to one node share their bends.
    `routes` lists for each node and port what its line passes, both ends included.
    """

    layers: tuple[tuple[str, ...], ...]
    middle: Mapping[str, float]
    links: tuple[tuple[Link, ...], ...]
    routes: Mapping[tuple[str, int], tuple[str, ...]]
    height: float


def lay_out(nodes: Mapping[str, Node]) -> Layout:
    """Place the nodes."""
    layer_of = _find_layers(nodes)
    full = dict(nodes)
    members: list[list[str]] = [[] for _ in range(1 + max(layer_of.values()))]
    for id in nodes:
        members[layer_of[id]].append(id)
    links: list[dict[tuple[str, float], Link]] = [{} for _ in members[1:]]
    routes: dict[tuple[str, int], tuple[str, ...]] = {}
    for id, node in nodes.items():
        for number, port in enumerate(node.ports):
            route = [id]
            for layer in range(layer_of[id] + 1, layer_of[port.target]):
                bend = f"{port.target}@{layer}"
                if bend not in full:
                    full[bend] = Node(_BEND_HEIGHT)
                    members[layer].append(bend)
                route.append(bend)
            route.append(port.target)
            routes[id, number] = tuple(route)
            offset = port.offset
            for layer, (source, target) in enumerate(pairwise(route), layer_of[id]):
                links[layer][source, offset] = Link(source, offset, target)
                offset = 0.0
    gaps = [list(each.values()) for each in links]
    layers = _order(members, gaps)
    middle = _find_middles(layers, gaps, full)
    top = min(middle[id] - full[id].height / 2 for id in full)
    bottom = max(middle[id] + full[id].height / 2 for id in full)
    return Layout(
        tuple(map(tuple, layers)), {id: y - top for id, y in middle.items()}, tuple(map(tuple, gaps)), routes, bottom - top,
    )


def _find_layers(nodes: Mapping[str, Node]) -> dict[str, int]:
    layer_of = dict.fromkeys(nodes, 0)
    for id, node in nodes.items():
        for port in node.ports:
            layer_of[port.target] = max(layer_of[port.target], layer_of[id] + 1)
    return layer_of


# Order ----------------------------------------------------------------------------------


def _order(members: list[list[str]], gaps: Sequence[Sequence[Link]]) -> list[list[str]]:
    """Order the layers so that few lines cross: sweeps right and left, the best order of all kept."""
    layers = [list(layer) for layer in members]
    best, fewest = layers, -1
    for sweep in range(SWEEPS):
        if sweep:
            for i in range(len(gaps) - 1, -1, -1):
                layers[i] = _sort(layers[i], _mean_by_source(gaps[i], layers[i + 1]))
        for i, gap in enumerate(gaps):
            layers[i + 1] = _sort(layers[i + 1], _mean_by_target(gap, layers[i]))
        crossings = sum(_count_crossings(gap, layers[i], layers[i + 1]) for i, gap in enumerate(gaps))
        if fewest < 0 or crossings < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
        if crossings == 0:
            break
    return best


def _sort(layer: list[str], wanted: Mapping[str, tuple[float, float]]) -> list[str]:
    """Sort the nodes that are drawn somewhere; the others keep their places."""
    drawn = iter(sorted((id for id in layer if id in wanted), key=wanted.__getitem__))
    return [next(drawn) if id in wanted else id for id in layer]


def _mean_by_target(gap: Sequence[Link], sources: Sequence[str]) -> dict[str, tuple[float, float]]:
    place = {id: i for i, id in enumerate(sources)}
    return _mean([(link.target, (place[link.source], link.offset)) for link in gap])


def _mean_by_source(gap: Sequence[Link], targets: Sequence[str]) -> dict[str, tuple[float, float]]:
    place = {id: i for i, id in enumerate(targets)}
    return _mean([(link.source, (place[link.target], 0.0)) for link in gap])


def _mean(pairs: Sequence[tuple[str, tuple[float, float]]]) -> dict[str, tuple[float, float]]:
    found: dict[str, list[tuple[float, float]]] = {}
    for id, at in pairs:
        found.setdefault(id, []).append(at)
    return {id: (sum(p for p, _ in ats) / len(ats), sum(o for _, o in ats) / len(ats)) for id, ats in found.items()}


def _count_crossings(gap: Sequence[Link], sources: Sequence[str], targets: Sequence[str]) -> int:
    left, right = ({id: i for i, id in enumerate(layer)} for layer in (sources, targets))
    seen: list[int] = []
    crossings = 0
    for link in sorted(gap, key=lambda link: (left[link.source], link.offset, right[link.target])):
        crossings += len(seen) - bisect_right(seen, right[link.target])
        insort(seen, right[link.target])
    return crossings


# Heights --------------------------------------------------------------------------------


def _find_middles(layers: Sequence[Sequence[str]], gaps: Sequence[Sequence[Link]], nodes: Mapping[str, Node]) -> dict[str, float]:
    """Draw every node towards the lines that meet it, layer by layer, to the right and back."""
    middle = {id: 0.0 for layer in layers for id in layer}
    came: dict[str, list[Link]] = {id: [] for id in middle}
    goes: dict[str, list[Link]] = {id: [] for id in middle}
    for link in (link for gap in gaps for link in gap):
        came[link.target].append(link)
        goes[link.source].append(link)

    def place(layer: Sequence[str], want: Callable[[str], list[float]]) -> None:
        wanted, weights = [], []
        for id in layer:
            pulls = want(id)
            wanted.append(sum(pulls) / len(pulls) if pulls else middle[id])
            weights.append(len(pulls) * (4.0 if "@" in id else 1.0) if pulls else 0.05)
        room = [(nodes[a].height + nodes[b].height) / 2 + _GAP for a, b in pairwise(layer)]
        middle.update(zip(layer, settle(wanted, weights, room), strict=True))

    def from_left(id: str) -> list[float]:
        return [middle[link.source] + link.offset for link in came[id]]

    def from_right(id: str) -> list[float]:
        return [middle[link.target] - link.offset for link in goes[id]]

    for layer in layers:
        place(layer, from_left)
    for _ in range(SWEEPS):
        for layer in reversed(layers):
            place(layer, from_right)
        for layer in layers:
            place(layer, lambda each: from_left(each) + from_right(each))
    for layer in layers[1:]:
        place(layer, lambda each: from_left(each) if "@" in each else from_left(each) * 3 + from_right(each))
    return middle


def settle(wanted: Sequence[float], weights: Sequence[float], room: Sequence[float]) -> list[float]:
    """Give the places nearest to those wanted, by weighted squares, that keep the order and the room between neighbours.

    Isotonic regression by pooling neighbours that violate the order.
    """
    shifts = [0.0]
    for each in room:
        shifts.append(shifts[-1] + each)
    pools: list[list[float]] = []
    for want, weight, shift in zip(wanted, weights, shifts, strict=False):
        pools.append([want - shift, weight, 1])
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            mean, heavy, count = pools.pop()
            before = pools[-1]
            before[0] = (before[0] * before[1] + mean * heavy) / (before[1] + heavy)
            before[1] += heavy
            before[2] += count
    flat = [mean for mean, _, count in pools for _ in range(int(count))]
    return [each + shift for each, shift in zip(flat, shifts, strict=False)]
