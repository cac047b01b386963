"""Recognise options that were typed after the prompt, where they are sent as text.

Prompts talk about the options of programs too, so an option counts as ours only where it ends the prompt, alone or with
others, and where it is no part of a sentence or of a command.
"""

from __future__ import annotations

import re

from IPython.core.error import UsageError

from sfstream.core.checks import check_value
from sfstream.core.message import Message, message
from sfstream.core.parameters import BY_NAME
from sfstream.core.text import excerpt
from sfstream.errors import ConfigurationError
from sfstream.notebook.did_you_mean import DASHES, OPTIONS, bare
from sfstream.notebook.options import WORD, Given, options_on, parse

_LONGEST = 400
"""Number of characters at the end of a line in which options are looked for."""
_SENTENCE_END = (".", "?", "!", "…", "。", "？", "！")
_PART_OF_SENTENCE = """
a about add adds an and are argument arguments as at between but by called change changes command do does explain
explains flag flags for from gives has if in is like meaning means named not of on option options or parameter
parameters pass passing put run running saw see set setting should switch than the to type typed use uses using versus
via vs was when with without write wrote
"""
"""Words after which or before which an option is part of the sentence."""
_PART_ZH = re.compile(
    r"(?:解释|什么是|何为|使用|参数|选项|命令|运行|执行|说明|介绍|了解|加上|设置|[用和与或的是在把])$"
)
_COMMAND = re.compile(
    r"(?<!\S)(?:aichat|apt|awk|aws|bash|brew|cargo|clang|conda|curl|docker|ffmpeg|gcc|gcloud|gh|git|grep|helm|jq|kubectl"
    r"|litellm|llama(?:-\w+|\.cpp)|llm|ls|npm|npx|ollama|openssl|ping|pip|ps|pytest|python3?|rsync|scp|sed|ssh|sudo|tar"
    r"|terraform|uv|uvx|vllm|wget|xargs|\./\S*|\$|\S+\.(?:py|sh|exe|js))(?!\S)"
)
"""Programs whose options prompts talk about; the names that are English words are left out."""
_IMAGE = re.compile(r"(?i)https?://|.*\.(?:png|jpe?g|gif|webp|bmp)$")


def note_late_options(line: str, prompt: str, *, is_cell: bool) -> list[Message]:
    """Return a note if a prompt ends with options, or if the first line of a cell's prompt begins with some.

    Args:
        line: the line of the magic. Two dashes at the end of its options say that all that follows is text.
        prompt: the prompt, as it was typed.
        is_cell: whether it is that of ``%%sfchat``.
    """
    before = line.removesuffix(prompt) if not is_cell else line
    if before.split()[-1:] == ["--"]:
        return []
    lines = [each for each in prompt.splitlines() if each.strip()]
    found = ((_at_begin(lines[0]) if is_cell else "") or _at_end(lines)) if lines else ""
    if not found:
        return []
    magic = "%%sfchat" if is_cell else "%sfchat"
    rest = "" if is_cell else prompt.rstrip()[: -len(found)]
    first = excerpt(" ".join(f"{magic} {before.strip()} {_respelled(found)} {rest}".split()), 120)
    return [message("{options} was sent as part of the prompt. Options come first: {line}", options=found, line=first)]


def _at_end(lines: list[str]) -> str:
    """Return the options at the end of the last line."""
    last = lines[-1].rstrip()
    is_alone = len(lines) > 1
    if is_alone and (last[:1].isspace() or _is_in_fence(lines)):
        return ""
    for word in WORD.finditer(last, max(0, len(last) - _LONGEST)):
        before, options = last[: word.start()], last[word.start() :]
        if before and not before[-1].isspace():
            continue
        if not before and not (is_alone and _stands_alone(lines[-2])):
            continue
        if (given := _all_options(options)) and (not before or _is_apart(before, given, options)):
            return options
    return ""


def _at_begin(first: str) -> str:
    """Return the options at the beginning of the first line."""
    respelled = _respelled(first)
    if not WORD.match(first):
        return ""
    try:
        _, rest = parse(respelled)
    except UsageError:
        return ""
    options = respelled.removesuffix(rest).strip()
    given = _all_options(options)
    is_ours = given and (
        not rest or (_word(rest.split()[0]) not in _PART_OF_SENTENCE.split() and _are_ours(given, options))
    )
    return options if is_ours else ""


def _respelled(text: str) -> str:
    """Return a text with our options as they are spelled: ``--max-tokens`` for ``—max_tokens``."""

    def spelled(match: re.Match[str]) -> str:
        name = bare(match[0])
        is_option = name in OPTIONS.known and (len(name) > 1 or match[0][-1].islower())
        return OPTIONS.meanings[name] if is_option else match[0]

    return re.sub(rf"(?<!\S){WORD.pattern}(?=[\s=]|$)", spelled, text)


def _all_options(text: str) -> list[Given]:
    """Return the options of a text that consists of options with usable values; none of another text."""
    text = _respelled(text)
    try:
        values, rest = parse(text)
        for name, value in values.items():
            if name not in ("params", "attach", "out", "speed"):
                check_value(BY_NAME[name], value)
    except (UsageError, ConfigurationError):
        return []
    given = [] if rest or "`" in text else list(options_on(text))
    return [] if any(each.text and each.text == each.option.metavar for each in given) else given


def _is_apart(before: str, given: list[Given], options: str) -> bool:
    """Return whether options follow a finished sentence, or one that they are no part of."""
    if before.rstrip().endswith(_SENTENCE_END):
        return True
    if before.rstrip().endswith((":", "：")) or _COMMAND.search(before):
        return False
    last = _word(before.split()[-1])
    return last not in _PART_OF_SENTENCE.split() and not _PART_ZH.search(last) and _are_ours(given, options)


def _are_ours(given: list[Given], options: str) -> bool:
    """Return whether options are unlike those of other programs, or have values that only ours have."""
    typed = [match[0] for match in re.finditer(rf"(?<!\S){WORD.pattern}", options)]
    return all(_is_ours(each, word) for each, word in zip(given, typed, strict=False))


def _is_ours(given: Given, word: str) -> bool:
    option, text = given.option, given.text
    if not word.startswith("-"):  # a dash of prose: "—fresh" at the end of a sentence
        return "-" in given.flag[2:] or option.type in (int, float) or bool(option.choices) or "/" in text
    if given.flag.startswith("--"):
        return True
    ours = {"model": "/" in text, "attach": _IMAGE.match(text), "continues": False, "out": False}
    return bool(ours.get(option.name, True)) and (option.name != "system" or " " in text)


def _stands_alone(line_before: str) -> bool:
    """Return whether what follows a line is no continuation of a list or of a command."""
    return not (
        re.match(rf"\s*[{re.escape(DASHES)}*$]", line_before) or line_before.rstrip().endswith((":", "：", "\\"))
    )


def _is_in_fence(lines: list[str]) -> bool:
    return sum(each.lstrip().startswith(("```", "~~~")) for each in lines) % 2 == 1


def _word(text: str) -> str:
    return text.strip("\"'“”‘’(),;:，；：").lower()
