"""All pages of a project -> its editions, trees, provisions and findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from decision_trees.authoring import source
from decision_trees.authoring.analysis import check_tree
from decision_trees.authoring.compiler import BUDGET, Compiled, freeze
from decision_trees.authoring.comparisons import ComparedTopic, parse_comparison
from decision_trees.authoring.findings import ERROR, Finding, Span, sort_findings, suggest
from decision_trees.authoring.notation import Definition, Parsed, parse
from decision_trees.authoring.pages import Page, Provision, read_page, split_front_matter
from decision_trees.authoring.scenarios import Scenario, parse_scenarios, run_all
from decision_trees.runtime.calendar import Calendar
from decision_trees.runtime.model import Diagram, Doubt, Tree

_EDITION_KEYS = (
    "name", "body", "document", "restates", "source", "version", "issued", "approved", "next-review", "kept-by",
    "roles", "doubt", "terms",
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What `mkdocs.yml` says to the compiler."""

    calendar: Calendar | None = None
    budget: int = BUDGET
    hardest: float = 0.0


@dataclass(frozen=True, slots=True)
class Edition:
    """One council's protocol, restated. Dates are ISO texts; `roles` says how it calls members and officers."""

    id: str
    name: str
    body: str
    document: str
    restates: str
    source: str
    version: str
    issued: str
    approved: str
    next_review: str
    kept_by: str
    roles: Mapping[str, str]
    terms: Mapping[str, str]
    doubt: Doubt | None
    index: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A question that editions may answer. `want` ends the sentence "I want to ..."."""

    id: str
    ask: str
    roles: tuple[str, ...]
    group: str
    want: str = ""


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


def find_edition(path: str, editions: Iterable[str]) -> str:
    """Give the edition that owns a page: the one whose folder it lies in. Empty if none does."""
    return next((edition for edition in editions if path.startswith(f"{edition}/")), "")


def load_project(sources: Mapping[str, str], settings: Settings | None = None, topics: str = "") -> Project:
    """Read, parse, compile and check every page. `sources` maps paths in the docs folder to their text."""
    settings = settings or Settings()
    reader = source.Reader()
    editions = {e.id: e for path, text in sources.items() if (e := _read_edition(path, text, reader)) is not None}
    known = _read_topics(topics, reader)
    pages = {path: read_page(text, path, find_edition(path, editions), sources)
             for path, text in sources.items() if path.endswith(".md")}
    findings = [*reader.findings, *(finding for page in pages.values() for finding in page.findings)]
    trees: dict[str, PublishedTree] = {}
    scenarios: list[Scenario] = []
    project = Project(sources, pages, editions, known, trees, (), {}, (), settings)
    findings += _check_provisions(project)
    for page in pages.values():
        for definition in page.definitions:
            findings += _add_tree(definition, project, trees)
        for definition in page.scenarios:
            cases, mistakes = parse_scenarios(definition)
            scenarios += cases
            findings += mistakes
    comparisons: dict[str, ComparedTopic] = {}
    for page in pages.values():
        for definition in page.comparisons:
            compared, mistakes = parse_comparison(definition, {i: t.tree for i, t in trees.items()}, project.provisions)
            findings += mistakes
            if compared is not None:
                comparisons[compared.comparison.topic] = compared
    findings += run_all(scenarios, project.diagrams())
    findings += _check_coverage(project)
    return Project(sources, pages, editions, known, trees, tuple(scenarios), comparisons, tuple(sort_findings(findings)), settings)


def _add_tree(definition: Definition, project: Project, trees: dict[str, PublishedTree]) -> list[Finding]:
    if not definition.edition:
        return [Finding("no-edition", Span(definition.page, definition.fence, 1), "This tree belongs to no edition.",
                        "Move the page into an edition's folder: one whose index.md has `edition:` in its front matter.")]
    parsed = parse(definition, project.settings.calendar)
    if isinstance(parsed, list):
        return parsed
    tree = parsed.tree
    if tree.id in trees:
        return [Finding("tree-twice", parsed.places["tree"], f"`{tree.id}` is defined on page {trees[tree.id].parsed.definition.page} already.",
                        "Give this one another name, or delete one of the two.")]
    findings: list[Finding] = []
    if project.topics and tree.topic not in project.topics:
        findings.append(Finding("unknown-topic", parsed.places["tree"], f"`{tree.topic}` is not a topic of this project.",
                                suggest(tree.topic, project.topics)))
    compiled, mistakes = check_tree(parsed, project.settings.budget)
    findings += mistakes
    findings += _check_citations(parsed, project.provisions[tree.edition])
    if compiled is not None:
        trees[tree.id] = PublishedTree(parsed, compiled, freeze(compiled))
    return findings


def _check_citations(parsed: Parsed, provisions: Mapping[str, Provision]) -> Iterator[Finding]:
    for citation, span in parsed.citations:
        provision = provisions.get(citation.provision)
        if provision is None:
            yield Finding("unknown-provision", span, f"This edition has no provision {citation.provision}.",
                          suggest(citation.provision, provisions))
        elif citation.words and _fold(citation.words) not in _fold(provision.text):
            yield Finding("words-not-found", span, f"{citation.provision} does not say “{citation.words}”.",
                          f"It says: {provision.text[:160]}")


def _check_provisions(project: Project) -> Iterator[Finding]:
    seen: dict[tuple[str, str], Provision] = {}
    for path, page in project.pages.items():
        edition = find_edition(path, project.editions)
        for provision in page.provisions:
            span = Span(path, provision.line, 1, 4)
            if not edition:
                yield Finding("no-edition", span, f"Provision {provision.id} belongs to no edition.",
                              "Move the page into an edition's folder.")
                continue
            first = seen.setdefault((edition, provision.id), provision)
            if first is not provision:
                yield Finding("provision-twice", span, f"Provision {provision.id} stands on {first.page}:{first.line} already.",
                              "Every number stands once in an edition.")


def _check_coverage(project: Project) -> Iterator[Finding]:
    cited: dict[str, set[str]] = {edition: set() for edition in project.editions}
    for published in project.trees.values():
        cited[published.tree.edition] |= set(published.provisions)
    for edition, provisions in project.provisions.items():
        for provision in provisions.values():
            if provision.id not in cited[edition] and not provision.no_tree and cited[edition]:
                yield Finding("no-tree", Span(provision.page, provision.line, 1, 4),
                              f"No tree cites {provision.id}, and no reason is given.",
                              'Cite it, or say why it needs none: {: no-tree="background" }.', severity="report")


def _read_edition(path: str, text: str, reader: source.Reader) -> Edition | None:
    folder, _, name = path.rpartition("/")
    front_matter, _ = split_front_matter(text)
    if name != "index.md" or "/" in folder or not folder or not front_matter:
        return None
    root = reader.compose(front_matter, path, 2)
    node = root.get("edition") if isinstance(root, source.Mapping) else None
    spec = reader.mapping(node, "`edition`", _EDITION_KEYS)
    if spec is None:
        return None
    what = "An edition"
    doubt = reader.mapping(spec.get("doubt"), "`doubt`", ("to", "cite"))
    return Edition(
        id=folder, name=reader.text(spec, "name", required=what), body=reader.text(spec, "body", required=what),
        document=reader.text(spec, "document", required=what), restates=reader.text(spec, "restates", required=what),
        source=reader.text(spec, "source", required=what), version=reader.text(spec, "version", required=what),
        issued=reader.text(spec, "issued", required=what), approved=reader.text(spec, "approved"),
        next_review=reader.text(spec, "next-review"), kept_by=reader.text(spec, "kept-by"),
        roles=_read_words(spec, "roles", reader), terms=_read_words(spec, "terms", reader),
        doubt=Doubt(reader.text(doubt, "to"), reader.text(doubt, "cite")) if doubt else None, index=path,
    )


def _read_topics(text: str, reader: source.Reader) -> dict[str, Topic]:
    root = reader.compose(text, "topics.yml") if text else None
    topics: dict[str, Topic] = {}
    for name, node in root.entries if isinstance(root, source.Mapping) else ():
        spec = reader.mapping(node, f"The topic `{name.value}`", ("ask", "roles", "group", "want"))
        if spec is not None:
            topics[name.value] = Topic(name.value, reader.text(spec, "ask", required="A topic"),
                                       tuple(t.value for t in reader.texts(spec, "roles")), reader.text(spec, "group"), reader.text(spec, "want"))
    return topics


def _read_words(spec: source.Mapping, key: str, reader: source.Reader) -> dict[str, str]:
    mapping = reader.mapping(spec.get(key), f"`{key}`")
    return {
        name.value: " ".join(value.value.split())
        for name, value in (mapping.entries if mapping else ()) if isinstance(value, source.Text)
    }


def _fold(text: str) -> str:
    table = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
    return " ".join(text.translate(table).casefold().split())


