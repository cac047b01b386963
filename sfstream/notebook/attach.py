"""``-a SOURCE`` on the line of a magic: a variable of the notebook, a path or a URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sfstream.core.attachments import Attachment
from sfstream.notebook.key_warning import quoted
from sfstream.notebook.usage import usage_error
from sfstream.run.attach import attachment


def attached(sources: Sequence[str], names: Mapping[str, Any]) -> list[Attachment]:
    """Return the images that a line names.

    A name that is a variable means the variable, also if a file is called the same: ``./name`` is the file.

    Args:
        sources: the values of ``-a``.
        names: the variables of the notebook.

    Raises:
        UsageError: a name is neither a variable nor a file.
        ConfigurationError: a source is not an image, or is too large.
    """
    return [_attached(source, names) for source in sources]


def _attached(source: str, names: Mapping[str, Any]) -> Attachment:
    if source in names:
        return attachment(names[source], source)
    if source.isidentifier() and not Path(source).exists():
        shown = quoted(source)
        raise usage_error("-a {source}: there is neither a variable nor a file {name}.", source=source, name=shown)
    return attachment(source)
