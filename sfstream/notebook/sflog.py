"""``%sflog``: list, show, search, export and remove the answers in the log."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from IPython.display import display

from sfstream import log
from sfstream.core.config import settings
from sfstream.core.message import Message, joined, message
from sfstream.core.reply import Reply
from sfstream.core.text import excerpt
from sfstream.display.frontend import in_kernel
from sfstream.display.gallery import images_counted, pictures
from sfstream.display.text_view import TextView
from sfstream.display.translations import translate
from sfstream.errors import RecordingError
from sfstream.log import Entry
from sfstream.log.entries import read_entry
from sfstream.log.export import export_entry
from sfstream.log.format import read_summary
from sfstream.log.reuse import place_of, unused, was_shown_again
from sfstream.notebook.commands import command_hint
from sfstream.notebook.key_warning import quoted
from sfstream.notebook.option_values import QUOTES
from sfstream.notebook.table import Table
from sfstream.notebook.usage import usage_error

NEWEST = 20
"""Number of answers that are listed by default."""
_PROMPT = 80
"""Maximum number of characters of a prompt in the list."""
_PROMPT_COLUMN = 3
_OVERWRITE = re.compile(r"^--overwrite\s+|\s+--overwrite$")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_SHOW = message("%sflog show N shows one.")
_STATUS = {
    "streaming": message("streaming"),
    "complete": message("complete"),
    "length": message("length"),
    "filtered": message("filtered"),
    "stopped": message("stopped"),
    "cut": message("cut"),
    "failed": message("failed"),
}


def sflog(line: str) -> Table | Reply | str:
    """Carry out a line of ``%sflog``.

    Returns:
        a table of answers, an answer (already shown), or a message for the user.

    Raises:
        UsageError: the line is not one of the commands.
        SfStreamError: there is no such answer, or a file cannot be read, written or removed.
    """
    command, rest = _first_word(line)
    if command in ("", "-n", "--all"):
        return _list(_limit(command, rest))
    if command == "show":
        return _shown(log.show(_number(rest)))
    if command == "last" and not rest:
        return _shown(log.last())
    if command == "search":
        return _search(_unquoted(rest))
    if command == "export":
        return _export(rest)
    if command == "unused":
        return _unused(_unquoted(rest))
    if command == "forget":
        return _forget(rest.split())
    hint = command_hint("sflog", command)
    raise usage_error(
        "%sflog has no command {command}. %sflog? lists the commands.", hint, command=quoted(line.strip())
    )


def _first_word(text: str) -> tuple[str, str]:
    """Return the first word and the rest. The wide space of a Chinese keyboard separates them too."""
    word, rest, *_ = [*text.split(None, 1), "", ""]
    return word, rest.strip()


def _limit(command: str, rest: str) -> int | None:
    if command == "-n" and rest.isdecimal() and int(rest):
        return int(rest)
    if command == "-n" or rest:
        raise usage_error("%sflog -n expects a number from 1, --all expects nothing; got {text}.", text=quoted(rest))
    return NEWEST if command == "" else None


def _number(text: str) -> int:
    if not text.isdecimal():
        raise usage_error(
            "Expected the number of an answer, got {text}. %sflog lists them; %sflog last shows the newest.",
            command_hint("sflog", text.partition(" ")[0]),
            text=quoted(text),
        )
    return int(text)


def _export(rest: str) -> str:
    words = _OVERWRITE.sub("", rest)
    number, file = _first_word(words)
    entry = log.find_entry(_number(number))
    path = export_entry(entry, _file(file), overwrite=words != rest, switch="%sflog export --overwrite")
    return translate("Written to {path}.", path=path)


def _file(text: str) -> str:
    if file := _unquoted(text):
        return file
    raise usage_error("%sflog export expects a number and a file, such as %sflog export 12 answer.md.")


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and QUOTES.get(text[0]) == text[-1] else text


def _list(limit: int | None) -> Table | str:
    listed = log.entries(limit)
    if not listed:
        return _empty()
    newest, there = f"{len(listed):,}", log.count()
    more = message("The newest {newest} of {all}; %sflog --all lists all.", newest=newest, all=f"{there:,}")
    return _table(listed, joined(more if len(listed) < there else "", _SHOW))


def _search(text: str) -> Table | str:
    if not text:
        raise usage_error("%sflog search expects a text, such as %sflog search Nobel.")
    found = log.search(text, NEWEST + 1)
    if not found:
        return translate("No answer contains {text}.", text=quoted(text))
    more = message("The newest {newest}; there are more.", newest=NEWEST)
    return _table(found[:NEWEST], joined(more if len(found) > NEWEST else "", _SHOW))


def _unused(name: str) -> Table | str:
    place = place_of(name or settings.get("reuse", False))
    if not (place and place.folder):
        raise usage_error("%sflog unused expects a folder of answers, such as %sflog unused answers.")
    paths = unused(place)
    if not paths:
        return translate("The folder {name!r} holds no answer that this session has not asked for.", name=place.name)
    rows = [(path.name, *_row(entry)[1:4]) for path in paths if (entry := read_entry(0, path))]
    note = translate(
        "Nothing has asked for these {count} since the kernel started. Cells that have not run may need them.",
        count=f"{len(rows):,}",
    )
    heads = (translate("file"), translate("when"), translate("model"), translate("prompt"))
    return Table(rows, heads, note, whole=(0, 1), yielding=(2, 3))


def _forget(words: Sequence[str]) -> str:
    if sorted(words) == ["--all", "--yes"]:
        return _forgotten(log.forget_all())
    if words == ["--all"]:
        return _warned(log.count())
    if words[:1] == ["--older"] and len(words) == 2:
        return _forgotten(log.forget(older=_age(words[1])))
    if words:
        return _forgotten(log.forget(*map(_number, words)))
    raise usage_error("%sflog forget expects the numbers of answers, --older 30d, or --all --yes.")


def _warned(count: int) -> str:
    if not count:
        return _empty()
    return translate(
        "Nothing was deleted. Answers in the log: {count}. To delete all of them for good: %sflog forget --all --yes",
        count=f"{count:,}",
    )


def _empty() -> str:
    return translate("The log in {folder} is empty.", folder=log.folder())


def _age(text: str) -> timedelta:
    if match := re.fullmatch(r"(\d{1,6})([hdw])", text, re.ASCII):
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    raise usage_error("--older expects hours, days or weeks, such as 12h, 30d or 8w, got {text}.", text=quoted(text))


def _forgotten(count: int) -> str:
    return translate("Removed 1 answer.") if count == 1 else translate("Removed {count} answers.", count=f"{count:,}")


def _table(entries: Sequence[Entry], note: Message) -> Table:
    heads = ("N", translate("when"), translate("model"), translate("prompt"), translate("status"), translate("tokens"))
    rows = [_row(entry) for entry in entries]
    table = Table(rows, heads, translate(note), whole=(0, 1, 5), yielding=(2, 3, 4), numbers=(0, 5))
    with_images = [number for number, entry in enumerate(entries) if entry.images]
    for number in with_images[:NEWEST]:
        table.pictures[number, _PROMPT_COLUMN] = _pictures(entries[number])
    return table


def _pictures(entry: Entry) -> str:
    """Return the images of an answer's prompt, which only its file holds, as very small pictures."""
    try:
        head, _ = read_summary(entry.path)
    except (FileNotFoundError, RecordingError):  # it has been forgotten since it was listed
        return ""
    return pictures(head.request.get("messages"))


def _row(entry: Entry) -> tuple[str, ...]:
    number = str(entry.number)
    if not entry.model and entry.explanation:
        return number, "", "", excerpt(translate(entry.explanation), 2 * _PROMPT), translate("unreadable"), ""
    when = f"{entry.time:%Y-%m-%d %H:%M}" if entry.time else ""
    tokens = "" if entry.tokens is None else f"{entry.tokens:,}"
    prompt = " ".join(filter(None, [_count(entry.images), excerpt(entry.prompt, _PROMPT)]))
    return number, when, excerpt(entry.model, _PROMPT), prompt, _status(entry), tokens


def _count(images: int) -> str:
    return f"[{images_counted(images)}]" if images else ""


def _status(entry: Entry) -> str:
    parts = [
        message("interrupted") if entry.status == "cut" and entry.explanation else _STATUS[entry.status],
        message("partial") if entry.is_partial else None,
        message("demo") if entry.source == "written by hand" else None,
        message("reused") if was_shown_again(entry.path) else None,
    ]
    return " · ".join(translate(part) for part in parts if part)


def _shown(reply: Reply) -> Reply:
    """Show a reply at once, wherever the magic stands in the cell; in a terminal the whole reply."""
    if in_kernel() and settings.get("display") != "text":
        display(reply)
        return reply
    shown = TextView(closing=in_kernel(), raises=False)  # a terminal prints the status line as Out[n]
    shown.finish(reply)
    return reply
