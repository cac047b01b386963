"""How messages say what to do: with magics and options where the magics are loaded, else in Python. No I/O."""

from __future__ import annotations

from typing import TypeVar

from sfstream.core.message import Message, message

are_magics_loaded = False
"""Whether ``%load_ext sfstream`` was run; `sfstream.notebook` sets it."""

_Hint = TypeVar("_Hint", str, Message)


def either(magic: _Hint, python: _Hint) -> _Hint:
    """Return how the user does something here.

    Args:
        magic: the way in a notebook.
        python: the way in a script, where there are no magics and no options.
    """
    return magic if are_magics_loaded else python


def begins_conversation() -> str:
    """Return the call that begins a conversation."""
    return either("%%sfchat --conversation NAME", "sfstream.chat(…, conversation=NAME)")


def no_key() -> Message:
    """Return what is said where there is no API key."""
    return either(
        message("No API key. Type %sfkey to enter one, set SILICONFLOW_API_KEY, or type %sfdemo to try without one."),
        message("No API key. Set the environment variable SILICONFLOW_API_KEY."),
    )
