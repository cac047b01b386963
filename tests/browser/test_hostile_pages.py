"""Hostile recordings as pages of ``save("answer.html")``, opened from files without a network, and played."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from sfstream.display.player_page import player_page
from sfstream.log.entries import reply_of
from sfstream.wire.inspect import traced
from tests.hostile.corpus import Payload, payloads
from tests.hostile.leak import LeakServer
from tests.hostile.recordings import recording
from tests.hostile.witness import Witness, browser, witness
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

COUNT = 300
"""How many of the hostile answers, evenly spread; two in each recording."""
AT_ONCE = 50
"""Pages that are open beside each other, in frames, all of them in sight: a browser draws no others."""
_FRAME = '<iframe src="{name}" style="width:150px;height:110px;border:0"></iframe>'
_PLAY = """window.settled = (async () => {
  const until = async (found) => { while (!found()) await new Promise((done) => setTimeout(done, 20)); };
  const find = (selector) => document.querySelector(selector);
  await new Promise((done) => addEventListener("load", done));
  if (!find(".sfstream-recording")) return;
  await until(() => find(".sfstream-player"));
  const speed = find('.sfstream-player select:has([value="0.25"])');
  speed.value = "Infinity";
  speed.dispatchEvent(new Event("change"));
  const passed = [];
  find(".sfstream-player").addEventListener("sfstream-frame", ({ detail }) => passed.push(detail.frame));
  find(".sfstream-play").click();
  await until(() => passed.at(-1) === Number(find(".sfstream-scrubber").max));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const count = passed.length;
  witness.touchAll();
  await until(witness.isQuiet);
  return count;
})();"""
"""Plays the recording of a page to its end, clicks everything, and gives the number of frames that were passed. It is
in the page from its beginning, since the policy of the page forbids what Playwright evaluates again and again."""


@pytest.fixture(scope="module")
def leak() -> Iterator[LeakServer]:
    """Where it is seen if anything leaks."""
    with LeakServer() as server:
        yield server


@pytest.fixture(scope="module")
def context(leak: LeakServer) -> Iterator[BrowserContext]:
    """A browser whose network is cut off; what it asks for is noted all the same."""
    with browser(leak) as made:
        made.set_offline(True)
        yield made


@pytest.fixture
def seen(context: BrowserContext, leak: LeakServer) -> Iterator[Witness]:
    """A new page that is watched."""
    with witness(context, leak) as made:
        made.page.add_init_script(_PLAY)
        yield made


def beside_each_other(folder: Path, names: Sequence[str]) -> str:
    """The address of a page with these pages in it."""
    (folder / "all.html").write_text("<!DOCTYPE html>" + "".join(_FRAME.format(name=name) for name in names))
    return (folder / "all.html").as_uri()


def trouble(seen: Witness) -> dict[str, object]:
    """Whatever was noticed that should not have been."""
    noted = {"scripts": seen.scripts, "requests": seen.requests, "opened": seen.opened}
    return {name: found for name, found in noted.items() if found}


def save(folder: Path, one: Payload, other: Payload) -> str:
    """Save the page of a recording with two hostile answers, and return its name. Half of them end with an error."""
    made = recording(one.text, other.text, is_refused=one.number % 2 == 1)
    reply_of(made).save(folder / f"{one.number}.html")
    return f"{one.number}.html"


def test_nothing_runs_and_nothing_is_fetched(tmp_path: Path, seen: Witness, leak: LeakServer) -> None:
    """While it is played to its end with all panes open, and clicked everywhere."""
    every = payloads(leak.host)
    chosen = [every[number * len(every) // COUNT] for number in range(COUNT)]
    names = [save(tmp_path, one, other) for one, other in zip(chosen[::2], chosen[1::2], strict=True)]
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        seen.go(beside_each_other(tmp_path, some))
        frames = seen.page.main_frame.child_frames
        assert len(some) == len(frames)
        assert all(frame.evaluate("settled") >= 6 for frame in frames)
        seen.wait()
        assert {} == trouble(seen)


@pytest.mark.parametrize("has_policy", [True, False])
def test_the_policy_stops_what_the_sanitiser_would_miss(tmp_path: Path, seen: Witness, has_policy: bool) -> None:
    """Raw in the page, such texts run scripts, unless the policy of the page stands before them."""
    page = player_page(traced(reply_of(recording("Hello", "you", is_refused=False))))
    head, tag, rest = page.partition('<div class="sfstream-recording')
    head = head if has_policy else head.replace("Content-Security-Policy", "Nothing")
    some = [payload for payload in payloads(seen.leak.host) if payload.name.startswith(("scripts", "handlers"))][::3]
    for payload in some:
        (tmp_path / f"{payload.number}.html").write_text(f"{head}<div>{payload.text}</div>{tag}{rest}")
    seen.go(beside_each_other(tmp_path, [f"{payload.number}.html" for payload in some]))
    if has_policy:
        assert all(frame.evaluate("settled") for frame in seen.page.main_frame.child_frames)
        assert set() == seen.scripts
    else:
        until(lambda: seen.page.title() is not None and len(seen.scripts) > 5)  # asking the page lets it be heard
