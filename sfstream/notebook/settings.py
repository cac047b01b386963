"""The settings as traitlets: ``%config SfChat.model = "…"``, or ``c.SfChat.model`` in ``ipython_config.py``.

They are made from the rows of `sfstream.core.parameters` and write to `sfstream.core.config.settings`.
`sfstream.notebook.setting_values` checks a value when it is set.
"""

from __future__ import annotations

from typing import Any

from traitlets import All, Bool, Dict, Enum, Float, Int, List, Unicode, Union, observe
from traitlets.config import Config, Configurable

from sfstream.core import config
from sfstream.core.message import Message, append_line, message
from sfstream.core.parameters import PARAMETERS, Parameter
from sfstream.errors import ConfigurationError, SettingRefused
from sfstream.notebook.key_warning import masked
from sfstream.notebook.setting_values import refuse_unknown, setting_value

_TRAITS: dict[Any, Any] = {str: Unicode, float: Float, int: Int, bool: Bool, dict: Dict, list: List}


class _Checked:
    """Mixin of the traits: the rules are those of the options, and None is the default."""

    row: Parameter

    def validate(self, settings: Any, value: Any) -> Any:
        return setting_value(self.row, value, settings.values())


def _trait(row: Parameter) -> Any:
    """Return the trait of an option. Its kind describes it in ``%config SfChat``, and reads it from a command line."""
    kind: Any
    arguments: list[Any] = []
    if isinstance(row.type, tuple):
        kind, arguments = Union, [[_TRAITS[each]() for each in row.type]]
    elif row.choices:
        is_text = row.type is str
        kind, arguments = (Enum, [row.choices]) if is_text else (Union, [[_TRAITS[row.type](), Enum(row.choices)]])
    else:
        kind = _TRAITS[row.type]
    checked = type(kind.__name__, (_Checked, kind), {"row": row})
    text = "; ".join(filter(None, (f"{row.help[0].upper()}{row.help[1:]}", row.range)))
    trait = checked(*arguments, default_value=row.default, allow_none=row.default is None, help=f"{text}.")
    return trait.tag(config=True)


_Traits: Any = type("_Traits", (Configurable,), {row.name: _trait(row) for row in PARAMETERS})


class SfChat(_Traits):
    """Settings of sfstream. None unsets one: the default applies, or the environment variable.

    Attributes:
        sources: where each setting that is not at its default comes from.
    """

    def __init__(self, **keywords: Any) -> None:
        self.sources: dict[str, Message | str] = {}
        parent = keywords.get("parent")
        loaded = keywords.get("config") or (parent.config if parent else Config())
        self._place: Message | str = _place(parent)
        try:
            refuse_unknown(loaded)
            super().__init__(**keywords)
        except ConfigurationError as error:
            append_line(error, message("It is set in {place}.", place=self._place))
            raise
        self._place = "%config"

    def values(self) -> dict[str, Any]:
        """Return the settings that are not at their defaults."""
        # Reading a trait that was never set validates its default, which asks for these values.
        rows = [row for row in PARAMETERS if self.trait_has_value(row.name)]
        return {row.name: value for row in rows if (value := getattr(self, row.name)) != row.default}

    def update_config(self, config: Config) -> None:
        """Set what a line of ``%config`` sets.

        Raises:
            SettingRefused: there is no such setting, or it does not take the value. The value before stays.
        """
        try:
            refuse_unknown(config)
            super().update_config(config)
        except ConfigurationError as error:
            error.redact(masked)  # a key that is typed in the wrong place must not be in the output too
            raise SettingRefused(error.text) from None

    def assign(self, name: str, value: Any, source: Message | str) -> None:
        """Set a setting for another magic, and note where it comes from."""
        before, self._place = self._place, source
        try:
            setattr(self, name, value)
        finally:
            self._place = before

    def forget(self) -> None:
        """Remove all settings from `sfstream.core.config.settings`."""
        for row in PARAMETERS:
            config.settings.pop(row.name, None)

    @observe(All)
    def _changed(self, change: Any) -> None:
        if change["name"] in self.trait_names(config=True):
            self.sources[change["name"]] = self._place
            self._write(change["name"], change["new"])

    def _write(self, name: str, value: Any) -> None:
        if value == self.trait_defaults(name):
            self.sources.pop(name, None)
            config.settings.pop(name, None)
        else:
            config.settings[name] = value


def _place(shell: Any) -> Message | str:
    """Return where settings come from when the extension is loaded: IPython's files and its command line."""
    app = shell
    while getattr(app, "parent", None):  # a kernel stands between the shell and the application
        app = app.parent
    files = ", ".join(map(str, getattr(app, "loaded_config_files", ())))
    if "SfChat" in getattr(app, "cli_config", {}):
        return message("{files} or the command line", files=files) if files else message("the command line")
    return files or "ipython_config.py"
