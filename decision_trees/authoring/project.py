"""All pages of a project -> its editions, trees, provisions and findings."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from multiprocessing import get_context

from decision_trees.authoring import source
from decision_trees.authoring.analysis import check_tree
from decision_trees.authoring.compiler import BUDGET, Compiled, freeze
from decision_trees.authoring.comparisons import ComparedTopic, parse_comparison
from decision_trees.authoring.editions import Edition, Topic, find_edition, read_edition, read_topics
from decision_trees.authoring.findings import ERROR, REPORT, Finding, Span, sort_findings, suggest
from decision_trees.authoring.notation import Definition, Parsed, parse, read_outline
from decision_trees.authoring.packs import Pack, check_pack, is_pack, parse_pack
from decision_trees.authoring.pages import Page, Provision, read_page, split_page
from decision_trees.authoring.readability import check_questions
from decision_trees.authoring.scenarios import Scenario, parse_scenarios, run_all
from decision_trees.authoring.store import Store
from decision_trees.runtime.calendar import Calendar
from decision_trees.runtime.model import Citation, Diagram, Tree

_MANY = 16
"""New pages from which on several processes are worth their start."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What `mkdocs.yml` says to the compiler."""

    calendar: Calendar | None = None
    budget: int = BUDGET
    hardest: float = 0.0


@dataclass(frozen=True)
class PublishedTree:
    """A tree that compiled, with what its pages and proofs need."""

    parsed: Parsed
    compiled: Compiled
    diagram: Diagram

    @property
    def tree(self) -> Tree:
        """The checked model."""
        return self.parsed.tree

    @cached_property
    def provisions(self) -> tuple[str, ...]:
        """The provisions that the tree cites, in order of first citation."""
        return tuple(dict.fromkeys(citation.provision for citation, _ in self.parsed.citations))


@dataclass(frozen=True)
class Project:
    """Everything that the site is made of."""

    sources: Mapping[str, str]
    pages: Mapping[str, Page]
    editions: Mapping[str, Edition]
    topics: Mapping[str, Topic]
    trees: Mapping[str, PublishedTree]
    scenarios: tuple[Scenario, ...]
    comparisons: Mapping[str, ComparedTopic]
    findings: tuple[Finding, ...]
    settings: Settings = field(default_factory=Settings)
    packs: Mapping[str, Pack] = field(default_factory=dict)

    @cached_property
    def provisions(self) -> dict[str, dict[str, Provision]]:
        """Provisions by edition and number."""
        found: dict[str, dict[str, Provision]] = {edition: {} for edition in self.editions}
        for path, page in self.pages.items():
            edition = find_edition(path, self.editions)
            if edition:
                found[edition].update({p.id: p for p in page.provisions})
        return found

    @property
    def errors(self) -> list[Finding]:
        """The findings that keep the project from being published."""
        return [finding for finding in self.findings if finding.severity == ERROR]

    def diagrams(self) -> dict[str, Diagram]:
        """Diagrams by tree."""
        return {id: published.diagram for id, published in self.trees.items()}


def load_project(
    sources: Mapping[str, str], settings: Settings | None = None, topics: str = "", store: Store | None = None
) -> Project:
    """Read, parse, compile and check every page. `sources` maps paths in the docs folder to their text.

    What a `store` holds of earlier times is not worked out again.
    """
    settings, store = settings or Settings(), store or Store()
    reader = source.Reader()
    unread: set[str] = set()
    doubts: dict[str, tuple[Citation, Span]] = {}
    editions = {e.id: e for path, text in sources.items() if (e := read_edition(path, text, reader, unread, doubts)) is not None}
    known = read_topics(topics, reader)
    texts = {path: text for path, text in sources.items() if path.endswith(".md")}
    files = {path: text for path, text in sources.items() if path not in texts}
    _work_ahead(texts, editions, files, settings, store)
    pages = {path: recall_page(path, text, find_edition(path, editions), files, store) for path, text in texts.items()}
    findings = [*reader.findings, *(finding for page in pages.values() for finding in page.findings)]
    trees: dict[str, PublishedTree] = {}
    broken: dict[str, set[str]] = {}
    scenarios: dict[Definition, list[Scenario]] = {}
    project = Project(sources, pages, editions, known, trees, (), {}, (), settings)
    findings += _check_provisions(project)
    for edition, doubt in doubts.items():
        findings += _check_citations([doubt], project.provisions[edition])
    for page in pages.values():
        for definition in page.definitions:
            findings += _add_tree(definition, project, trees, broken, store)
        for definition in page.scenarios:
            scenarios[definition], mistakes = _recall_scenarios(definition, store)
            findings += mistakes
    comparisons: dict[str, ComparedTopic] = {}
    packs: dict[str, Pack] = {}
    if not unread:
        (comparisons, packs), mistakes = store.recall("joins", (sources, settings, topics), partial(_read_joins, project, broken))
        findings += mistakes
    for definition, cases in scenarios.items():
        findings += _run_scenarios(definition, cases, trees, broken, settings, store)
    findings += _check_coverage(project, broken)
    findings = [f for f in findings if f.code != "no-edition" or f.span.page.partition("/")[0] not in unread]
    return Project(sources, pages, editions, known, trees, tuple(case for cases in scenarios.values() for case in cases),
                   comparisons, tuple(sort_findings(findings)), settings, packs)


def _work_ahead(
    texts: Mapping[str, str], editions: Iterable[str], files: Mapping[str, str], settings: Settings, store: Store
) -> None:
    """Have every processor fill the store, page by page, where much is new: most of the work hangs on one page alone.

    Whatever is not done here is done later, by one.
    """
    given = [(path, text, find_edition(path, editions), files) for path, text in texts.items()]
    new = [page for page in given if not store.holds("pages", page)]
    if store.folder is None or len(new) < _MANY or sys.platform != "linux":
        return  # elsewhere a process begins with the imports, which takes as long as the work
    new.sort(key=lambda page: -len(page[1]))
    with suppress(OSError, BrokenExecutor), ProcessPoolExecutor(mp_context=get_context("fork")) as workers:
        list(workers.map(partial(_prepare_page, settings=settings, store=store), new))


def _prepare_page(given: tuple[str, str, str, Mapping[str, str]], settings: Settings, store: Store) -> None:
    path, text, edition, files = given
    page = recall_page(path, text, edition, files, store)
    compiled = [_recall_tree(definition, settings, store)[1] for definition in page.definitions]
    trees = {published.tree.id: published for published in compiled if published is not None}
    for definition in page.scenarios:
        cases, _ = _recall_scenarios(definition, store)
        if cases and cases[0].tree in trees:
            _run_scenarios(definition, cases, trees, (), settings, store)


def recall_page(path: str, text: str, edition: str, files: Mapping[str, str], store: Store) -> Page:
    """Read one page, if the store does not hold it. `files` has the texts that its fences may name."""
    return store.recall("pages", (path, text, edition, files), partial(read_page, text, path, edition, files))


def _recall_tree(
    definition: Definition, settings: Settings, store: Store
) -> tuple[Parsed | list[Finding], PublishedTree | None, list[Finding]]:
    return store.recall("trees", (definition, settings), partial(_compile_definition, definition, settings))


def _recall_scenarios(definition: Definition, store: Store) -> tuple[list[Scenario], list[Finding]]:
    return store.recall("scenarios", definition, partial(parse_scenarios, definition))


def _compile_definition(
    definition: Definition, settings: Settings
) -> tuple[Parsed | list[Finding], PublishedTree | None, list[Finding]]:
    """Parse and check one definition by itself. Gives what was parsed, the tree if it compiled, and what is wrong with it."""
    parsed = parse(definition, settings.calendar)
    if isinstance(parsed, list):
        return parsed, None, []
    compiled, mistakes = check_tree(parsed, settings.budget)
    published = None if compiled is None else PublishedTree(parsed, compiled, freeze(compiled))
    return parsed, published, [*mistakes, *check_questions(parsed, settings.hardest)]


def _run_scenarios(
    definition: Definition, cases: list[Scenario], trees: Mapping[str, PublishedTree], broken: Collection[str], settings: Settings, store: Store
) -> list[Finding]:
    run = partial(_run_cases, [case for case in cases if case.tree not in broken], trees)
    published = trees.get(cases[0].tree) if cases else None
    return run() if published is None else store.recall("runs", (definition, published.parsed.definition, settings), run)


def _run_cases(cases: list[Scenario], trees: Mapping[str, PublishedTree]) -> list[Finding]:
    return run_all(cases, {id: published.diagram for id, published in trees.items()})


def _read_joins(
    project: Project, broken: Collection[str]
) -> tuple[tuple[dict[str, ComparedTopic], dict[str, Pack]], list[Finding]]:
    """Read what joins the trees of several pages. All pages have a part in it, so that a change to any has it read anew."""
    comparisons, mistakes = _read_comparisons(project, broken)
    packs, more = _read_packs(project, broken)
    return (comparisons, packs), [*mistakes, *more]


def _read_comparisons(project: Project, broken: Collection[str]) -> tuple[dict[str, ComparedTopic], list[Finding]]:
    comparisons: dict[str, ComparedTopic] = {}
    findings: list[Finding] = []
    trees = {id: published.tree for id, published in project.trees.items()}
    for page in project.pages.values():
        for definition in page.comparisons:
            compared, mistakes = parse_comparison(definition, trees, project.provisions, broken)
            findings += mistakes
            if compared is not None:
                comparisons[compared.comparison.topic] = compared
    return comparisons, findings


def _add_tree(
    definition: Definition, project: Project, trees: dict[str, PublishedTree], broken: dict[str, set[str]], store: Store
) -> list[Finding]:
    """Compile a definition into `trees`. A tree that has to be mended first goes to `broken`, with what it cites."""
    edition = project.editions.get(definition.edition)
    if edition is None:
        return [Finding("no-edition", Span(definition.page, definition.fence, 1), "This tree belongs to no edition.",
                        "Move the page into an edition's folder: one whose index.md has `edition:` in its front matter.")]
    provisions = project.provisions[edition.id]
    parsed, published, mistakes = _recall_tree(definition, project.settings, store)
    if isinstance(parsed, list):
        topic, citations = read_outline(definition)
        broken[f"{edition.id}/{topic}"] = {citation.provision for citation, _ in citations}
        return [*parsed, *_check_citations(citations, provisions)]
    tree = parsed.tree
    if tree.id in trees:
        first = trees[tree.id].parsed.definition
        return [Finding("tree-twice", parsed.places["tree"], f"`{tree.id}` is defined already, at {first.source}:{first.line}.",
                        "Give this one another name, or delete one of the two.")]
    findings: list[Finding] = []
    if project.topics and tree.topic not in project.topics:
        findings.append(Finding("unknown-topic", parsed.places["tree"], f"`{tree.topic}` is not a topic of this project.",
                                suggest(tree.topic, project.topics)))
    findings += [
        Finding("unknown-role", parsed.places[f"role {role}"], f"{edition.name} has no role `{role}`.", suggest(role, edition.roles))
        for role in tree.roles if edition.roles and role not in edition.roles
    ]
    findings += mistakes
    findings += _check_citations(parsed.citations, provisions)
    if published is None:
        broken[tree.id] = {citation.provision for citation, _ in parsed.citations}
    else:
        trees[tree.id] = published
    return findings


def _check_citations(
    citations: Iterable[tuple[Citation, Span]], provisions: Mapping[str, Provision]
) -> Iterator[Finding]:
    for citation, span in citations:
        provision = provisions.get(citation.provision)
        if provision is None:
            yield Finding("unknown-provision", span, f"This edition has no provision {citation.provision}.",
                          _suggest_provisions(citation.provision, provisions))
        elif citation.words and _fold(citation.words) not in _fold(provision.text):
            yield Finding("words-not-found", span, f"{citation.provision} does not say “{citation.words}”.",
                          f"It says: {_shorten(provision.text)}")


def _suggest_provisions(text: str, provisions: Mapping[str, Provision]) -> str:
    """Give the hint for a citation that names no provision: perhaps it names several, or a run of them."""
    named = [number for number in re.split(r"(?: |,|;|–|-|\bto\b|\band\b)+", text) if number]
    if len(named) > 1 and all(number in provisions for number in named):
        numbers = list(provisions)
        first, last = numbers.index(named[0]), numbers.index(named[-1])
        if len(named) == 2 and first < last and not re.search("and|,|;", text):
            named = numbers[first : last + 1]
        return "Each provision is a citation of its own: cite: [" + ", ".join(f'"{number}"' for number in named) + "]"
    return suggest(text, provisions) or "It has none yet: a provision is a heading of its number alone."


def _shorten(text: str, room: int = 160) -> str:
    return text if len(text) <= room else f"{text[:room].rpartition(' ')[0]} ..."


def _check_provisions(project: Project) -> Iterator[Finding]:
    seen: dict[tuple[str, str], Provision] = {}
    for path, page in project.pages.items():
        edition = project.editions.get(find_edition(path, project.editions))
        lines = split_page(project.sources[path])
        for provision in page.provisions:
            span = _locate(lines, provision, provision.id)
            if edition is None:
                yield Finding("no-edition", span, f"Provision {provision.id} belongs to no edition.",
                              "Move the page into an edition's folder: one whose index.md has `edition:` in its front matter.")
                continue
            first = seen.setdefault((edition.id, provision.id), provision)
            if first is not provision:
                yield Finding("provision-twice", span, f"Provision {provision.id} stands on {first.page}:{first.line} already.",
                              "Every number stands once in an edition: give one of the two its own.")
            for role in provision.binds:
                if edition.roles and role not in edition.roles:
                    yield Finding("unknown-role", _locate(lines, provision, role), f"{edition.name} has no role `{role}`.",
                                  suggest(role, edition.roles))


def _locate(lines: Sequence[str], provision: Provision, words: str) -> Span:
    """Give the place of some words in a provision's heading, of the lines of its page."""
    line = lines[provision.line - 1]
    return Span(provision.page, provision.line, line.find(words) + 1, len(words))


def _read_packs(project: Project, broken: Iterable[str]) -> tuple[dict[str, Pack], list[Finding]]:
    """Read the packs of cards, and walk their cards."""
    packs: dict[str, Pack] = {}
    findings: list[Finding] = []
    roles = [role for edition in project.editions.values() for role in edition.roles]
    diagrams = project.diagrams()
    cited = {id: tree.provisions for id, tree in project.trees.items()}
    for page in project.pages.values():
        if is_pack(page):
            pack, mistakes = parse_pack(page, roles)
            findings += mistakes
            if pack is not None:
                packs[pack.id] = pack
                findings += check_pack(pack, diagrams, cited, project.provisions, broken)
    return packs, findings


def _check_coverage(project: Project, broken: Mapping[str, set[str]]) -> Iterator[Finding]:
    cited: dict[str, set[str]] = {edition: set() for edition in project.editions}
    for id, numbers in broken.items():
        cited[id.partition("/")[0]] |= numbers
    for published in project.trees.values():
        cited[published.tree.edition] |= set(published.provisions)
    for edition, provisions in project.provisions.items():
        for provision in provisions.values():
            if provision.id not in cited[edition] and not provision.no_tree and cited[edition]:
                yield Finding("no-tree", _locate(split_page(project.sources[provision.page]), provision, provision.id),
                              f"No tree cites {provision.id}, and no reason is given.",
                              'Cite it, or say in its heading why it needs none: {: no-tree="background" }.', severity=REPORT)


def _fold(text: str) -> str:
    table = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
    return " ".join(text.translate(table).casefold().split())
