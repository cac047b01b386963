"""Say what was meant by a word that is no command or option of ``%sflog``, ``%sfdemo``, ``%sfkey`` or ``%sfmodels``."""

from __future__ import annotations

from sfstream.core.message import Message, message
from sfstream.notebook.complete import WORDS
from sfstream.notebook.did_you_mean import did_you_mean, vocabulary

_LISTS = message("%sflog alone lists the newest answers.")
_STARTS = message("%sfdemo alone starts the demo server.")
_HELP = message("%sflog?, %sfdemo?, %sfkey? and %sfmodels? show help.")
_VOCABULARIES = {
    "sflog": vocabulary(
        [*WORDS["sflog"], "--older", "--yes", "--overwrite"],
        {
            "show": "open get view display print cat",
            "last": "latest newest",
            "search": "find grep query filter",
            "export": "save write download",
            "forget": "delete remove rm del clear erase purge drop",
            "--older": "older-than before",
        },
        [(_LISTS, "list ls history recent"), (_HELP, "h help")],
    ),
    "sfdemo": vocabulary(
        WORDS["sfdemo"],
        {
            "stop": "off end quit exit kill close",
            "list": "ls models show",
            "--rate": "speed tokens-per-second tps",
            "--first-token": "delay latency ttft",
            "--chunk": "chunk-size bytes",
        },
        [(_STARTS, "start on run begin"), (_HELP, "h help")],
    ),
    "sfkey": vocabulary(
        WORDS["sfkey"],
        {"--save": "store keep remember persist", "--forget": "delete remove rm clear unset reset logout"},
        [(_HELP, "h help")],
    ),
    "sfmodels": vocabulary(
        [],
        {},
        [(message("%sfmodels lists all models; %sfmodels qwen those with qwen in their names."), "all list h help")],
    ),
}


def command_hint(magic: str, word: str) -> Message:
    """Return what was meant by a word after the name of a magic; an empty message if nothing is near.

    Args:
        magic: the magic, such as ``sflog``.
        word: what was typed.
    """
    if magic == "sflog" and word.isdecimal():
        return did_you_mean(f"%sflog show {word}")
    return _VOCABULARIES[magic].hint(word)
