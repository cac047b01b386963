"""What the JSON of an answer must be: a Python type, a JSON schema, or any JSON. No text is searched here.

Types are checked by pydantic's ``TypeAdapter``, JSON schemas by jsonschema.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, get_args, get_origin

from sfstream.core.json_mistakes import mistake
from sfstream.core.json_text import Found
from sfstream.core.json_wire import closed, definitions, is_strict, resolved, wrapped, wrapping_key
from sfstream.core.message import Message, joined, message
from sfstream.core.text import as_json, excerpt
from sfstream.errors import ConfigurationError, SchemaMismatch

MOST = 5
"""Maximum number of mistakes that an error lists."""
VALUE = 60
"""Maximum number of characters that it quotes of a value."""

_KEYWORDS = {"type", "properties", "items", "prefixItems", "enum", "const", "anyOf", "oneOf", "allOf", "not", "$ref"}
"""One of these is in every JSON schema that says something. ``{"name": "str"}`` is valid, and accepts everything."""


class Schema(Protocol):
    """What the JSON of an answer must be.

    Attributes:
        wire: the JSON schema that is sent; None for any JSON. Its root is an object, which OpenAI's strict mode
            requires: another value is the only property of one, called ``items`` for a list, else ``value``.
        is_strict: whether `wire` keeps the rules of the strict mode.
    """

    wire: dict[str, Any] | None
    is_strict: bool

    def check(self, found: Found) -> Any:
        """Return the value, unwrapped. A value that the model did not wrap is accepted as well.

        Raises:
            SchemaMismatch: it does not fit.
        """

    def of_items(self) -> Schema | None:
        """Return the schema of an item; None unless this is the schema of a list."""


def schema_of(schema: Any) -> Schema:
    """Return the `Schema` of what the user gives: a type, or a mapping that is a JSON schema; None for any JSON.

    Raises:
        ConfigurationError: it is neither.
    """
    if schema is None:
        return AnyJson()
    return OfMapping(schema) if isinstance(schema, Mapping) else OfType(schema)


class AnyJson:
    """Any JSON."""

    wire: dict[str, Any] | None = None
    is_strict = False

    def check(self, found: Found) -> Any:
        """See `Schema.check`."""
        return found.value

    def of_items(self) -> Schema | None:
        """See `Schema.of_items`."""
        return None


class OfType:
    """A pydantic model, dataclass, TypedDict, or any other type that pydantic's ``TypeAdapter`` takes."""

    def __init__(self, kind: Any) -> None:
        from pydantic import TypeAdapter, create_model

        self._kind = kind
        # pydantic would look the text up as a name, and the check would call a function.
        if isinstance(kind, str) or inspect.isroutine(kind):
            raise _no_schema(kind)
        try:
            self._adapter = TypeAdapter(kind)
            wire = self._adapter.json_schema()
            self._key = wrapping_key(wire)
            if self._key:
                fields: dict[str, Any] = {self._key: (kind, ...)}
                self._wrapper = TypeAdapter(create_model("Answer", **fields))
                wire = self._wrapper.json_schema()
        except Exception as error:  # pydantic's own errors, and whatever the evaluation of annotations raises
            raise _no_schema(kind, _sentence(str(error).partition("\n")[0])) from None
        self.wire: dict[str, Any] | None = closed(resolved(wire))
        self.is_strict = is_strict(self.wire)

    def check(self, found: Found) -> Any:
        """See `Schema.check`."""
        from pydantic import ValidationError

        is_wrapped = _is_wrapped(self._key, found.value)
        try:
            if is_wrapped:
                return getattr(self._wrapper.validate_json(found.text), self._key)
            return self._adapter.validate_json(found.text)
        except ValidationError as error:
            mistakes = [(each["loc"][is_wrapped:], _in_words(each)) for each in error.errors()]
        except Exception as error:  # raised by a validator of the user's
            mistakes = [((), _raised(f"{type(error).__name__}: {excerpt(str(error), VALUE)}"))]
        raise _mismatch(mistakes)

    def of_items(self) -> Schema | None:
        """See `Schema.of_items`."""
        return OfType(get_args(self._kind)[0]) if get_origin(self._kind) is list else None


class OfMapping:
    """A dict that is a JSON schema. It is sent as it is, except that the root is wrapped where it is no object."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        from jsonschema.exceptions import SchemaError
        from jsonschema.validators import Draft202012Validator, validator_for
        from referencing import Registry

        self._schema = dict(schema)
        if not _KEYWORDS & self._schema.keys():
            raise _no_schema(schema, message("it has none of the keywords {names}", names=", ".join(sorted(_KEYWORDS))))
        kind = validator_for(self._schema, default=Draft202012Validator)
        try:
            kind.check_schema(self._schema)
        except SchemaError as error:
            raise _no_schema(schema, _sentence(excerpt(error.message, 2 * VALUE))) from None
        self._validator = kind(self._schema, registry=Registry())  # an empty registry loads nothing from the network
        self._key = wrapping_key(self._schema)
        self.wire: dict[str, Any] | None = wrapped(self._key, self._schema) if self._key else self._schema
        self.is_strict = is_strict(self.wire)

    def check(self, found: Found) -> Any:
        """See `Schema.check`."""
        value = found.value[self._key] if _is_wrapped(self._key, found.value) else found.value
        try:
            wrong = sorted(self._validator.iter_errors(value), key=lambda error: [*map(str, error.absolute_path)])
        except Exception as error:  # a reference to a schema that is not there
            raise _mismatch([((), _raised(excerpt(str(error), 2 * VALUE)))]) from None
        if wrong:
            raise _mismatch([([*error.absolute_path], mistake(excerpt(error.message, 2 * VALUE))) for error in wrong])
        return value

    def of_items(self) -> Schema | None:
        """See `Schema.of_items`."""
        items = self._schema.get("items")
        if self._schema.get("type") != "array" or not isinstance(items, Mapping):
            return None
        return OfMapping({**definitions(self._schema), **items})


def _is_wrapped(key: str, value: Any) -> bool:
    return bool(key) and isinstance(value, dict) and key in value


def _no_schema(schema: Any, reason: Message | str = "") -> ConfigurationError:
    expected = message(
        "schema is {schema}; expected a pydantic model, a dataclass, a TypedDict, a list[...] of one of these, or a "
        "dict that is a JSON schema.",
        schema=excerpt(repr(schema), VALUE),
    )
    return ConfigurationError(joined(expected, message("What is wrong: {reason}.", reason=reason) if reason else ""))


def _sentence(reason: str) -> Message | str:
    """Return the first sentence of a library's message, without its full stop."""
    return mistake(reason.partition(". ")[0].rstrip("."))


def _raised(error: str) -> Message:
    return message("the check raised {error}", error=error)


def _in_words(found: Any) -> Message:
    if found["type"] == "missing":
        return message("it is missing")
    what, value = mistake(excerpt(found["msg"], 3 * VALUE)), excerpt(as_json(found["input"]), VALUE)
    return message("{problem}, got {value}", problem=what, value=value)


def _mismatch(mistakes: Sequence[tuple[Any, Message | str]]) -> SchemaMismatch:
    lines = [message("  {place}: {problem}", place=_path(place), problem=what) for place, what in mistakes[:MOST]]
    if more := len(mistakes) - MOST if len(mistakes) > MOST else 0:
        lines.append(message("  … and {count} more", count=more))
    return SchemaMismatch(joined(message("The JSON of the answer does not fit the schema:"), *lines, by="\n"))


def _path(place: Any) -> Message | str:
    """Return where a mistake is, as in Python: ``[0].price``."""
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return excerpt(path.removeprefix("."), VALUE) or message("the whole")
