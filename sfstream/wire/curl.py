"""The transport that sends with a ``curl -N`` child process, as SiliconFlow's guide shows it.

curl reads the key and the headers from a configuration on a file descriptor, and the body from standard input. Neither
is in argv, which every user of the machine can read, nor in the environment.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import IO
from urllib.parse import urlsplit

from sfstream.core.hints import either
from sfstream.core.message import message
from sfstream.core.request import ChatRequest
from sfstream.errors import ConnectionFailed, NoTransport
from sfstream.wire.connect import AbortHandle
from sfstream.wire.connection_errors import connection_error
from sfstream.wire.curl_errors import kind_after_head, kind_of
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.proxies import proxy_of, without_password
from sfstream.wire.transport import CONNECT_TIMEOUT, READ_SIZE, VIA, Response, timed

ARGUMENTS = (
    "-q",  # no ~/.curlrc
    *("-N", "-sS", "--suppress-connect-headers", "--compressed", "--globoff"),
    *("--connect-timeout", f"{CONNECT_TIMEOUT:g}", "--data-binary", "@-"),
)
_PORTS = {"http": 80, "https": 443}


class CurlTransport:
    """Sends with the ``curl`` program; each request is a child process."""

    name = "curl"

    def open(self, request: ChatRequest, endpoint: Endpoint, handle: AbortHandle) -> Response:
        """See `Transport.open`."""
        if sys.platform == "win32":  # no pass_fds and no /dev/fd
            raise NoTransport(message("{curl} needs Linux or macOS. Here, use {openai} or {requests}.", **_ways()))
        program = shutil.which("curl")
        if program is None:
            raise NoTransport(
                message("There is no curl on this machine. Install it, or use {openai} or {requests}.", **_ways())
            )
        child = _Child(program, request.encode(), endpoint, handle)
        try:
            status_code, headers = child.read_head()
        except BaseException:
            child.end()
            raise
        return Response(status_code, headers, timed(child.body(), handle))


class _Child:
    """A running curl, its pipes, and the thread that writes the request body."""

    def __init__(self, program: str, body: bytes, endpoint: Endpoint, handle: AbortHandle) -> None:
        self._endpoint = endpoint
        config, config_in = os.pipe()
        # The head has a pipe of its own. With --include, a trailer after the body looks like more body.
        self._head, head_in = os.pipe()
        try:
            self._process = subprocess.Popen(
                [*_dying_with_us(), program, *ARGUMENTS, "-K", f"/dev/fd/{config}", "-D", f"/dev/fd/{head_in}"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=[config, head_in],
                env=_environment(endpoint),
                start_new_session=True,  # an interrupt of the kernel's process group must not kill it
            )
        except OSError as error:
            os.close(config_in)
            os.close(self._head)
            raise NoTransport(
                message(
                    "curl could not be started: {error}. Instead, use {openai} or {requests}.",
                    error=str(error),
                    **_ways(),
                )
            ) from error
        finally:
            os.close(config)
            os.close(head_in)
        handle.on_abort(self.kill)
        handle.note_sent()  # curl has started, and cannot connect before it has its configuration
        with open(config_in, "wb") as file, contextlib.suppress(BrokenPipeError):
            file.write(_config(endpoint))  # smaller than a pipe's buffer
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stderr
        self._out, self._err = self._process.stdout.fileno(), self._process.stderr
        # A body larger than the pipe's buffer would block this thread, and a stop must be possible then too.
        self._feeder = threading.Thread(target=_feed, args=(self._process.stdin, body), daemon=True)
        self._feeder.start()

    def read_head(self) -> tuple[int, dict[str, str]]:
        """Read to the end of the headers, and return the status and the headers."""
        data = b""
        while True:
            head, end, rest = data.replace(b"\r\n", b"\n").partition(b"\n\n")  # some servers end lines without \r
            if end and (status_code := self._status_code(head)) >= 200:  # after "100 Continue" another head follows
                return status_code, _headers(head)
            if end:
                data = rest
                continue
            more = os.read(self._head, READ_SIZE)
            if not more:
                raise self.failure()
            data += more

    def _status_code(self, head: bytes) -> int:
        if found := re.match(rb"HTTP/[\d.]+ (\d{3})\b", head):
            return int(found[1])
        raise connection_error("not HTTP", self._endpoint)

    def body(self) -> Iterator[bytes]:
        """Yield the body as it arrives."""
        try:
            while data := os.read(self._out, READ_SIZE):
                yield data
            if self._process.wait() != 0:
                raise self.failure(has_begun=True)
        finally:
            self.end()

    def failure(self, *, has_begun: bool = False) -> ConnectionFailed:
        """Return the error that curl's exit code and its message mean."""
        self._process.wait()
        text, _, _ = self._err.read().decode("utf-8", "replace").strip().partition("\n")  # later lines are links
        text = without_password(self._endpoint.redact(text), self._endpoint)
        code = self._process.returncode
        kind = kind_after_head(text) if has_begun else kind_of(code, text)
        failed = connection_error(kind, self._endpoint, text or f"curl ended with exit code {code}")
        failed.is_unreadable |= "proxy syntax" in text
        return failed

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        """Leave no process, no thread and no pipe behind."""
        self._process.kill()
        self._process.wait()
        self._feeder.join()
        with contextlib.suppress(OSError):  # ended twice
            os.close(self._head)
        for pipe in (self._process.stdout, self._process.stderr):
            assert pipe
            pipe.close()


def _ways() -> dict[str, str]:
    """Return how each transport is chosen."""
    return {name: either(f"--via {name}", f"via={name!r}") for name in VIA}


@functools.cache
def _dying_with_us() -> tuple[str, ...]:
    """Return the prefix of a command that ends it when the thread that started it ends, however this process ends.

    Without it, the curl of a killed kernel ends only when the next byte arrives. util-linux' setpriv can do it, that of
    busybox cannot; the prefix is empty without it.
    """
    words = (shutil.which("setpriv") or "", "--pdeathsig", "KILL")
    try:  # with no environment, which may hold the key
        tried = subprocess.run([*words, "true"], stdin=subprocess.DEVNULL, capture_output=True, env={}, check=False)
        return words if tried.returncode == 0 else ()
    except OSError:
        return ()


def _feed(pipe: IO[bytes], body: bytes) -> None:
    with contextlib.suppress(BrokenPipeError, ConnectionResetError), pipe:
        pipe.write(body)


def _config(endpoint: Endpoint) -> bytes:
    headers = endpoint.headers() | {"Expect": ""}  # no "100 Continue" round trip for a long prompt
    proxy = _with_port(proxy_of(endpoint) or "")
    # curl alone ignores HTTP_PROXY, and ranges in no_proxy.
    lines = [f"url = {_quoted(endpoint.chat_url)}", f'noproxy = "{"" if proxy else "*"}"']
    lines += [f"proxy = {_quoted(proxy)}"] if proxy else []
    lines += [f"header = {_quoted(f'{name}: {value}' if value else f'{name}:')}" for name, value in headers.items()]
    return "\n".join(lines).encode()


def _with_port(proxy: str) -> str:
    """Return the proxy's URL with its port, for which curl alone takes 1080 if it has none."""
    try:
        parts = urlsplit(proxy)
        port = _PORTS.get(parts.scheme) if parts.port is None else None
    except ValueError:  # curl reports what is wrong with it
        return proxy
    return parts._replace(netloc=f"{parts.netloc}:{port}").geturl() if port else proxy


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _environment(endpoint: Endpoint) -> dict[str, str]:
    """Return our environment, for its certificates, without any variable that holds the key."""
    key = endpoint.key
    return {
        name: value
        for name, value in os.environ.items()
        if not (name == "SILICONFLOW_API_KEY" or (key and key in value))
    }


def _headers(head: bytes) -> dict[str, str]:
    _, *lines = head.decode("iso-8859-1").split("\n")
    fields = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in fields}
