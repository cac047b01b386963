"""A stop inside an asyncio task. Imported where there is one."""

from __future__ import annotations

from asyncio import CancelledError, Task, current_task
from typing import Any

from sfstream.errors import ShortInNotebook, Stopped

_OF_THE_KERNEL = {"ipykernel", "IPython", "tornado"}
"""Packages whose tasks run cells: a KeyboardInterrupt is raised in these as in any cell."""


class StoppedTask(ShortInNotebook, CancelledError):
    """What is raised for `Stopped` in a task of somebody's own inside a kernel: the task is cancelled.

    A ``KeyboardInterrupt`` that leaves a task ends the event loop, and a kernel with it (asyncio's ``Task`` raises it
    out of the loop; ipykernel 7.4 then exits, and all variables are lost).
    """


def stopped_task(error: BaseException) -> StoppedTask:
    """The same error for a task; it carries the reply too."""
    made = StoppedTask(*(error.args or ("Stopped by you.",)))
    made.reply = error.reply if isinstance(error, Stopped) else None
    return made


def is_of_a_user() -> bool:
    """Whether the task that runs in this thread is not the kernel's own."""
    try:
        task: Task[Any] | None = current_task()
    except RuntimeError:  # no event loop runs in this thread
        return False
    frame = getattr(task and task.get_coro(), "cr_frame", None)
    return bool(task) and (frame is None or frame.f_globals.get("__name__", "").split(".")[0] not in _OF_THE_KERNEL)
