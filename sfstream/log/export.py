"""An answer of the log as a file for others: Markdown, JSON, or a recording."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from sfstream.core.text import encodable
from sfstream.errors import ConfigurationError
from sfstream.log.entries import Entry, text_of
from sfstream.log.format import open_recording
from sfstream.log.writer import check_writable, not_written, save_recording

SUFFIXES = (".md", ".json", ".jsonl", ".jsonl.gz")
"""What a file may end in: Markdown, JSON, and a recording, plain or packed."""


def export(entry: Entry, file: str | os.PathLike[str]) -> Path:
    """Write the answer; the suffix says as what.

    Returns:
        the path of the file.

    Raises:
        ConfigurationError: the suffix is none of `SUFFIXES`.
        RecordingError: the answer cannot be read, or the file cannot be written.
    """
    path = Path(os.path.expanduser(file))
    if not path.name.endswith(SUFFIXES):
        raise ConfigurationError(f"The file is {path.name!r:.60}; expected a name that ends in {', '.join(SUFFIXES)}.")
    if os.path.lexists(path):
        raise ConfigurationError(f"There is a file {os.fspath(path)!r} already: choose another name, or remove it.")
    check_writable(path)
    try:
        _write(entry, path)
    except BaseException:  # an interrupt too
        with contextlib.suppress(OSError):
            path.unlink()  # else it would be in the way of the next attempt
        raise
    return path


def _write(entry: Entry, path: Path) -> None:
    if path.name.endswith((".jsonl", ".gz")):
        return save_recording(open_recording(entry.path), path)
    is_json = path.name.endswith(".json")
    text = json.dumps(_fields(entry), ensure_ascii=False, indent=2) if is_json else _markdown(entry)
    try:
        path.write_text(encodable(text).rstrip("\n") + "\n", encoding="utf-8")
    except OSError as error:
        raise not_written(path, error) from None


def _fields(entry: Entry) -> dict[str, Any]:
    reply = entry.reply()
    return {
        "time": entry.time.isoformat() if entry.time else None,
        "request": reply.request.body(),
        "content": reply.content,
        "reasoning": reply.reasoning,
        "tool_calls": [vars(call) for call in reply.tool_calls],
        "status": entry.status,
        "finish_reason": reply.finish_reason,
        "usage": reply.usage,
        "trace_id": reply.trace_id,
        "source": reply.source,
    }


def _markdown(entry: Entry) -> str:
    """The conversation up to the answer, and the answer, under headings; the reasoning as a quotation."""
    reply = entry.reply()
    when = f"{entry.time:%Y-%m-%d %H:%M}, " if entry.time else ""
    said = [f"## {str(message['role']).capitalize()}\n\n{text_of(message)}" for message in reply.request.messages]
    thought = "\n".join(f"> {line}".rstrip() for line in reply.reasoning.strip().splitlines())
    calls = [f"    {call.name}({call.arguments})" for call in reply.tool_calls]
    answer = [f"## {reply.model}", thought, reply.content, *calls]
    about = f"_{when}{reply.model}, {entry.status}_"
    return "\n\n".join(filter(None, [*said, *answer, about, *reply.notes]))
