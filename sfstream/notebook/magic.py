"""The magics: they parse their line, call a function and bind the variables.

Modules are imported when a magic is called, so that ``%load_ext`` takes next to no time.
"""

from __future__ import annotations

from typing import Any

from IPython.core.magic import Magics, line_cell_magic, line_magic, magics_class, no_var_expand

from sfstream.core.parameters import manual
from sfstream.notebook.settings import SfChat
from sfstream.notebook.table import Table

MANUAL = f"""Ask a language model; its answer streams into the output.

    %%sfchat [options]            the rest of the cell is the prompt
    %sfchat [options] PROMPT      the rest of the line is the prompt, exactly as typed
    %sfchat                       show model, server, key (only where it comes from), and versions

Options come first. Quotes around a value are removed. Option names cannot be abbreviated.

{manual()}

{{{{ expression }}}} in the prompt, and in -s, is the value of the expression in this notebook: data frames become
Markdown tables, {{{{ last_error }}}} is the last exception with its traceback and the cell that raised it. --verbatim
sends the braces as typed; --dry-run shows what the values are.

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
    %sfchat --replay stream.jsonl --speed max --wire --timeline
    %sfchat -p seed=7 -p response_format={{"type": "json_object"}} List three primes as JSON.
    %sfchat What is wrong here? {{{{ last_error }}}}
    %sfchat --dry-run Describe this table: {{{{ df.head(3) }}}}
    %sfchat -c And shorter?
    %sfchat -a photo.jpg -a figure Compare these. (`figure` is a variable; a file called so would be ./figure)

With %config SfChat.reuse = True, a request that the log holds an answer to is not sent again; --fresh sends it.
With %config SfChat.reuse = "answers", answers are kept in that folder, which others can use without a key.
"""


@magics_class
class SfMagics(Magics):
    """The magics of sfstream."""

    def __init__(self, shell: Any, settings: SfChat) -> None:
        super().__init__(shell)
        self._settings = settings

    def sfchat(self, line: str, cell: str | None = None) -> Any:
        from sfstream.notebook.sfchat import sfchat

        return sfchat(self.shell, self._settings, line, cell)

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
        from sfstream.notebook.sfmodels import sfmodels

        return sfmodels(line.strip())

    @no_var_expand
    @line_magic
    def sflog(self, line: str) -> Any:
        """Find earlier answers. Each is saved on this machine while it streams, in files that only you can read.

        %sflog                      list the newest 20: number, time, model, prompt, status, tokens
        %sflog -n 100               list the newest 100; --all lists all
        %sflog show N               show answer N again and bind sf_reply, sf_content and sf_reasoning to it
        %sflog last                 the same for the newest answer
        %sflog search TEXT          list answers whose prompt, reasoning or content contains TEXT
        %sflog unused FOLDER        list answers in a folder (SfChat.reuse) that no cell has asked for in this session
        %sflog export N FILE        write answer N to FILE.md, FILE.json, or a recording: FILE.jsonl, FILE.jsonl.gz;
                                    --overwrite replaces a file that exists
        %sflog forget N             remove answer N for good; several numbers may be given
        %sflog forget --older 30d   remove answers older than 30 days; also 12h, 8w
        %sflog forget --all --yes   remove all answers; without --yes it only says how many there are

        Answers that this session has shown again instead of asking (SfChat.reuse) are marked "reused".
        Numbers never change and are never given twice. --no-log keeps one answer out of the log,
        %config SfChat.log = False all answers.
        """
        from sfstream.core.conversation import session
        from sfstream.core.reply import Reply
        from sfstream.notebook.sfchat import bind
        from sfstream.notebook.sflog import sflog
        from sfstream.run.continuing import here

        value = sflog(line)
        if isinstance(value, Reply):
            bind(self.shell, value)
            session.note(value, here())
        elif isinstance(value, str):
            print(value)  # noqa: T201  # the output of the cell
            return None
        return value

    @no_var_expand
    @line_magic
    def sfdemo(self, line: str) -> Table | None:
        """Try sfstream without an API key: a server in this kernel plays prepared answers.

        %sfdemo                 start it, and send requests to it
        %sfdemo --if-no-key     the same, but only if requests need an API key and there is none
        %sfdemo --rate 20       the same, at 20 tokens a second
        %sfdemo list            list what it can play: answers, and faults of every kind
        %sfdemo stop            stop it, and restore the base URL and the model

        Options, which set when the bytes of an answer come, and in pieces of what size:

        --first-token SECONDS   time of the first token, 0 to 120
        --rate N                tokens a second after it, 0.1 to 10,000
        --jitter J              by which share of itself each gap varies, 0 to 1; the same request has the same gaps
        --chunk N               bytes that are sent at a time, as soon as there are so many, 1 to 65,536

        They become parts of the model's name. Any model of the demo takes these parts, in any order:
        %sfchat -m demo/english+first-2+rate-20+jitter-0.5+chunk-64 hi
        """
        from sfstream.notebook.sfdemo import sfdemo

        shown = sfdemo(line, self._settings)
        if isinstance(shown, Table):
            return shown
        print(shown)  # noqa: T201  # the output of the cell
        return None
