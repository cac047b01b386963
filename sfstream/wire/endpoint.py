"""An OpenAI-compatible endpoint: its base URL, its API key, and redaction of the key.

This is the only module that writes the key into a header. Which key belongs to which host is decided in
`sfstream.wire.credentials`.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from sfstream.core.hints import either, no_key
from sfstream.core.message import Message, append_line, message
from sfstream.core.request import ChatRequest
from sfstream.errors import ConfigurationError, KeyRefused, NoKey, ServerRefusal
from sfstream.wire.advice import may_lack_key
from sfstream.wire.base_url import BASE_URL, REGIONS, checked_url, is_siliconflow, other_scheme
from sfstream.wire.complaints import complaint_of
from sfstream.wire.server_errors import refusal

MASK = "[the API key]"
"""What replaces the key in a text."""

_SHORTEST_SECRET, _SHORTEST_SK = 12, 9
"""Characters from which a key is a secret, and those of one that starts with sk-. A shorter one is a word that servers
on this machine take, such as "ollama" or "sk-1234", and "disk-1" is no key."""
_TO_HTTPS = re.compile(r"plain http|http request to an https|requires tls|ssl-enabled server port", re.IGNORECASE)
"""What nginx, Go, Tomcat and Apache say with status 400 to a request that is not encrypted."""


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible API.

    Attributes:
        base_url: without a slash at its end, such as ``https://api.siliconflow.cn/v1``.
        key: sent as a bearer token; None to send none. Never part of a repr.

    Raises:
        ConfigurationError: the base URL or the key cannot be used. The message never shows the key.
    """

    base_url: str = BASE_URL
    key: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", checked_url(self.base_url))
        if self.key is not None:
            object.__setattr__(self, "key", checked_key(self.key))
            if self.parts.scheme == "http" and not self.is_loopback:
                raise ConfigurationError(
                    message(
                        "{url} is not encrypted, and anyone on the way could read the API key: use https.",
                        url=self.base_url,
                    )
                )

    @property
    def parts(self) -> SplitResult:
        return urlsplit(self.base_url)

    @property
    def host(self) -> str:
        return self.parts.hostname or ""

    @property
    def place(self) -> str:
        """Host, and port if the base URL names one: how messages name the server."""
        return self.parts.netloc

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a key belongs to."""
        default = {"https": ":443", "http": ":80"}[self.parts.scheme]
        return f"{self.parts.scheme}://{self.parts.netloc.lower().removesuffix(default)}"

    @property
    def is_siliconflow(self) -> bool:
        return is_siliconflow(self.host)

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine. No proxy is used then: it would be another machine."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost" or self.host.endswith(".localhost")

    @property
    def chat_url(self) -> str:
        return f"{self.base_url}/chat/completions"

    @property
    def key_page(self) -> str:
        """Address of the page on which SiliconFlow gives keys; empty for any other endpoint."""
        region = next((each for each in REGIONS if self.is_siliconflow and self.host.endswith(each)), "")
        return f"https://cloud.{region}/account/ak" if region else ""

    def other_region(self) -> Endpoint | None:
        """Return SiliconFlow's other region with the same key; None for any other endpoint."""
        for here, there in (REGIONS, REGIONS[::-1]):
            if self.host == here or self.host.endswith(f".{here}"):
                return Endpoint(f"https://api.{there}/v1", self.key)
        return None

    def require_key(self) -> None:
        """Raise `NoKey` if there is no key, and SiliconFlow would ask for one."""
        if self.is_siliconflow and self.key is None:
            raise NoKey(no_key())

    def headers(self) -> dict[str, str]:
        """Return the headers of a chat request. A compressing proxy would delay events, hence identity."""
        headers = {
            "Content-Type": "application/json",
            "Accept": "text/event-stream",
            "Accept-Encoding": "identity",
        }
        return headers | {"Authorization": f"Bearer {self.key}"} if self.key else headers

    def redact(self, text: str) -> str:
        """Replace the key in a text that a server sent, literal or escaped for JSON."""
        for form in _forms(self.key):
            text = text.replace(form, MASK)
        return text

    def redactor(self) -> StreamRedactor:
        """Return a `StreamRedactor` for the body of one answer."""
        return StreamRedactor(_forms(self.key))

    def refusal(
        self,
        status_code: int,
        body: str,
        request: ChatRequest | None = None,
        *,
        trace_id: str | None = None,
        retry_after: float | None = None,
    ) -> ServerRefusal:
        """Return the error for a status other than 200, with advice that fits this endpoint and the request."""
        complaint = complaint_of(body)
        error = refusal(complaint, status_code=status_code, trace_id=trace_id, retry_after=retry_after, request=request)
        if 300 <= status_code < 400:
            append_line(
                error, message("The base URL {url} leads elsewhere, and redirects are not followed.", url=self.base_url)
            )
        if self.parts.scheme == "http" and _TO_HTTPS.search(complaint.message):
            append_line(error, other_scheme(self.base_url))
        if isinstance(error, KeyRefused) or (self.key is None and may_lack_key(error, complaint)):
            append_line(error, self._key_advice())
        return error

    def _key_advice(self) -> Message:
        if other := self.other_region():
            return message(
                "Keys of siliconflow.cn and siliconflow.com differ, and this was {place}. For the other region:\n{how}",
                place=self.place,
                how=either(f'%config SfChat.base_url = "{other.base_url}"', f"SILICONFLOW_BASE_URL={other.base_url}"),
            )
        if self.key is None:
            return either(
                message(
                    "No key was sent: SILICONFLOW_API_KEY goes to SiliconFlow, and to the server that "
                    "SILICONFLOW_BASE_URL names. %sfkey asks for a key of this one."
                ),
                message(
                    "No key was sent: SILICONFLOW_API_KEY goes to SiliconFlow, and to the server that "
                    "SILICONFLOW_BASE_URL names."
                ),
            )
        return either(
            message(
                "A key was sent: check that it belongs to {place}, or type %sfkey to enter another.", place=self.place
            ),
            message("A key was sent: check that it belongs to {place}.", place=self.place),
        )


class StreamRedactor:
    """Replaces a key in a stream of bytes, also where it is cut between two chunks."""

    def __init__(self, forms: Sequence[str]) -> None:
        self._forms = [form.encode() for form in forms]
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """Return the redacted bytes. An end that may be the beginning of the key is held back until the next chunk."""
        if not self._forms:
            return data
        data = self._held + data
        for form in self._forms:
            data = data.replace(form, MASK.encode())
        shown = len(data) - max(_overlap(data, form) for form in self._forms)
        self._held = data[shown:]
        return data[:shown]

    def flush(self) -> bytes:
        """Return what was held back, at the end of the body: it was not the key."""
        held, self._held = self._held, b""
        return held


def _forms(key: str | None) -> tuple[str, ...]:
    """Return what stands for the key in a text; nothing if it is no secret. The longer form comes first."""
    if not key or len(key) < (_SHORTEST_SK if key.startswith("sk-") else _SHORTEST_SECRET):
        return ()
    escaped = json.dumps(key)[1:-1]
    return (key,) if escaped == key else (escaped, key)


def _overlap(data: bytes, form: bytes) -> int:
    """Return how many bytes at the end of ``data`` may be the beginning of ``form``."""
    start = max(0, len(data) - len(form) + 1)
    while (start := data.find(form[:1], start)) >= 0:
        if form.startswith(data[start:]):
            return len(data) - start
        start += 1
    return 0


def checked_key(key: str) -> str:
    """Return the key without white space around it.

    Raises:
        ConfigurationError: it is empty, or has a character that no key has. The message does not show the key.
    """
    key = key.strip()
    if not key:
        raise NoKey(no_key())
    if bad := re.search(r"[^\x21-\x7e]", key):
        raise ConfigurationError(
            message(
                "The API key cannot be used: it holds {what} at position {position} of {length}. "
                "Copy it again, alone and whole.",
                what=_named(bad[0]),
                position=bad.start() + 1,
                length=len(key),
            )
        )
    return key


def _named(character: str) -> Message:
    """Return what a character is that no key has."""
    if character in "\r\n":
        return message("a line break")
    if character == " ":
        return message("a space")
    if character == "\t":
        return message("a tab")
    return message("a character that is not ASCII") if ord(character) > 127 else message("a control character")
