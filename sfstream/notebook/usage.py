"""The error of a line that a magic cannot carry out. IPython shows it as one line, without a traceback."""

from __future__ import annotations

from typing import Any

from IPython.core.error import UsageError

from sfstream.core.message import Message, joined, message


def usage_error(template: str, /, hint: Message | None = None, **values: Any) -> UsageError:
    """Return the error, in the language of the display: such an error is only ever raised by what is typed in a cell.

    Args:
        template: an English sentence, as for `sfstream.core.message.message`.
        hint: a sentence that follows, such as what was probably meant.
        values: the values of its fields.
    """
    from sfstream.display.translations import translate  # loading the extension takes next to no time

    return UsageError(translate(joined(message(template, **values), hint or "")))
