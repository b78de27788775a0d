"""Canonical decision diagrams: shared nodes over one order of variables.

A node is a number. A node with `level` >= 0 asks for the variable of that level
and has one child per cell of the variable's values; a node with level -1 is a
terminal and carries a value. Equal nodes are one node, and a node whose children
are all the same is that child, so equal functions have equal numbers.
Children always have smaller numbers than their parents, which lets every
operation here run upwards in a loop: deep recursion overflows a browser's stack.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

TERMINAL = -1

Cells = tuple[int, ...]
"""Indices of the cells that are still possible for one variable."""


class TooManyStates(Exception):
    """The diagram outgrew its budget of nodes."""


class Space:
    """A store of shared nodes over one order of variables.

    `sizes` gives the number of cells of each level. Nodes 0 and 1 are the
    terminals False and True, which conditions end in.
    """

    def __init__(self, sizes: Sequence[int], budget: int | None = None) -> None:
        self.sizes = tuple(sizes)
        self.levels: list[int] = []
        self.children: list[tuple[int, ...]] = []
        self.values: list[Hashable] = []
        self.budget = budget
        self._nodes: dict[tuple[int, Hashable], int] = {}
        self._choices: dict[tuple[int, int, int], int] = {}
        self._ends: dict[int, frozenset[int]] = {}
        self._support: dict[int, frozenset[int]] = {}
        self.false = self.end(False)
        self.true = self.end(True)

    def end(self, value: Hashable) -> int:
        """Give the terminal that carries `value`."""
        return self._intern(TERMINAL, (value, type(value).__name__), (), value)

    def node(self, level: int, children: tuple[int, ...]) -> int:
        """Give the node that asks for the variable of `level`. Raises TooManyStates."""
        if children.count(children[0]) == len(children):
            return children[0]
        return self._intern(level, children, children, None)

    def is_end(self, node: int) -> bool:
        """Say whether the node is a terminal."""
        return self.levels[node] == TERMINAL

    def choose(self, test: int, then: int, other: int) -> int:
        """Give the function that is `then` where `test` is true, and `other` elsewhere."""
        found = self._find_choice(test, then, other)
        if found is not None:
            return found
        todo = [(test, then, other)]
        while todo:
            key = todo[-1]
            level = min(self.levels[n] for n in key if self.levels[n] != TERMINAL)
            below = list(zip(*(self._spread(n, level) for n in key), strict=True))
            parts = [self._find_choice(*each) for each in below]
            missing = [each for each, part in zip(below, parts, strict=True) if part is None]
            if missing:
                todo += missing
            else:
                self._choices[key] = self.node(level, tuple(part for part in parts if part is not None))
                todo.pop()
        return self._choices[test, then, other]

    def invert(self, test: int) -> int:
        """Give the function that is true where `test` is false."""
        return self.choose(test, self.false, self.true)

    def both(self, left: int, right: int) -> int:
        """Give the function that is true where both are."""
        return self.choose(left, right, self.false)

    def either(self, left: int, right: int) -> int:
        """Give the function that is true where one of the two is."""
        return self.choose(left, self.true, right)

    def pick(self, level: int, cells: Iterable[int]) -> int:
        """Give the function that is true where the variable of `level` lies in one of the cells."""
        chosen = frozenset(cells)
        return self.node(level, tuple(self.true if i in chosen else self.false for i in range(self.sizes[level])))

    def map_ends(self, root: int, change: Mapping[int, int]) -> int:
        """Give the function with its terminals replaced."""
        done: dict[int, int] = {}
        for n in self.reach(root):
            done[n] = change.get(n, n) if self.is_end(n) else self.node(
                self.levels[n], tuple(done[c] for c in self.children[n])
            )
        return done[root]

    def restrict(self, root: int, known: Mapping[int, Cells]) -> int:
        """Give the function once some variables are known to lie in some of their cells.

        Where the cells that are left still lead to different nodes the variable
        stays, and the excluded cells follow the first one that is left.
        """
        if not known:
            return root
        certain = {level: cells[0] for level, cells in known.items() if len(cells) == 1}
        levels, children = self.levels, self.children

        def skip(n: int) -> int:
            while levels[n] in certain:
                n = children[n][certain[levels[n]]]
            return n

        last = max(known)
        root = skip(root)
        left: dict[int, list[int]] = {}
        todo = [root]
        while todo:
            n = todo.pop()
            if n in left or not TERMINAL < levels[n] <= last:
                continue
            below = children[n]
            if levels[n] in known:
                cells = known[levels[n]]
                below = tuple([child if i in cells else below[cells[0]] for i, child in enumerate(below)])
            left[n] = [skip(child) for child in below] if certain else list(below)
            todo += left[n]
        done: dict[int, int] = {}
        for n in sorted(left):
            done[n] = self.node(levels[n], tuple([done.get(child, child) for child in left[n]]))
        return done.get(root, root)

    def reach(self, *roots: int) -> list[int]:
        """List every node below the roots, themselves included, children before parents."""
        seen = set(roots)
        todo = list(seen)
        while todo:
            for child in self.children[todo.pop()]:
                if child not in seen:
                    seen.add(child)
                    todo.append(child)
        return sorted(seen)

    def ends(self, root: int) -> frozenset[int]:
        """Give the terminals that can still be reached from the node."""
        own = (frozenset((n,)) if self.is_end(n) else frozenset[int]() for n in self._missing(root, self._ends))
        return self._collect(root, self._ends, own)

    def support(self, root: int) -> frozenset[int]:
        """Give the levels whose variables still matter below the node."""
        own = (frozenset(self.levels[n : n + 1]) - {TERMINAL} for n in self._missing(root, self._support))
        return self._collect(root, self._support, own)

    def count_states(self, root: int) -> int:
        """Count the nodes below the root that ask for something."""
        return sum(not self.is_end(n) for n in self.reach(root))

    def count_paths(self, root: int) -> int:
        """Count the ways from the root to a terminal, cell by cell, without walking them."""
        paths: dict[int, int] = {}
        for n in self.reach(root):
            paths[n] = 1 if self.is_end(n) else sum(paths[c] for c in self.children[n])
        return paths[root]

    def find_witness(self, root: int, end: int) -> dict[int, int] | None:
        """Give one cell per level that leads from the root to the terminal, or None if nothing does."""
        if end not in self.ends(root):
            return None
        cells: dict[int, int] = {}
        while not self.is_end(root):
            cell = next(i for i, c in enumerate(self.children[root]) if end in self.ends(c))
            cells[self.levels[root]] = cell
            root = self.children[root][cell]
        return cells

    def _find_choice(self, test: int, then: int, other: int) -> int | None:
        """Give what `choose` gives where that needs no work, or was worked out before."""
        if test == self.true or then == other:
            return then
        if test == self.false:
            return other
        return self._choices.get((test, then, other))

    def _spread(self, node: int, level: int) -> tuple[int, ...]:
        """Give the node for each cell of a level."""
        return self.children[node] if self.levels[node] == level else (node,) * self.sizes[level]

    def _intern(self, level: int, key: Hashable, children: tuple[int, ...], value: Hashable) -> int:
        known = self._nodes.get((level, key))
        if known is not None:
            return known
        if self.budget is not None and len(self.levels) >= self.budget:
            raise TooManyStates
        self.levels.append(level)
        self.children.append(children)
        self.values.append(value)
        self._nodes[level, key] = len(self.levels) - 1
        return len(self.levels) - 1

    def _missing(self, root: int, memo: Mapping[int, frozenset[int]]) -> list[int]:
        return [] if root in memo else [n for n in self.reach(root) if n not in memo]

    def _collect(self, root: int, memo: dict[int, frozenset[int]], own: Iterable[frozenset[int]]) -> frozenset[int]:
        for n, mine in zip(self._missing(root, memo), own, strict=True):
            memo[n] = mine.union(*(memo[c] for c in set(self.children[n])))
        return memo[root]
