"""Write an answer of the log to a file for others: Markdown, JSON, or a recording."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sfstream.core.json_escapes import readable_json
from sfstream.core.message import Message, message
from sfstream.core.reasons import reason
from sfstream.core.reply import Reply
from sfstream.core.text import encodable
from sfstream.core.turns import message_text
from sfstream.errors import ConfigurationError, RecordingError
from sfstream.log.entries import Entry
from sfstream.log.format import expand_path, open_recording
from sfstream.log.writer import check_writable, not_written, save_recording

SUFFIXES = (".md", ".json", ".jsonl", ".jsonl.gz")
"""Suffixes of the file: Markdown, JSON, and a recording, plain or gzip."""


def export_entry(entry: Entry, file: str | os.PathLike[str]) -> Path:
    """Write the answer in the format that the suffix of the file names.

    Returns:
        The path of the file.

    Raises:
        ConfigurationError: the suffix is none of `SUFFIXES`, or the file exists.
        RecordingError: the answer cannot be read, or the file cannot be written.
    """
    path = expand_path(file)
    if not path.name.endswith(SUFFIXES):
        raise ConfigurationError(_other_suffix(path, SUFFIXES))
    if os.path.lexists(path):
        raise ConfigurationError(
            message("The file {path!r} exists already: choose another name, or remove it.", path=os.fspath(path))
        )
    check_writable(path)
    try:
        _write(entry, path)
    except BaseException:  # also an interrupt: a partial file would be in the way of the next attempt
        with contextlib.suppress(OSError):
            path.unlink()
        raise
    return path


def save_reply(reply: Reply, file: str | os.PathLike[str]) -> None:
    """Write an answer to a file: its content if the name ends in ``.md``, else its recording.

    Raises:
        ConfigurationError: the name ends otherwise.
        RecordingError: the file cannot be written, or there is no recording.
    """
    path = expand_path(file)
    if path.name.endswith(".md"):
        write_text(reply.content, path)
        return
    if not path.name.endswith((".jsonl", ".jsonl.gz")):
        raise ConfigurationError(_other_suffix(path, (".md", ".html", ".jsonl", ".jsonl.gz")))
    if reply.recording is None:
        raise RecordingError(
            message(
                "This reply has no recording: it was made from objects passed to show(), not from a server's bytes."
            )
        )
    save_recording(reply.recording, file)


def _other_suffix(path: Path, expected: Sequence[str]) -> Message:
    return message(
        "The file is {name}; expected a name that ends in {suffixes}.",
        name=f"{path.name!r:.60}",
        suffixes=", ".join(expected),
    )


def _write(entry: Entry, path: Path) -> None:
    if path.name.endswith((".jsonl", ".gz")):
        save_recording(open_recording(entry.path), path)
        return
    is_json = path.name.endswith(".json")
    text = json.dumps(_fields(entry), ensure_ascii=False, indent=2) if is_json else _markdown(entry)
    write_text(text.rstrip("\n") + "\n", path)


def write_text(text: str, file: str | os.PathLike[str]) -> None:
    """Write a text to a file in UTF-8.

    Raises:
        RecordingError: the file cannot be written.
    """
    path = expand_path(file)
    try:
        path.write_bytes(encodable(text).encode())
    except (OSError, ValueError) as error:  # a ValueError for a NUL in the name
        raise not_written(path, reason(error)) from None


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
    """Return the conversation with the answer under headings; the reasoning is a quotation."""
    reply = entry.reply()
    time = f"{entry.time:%Y-%m-%d %H:%M}, " if entry.time else ""
    messages = [f"## {str(each['role']).capitalize()}\n\n{message_text(each)}" for each in reply.request.messages]
    reasoning = "\n".join(f"> {line}".rstrip() for line in reply.reasoning.strip().splitlines())
    calls = [f"    {call.name}({readable_json(call.arguments)})" for call in reply.tool_calls]
    answer = [f"## {reply.model}", reasoning, reply.content, *calls]
    about = f"_{time}{reply.model}, {entry.status}_"
    return "\n\n".join(filter(None, [*messages, *answer, about, *map(str, reply.notes)]))
