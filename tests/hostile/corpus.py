"""All hostile answers, each with its name, told who it may call and where it may leak to."""

from __future__ import annotations

from dataclasses import dataclass

from tests.hostile import (
    corpus_foreign,
    corpus_html,
    corpus_markdown,
    corpus_maths,
    corpus_readers,
    corpus_styles,
    corpus_urls,
)

_MODULES = (corpus_html, corpus_foreign, corpus_styles, corpus_urls, corpus_markdown, corpus_maths, corpus_readers)

GROUPS: dict[str, list[str]] = {name: texts for module in _MODULES for name, texts in module.GROUPS.items()}
"""The texts by what they try. In them ``PWN`` is a call that the harness hears, ``LEAK`` an address of its server and
``HOST`` the same without a scheme, ``NUMBER`` the payload's own number."""


@dataclass(frozen=True)
class Payload:
    """One hostile answer.

    Attributes:
        number: its own; what it calls and fetches says it.
        name: its group, and its place in it from 0.
        text: what the model says.
    """

    number: int
    name: str
    text: str


def payloads(host: str = "127.0.0.1:9") -> list[Payload]:
    """All of them.

    Args:
        host: of the leak server, with its port.
    """
    named = [(f"{group}-{place}", text) for group, texts in GROUPS.items() for place, text in enumerate(texts)]
    return [Payload(number, name, _armed(text, number, host)) for number, (name, text) in enumerate(named)]


def _armed(text: str, number: int, host: str) -> str:
    """The text with its marks filled."""
    place = f"{host}/leak/{number}"
    for mark, value in {
        "PWN": f"pwned({number})",
        "LEAK": f"http://{place}",
        "HOST": place,
        "NUMBER": str(number),
    }.items():
        text = text.replace(mark, value)
    return text
