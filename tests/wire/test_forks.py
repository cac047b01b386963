"""A process that forks: parent and child have no connection, no file and no answer in common."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from sfstream import log
from sfstream.demo.server import DemoServer
from sfstream.wire.transport import VIA

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork: run on Linux")


def output_of(script: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, timeout=60)
    assert "" == done.stderr
    return done.stdout


@pytest.mark.parametrize("leave", ["sys.exit()", "events.close(); os._exit(0)"], ids=["exit", "close"])
def test_a_fork_that_ends_leaves_the_answer_to_its_parent(asking_demo: DemoServer, leave: str) -> None:
    """What is open in the parent goes on there, and is kept as a whole."""
    script = f"""
import os, sys, sfstream
events = sfstream.stream("Hello", model="demo/english", via="requests")
next(events)
if (child := os.fork()) == 0:
    {leave}
os.waitpid(child, 0)
list(events)
print(events.reply.content)
"""
    content = output_of(script)
    assert "A language model" in content
    assert ("complete", content) == ((kept := log.last()).status, f"{kept.content}\n")


@pytest.mark.parametrize("via", VIA)
def test_forks_do_not_share_a_connection(asking_demo: DemoServer, via: str) -> None:
    """The connection that the parent keeps is not used by two children at once: answers would be mixed."""
    script = """
import os, sys, sfstream

def ask(text):
    return sfstream.chat(text, model="demo/echo", via=sys.argv[1], display="off", log=False).content

ask("parent")
children = []
for child in range(3):
    if (number := os.fork()) == 0:
        texts = [f"child {child} asks {each} " * 3 + "end" for each in range(8)]
        os._exit(sum(not ask(text).endswith(text) for text in texts))
    children.append(number)
print([os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]) for number in children])
"""
    assert "[0, 0, 0]\n" == output_of(script, via)
