"""What the site and the command line list: trees, provisions, coverage."""

from __future__ import annotations

from collections.abc import Iterable

from decision_trees.authoring.project import Project
from decision_trees.publishing.urls import page_url, provision_url, tree_url

Row = dict[str, object]

WORDS = {"yes": "Yes", "yes-if": "Yes, if", "no": "No", "refer": "Refer", "silent": "Silent"}
"""The word of each verdict."""


def list_trees(project: Project) -> list[Row]:
    """List the trees as `trees.json` and `list --json` hold them. Addresses start at the site's root."""
    return [
        {
            "id": id, "edition": published.tree.edition, "topic": published.tree.topic, "ask": published.tree.ask,
            "roles": list(published.tree.roles), "facts": [fact.name for fact in published.tree.facts],
            "states": published.diagram.states,
            "outcomes": {outcome.name: outcome.verdict for outcome in published.tree.outcomes},
            "provisions": list(published.provisions), "page": "/" + tree_url(id),
            "reading": "/" + page_url(published.parsed.definition.page),
        }
        for id, published in sorted(project.trees.items())
    ]


def list_provisions(project: Project) -> Row:
    """Give each provision's address, by edition and number."""
    return {
        edition: {number: "/" + provision_url(provision) for number, provision in provisions.items()}
        for edition, provisions in project.provisions.items()
    }


def list_coverage(project: Project) -> list[Row]:
    """Say for each edition which provisions are cited by which trees, which need none, and which are open."""
    rows: list[Row] = []
    for edition, provisions in project.provisions.items():
        cited: dict[str, list[str]] = {}
        for id, published in project.trees.items():
            if published.tree.edition == edition:
                for provision in published.provisions:
                    cited.setdefault(provision, []).append(id)
        free = {p.id: p.no_tree for p in provisions.values() if p.no_tree and p.id not in cited}
        rows.append({
            "edition": edition, "provisions": list(provisions), "cited": {p: cited[p] for p in provisions if p in cited},
            "needs-no-tree": free, "open": [p for p in provisions if p not in cited and p not in free],
        })
    return rows


def say(data: Row) -> str:
    """Say a position in plain text, for a terminal or an e-mail."""
    lines = [f"  {row['ask']}  {row['said']}" for row in _rows(data, "answers")]
    match data["position"]:
        case "reached":
            lines += ["", f"{WORDS[str(data['verdict'])]}. {data['say']}"]
            if data["to"]:
                lines.append(f"To: {data['to']}")
            for duty in _rows(data, "duties"):
                condition = f"{duty['if']}: " if duty["if"] else ""
                lines.append(f"  - {condition}{duty['say']} ({', '.join(_texts(duty, 'provisions'))})")
            lines.append(f"Provisions: {', '.join(_texts(data, 'provisions'))}")
        case "asking":
            lines += ["", f"Next: {data['ask']}"]
            lines += [f"  {data['fact']}={option['name']}  {option['label']}" for option in _rows(data, "options")]
        case "open":
            lines += ["", f"Open, since you are not sure: {data['ask']}"]
            lines += [f"  {WORDS[str(row['verdict'])]}: {row['say']}" for row in _rows(data, "possible")]
        case _:
            lines += [str(problem["say"]) for problem in _rows(data, "problems")]
    return "\n".join(lines).strip("\n")


def _rows(data: Row, key: str) -> list[Row]:
    found = data[key]
    assert isinstance(found, list)
    return found


def _texts(data: Row, key: str) -> Iterable[str]:
    found = data[key]
    assert isinstance(found, list)
    return found
