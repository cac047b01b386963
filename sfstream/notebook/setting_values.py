"""Check the names and the values of settings when they are set, by the rules of the options of a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from traitlets.config import Config

from sfstream.core.checks import check_value
from sfstream.core.config import MODEL
from sfstream.core.message import Message, joined, message
from sfstream.core.parameters import PARAMETERS, Parameter
from sfstream.core.request import ChatRequest
from sfstream.errors import ConfigurationError
from sfstream.notebook.option_values import variable_name

_SECTION = "SfChat"
_ANY_MESSAGE = [{"role": "user", "content": "Hello"}]


def setting_value(row: Parameter, value: Any, others: Mapping[str, Any]) -> Any:
    """Return the value of a setting: its default for None and for an empty text, list or dict.

    Args:
        row: the option.
        value: what it is set to.
        others: the settings that are in force.

    Raises:
        ConfigurationError: an option or a request does not take the value.
    """
    is_empty = isinstance(value, str | Sequence | Mapping) and not value
    if value is None or is_empty or value == [""]:  # traitlets makes a list of a text
        return row.default
    if row.type is list:
        value = list(value) if isinstance(value, tuple) else value
    value = _CHECKS.get(row.name, _checked)(row, value)
    if row.type in (int, float) and not isinstance(value, str):
        value = row.type(value)  # a number of numpy is no JSON
    if row.field or row.name == "params":
        _check_request({**others, row.name: value})
    return value


def refuse_unknown(config: Config) -> None:
    """Raise `ConfigurationError` if a configuration names a setting that does not exist."""
    known = {row.name for row in PARAMETERS}
    for section, values in config.items():
        if section != _SECTION and section.lower() == _SECTION.lower():
            raise ConfigurationError(
                message("The settings are called {name}, not {given}.", name=_SECTION, given=section)
            )
        for name in values if section == _SECTION else ():
            if name not in known:
                raise ConfigurationError(joined(message("There is no setting {name}.", name=name), _hint(name)))


def _hint(name: str) -> Message:
    """Return what was meant by a name that is no setting: another spelling, a flag, a field of the request."""
    from sfstream.notebook.did_you_mean import vocabulary  # imports the display, which loading the extension does not

    if "key" in name.lower():
        return message("%sfkey asks for a key, so that no notebook contains it.")
    others = {row.name: " ".join(filter(None, [row.field, *row.flags])) for row in PARAMETERS}
    return vocabulary(others, others).hint(name) or message("%config SfChat lists the settings.")


def _checked(row: Parameter, value: Any) -> Any:
    check_value(row, value)
    return value


def _check_request(values: Mapping[str, Any]) -> None:
    """Check what only a whole request shows: a field that is set twice, a value that is no JSON."""
    fields = {row.field: values[row.name] for row in PARAMETERS if row.field and row.name in values}
    ChatRequest(model=MODEL, messages=_ANY_MESSAGE, params=values.get("params"), **fields)


def _model(_: Parameter, value: Any) -> Any:
    ChatRequest(model=value, messages=_ANY_MESSAGE)
    return value


def _unchecked(_: Parameter, value: Any) -> Any:
    return value  # the whole request is checked


def _sources(row: Parameter, value: Any) -> Any:
    if not isinstance(value, list) or not all(isinstance(source, str) and source.strip() for source in value):
        _refuse(row, value, message("a path, a URL, or a list of them"))
    return value


def _variable(row: Parameter, value: Any) -> Any:
    try:
        return variable_name(_checked(row, value))
    except ValueError as error:
        if isinstance(error, ConfigurationError):
            raise
        _refuse(row, value, error.args[0])


def _base_url(row: Parameter, value: Any) -> Any:
    from sfstream.wire.base_url import checked_url

    return checked_url(_checked(row, value))


def _speed(_: Parameter, value: Any) -> Any:
    from sfstream.wire.replay import checked_speed

    checked_speed(value)
    return value


def _refuse(row: Parameter, value: Any, expected: Message | str) -> NoReturn:
    shown = f"{value!r:.60}"
    raise ConfigurationError(
        message("{name} is {value}; expected {expected}.", name=row.name, value=shown, expected=expected)
    )


_CHECKS: dict[str, Callable[[Parameter, Any], Any]] = {
    "model": _model,
    "params": _unchecked,
    "attach": _sources,
    "out": _variable,
    "base_url": _base_url,
    "speed": _speed,
}
"""The checks of the options that type, range and choices do not describe."""
