"""A real kernel in a process of its own, driven as a front-end drives it."""

from __future__ import annotations

import os
import sys
import time
import uuid
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, TypeAlias

from jupyter_client.manager import KernelManager

Asker: TypeAlias = Literal["notebook", "console", "batch", "other"]
"""``other`` is a program of another make, such as nbclassic: it can give input, and does not name the cell."""


@dataclass
class Result:
    """What a cell gave.

    Attributes:
        status: ``ok``, ``error`` or ``aborted``.
        messages: type and content of each output, in order; what widgets send among themselves is left out.
        seconds: from asking for the result to having it.
    """

    status: str
    messages: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def stdout(self) -> str:
        return "".join(content["text"] for kind, content in self.messages if kind == "stream")

    @property
    def error(self) -> str:
        """Name and message of the exception; empty where there was none."""
        return "".join(f"{content['ename']}: {content['evalue']}" for kind, content in self.messages if kind == "error")

    @property
    def outputs(self) -> list[dict[str, Any]]:
        """The same with their metadata."""
        kinds = ("display_data", "update_display_data", "execute_result")
        return [content for kind, content in self.messages if kind in kinds]

    @property
    def displays(self) -> list[dict[str, Any]]:
        """The MIME bundles that were shown, updates included."""
        return [output["data"] for output in self.outputs]


class Kernel:
    """A kernel with sfstream loaded; a context manager."""

    def __init__(self, **environ: str) -> None:
        self._manager: Any = KernelManager(kernel_name="python3")
        spec: Any = self._manager.kernel_spec
        spec.argv[0] = sys.executable
        self._manager.start_kernel(env=os.environ | environ)
        self._client = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=60)

    def __enter__(self) -> Kernel:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)
        self._manager.cleanup_resources()

    @property
    def pid(self) -> int:
        pid: int = self._manager.provisioner.process.pid
        return pid

    def run(self, code: str, **keywords: Any) -> Result:
        """Run a cell to its end."""
        return self.result(self.start(code, **keywords))

    def start(
        self, code: str, *, by: Asker = "notebook", allow_stdin: bool | None = None, stop_on_error: bool = False
    ) -> str:
        """Begin a cell; give the id of its message.

        Args:
            by: who asks, as far as the request shows it.
            allow_stdin: whether it can give input; None for what such a one does.
        """
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
        can_input = by != "batch" if allow_stdin is None else allow_stdin
        content |= {"allow_stdin": can_input, "stop_on_error": stop_on_error}
        metadata = {"cellId": "a-cell"} if by == "notebook" else {}
        request = self._client.session.msg("execute_request", content, metadata=metadata)
        if by == "other":
            request["header"]["msg_id"] = uuid.uuid4().hex
        self._client.shell_channel.send(request)
        return str(request["header"]["msg_id"])

    def complete(self, code: str, cursor: int) -> dict[str, Any]:
        """Ask what can stand at the cursor; return the content of the reply."""
        message = self._client.complete(code, cursor)
        while (reply := self._client.get_shell_msg(timeout=20))["parent_header"].get("msg_id") != message:
            pass
        content: dict[str, Any] = reply["content"]
        return content

    def interrupt(self) -> None:
        self._manager.interrupt_kernel()

    def wait_for_output(self, message: str, kind: str, seconds: float = 20.0) -> None:
        """Return once the cell has sent something of that kind. What comes until then is not in its result."""
        while True:
            got = self._client.get_iopub_msg(timeout=seconds)
            if got["parent_header"].get("msg_id") == message and got["msg_type"] == kind:
                return

    def answer(self, text: str, seconds: float = 20.0) -> str:
        """Give the input that a cell asks for; return what it asked."""
        asked = self.asked(seconds)
        self._client.input(text)
        return asked

    def asked(self, seconds: float = 20.0) -> str:
        """Wait until a cell asks for input; return what it asks."""
        asked = self._client.get_stdin_msg(timeout=seconds)["content"]
        return f"{asked['prompt']}(hidden)" if asked["password"] else str(asked["prompt"])

    def result(self, message: str, seconds: float = 30.0) -> Result:
        """Wait for the end of a cell.

        Raises:
            queue.Empty: it did not end within ``seconds`` of silence.
        """
        started, messages = time.monotonic(), []
        while True:
            got = self._client.get_iopub_msg(timeout=seconds)
            if got["parent_header"].get("msg_id") != message:
                continue
            kind, content = got["msg_type"], got["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            if kind not in ("status", "execute_input") and not kind.startswith("comm_"):
                messages.append((kind, content))
        while (reply := self._client.get_shell_msg(timeout=seconds))["parent_header"].get("msg_id") != message:
            pass
        return Result(reply["content"]["status"], messages, time.monotonic() - started)
