"""How the refusal of a server looks in a cell of a real kernel: below the answer, in its own lines."""

from __future__ import annotations

import json

import pytest

from tests.fake_transport import DONE, frame, word
from tests.kernel import Kernel, Result
from tests.wire.refusing import refusing

REASON = "No:\n  tool:  weather\n  <b>why</b>: " + "every word of this long line is kept " * 4
HEADS = {"en": "The server refused the request", "zh": "服务器拒绝了请求"}
STATUS = {"en": " (HTTP 400, code 7): No:", "zh": "（HTTP 400、代码 7）：No:"}
IN_STREAM = {"en": " (in the stream): No:", "zh": "（在流中）：No:"}
KEPT = {
    "en": "The partial answer is kept; asking again is a new request, and is billed again.",
    "zh": "已收到的部分已保留；重新提问是一次新的请求，会再次计费。",
}
STREAM = (word("Hello") + frame({"error": REASON}) + DONE).decode()
REFUSED = json.dumps({"error": {"message": REASON, "code": 7}})


def lines_of(result: Result) -> list[str]:
    (content,) = (content for kind, content in result.messages if kind == "error")
    traceback = content["traceback"]
    assert traceback[0].startswith("\x1b[31mRequestRefused\x1b[0m: ")
    return [*traceback]


@pytest.mark.kernel
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_error_of_several_lines_keeps_them(language: str) -> None:
    """Its lines and their indents stand in the output, long ones are wrapped between words, and the answer is kept."""
    with refusing((400, REFUSED), (200, STREAM)) as url, Kernel() as kernel:
        kernel.run(f"%load_ext sfstream\n%config SfChat.base_url = {url!r}\n%config SfChat.language = {language!r}")
        refused, begun = (kernel.run(f"%%sfchat -m {number}\nHi") for number in range(2))
        for result, marks in ((refused, STATUS), (begun, IN_STREAM)):
            lines = lines_of(result)
            assert f"{HEADS[language]}{marks[language]}" in lines[0]
            kept = "  <b>why</b>: every word of this long line is kept every word of this long line"
            assert ["  tool:  weather", kept] == lines[1:3]
            assert max(map(len, lines[1:])) <= 79
            assert REASON.strip() in result.error
        assert lines_of(begun)[-1] == KEPT[language]
        html = begun.displays[-1]["text/html"]
        failed = {"en": "Failed: RequestRefused", "zh": "失败：RequestRefused"}[language]
        assert "Hello" in html
        assert failed in html
        assert "<b>why" not in html
