"""``--schema NAME``: the type or JSON schema that a name in the notebook stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfstream.core.text import excerpt
from sfstream.notebook.key_warning import quoted
from sfstream.notebook.settings import SfChat
from sfstream.notebook.usage import usage_error


def with_schema(shell: Any, settings: SfChat, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options with the schema itself in place of its name, which the line or the setting gives.

    The name may be an expression, such as ``list[Item]``.

    Raises:
        UsageError: it cannot be evaluated in the notebook's namespace.
    """
    if not (name := options.get("schema") or settings.schema):
        return dict(options)
    try:
        return {**options, "schema": shell.ev(name)}
    except Exception as error:  # whatever an expression raises
        raise usage_error(
            "--schema {name} raised {error}. Expected a variable of the notebook that is a type or a JSON schema, "
            "or an expression such as list[Item]. Nothing was sent.",
            name=quoted(name),
            error=f"{type(error).__name__}: {excerpt(str(error), 100)}",
        ) from None
