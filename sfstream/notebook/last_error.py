"""The notebook's last exception, for ``{{ last_error }}``: its traceback, and the code of the cell that raised it."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Any

from IPython.core.error import UsageError

from sfstream.errors import SfStreamError, Stopped
from sfstream.notebook.usage import usage_error

_OURS = (UsageError, SfStreamError, Stopped)
"""Errors of a magic's use. Whoever corrects a prompt and runs it again still asks about the error before."""

_IPYTHON = os.path.join("IPython", "core", "")
_last: list[tuple[BaseException, str]] = []
"""The newest exception that a cell raised, and the source of that cell."""


def note_error(result: Any) -> None:
    """Remember the exception of a cell. IPython calls it after each cell."""
    error = result.error_before_exec or result.error_in_exec
    if error is not None and not isinstance(error, _OURS):
        _last[:] = [(error, (result.info and result.info.raw_cell) or "")]


def forget_error() -> None:
    """Forget the exception and the objects that its frames hold."""
    _last.clear()


def last_error() -> BaseException:
    """Return the newest exception of a cell.

    Raises:
        UsageError: no cell has raised one.
    """
    if _last:
        return _last[0][0]
    error = getattr(sys, "last_value", None)  # from before sfstream was loaded
    if error is None or isinstance(error, _OURS):
        name = "{{ last_error }}"
        raise usage_error("{name} has no value: no cell has failed in this session. Nothing was sent.", name=name)
    return error  # type: ignore[no-any-return]  # typed as Any


def traceback_text(error: BaseException, shell: Any) -> str:
    """Return the traceback of an exception, and before it the source of the cell that raised it, if it is the last one.

    Frames of IPython are left out. A cell is called ``Cell In[3]``: the names of the files that stand for cells change
    with each start of a kernel, and with them the request would.
    """
    found = traceback.TracebackException.from_exception(error)
    _rename_cells(found, shell)
    trace = "".join(found.format()).rstrip("\n")
    source = next((source for last, source in _last if last is error), "").strip("\n")
    return f"The cell:\n\n{source}\n\n{trace}" if source else trace


def _rename_cells(found: traceback.TracebackException, shell: Any) -> None:
    while found.stack and _IPYTHON in found.stack[0].filename:
        del found.stack[0]
    for place in (*found.stack, found):  # a SyntaxError is a place too
        if name := shell.compile.format_code_name(getattr(place, "filename", None) or ""):
            place.filename = " ".join(name)
    for inner in (found.__cause__, found.__context__):
        if inner is not None:
            _rename_cells(inner, shell)
