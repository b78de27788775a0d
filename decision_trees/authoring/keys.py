"""The keys of the notation, each with what it takes and says: one truth for the parser, the schema and the manual.

What a key takes is a word: `text`, `texts`, `cite`, `condition`, ... or the name of what
it holds (`facts`, `rules`, ...). `publishing.schema` says in JSON Schema what each word means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its name, what it takes, what it says in a line, and whether it must stand."""

    name: str
    takes: str
    says: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The keys of one kind of mapping. `name` is its name in the schema."""

    name: str
    says: str
    keys: tuple[Key, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The keys' names, in the order of the manual."""
        return tuple(key.name for key in self.keys)


NAME = "[a-z][a-z0-9-]*"
"""What names are made of."""
RESERVED = frozenset(
    "is in has and or not none end of month months day days week weeks working otherwise go-on tree change".split()
)
"""Words of the notation, which can't be names of facts, sets and lets."""
KINDS = ("options", "many", "number", "money", "date")
"""The kinds of a fact; it has exactly one of them as a key."""


def is_name(text: str) -> bool:
    """Say whether a text can be a name."""
    return re.fullmatch(NAME, text, re.ASCII) is not None


TREE = Table("tree", "One question, with the rules that answer it.", (
    Key("tree", "name", "The tree's name: the topic that it answers.", required=True),
    Key("ask", "text", "The question as a reader would put it.", required=True),
    Key("about", "text", "One line on whom or what the tree is for."),
    Key("roles", "texts", "Who asks: roles of the edition."),
    Key("facts", "facts", "What the reader is asked: each fact by its name.", required=True),
    Key("sets", "sets", "Named lists of options, for `in`."),
    Key("let", "lets", "Names for conditions and for quantities that are worked out."),
    Key("check", "checks", "Answers that can't be, each with what to tell the reader."),
    Key("decide", "rules", "The rules, in order: the first that holds decides, and the last is `otherwise`.", required=True),
    Key("outcomes", "outcomes", "What the rules lead to: each outcome by its name.", required=True),
    Key("also", "duties", "What else must be done: duties that come with outcomes."),
    Key("doubt", "doubt", "Whom to ask in doubt, if not the one whom the edition names."),
))

FACT = Table("fact", "One thing about the case, asked once. It has exactly one of options, many, number, money and date.", (
    Key("ask", "text", "The question, in the second person.", required=True),
    Key("hint", "text", "Help with answering, under the question."),
    Key("why", "text", "One sentence on what hangs on the answer."),
    Key("cite", "cite", "The provisions that make it matter."),
    Key("options", "options", "The answers, of which one is chosen: name and label."),
    Key("many", "many", "The answers, of which any number is chosen; needs `none`."),
    Key("number", "bounds", "A number between two bounds."),
    Key("money", "bounds", "A sum in pounds between two bounds."),
    Key("date", "bounds", "A date between two dates."),
    Key("none", "text", "With `many`: the words for choosing nothing."),
    Key("unsure", "text", "With `options`: the option that stands for “not sure”."),
))

OPTION = Table("option", "An answer with more than a label.", (
    Key("label", "text", "What the reader sees.", required=True),
    Key("hint", "text", "What it means, in smaller print."),
))

BOUNDS = Table("bounds", "The least and the greatest value that can be answered.", (
    Key("from", "amount", "The least value.", required=True),
    Key("to", "amount", "The greatest value.", required=True),
    Key("step", "amount", "The step between values: 1 if nothing is said, of money a penny."),
    Key("unit", "text", "What is counted: months, days, members."),
    Key("default", "today", "Of a date: `today`, which is filled in."),
))

LET = Table("let", "A name for a condition or a quantity, with words for pages without script.", (
    Key("is", "condition", "The condition or the quantity that it stands for.", required=True),
    Key("ask", "text", "The question that asks for it; a comparison of two facts needs one."),
    Key("hint", "text", "Help with answering."),
    Key("words", "text", "What to call a quantity where its value is not known."),
    Key("cite", "cite", "The provisions that it rests on."),
))

CHECK = Table("check", "Answers that can't be.", (
    Key("when", "condition", "Where this holds, the answers are rejected.", required=True),
    Key("say", "text", "What is wrong with them.", required=True),
))

RULE = Table("rule", "One rule: `when` and either `then` or a nested `decide`; or `otherwise` alone.", (
    Key("when", "condition", "The rule holds where this does."),
    Key("unless", "condition", "And where this does not."),
    Key("then", "then", "The outcome; in nested rules also go-on: the rules after these decide."),
    Key("decide", "rules", "Nested rules, for where the rule holds."),
    Key("otherwise", "otherwise", "The last rule: the outcome of everything else, or nested rules."),
    Key("cite", "cite", "The provisions of this rule, if it has its own."),
))

OUTCOME = Table("outcome", "A verdict and what it means.", (
    Key("verdict", "verdict", "yes, yes-if, no, refer or silent.", required=True),
    Key("say", "text", "What the reader may or must do, in a sentence or two.", required=True),
    Key("brief", "text", "The same in two to six words, after “No: ”."),
    Key("to", "text", "With `refer`: who decides."),
    Key("note", "text", "What a careful reader should know besides."),
    Key("cite", "cite", "The provisions that decide."),
))

DUTY = Table("duty", "Something that must be done with some outcomes.", (
    Key("say", "text", "What must be done.", required=True),
    Key("when", "condition", "It comes only where this holds."),
    Key("unless", "condition", "And only where this does not."),
    Key("for", "texts", "Outcomes, verdicts or any; yes and yes-if if nothing is said."),
    Key("ask", "flag", "true: the condition is worth a question of its own after the outcome."),
    Key("if", "text", "Words for the condition where it is left open: If you go alone."),
    Key("group", "text", "A heading over several duties."),
    Key("cite", "cite", "The provisions that it rests on."),
))

DOUBT = Table("doubt", "Whom to ask in doubt.", (
    Key("to", "text", "The post or body.", required=True),
    Key("cite", "cite", "The provision that names it."),
))

SCENARIOS = Table("scenarios", "Stories that prove a tree.", (
    Key("tree", "text", "The tree: its topic, or edition/topic.", required=True),
    Key("cases", "cases", "The stories.", required=True),
))

CASE = Table("case", "A story with answers and where it must end: exactly one of outcome, open and rejected.", (
    Key("story", "text", "The case as a colleague would tell it."),
    Key("answers", "answers", "Fact and value; a list for `many`, none for nothing, ? for not sure."),
    Key("outcome", "text", "The outcome that it must reach."),
    Key("verdict", "verdict", "The verdict that the outcome must have."),
    Key("duties", "texts", "Words of duties that must come for certain."),
    Key("without", "texts", "Words that no certain duty may hold."),
    Key("cite", "texts", "Provisions that the outcome must cite."),
    Key("rejected", "flag", "true: the answers must be rejected."),
    Key("open", "text", "The fact that the reader is not sure of, where the walk stays open."),
))

EDITION = Table("edition", "One council's protocol: `edition` in the front matter of its folder's index.md.", (
    Key("name", "text", "The edition's short name.", required=True),
    Key("body", "text", "Whose protocol it is, in full.", required=True),
    Key("document", "text", "The document's title.", required=True),
    Key("restates", "text", "Which provisions of it are restated.", required=True),
    Key("source", "text", "What is known of its version and dates.", required=True),
    Key("version", "text", "The edition's own version.", required=True),
    Key("issued", "day", "When this version was issued.", required=True),
    Key("approved", "text", "When, or by whom, the document was approved."),
    Key("source-review", "day", "When the document says that it is due for review itself."),
    Key("next-review", "day", "When it is to be looked at again; a page shows when that is past."),
    Key("kept-by", "text", "Who keeps the edition."),
    Key("roles", "words", "What the edition calls each role: member: Councillors."),
    Key("doubt", "doubt", "Whom to ask in doubt."),
    Key("terms", "words", "What the protocol's terms mean: term and meaning."),
))

TOPIC = Table("topic", "A question that editions may answer: one entry of the topics file.", (
    Key("ask", "text", "The question.", required=True),
    Key("roles", "texts", "Who asks it."),
    Key("group", "text", "The heading under which it is listed."),
    Key("want", "text", "The end of the sentence “I want to ...”."),
))

COMPARISON = Table("comparison", "One question put to several editions at once.", (
    Key("topic", "text", "The topic that they answer.", required=True),
    Key("facts", "facts", "The facts that they share; `in` says how each edition's own follows from one."),
    Key("case", "answers", "The answers that are shown first."),
    Key("differences", "differences", "Where the editions part."),
    Key("points", "points", "What each edition says, point by point."),
))

DIFFERENCE = Table("difference", "Where the editions part, in a sentence or two.", (
    Key("point", "text", "What it is about.", required=True),
    Key("say", "text", "The difference.", required=True),
))

SAID = Table("said", "What one edition says on a point; the point has one for each edition that speaks of it.", (
    Key("say", "text", "What it says, in our words.", required=True),
    Key("cite", "cite", "Where.", required=True),
))

PACK = Table("pack", "A workshop’s cards: the front matter of a page in the folder workshops.", (
    Key("pack", "name", "The pack’s id: the name of its file.", required=True),
    Key("for", "texts", "Whom it trains: roles of the editions.", required=True),
    Key("minutes", "whole", "How long a workshop with all of its cards takes.", required=True),
    Key("pass", "whole", "How many of a hundred points a learning platform asks for; 75 if nothing is said."),
))

CARD = Table("card", "A case to be decided: the heading above it is its title, the text between the two its story.", (
    Key("who", "text", "Who the reader is in the story.", required=True),
    Key("ask", "text", "What is to be decided; the tree’s own question if nothing is said."),
    Key("cases", "cases", "What the story answers, for one edition or more.", required=True),
    Key("discuss", "texts", "What to talk about afterwards."),
    Key("mistake", "text", "What many get wrong."),
    Key("breach", "texts", "Where somebody in the story did wrong: the provisions of the first case’s edition that were broken."),
))

CARD_CASE = Table("card-case", "How one edition decides a card.", (
    Key("tree", "text", "The tree: edition/topic.", required=True),
    Key("answers", "answers", "What the story says: fact and value; a list for `many`, none for nothing."),
    Key("verdict", "verdict", "The verdict that the tree must give.", required=True),
    Key("outcome", "text", "The outcome that it must reach.", required=True),
))

TABLES = (TREE, FACT, OPTION, BOUNDS, LET, CHECK, RULE, OUTCOME, DUTY, DOUBT, SCENARIOS, CASE)
"""Every kind of mapping that the notation has."""

BESIDE = (EDITION, TOPIC, COMPARISON, DIFFERENCE, SAID, PACK, CARD, CARD_CASE)
"""Every kind of mapping beside it: what a project says of its editions, topics, comparisons and workshops."""
