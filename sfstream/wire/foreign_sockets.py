"""Find the connections behind a stream that the user has opened, also behind generators and iterators around it."""

from __future__ import annotations

import contextlib
import gc
import types
from collections.abc import Iterable, Iterator
from typing import Any

MOST = 200
"""Maximum number of objects that are looked at."""


def sockets_behind(*streams: Any) -> set[int]:
    """Return the file descriptors of the sockets that the streams read from, as far as they can be found.

    A generator such as ``response.iter_lines()`` holds its response in its frame, and closing it does not close the
    response. `gc.get_referents` shows what an iterator of any kind holds (generator, ``map``, a library's stream).

    Args:
        *streams: responses of requests or httpx, streams of the openai library, or iterators that read from one.
    """
    found: set[int] = set()
    seen, waiting = set(map(id, streams)), [*streams]
    while waiting and len(seen) < MOST:
        each = waiting.pop(0)
        with contextlib.suppress(Exception):  # a response that was read to its end has no socket
            found.update(_socket_of(each))
        inner = [one for one in _inside(each) if id(one) not in seen]
        seen.update(map(id, inner))
        waiting += inner
    return found


def _socket_of(each: Any) -> Iterator[int]:
    library = type(each).__module__.partition(".")[0]
    if library == "requests" and hasattr(each, "raw"):
        yield each.raw.fileno()
    elif library in ("httpx", "httpx2") and (network := each.extensions.get("network_stream")):
        yield network.get_extra_info("socket").fileno()


def _inside(each: Any) -> Iterable[Any]:
    """Return what an iterator, a tuple or a variable of a closure holds. Other objects may hold anything."""
    if not isinstance(each, Iterator | tuple | types.CellType):
        return ()
    return (*gc.get_referents(each), *getattr(each, "__dict__", {}).values())
