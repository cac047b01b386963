"""The methods of a Reply that show, save or parse it. They import what they need when they are called.

This is the one exception to the direction of the imports: the display, the log and the Markdown parser import Reply.
"""

from __future__ import annotations

import os
from typing import Any

from sfstream.core.choice import CodeBlock
from sfstream.core.message import message
from sfstream.errors import ConfigurationError


class ReplyViews:
    """Base class of `sfstream.Reply`."""

    @property
    def code_blocks(self: Any) -> list[CodeBlock]:
        """The fenced blocks of code in the content: pairs of ``language`` and ``text``."""
        from sfstream.markdown.code_blocks import code_blocks

        return code_blocks(self.content)

    def save(self: Any, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Write this answer to a file.

        Args:
            path: a name that ends in ``.md`` for the content, as the model wrote it; in ``.html`` for one page that
                plays the answer in any browser; in ``.jsonl`` or ``.jsonl.gz`` for the recording, which ``--replay``
                plays.
            overwrite: whether an existing file is replaced.

        Raises:
            ConfigurationError: the name has another ending, or the file exists and `overwrite` is not set.
            RecordingError: the file cannot be written, or this reply has no recording. An existing file is left as it
                was.

        Example:
            >>> reply.save("answer.md")
        """
        from sfstream.log.export import SAVED, save_reply, target, write_text

        file, ending = target(path, SAVED, overwrite=overwrite)
        if ending != ".html":
            save_reply(self, file, ending)
            return
        from sfstream.display.player_page import player_page
        from sfstream.wire.inspect import traced

        write_text(player_page(traced(self)), file)

    def play(self: Any) -> Any:
        """Return the player: as the value of a cell, it plays the answer as it arrived, in the browser alone.

        Raises:
            RecordingError: this reply has no recording.

        Example:
            >>> reply.play()
        """
        from sfstream.display.player import Player
        from sfstream.wire.inspect import traced

        return Player([traced(self)])

    def wire(self: Any) -> Any:
        """Return what arrived, at three levels: chunks of bytes, the frames in them, and what each frame became.

        As the value of a cell it is shown: where scripts run, one can search, filter and step through it. Its
        ``to_frame()`` is a pandas DataFrame with a row for each frame.

        Raises:
            RecordingError: this reply has no recording, since it was made from objects.

        Example:
            >>> reply.wire().to_frame()["kind"].value_counts()
        """
        from sfstream.display.wire_view import WireView
        from sfstream.wire.inspect import traced

        return WireView([traced(self)])

    def timeline(self: Any, *others: Any) -> Any:
        """Return the timeline: as the value of a cell, it shows when each piece of the answer arrived.

        Its ``to_frame()`` is a pandas DataFrame with one row for each piece.

        Args:
            others: further replies, to be shown on the same axis.

        Raises:
            ConfigurationError: one of them is no Reply.
            RecordingError: this reply or one of the others has no recording.

        Example:
            >>> reply.timeline(other, another)
        """
        from sfstream.display.timeline import Timeline
        from sfstream.wire.inspect import traced

        for other in others:
            if not isinstance(other, ReplyViews):
                raise ConfigurationError(
                    message(
                        "timeline() expects further replies, such as reply.timeline(other), got {type}.",
                        type=type(other).__name__,
                    )
                )
        return Timeline([traced(each) for each in (self, *others)])

    def program(self: Any, via: str | None = None) -> str:
        """Return a complete program that makes this very request and prints the answer while it arrives.

        It holds no API key: it takes it from an environment variable. The content goes to standard output, all else to
        standard error. A replay does not say where its request went; its program asks the configured base URL.

        Args:
            via: ``openai``, ``requests`` or ``curl``. Default: how this reply came, if that is one of them, else
                ``openai``.

        Returns:
            Python, or a script for the shell. It is a text that a notebook shows in colours.

        Raises:
            ConfigurationError: there is no such way, the request holds an image, or is not known.

        Example:
            >>> Path("ask.sh").write_text(reply.program("curl"))
        """
        from sfstream.core.program import VIA, program
        from sfstream.display.program_view import Program
        from sfstream.wire.credentials import configured_address, variable
        from sfstream.wire.endpoint import Endpoint

        if self.is_foreign and not self.base_url:
            raise ConfigurationError(
                message("There is no program for this reply: its stream does not say what was asked.")
            )
        endpoint = Endpoint(self.base_url) if self.base_url else configured_address()
        body = self.recording.request if self.recording else self.request.body()
        via = via if via is not None else self.via if self.via in VIA else "openai"
        return Program(program(body, endpoint.base_url, via, key_variable=variable(endpoint)))

    def __repr__(self: Any) -> str:
        from sfstream.display.captions import status_line

        return status_line(self)

    def _repr_mimebundle_(self: Any, include: object = None, exclude: object = None) -> Any:
        from sfstream.display.mimebundle import value_bundle

        return value_bundle(self)

    def _ipython_display_(self: Any) -> None:
        from sfstream.display.captured import ignore_captured_value
        from sfstream.display.mimebundle import is_shown_here

        if not is_shown_here(self):
            raise NotImplementedError  # IPython then goes on to _repr_mimebundle_
        ignore_captured_value()
