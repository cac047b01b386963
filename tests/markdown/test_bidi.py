"""Bidirectional control characters: what Arabic and Hebrew need stays, what could deceive a reader is visible."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfstream.core.text import harmless
from sfstream.markdown.bidi import CONTROL
from sfstream.markdown.export import as_markdown
from sfstream.markdown.renderer import rendered
from sfstream.markdown.sanitize import clean
from sfstream.markdown.stream import Markdown
from tests.markdown.growing import streamed, whole

LRE, RLE, PDF, LRO, RLO = "\u202a\u202b\u202c\u202d\u202e"
LRI, RLI, FSI, PDI = "\u2066\u2067\u2068\u2069"
SIGN = "\ufffd"

STAYS = {
    "an isolate": f"{RLI}שלום{PDI} world",
    "each kind of isolate": f"{LRI}a{PDI} {RLI}ב{PDI} {FSI}ג{PDI}",
    "within another": f"{RLI}مرحبا {LRI}Python 3{PDI} بك{PDI}",
    "an embedding": f"{RLE}שלום{PDF} and {LRE}x{PDF}",
    "an override that is closed": f"{RLO}abc{PDF} {LRO}אבג{PDF}",
    "an override in an isolate": f"{RLI}{LRO}a{PDF}{PDI}",
    "a stray end of an isolate": f"a{PDI}b",
    "over several lines": f"{RLI}א\nב{PDI}",
    "beside a name": f"قال {FSI}Alice{PDI}: نعم",
    "a number": f"المجموع {LRI}-5{PDI}",
    "marks": "a\u200eb\u200fc\u061cd",
}
KINDS = ["{}", "## {}", "- {}", "1. {}\n\n   b", "> {}", "| a |\n|---|\n| {} |", "| {} |\n|---|\n", "- [ ] {}"]


@pytest.mark.parametrize("name", STAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_stays(name: str, kind: str) -> None:
    """In paragraphs, headings, items, quotes and cells: whole, growing and as Markdown."""
    text = STAYS[name] if kind == "{}" else STAYS[name].replace("\n", " ")
    for html in (whole(kind.format(text)), "".join(rendered(kind.format(text), "tex")), grown(kind.format(text))):
        assert re.sub(r"\s+", " ", text) in re.sub(r"\s+", " ", html)
    assert CONTROL.findall(text) == CONTROL.findall(as_markdown(kind.format(text)))


def page(source: str) -> str:
    """The HTML without its styles."""
    return re.sub(' style="[^"]*"', "", whole(source))


def grown(source: str) -> str:
    markdown = Markdown("mathml")
    for character in source:
        markdown.feed(character)
        markdown.change()
    return markdown.html


CHANGED = {
    f"a{RLO}b": f"a{SIGN}b",
    f"a{LRO}b c": f"a{SIGN}b c",
    f"a{PDF}b": f"a{SIGN}b",
    f"{RLO}a{PDF}b{PDF}": f"{RLO}a{PDF}b{SIGN}",
    f"{RLI}א": f"{RLI}א{PDI}",
    f"{RLI}א {LRI}b": f"{RLI}א {LRI}b{PDI}{PDI}",
    f"{RLE}א": f"{RLE}א{PDF}",
    f"{RLI}a{RLO}b{PDI}c{PDF}": f"{RLI}a{SIGN}b{PDI}c{SIGN}",
    f"{RLO}a{PDI}b": f"{SIGN}a{PDI}b",
    f"{RLI}א{RLE}b": f"{RLI}א{RLE}b{PDF}{PDI}",
    f"{RLI}a{PDF}b{PDI}": f"{RLI}a{SIGN}b{PDI}",
    "a&#x202e;b": f"a{SIGN}b",
    "&#8295;א": f"{RLI}א{PDI}",
}


@pytest.mark.parametrize("source", CHANGED)
def test_what_has_no_partner(source: str) -> None:
    """An override is visible; an isolate or an embedding ends with its block, so that it orders nothing after it."""
    assert f"<p>{CHANGED[source]}</p><p>b</p>" == page(f"{source}\n\nb")
    assert f"{CHANGED[source]}\n\nb" == as_markdown(f"{source}\n\nb")


def test_partners_may_stand_in_other_elements() -> None:
    """In emphasis, in a link, in a tag; but not in another block."""
    assert f"<p>{RLI}<strong>א</strong>{PDI} b</p>" == page(f"{RLI}**א**{PDI} b")
    assert f"<p><em>{RLI}א</em>b{PDI}</p>" == page(f"*{RLI}א*b{PDI}")
    assert f"<p><u>{RLO}a{PDF}</u></p>" == page(f"<u>{RLO}a{PDF}</u>")
    assert f">{RLI}א{PDI}</a>" in page(f"[{RLI}א{PDI}](https://a.example)")
    assert f"<ul><li>{SIGN}a</li><li>b{SIGN}</li></ul>" == page(f"- {RLO}a\n- b{PDF}")
    assert f"<ul><li>{RLI}a\n{PDI}<ul><li>b</li></ul></li></ul>" == page(f"- {RLI}a\n  - b")
    assert [f">{RLI}a{PDI}</td>", f">b{PDI}</td>"] == re.findall(
        ">[^<]*</td>", page(f"| x | y |\n|---|---|\n| {RLI}a | b{PDI} |")
    )


@pytest.mark.parametrize("control", [LRE, RLE, PDF, LRO, RLO, LRI, RLI, FSI, PDI])
@pytest.mark.parametrize(
    "source",
    [
        "`{}x{}`",
        "```\n{}x{}\n```",
        "```python\nif a: # {}x{}\n```",
        "    {}x{}",
        "${}x{}$",
        "$\\text{{{}x{}}}$",
        "- ```\n  {}x{}\n  ```",
        "| a |\n|---|\n| `{}x{}` |",
        '[a](https://a.example "{}x{}")',
        "![{}x{}](data:image/png;base64,AAAAAAAAAAAAAAAAAAAAAAAA)",
    ],
)
def test_in_code_formulas_and_attributes_none_stays(control: str, source: str) -> None:
    """Not even with its partner: code could be another than it seems to be."""
    for end in ("", PDF, PDI):
        made = source.format(control, end)
        for html in (page(made), "".join(rendered(made, "tex")), grown(made)):
            assert [] == CONTROL.findall(html)
    assert [] == CONTROL.findall(as_markdown(source.format(control, control))) or source.startswith(("![", "[a]"))


def test_what_is_stopped_by_a_terminal_is_as_before() -> None:
    """Plain text for a terminal has none at all."""
    assert SIGN * 9 == harmless(LRE + RLE + PDF + LRO + RLO + LRI + RLI + FSI + PDI)


@pytest.mark.parametrize("name", STAYS)
def test_it_only_grows(name: str) -> None:
    """While a text streams, no sign is shown that is gone later, but for an override that may yet be closed."""
    markdown, before = Markdown("mathml"), ""
    for character in STAYS[name]:
        markdown.feed(character)
        markdown.change()
        now = "".join(each for each in re.sub("<[^>]*>", "", markdown.html) if unicodedata.category(each) != "Cf")
        assert now.strip().replace(SIGN, "").startswith(before)
        assert SIGN not in now or "override" in name
        before = now.strip().replace(SIGN, "")
    assert {whole(STAYS[name])} == {streamed(STAYS[name], range(len(STAYS[name])), long) for long in (0, 30)}


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from([LRE, RLE, PDF, LRO, RLO, LRI, RLI, FSI, PDI, "a", "א", "*", "\n", " ", "`"])))
def test_any_mixture_is_balanced(source: str) -> None:
    """Each override that is left has its end in the same block, and cleaning again changes nothing."""
    for block in rendered(source, "mathml"):
        assert block == clean(block)
        assert block.count(PDF) <= sum(map(block.count, (LRE, RLE, LRO, RLO)))
        assert sum(map(block.count, (LRI, RLI, FSI))) <= block.count(PDI)


@pytest.mark.parametrize("text", [RLI, RLE + PDI, RLO, RLO + PDF, LRI + PDI, RLI + RLO, PDI])
def test_many_do_not_take_long(text: str) -> None:
    """A hundred thousand of them."""
    started = time.process_time()
    rendered(text * (100_000 // len(text)), "mathml")
    as_markdown(text * (100_000 // len(text)))
    assert time.process_time() - started < 4  # about 1 where nothing else runs
