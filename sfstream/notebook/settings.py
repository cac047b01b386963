"""The settings as traitlets: ``%config SfChat.model = "…"``, or ``c.SfChat.model`` in ``ipython_config.py``.

They are made from the rows of `sfstream.core.parameters` and write to `sfstream.core.config.settings`.
"""

from __future__ import annotations

import math
from typing import Any

from traitlets import All, Bool, Dict, Enum, Float, Int, List, Unicode, Union, observe
from traitlets.config import Configurable

from sfstream.core import config
from sfstream.core.parameters import PARAMETERS, Parameter


def _trait(row: Parameter) -> Any:
    """Return the trait of an option. Ranges of fields, and of the speed, are checked on use, as for the option."""
    more = {
        "default_value": row.default,
        "allow_none": row.default is None,
        "help": f"{row.help[0].upper()}{row.help[1:]}",
    }
    more["help"] = "; ".join(filter(None, (more["help"], row.range))) + "."
    if row.type in (int, float) and not math.isinf(row.low) and not (row.field or row.choices):
        more["min"] = row.low
    if row.type is list:
        return List(Unicode(), **more).tag(config=True)
    if isinstance(row.type, tuple):
        return Union([_TRAITS[each]() for each in row.type], **more).tag(config=True)
    if row.choices and row.type is not str:
        return Union([_TRAITS[row.type](), Enum(row.choices)], **more).tag(config=True)
    return (Enum(row.choices, **more) if row.choices else _TRAITS[row.type](**more)).tag(config=True)


_TRAITS = {str: Unicode, float: Float, int: Int, bool: Bool, dict: Dict}
_Traits: Any = type("_Traits", (Configurable,), {row.name: _trait(row) for row in PARAMETERS})


class SfChat(_Traits):
    """Settings of sfstream. None means not set: the server's default applies, or the environment variable."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        for name in self.trait_names(config=True):
            # Write only what differs from the default: another shell of this process may have set the rest.
            if (value := getattr(self, name)) != self.trait_defaults(name):
                self._write(name, value)

    def forget(self) -> None:
        """Remove all settings from `sfstream.core.config.settings`."""
        for name in self.trait_names(config=True):
            config.settings.pop(name, None)

    @observe(All)
    def _changed(self, change: Any) -> None:
        if change["name"] in self.trait_names(config=True):
            self._write(change["name"], change["new"])

    def _write(self, name: str, value: Any) -> None:
        if value is None or value in ("", [], {}):
            config.settings.pop(name, None)
        else:
            config.settings[name] = value
