"""``--dry-run``: what would be sent, without sending it."""

from __future__ import annotations

import json
from typing import Any

from sfstream.core.config import configured
from sfstream.display.frontend import choose
from sfstream.log.reuse import KeptAnswer
from sfstream.run.prepare import prepare_call


def dry_run(prompt: str, options: dict[str, Any]) -> str:
    """Return the request as it would be sent, without the key."""
    choose(configured(options.pop("display", None), "display", "auto"))  # raises if there is no such mode
    call = prepare_call(prompt, **options)
    if call.transport.name == "replay":
        return f"Nothing would be sent: {configured(options.get('replay'), 'replay')} would be played."
    kept = [f"Nothing would be sent: {call.transport.note}", ""] if isinstance(call.transport, KeptAnswer) else []
    endpoint = call.endpoint
    headers = endpoint.headers() | ({"Authorization": "Bearer [the API key]"} if endpoint.key else {})
    lines = [*kept, f"POST {endpoint.chat_url}", *(f"{name}: {value}" for name, value in headers.items())]
    if not endpoint.key:
        lines.append("(no API key: none belongs to this server)")
    return "\n".join([*lines, "", json.dumps(call.request.body(), ensure_ascii=False, indent=2)])
