"""Write an answer to a file for others: Markdown, JSON, or a recording."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sfstream.core.json_escapes import readable_json
from sfstream.core.message import message
from sfstream.core.reply import Reply
from sfstream.core.text import encodable
from sfstream.core.turns import message_text
from sfstream.errors import ConfigurationError, RecordingError
from sfstream.log.entries import Entry
from sfstream.log.format import expand_path, open_recording
from sfstream.log.writer import check_writable, save_recording, write_file

EXPORTED = (".md", ".json", ".jsonl", ".jsonl.gz")
"""Endings of an exported file: Markdown, JSON, and a recording, plain or gzip."""
SAVED = (".md", ".html", ".jsonl", ".jsonl.gz")
"""Endings of a saved reply: the page that plays it instead of JSON."""


def export_entry(
    entry: Entry, file: str | os.PathLike[str], *, overwrite: bool = False, switch: str = "overwrite=True"
) -> Path:
    """Write an answer of the log in the format that the ending of the file names.

    Args:
        overwrite: whether the file may exist; it is replaced then.
        switch: how the caller is told to set `overwrite`.

    Returns:
        The path of the file.

    Raises:
        ConfigurationError: the ending is none of `EXPORTED`, or the file exists.
        RecordingError: the answer cannot be read, or the file cannot be written.
    """
    path, ending = target(file, EXPORTED, overwrite=overwrite, switch=switch)
    if ending == ".md":
        write_text(f"{_markdown(entry)}\n", path)
    elif ending == ".json":
        write_text(f"{json.dumps(_fields(entry), ensure_ascii=False, indent=2)}\n", path)
    else:
        save_recording(open_recording(entry.path), path)
    return path


def save_reply(reply: Reply, path: Path, ending: str) -> None:
    """Write the content of a reply to a file as the model wrote it, or the recording of the reply.

    Raises:
        RecordingError: the file cannot be written, or there is no recording.
    """
    if ending == ".md":
        write_text(reply.content, path)
        return
    if reply.recording is None:
        raise RecordingError(
            message(
                "This reply has no recording: it was made from objects passed to show(), not from a server's bytes."
            )
        )
    save_recording(reply.recording, path)


def target(
    file: str | os.PathLike[str], endings: Sequence[str], *, overwrite: bool, switch: str = "overwrite=True"
) -> tuple[Path, str]:
    """Return the path of a file to be written, and which of the endings it has; case does not matter.

    Args:
        overwrite: whether the file may exist.
        switch: how the caller is told to set `overwrite`.

    Raises:
        ConfigurationError: the file has none of the endings, or exists.
        RecordingError: the file cannot be written.
    """
    path = expand_path(file)
    ending = next((each for each in endings if path.name.lower().endswith(each)), "")
    if not ending:
        name, expected = f"{path.name!r:.60}", ", ".join(endings)
        raise ConfigurationError(
            message("The file is {name}; expected a name that ends in {suffixes}.", name=name, suffixes=expected)
        )
    if os.path.lexists(path) and not overwrite and not path.is_dir():
        known = {"path": os.fspath(path), "switch": switch}
        raise ConfigurationError(
            message("The file {path!r} exists already. Choose another name, or replace it with {switch}.", **known)
        )
    check_writable(path)
    return path, ending


def write_text(text: str, path: Path) -> None:
    """Write a text to a file in UTF-8, or leave the file as it was.

    Raises:
        RecordingError: the file cannot be written.
    """
    write_file(encodable(text).encode(), path)


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
    return "\n\n".join(filter(None, [*messages, *answer, about, *map(str, reply.notes)])).rstrip("\n")
