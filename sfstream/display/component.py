"""The interactive component of the views of a recording: style, data and script in one piece of HTML.

It needs no kernel, no widget and no network. The script replaces the static form that stands before it
(`sfstream.display.recording_view`); where it does not run or fails, the static form stays.
"""

from __future__ import annotations

import base64
import functools
import gzip
import json
import re
from collections.abc import Sequence

from sfstream.core.inspection import Traced
from sfstream.core.text import encodable
from sfstream.display.player_data import player_data
from sfstream.display.scripts import PAGE, one_module

PANES = ("answer", "timeline", "wire")
"""The panes of the component, in their order on the page."""
_SCRIPTS = (
    *("growth.js", "text.js", "clipboard.js", "player_data.js", "player_clock.js", "player_dom.js", "player_bytes.js"),
    *("player_mark.js", "player_answer.js", "player_filter.js", "player_lanes.js", "player_timeline.js"),
    *("player_rows.js", "player_wire.js", "player_bar.js", "player_keys.js", "player.js"),
)
_STYLES = ("view.css", "player.css", "player_timeline.css", "player_wire.css")


def component(traced: Sequence[Traced], panes: Sequence[str]) -> str:
    """Return the component as HTML, without its static form.

    Args:
        traced: the replies with their recordings, taken apart; the first is the one that is played.
        panes: which of `PANES` are open at the start.

    Example:
        >>> component([traced(reply)], ["wire"])
    """
    data = packed(player_data(traced, [pane for pane in PANES if pane in panes]))
    return (
        f"<style>{style()}</style>"
        f'<script type="text/plain" class="sfstream-data">{data}</script>'
        f"<script>{script()}</script>"
    )


def packed(data: object) -> str:
    """Return data as JSON, compressed, and in base64, which cannot end the element that it stands in."""
    text = encodable(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


@functools.cache
def script() -> str:
    """Return the script of the component."""
    start = "start(document.currentScript.parentElement)"
    source = f"(() => {{\n{one_module(*_SCRIPTS)}{start}\n}})()"
    # "</script" would end the element, and "<!--" change how it is read; both occur in strings only.
    return _compact(source.replace("</", "<\\/").replace("<!--", "<\\!--"))


@functools.cache
def style() -> str:
    """Return the style sheet of the component."""
    return _compact("".join((PAGE / name).read_text("utf-8") for name in _STYLES))


def _compact(source: str) -> str:
    """Remove comments, indentation and empty lines.

    An empty line would end the HTML in a Markdown file, such as nbconvert writes; the others are a third of the script,
    which each output holds.
    """
    code = re.sub(r"^\s*(/\*((?!\*/).)*\*/|//[^\n]*)$", "", source, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"\n\s*", "\n", code).strip()
