"""A server of prepared texts that notes when it sent each token: ``python -m tests.bench.lab.server``.

The model asked says which text, how long and how fast: ``bench/table-2000-at-250``. ``GET`` gives the seconds since
1970 at which the tokens of the last stream were sent, as JSON.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Iterator

from sfstream.demo.compose import Script, frames_of
from tests.bench import server
from tests.bench.lab.texts import TEXTS, tokens

LEAD = 1.0
"""Seconds that the first token takes: what a view needs to be there is there by then, as with a model that thinks."""

_NAME = re.compile(rf"bench/({'|'.join(TEXTS)})-(\d+)-at-(\d+)")
_sent: list[float] = []


def model(text: str, count: int, rate: int) -> str:
    """The name of a stream: so many tokens of a text, so many of them a second."""
    return f"bench/{text}-{count}-at-{rate}"


class _Handler(server.Handler):
    def chunks(self, name: str) -> Iterable[bytes] | None:
        """See `server.Handler.chunks`."""
        named = _NAME.fullmatch(name)
        return _noted(named[1], int(named[2]), int(named[3])) if named else None

    def do_GET(self) -> None:  # noqa: N802  # the name that the base class looks for
        body = json.dumps(_sent).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _noted(text: str, count: int, rate: int) -> Iterator[bytes]:
    """The stream: its opening at once, then token after token at its time, then the end."""
    opening, *chunks = server.wire(list(frames_of(server.ASKED, Script(tokens(text, count)))))
    _sent.clear()
    start = time.monotonic() + LEAD
    yield opening
    for number, chunk in enumerate(chunks):
        time.sleep(max(0.0, start + min(number, count) / rate - time.monotonic()))
        if number < count:
            _sent.append(time.time())
        yield chunk


if __name__ == "__main__":
    server.main(_Handler)
