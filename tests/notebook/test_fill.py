"""Values of the notebook in a prompt: what is sent, and what is refused."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfstream.core import config
from sfstream.demo.server import DemoServer
from sfstream.notebook.fill import fill
from sfstream.notebook.values import LIMIT
from tests.notebook.cells import body, run, sent

SETUP = """import pandas as pd, polars as pl
names, x, hostile = ["Ada", "Bob"], "v", "{{ 1/0 }} {{ x }} }}"
class Odd:
    def __str__(self): return 1
"""


@pytest.fixture
def ready(shell: Any) -> Any:
    """The shell with some variables; its answers are not displayed."""
    assert run(shell, SETUP).success
    config.settings["display"] = "off"
    return shell


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Hi {{ x }}!", "Hi v!"),
        ("{{x}}{{x}}", "vv"),
        ('{{ ", ".join(names) }}', "Ada, Bob"),
        ("{{ In[-2] }}", SETUP.strip()),
        ('{{ {"a": {"b": 1}} }}', "{'a': {'b': 1}}"),
        ('{{ {"a": {"b": 1}}}}', "{'a': {'b': 1}}"),
        ('{{{"a": {"b": 1}}}}', "{'a': {'b': 1}}"),
        ("{{ {1, 2} }}{{ {1, 2}}}", "{1, 2}{1, 2}"),
        ('{{ "}}" }} {{ "{{" }}', "}} {{"),
        ("{{ '''}}''' + x }}", "}}v"),
        ('{{ f"{x}}}" }}', "v}"),
        ("{{ (lambda a: {a: {a}})(1) }}", "{1: {1}}"),
        ("{{ [name\n   for name in names\n   if x] }}", "['Ada', 'Bob']"),
        ("{{ x # it's a comment\n}}", "v"),
        ("{{ [{y: 1} for y in names][0] }} and {{ x }}", "{'Ada': 1} and v"),
        ("{{ hostile }}", "{{ 1/0 }} {{ x }} }}"),
        ("{ {{ x }} } {a} {{ '中文' }}", "{ v } {a} 中文"),
        ("$\\frac{ {{ x }} }{2}$", "$\\frac{ v }{2}$"),
        ('{{ "\\d" }}{{ 1 is 1 }}', "\\dTrue"),
        ("{{ None }} {{ 0.1 }} {{ b'a' }}", "None 0.1 b'a'"),
    ],
)
def test_an_expression_is_sent_as_its_value(ready: Any, demo: DemoServer, typed: str, expected: str) -> None:
    """It ends at the first ``}}`` at which it compiles, and its value is not filled again."""
    assert run(ready, f"%%sfchat\n{typed}").success
    assert expected == sent(demo)


def test_a_line_is_filled_too(ready: Any, demo: DemoServer) -> None:
    """As a cell is."""
    assert run(ready, '%sfchat {{ ", ".join(names) }} {{ {1: {2: 3}}}}?').success
    assert "Ada, Bob {1: {2: 3}}?" == sent(demo)


UNTOUCHED = [
    '{"a": 1, "b": {"c": [1, {"d": 2}]}}',
    '{"a": {"b": {"c": {}}}}',
    "f'{x}' '{x!r}' {x} { x }",
    "{% if x %} {# c #} {%- endif %}",
    r"$\frac{a}{b}$ and $\sqrt{x_{i_{j}}}$ and \begin{matrix}1\end{matrix}",
    r"\frac{{x}_1}{2}, {{}_6^{14}}C, \mathbf{{a}\cdot{b}}",
    "title = {{Attention} is all you {Need}},",
    "println!(\"{{}}\"); '{{}}'.format()",
    "{{ }}",
    "a {{ b",
    "a }} b {{ c",
    "}}}} {{{{",
    "$HOME $x ${x} !ls %time {x}",
]


@pytest.mark.parametrize("typed", UNTOUCHED)
def test_other_braces_are_sent_as_typed(ready: Any, demo: DemoServer, typed: str) -> None:
    """JSON, dicts, formulas, templates and code pass."""
    assert run(ready, f"%sfchat {typed}").success
    assert typed == sent(demo)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.text(st.sampled_from("{}%#\\\"'\n x_^:,[](1") | st.characters(codec="utf-8")))
def test_a_text_without_double_braces_is_sent_character_for_character(shell: Any, text: str) -> None:
    """Whatever is in it."""
    text = text.replace("{{", "{ {")
    assert text == fill(text, shell).text


@pytest.mark.parametrize(
    ("typed", "named", "said"),
    [
        ("{{ nope }}", "nope", "NameError: name 'nope' is not defined"),
        ("{{ 1/0 }}", "1/0", "ZeroDivisionError: division by zero"),
        ("{{ x.y.z }}", "x.y.z", "AttributeError"),
        ("{{ Odd() }}", "Odd()", "TypeError"),
        ("{{ df.head( }}", "df.head(", "SyntaxError: '(' was never closed"),
        ("{{ x = 1 }}", "x = 1", "SyntaxError"),
        ('{{"a": 1}}', '"a": 1', "SyntaxError"),
        ('{{ {"a": 1}} }}', '{"a": 1', "SyntaxError"),
        ("{{ !ls }}", "!ls", "SyntaxError"),
        ("{{ await f() }}", "await f()", "Await it in another cell"),
        ("{{ last_error }}", "last_error", "no cell has failed"),
        ("{{ nope }}" + "}" * 500, "nope", "NameError"),
        ("{{ " + "nope + " * 100 + "1 }}", "nope + ", "NameError"),
    ],
)
def test_what_cannot_be_filled_in_is_a_short_error(
    ready: Any,
    demo: DemoServer,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    named: str,
    said: str,
) -> None:
    """It names the expression and ``--verbatim``; nothing is sent, and what was bound stays."""
    before = len(demo.requests)
    run(ready, "sf_reply = 'kept'")
    capsys.readouterr()
    result = run(ready, f"%%sfchat -s '{{{{ names.append(1) }}}}'\n{typed}")
    shown = capsys.readouterr()
    assert not result.success
    assert 1 == len((shown.out + shown.err).strip().splitlines())
    assert len(shown.err) < 400
    assert said in shown.err
    assert named in shown.err
    assert "--verbatim" in shown.err or "await" in typed or "last_error" in typed
    assert (before, "kept") == (len(demo.requests), ready.user_ns["sf_reply"])


def test_the_exception_of_an_expression_is_the_cause(ready: Any) -> None:
    """A debugger finds the frames."""
    result = run(ready, "%sfchat {{ 1/0 }}")
    assert isinstance(result.error_in_exec.__cause__, ZeroDivisionError)


def test_no_expression_is_evaluated_where_one_does_not_compile(ready: Any) -> None:
    """The first would have had an effect."""
    run(ready, "%sfchat {{ names.append(1) }} {{ x( }}")
    assert ["Ada", "Bob"] == ready.user_ns["names"]


@pytest.mark.parametrize(
    ("line", "system"),
    [
        ('-s "You are {{ x }}."', "You are v."),
        ("-s '{{ \", \".join(names) }}'", "Ada, Bob"),
        ('-s {{ ", ".join(names) }} -t 1', "Ada, Bob"),
        ("--system={{ x }}", "v"),
    ],
)
def test_the_system_prompt_of_the_line_is_filled(ready: Any, demo: DemoServer, line: str, system: str) -> None:
    """In quotes or without; that of the settings is not."""
    run(ready, f"%%sfchat {line}\nHi {{{{ x }}}}")
    assert [system, "Hi v"] == [each["content"] for each in body(demo)["messages"]]
    config.settings["system"] = "{{ x }}"
    run(ready, "%sfchat Hi")
    assert "{{ x }}" == body(demo)["messages"][0]["content"]


@pytest.mark.parametrize("how", ["%sfchat --verbatim {}", "%config SfChat.verbatim = True\n%sfchat {}"])
def test_verbatim_sends_braces_as_typed(ready: Any, demo: DemoServer, how: str) -> None:
    """By option or setting; a function fills nothing in any case."""
    assert run(ready, how.replace("{}", "{{ nope }} {{ x( }}")).success
    assert "{{ nope }} {{ x( }}" == sent(demo)
    assert run(ready, "import sfstream; sfstream.chat('{{ x }}', display='off')").success
    assert "{{ x }}" == sent(demo)


PANDAS = "| a\\|b | t |\n| --- | --- |\n| 1 | x<br>y |\n| 2 | p\\|q |"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("pd.DataFrame({'a|b': [1, 2], 't': ['x\\ny', 'p|q']})", PANDAS),
        ("pl.DataFrame({'a|b': [1, 2], 't': ['x\\ny', 'p|q']})", PANDAS),
        ("pd.DataFrame({'v': [1]}, index=['r'])", "|  | v |\n| --- | --- |\n| r | 1 |"),
        ("pd.DataFrame({'v': [5, 6]}).tail(1)", "|  | v |\n| --- | --- |\n| 1 | 6 |"),
        ("pd.DataFrame({'k': 'ab', 'v': [1, 2], 'w': 3}).groupby(['k', 'v']).sum()", None),
        ("pd.Series([1, 2], name='n')", "| n |\n| --- |\n| 1 |\n| 2 |"),
        ("pd.Series([1, 2])", "|  |\n| --- |\n| 1 |\n| 2 |"),
        ("pl.Series('n', ['是'])", "| n |\n| --- |\n| 是 |"),
        ("pl.DataFrame({'a': []})", "| a |\n| --- |"),
        ("pd.DataFrame()", str),
        ("pd.DataFrame([[1, 2]], columns=['a', 'a'])", str),
        ("pl.LazyFrame({'a': [1]})", str),
        ("pd.Timestamp('2026-01-02')", "2026-01-02 00:00:00"),
    ],
)
def test_a_data_frame_is_a_markdown_table(ready: Any, demo: DemoServer, expression: str, expected: Any) -> None:
    """Of pandas or polars; an index is shown if it does more than count; what is no such table is its ``str``."""
    assert run(ready, f"%sfchat {{{{ {expression} }}}}").success
    if expected is None:
        expected = "| k | v | w |\n| --- | --- | --- |\n| ab | 1 | 3 |\n| ab | 2 | 3 |"
    if expected is str:
        run(ready, f"text = str({expression})")
        expected = ready.user_ns["text"]
    assert expected == sent(demo)


def test_a_table_is_on_lines_of_its_own(ready: Any, demo: DemoServer) -> None:
    """Where text stands beside it; elsewhere nothing is added."""
    run(ready, "t = pl.DataFrame({'a': [1]})\n%sfchat See {{ t }} and {{ t }}{{ x }}")
    table = "| a |\n| --- |\n| 1 |"
    assert f"See \n\n{table}\n\n and \n\n{table}\n\nv" == sent(demo)
    run(ready, "%%sfchat\n{{ t }}\n\n{{ t }}\nEnd")
    assert f"{table}\n\n{table}\nEnd" == sent(demo)


def test_without_narwhals_a_data_frame_is_text(ready: Any, demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the cell says what to install."""
    monkeypatch.setitem(sys.modules, "narwhals", None)
    run(ready, "df = pd.DataFrame({'a': [1]})\n%sfchat {{ df }}")
    assert str(ready.user_ns["df"]) == sent(demo)
    assert "pip install 'sfstream[table]'" in str(ready.user_ns["sf_reply"].notes[-1])


def test_a_long_data_frame_keeps_whole_rows(ready: Any, demo: DemoServer, capsys: pytest.CaptureFixture[str]) -> None:
    """The prompt and the cell say how many are left out."""
    config.settings["display"] = "text"
    run(ready, "big = pd.DataFrame({'n': range(100_000), 'text': 'word'})\n%sfchat Sum: {{ big }}.")
    *rows, blank, last, _, _ = sent(demo).splitlines()
    held = int(rows[-1].split("|")[1]) + 1
    assert ("", f"… {100_000 - held:,} more rows") == (blank, last)
    assert LIMIT - 30 < len("\n".join(rows)) <= LIMIT + len("Sum:  ")
    note = f"{{{{ big }}}} has 100,000 rows; the prompt holds the first {held:,}."
    assert [note] == [str(each) for each in ready.user_ns["sf_reply"].notes]
    assert note in capsys.readouterr().out


def test_a_row_that_is_too_long_is_cut(ready: Any, demo: DemoServer) -> None:
    """Or the table would be empty."""
    run(ready, f"wide = pl.DataFrame({{'t': ['ab' * {LIMIT}, 'c']}})\n%sfchat {{{{ wide }}}}")
    assert sent(demo).startswith("| t |\n| --- |\n| abab")
    assert sent(demo).endswith("more characters\n\n… 1 more rows")
    assert len(sent(demo)) < LIMIT + 60


def test_a_long_text_is_shortened(ready: Any, demo: DemoServer) -> None:
    """The prompt and the cell say so."""
    run(ready, "long = 'ab' * 20_000\n%sfchat {{ long }}")
    assert "ab" * (LIMIT // 2) + "\n… 20,000 more characters" == sent(demo)
    note = "{{ long }} has 40,000 characters; the prompt holds 20,000 of them."
    assert [note] == [str(each) for each in ready.user_ns["sf_reply"].notes]


FAILING = "def third(a):\n    return a[3]\n\nthird([])"


def test_the_last_error_is_its_cell_and_its_traceback(ready: Any, demo: DemoServer) -> None:
    """Without frames of IPython and names of files; a prompt that could not be sent in between does not count."""
    run(ready, FAILING)
    count = ready.execution_count - 1
    run(ready, "%sfchat {{ lasterror }}")
    run(ready, "%sfchat -t 9 {{ last_error }}")
    assert run(ready, "%sfchat Why? {{ last_error }}").success
    assert sent(demo).startswith(f"Why? The cell:\n\n{FAILING}\n\nTraceback (most recent call last):\n")
    assert sent(demo).endswith("\nIndexError: list index out of range")
    assert f'File "Cell In[{count}]", line 2, in third\n    return a[3]' in sent(demo)
    assert ".py" not in sent(demo)


def test_the_last_error_may_be_part_of_an_expression(ready: Any, demo: DemoServer) -> None:
    """And a variable of that name goes first."""
    run(ready, FAILING)
    run(ready, "%sfchat {{ last_error.args }} {{ [type(last_error).__name__] }}")
    assert "('list index out of range',) ['IndexError']" == sent(demo)
    run(ready, "last_error = 'mine'\n%sfchat {{ last_error }}")
    assert "mine" == sent(demo)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("x = = 1", "SyntaxError: invalid syntax"),
        ("try:\n    {}['q']\nexcept KeyError as error:\n    raise ValueError('w') from error", "KeyError: 'q'"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    ],
)
def test_an_error_of_any_kind_is_the_last(ready: Any, demo: DemoServer, cell: str, expected: str) -> None:
    """Also one of the syntax, and one with a cause."""
    run(ready, cell)
    assert run(ready, "%sfchat {{ last_error }}").success
    assert expected in sent(demo)
    assert cell in sent(demo)
    assert "interactiveshell" not in sent(demo)


def test_an_interrupted_expression_ends_as_a_cell_does(ready: Any, demo: DemoServer) -> None:
    """By KeyboardInterrupt, and nothing is sent."""
    before = len(demo.requests)
    run(ready, "def interrupted(): raise KeyboardInterrupt")
    assert isinstance(run(ready, "%sfchat {{ interrupted() }}").error_in_exec, KeyboardInterrupt)
    assert before == len(demo.requests)


def test_a_replay_evaluates_nothing(ready: Any, tmp_path: Path) -> None:
    """Its prompt is not sent."""
    run(ready, f"%sfchat --record {tmp_path}/a.jsonl hi")
    assert run(ready, f"%sfchat --replay {tmp_path}/a.jsonl {{{{ nope }}}}").success


def test_a_long_traceback_keeps_its_end(ready: Any, demo: DemoServer) -> None:
    """Which says what went wrong."""
    run(ready, "raise ValueError('a' * 30_000 + 'end')")
    run(ready, "%sfchat {{ last_error }}")
    assert len(sent(demo)) < LIMIT + 50
    assert sent(demo).endswith("aaaend")


def test_an_exception_in_a_variable_is_its_traceback(ready: Any, demo: DemoServer) -> None:
    """Not only its message."""
    run(ready, "try:\n    1 / 0\nexcept Exception as error:\n    kept = error")
    run(ready, "%sfchat {{ kept }}")
    assert sent(demo).startswith('Traceback (most recent call last):\n  File "Cell In[')
    assert sent(demo).endswith("ZeroDivisionError: division by zero")


@pytest.mark.parametrize(
    "text",
    ["{{x}_1}" * 10_000, r"\frac{{x}_1}{{y}_2}" * 4_000, "{{" * 40_000, "{{ [1," + '"}}",' * 10_000],
    ids=["groups", "fractions", "open", "strings"],
)
def test_a_long_text_full_of_braces_takes_no_time(ready: Any, text: str) -> None:
    """Or a prompt that was pasted would stop the kernel. It is either left as it is or refused."""
    import time

    from IPython.core.error import UsageError

    began = time.process_time()
    try:
        assert text == fill(text, ready).text
    except UsageError:
        assert text.startswith("{{ [")
    assert time.process_time() - began < 3
