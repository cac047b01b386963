"""A text that grows gives, once it is whole, what it gives as one; and what was finished stays."""

from __future__ import annotations

import pytest

from sfstream.markdown.stream import LONG, Change, Markdown, Step
from tests.markdown.answers import ANSWERS
from tests.markdown.growing import Page, pieces, streamed, unbroken, whole
from tests.markdown.spec import Example, examples, needs_examples

EXCEPTED: dict[int, str] = {}
"""Examples of CommonMark that differ as streamed, by number, with the reason. None does."""


def _differs(example: Example, long: int, stride: int = 1) -> bool:
    text = example.markdown
    wanted, half = whole(text), len(text) // 2
    cuts = [range(1, len(text)), *([cut, cut + half] for cut in range(example.number % stride, half + 1, stride))]
    return any(streamed(text, each, long) != wanted for each in cuts)


@pytest.mark.sampled
@needs_examples
@pytest.mark.parametrize("example", examples(), ids=lambda example: f"{example.number}")
def test_an_example_of_the_specification_cut_anywhere_is_what_it_is_as_a_whole(example: Example, stride: int) -> None:
    """Every example, cut at every place and at all places at once, in the smallest units: as the whole renders."""
    assert (example.number in EXCEPTED) == _differs(example, 0, stride)


@needs_examples
def test_the_examples_in_whole_blocks_too() -> None:
    """In pieces of four characters, with the usual threshold, each example is as the whole renders."""
    texts = {each.number: each.markdown for each in examples()}
    found = [number for number, text in texts.items() if streamed(text, range(0, len(text), 4), LONG) != whole(text)]
    assert list(EXCEPTED) == found


@pytest.mark.sampled
@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize(("long", "pace"), [(0, 2), (LONG, 5)])
def test_an_answer_as_it_comes_is_what_it_is_as_a_whole(name: str, long: int, pace: int) -> None:
    """The steps, applied as a view applies them, give the same page as `html` at every look, and at the end the page
    of the whole; hardly ever is a block sent again."""
    text, markdown, page = ANSWERS[name], Markdown("mathml", long), Page()
    for piece in pieces(text, range(0, len(text), pace)):
        markdown.feed(piece)
        page.take(markdown.change())
        assert page.html == markdown.html
    page.take(markdown.finish())
    assert page.html == markdown.html
    assert whole(text) == unbroken(page.html) == streamed(text, [], long)
    assert page.redone <= 1


@pytest.mark.sampled
@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_finished_stays(name: str) -> None:
    """Steps are only added, but where a block is sent again; and `steps` gives a second view the same page."""
    markdown, page, before = Markdown("mathml", 0), Page(), list[Step]()
    text = ANSWERS[name]
    for piece in pieces(text, range(0, len(text), 3)):
        markdown.feed(piece)
        change = markdown.change()
        assert ("redo", "") in change.steps or markdown.steps == [*before, *change.steps]
        before = list(markdown.steps)
    markdown.finish()
    page.take(Change(tuple(markdown.steps)))
    assert markdown.html == page.html


def test_a_short_block_is_sent_as_one() -> None:
    """Below the threshold a list is the rest until it is finished, then one step."""
    markdown = Markdown("mathml")
    markdown.feed("- a\n- b\n- c\n")
    assert ((), "<ul>\n<li>a</li>\n<li>b</li>\n<li>c</li>\n</ul>\n") == _told(markdown)
    markdown.feed("\nand")
    steps, rest = _told(markdown)
    assert ["add"] == [kind for kind, _ in steps]
    assert "<p>and</p>\n" == rest


def test_in_a_long_list_each_item_is_sent_once() -> None:
    """From the threshold on, items are added to the open list; a list within an item is a part of the item."""
    markdown = Markdown("mathml", 0)
    markdown.feed("- a\n- b\n")
    assert ((("open", "<ul>"), ("add", "<li>a</li>\n")), "<li>b</li>\n") == _told(markdown)
    markdown.feed("  - c\n  - d")
    item = "<li>b\n<ul>\n<li>c</li>\n<li>d</li>\n</ul>\n</li>\n"
    assert ((), item) == _told(markdown)
    markdown.feed("\n\ntext")
    assert ((("add", item), ("close", "")), "<p>text</p>\n") == _told(markdown)


def test_a_list_that_turns_loose_is_sent_again() -> None:
    """Its items have become paragraphs, those too that had been sent."""
    markdown = Markdown("mathml", 0)
    markdown.feed("- a\n- b\n")
    markdown.change()
    markdown.feed("\n- c\n")
    steps, rest = _told(markdown)
    assert (("redo", ""), ("open", "<ul>"), ("add", "<li>\n<p>a</p>\n</li>\n")) == steps[:3]
    assert "<li>\n<p>c</p>\n</li>\n" == rest


@pytest.mark.parametrize(
    "text",
    [
        "1.\n   ```\n   |\n-\n- w\n\n  a",  # what is sent again begins where nothing is left of the block before
        " - b\n     h\n\n\n-\n\n  -\tu\n    | a",  # an item after an empty one, which must not be within it
        "- ```\n\n- |",  # a blank line at the end of code that may make the list loose
        "a||\n-|-\n\x0c-",  # a line of white space that is no blank line
        "t\n\\[-\\]*",  # a formula on a line of its own that is none in the end
        "- - ```\n\n  |",
    ],
)
def test_what_was_found_by_chance(text: str) -> None:
    """Rare texts that once came out otherwise than as the whole."""
    assert {whole(text)} == {streamed(text, range(len(text)), long) for long in (0, 30)}


def test_a_number_alone_is_no_paragraph_yet() -> None:
    """After a loose item, `2` may become the next one: the list goes on."""
    markdown = Markdown("mathml", 0)
    markdown.feed("1. a\n\n2")
    assert ((), "<ol>\n<li>a</li>\n</ol>\n") == _told(markdown)
    markdown.feed(". b")
    assert ((("open", "<ol>"), ("add", "<li>\n<p>a</p>\n</li>\n")), "<li>\n<p>b</p>\n</li>\n") == _told(markdown)


def test_a_table_and_code_are_sent_in_rows_and_lines() -> None:
    """A row is sent when the next has begun, a line of code when its colours are certain."""
    markdown = Markdown("mathml", 0)
    markdown.feed("| a |\n|--:|\n| 1 |\n| 2 |\n")
    steps, rest = _told(markdown)
    assert ["open", "add", "open", "add"] == [kind for kind, _ in steps]
    assert '<tr>\n<td style="text-align:right">2</td>\n</tr>\n' == rest
    markdown.feed("\n```none\nx\ny\nz")
    steps, rest = _told(markdown)
    assert ("add", "x\ny\n") == steps[-1]
    assert "z" == rest


def test_a_reference_counts_for_what_comes_after_it() -> None:
    """Also where its block is finished long before; half-written, it counts for nothing that is finished."""
    text = "[a]: http://one.example\n\nText.\n\n- x\n- y\n\n  [b]: http://two.example\n- z\n\nSee [a], and [b].\n"
    assert whole(text) == streamed(text, range(len(text)), 0)
    assert 'href="http://two.example"' in whole(text)


def test_a_half_written_reference_is_forgotten() -> None:
    """The title counts that it has when it is whole."""
    text = "[a]: http://one.example\n  'The title'\n\nSee [a].\n\nEnd.\n"
    assert whole(text) == streamed(text, range(len(text)), LONG)
    assert 'title="The title"' in whole(text)


@pytest.mark.parametrize("text", ["Let\n\\[\na\n- b\n+ c\n\\]\nbe.\n", "$$\na\n- b\n$$\n\nSo.\n"])
def test_lines_of_a_formula_begin_no_list(text: str) -> None:
    """Until a formula on lines of its own has ended, nothing in it or before it is finished."""
    assert whole(text) == streamed(text, range(len(text)), 0)
    assert "<math" in whole(text)


def test_a_reference_that_comes_too_late_counts_for_nothing_that_is_finished() -> None:
    """This alone is left to one rendering of the whole text at the end."""
    text = "See [a].\n\nText.\n\nMore.\n\n[a]: http://one.example\n"
    assert "<p>See [a].</p><p>Text.</p><p>More.</p>" == streamed(text, range(len(text)), 0)


def _told(markdown: Markdown) -> tuple[tuple[Step, ...], str]:
    """What is new, without the direction that nearly every block says the browser shall find."""
    change = markdown.change()
    return tuple((kind, _undirected(html)) for kind, html in change.steps), _undirected(change.rest)


def _undirected(html: str) -> str:
    return html.replace(' dir="auto"', "")
