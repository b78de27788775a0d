"""Stories with answers and the outcome they must have: the author's tests, beside the tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from decision_trees.authoring import keys, source
from decision_trees.authoring.findings import Finding, Span, suggest
from decision_trees.authoring.notation import Definition
from decision_trees.runtime.conditions import is_comparison
from decision_trees.runtime.engine import Asking, Open, Position, Reached, Rejected, advance
from decision_trees.runtime.model import VERDICTS, Diagram


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
    places: Mapping[str, Span] = field(default_factory=dict)
    """Where the outcome and each answer stand: `outcome`, `answer post`, ..."""


def parse_scenarios(definition: Definition) -> tuple[list[Scenario], list[Finding]]:
    """Read a fence of scenarios: `tree:` and `cases:`, each with a story, answers and an outcome."""
    reader = source.Reader()
    root = reader.compose(definition.text, definition.source, definition.line, definition.indent)
    mapping = reader.mapping(root, "Scenarios", keys.SCENARIOS.names)
    if mapping is None:
        return [], reader.findings
    topic = reader.text(mapping, "tree", required="Scenarios")
    if topic and "/" not in topic and not definition.edition:
        reader.find("no-edition", mapping.key_span("tree"), "These scenarios belong to no edition.",
                    "Move the page into an edition's folder, or name the tree with its edition: `nottingham/attend-group-meeting`.")
        return [], reader.findings
    tree = topic if "/" in topic else f"{definition.edition}/{topic}"
    if mapping.get("cases") is None:
        reader.find("missing-key", mapping.head, "Scenarios need `cases`: the stories.", "Add `cases:` with a list of stories.")
    cases = [case for node in reader.items(mapping, "cases") if (case := _read_case(reader, node, tree)) is not None]
    return cases if topic else [], reader.findings


def _read_case(reader: source.Reader, node: source.Node, tree: str) -> Scenario | None:
    spec = reader.mapping(node, "A scenario", keys.CASE.names)
    if spec is None:
        return None
    given, places = read_given(reader, spec)
    ends = [key for key in ("outcome", "open", "rejected") if spec.get(key) is not None]
    if len(ends) != 1:
        reader.find("missing-key", spec.span, "A scenario needs exactly one of `outcome`, `open` and `rejected`.",
                    "Say where the answers must lead: `outcome: ` with the name of an outcome.")
        return None
    is_rejected = reader.flag(spec, "rejected")
    if ends == ["rejected"] and not is_rejected:
        if reader.text(spec, "rejected") == "false":
            reader.find("wrong-value", spec.key_span("rejected"), "`rejected` is true, or left out.", "Say the outcome.")
        return None
    return Scenario(
        tree, reader.text(spec, "story"), given, reader.text(spec, "outcome"), read_verdict(reader, spec),
        tuple(t.value for t in reader.texts(spec, "duties")), tuple(t.value for t in reader.texts(spec, "without")),
        tuple(t.value for t in reader.texts(spec, "cite")), reader.text(spec, "open"), is_rejected, spec.span, places,
    )


def read_given(reader: source.Reader, spec: source.Mapping) -> tuple[dict[str, str], dict[str, Span]]:
    """Read `answers`, and where each of them and the outcome stand."""
    answers = reader.mapping(spec.get("answers"), "`answers`")
    given: dict[str, str] = {}
    places: dict[str, Span] = {}
    for name, value in answers.entries if answers else ():
        places[f"answer {name.value}"] = name.span
        if isinstance(value, source.Text):
            given[name.value] = value.value
        elif isinstance(value, source.Sequence):
            given[name.value] = ",".join(item.value for item in value.items if isinstance(item, source.Text))
        else:
            reader.find("wrong-value", name.span, f"The answer to `{name.value}` must be a text, or a list of options.",
                        f"Write `{name.value}: ` with one answer, or `[one, another]`.")
    end = spec.get("outcome")
    return given, places if end is None else {**places, "outcome": end.span}


def read_verdict(reader: source.Reader, spec: source.Mapping, required: str = "") -> str:
    """Read `verdict`; `required` says what lacks it."""
    verdict = reader.text(spec, "verdict", required=required)
    if verdict and verdict not in VERDICTS:
        reader.find("unknown-verdict", spec.key_span("verdict"), f"`{verdict}` is not a verdict.", suggest(verdict, VERDICTS))
    return verdict


def run_scenario(scenario: Scenario, diagrams: Mapping[str, Diagram]) -> tuple[Position | None, list[Finding]]:
    """Walk one scenario and give where it ends and what is wrong with that."""
    diagram = diagrams.get(scenario.tree)
    if diagram is None:
        return None, [Finding("unknown-tree", scenario.span, f"There is no tree `{scenario.tree}`.",
                              suggest(scenario.tree, diagrams) or "This project has no trees.")]
    position = advance(diagram, scenario.answers)
    misspelt = list(check_names(scenario, diagram))
    if misspelt:
        return position, misspelt
    command = " ".join([f"decision-trees ask {scenario.tree}", *(f"-a {k}={v}" for k, v in scenario.answers.items())])
    return position, [
        Finding("scenario-failed", scenario.span, message, f"If the tree is right, mend the scenario. Walk it: {command}")
        for message in _compare(scenario, position, diagram)
    ]


def run_all(scenarios: Iterable[Scenario], diagrams: Mapping[str, Diagram]) -> list[Finding]:
    """Run every scenario and list what fails."""
    return [finding for scenario in scenarios for finding in run_scenario(scenario, diagrams)[1]]


def check_names(scenario: Scenario, diagram: Diagram) -> Iterator[Finding]:
    """Check that the tree has the facts and the outcome that a scenario names."""
    tree = diagram.tree
    known = [*tree.fact_of, *(let.name for let in tree.lets if is_comparison(let))]
    for name in scenario.answers:
        if name not in known and name.partition(".")[0] not in tree.fact_of:
            yield Finding("unknown-name", scenario.places.get(f"answer {name}", scenario.span),
                          f"`{tree.id}` asks for no `{name}`.", suggest(name, known))
    if scenario.outcome and scenario.outcome not in tree.outcome_of:
        yield Finding("unknown-outcome", scenario.places.get("outcome", scenario.span),
                      f"`{tree.id}` has no outcome `{scenario.outcome}`.", suggest(scenario.outcome, tree.outcome_of))
    if scenario.open and scenario.open not in known:
        yield Finding("unknown-name", scenario.span, f"`{tree.id}` asks for no `{scenario.open}`.", suggest(scenario.open, known))


def say_position(position: Position, diagram: Diagram) -> str:
    """Say where answers lead, as the end of a sentence."""
    match position:
        case Reached(outcome):
            return f"ends at `{outcome}` ({diagram.tree.outcome_of[outcome].verdict})"
        case Asking(fact):
            return f"still asks for `{fact}`"
        case Open(fact):
            return f"stays open at `{fact}`"
        case Rejected(problems):
            return "is rejected: " + " ".join(problem.say for problem in problems)


def _compare(scenario: Scenario, position: Position, diagram: Diagram) -> Iterator[str]:
    tree = diagram.tree
    said = say_position(position, diagram).rstrip(".")
    if scenario.rejected:
        if not isinstance(position, Rejected):
            yield f"This should be rejected, but {said}."
        return
    if scenario.open:
        if not isinstance(position, Open) or position.fact != scenario.open:
            yield f"This should stay open at `{scenario.open}`, but {said}."
        return
    if not isinstance(position, Reached) or position.outcome != scenario.outcome:
        yield f"This should end at `{scenario.outcome}`, but {said}."
        return
    outcome = tree.outcome_of[position.outcome]
    if scenario.verdict and scenario.verdict != outcome.verdict:
        yield f"The verdict should be `{scenario.verdict}`, but is `{outcome.verdict}`."
    due = [duty.say for duty in position.duties if duty.certain]
    for words in scenario.duties:
        if not any(words.casefold() in say.casefold() for say in due):
            yield f"A duty should say “{words}”, but none that is certain does."
    for words in scenario.without:
        if any(words.casefold() in say.casefold() for say in due):
            yield f"No duty should say “{words}”, but one does."
    cited = {citation.provision for citation in outcome.cite}
    for provision in scenario.cite:
        if provision not in cited:
            yield f"The outcome should cite {provision}, but cites {', '.join(sorted(cited)) or 'nothing'}."
