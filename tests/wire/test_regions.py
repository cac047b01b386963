"""SiliconFlow's two regions, over TLS, and the keys that belong to them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sfstream import errors, models
from sfstream.run.ask import ask
from sfstream.run.loop import Run
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.transport import VIA, transport
from tests.kernel import Kernel
from tests.run.test_stop import REQUEST, left_behind, stopped
from tests.waiting import until
from tests.wire.tls import Hosts

CN, COM = "api.siliconflow.cn", "api.siliconflow.com"
KEYS = {CN: "sk-of-cn", COM: "sk-of-com"}


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hosts]:
    """Both hosts, each with a key of its own."""
    with Hosts(KEYS, tmp_path) as running:
        for name, value in running.environ.items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.mark.parametrize("via", VIA)
def test_an_answer_streams_over_tls(hosts: Hosts, monkeypatch: pytest.MonkeyPatch, via: str) -> None:
    """The usual host, the key of the environment, the trace id."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", "sk-of-cn")
    reply = ask("hi", via=via, display="off")
    assert (reply.status, reply.content, reply.trace_id) == ("complete", "word ", f"trace-of-{CN}")
    assert hosts.seen == [(CN, "POST /v1/chat/completions HTTP/1.1", "Bearer sk-of-cn")]


@pytest.mark.parametrize("via", VIA)
@pytest.mark.parametrize(("key", "line"), [("sk-of-com", "siliconflow.com/v1"), ("sk-nobody's", "siliconflow.com/v1")])
def test_a_key_of_the_other_region_is_told(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch, via: str, key: str, line: str
) -> None:
    """The message holds the line that changes the region, and no key."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", key)
    reply = ask("hi", via=via, display="off")
    assert isinstance(reply.error, errors.KeyRefused)
    assert f'%config SfChat.base_url = "https://api.{line}"' in str(reply.error)
    assert "Api key is invalid (HTTP 401" in str(reply.error)
    assert key not in str(reply.error)


@pytest.mark.parametrize("via", VIA)
def test_a_certificate_that_nobody_vouches_for_is_told(hosts: Hosts, monkeypatch: pytest.MonkeyPatch, via: str) -> None:
    """Nothing is sent to a server that cannot show who it is, and it is not asked again: that would not help."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", "sk-of-cn")
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name)
    reply = ask("hi", via=via, display="off", model="of/this-test")
    assert isinstance(reply.error, errors.NotTrusted)
    assert "certificate" in str(reply.error).lower()
    assert hosts.seen == []


@pytest.mark.parametrize("via", VIA)
def test_a_stop_ends_an_encrypted_stream(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, via: str) -> None:
    """Within a second, with nothing left behind."""
    with Hosts(KEYS, tmp_path, silent=True) as hosts:
        for name, value in hosts.environ.items():
            monkeypatch.setenv(name, value)
        run = Run(REQUEST, transport(via), Endpoint(f"https://{CN}/v1", KEYS[CN]))
        assert stopped(run, lambda: run.reply.content) < 1
        assert (run.reply.status, run.reply.content) == ("stopped", "word ")
        until(lambda: not left_behind(hosts.port), seconds=1)


def test_models_are_listed_over_tls(hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only chat models are asked for."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", "sk-of-cn")
    assert models() == [f"model-of-{CN}"]
    assert hosts.seen == [(CN, "GET /v1/models?sub_type=chat HTTP/1.1", "Bearer sk-of-cn")]


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("key", "said", "asked"),
    [
        pytest.param("sk-of-cn", f"{CN} accepts the key", CN, id="right-region"),
        pytest.param("sk-of-com", f"SfChat.base_url is now https://{COM}/v1", COM, id="wrong-region"),
    ],
)
def test_a_typed_key_finds_its_region(hosts: Hosts, tmp_path: Path, key: str, said: str, asked: str) -> None:
    """``%sfkey`` says which region answered, and requests go there."""
    with Kernel(HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path)) as kernel:
        kernel.run("%load_ext sfstream")
        cell = kernel.start("%sfkey", allow_stdin=True)
        assert kernel.answer(key) == f"API key of {CN}: (hidden)"
        assert said in kernel.result(cell).stdout
        assert kernel.run("%sfchat hi").status == "ok"
    assert hosts.seen[-1] == (asked, "POST /v1/chat/completions HTTP/1.1", f"Bearer {key}")


@pytest.mark.kernel
def test_a_typed_key_that_no_region_knows_is_not_kept(hosts: Hosts, tmp_path: Path) -> None:
    """The refusal is raised, and there is still no key."""
    with Kernel(HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path)) as kernel:
        kernel.run("%load_ext sfstream")
        cell = kernel.start("%sfkey", allow_stdin=True)
        kernel.answer("sk-nobody's")
        assert kernel.result(cell).error.startswith("KeyRefused: ")
        assert kernel.run("%sfchat hi").error.startswith("NoKey: ")
    assert os.environ.get("SILICONFLOW_API_KEY") is None
