"""Every example of the CommonMark specification, and those that come out in another way, with the reason.

A link's ``target`` and ``rel``, the style of code, ``dir`` and white space between tags are not compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from markdown_it.rules_inline import StateInline

from sfstream.markdown.emphasis import State
from sfstream.markdown.renderer import rendered
from tests.markdown.spec import Example, examples, needs_examples

pytestmark = needs_examples


def numbers(text: str) -> set[int]:
    """The numbers of a list such as "3, 5-7"."""
    ends = [[int(end) for end in part.split("-")] for part in text.split(",")]
    return {number for part in ends for number in range(part[0], part[-1] + 1)}


RAW_HTML = numbers("21, 31, 148-191, 201, 308-309, 344, 475-477, 491, 494, 524, 536, 613-617, 623, 625-631, 642-643")
"""Raw HTML is text."""
IMAGES = numbers("517, 520, 531, 572-589, 591")
"""An image from elsewhere is a link that names its host."""
SCHEMES = numbers("596, 598-599, 601")
"""Only the web and mail are linked to."""
BARE_ADDRESSES = numbers("608, 611-612")
"""Bare addresses are links, as in GitHub's Markdown."""
RELATIVE = numbers(
    "22-23, 32-33, 192-196, 198, 200, 202-208, 210, 214-218, 317, 404, 419, 422,"
    " 433, 473-474, 482-487, 489, 492, 495-496, 498-507, 509-510, 512,"
    " 514-516, 518-519, 521-522, 527-530, 532-535, 537-545, 549-550, 553-571, 592-593"
)
"""A relative link would lead to somewhere in the notebook's server: it stays text."""


def different(wanted: Iterable[Example]) -> set[int]:
    """The numbers of the examples that come out in another way."""
    return {
        example.number
        for example in wanted
        if normal(example.html) != normal("".join(rendered(example.markdown, "mathml")))
    }


def normal(html: str) -> str:
    """HTML without what is not compared."""
    html = re.sub(r' (target|rel|style|class|dir)="[^"]*"', "", html)
    html = re.sub(r"<span>(.*?)</span>", r"\1", html)
    html = html.replace(" />", ">").replace("&quot;", '"').replace("\u00a0", "&nbsp;")
    return re.sub(r">\s*\n\s*|\s*\n\s*<", lambda found: found[0].strip(), html).strip()


def test_what_differs_is_listed() -> None:
    """Every example comes out as the specification has it, but for the listed ones."""
    assert RAW_HTML | IMAGES | SCHEMES | BARE_ADDRESSES | RELATIVE == different(examples())


def test_no_example_is_listed_twice() -> None:
    """Each difference has one reason."""
    groups = [RAW_HTML, IMAGES, SCHEMES, BARE_ADDRESSES, RELATIVE]
    assert len(set().union(*groups)) == sum(map(len, groups))


def test_relative_links_differ_in_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were relative links let through, their examples would come out as the specification has them."""
    for module in ("inline_rules", "sanitize"):
        monkeypatch.setattr(f"sfstream.markdown.{module}.is_web", lambda url: True)
    assert different(example for example in examples() if example.number in RELATIVE) == set()


def test_the_rule_for_cjk_changes_no_example(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is emphasised in the examples is the same with CommonMark's own rule."""
    ours = {example.number: rendered(example.markdown, "mathml") for example in examples()}
    monkeypatch.setattr(State, "scanDelims", StateInline.scanDelims)
    assert ours == {example.number: rendered(example.markdown, "mathml") for example in examples()}
