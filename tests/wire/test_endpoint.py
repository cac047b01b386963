"""Base URLs, and the key that belongs to a host."""

from __future__ import annotations

import pickle

import pytest

from sfstream.errors import ConfigurationError, KeyRefused, NoKey
from sfstream.wire.endpoint import Endpoint, checked_key

KEY = "sk-secret"
HERE = "http://127.0.0.1:8000/v1"
ELSEWHERE = "https://llm.example.org/v1"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://api.siliconflow.cn/v1", "https://api.siliconflow.cn/v1", id="as-it-is"),
        pytest.param(" https://api.siliconflow.com/v1/ ", "https://api.siliconflow.com/v1", id="spaces-and-slash"),
        pytest.param("https://llm.example.org", "https://llm.example.org", id="no-path"),
        pytest.param("http://[::1]:8000/v1", "http://[::1]:8000/v1", id="ipv6"),
        pytest.param("https://mysiliconflow.cn", "https://mysiliconflow.cn", id="another's-host"),
    ],
)
def test_base_url_is_tidied(url: str, expected: str) -> None:
    """White space and a last slash are taken off, and the chat's address follows from it."""
    assert (expected, f"{expected}/chat/completions") == (Endpoint(url).base_url, Endpoint(url).chat_url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param("", "expected one such as", id="empty"),
        pytest.param("api.siliconflow.cn/v1", "expected one such as", id="no-scheme"),
        pytest.param("ftp://api.siliconflow.cn/v1", "expected one such as", id="ftp"),
        pytest.param("https://", "expected one such as", id="no-host"),
        pytest.param("https://a b/v1", "expected one such as", id="space"),
        pytest.param("https://host:0/v1", "expected one such as", id="port-0"),
        pytest.param("https://host:99999/v1", "expected one such as", id="port-too-high"),
        pytest.param("https://[::1/v1", "expected one such as", id="broken-ipv6"),
        *(
            pytest.param(url, "expected one such as", id=url)
            for url in (
                r"https://evil.test\.siliconflow.cn/v1",
                "https://evil.test%2f.siliconflow.cn/v1",
                "https://evil.test;.siliconflow.cn/v1",
                "https://evil.test&a|'.siliconflow.cn/v1",
                "https://[2001:db8::1%25.siliconflow.cn]/v1",
                r"http://evil.test\.localhost/v1",
                "https://api.siliconflow.cn:/v1",
            )
        ),
        pytest.param("https://api..example/v1", "cannot be read", id="empty-label"),
        pytest.param(f"https://{'a' * 64}.example/v1", "cannot be read", id="long-label"),
        pytest.param("https://host/v1?x=1", r"after \? or #", id="query"),
        pytest.param("https://api.siliconflow.cn", "take https://api.siliconflow.cn/v1", id="lacks-v1"),
        pytest.param("https://host/v1/chat/completions", "take https://host/v1$", id="too-long"),
    ],
)
def test_base_url_that_cannot_be(url: str, said: str) -> None:
    """A base URL that cannot be used is refused with what to take instead."""
    with pytest.raises(ConfigurationError, match=said):
        Endpoint(url)


@pytest.mark.parametrize(
    "url", ["https://me:secret@host/v1", "https://me:secret@host:99999/v1"], ids=["fine", "bad-port"]
)
def test_password_in_a_base_url_is_not_echoed(url: str) -> None:
    """A base URL with a password is refused without showing it."""
    with pytest.raises(ConfigurationError) as caught:
        Endpoint(url)

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("key", [KEY, f"  {KEY}\r\n", f"\t{KEY}\u3000"], ids=["bare", "line-end", "spaces"])
def test_key_is_stripped(key: str) -> None:
    """White space around a key, which copying brings, is taken off."""
    assert KEY == checked_key(key)
    assert f"Bearer {KEY}" == Endpoint(key=key).headers()["Authorization"]


@pytest.mark.parametrize(
    "key",
    [
        "sk secret",
        "sk\nsecret",
        "sk\tsecret",
        "sk\0secret",
        "sk-sécret",
        "sk-密secret",
        "sk\x7fsecret",
        "sk\ud800secret",
    ],
    ids=["space", "line-break", "tab", "nul", "accent", "chinese", "delete", "surrogate"],
)
def test_key_that_cannot_be(key: str) -> None:
    """A key that no header can hold is refused, and no exception behind it shows the key."""
    with pytest.raises(ConfigurationError, match=r"at position [345] of") as caught:
        Endpoint(key=key)

    assert "cret" not in repr(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("key", ["", "  ", "\n"], ids=["empty", "spaces", "line-end"])
def test_empty_key_is_no_key(key: str) -> None:
    """An empty key says how to give one."""
    with pytest.raises(NoKey, match=r"^No API key. Type %sfkey to enter one, set SILICONFLOW_API_KEY, or type %sfdemo"):
        checked_key(key)


def test_key_is_in_no_repr() -> None:
    """A server shows where it is, never the key; a pickle of it still works."""
    server = Endpoint(key=KEY)

    assert KEY not in f"{server!r} {server}"
    assert server == pickle.loads(pickle.dumps(server))


def test_no_key_no_header() -> None:
    """Without a key nothing is sent as one."""
    assert "Authorization" not in Endpoint(HERE).headers()


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/v1", "http://127.3.2.1:80/v1", "http://[::1]:8000/v1", "http://localhost:8000", "https://a.b"],
)
def test_key_goes_to_loopback_and_over_tls(url: str) -> None:
    """A key may go over plain http to this machine, and over https anywhere."""
    assert KEY == Endpoint(url, KEY).key


@pytest.mark.parametrize(
    "url",
    [
        "http://api.siliconflow.cn/v1",
        "http://192.168.0.2/v1",
        "http://localhost.example.org/v1",
        "http://127.0.0.1.nip.io/v1",
        "http://0.0.0.0/v1",
    ],
)
def test_key_never_goes_over_plain_http(url: str) -> None:
    """To any other machine a key does not go unencrypted; without a key the address is fine."""
    with pytest.raises(ConfigurationError, match="not encrypted") as caught:
        Endpoint(url, KEY)

    assert KEY not in str(caught.value)
    assert Endpoint(url).key is None


def test_no_key_is_needed_elsewhere() -> None:
    """SiliconFlow needs a key, another server may need none."""
    Endpoint(ELSEWHERE).require_key()
    with pytest.raises(NoKey, match=r"No API key\."):
        Endpoint().require_key()


def test_echoed_key_is_scrubbed() -> None:
    """A server that repeats the key does not bring it onto the page."""
    assert "the key [the API key] is bad" == Endpoint(key=KEY).redact(f"the key {KEY} is bad")


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("https://api.siliconflow.cn/v1", '%config SfChat.base_url = "https://api.siliconflow.com/v1"'),
        ("https://api.siliconflow.com/v1", '%config SfChat.base_url = "https://api.siliconflow.cn/v1"'),
        (ELSEWHERE, "check that it belongs to llm.example.org"),
    ],
    ids=["cn", "com", "elsewhere"],
)
def test_refused_key_names_the_other_region(url: str, advice: str) -> None:
    """A 401 says that keys belong to a region, and the line that changes it; never the key."""
    error = Endpoint(url, KEY).refusal(401, '"Api key is invalid"', trace_id="ti_1")

    assert isinstance(error, KeyRefused)
    for part in ("Api key is invalid", "HTTP 401", "ti_1", advice):
        assert part in str(error)
    assert KEY not in str(error)


def test_redirect_is_told() -> None:
    """A base URL that leads elsewhere is named."""
    assert "redirects are not followed" in str(Endpoint(HERE).refusal(302, ""))
