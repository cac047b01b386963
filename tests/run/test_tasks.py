"""Stops inside asyncio tasks, and of what is no answer: in a real kernel, which must live on."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from sfstream.demo.server import DemoServer
from tests.kernel import Kernel
from tests.waiting import until

pytestmark = pytest.mark.kernel
KEY = "sk-a-key-that-nobody-may-see"
ASKING = """
async def ask(): return sfstream.chat("Hello", model="demo/rate-100", via="requests", display="text")
"""
PRESSED = """
class Stopping:
    def begin(self, stop): threading.Timer(0.3, stop).start()
    def paint(self, reply, doing): ...
    def finish(self, reply): print(reply.status)
def ask(): return asyncio.to_thread(sfstream.chat, "Hello", model="demo/rate-100", via="requests", into=Stopping())
"""


def is_gone(connection: socket.socket) -> bool:
    """Whether the other side has ended the connection, or reset it."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.fixture(scope="module")
def kernel(demo: DemoServer) -> Iterator[Kernel]:
    """A kernel that asks the demo server."""
    with Kernel(SILICONFLOW_BASE_URL=demo.base_url) as running:
        assert running.run("%load_ext sfstream\nimport asyncio, sfstream, threading\nkept = 42").status == "ok"
        yield running


@pytest.mark.parametrize("how", ["await asyncio.gather(ask())", "await asyncio.create_task(ask())"])
def test_an_interrupt_in_a_task_ends_no_kernel(kernel: Kernel, how: str) -> None:
    """The task is cancelled, and so is what waits for it; a KeyboardInterrupt would end the kernel's own loop."""
    cell = kernel.start(ASKING + how)
    kernel.wait_for_output(cell, "stream")
    kernel.interrupt()
    result = kernel.result(cell)
    assert "error" == result.status
    assert result.error.startswith("StoppedTask: Stopped after")
    assert "42\n" == kernel.run("print(kept)").stdout


@pytest.mark.parametrize("how", ["await asyncio.gather(ask())", "await asyncio.create_task(ask())", "await ask()"])
def test_a_stop_in_a_thread_of_a_task_ends_no_kernel(kernel: Kernel, how: str) -> None:
    """By the button of a view: whoever waits for the thread hears of it."""
    result = kernel.run(PRESSED + how)
    assert ("error", "stopped\n") == (result.status, result.stdout)
    assert result.error.startswith("StoppedTask: Stopped after")
    assert "42\n" == kernel.run("print(kept)").stdout


def test_an_interrupt_in_the_cell_itself_is_what_it_was(kernel: Kernel) -> None:
    """A cell with await runs in a task of the kernel's own."""
    cell = kernel.start("await asyncio.sleep(0)\n%sfchat --display text -m demo/rate-100 Hello")
    kernel.wait_for_output(cell, "stream")
    kernel.interrupt()
    assert kernel.result(cell).error.startswith("Stopped: Stopped after")


@pytest.mark.parametrize("before", ["", "await asyncio.sleep(0)\n"], ids=["cell", "cell-with-await"])
def test_an_interrupt_while_models_are_listed_is_heard_and_shows_no_key(before: str) -> None:
    """Of a silent server, at once, and in the most talkative tracebacks."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        with Kernel(SILICONFLOW_BASE_URL=address, SILICONFLOW_API_KEY=KEY) as kernel:
            kernel.run("%load_ext sfstream\nimport asyncio\n%xmode Verbose")
            cell = kernel.start(f"{before}print('begun')\n%sfmodels")
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                kernel.interrupt()
                result = kernel.result(cell, seconds=10)
                until(lambda: is_gone(connection))
    assert "error" == result.status
    assert "KeyboardInterrupt" in result.error
    assert KEY not in str(result.messages)
