"""Through a ``curl -N`` child process, as SiliconFlow's guide shows it, with the key kept out of sight.

The key and the headers go to curl in a configuration that it reads from a file descriptor, the body by
standard input: neither is in argv, which every user of the machine can read, nor in the environment.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from typing import IO
from urllib.parse import urlsplit

from sfstream.core.request import ChatRequest
from sfstream.core.text import excerpt
from sfstream.errors import ConnectionFailed, NoTransport, NotTrusted
from sfstream.wire.connect import AbortHandle
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.proxies import in_between, proxy_of, without_password
from sfstream.wire.transport import CONNECT_TIMEOUT, READ_SIZE, Response, clock, timed

ARGUMENTS = (
    "-q",  # no ~/.curlrc
    *("-N", "-sS", "--suppress-connect-headers", "--compressed", "--globoff"),
    *("--connect-timeout", f"{CONNECT_TIMEOUT:g}", "--data-binary", "@-"),
)
MAX_HEAD = 1024 * 1024
"""Bytes that the head of an answer may have."""

_CERTIFICATE = 60
_UNREADABLE = (1, 8)
"""Exit codes for an answer that curl cannot read: another would be no better, and be paid too."""
_PORTS = {"http": 80, "https": 443}
_MEANING = {
    5: "the proxy was not found",
    6: "the host was not found",
    7: "the connection was refused",
    8: "what came is no answer of HTTP",
    18: "the body was cut off",
    28: f"it could not be reached within {CONNECT_TIMEOUT:g} s",
    35: "no encrypted connection could be made",
    52: "the server hung up without an answer",
    56: "the connection was reset",
    _CERTIFICATE: "the server's certificate cannot be trusted",
}
"""What curl's exit codes mean (curl's manual, EXIT CODES)."""


class CurlTransport:
    """Starts one curl for each request."""

    name = "curl"

    def open(self, request: ChatRequest, endpoint: Endpoint, handle: AbortHandle) -> Response:
        """See `Transport.open`."""
        start = clock()
        program = shutil.which("curl")
        if program is None:
            raise NoTransport("There is no curl on this machine: install it, or take --via openai or --via requests.")
        child = _Child(program, request.encode(), endpoint)
        handle.on_abort(child.kill)
        try:
            status_code, headers = child.read_head()
        except BaseException:
            child.end()
            raise
        return Response(status_code, headers, timed(child.body(), start))


def make() -> CurlTransport:
    return CurlTransport()


class _Child:
    """A running curl, its three pipes, and the thread that feeds it."""

    def __init__(self, program: str, body: bytes, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        # The head by a pipe of its own: with --include, what a server sends after the body looks like more of it.
        (config, config_in), (self._head, head_in) = _pipes(2)
        try:
            self._process = subprocess.Popen(
                [
                    *_dying_with_us(),
                    program,
                    *ARGUMENTS,
                    "-K",
                    f"/dev/fd/{config}",
                    "-D",
                    f"/dev/fd/{head_in}",
                ],
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
            raise _not_started(error) from None
        finally:
            os.close(config)
            os.close(head_in)
        with open(config_in, "wb") as file, contextlib.suppress(BrokenPipeError):
            file.write(_config(endpoint))  # smaller than a pipe's buffer
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stderr
        self._out, self._err = self._process.stdout.fileno(), self._process.stderr
        # A thread: a body larger than the pipe's buffer would block, and it must be possible to stop then too.
        self._feeder = threading.Thread(target=_feed, args=(self._process.stdin, body), daemon=True)
        self._feeder.start()

    def read_head(self) -> tuple[int, dict[str, str]]:
        """Read to the end of the headers; give the status and the headers."""
        data = b""
        while True:
            head, end, rest = data.replace(b"\r\n", b"\n").partition(b"\n\n")  # some servers end lines without \r
            if end and (status_code := self._status_code(head)) >= 200:  # after "100 Continue" another head follows
                return status_code, _headers(head)
            if end:
                data = rest
                continue
            more = os.read(self._head, READ_SIZE)
            data += more
            if not more or len(data) > MAX_HEAD:
                raise self.failure(f"Is the base URL {self._endpoint.base_url} right?")

    def _status_code(self, head: bytes) -> int:
        if found := re.match(rb"HTTP/[\d.]+ (\d{3})\b", head):
            return int(found[1])
        failed = ConnectionFailed(f"The connection to {self._endpoint.host} failed: what came is no answer of HTTP.")
        failed.retriable = False
        raise failed

    def body(self) -> Iterator[bytes]:
        """The body, as it comes."""
        try:
            while data := os.read(self._out, READ_SIZE):
                yield data
            if self._process.wait() != 0:
                raise self.failure()
        finally:
            self.end()

    def failure(self, advice: str = "") -> ConnectionFailed:
        """What curl's exit code means, with its own words."""
        self._process.wait()
        code = self._process.returncode
        said, _, _ = self._err.read().decode("utf-8", "replace").strip().partition("\n")  # then it gives addresses
        meaning = _MEANING.get(code, f"curl ended with exit code {code}")
        words = excerpt(without_password(self._endpoint.redact(said), self._endpoint))
        details = f" ({words})" if words else ""
        kind = NotTrusted if code == _CERTIFICATE else ConnectionFailed
        said = f"The connection to {self._endpoint.host} failed: {meaning}{details}. {advice}".rstrip()
        failed = kind(said + in_between(self._endpoint))
        failed.retriable = kind.retriable and code not in _UNREADABLE and "proxy syntax" not in said
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


def _pipes(count: int) -> list[tuple[int, int]]:
    """Pipes, all of them or none."""
    made: list[tuple[int, int]] = []
    try:
        while len(made) < count:
            made.append(os.pipe())
    except OSError as error:
        for end in itertools.chain(*made):
            os.close(end)
        raise _not_started(error) from None
    return made


def _not_started(error: OSError) -> NoTransport:
    return NoTransport(f"curl could not be started: {error}. Take --via openai or --via requests.")


@functools.cache
def _dying_with_us() -> tuple[str, ...]:
    """What to put before a command so that it ends when the thread that starts it does, however this process ends.

    Without it, a curl whose kernel is gone ends with the next byte that comes, and a server may be silent for long.
    util-linux' setpriv, which becomes the command, can do it; busybox' cannot. Nothing where there is none.
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
    # curl's own choice would be another where no_proxy has a range, and with HTTP_PROXY.
    lines = [f"url = {_quoted(endpoint.chat_url)}", f'noproxy = "{"" if proxy else "*"}"']
    lines += [f"proxy = {_quoted(proxy)}"] if proxy else []
    lines += [f"header = {_quoted(f'{name}: {value}' if value else f'{name}:')}" for name, value in headers.items()]
    return "\n".join(lines).encode()


def _with_port(proxy: str) -> str:
    """The proxy's address with its port: where it has none, curl alone takes 1080."""
    try:
        parts = urlsplit(proxy)
        port = _PORTS.get(parts.scheme) if parts.port is None else None
    except ValueError:  # curl will say what is wrong with it
        return proxy
    return parts._replace(netloc=f"{parts.netloc}:{port}").geturl() if port else proxy


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _environment(endpoint: Endpoint) -> dict[str, str]:
    """Ours, for its proxies and certificates, without anything that holds the key."""
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
