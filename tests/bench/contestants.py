"""Who is measured: two loops that people write, and sfstream through each of its transports."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sfstream.core.recording import Recording
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.run.ask import ask
from sfstream.wire.completion import CompletionDecoder
from tests.bench import server

PROMPT = "What is streaming?"
LOOP, LINES, DECODER = "openai loop", "iter_lines loop", "decoder alone"
OURS = {f"sfstream {via}": via for via in ("openai", "requests", "curl")}
"""The names of ours, and the transport of each."""


@dataclass(frozen=True)
class Said:
    """What a contestant has of an answer at its end.

    Attributes:
        tokens: of the answer.
        text: all of it, reasoning first.
        reply: of ours.
    """

    tokens: int
    text: str
    reply: Reply | None = None

    @property
    def raw(self) -> int:
        """Bytes of the recording."""
        recording = self.reply and self.reply.recording
        return len(recording.data) if isinstance(recording, Recording) else 0


Contestant: TypeAlias = Callable[[str], Said]
"""Asks the model of that name and takes its answer to the end."""


def contestant(who: str, base_url: str) -> Contestant:
    """The contestant of that name, with what it needs imported and its client made."""
    if who == LOOP:
        return _openai_loop(base_url)
    if who == LINES:
        return _lines_loop(base_url)
    return _decoded if who == DECODER else functools.partial(_ours, via=OURS[who])


def _ours(model: str, via: str) -> Said:
    """All that `sfstream.chat` does: thread, recording, decoder, Reply. The base URL is in the environment."""
    reply = ask(PROMPT, model=model, via=via, display="off")
    if reply.error:
        raise reply.error
    return Said(reply.tokens or 0, reply.reasoning + reply.content, reply)


def _decoded(model: str) -> Said:
    """The decoder and the Reply without a network, a thread or a recording."""
    decoder = CompletionDecoder("text/event-stream")
    reply = Reply(ChatRequest(model=model, messages=[{"role": "user", "content": PROMPT}]), via="none")
    for frame in server.frames(int(model.removeprefix("bench/"))):
        for event in decoder.feed(frame):
            reply.add(event, 0.0)
    for event in decoder.flush():
        reply.add(event, 0.0)
    return Said(reply.tokens or 0, reply.reasoning + reply.content, reply)


def _openai_loop(base_url: str) -> Contestant:
    """What the openai library's own documentation shows."""
    import openai

    client = openai.OpenAI(base_url=base_url, api_key="none", max_retries=0)

    def loop(model: str) -> Said:
        content, reasoning, tokens = [], [], 0
        stream = client.chat.completions.create(
            model=model, messages=[{"role": "user", "content": PROMPT}], stream=True
        )
        for chunk in stream:
            if chunk.usage:
                tokens = chunk.usage.completion_tokens
            if not chunk.choices:
                continue
            delta = chunk.choices[0].delta
            if delta.content:
                content.append(delta.content)
            if thought := getattr(delta, "reasoning_content", None):
                reasoning.append(thought)
        return Said(tokens, "".join(reasoning + content))

    return loop


def _lines_loop(base_url: str) -> Contestant:
    """What SiliconFlow's guide to streaming shows for requests."""
    import requests

    session = requests.Session()

    def loop(model: str) -> Said:
        content, reasoning, tokens = [], [], 0
        body = {"model": model, "messages": [{"role": "user", "content": PROMPT}], "stream": True}
        with session.post(f"{base_url}/chat/completions", json=body, stream=True, timeout=60) as response:
            response.raise_for_status()
            for line in response.iter_lines():
                data = line.decode("utf-8").replace("data: ", "", 1)
                if not data or data == "[DONE]":
                    continue
                frame = json.loads(data)
                tokens = frame["usage"]["completion_tokens"]
                delta = frame["choices"][0]["delta"]
                if delta.get("content"):
                    content.append(delta["content"])
                if delta.get("reasoning_content"):
                    reasoning.append(delta["reasoning_content"])
        return Said(tokens, "".join(reasoning + content))

    return loop
