"""``%sfchat`` and ``%%sfchat``: from the text of the cell to the answer and its variables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sfstream.core.message import Message, message
from sfstream.notebook.fill import Texts, fill_texts
from sfstream.notebook.late_options import note_late_options
from sfstream.notebook.look_inside import look_inside, views_asked
from sfstream.notebook.missing_quotes import note_missing_quotes, refused_words
from sfstream.notebook.option_values import BOUND, refuse
from sfstream.notebook.options import parse
from sfstream.notebook.param_notes import note_params
from sfstream.notebook.schema_name import with_schema
from sfstream.notebook.settings import SfChat


def sfchat(shell: Any, settings: SfChat, line: str, cell: str | None) -> Any:
    """Carry out the magic.

    Args:
        shell: the IPython shell, in whose namespace the variables are bound.
        settings: what applies where the line gives no option.
        line: options, and the prompt of ``%sfchat``.
        cell: the prompt of ``%%sfchat``; None for ``%sfchat``.

    Returns:
        the Reply, or a table of what is configured if there is neither an option nor a prompt.

    Raises:
        UsageError: the line cannot be used, or an expression cannot be filled in. Nothing was sent.
        SfStreamError, Stopped: as `sfstream.chat` raises them. The variables are bound.
    """
    options, prompt, notes = _parsed(line, cell)
    out = options.pop("out", None) or settings.out
    is_dry = options.pop("dry_run", False) or settings.dry_run
    views = views_asked(options, settings)
    program_via = options.pop("program", None) or settings.program
    if cell is None and not (line.strip() or settings.replay):
        from sfstream.notebook.whereami import where

        return where(settings)
    replays = options.get("replay") or settings.replay
    if not prompt.strip() and not replays:
        refuse(
            message("There is no prompt. Type %sfchat PROMPT, or %%sfchat and the prompt below it. %%sfchat? helps.")
        )
    is_verbatim = options.pop("verbatim", False) or settings.verbatim or replays
    texts = fill_texts(prompt, options, None if is_verbatim else shell)
    from sfstream.notebook.continuing import resolve_continue

    resolve_continue(options, settings)
    options = with_schema(shell, settings, options)
    if sources := options.get("attach"):
        from sfstream.notebook.attach import attached

        options["attach"] = attached(sources, shell.user_ns)
    if program_via:
        return _show_program(texts, options, program_via)
    if is_dry:
        return _show_dry_run(texts, options, notes)
    return _ask(shell, texts.prompt.text, options | {"notes": texts.notes + notes}, out, views)


def bind(shell: Any, reply: Any, out: str | None = None) -> None:
    """Bind ``sf_reply`` and its companions to a reply, and `out` if it is a name."""
    from sfstream.display.frontend import in_kernel

    if in_kernel():
        reply.shown_in = shell.execution_count
    names = dict(zip(BOUND, (reply, reply.content, reply.reasoning, (reply,)), strict=True))
    shell.push(names | ({out: reply} if out else {}))


def _show_program(texts: Texts, options: dict[str, Any], via: str) -> None:
    from IPython.display import display

    from sfstream.run.prepare import prepare_call

    reply = prepare_call(texts.prompt.text, **options).reply
    assert reply
    display(reply.program(via))


def _show_dry_run(texts: Texts, options: dict[str, Any], notes: Sequence[Message]) -> None:
    from IPython.display import display

    from sfstream.notebook.dry_run import dry_run

    shown = dry_run(texts, options, notes)
    if isinstance(shown, str):
        print(shown)  # noqa: T201  # the output of the cell
    else:
        display(shown)


def _parsed(line: str, cell: str | None) -> tuple[dict[str, Any], str, list[Message]]:
    """Return the options, the prompt, and notes on what seems to be mistyped in either."""
    is_cell = cell is not None
    options, prompt = parse(line, has_prompt=not is_cell)
    if is_cell and prompt:
        refuse(refused_words(line, prompt))
    prompt = prompt if cell is None else cell.removesuffix("\n")
    notes = note_late_options(line, prompt, is_cell=is_cell) + note_params(options.get("params", {}))
    return options, prompt, notes if is_cell else notes + note_missing_quotes(line, prompt)


def _ask(shell: Any, prompt: str, options: dict[str, Any], out: str | None, views: Sequence[str]) -> Any:
    from sfstream.errors import Stopped
    from sfstream.notebook.last_request import note_request
    from sfstream.run.ask import ask
    from sfstream.run.interrupts import InterruptGuard, raisable

    # Interrupts are held back to the end: none may fall between the answer and its variables.
    with InterruptGuard.current() as guard:
        repr_follows = _repr_follows(shell)
        try:
            reply = ask(prompt, closing=not repr_follows, **options)
        except BaseException as error:  # such as a third interrupt
            if (partial := getattr(error, "reply", None)) is not None:
                bind(shell, partial, out)
            raise
        bind(shell, reply, out)
        note_request(reply)
        if repr_follows:
            reply.shown_in = None  # the terminal prints its last line
        if reply.error:  # after an exception the display hook does not set _ and Out[n]
            shell.displayhook.update_user_ns(reply)
        guard.is_handled = guard.is_handled or isinstance(reply.error, Stopped)
    if views:
        look_inside(reply, views)
    if reply.error:
        raise raisable(reply.error)
    return reply


def _repr_follows(shell: Any) -> bool:
    """Return whether a terminal will print the reply as ``Out[n]``, which is its status line."""
    from sfstream.display.frontend import in_kernel

    if in_kernel() or not (lines := shell.history_manager.input_hist_raw[-1].strip().splitlines()):
        return False
    return bool(lines[0].startswith("%%sfchat") or lines[-1].startswith("%sfchat"))
