"""List the models of an endpoint: ``GET /models``."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from contextlib import closing

import requests

from sfstream.core.message import message
from sfstream.core.text import excerpt
from sfstream.errors import ConnectionFailed, NotFound, SfStreamError
from sfstream.wire.connect import AbortHandle
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.library_errors import fail
from sfstream.wire.requests_http import body_of, new_session, options
from sfstream.wire.server_errors import retry_after
from sfstream.wire.transport import CONNECT_TIMEOUT, TRACE_HEADER

_log = logging.getLogger("sfstream")

TIMEOUT = 30.0
"""Seconds of silence after which the request fails."""


def list_models(endpoint: Endpoint, handle: AbortHandle) -> list[str]:
    """Return the names of the chat models, sorted.

    Args:
        endpoint: the server and its key.
        handle: aborts the request from another thread.

    Raises:
        ConnectionFailed: no answer came, or the answer is not a list of models.
        ServerRefusal: the server refused; `NotFound` if it offers no list.
    """
    try:
        return _listed(endpoint, handle)
    except SfStreamError as error:
        error.redact(endpoint.redact)
        raise


def _listed(endpoint: Endpoint, handle: AbortHandle) -> list[str]:
    _log.debug("GET %s/models via requests", endpoint.base_url)
    try:
        with new_session() as session, closing(handle), handle.in_this_thread():
            response = session.get(
                f"{endpoint.base_url}/models",
                # https://docs.siliconflow.cn/cn/api-reference/models/get-model-list
                params={"sub_type": "chat"},
                timeout=(CONNECT_TIMEOUT, TIMEOUT),
                **options(endpoint, endpoint.headers() | {"Accept": "application/json"}),
            )
            body = endpoint.redact(b"".join(body_of(response, endpoint)).decode(errors="replace"))
    except (requests.RequestException, OSError, ValueError) as error:  # ValueError: the address of a proxy
        fail(error, endpoint)
    _log.debug("HTTP %d from %s, %d characters", response.status_code, endpoint.place, len(body))
    if response.status_code == 404:
        raise NotFound(
            message(
                "{url} does not exist: this server lists no models, or the base URL is wrong.",
                url=f"{endpoint.base_url}/models",
            )
        )
    if response.status_code != 200:
        wait, trace_id = retry_after(response.headers.get("retry-after")), response.headers.get(TRACE_HEADER)
        trace_id = trace_id and endpoint.redact(trace_id)  # before it is cut to fit
        raise endpoint.refusal(response.status_code, body, trace_id=trace_id, retry_after=wait)
    return _names(body, response.url)


def _names(body: str, url: str) -> list[str]:
    try:
        data = json.loads(body)["data"]
        if not isinstance(data, list):
            raise TypeError
        return sorted(str(each["id"]) for each in data if isinstance(each, Mapping) and "id" in each)
    except (ValueError, KeyError, TypeError):
        raise ConnectionFailed(
            message(
                "Expected a list of models from {url}, got something else: {body}", url=url, body=excerpt(body, 100)
            )
        ) from None
