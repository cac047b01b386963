"""The page of ``Reply.save("answer.html")``: one file that plays an answer, and needs nothing but a browser.

Its content security policy allows the script of the component by its hash, inline styles, and images that stand in the
page: even markup that got past the sanitiser could neither run nor fetch anything.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import html

from sfstream.core.inspection import Traced
from sfstream.core.text import encodable, excerpt, harmless
from sfstream.core.turns import message_text, prompt_of
from sfstream.display.component import PANES, script
from sfstream.display.dialogue import prompt_html
from sfstream.display.player import Player
from sfstream.display.scripts import PAGE
from sfstream.display.translations import language

_TITLE = 80
"""Maximum number of characters of the title."""
_LANGUAGES = {"en": "en", "zh": "zh-CN"}
"""Values of the attribute ``lang``, by the language of the display."""


def player_page(traced: Traced) -> str:
    """Return the page that plays a recording.

    Args:
        traced: the reply with its recording, taken apart.
    """
    return encodable(
        f'<!DOCTYPE html>\n<html lang="{_LANGUAGES[language()]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(_title(traced))}</title>\n<style>{_style()}</style>\n</head>\n<body>\n"
        f"{prompt_html(traced.reply)}\n{_PagePlayer([traced]).html()}\n</body>\n</html>\n"
    )


class _PagePlayer(Player):
    """The player with all panes. Formulas are MathML in its static form, since the page has no MathJax."""

    panes = PANES
    maths = "mathml"


def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@functools.cache
def _style() -> str:
    return (PAGE / "page.css").read_text("utf-8").strip()


def _title(traced: Traced) -> str:
    """Return the beginning of the prompt, and the model."""
    prompt = next((text for each in reversed(prompt_of(traced.reply)) if (text := message_text(each))), "")
    return harmless(" · ".join(filter(None, [excerpt(prompt, _TITLE), excerpt(traced.reply.model, _TITLE)])))
