"""The methods of a Reply that show, save or parse it. They import what they need when they are called.

This is the one exception to the direction of the imports: the display, the log and the Markdown parser import Reply.
"""

from __future__ import annotations

import os
from typing import Any

from sfstream.core.choice import CodeBlock


class ReplyViews:
    """Base class of `sfstream.Reply`."""

    @property
    def code_blocks(self: Any) -> list[CodeBlock]:
        """The fenced blocks of code in the content: pairs of ``language`` and ``text``."""
        from sfstream.markdown.code_blocks import code_blocks

        return code_blocks(self.content)

    def save(self: Any, path: str | os.PathLike[str]) -> None:
        """Write this answer to a file, replacing what the file contains.

        Args:
            path: a name that ends in ``.md`` for the content, as the model wrote it; in ``.jsonl`` or ``.jsonl.gz`` for
                the recording, which ``--replay`` plays.

        Raises:
            ConfigurationError: the name has another ending.
            RecordingError: the file cannot be written, or this reply has no recording.

        Example:
            >>> reply.save("answer.md")
        """
        from sfstream.log.export import save_reply

        save_reply(self, path)

    def __repr__(self: Any) -> str:
        from sfstream.display.captions import status_line

        return status_line(self)

    def _repr_mimebundle_(self: Any, include: object = None, exclude: object = None) -> Any:
        from sfstream.display.mimebundle import value_bundle

        return value_bundle(self)

    def _ipython_display_(self: Any) -> None:
        from sfstream.display.mimebundle import is_shown_here

        if not is_shown_here(self):
            raise NotImplementedError  # IPython then goes on to _repr_mimebundle_
