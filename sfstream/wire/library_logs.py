"""Keeps our key out of the libraries' own logs: at DEBUG they hold the headers of an answer, which may echo it."""

from __future__ import annotations

import logging

from sfstream.wire.endpoint import Endpoint

_servers: set[Endpoint] = set()


class _Keyless(logging.Filter):
    """Masks the keys of our servers, and leaves all other records as they are."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        said, clean = f"{record.getMessage()} {error or ''}".rstrip(), ""
        for endpoint in tuple(_servers):
            clean = endpoint.redact(clean or said)
        if clean != said:
            record.msg, record.args, record.exc_info = clean, (), None
        return True


_keyless = _Keyless()


def keep_key_out(endpoint: Endpoint, *names: str) -> None:
    """Mask the server's key in what these loggers write from now on."""
    if endpoint.echo:
        _servers.add(endpoint)
        for name in names:
            logging.getLogger(name).addFilter(_keyless)  # once, however often it is called
