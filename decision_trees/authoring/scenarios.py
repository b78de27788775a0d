"""Stories with answers and the outcome they must have: the author's tests, beside the tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from decision_trees.authoring import keys, source
from decision_trees.authoring.findings import Finding, Span, suggest
from decision_trees.authoring.notation import Definition
from decision_trees.runtime.engine import Asking, Open, Position, Reached, Rejected, advance
from decision_trees.runtime.model import Diagram


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story. `outcome`, `open` (the fact not sure of) or `rejected` says where it must end.

    `duties` are words that some certain duty must hold, `without` words that no
    certain duty may hold; `cite` lists provisions that must decide.
    """

    tree: str
    story: str
    answers: Mapping[str, str]
    outcome: str
    verdict: str
    duties: tuple[str, ...]
    without: tuple[str, ...]
    cite: tuple[str, ...]
    open: str
    rejected: bool
    span: Span


def parse_scenarios(definition: Definition) -> tuple[list[Scenario], list[Finding]]:
    """Read a fence of scenarios: `tree:` and `cases:`, each with a story, answers and an outcome."""
    reader = source.Reader()
    root = reader.compose(definition.text, definition.source, definition.line, definition.indent)
    mapping = reader.mapping(root, "Scenarios", keys.SCENARIOS.names)
    if mapping is None:
        return [], reader.findings
    topic = reader.text(mapping, "tree", required="Scenarios")
    tree = topic if "/" in topic else f"{definition.edition}/{topic}"
    if mapping.get("cases") is None:
        reader.find("missing-key", mapping.span, "Scenarios need `cases`: the stories.")
    cases = [case for node in reader.items(mapping, "cases") if (case := _read_case(reader, node, tree)) is not None]
    return cases, reader.findings


def _read_case(reader: source.Reader, node: source.Node, tree: str) -> Scenario | None:
    spec = reader.mapping(node, "A scenario", keys.CASE.names)
    if spec is None:
        return None
    answers = reader.mapping(spec.get("answers"), "`answers`")
    given: dict[str, str] = {}
    for name, value in answers.entries if answers else ():
        if isinstance(value, source.Text):
            given[name.value] = value.value
        elif isinstance(value, source.Sequence):
            given[name.value] = ",".join(item.value for item in value.items if isinstance(item, source.Text))
    ends = [key for key in ("outcome", "open", "rejected") if spec.get(key) is not None]
    if len(ends) != 1:
        reader.find("missing-key", spec.span, "A scenario needs exactly one of `outcome`, `open` and `rejected`.")
        return None
    is_rejected = reader.flag(spec, "rejected")
    if ends == ["rejected"] and not is_rejected:
        reader.find("wrong-value", spec.key_span("rejected"), "`rejected` is true, or left out.")
        return None
    return Scenario(
        tree, reader.text(spec, "story"), given, reader.text(spec, "outcome"), reader.text(spec, "verdict"),
        tuple(t.value for t in reader.texts(spec, "duties")), tuple(t.value for t in reader.texts(spec, "without")),
        tuple(t.value for t in reader.texts(spec, "cite")), reader.text(spec, "open"), is_rejected, spec.span,
    )


def run_scenario(scenario: Scenario, diagrams: Mapping[str, Diagram]) -> tuple[Position | None, list[Finding]]:
    """Walk one scenario and give where it ends and what is wrong with that."""
    diagram = diagrams.get(scenario.tree)
    if diagram is None:
        return None, [Finding("unknown-tree", scenario.span, f"There is no tree `{scenario.tree}`.", suggest(scenario.tree, diagrams))]
    position = advance(diagram, scenario.answers)
    wrong = list(_compare(scenario, position, diagram))
    path = " ".join(f"{k}={v}" for k, v in scenario.answers.items())
    return position, [
        Finding("scenario-failed", scenario.span, message, f"Answers: {path or 'none'}. Given: {say_position(position, diagram)}")
        for message in wrong
    ]


def run_all(scenarios: Iterable[Scenario], diagrams: Mapping[str, Diagram]) -> list[Finding]:
    """Run every scenario and list what fails."""
    return [finding for scenario in scenarios for finding in run_scenario(scenario, diagrams)[1]]


def say_position(position: Position, diagram: Diagram) -> str:
    """Say a position in a line, for the author."""
    match position:
        case Reached(outcome):
            return f"{outcome} ({diagram.tree.outcome_of[outcome].verdict})"
        case Asking(fact):
            return f"still asking `{fact}`"
        case Open(fact):
            return f"open, not sure of `{fact}`"
        case Rejected(problems):
            return "rejected: " + " ".join(problem.say for problem in problems)


def _compare(scenario: Scenario, position: Position, diagram: Diagram) -> Iterator[str]:
    tree = diagram.tree
    if scenario.rejected:
        if not isinstance(position, Rejected):
            yield "These answers should be rejected, and are not."
        return
    if scenario.open:
        if not isinstance(position, Open) or position.fact != scenario.open:
            yield f"This should stay open at `{scenario.open}`."
        return
    if scenario.outcome not in tree.outcome_of:
        yield f"`{tree.id}` has no outcome `{scenario.outcome}`."
        return
    if not isinstance(position, Reached) or position.outcome != scenario.outcome:
        yield f"This should end at `{scenario.outcome}`."
        return
    outcome = tree.outcome_of[position.outcome]
    if scenario.verdict and scenario.verdict != outcome.verdict:
        yield f"The verdict should be `{scenario.verdict}` and is `{outcome.verdict}`."
    due = [duty.say for duty in position.duties if duty.certain]
    for words in scenario.duties:
        if not any(words.casefold() in say.casefold() for say in due):
            yield f"No duty says “{words}”."
    for words in scenario.without:
        if any(words.casefold() in say.casefold() for say in due):
            yield f"A duty says “{words}” and should not come."
    cited = {citation.provision for citation in outcome.cite}
    for provision in scenario.cite:
        if provision not in cited:
            yield f"The outcome should cite {provision}."
