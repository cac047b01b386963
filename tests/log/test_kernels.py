"""The log when several real kernels write it at once: every entry is held against what its own stream sent."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from http.server import ThreadingHTTPServer
from typing import ClassVar

import pytest

from sfstream import log
from sfstream.demo.compose import Script, frames_of
from sfstream.log.format import open_recording
from tests.bench.server import Handler, wire
from tests.kernel import Kernel

KERNELS, STREAMS = 4, 6
CELL = """
import threading, sfstream
def ask(number):
    asked = {"prompt": f"kernel KERNEL stream {number} 问题", "model": f"m/KERNEL-{number}", "via": VIA[number % 3]}
    if number < 3:
        sfstream.chat(**asked, display="off")
    else:
        list(sfstream.stream(**asked))
VIA = ("openai", "requests", "curl")
threads = [threading.Thread(target=ask, args=(number,)) for number in range(STREAMS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


class Sender(Handler):
    """Sends each model a stream of its own, at a pace of its own."""

    sent: ClassVar[dict[str, bytes]] = {}
    """The bytes of each stream, by its model."""
    all_here: ClassVar = threading.Barrier(KERNELS * STREAMS)

    def chunks(self, name: str) -> Iterable[bytes]:
        """See `Handler.chunks`."""
        dice = random.Random(name)
        words = [
            dice.choice(("流式", "输出", " word", "\n", "😀", f" <{name}>")) for _ in range(dice.randrange(60, 160))
        ]
        frames = list(frames_of({"model": name}, Script([f"{name} says", *words])))
        self.sent[name] = b"".join(frames)
        self.all_here.wait(60)  # from here on all of them stream at once
        for chunk in wire(frames):
            time.sleep(dice.uniform(0, 0.004))  # the pace
            yield chunk


@pytest.fixture
def url() -> Iterator[str]:
    """The address of the server."""
    Sender.sent.clear()
    Sender.all_here.reset()
    with ThreadingHTTPServer(("127.0.0.1", 0), Sender) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        server.shutdown()


def cell_of(kernel: int) -> str:
    return CELL.replace("KERNEL", str(kernel)).replace("STREAMS", str(STREAMS))


@pytest.mark.kernel
@pytest.mark.curl
def test_four_kernels_write_at_once(url: str) -> None:
    """Of 24 streams, six in each of four kernels, by every transport, no byte is lost and none is in another's file."""
    with ExitStack() as stack:
        kernels = [stack.enter_context(Kernel(SILICONFLOW_BASE_URL=url)) for _ in range(KERNELS)]
        for kernel in kernels:
            kernel.run("import sfstream, openai, requests")  # so that they write at the same time
        cells = [kernel.start(cell_of(number)) for number, kernel in enumerate(kernels)]
        results = [kernel.result(cell, seconds=60) for kernel, cell in zip(kernels, cells, strict=True)]
    entries = log.entries()

    assert [""] * KERNELS == [result.error for result in results]
    assert list(range(KERNELS * STREAMS, 0, -1)) == [entry.number for entry in entries]
    assert set(Sender.sent) == {entry.model for entry in entries}
    for entry in entries:
        kernel_number, stream = entry.model.removeprefix("m/").split("-")
        recording = open_recording(entry.path)
        assert Sender.sent[entry.model] == recording.data
        assert f"kernel {kernel_number} stream {stream} 问题" == entry.prompt
        assert ("complete", "complete") == (entry.status, entry.reply().status)
        assert entry.reply().content.startswith(f"{entry.model} says")
