"""The magics: they parse their line, call a function and bind the variables.

Modules are imported when a magic is called, so that ``%load_ext`` takes next to no time.
"""

from __future__ import annotations

import json
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, line_magic, magics_class, no_var_expand

from sfstream.core.parameters import manual
from sfstream.notebook.key_warning import quoted
from sfstream.notebook.options import BOUND, parse
from sfstream.notebook.settings import SfChat
from sfstream.notebook.table import Table

MANUAL = f"""Ask a language model; its answer streams into the output.

    %%sfchat [options]            the rest of the cell is the prompt
    %sfchat [options] PROMPT      the rest of the line is the prompt, exactly as typed
    %sfchat                       show model, server, key (only where it comes from), and versions

Options come first. Quotes around a value are removed. Option names cannot be abbreviated.

{manual()}

Each option is also a setting for all cells: %config SfChat.temperature = 0.2. An option beats the setting.

Variables after the cell, also if the answer was stopped or the stream broke:

    sf_content      text of the answer
    sf_reasoning    text of the reasoning; empty if there is none
    sf_reply        the Reply: content, reasoning, status, usage, timing, … (also _ and Out[n])
    sf_replies      a sequence that holds this Reply

Examples:

    %%sfchat
    有诺贝尔数学奖吗？

    %%sfchat -m Qwen/Qwen3-8B --think -t 0.6 -s "Answer in one sentence."
    Why is the sky blue?

    %sfchat What's the -n flag of sed?
    %sfchat --via curl --record stream.jsonl Hello!
    %sfchat --replay stream.jsonl --speed 2
    %sfchat -p seed=7 -p response_format={{"type": "json_object"}} List three primes as JSON.
    %sfchat --dry-run Hello!
"""


@magics_class
class SfMagics(Magics):
    """The magics of sfstream."""

    def __init__(self, shell: Any, settings: SfChat) -> None:
        super().__init__(shell)
        self._settings = settings

    def sfchat(self, line: str, cell: str | None = None) -> Any:
        options, prompt = parse(line)
        if cell is not None:
            if prompt:
                raise UsageError(
                    f"The prompt starts on the second line; the first line takes only options, got {quoted(prompt)}."
                )
            prompt = cell.removesuffix("\n")
        out = options.pop("out", None) or self._settings.out
        dry_run = options.pop("dry_run", False) or self._settings.dry_run
        if cell is None and not (line.strip() or self._settings.replay):
            from sfstream.notebook.whereami import where

            return where()
        if not prompt.strip() and not (options.get("replay") or self._settings.replay):
            raise UsageError(
                "There is no prompt. Type %sfchat PROMPT, or %%sfchat and the prompt below it. %%sfchat? helps."
            )
        if dry_run:
            print(_dry_run(prompt, options))  # noqa: T201  # the output of the cell
            return None
        return self._chat(prompt, options, out)

    sfchat.__doc__ = MANUAL
    sfchat = no_var_expand(line_cell_magic(sfchat))

    @no_var_expand
    @line_magic
    def sfkey(self, line: str) -> None:
        """Enter an API key. It is checked at the server and never shown.

        %sfkey            ask for the key of the current server, and use it until the kernel ends
        %sfkey --save     also save it in your configuration folder, in a file that only you can read
        %sfkey --forget   remove it from memory and from that file

        If the front-end allows no input, set SILICONFLOW_API_KEY before the kernel starts.
        """
        from sfstream.notebook.sfkey import sfkey

        print(sfkey(line, self._settings))  # noqa: T201  # the output of the cell

    @no_var_expand
    @line_magic
    def sfmodels(self, line: str) -> Table:
        """List the chat models that the server offers.

        %sfmodels           list all of them
        %sfmodels qwen      list those whose name contains "qwen"; * and ? match as in file names
        """
        from sfstream.api import models
        from sfstream.wire.credentials import configured_endpoint

        names = models(line.strip())
        if line.strip() and not names:
            host = configured_endpoint().host
            raise UsageError(f"No model of {host} matches {quoted(line.strip())}. %sfmodels lists all models.")
        count = "match" if line.strip() else "in all"
        return Table(
            [(name,) for name in names], ("model",), note=f"{len(names):,} {count}. %%sfchat -m NAME asks one."
        )

    @no_var_expand
    @line_magic
    def sflog(self, line: str) -> Any:
        """Find earlier answers. Each is saved on this machine while it streams, in files that only you can read.

        %sflog                      list the newest 20: number, time, model, prompt, status, tokens
        %sflog -n 100               list the newest 100; --all lists all
        %sflog show N               show answer N again and bind sf_reply, sf_content and sf_reasoning to it
        %sflog last                 the same for the newest answer
        %sflog search TEXT          list answers whose prompt, reasoning or content contains TEXT
        %sflog export N FILE        write answer N to FILE.md, FILE.json, or a recording: FILE.jsonl, FILE.jsonl.gz
        %sflog forget N             remove answer N for good; several numbers may be given
        %sflog forget --older 30d   remove answers older than 30 days; also 12h, 8w
        %sflog forget --all         remove all answers

        Numbers never change and are never reused. --no-log keeps one answer out of the log,
        %config SfChat.log = False all answers.
        """
        from sfstream.core.reply import Reply
        from sfstream.notebook.sflog import sflog

        value = sflog(line)
        if isinstance(value, Reply):
            self._bind(value, None)
        elif isinstance(value, str):
            print(value)  # noqa: T201  # the output of the cell
            return None
        return value

    @no_var_expand
    @line_magic
    def sfdemo(self, line: str) -> Table | None:
        """Try sfstream without an API key: a server in this kernel plays prepared answers.

        %sfdemo               start it, and send requests to it
        %sfdemo --if-no-key   the same, but only if requests need an API key and there is none
        %sfdemo list          list what it can play: answers, and faults of every kind
        %sfdemo stop          stop it, and restore the base URL and the model
        """
        from sfstream.notebook.sfdemo import sfdemo

        shown = sfdemo(line, self._settings)
        if isinstance(shown, Table):
            return shown
        print(shown)  # noqa: T201  # the output of the cell
        return None

    def _chat(self, prompt: str, options: dict[str, Any], out: str | None) -> Any:
        from sfstream.api import ask
        from sfstream.errors import Stopped
        from sfstream.run.interrupts import InterruptGuard, raisable

        # Interrupts are held back to the end: none may fall between the answer and its variables.
        with InterruptGuard.current() as guard:
            repr_follows = self._repr_follows()
            try:
                reply = ask(prompt, closing=not repr_follows, **options)
            except BaseException as error:  # such as a third interrupt
                if (had_come := getattr(error, "reply", None)) is not None:
                    self._bind(had_come, out)
                raise
            self._bind(reply, out)
            if repr_follows:
                reply.shown_in = None  # the terminal prints its last line
            if reply.error:  # after an exception the display hook does not set _ and Out[n]
                self.shell.displayhook.update_user_ns(reply)
            guard.is_handled = guard.is_handled or isinstance(reply.error, Stopped)
        if reply.error:
            raise raisable(reply.error)
        return reply

    def _repr_follows(self) -> bool:
        """Return whether a terminal will print the reply as ``Out[n]``, which is its status line."""
        from sfstream.display.frontend import in_kernel

        if in_kernel() or not (lines := self.shell.history_manager.input_hist_raw[-1].strip().splitlines()):
            return False
        return bool(lines[0].startswith("%%sfchat") or lines[-1].startswith("%sfchat"))

    def _bind(self, reply: Any, out: str | None) -> None:
        from sfstream.display.frontend import in_kernel

        if in_kernel():
            reply.shown_in = self.shell.execution_count
        names = dict(zip(BOUND, (reply, reply.content, reply.reasoning, (reply,)), strict=True))
        self.shell.push(names | ({out: reply} if out else {}))


def _dry_run(prompt: str, options: dict[str, Any]) -> str:
    """Return the request as it would be sent, without the key."""
    from sfstream.core.config import configured
    from sfstream.display.frontend import choose
    from sfstream.run.prepare import prepare_call

    choose(configured(options.pop("display", None), "display", "auto"))  # raises if there is no such mode
    call = prepare_call(prompt, **options)
    if call.transport.name == "replay":
        return f"Nothing would be sent: {configured(options.get('replay'), 'replay')} would be played."
    endpoint = call.endpoint
    headers = endpoint.headers() | ({"Authorization": "Bearer [the API key]"} if endpoint.key else {})
    lines = [f"POST {endpoint.chat_url}", *(f"{name}: {value}" for name, value in headers.items())]
    if not endpoint.key:
        lines.append("(no API key: none belongs to this server)")
    return "\n".join([*lines, "", json.dumps(call.request.body(), ensure_ascii=False, indent=2)])
