"""A chat request as a complete program, for the openai library, requests or curl. No I/O.

These are the three ways of SiliconFlow's guide to streaming (https://docs.siliconflow.cn/faqs/stream-mode). Unlike the
samples there, the programs keep an answer that holds ``data: ``, take chunks without choices and deltas without
``reasoning_content``, and notice that an answer is cut off.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Mapping
from typing import Any

from sfstream.core.attachments import image_urls
from sfstream.core.checks import check_value
from sfstream.core.message import message
from sfstream.core.parameters import BY_NAME
from sfstream.core.program_text import CURL, FRAMES, KEYED_CURL, OPENAI, REQUESTS, UNKEYED_CURL
from sfstream.errors import ConfigurationError

VIA = BY_NAME["program"].choices
"""The ways in which there are programs."""
WIDTH = 88
"""Maximum length of a line that holds several values of a request; a text may be longer."""
_OF_OPENAI = (
    *("model", "messages", "stream", "temperature", "top_p", "max_tokens", "frequency_penalty", "presence_penalty"),
    *("stop", "seed", "n", "reasoning_effort", "response_format", "tools", "tool_choice"),
)
"""Fields of the body that are keywords of the openai library. It takes any other in ``extra_body``."""


def program(body: Mapping[str, Any], base_url: str, via: str, *, key_variable: str = "") -> str:
    """Return a program that sends a request and prints the answer while it arrives.

    The content goes to standard output, the reasoning, headings and errors to standard error. Its exit status is 0 only
    if the answer is complete.

    Args:
        body: the JSON body of the request (`ChatRequest.body`).
        base_url: without a slash at its end.
        via: ``openai``, ``requests`` or ``curl``.
        key_variable: environment variable that the program takes the API key from; empty to send no key.

    Returns:
        Python, or for curl a script for any POSIX shell.

    Raises:
        ConfigurationError: there is no such way, or the request holds an image.

    Example:
        >>> body = {"model": "a/b", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
        >>> print(program(body, "http://localhost/v1", "curl"))
    """
    check_value(BY_NAME["program"], via)
    _check_images(body)
    plain = json.loads(json.dumps(body))  # a number of another library has another repr
    return _MAKERS[via](plain, base_url, key_variable)


def _check_images(body: Mapping[str, Any]) -> None:
    urls = [url for each in body["messages"] for url in image_urls([each])]
    if size := sum(len(url) for url in urls if url.startswith("data:")):
        raise ConfigurationError(
            message(
                "The request holds an image, which would be {size} characters of the program: attach the image by its "
                "web address (https://…), or leave it out.",
                size=f"{size:,}",
            )
        )


def _openai(body: dict[str, Any], base_url: str, key_variable: str) -> str:
    keywords = {name: body[name] for name in body if name in _OF_OPENAI}
    others = {name: body[name] for name in body if name not in _OF_OPENAI}
    lines = [f"{name}={_python(value, 8, len(name) + 2)}," for name, value in keywords.items()]
    if others:
        lines += ["# fields of the body that the library does not know", f"extra_body={_python(others, 8, 12)},"]
    return _filled(
        OPENAI,
        ABOUT_KEY=_about_key(key_variable),
        BASE_URL=_text(base_url),
        IMPORT_OS="import os\n" if key_variable else "",
        API_KEY=f"os.environ[{_text(key_variable)}]" if key_variable else '"none"',
        KEYWORDS="\n        ".join(lines),
    )


def _requests(body: dict[str, Any], base_url: str, key_variable: str) -> str:
    header = f'{{"Authorization": "Bearer " + os.environ[{_text(key_variable)}]}}'
    return _filled(
        REQUESTS,
        ABOUT_KEY=_about_key(key_variable),
        IMPORT_OS="import os\n" if key_variable else "",
        URL=_text(f"{base_url}/chat/completions"),
        HEADERS=f"headers = {header}\n" if key_variable else "",
        HEADERS_ARGUMENT="headers=headers, " if key_variable else "",
        BODY=_python(body, 0, 7),
        FRAMES=_frames("response.iter_lines()"),
    )


def _curl(body: dict[str, Any], base_url: str, key_variable: str) -> str:
    url = shlex.quote(f"{base_url}/chat/completions")
    return _filled(
        CURL,
        ABOUT_KEY=f"# The API key is taken from the environment variable {key_variable}.\n" if key_variable else "",
        COMMAND=_filled(KEYED_CURL if key_variable else UNKEYED_CURL, KEY=key_variable, URL=url),
        # No line of it can end the here-document: each begins with a bracket or a space.
        BODY=_printable(json.dumps(body, ensure_ascii=False, indent=2), _json_escape),
        FRAMES=_frames("sys.stdin.buffer"),
    )


_MAKERS: dict[str, Callable[[dict[str, Any], str, str], str]] = {
    "openai": _openai,
    "requests": _requests,
    "curl": _curl,
}


def _frames(lines: str) -> str:
    return _filled(FRAMES, LINES=lines).replace("\n", "\n    ")


def _filled(template: str, **pieces: str) -> str:
    """Return the template with its places filled in one pass: the pieces may look like places themselves."""
    return re.sub("@([A-Z_]+)@", lambda place: pieces[place[1]], template)


def _about_key(variable: str) -> str:
    return f".\n\nThe API key is taken from the environment variable {variable}.\n" if variable else ""


def _python(value: Any, indent: int, before: int) -> str:
    """Return a JSON value as Python: on one line if it fits there, else one line for each of its values.

    Args:
        indent: of the line on which it begins.
        before: characters that stand before it on that line, after the indent.
    """
    flat = _flat(value)
    is_short = len(flat) + indent + before < WIDTH and "\\n" not in flat
    if isinstance(value, str) and not is_short and "\n" in value[:-1]:
        lines = [_text(line) for line in re.findall(r"[^\n]*\n|[^\n]+", value)]
        return _split("()", lines, indent, comma="")
    if is_short or not value or not isinstance(value, dict | list):
        return flat
    if isinstance(value, list):
        return _split("[]", [_python(each, indent + 4, 1) for each in value], indent)
    keys = {_text(key): each for key, each in value.items()}
    return _split("{}", [f"{key}: {_python(each, indent + 4, len(key) + 3)}" for key, each in keys.items()], indent)


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_text(key)}: {_flat(each)}' for key, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flat, value))}]"
    return _text(value) if isinstance(value, str) else repr(value)


def _split(brackets: str, lines: list[str], indent: int, comma: str = ",") -> str:
    inner = "".join(f"{' ' * (indent + 4)}{line}{comma}\n" for line in lines)
    return f"{brackets[0]}\n{inner}{' ' * indent}{brackets[1]}"


def _text(text: str) -> str:
    """Return a text as a literal of Python in double quotes."""
    return _printable(json.dumps(text, ensure_ascii=False), lambda sign: ascii(sign)[1:-1])


def _json_escape(sign: str) -> str:
    return json.dumps(sign)[1:-1]


def _printable(source: str, escape: Callable[[str], str]) -> str:
    """Escape what has no shape of its own, such as U+2028 and marks that turn the direction of the line around."""
    return "".join(sign if sign.isprintable() or sign == "\n" else escape(sign) for sign in source)
