"""Find the option or command that was meant by a word that is none.

Spellings differ (``--max_tokens``, ``--Model``, ``-temperature``), editors replace dashes (``—model``), Chinese input
methods write wide letters, people mistype, and other tools have other names for the same thing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from sfstream.core.message import Message, joined, message
from sfstream.core.parameters import OTHER_FIELDS, PARAMETERS, Parameter
from sfstream.display.translations import translate
from sfstream.notebook.key_warning import quoted

DASHES = "-‐‑‒–—―−﹘﹣－⸺⸻ー"
"""What editors, web pages and input methods write in place of a hyphen."""
SAME = 0.75
"""Least ratio of `difflib` from which two names count as the same, mistyped."""
_AT_MOST = 2
"""Number of suggestions for a word that is mistyped."""

_ELSEWHERE = {
    "--temperature": "temp",
    "--model": "engine deployment model-name model-id llm",
    "--system": "system-prompt system-message sys instructions persona role",
    "--continue": "resume history follow-up",
    "--conversation": "chat session thread conversation-id",
    "--out": "output var variable name as output-var assign",
    "--top-p": "nucleus",
    "--top-k": "k",
    "--max-tokens": "tokens limit max-length length max-new-tokens max-completion-tokens max-output-tokens num-predict"
    " n-predict",
    "--frequency-penalty": "penalty",
    "--stop": "stop-sequence stop-sequences stop-words stop-token",
    "--think": "thinking reasoning reason enable-reasoning",
    "--no-think": "no-thinking no-reasoning disable-thinking disable-reasoning",
    "--thinking-budget": "budget budget-tokens thinking-tokens max-thinking-tokens reasoning-budget",
    "--param": "extra extra-body body field data options",
    "--attach": "i image images file files attachment picture",
    "--format": "output-format",
    "-f text": "text raw plain",
    "-f code": "code",
    "-f json": "json json-output",
    "--schema": "type json-schema response-model output-schema",
    "--via": "transport backend client",
    "--via curl": "curl",
    "--via requests": "requests",
    "--via openai": "openai",
    "--display": "view",
    "--display off": "q quiet silent hide no-display",
    "--display html": "html",
    "--display live": "live widget",
    "--verbatim": "no-template no-fill literal",
    "--dry-run": "dry print preview show-request",
    "--program": "script export",
    "--record": "save log-file tee",
    "--replay": "play playback load",
    "--wire": "v verbose debug trace frames",
    "--timeline": "timing timings stats",
    "--fresh": "no-cache refresh force no-reuse",
    "--no-log": "no-save no-history private incognito",
    "-p logprobs=…": "logprobs",
    "-p top_logprobs=…": "top-logprobs",
    "-p logit_bias=…": "logit-bias",
    "-p user=…": "user",
    "-p repetition_penalty=…": "repetition-penalty repeat-penalty",
    "%config SfChat.base_url = '…'": "url host endpoint server api-base api-url base",
    "%config SfChat.language = '…'": "lang locale",
    "%config SfChat.retries = …": "retry max-retries",
    "%config SfChat.first_byte = …": "timeout connect-timeout read-timeout",
    "%config SfChat.reuse = True": "cache use-cache",
    "%sfkey": "api-key key apikey auth authorization secret",
    "%sfmodels": "list-models ls",
}
"""What to type, and by which names other tools know it."""
HELP = message("%%sfchat? lists the options.")
_REMARKS = (
    (HELP, "h help usage man"),
    (message("sfstream always streams: leave the option out."), "stream no-stream streaming"),
    (
        message("The prompt needs no option: it follows the options."),
        "prompt message messages input query question ask",
    ),
    (message("Answers are logged unless --no-log is given."), "log"),
    (message("-m asks a model; %sfmodels lists them."), "models"),
    (message("%sfchat without a prompt shows versions and settings."), "version config settings status info"),
)
"""What is said about names that stand for nothing."""


class Vocabulary(NamedTuple):
    """Words that can be typed, and those by which people may mean them.

    Attributes:
        meanings: what to type, by names without dashes: those of the words themselves, and others.
        known: the names of the words themselves.
        remarks: what is said about names that stand for nothing.
    """

    meanings: Mapping[str, str]
    known: frozenset[str]
    remarks: Mapping[str, Message]

    def near(self, word: str, *, abbreviated: bool = True) -> list[str]:
        """Return the names that a word may stand for, the likeliest first: spelled otherwise, abbreviated, mistyped."""
        name = bare(word)
        if name in self.meanings or name in self.remarks:
            return [name]
        beginning = sorted(each for each in self.known if each.startswith(name))
        if beginning and abbreviated and len(name) > 1:
            return beginning
        names = [*self.meanings, *self.remarks]
        swapped = [each for each in names if sorted(each) == sorted(name)]
        return swapped or get_close_matches(name, names, _AT_MOST, SAME)

    def hint(self, word: str, value: str = "", *, abbreviated: bool = True) -> Message:
        """Return "Did you mean …?", or a remark; an empty message if nothing is near.

        Args:
            word: what was typed.
            value: the word after it, which may belong into what is suggested.
            abbreviated: whether the word may be an abbreviation.
        """
        names = self.near(word, abbreviated=abbreviated)
        meant = dict.fromkeys(self.meanings[name] for name in names if name in self.meanings)
        if not meant or names[0] in self.remarks:
            return self.remarks[names[0]] if names else Message("")
        question = did_you_mean(*(_filled(each, value) for each in meant))
        is_short = all(name != bare(word) and name.startswith(bare(word)) for name in names)
        return joined(question, message("Names cannot be abbreviated.")) if is_short else question


def did_you_mean(*meant: str) -> Message:
    """Return the question, with what to type."""
    return message("Did you mean {names}?", names=translate(" or ").join(meant))


def _filled(meant: str, value: str) -> str:
    """Return what to type with the value in its place, which for a setting is a number or in quotes."""
    is_fit = value and (not meant.endswith(" …") or value.isdecimal())
    return meant.replace("…", quoted(value)[1:-1]) if is_fit else meant


def bare(word: str) -> str:
    """Return a word in narrow small letters and without dashes, so that different spellings of an option are equal."""
    return re.sub(f"[{re.escape(DASHES)}_]", "", unicodedata.normalize("NFKC", word).casefold())


def vocabulary(
    words: Iterable[str], elsewhere: Mapping[str, str], remarks: Iterable[tuple[Message, str]] = ()
) -> Vocabulary:
    """Return the vocabulary of some words.

    Args:
        words: what can be typed.
        elsewhere: other names, parted by spaces, by what to type.
        remarks: what is said about names that stand for nothing, and these.
    """
    own = {bare(word): word for word in words}
    return Vocabulary(_by_name(elsewhere.items()) | own, frozenset(own), _by_name(remarks))


def _by_name(names: Iterable[tuple[Any, str]]) -> dict[str, Any]:
    return {bare(name): meant for meant, parted in names for name in parted.split()}


def _other_names() -> dict[str, str]:
    """Return the names of settings and of fields of the body, by what to type."""
    names: dict[str, Any] = {}
    for row in PARAMETERS:
        names.setdefault(_typed(row), []).extend([row.name, row.field])
    names |= {f"-p {row.name}=…": [row.name] for row in OTHER_FIELDS if row.name != "n"}
    return {meant: " ".join([*filter(None, more), _ELSEWHERE.get(meant, "")]) for meant, more in names.items()}


def _typed(row: Parameter) -> str:
    """Return how an option is typed; one that is a setting only, how it is set."""
    long = [flag for flag in row.flags if flag.startswith("--")]
    value = "'…'" if row.type is str else "…" if row.type in (int, float) else "True"
    return long[0] if long else f"%config SfChat.{row.name} = {value}"


OPTIONS = vocabulary([flag for row in PARAMETERS for flag in row.flags], _ELSEWHERE | _other_names(), _REMARKS)
"""The options of ``%sfchat``."""
