"""Keys: which belongs to which server, typed, saved and forgotten."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from sfstream.core import config
from sfstream.errors import ConfigurationError
from sfstream.wire import credentials as keys
from sfstream.wire.base_url import BASE_URL
from sfstream.wire.endpoint import Endpoint

KEY = "sk-secret"
HERE = "http://127.0.0.1:8000/v1"
ELSEWHERE = "https://llm.example.org/v1"
CN, COM = "https://api.siliconflow.cn/v1", "https://api.siliconflow.com/v1"


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A configuration folder of the test's own, and no key left behind."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    yield
    for url in (CN, COM):
        keys.forget(Endpoint(url))


def test_a_typed_key_belongs_to_its_server() -> None:
    """No other server gets it."""
    keys.remember(Endpoint(CN, " sk-typed "))
    assert ("sk-typed", None) == (keys.with_key(Endpoint(CN)).key, keys.with_key(Endpoint(COM)).key)
    assert "typed with %sfkey" == str(keys.source(Endpoint(CN)))


def test_a_typed_key_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever types one means it; forgotten, the environment's holds again."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", "sk-environment")
    keys.remember(Endpoint(CN, "sk-typed"))
    assert "sk-typed" == keys.with_key(Endpoint(CN)).key
    assert keys.forget(Endpoint(CN))
    assert "sk-environment" == keys.with_key(Endpoint(CN)).key
    assert "SILICONFLOW_API_KEY" == keys.source(Endpoint(CN))


def test_a_saved_key_is_for_the_user_alone() -> None:
    """The file can be read by nobody else, and a new process would find the key in it."""
    keys.remember(Endpoint(CN, "sk-saved"))
    path = keys.save(Endpoint(CN, "sk-saved"))
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert keys.forget(Endpoint(COM)) is False
    keys._typed.clear()
    assert "sk-saved" == keys.with_key(Endpoint(CN)).key
    assert f"saved in {path}" == str(keys.source(Endpoint(CN)))
    assert keys.with_key(Endpoint(COM)).key is None


def test_the_region_of_the_only_key_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a new process too, unless somebody has named a region."""
    keys.remember(Endpoint(COM, "sk-com"))
    keys.save(Endpoint(COM, "sk-com"))
    keys._typed.clear()
    assert (COM, "sk-com") == (keys.configured_endpoint().base_url, keys.configured_endpoint().key)
    assert not keys.needs_key()
    assert keys.with_key(Endpoint(CN)).key is None
    monkeypatch.setenv("SILICONFLOW_BASE_URL", CN)
    assert keys.configured_endpoint().key is None
    assert keys.needs_key()


def test_a_variable_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """And it is in nobody's way who does not use it."""
    monkeypatch.setenv("SILICONFLOW_BASE_URL", "foo")
    monkeypatch.setitem(config.settings, "base_url", "http://127.0.0.1:1/v1")
    assert "http://127.0.0.1:1/v1" == keys.configured_endpoint().base_url
    monkeypatch.delitem(config.settings, "base_url")
    with pytest.raises(ConfigurationError, match="SILICONFLOW_BASE_URL: The base URL is 'foo'"):
        keys.configured_endpoint()
    monkeypatch.delenv("SILICONFLOW_BASE_URL")
    monkeypatch.setenv("SILICONFLOW_API_KEY", "sk-marked key")
    with pytest.raises(ConfigurationError, match=r"SILICONFLOW_API_KEY: .* a space") as caught:
        keys.configured_endpoint()
    assert "marked" not in str(caught.value)
    assert keys.configured_address().key is None


def test_a_forgotten_key_is_gone() -> None:
    """From the file too."""
    keys.remember(Endpoint(CN, "sk-saved"))
    path = keys.save(Endpoint(CN, "sk-saved"))
    assert keys.forget(Endpoint(CN))
    assert "sk-saved" not in path.read_text()
    assert keys.with_key(Endpoint(CN)).key is None


def test_a_damaged_file_is_told() -> None:
    """The message names the file."""
    keys.path().parent.mkdir(parents=True)
    keys.path().write_text("{")
    with pytest.raises(ConfigurationError, match=r"keys\.json"):
        keys.with_key(Endpoint(CN))
    keys.path().unlink()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """The message says what to do instead."""
    (tmp_path / "config").write_text("not a folder")
    with pytest.raises(ConfigurationError, match="Set SILICONFLOW_API_KEY"):
        keys.save(Endpoint(CN, "sk-saved"))
    (tmp_path / "config").unlink()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.test/v1", "https://a.test/v2", True),
        ("https://a.test/v1", "https://A.test:443/v1", True),
        ("https://a.test/v1", "https://a.test:444/v1", False),
        ("https://a.test/v1", "https://b.test/v1", False),
        ("http://127.0.0.1:80/v1", "http://127.0.0.1/v1", True),
        ("http://a.test/v1", "https://a.test/v1", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(one: str, other: str, same: bool) -> None:
    """Whatever the path, and whether or not the usual port is written out."""
    assert same == (Endpoint(one).origin == Endpoint(other).origin)


@pytest.mark.parametrize(("here", "there"), [(CN, COM), (COM, CN), ("https://a.test/v1", None)])
def test_siliconflow_has_another_region(here: str, there: str | None) -> None:
    """And no other server has."""
    other = Endpoint(here, "sk-a").other_region()
    assert there == (other.base_url if other else None)
    assert other is None or other.key == "sk-a"


@pytest.mark.parametrize(
    ("base_url", "variable", "key"),
    [
        pytest.param(None, None, KEY, id="default"),
        pytest.param("https://api.siliconflow.com/v1", None, KEY, id="other-region"),
        pytest.param("https://api.ap.siliconflow.com/v1", ELSEWHERE, KEY, id="siliconflow-though-the-variable-differs"),
        pytest.param(None, ELSEWHERE, KEY, id="host-of-the-variable"),
        pytest.param(f"{ELSEWHERE}/beta", ELSEWHERE, KEY, id="same-host-by-setting"),
        pytest.param(ELSEWHERE, None, None, id="other-host"),
        pytest.param(ELSEWHERE, HERE, None, id="other-than-the-variable"),
        pytest.param("https://llm.example.org:8443/v1", ELSEWHERE, None, id="other-port"),
        pytest.param("https://siliconflow.cn.example.org/v1", None, None, id="look-alike-ending"),
        pytest.param("https://mysiliconflow.cn/v1", None, None, id="look-alike-beginning"),
        pytest.param("https://API.SiliconFlow.CN/v1", None, KEY, id="capitals"),
        pytest.param("http://127.0.0.1:9/v1", HERE, None, id="other-port-of-this-machine"),
    ],
)
def test_a_key_of_the_environment_belongs_to_a_host(
    monkeypatch: pytest.MonkeyPatch, base_url: str | None, variable: str | None, key: str | None
) -> None:
    """It goes to SiliconFlow and to the host of SILICONFLOW_BASE_URL, nowhere else."""
    for name, value in {"SILICONFLOW_API_KEY": f" {KEY}\n", "OPENAI_API_KEY": "sk-openai"}.items():
        monkeypatch.setenv(name, value)
    if variable:
        monkeypatch.setenv("SILICONFLOW_BASE_URL", variable)
    monkeypatch.setitem(config.settings, "base_url", base_url)
    endpoint = keys.configured_endpoint()
    assert (key, base_url or variable or BASE_URL) == (endpoint.key, endpoint.base_url)


def test_a_key_does_not_go_to_the_same_host_without_encryption(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another scheme is another server."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", KEY)
    monkeypatch.setenv("SILICONFLOW_BASE_URL", ELSEWHERE)
    assert keys.with_key(Endpoint(ELSEWHERE.replace("https", "http"))).key is None
