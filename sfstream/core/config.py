"""The settings in force, the timeouts, and the user's folders.

What stands here is read by every layer. `sfstream.notebook.settings` writes the settings; nothing here knows of a
notebook.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

MODEL = "deepseek-ai/DeepSeek-V4-Flash"
"""The model that is asked if nothing names another."""

settings: dict[str, Any] = {}
"""Settings by name: keywords of `sfstream.chat`, ``base_url``, ``language``, and the fields of `Timeouts`.

``%config SfChat.…`` writes here, so that a function called in a notebook follows the notebook's settings.
"""


def configured(value: Any, name: str, otherwise: Any = None) -> Any:
    """Return `value`, or the configured default for `name` if `value` is None."""
    return settings.get(name, otherwise) if value is None else value


def model() -> str:
    """Return the model that is asked unless the call names one."""
    return str(settings.get("model") or os.environ.get("SILICONFLOW_MODEL") or MODEL)


@dataclass(frozen=True)
class Timeouts:
    """How long a run waits without receiving a byte, and how often it asks again.

    Attributes:
        retries: how often a failed request is sent again, where that can help.
        first_byte: seconds of silence before the first byte.
        between: seconds of silence after it.
        after_finish: seconds of silence after the finish reason. ``between`` applies instead where the finish reason
            is a tool call.
    """

    retries: int = 2
    first_byte: float = 120.0
    between: float = 60.0
    after_finish: float = 5.0


NO_TIMEOUT = Timeouts(retries=0, first_byte=math.inf, between=math.inf, after_finish=math.inf)
"""For replays and for streams that somebody else opened: they are neither timed nor asked again."""


def timeouts() -> Timeouts:
    """Return the timeouts, with what the settings change."""
    return Timeouts(**{name: settings[name] for name in Timeouts.__dataclass_fields__ if name in settings})


def data_folder() -> Path:
    """Return the user's data folder of sfstream."""
    return platformdirs.user_data_path("sfstream")


def config_folder() -> Path:
    """Return the user's configuration folder of sfstream."""
    return platformdirs.user_config_path("sfstream")
