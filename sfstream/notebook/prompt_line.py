"""Make ``%sfchat What is this?`` a prompt, which IPython would take for a call for help.

Two of IPython's own transforms do it, for ``%sfchat`` alone and with a priority before the one for help.
"""

from __future__ import annotations

import re
from tokenize import TokenInfo
from typing import Any

from IPython.core.inputtransformer2 import EscapedCommand, HelpEnd, MagicAssign

_WITH_PROMPT = re.compile(r"%sfchat\s+\S")  # and not `%sfchat?`, which does ask for help


class _BeforeHelp:
    priority = HelpEnd.priority - 1

    @classmethod
    def find(cls, tokens_by_line: list[list[TokenInfo]]) -> Any:
        """Return a transform for the first such line of the cell, or None."""
        for tokens in tokens_by_line:
            found = super().find([tokens])  # type: ignore[misc]  # the other base is IPython's
            if found and _WITH_PROMPT.search(tokens[0].line or tokens[-1].line):
                return found
        return None


class PromptLine(_BeforeHelp, EscapedCommand):
    """Transform of ``%sfchat PROMPT``."""


class PromptAssign(_BeforeHelp, MagicAssign):
    """Transform of ``reply = %sfchat PROMPT``."""

    def __init__(self, start: tuple[int, int]) -> None:
        super().__init__(start)
        # IPython takes the transform that starts furthest left, and help starts at the variable.
        self._column, self.start_col = start[1], 0

    def transform(self, lines: list[str]) -> list[str]:
        self.start_col = self._column
        transformed: list[str] = super().transform(lines)
        return transformed


TRANSFORMS = (PromptLine, PromptAssign)
