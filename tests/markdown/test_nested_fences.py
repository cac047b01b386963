"""Fenced Markdown that holds fences."""

from __future__ import annotations

import pytest

from sfstream.markdown.code_blocks import code_blocks
from sfstream.markdown.export import as_markdown
from sfstream.markdown.renderer import rendered
from tests.markdown.growing import streamed, whole

PYTHON = "```python\nx = 1\n```"

CASES = {
    "one": (f"```markdown\n# T\n{PYTHON}\nend\n```\nafter", ["# T", *PYTHON.split("\n"), "end"]),
    "md": (f"```md\n{PYTHON}\n```\nafter", PYTHON.split("\n")),
    "capital letters": (f"```Markdown\n{PYTHON}\n```\nafter", PYTHON.split("\n")),
    "with a title": (f"``` markdown title=README.md\n{PYTHON}\n```\nafter", PYTHON.split("\n")),
    "several": (
        f"```markdown\n{PYTHON}\n\n```bash\nls\n```\n```\nafter",
        [*PYTHON.split("\n"), "", "```bash", "ls", "```"],
    ),
    "none": ("```markdown\n# T\n```\nafter", ["# T"]),
    "in an item of it": (
        "```markdown\n1. a\n   ```sh\n   b\n   ```\n```\nafter",
        ["1. a", "   ```sh", "   b", "   ```"],
    ),
    "far to the right": (
        "```markdown\n10. a\n    ```sh\n    b\n    ```\n```\nafter",
        ["10. a", "    ```sh", "    b", "    ```"],
    ),
    "after a marker": ("```markdown\n- ```sh\n  b\n  ```\n```\nafter", ["- ```sh", "  b", "  ```"]),
    "in a quote of it": ("```markdown\n> ```sh\n> b\n> ```\n```\nafter", ["> ```sh", "> b", "> ```"]),
    "a longer one within": ("```markdown\n````py\n```\n````\n```\nafter", ["````py", "```", "````"]),
    "a shorter one within": ("````markdown\n```py\nx\n```\n````\nafter", ["```py", "x", "```"]),
    "a longer end": (f"```markdown\n{PYTHON}\n`````\nafter", PYTHON.split("\n")),
    "an end of the one within with blanks": ("```markdown\n```py\nx\n```  \n``` \nafter", ["```py", "x", "```  "]),
    "markdown within": (
        f"```markdown\n```markdown\n{PYTHON}\n```\n```\nafter",
        ["```markdown", *PYTHON.split("\n"), "```"],
    ),
    "one that is not closed": ("```markdown\n```py\nx\n```sh\ny\n```\n```\nafter", ["```py", "x", "```sh", "y", "```"]),
    "tildes within": ("```markdown\n~~~py\nx\n~~~\n```\nafter", ["~~~py", "x", "~~~"]),
    "code in a line": ("```markdown\nuse ```a``` here\n```b```\n```\nafter", ["use ```a``` here", "```b```"]),
}


@pytest.mark.parametrize(("source", "lines"), CASES.values(), ids=CASES)
def test_fences_within(source: str, lines: list[str]) -> None:
    """A fence with a language opens one within; the next bare one ends it, and the one after it the whole."""
    made = rendered(source, "mathml")
    assert ["\n".join(lines)] == [block.text for block in code_blocks(source)]
    assert (2, True) == (len(made), "after" in made[-1])


@pytest.mark.parametrize(("source", "lines"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("long", [0, 30, 400])
def test_fences_within_as_they_come(source: str, lines: list[str], long: int) -> None:
    """Also where the lines that open them have been sent and are no longer parsed."""
    for cuts in (range(len(source)), range(0, len(source), 4)):
        assert whole(source) == streamed(source, cuts, long)


@pytest.mark.parametrize("marker", ["- ", "1. ", "> ", "> - "])
def test_fences_within_in_lists_and_quotes(marker: str) -> None:
    """There they are the same, and the element goes on after them."""
    first, *others = [*f"```markdown\n{PYTHON}\nend\n```".split("\n"), "after"]
    rest = "".join(" " if sign != ">" else sign for sign in marker)
    source = "\n".join([marker + first, *(rest + line for line in others)])
    assert [f"{PYTHON}\nend"] == [block.text for block in code_blocks(source)]
    assert whole(source) == streamed(source, range(len(source)), 0)
    assert "after</" in whole(source)


def test_the_end_of_an_item_ends_them() -> None:
    """As with any fence that is not closed."""
    assert ["```py\nx"] == [block.text for block in code_blocks("- ```md\n  ```py\n  x\n- b\n")]


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ("```python\n```js\n```\nafter", ["```js"]),
        ("```\n```js\n```\nafter", ["```js"]),
        ("```mdx\n```js\n```\nafter", ["```js"]),
        ("```md.txt\n```js\n```\nafter", ["```js"]),
        ("~~~markdown\n```js\nx\n```\n~~~\nafter", ["```js\nx\n```"]),
        ("```markdown\n```\nplain\n```\nafter", ["", "after"]),
    ],
)
def test_other_fences(source: str, codes: list[str]) -> None:
    """Of another language, of tildes, and bare ones within: all as CommonMark has it."""
    assert codes == [block.text for block in code_blocks(source)]


def test_what_is_never_closed() -> None:
    """It goes on to the end, as it does while it streams."""
    source = f"```markdown\n{PYTHON}\n\ntext\n"
    assert [f"{PYTHON}\n\ntext"] == [block.text for block in code_blocks(source)]
    assert whole(source) == streamed(source, range(len(source)), 0)


def test_the_markdown_for_others_has_a_longer_fence() -> None:
    """So that any reader ends it where we do."""
    assert f"````\n# T\n{PYTHON}\n````\n\nafter" == as_markdown(f"```markdown\n# T\n{PYTHON}\n```\nafter")
