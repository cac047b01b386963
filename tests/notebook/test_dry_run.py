"""``--dry-run``: what it shows of a request, and that it sends nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sfstream.core import config
from sfstream.demo.server import DemoServer
from sfstream.notebook import last_request
from sfstream.notebook.dry_run_view import DryRun
from sfstream.notebook.tokens import Estimate, estimate
from tests.kernel import Kernel
from tests.notebook.cells import body, run

SETUP = """import pandas as pd
names, persona, x = ["Ada", "Bob"], "a <b>poet</b>", "1"
df = pd.DataFrame({"city": ["北京", "Oslo"]})
"""


@pytest.fixture
def shown(shell: Any, demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that runs a cell as a dry run and returns its value; nothing is sent by it."""
    made: list[Any] = []
    monkeypatch.setattr("IPython.display.display", made.append)
    assert run(shell, SETUP).success
    config.settings["display"] = "off"

    def dry(cell: str) -> DryRun:
        before = len(demo.requests)
        assert run(shell, cell.replace("sfchat", "sfchat --dry-run", 1)).success
        assert before == len(demo.requests)
        assert isinstance(made[-1], DryRun)
        return made[-1]

    return dry


@pytest.fixture
def cell(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that says which cell runs next."""
    last_request.forget_requests()
    return lambda name: monkeypatch.setattr(last_request, "cell_id", lambda: name)


CELL = "%%sfchat -s 'Be {{ persona }}.' -t 0.5\nWho are {{ ', '.join(names) }}?\n\n{{ df }}\n\n再见"


def test_it_shows_the_very_body(shown: Any, shell: Any, demo: DemoServer) -> None:
    """With the values filled in."""
    dry = shown(CELL)
    run(shell, CELL)
    assert body(demo) == dry.body == json.JSONDecoder().raw_decode(repr(dry).partition("\n\n")[2])[0]


def test_values_are_marked_in_text(shown: Any) -> None:
    """Between brackets, after the exact JSON."""
    text = repr(shown(CELL))
    assert "\nsystem, with what was filled in:\n    Be ⟦a <b>poet</b>⟧.\n" in text
    assert "    Who are ⟦Ada, Bob⟧?\n\n    ⟦| city |\n    | --- |\n    | 北京 |\n    | Oslo |⟧\n\n    再见\n" in text
    assert "⟦" not in repr(shown("%sfchat --verbatim {{ x }}"))


def test_values_are_highlighted_in_html(shown: Any) -> None:
    """Each names its expression; all text is escaped."""
    page = shown(CELL)._repr_html_()
    assert 'title="{{ persona }}">a &lt;b&gt;poet&lt;/b&gt;</span>.</div>' in page
    assert "<b>" not in page
    assert 'title="{{ &#x27;, &#x27;.join(names) }}">Ada, Bob</span>?' in page
    assert "\n\n" not in page
    assert "&#27;" not in shown("%sfchat {{ '\\x1b[2J' }}")._repr_html_()


def test_the_parts_are_listed_with_their_tokens(shown: Any) -> None:
    """Rough where the log holds nothing, and it says so."""
    dry = shown(CELL)
    assert [
        ("{{ persona }}", True),
        ("rest of the system prompt", False),
        ("{{ ', '.join(names) }}", True),
        ("{{ df }}", True),
        ("rest of the prompt", False),
    ] == [(count.name, count.is_filled) for count in dry.counts]
    assert dry.basis.startswith("rough: 4 Latin or 1.5 Chinese characters a token")
    assert f"{sum(count.tokens for count in dry.counts)}  in all" in repr(dry)
    assert [("prompt", 3)] == [(count.name, count.tokens) for count in shown("%sfchat 你好 12345").counts]


def test_earlier_turns_are_listed(shown: Any, shell: Any) -> None:
    """The last six one by one."""
    for number in range(8):
        run(shell, f"%sfchat -m demo/echo {'-c' if number else ''} hi")
    dry = shown("%sfchat -m demo/echo -c -s 'Be brief.' more")
    names = [count.name for count in dry.counts]
    assert ["turns 1 to 2", *(f"turn {number}" for number in range(3, 9)), "prompt"] == names[-8:]
    assert all(count.tokens > 5 for count in dry.counts[-8:-1])


def test_tokens_are_learned_from_the_log(shown: Any, shell: Any, demo: DemoServer) -> None:
    """The newest answers of that model say how many characters make a token."""
    prompt = "What is the capital of Norway, and how many people live there? " * 5
    for _ in range(3):
        run(shell, f"%sfchat -m demo/echo {prompt}")
    counted = shell.user_ns["sf_reply"].usage["prompt_tokens"]
    dry = shown(f"%sfchat -m demo/echo {prompt}{{{{ x }}}}")
    assert dry.basis.endswith("characters a token, as in 3 earlier answers of demo/echo")
    assert abs(counted - dry.counts[-1].tokens) <= 1
    assert estimate("demo/english").ratio is None


def test_little_text_teaches_nothing(shell: Any) -> None:
    """The model's own marks would outweigh it."""
    config.settings["display"] = "off"
    run(shell, "%sfchat -m demo/echo hi")
    assert Estimate("demo/echo") == estimate("demo/echo")


def test_what_a_cell_changes_is_said(shown: Any, shell: Any, cell: Any) -> None:
    """Against the last request of the same cell; another cell has none."""
    cell("a")
    assert shown("%sfchat hi").changes is None
    run(shell, CELL)
    run(shell, "x = 2")
    assert shown(CELL).changes == []
    assert "last request of this cell:\n    none" in repr(shown(CELL))
    changed = shown(CELL.replace("0.5", "0.7").replace("再见", "再见 {{ x }}"))
    assert {"- temperature: 0.5", "+ temperature: 0.7", "-     再见", "+     再见 2"} <= set(changed.changes)
    assert not [line for line in changed.changes if "Ada" in line and line[:1] != " "]
    assert "+ temperature: 0.7</div>" in changed._repr_html_()
    cell("b")
    assert shown(CELL).changes is None
    cell("")
    run(shell, CELL)
    assert shown(CELL).changes is None


def test_a_change_in_a_long_line_can_be_seen(shown: Any, shell: Any, cell: Any) -> None:
    """Only its sentence is shown."""
    cell("a")
    text = "This is a sentence. " * 30
    run(shell, f"%sfchat {text}Eat apples. {text}")
    changes = shown(f"%sfchat {text}Eat pears. {text}").changes
    assert ["-     Eat apples.", "+     Eat pears."] == [line for line in changes if line[:1] in ("-", "+")]


def test_a_shortened_value_is_said(shown: Any) -> None:
    """In both forms; the text shows its beginning only, as the JSON holds all that would go out."""
    dry = shown("%sfchat {{ 'ab' * 20_000 }}")
    note = "{{ &#x27;ab&#x27; * 20_000 }} has 40,000 characters; the prompt holds 20,000 of them."
    assert note in dry._repr_html_()
    assert note.replace("&#x27;", "'") in repr(dry)
    assert "ab… (20,02" in repr(dry)


def test_an_image_is_shortened(shown: Any, shell: Any, cell: Any) -> None:
    """Its data would fill the screen; another image is another request all the same."""
    run(
        shell,
        "import io, PIL.Image as i\ndef png(c):\n    b = io.BytesIO(); i.effect_noise((64, 64), c).save(b, 'PNG')",
    )
    run(shell, "    \npng_a = i.effect_noise((64, 64), 9); png_b = i.effect_noise((64, 64), 90)")
    cell("a")
    run(shell, "%sfchat -a png_a What is this?")
    dry = shown("%sfchat -a png_b What is this?")
    assert len(repr(dry)) < 3000
    assert "?  1 image" in repr(dry)
    assert 2 == len([line for line in dry.changes if line[:1] in ("-", "+")])


@pytest.mark.kernel
def test_in_a_notebook_it_is_html(demo: DemoServer) -> None:
    """The kernel says which cell failed, and which cell asks again."""
    with Kernel(SILICONFLOW_BASE_URL=demo.base_url, SILICONFLOW_MODEL="demo/echo") as kernel:
        kernel.run("%load_ext sfstream\n%config SfChat.display = 'off'")
        assert "error" == kernel.run("1 / 0  # mine").status
        assert "ok" == kernel.run("%sfchat Why? {{ last_error }}").status
        before = len(demo.requests)
        (shown,) = kernel.run("%sfchat --dry-run Where? {{ last_error }}").displays
    page = shown["text/html"]
    assert before == len(demo.requests)
    assert 'title="{{ last_error }}">The cell:&#10;\n1 / 0  # mine&#10;\n' in page
    assert "File &quot;Cell In[2]&quot;, line 1, in &lt;module&gt;" in page
    assert "ipykernel" not in page
    assert "-     Why? The cell:</div>" in page
    assert "+     Where? The cell:</div>" in page
    assert "⟦The cell:" in shown["text/plain"]


@pytest.mark.parametrize("via", ["openai", "requests", pytest.param("curl", marks=pytest.mark.curl)])
def test_all_headers_are_shown(shown: Any, shell: Any, demo: DemoServer, via: str) -> None:
    """Also those that the library adds."""
    head = repr(shown(f"%sfchat --via {via} hi")).partition("\n\n")[0].splitlines()
    run(shell, f"%sfchat --via {via} hi")
    sent = {f"{name}: {value}" for name, value in demo.requests[-1].headers.items()}
    names = {line.partition(":")[0]: line.partition(":")[0].lower() for line in head[1:-1]}
    assert sent == {line.replace(name, names[name], 1) for line in head[1:-1] for name in [line.partition(":")[0]]}
    assert [f"POST {demo.base_url}/chat/completions", "(no API key: none belongs to this server)"] == [
        head[0],
        head[-1],
    ]
