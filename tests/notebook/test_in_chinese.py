"""A session in Chinese, in a real kernel: no output of a magic holds an English sentence of ours.

Allowed are the names of options, settings, models and classes, which are no sentences, and what others wrote: the texts
that the demo server sends, programs, and the prompts.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sfstream
from tests.kernel import Kernel, Result

PACKAGE = Path(sfstream.__file__).parent
SENTENCE = re.compile(r"(?<![\w./`'%-])[A-Za-z][a-z']+(?: [a-z][a-z']*\b(?!/)){2,}")
"""Three words in a row, the second and third in small letters, as in an English sentence."""
OF_OTHERS = "\n".join(
    path.read_text("utf-8")
    for path in (
        *sorted((PACKAGE / "demo" / "texts").iterdir()),
        *(
            PACKAGE / "demo" / f"{name}.py"
            for name in ("faults", "json_answers", "models", "physics", "prepared", "refusals")
        ),
        PACKAGE / "core" / "json_wire.py",
    )
)
"""What the demo server sends, and the instruction that asks a model for JSON."""
OF_PYTHON = {"division by zero", "is not defined", "Unable to generate pydantic", "pip install anywidget"}
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
HIDDEN = re.compile(r"<(script|style)\b.*?</\1>|<pre\b.*?</pre>", re.DOTALL)
"""What a page does not show, and code, which is checked as plain text."""
SPOKEN = re.compile(r'(?:title|aria-label|placeholder|alt)="([^"]*)"')

SETTING_UP = """%load_ext sfstream
%config SfChat.language = "zh"
%config SfChat.retries = 0
import sfstream
from sfstream import conversations
folder = {folder!r}"""

DEMO = ("", "--rate 5000", "list", "--if-no-key", "sometimes", "--rate fast", "--jitter 7")
LOG = (
    *("", "-n 2", "--all", "show 1", "last", "search 流式", "search 斑马", "unused answers", "sometimes", "show 99"),
    *("-n x", "show x", "search", "export 1", "export 1 a.txt", "export 1 /nowhere/a.md", "export 1 {folder}/a.md"),
    *("export 1 {folder}/a.md", "export 1 --overwrite {folder}/a.md", "unused", "unused {folder}"),
    *("forget", "forget x", "forget 99", "forget --older 3y", "forget --older 900w", "forget 1", "forget --all"),
    *("forget --all --yes", "", "last"),
)
CHAT = (
    *("", "什么是流式输出？", "-c 再短一点？", "前 n 个奇数的和是多少？ --effort high"),
    *("--effort high 前 n 个奇数的和是多少？", "--wire 你好", "--timeline 你好", "--wire --timeline 你好"),
    *("--conversation 计划 你好", "--conversation 计划 再说", "--dry-run -s 简短 你好", "--dry-run -c 再短一点？"),
    *("--dry-run {{{{ 数 }}}}", "--dry-run -a 图 你好", "--dry-run {{{{ 数 }}}} 和 {{{{ 数 }}}}"),
    *("--display text 你好", "--program openai 你好"),
    *("--program requests 你好", "--program curl 你好", "--via requests 你好"),
    *("--record {folder}/a.jsonl 你好", "--replay {folder}/a.jsonl", "--replay {folder}/none.jsonl"),
    *("--record /nowhere/a.jsonl 你好", "--replay {folder}/bad.jsonl"),
    *("-f code 用 Python 打印前十个素数。", "-f json 你好", "-f json -m demo/english 你好"),
    *("--schema list[int] 你好", "--schema nothing 你好", "-a nothing 你好", "-a ./none.png 你好"),
    *("-a 图 这张图里有什么？", "-c --conversation x 你好", "{{{{ 1 / 0 }}}}", "{{{{ 1 + }}}}"),
    *("{{{{ last_error }}}}", "{{{{ 数 }}}}", "{{{{ '长' * 30000 }}}}", "-t x 你好", "-t 7 你好", "-t 你好"),
    *("--top-k 0 你好", "--temprature 1 你好", "-m", "--stop 'a 你好", "-o 1 你好", "-p x 你好"),
    *("-p temperature=9 你好", "--effort 1", "--think --no-think 你好", "--speed x 你好", "--via x 你好"),
    *("--display x 你好", "--format x 你好", "-s 一 二", "--max-tokens 0 你好", "--conversation '' 你好"),
    *("--json-mode x 你好", "sk-abcdefghijklmnopqrstuvwx", "-m no/such-model 你好", "--thinking-budget 1 你好"),
    *("-p model=x 你好",),
)
MODELS = (
    *("length", "filtered", "empty", "reasoning-only", "tool-call", "no-done", "split-emoji", "usage-last", "echo-key"),
    *("cut-after-20", "cut-in-frame-15", "reset-after-10", "close-at-once", "stall-after-10", "stall-before-head"),
    *("error-code-after-10", "error-string-after-5", "error-event-after-5", "not-json-after-5", "html", "plain"),
    *("nothing", "redirect", "retry-after", "busy-twice", "no-json", "english+x-1"),
    *(f"status-{code}" for code in (400, 401, 402, 403, 404, 413, 422, 429, "429-hourly", 451, 500, 503, 504)),
)
PYTHON = (
    *("conversations", "conversations['计划']", "conversations['没有']", "sf_reply.wire()", "sf_reply.timeline()"),
    *("sf_reply.play()", "sf_reply.program('curl')", "sf_reply.save('a.txt')", "sfstream.log.search('')", "sf_reply"),
    *("sfstream.chat('')", "sfstream.chat('你好', temperature=7)", "sfstream.chat('你好', into=3)", "sfstream.show(3)"),
    *("sfstream.chat('你好', reuse=3)", "sfstream.chat('你好', reuse='/proc/x')", "sfstream.chat('你好', schema=3)"),
    *("%config SfChat.temperature = 7", "%config SfChat.nonsense = 1", "%config SfChat.base_url = 'nonsense'"),
    *(
        "%config SfChat.reuse = True",
        "%sfchat 什么是流式输出？",
        "%sfchat 什么是流式输出？",
        "%sfchat --fresh 什么是流式输出？",
    ),
)


def shown(result: Result) -> Iterator[str]:
    """Yield each text of a result that a person reads or hears."""
    for kind, content in result.messages:
        if kind == "stream":
            yield content["text"]
        elif kind == "error":
            yield "\n".join(content["traceback"])
        else:
            data: dict[str, Any] = content["data"]
            page = HIDDEN.sub(" ", data.get("text/html", ""))
            yield from SPOKEN.findall(page)
            yield html.unescape(re.sub(r"<[^>]+>", "\n", page))
            yield data.get("text/plain", "")
            yield data.get("text/markdown", "")


def english(result: Result, cell: str) -> list[str]:
    """Return the English sentences of ours in a result."""
    texts = (ESCAPE.sub("", text) for text in shown(result) if "import codecs" not in text)
    no_code = (re.sub(r"[\s*`]+", " ", text) for text in texts)
    found = {match for text in no_code for match in SENTENCE.findall(text)}
    others = re.sub(r"[\s*`]+", " ", OF_OTHERS + re.sub("```.*?```", "", OF_OTHERS, flags=re.DOTALL) + cell)
    return sorted(sentence for sentence in found - OF_PYTHON if sentence not in others)


@pytest.mark.kernel
def test_no_magic_shows_an_english_sentence(tmp_path: Path) -> None:
    """Each magic with its commands, endings of every kind, and what is refused before anything is sent."""
    (tmp_path / "bad.jsonl").write_text("no recording")
    cells = [
        *(f"%sfchat {line}" for line in ("你好", "")),  # without a key
        *("%sfkey sometimes", "%sfkey --forget", "%sfkey", "%sfmodels", "%sfdemo stop"),
        *(f"%sfdemo {line}" for line in DEMO),
        *("%sfmodels", "%sfmodels cut", "%sfmodels zebra", "%sfkey", "%sfkey --save", "数 = 3; 图 = b'x'"),
        "%config SfChat.first_byte = 1\n%config SfChat.between = 1",
        *(f"%sfchat {line}" for line in CHAT),
        *("%%sfchat -s 简短\n你好", "%%sfchat 你好\n你好", "%%sfchat\n "),
        *PYTHON,
        "%config SfChat.reuse = False",
        *(f"%sfchat -m demo/{model} 你好" for model in MODELS),
        *(f"%sflog {line}" for line in LOG),
        *("%sfdemo stop", "%sfdemo stop", "%reload_ext sfstream"),
    ]
    wrong = list[str]()
    with Kernel(HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path)) as kernel:
        assert "ok" == kernel.run(SETTING_UP.format(folder=str(tmp_path))).status
        for cell in cells:
            code = cell.format(folder=tmp_path) if cell.startswith(("%sfchat", "%sflog")) else cell
            if found := english(kernel.run(code, allow_stdin=False), code):
                wrong += [f"{code}: {sentence}" for sentence in found]
    assert not wrong, "\n".join(wrong)
