"""The Python-Markdown extension: a page's definitions become places for trees, its numbered headings provisions.

It needs to be told the page (`page`, its path in the docs folder) and the compiled
project (`site`); the MkDocs plugin does so, and any other generator can.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from decision_trees.authoring.editions import Edition, find_edition
from decision_trees.authoring.pages import is_provision_number
from decision_trees.authoring.project import recall_page
from decision_trees.publishing.html import (
    Site, render_comparison, render_contents, render_edition_head, render_margin, render_previews,
)
from decision_trees.publishing.packs import render_card_key, render_pack_head
from decision_trees.publishing.trees import render_place
from decision_trees.publishing.urls import page_url, provision_page_url, root_from

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TREE = re.compile(r'<details class="tree" id="tree-([a-z0-9-]+)"')
_FENCE_END = re.compile(r"^(`{3,}|~{3,})\s*$")
_TERM = "term:"


class DecisionTreesExtension(Extension):
    """Options: `site`, the compiled Site; `page`, the path of the page that is rendered."""

    def __init__(self, **options: object) -> None:
        self.config = {"site": ["", "The compiled site"], "page": ["", "The page's path in the docs folder"]}
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the steps, if there is a site to render."""
        site = self.getConfig("site")
        if isinstance(site, Site):
            page = str(self.getConfig("page"))
            edition = site.project.editions.get(find_edition(page, site.project.editions))
            md.preprocessors.register(_Fences(md, site, page), "decision-trees", 28)
            if edition is not None:
                md.treeprocessors.register(_Numbers(md), "provision-numbers", 7)
                md.treeprocessors.register(_Statute(md, site, edition, page), "provisions", 4)


def makeExtension(**options: object) -> DecisionTreesExtension:
    """Give the extension to Python-Markdown, which finds it by this name."""
    return DecisionTreesExtension(**options)


class _Fences(Preprocessor):
    """Puts trees in the place of their definitions, and tells Markdown what `[6.31]` refers to."""

    def __init__(self, md: Markdown, site: Site, page: str) -> None:
        super().__init__(md)
        self.site, self.page = site, page

    def run(self, lines: list[str]) -> list[str]:
        project = self.site.project
        edition = find_edition(self.page, project.editions)
        for number, provision in project.provisions.get(edition, {}).items():
            self.md.references[number] = (_link_between(self.page, provision.page) + f"#{number}", "")
        for term in project.editions[edition].terms if edition else ():
            self.md.references[term.lower()] = (_TERM + term, "")
        files = {path: text for path, text in project.sources.items() if not path.endswith(".md")}
        page = recall_page(self.page, "\n".join(lines), edition, files, self.site.store)
        known = {p.parsed.definition.text: id for id, p in project.trees.items() if p.tree.edition == edition} if page.definitions else {}
        out: list[str | None] = list(lines)
        for definition in page.definitions:
            tree = known.get(definition.text)
            html = render_place(tree) if tree else ""
            _replace_fence(out, definition.fence - 1, self.md.htmlStash.store(html) if html else "")
        for definition in page.comparisons:
            topic = next((t for t, c in project.comparisons.items() if c.definition.text == definition.text), "")
            html = render_comparison(self.site, topic, self.page) if topic else ""
            _replace_fence(out, definition.fence - 1, self.md.htmlStash.store(html) if html else "")
        for scenarios in page.scenarios:
            _replace_fence(out, scenarios.fence - 1, "")
        pack = next((each for each in project.packs.values() if each.page == self.page), None)
        for fence in page.cards if pack else ():
            assert pack is not None
            html = render_card_key(self.site, pack, fence.id)
            _replace_fence(out, fence.definition.fence - 1, self.md.htmlStash.store(html))
        if pack is not None:
            title = next((i for i, line in enumerate(out) if line and line.startswith("# ")), -1)
            out[title + 1 : title + 1] = ["", self.md.htmlStash.store(render_pack_head(self.site, pack)), ""]
        return [line for line in out if line is not None]


def _replace_fence(lines: list[str | None], start: int, text: str) -> None:
    """Put `text` in the line where a fence begins, and None for its other lines: to Markdown each blank line is a block."""
    end = next((i for i in range(start + 1, len(lines)) if _FENCE_END.match(lines[i] or "")), len(lines) - 1)
    lines[start : end + 1] = [text, *[None] * (end - start)]


def _link_between(page: str, other: str) -> str:
    """Give the link from one page's source to another's, as an author would write it."""
    if page == other:
        return ""
    ups = "../" * page.count("/")
    folder = page.rpartition("/")[0]
    return other.removeprefix(f"{folder}/") if folder and other.startswith(f"{folder}/") else ups + other


class _Numbers(Treeprocessor):
    """Gives a numbered heading its number as id, before the table of contents makes up another."""

    def run(self, root: etree.Element) -> None:
        for element in root.iter():
            text = "".join(element.itertext()).strip() if element.tag in _HEADINGS else ""
            if is_provision_number(text):
                element.set("id", text)
                element.set("class", f"{element.get('class', '')} provision".strip())


class _Statute(Treeprocessor):
    """Sets a page like a statute book: parts, hanging numbers, notes in the margin, trees under what they rest on."""

    def __init__(self, md: Markdown, site: Site, edition: Edition, page: str) -> None:
        super().__init__(md)
        self.site, self.edition, self.page = site, edition, page
        self.provisions = site.project.provisions[edition.id]
        self.root = root_from(page_url(page))

    def run(self, root: etree.Element) -> None:
        previews = self.link_references(root)
        for items in root.iter("ul"):
            if all("".join(item.itertext()).lstrip().startswith("(") for item in items):
                items.set("class", "lettered")
        blocks = list(root)
        for block in blocks:
            root.remove(block)
        reading = etree.SubElement(root, "div", {"class": "reading"})
        side = etree.SubElement(reading, "nav", {"class": "contents contents--side", "aria-label": "In this edition"})
        self.stash(side, render_contents(self.site, self.edition, self.page))
        main = etree.SubElement(reading, "div", {"class": "reading-main"})
        where: etree.Element = main
        provision: etree.Element | None = None
        for block in blocks:
            if self.read_tree(block):
                self.place_tree(where, block)
                continue
            if block.tag == "h1":
                eyebrow = etree.SubElement(main, "p", {"class": "eyebrow"})
                eyebrow.text = self.edition.body
                main.append(block)
                self.stash(etree.SubElement(main, "div", {"class": "edition-head"}),
                           render_edition_head(self.site, self.edition, self.page))
                continue
            if block.tag in _HEADINGS and "provision" in (block.get("class") or "").split():
                if block.tag == "h2":
                    where = etree.SubElement(main, "section", {"class": "part"})
                provision = self.open_provision(where, block)
                continue
            if block.tag in _HEADINGS:
                provision = None
                if block.tag == "h2":
                    where = etree.SubElement(main, "section", {"class": "part", "aria-labelledby": block.get("id", "")})
                where.append(block)
                continue
            (where if provision is None else provision).append(block)
        if previews[0] or previews[1]:
            self.stash(etree.SubElement(root, "div", {"class": "previews"}),
                       render_previews(self.site, self.edition, *previews, self.page))
        self.add_margins(main)

    def open_provision(self, where: etree.Element, heading: etree.Element) -> etree.Element:
        """Begin a provision and give the element that takes its text."""
        number = heading.get("id", "")
        found = self.provisions[number]
        box = etree.SubElement(where, "div", {
            "class": "provision", "id": number, "data-binds": " ".join(found.binds or tuple(self.edition.roles)),
            "data-own": self.root + provision_page_url(self.edition.id, number),
        })
        for name in ("id", "class", "binds", "no-tree"):
            heading.attrib.pop(name, None)
        if is_provision_number(number):
            heading.set("class", "provision-number")
            heading.text = ""
            link = etree.SubElement(heading, "a", {"href": f"#{number}", "aria-label": f"{number}, link to this provision"})
            link.text = number + " "
            self.stash_into(link, '<svg aria-hidden="true"><use href="#link"/></svg>')
        else:
            heading.set("class", "provision-title")
        box.append(heading)
        text = etree.SubElement(box, "div", {"class": "provision-text"})
        folded = etree.SubElement(box, "p", {"class": "provision-folded"})
        names = [self.edition.roles.get(role, role) for role in found.binds]
        folded.text = f"Binds {' and '.join(names).lower()} only. Choose All to read it."
        return text

    def place_tree(self, where: etree.Element, block: etree.Element) -> None:
        """Put a tree under the run of provisions just above it that it rests on, and join them by the tape."""
        topic = self.read_tree(block)
        published = self.site.project.trees[f"{self.edition.id}/{topic}"]
        run: list[etree.Element] = []
        for element in reversed(list(where)):
            if element.get("class") == "provision" and element.get("id") in published.provisions:
                run.insert(0, element)
            elif element.get("class") == "decided" and not run:
                element.append(self.as_block(block))
                return
            else:
                break
        box = etree.Element("div", {"class": "decided"})
        for element in run:
            where.remove(element)
            box.append(element)
        box.append(self.as_block(block))
        where.append(box)

    def add_margins(self, main: etree.Element) -> None:
        """Add the margin notes, once it is known which trees stand beside which provisions."""
        for parent in main.iter():
            here = frozenset(
                f"{self.edition.id}/{self.read_tree(child)}" for child in parent if self.read_tree(child)
            )
            for child in parent:
                if child.get("class") == "provision":
                    html = render_margin(self.site, self.provisions[child.get("id", "")], self.edition, here).strip()
                    if html:
                        note = etree.SubElement(child, "div", {"class": "margin"})
                        self.stash(note, html)

    def link_references(self, root: etree.Element) -> tuple[list[str], list[str]]:
        """Turn references into links with previews, and terms into buttons. Gives the numbers and terms used."""
        numbers: dict[str, None] = {}
        terms: dict[str, None] = {}
        for element in root.iter("a"):
            href = element.get("href", "")
            number = href.rpartition("#")[2]
            if href.startswith(_TERM):
                term = href.removeprefix(_TERM)
                terms.setdefault(term)
                element.tag = "button"
                element.attrib.clear()
                element.attrib.update({"class": "term", "type": "button",
                                       "popovertarget": f"term-{term.lower().replace(' ', '-')}"})
            elif number in self.provisions and "".join(element.itertext()).strip() == number:
                numbers.setdefault(number)
                element.set("class", "cross-reference")
                element.set("data-preview", f"preview-{number}")
        return list(numbers), list(terms)

    def read_tree(self, block: etree.Element) -> str:
        """Give the topic of the tree that a block holds the place of, or nothing."""
        html = self.find_stashed(block)
        match = _TREE.match(html.lstrip()) if html else None
        return match[1] if match else ""

    def find_stashed(self, block: etree.Element) -> str:
        text = (block.text or "").strip()
        if block.tag not in ("p", "div") or len(block) or not text.startswith("\x02wzxhzdk:"):
            return ""
        index = int(text.removeprefix("\x02wzxhzdk:").rstrip("\x03"))
        stashed = self.md.htmlStash.rawHtmlBlocks[index]
        return stashed if isinstance(stashed, str) else ""

    def as_block(self, block: etree.Element) -> etree.Element:
        block.tag = "p"
        return block

    def stash(self, element: etree.Element, html: str) -> None:
        element.text = self.md.htmlStash.store(html.strip())

    def stash_into(self, element: etree.Element, html: str) -> None:
        element.text = (element.text or "") + self.md.htmlStash.store(html)
