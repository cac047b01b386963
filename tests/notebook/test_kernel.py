"""The magic in a real kernel: outputs, variables, and interrupts at random moments."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest

from sfstream.demo.server import DemoServer
from tests.kernel import Kernel

pytestmark = pytest.mark.kernel


@pytest.fixture(scope="module")
def kernel(demo: DemoServer) -> Iterator[Kernel]:
    """A kernel that has loaded sfstream and asks the demo server."""
    with Kernel(SILICONFLOW_BASE_URL=demo.base_url) as running:
        assert running.run("%load_ext sfstream\nimport asyncio").status == "ok"
        yield running


def value(kernel: Kernel, expression: str) -> str:
    return kernel.run(f"print({expression})").stdout.strip()


def test_the_answer_grows_in_one_output_and_stays(kernel: Kernel) -> None:
    """Updated in place, at last with the status line; the value of the cell is not shown again."""
    result = kernel.run("%%sfchat -m demo/reasoning --display html\nWhy?")
    kinds = [kind for kind, _ in result.messages]
    assert "ok" == result.status
    assert "display_data" == kinds[0]
    assert {"update_display_data"} == set(kinds[1:])
    assert "complete" in result.displays[-1]["text/html"]
    assert "<details" in result.displays[-1]["text/html"]
    assert value(kernel, "sf_content") in result.displays[-1]["text/plain"]


def test_the_variables_are_bound(kernel: Kernel) -> None:
    """Content and reasoning as text, the reply under each of its names."""
    kernel.run("%%sfchat -m demo/reasoning -o kept\nWhy?")
    assert "True" == value(kernel, "_ is sf_reply is kept and sf_replies[0] is kept and len(sf_replies) == 1")
    assert "True" == value(
        kernel, "sf_content == sf_reply.content == str(sf_reply) and sf_reasoning == sf_reply.reasoning"
    )


def test_a_reply_shown_later_is_its_static_answer(kernel: Kernel) -> None:
    """In another execution the value of the cell is drawn."""
    kernel.run("%sfchat -m demo/english hi")
    (shown,) = kernel.run("sf_reply").displays
    assert value(kernel, "sf_content") in shown["text/plain"]


def test_what_fails_keeps_its_variables(kernel: Kernel) -> None:
    """A cut stream raises in a few lines, and `_` is the reply."""
    result = kernel.run("%sfchat -m demo/cut-after-20 hi")
    assert "error" == result.status
    assert result.error.startswith("StreamCut: ")
    assert "('cut', True, True)" == value(kernel, "(sf_reply.status, len(sf_content) > 10, _ is sf_reply)")


def test_text_is_printed_where_it_is_asked_for(kernel: Kernel) -> None:
    """``--display text`` is a stream of text, ``off`` is nothing."""
    assert "no model" in kernel.run("%sfchat -m demo/echo --display text hi").stdout
    assert [] == kernel.run("%sfchat -m demo/echo --display off hi").messages


def test_an_interrupt_stops_run_all(kernel: Kernel) -> None:
    """The cells that wait behind the stopped one do not run."""
    first = kernel.start("%sfchat -m demo/rate-200 hi", stop_on_error=True)
    second = kernel.start("ran_on = True", stop_on_error=True)
    for _ in range(5):  # else a busy machine may not have given the second cell to the kernel yet
        kernel.wait_for_output(first, "update_display_data")
    kernel.interrupt()
    assert "error" == kernel.result(first).status
    assert "aborted" == kernel.result(second).status


CELLS = ("%%sfchat -m {model} --via {via}\nhi", "await asyncio.sleep(0)\n%sfchat -m {model} --via {via} hi")


@pytest.mark.curl
@pytest.mark.timeout(240)
def test_sixty_interrupts(kernel: Kernel, stride: int) -> None:
    """At any moment, single or double, streaming or silent: within a second, whole, and the next cell works."""
    dice = random.Random(7)
    models = [
        "demo/rate-200",
        "demo/rate-50",
        "demo/stall-before-headers",
        "demo/stall-after-headers",
        "demo/stall-after-5",
    ]
    kernel.run("%sfchat -m demo/english hi")  # what is imported by the first answer is no part of a stop
    for number in range(0, 60, stride * 2 - 1):  # an odd one, so that all kinds are met
        via = ("openai", "requests", "curl")[number % 3]
        code = CELLS[number % 2].format(model=models[number % 5], via=via)
        what = f"{number}: {code!r}"
        cell = kernel.start(code)
        kernel.wait_for_output(cell, "display_data")
        time.sleep(dice.uniform(0, 0.4))  # the random moment, and no synchronisation
        interrupted = time.monotonic()
        kernel.interrupt()
        if number % 4 < 2:
            time.sleep(dice.uniform(0, 0.2))
            kernel.interrupt()
        result = kernel.result(cell)
        assert time.monotonic() - interrupted < 1, what
        assert "error" == result.status, what
        assert result.error.startswith("Stopped: "), what
        seen = value(kernel, "(sf_reply.status, sf_content == sf_reply.content, _ is sf_reply)")
        assert "('stopped', True, True)" == seen, what
        shown = result.displays[-1]["text/plain"]
        assert "■ Stopped" in shown, what
        assert value(kernel, "sf_content").strip() in shown, what
