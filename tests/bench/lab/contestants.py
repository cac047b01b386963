"""Who is measured: what people write to see an answer grow, and sfstream. This runs in the kernel."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import ipywidgets  # type: ignore[import-untyped]
import openai
from IPython.display import Markdown, display
from markdown_it import MarkdownIt

import sfstream

NOTHING, PRINT, UPDATES, HTML_WIDGET = "nothing shown", "print", "update_display", "ipywidgets.HTML"
OURS, OURS_HTML = "sfstream live", "sfstream html"
PROMPT = "What is streaming?"
USED = Path("used.json")
"""Where a run leaves its seconds of CPU, in the folder of the notebook: the output would be one thing more to show."""


def run(who: str, model: str) -> None:
    """Ask a model and show its answer as it comes, in the running cell."""
    before = time.process_time()
    if who in _THEIRS:
        _THEIRS[who](_pieces(model))
    else:
        sfstream.chat(PROMPT, model=model, display=who.removeprefix("sfstream "))
    USED.write_text(json.dumps(time.process_time() - before), encoding="utf-8")


def _pieces(model: str) -> Iterator[str]:
    """The openai library's loop, as its documentation shows it."""
    client = openai.OpenAI(base_url=os.environ["SILICONFLOW_BASE_URL"], api_key="none", max_retries=0)
    stream = client.chat.completions.create(model=model, messages=[{"role": "user", "content": PROMPT}], stream=True)
    for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content:
            yield chunk.choices[0].delta.content


def _nothing(pieces: Iterable[str]) -> None:
    for _ in pieces:
        pass


def _print(pieces: Iterable[str]) -> None:
    """What SiliconFlow's guide to streaming shows."""
    for piece in pieces:
        print(piece, end="", flush=True)


def _updates(pieces: Iterable[str]) -> None:
    """What several libraries for chats in notebooks do."""
    text = ""
    handle = display(Markdown(text), display_id=True)
    for piece in pieces:
        text += piece
        handle.update(Markdown(text))


def _html_widget(pieces: Iterable[str]) -> None:
    """The same with a widget."""
    text, renderer, widget = "", MarkdownIt(), ipywidgets.HTML()
    display(widget)
    for piece in pieces:
        text += piece
        widget.value = renderer.render(text)


_THEIRS: dict[str, Callable[[Iterable[str]], None]] = {
    NOTHING: _nothing,
    PRINT: _print,
    UPDATES: _updates,
    HTML_WIDGET: _html_widget,
}
