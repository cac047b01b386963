"""Calls that go wrong, one for each of many errors that a notebook meets: over loopback servers, or before anything is
sent."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

import sfstream
from sfstream import StreamView
from tests.display.provoking import (
    SECRET,
    SERVER,
    Wrong,
    answered,
    asking,
    breaking,
    chat,
    demo,
    demo_key,
    failing_iterator,
    listing,
    refused,
    stalled,
    with_variable,
    written,
)
from tests.fake_transport import DONE, frame, word
from tests.wire.failing import at, at_once, served, with_tls


class Item(BaseModel):
    name: str
    price: float


NO_VIEW: Any = 1
KEYWORDS = "$ref, allOf, anyOf, const, enum, items, not, oneOf, prefixItems, properties, type"
REASON = json.dumps({"error": {"message": SERVER}})
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (20000).to_bytes(4, "big") * 2

WRONG = {
    # Values
    "temperature": Wrong(lambda: chat(temperature=7), "ConfigurationError"),
    "temperature of a wrong type": Wrong(lambda: chat(temperature="hot"), "ConfigurationError", ("'hot'",)),
    "top_k": Wrong(lambda: chat(top_k=1000), "ConfigurationError"),
    "max_tokens": Wrong(lambda: chat(max_tokens=0), "ConfigurationError"),
    "think": Wrong(lambda: chat(think="yes"), "ConfigurationError", ("'yes'",)),
    "effort": Wrong(lambda: chat(effort=3), "ConfigurationError", ("'high'",)),
    "stop": Wrong(lambda: chat(stop=list("abcde")), "ConfigurationError"),
    "stop of a wrong type": Wrong(lambda: chat(stop=[1]), "ConfigurationError"),
    "params": Wrong(lambda: chat(params=[1]), "ConfigurationError"),
    "params and a keyword": Wrong(lambda: chat(temperature=1, params={"temperature": 1}), "ConfigurationError"),
    "params: n": Wrong(lambda: chat(params={"n": 2}), "ConfigurationError"),
    "params: response_format": Wrong(lambda: chat(params={"response_format": 1}), "ConfigurationError"),
    "params: tools": Wrong(lambda: chat(params={"tools": 1}), "ConfigurationError"),
    "params: tool_choice": Wrong(lambda: chat(params={"tool_choice": 1}), "ConfigurationError", ("'auto'",)),
    "params: messages": Wrong(lambda: chat(params={"messages": []}), "ConfigurationError"),
    "params: not JSON": Wrong(
        lambda: chat(params={"x": {1, 2}}), "ConfigurationError", ("Object of type set is not JSON serializable",)
    ),
    "half of a character": Wrong(lambda: chat("\ud83d"), "ConfigurationError"),
    "model": Wrong(lambda: chat(model=" "), "ConfigurationError"),
    "via": Wrong(lambda: chat(via="telnet"), "ConfigurationError", ("'telnet'",)),
    "display": Wrong(lambda: sfstream.chat("Hello", display="big"), "ConfigurationError", ("'big'",)),
    "display and into": Wrong(lambda: sfstream.chat("Hello", display="off", into=StreamView()), "ConfigurationError"),
    "into": Wrong(lambda: sfstream.chat("Hello", into=NO_VIEW), "ConfigurationError"),
    "prompt": Wrong(lambda: chat(""), "ConfigurationError"),
    "prompt of a wrong type": Wrong(lambda: chat(7), "ConfigurationError"),
    "message": Wrong(lambda: chat([{"content": "Hello"}]), "ConfigurationError", ("Hello",)),
    "format": Wrong(lambda: chat(format="xml"), "ConfigurationError", ("'xml'",)),
    "format and schema": Wrong(lambda: chat(format="code", schema=Item), "ConfigurationError", ("'code'",)),
    "json_mode": Wrong(lambda: chat(json_mode="json_object"), "ConfigurationError"),
    "json_mode without a schema": Wrong(demo("chat", format="json", json_mode="json_schema"), "ConfigurationError"),
    "schema": Wrong(lambda: chat(schema=3), "ConfigurationError"),
    "schema without keywords": Wrong(lambda: chat(schema={"name": "str"}), "ConfigurationError", (KEYWORDS,)),
    "response_format and schema": Wrong(
        demo("chat", schema=Item, params={"response_format": {}}), "ConfigurationError"
    ),
    "speed": Wrong(lambda: chat(replay=written("a.jsonl", ""), speed="warp"), "RecordingError"),
    "speed without replay": Wrong(lambda: chat(speed=2), "ConfigurationError"),
    "record": Wrong(lambda: chat(record=""), "ConfigurationError"),
    "after": Wrong(lambda: chat(after="that"), "ConfigurationError", ("'that'",)),
    "after and conversation": Wrong(lambda: chat(after=1, conversation="a"), "ConfigurationError"),
    "conversation": Wrong(lambda: sfstream.conversations["plan"], "UnknownConversation", ("'plan'",)),
    "turn": Wrong(lambda: sfstream.conversations.begin("plan").drop(3), "ConfigurationError", ("'plan'",)),
    "reuse": Wrong(lambda: chat(reuse=3), "ConfigurationError"),
    "show": Wrong(lambda: sfstream.show("text", display="off"), "ConfigurationError"),
    "show a number": Wrong(lambda: sfstream.show(3, display="off"), "ConfigurationError"),
    # Files and images
    "missing recording": Wrong(lambda: chat(replay="nothing.jsonl"), "RecordingError"),
    "no recording": Wrong(lambda: chat(replay=written("a.jsonl", "Hello\n")), "RecordingError"),
    "missing image": Wrong(lambda: chat(attach="nothing.png"), "ConfigurationError"),
    "no image": Wrong(lambda: chat(attach=written("a.png", "Hello")), "ConfigurationError"),
    "large image": Wrong(lambda: chat(attach=written("a.png", PNG)), "ConfigurationError"),
    "attached type": Wrong(lambda: chat(attach=object()), "ConfigurationError", ("'object'", "object")),
    "data URL": Wrong(lambda: chat(attach="data:text"), "ConfigurationError"),
    # Keys and addresses
    "no key": Wrong(with_variable("SILICONFLOW_BASE_URL", "https://api.siliconflow.cn/v1", chat), "NoKey"),
    "key with a space": Wrong(with_variable("SILICONFLOW_API_KEY", "sk-abc def", demo_key), "ConfigurationError"),
    "key in the request": Wrong(
        with_variable("SILICONFLOW_API_KEY", SECRET, lambda: chat(SECRET)), "ConfigurationError"
    ),
    "base URL": Wrong(with_variable("SILICONFLOW_BASE_URL", "example.org", chat), "ConfigurationError"),
    "base URL with a password": Wrong(
        with_variable("SILICONFLOW_BASE_URL", "https://a:b@c", chat), "ConfigurationError"
    ),
    "base URL too long": Wrong(
        with_variable("SILICONFLOW_BASE_URL", "https://a.org/v1/chat/completions", chat), "ConfigurationError"
    ),
    # Connections
    "not found": Wrong(asking(lambda: at("http://nowhere.invalid/v1")), "ConnectionFailed"),
    "unreachable": Wrong(asking(lambda: at("http://127.0.0.1:9/v1")), "ConnectionFailed"),
    "unreachable with curl": Wrong(asking(lambda: at("http://127.0.0.1:9/v1"), via="curl"), "ConnectionFailed"),
    "closed": Wrong(asking(served(at_once())), "ConnectionFailed"),
    "not HTTP": Wrong(asking(served(at_once(b"SSH-2.0-OpenSSH\r\n")), via="requests"), "ConnectionFailed"),
    "not encrypted": Wrong(asking(served(at_once(b"HTTP/1.1 400\r\n\r\n"), "https")), "ConnectionFailed"),
    "not trusted": Wrong(asking(served(with_tls(at_once()), "https", "localhost")), "NotTrusted"),
    "silent": Wrong(stalled("stall-before-headers"), "StreamStalled"),
    # Refusals
    **{
        f"HTTP {status}": Wrong(refused(status, REASON), error, (SERVER,))
        for status, error in {
            400: "RequestRefused",
            401: "KeyRefused",
            402: "BalanceTooLow",
            403: "AccessDenied",
            404: "NotFound",
            408: "ServerBusy",
            413: "TooLarge",
            422: "RequestRefused",
            429: "RateLimited",
            451: "RequestRefused",
            500: "ServerBusy",
            503: "ServerBusy",
        }.items()
    },
    "no reason": Wrong(refused(400, ""), "RequestRefused"),
    "a page of HTML": Wrong(refused(502, f"<html><title>{SERVER}</title></html>"), "ServerBusy", (SERVER,)),
    "a long reason": Wrong(refused(400, "word " * 300), "RequestRefused", ("word",)),
    "a reason of several lines": Wrong(refused(400, f"{SERVER}\n  {SERVER}"), "RequestRefused", (SERVER,)),
    "a field": Wrong(
        refused(
            400,
            json.dumps({"error": {"message": "Unknown parameter: top_k", "param": "top_k"}}),
            top_k=3,
            temperature=1,
        ),
        "RequestRefused",
        ("Unknown parameter: top_k",),
    ),
    "no model": Wrong(refused(404, json.dumps({"code": 20012, "message": SERVER})), "NotFound", (SERVER,)),
    "no images": Wrong(refused(400, json.dumps({"code": 20041, "message": SERVER})), "RequestRefused", (SERVER,)),
    "a redirect": Wrong(demo("redirect"), "RequestRefused"),
    "a limit per hour": Wrong(refused(429, "RPH limit reached"), "RateLimited", ("RPH limit reached",)),
    "the context": Wrong(
        refused(400, json.dumps({"error": {"message": "prompt is too long"}})), "TooLarge", ("prompt is too long",)
    ),
    # Streams
    "cut": Wrong(demo("cut-after-2"), "StreamCut"),
    "cut at once": Wrong(demo("cut-after-0"), "StreamCut"),
    "cut hard": Wrong(demo("cut-hard-after-2"), "StreamCut"),
    "reset": Wrong(demo("reset-after-2", via="requests"), "StreamCut"),
    "stalled": Wrong(stalled("stall-after-2"), "StreamStalled"),
    "aborted": Wrong(refused(200, (word("Hi", "network_error") + DONE).decode()), "StreamCut"),
    "an error in the stream": Wrong(
        refused(200, (word("Hi") + frame({"error": {"message": SERVER}})).decode()), "RequestRefused", (SERVER,)
    ),
    "nothing": Wrong(demo("nothing"), "MalformedStream"),
    "HTML": Wrong(refused(200, f"<p>{SERVER}</p>"), "MalformedStream", (f"<p>{SERVER}</p>", "text/event-stream")),
    "not streamed": Wrong(demo("plain"), "MalformedStream"),
    "another API": Wrong(refused(200, (frame({"type": "message_start", "message": {}})).decode()), "MalformedStream"),
    "not understood": Wrong(refused(200, frame({"answer": "Hello"}).decode()), "MalformedStream"),
    "shown pieces": Wrong(lambda: sfstream.show(iter(["Hi", 3]), display="off"), "MalformedStream"),
    "shown iterator": Wrong(
        lambda: sfstream.show(failing_iterator(), display="off"), "SfStreamError", (f"ValueError: {SERVER}",)
    ),
    # JSON
    "no JSON": Wrong(answered("I would rather not.", format="json"), "NotJson", ("'I would rather not.'",)),
    "broken JSON": Wrong(answered('{"a": 1,}', format="json"), "NotJson"),
    "empty": Wrong(answered("", format="json"), "NotJson"),
    "cut JSON": Wrong(answered('[{"name": "pen"', "length", schema=list[Item]), "NotJson"),
    "filtered JSON": Wrong(answered('[{"name": "pen"', "content_filter", schema=list[Item]), "NotJson"),
    "several JSON texts": Wrong(answered('{"a": 1}\n\n{"a": 2}', format="json"), "AmbiguousJson"),
    "schema mismatch": Wrong(answered('{"name": 3}', schema=Item), "SchemaMismatch", ("name", "price")),
    "JSON schema mismatch": Wrong(
        answered('{"n": "x"}', schema={"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["m"]}),
        "SchemaMismatch",
    ),
    # The list of models
    "models": Wrong(listing("http://127.0.0.1:9/v1"), "ConnectionFailed"),
    # Programming errors
    "a broken transport": Wrong(breaking, "UnexpectedError", ("KeyError", SERVER)),
}
"""The calls, by what is wrong."""
