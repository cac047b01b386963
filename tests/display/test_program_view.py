"""A program in a notebook: what is copied from there is the program."""

from __future__ import annotations

import html
import re

import pytest

from sfstream.core.program import VIA, program
from sfstream.display.program_view import Program

PROMPT = "1\n\n2 <script>x</script> &amp; '\n<<'JSON' | show\nJSON\npython3 -c '\n   你好 😀"


@pytest.mark.parametrize("key_variable", ["", "API_KEY"])
@pytest.mark.parametrize("via", VIA)
def test_it_is_shown_as_it_is(via: str, key_variable: str) -> None:
    """Character for character; each language has its own colours, within the script for curl too."""
    body = {"model": "a/b", "messages": [{"role": "user", "content": PROMPT}], "stream": True}
    shown = Program(program(body, "http://localhost/v1", via, key_variable=key_variable))
    page = shown._repr_html_()
    assert shown == html.unescape(re.sub("<[^>]+>", "", page))
    assert "\n\n" not in page
    assert "<script" not in page
    coloured = re.findall(r'<span style="color:[^"]+">([^<]+)</span>', page)
    assert {"import", "try", "for", '"model"' if via == "curl" else '"a/b"'} <= set(coloured)
    assert not any("\n" in text for text in coloured)
