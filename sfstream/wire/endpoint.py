"""Whom to ask: a base URL and the key that belongs to its host.

The one place that reads the key from the environment, and the one that writes it into a header.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from sfstream.errors import ConfigurationError, KeyRefused, NoKey, ServerRefusal
from sfstream.wire.echo import Echo, echo_of
from sfstream.wire.server_errors import complaint_of, refusal

BASE_URL = "https://api.siliconflow.cn/v1"
"""Where requests go unless a setting says otherwise."""
KEY_VARIABLE = "SILICONFLOW_API_KEY"
URL_VARIABLE = "SILICONFLOW_BASE_URL"

_UNFIT = re.compile("[\\s\x00-\x1f\x7f\ud800-\udfff]")
"""What no base URL holds."""
_PLACE = re.compile(r"([\w.-]+|\[[\da-f:.]+\])(:\d+)?", re.IGNORECASE)
"""Host and port. No other character: of what stands around one, such as a backslash or an IPv6 zone, libraries and curl
make hosts of their own, and it is the host that a key belongs to."""
_REGIONS = ("siliconflow.cn", "siliconflow.com")
_NO_KEY = "No API key. Type %sfkey to enter one, set SILICONFLOW_API_KEY, or type %sfdemo to try without one."


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible API.

    Attributes:
        base_url: without a slash at its end, such as ``https://api.siliconflow.cn/v1``.
        key: sent as a bearer token; None to send none. Never part of a repr.

    Raises:
        ConfigurationError: the base URL or the key cannot be used; it says why, never the key.
    """

    base_url: str = BASE_URL
    key: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", _checked_url(self.base_url))
        if self.key is not None:
            object.__setattr__(self, "key", checked_key(self.key))
            if self.parts.scheme == "http" and not self.is_loopback:
                raise ConfigurationError(
                    f"{self.base_url} is not encrypted, and the API key would be readable on its way: use https."
                )

    @classmethod
    def from_environment(cls, base_url: str | None = None, environ: Mapping[str, str] = os.environ) -> Endpoint:
        """The server at ``base_url`` with the key that belongs to its host.

        ``SILICONFLOW_API_KEY`` belongs to SiliconFlow's hosts, and to the host of
        ``SILICONFLOW_BASE_URL`` where the environment sets that too. Any other gets no key.

        Args:
            base_url: None for ``SILICONFLOW_BASE_URL``, else `BASE_URL`.
            environ: the environment variables.
        """
        ours = environ.get(URL_VARIABLE, "").strip()
        with _naming(None if base_url else URL_VARIABLE):
            keyless = cls(base_url or ours or BASE_URL)
        named = False
        with contextlib.suppress(ConfigurationError):  # it is not asked, whatever it holds
            named = bool(ours) and keyless.origin == cls(ours).origin
        key = environ.get(KEY_VARIABLE, "").strip()
        if not (key and (named or keyless.is_siliconflow)):
            return keyless
        with _naming(KEY_VARIABLE):
            return cls(keyless.base_url, key)

    @property
    def parts(self) -> SplitResult:
        return urlsplit(self.base_url)

    @property
    def host(self) -> str:
        return self.parts.hostname or ""

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a key belongs to."""
        default = {"https": ":443", "http": ":80"}[self.parts.scheme]
        return f"{self.parts.scheme}://{self.parts.netloc.lower().removesuffix(default)}"

    @property
    def is_siliconflow(self) -> bool:
        return _is_siliconflow(self.host)

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine: then no proxy is asked, which would be another one."""
        return _is_loopback(self.host)

    @property
    def chat_url(self) -> str:
        return f"{self.base_url}/chat/completions"

    def other_region(self) -> Endpoint | None:
        """SiliconFlow's other region, with the same key; None for any other server."""
        for here, there in (_REGIONS, _REGIONS[::-1]):
            if self.host == here or self.host.endswith(f".{here}"):
                return Endpoint(f"https://api.{there}/v1", self.key)
        return None

    def require_key(self) -> None:
        """Raise `NoKey` where SiliconFlow would ask for a key and there is none."""
        if self.is_siliconflow and self.key is None:
            raise NoKey(_NO_KEY)

    def headers(self) -> dict[str, str]:
        """The headers of a chat request. Identity: a compressing proxy would hold events back."""
        headers = {
            "Content-Type": "application/json",
            "Accept": "text/event-stream",
            "Accept-Encoding": "identity",
        }
        return headers | {"Authorization": f"Bearer {self.key}"} if self.key else headers

    @property
    def echo(self) -> Echo | None:
        """How to find the key in what comes back; None where there is no secret."""
        return echo_of(self.key)

    def redact(self, text: str) -> str:
        """Take the key out of a text, for a server that echoes it."""
        return self.echo.masked(text) if self.echo else text

    def refusal(
        self, status_code: int, body: str, *, trace_id: str | None = None, retry_after: float | None = None
    ) -> ServerRefusal:
        """The error that an answer other than 200 means, with advice that fits this server."""
        error = refusal(complaint_of(body), status_code=status_code, trace_id=trace_id, retry_after=retry_after)
        if 300 <= status_code < 400:
            error.args = (f"{error}\nThe base URL {self.base_url} leads elsewhere, and redirects are not followed.",)
        if isinstance(error, KeyRefused):
            error.args = (f"{error}\n{self._key_advice()}",)
        return error

    def _key_advice(self) -> str:
        if other := self.other_region():
            return (
                f"Keys of siliconflow.cn and siliconflow.com differ, and this was {self.host}. For the other region:\n"
                f'%config SfChat.base_url = "{other.base_url}"'
            )
        if self.key is None:
            return (
                f"No key was sent: {KEY_VARIABLE} goes to SiliconFlow, and to the server that {URL_VARIABLE} names. "
                "%sfkey asks for a key of this one."
            )
        return f"A key was sent: check that it belongs to {self.host}, or type %sfkey to enter another."


@contextlib.contextmanager
def _naming(source: str | None) -> Iterator[None]:
    """Say where a value that cannot be used comes from."""
    try:
        yield
    except ConfigurationError as error:
        error.args = (f"{source}: {error}" if source else str(error),)
        raise


def checked_key(key: str) -> str:
    """The key without white space around it.

    Raises:
        ConfigurationError: it is empty, or holds what no key holds; the key is not shown.
    """
    key = key.strip()
    if not key:
        raise NoKey(_NO_KEY)
    if bad := re.search(r"[^\x21-\x7e]", key):
        what = {"\n": "a line break", "\r": "a line break", " ": "a space", "\t": "a tab"}.get(
            bad[0], "a character that is not ASCII" if ord(bad[0]) > 127 else "a control character"
        )
        raise ConfigurationError(
            f"The API key cannot be used: it holds {what} at position {bad.start() + 1} of {len(key)}. "
            "Copy it again, alone and whole."
        ) from None
    return key


def _checked_url(url: str) -> str:
    url = url.strip()
    example = f"expected one such as {BASE_URL}."
    if "@" in url:  # not shown: it may hold a password
        raise ConfigurationError(f"The base URL holds a user name or password; {example}")
    shown = repr(re.sub(r"sk-[\w-]+", "sk-…", url).partition("?")[0])  # nor a key that was typed in the wrong place
    try:
        parts = urlsplit(url)
        port_is_fine = parts.port is None or parts.port > 0
        (parts.hostname or "").encode("idna" if url.isascii() else "utf-8")  # a label that is empty or too long
    except ValueError:
        raise ConfigurationError(f"The base URL {shown} cannot be read; {example}") from None
    is_place = _PLACE.fullmatch(parts.netloc) and port_is_fine
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_place or _UNFIT.search(url):
        raise ConfigurationError(f"The base URL is {shown}; {example}")
    if parts.query or parts.fragment:
        raise ConfigurationError(f"The base URL {shown} has a part after ? or #; {example}")
    path = parts.path.rstrip("/")
    if path.endswith("/chat/completions"):
        path = path.removesuffix("/chat/completions")
        raise ConfigurationError(
            f"The base URL {shown} is one step too long; take {parts.scheme}://{parts.netloc}{path}"
        )
    if not path and _is_siliconflow(parts.hostname):
        raise ConfigurationError(f"The base URL {shown} lacks /v1; take {parts.scheme}://{parts.netloc}/v1")
    return f"{parts.scheme}://{parts.netloc}{path}"


def _is_siliconflow(host: str) -> bool:
    return any(host == region or host.endswith(f".{region}") for region in _REGIONS)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
