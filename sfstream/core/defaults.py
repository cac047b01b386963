"""What a call takes for a keyword that is not given."""

from __future__ import annotations

from typing import Any

defaults: dict[str, Any] = {}
"""By the name of the keyword; also ``base_url``, and the fields of `sfstream.core.limits.Limits`.

``%config SfChat.…`` writes here, so that a function called in a notebook follows the notebook's settings.
"""
