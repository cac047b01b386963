"""Error responses in the shapes of many servers, and the words of them that are shown."""

from __future__ import annotations

import json

from tests.wire.refusal_bodies import error, extra_input, html_page

REASONS: dict[str, tuple[int, object, tuple[str, ...]]] = {
    "openrouter": (
        400,
        error(
            "Provider returned error",
            code=400,
            metadata={"raw": '{"error":{"message":"at most 1 image","code":"x"}}', "provider_name": "Crucible"},
        ),
        ("Provider returned error", "at most 1 image", "Crucible"),
    ),
    "openrouter-text": (
        400,
        error("Provider returned error", metadata={"raw": "upstream says no", "provider_name": "BaseTen"}),
        ("upstream says no", "BaseTen"),
    ),
    "openrouter-object": (
        400,
        error("Provider returned error", metadata={"raw": {"detail": "no\n  way"}}),
        ("no\n  way",),
    ),
    "openrouter-page": (502, error("Provider returned error", metadata={"raw": html_page("Bad luck")}), ("Bad luck",)),
    "openrouter-flagged": (403, error("Flagged", metadata={"reasons": ["violence", "hate"]}), ("violence; hate",)),
    "msg": (400, {"code": 1001, "msg": "Header中未收到参数"}, ("Header中未收到参数", "code 1001")),
    "errmsg": (400, {"errcode": 40001, "errmsg": "invalid credential"}, ("invalid credential", "code 40001")),
    "err_msg": (400, {"err_code": 7, "err_msg": "no luck"}, ("no luck", "code 7")),
    "errorMessage": (400, {"errorCode": "E1", "errorMessage": "no luck"}, ("no luck", "code E1")),
    "error_message": (400, {"error_code": 9, "error_message": "no luck"}, ("no luck", "code 9")),
    "Message": (400, {"Response": {"Error": {"Code": "InvalidParameter", "Message": "参数错误"}}}, ("参数错误",)),
    "detail": (400, {"detail": "no luck"}, (": no luck (",)),
    "detail-object": (400, {"detail": {"error": "inference exception"}}, (": inference exception (",)),
    "detail-list": (
        422,
        {"detail": [{"type": "missing", "loc": ["body", "messages"], "msg": "Field required"}, {"msg": "second"}]},
        ("body.messages: Field required; second",),
    ),
    "reason": (400, {"code": 3, "reason": "no luck"}, ("no luck", "code 3")),
    "title": (400, {"title": "Unprocessable", "status": 422}, ("Unprocessable",)),
    "title-and-detail": (422, {"title": "Unprocessable", "detail": "n is odd", "status": 422}, ("n is odd",)),
    "title-and-errors": (
        400,
        {"title": "Not valid.", "errors": {"Stop": ["too long", "odd"]}},
        ("Stop: too long; odd",),
    ),
    "description": (404, {"code": 404, "name": "Not Found", "description": "No such URL."}, ("No such URL.",)),
    "oauth": (400, {"error": "invalid_scope", "error_description": "no luck"}, ("no luck", "code invalid_scope")),
    "nest": (
        400,
        {"statusCode": 400, "message": ["a is odd", "b is even"], "error": "Bad Request"},
        ("a is odd; b is even",),
    ),
    "spring": (404, {"timestamp": 1, "status": 404, "error": "Not Found", "path": "/v1"}, ("Not Found",)),
    "errors": (400, {"errors": [{"message": "first", "code": 7003}, {"message": "second"}]}, ("first; second",)),
    "errors-texts": (400, {"errors": ["first", "second"]}, ("first; second",)),
    "errors-cloudflare": (
        400,
        {"success": False, "errors": [{"code": 7003, "message": "no route"}], "result": None},
        ("no route",),
    ),
    "error-list": (400, {"error": ["first", "second"]}, ("first; second",)),
    "error-in-error": (400, {"error": {"error": {"message": "inner"}}}, (": inner (",)),
    "error-true": (400, {"error": True, "message": "no luck"}, ("no luck",)),
    "json-in-message": (400, error('{"error":{"message":"inner","code":"x"}}'), (": inner (",)),
    "json-in-message-twice": (400, error(json.dumps(json.dumps({"message": "inner"}))), (": inner (",)),
    "page-in-message": (502, error(html_page("502 Bad Gateway")), ("502 Bad Gateway (a page of HTML)",)),
    "message-object": (
        422,
        {"object": "error", "message": {"detail": [extra_input("top_k")]}},
        ("body.top_k: Extra inputs",),
    ),
    "details": (
        422,
        {"error": {"message": "invalid input", "details": [extra_input("n")]}},
        ("invalid input: body.n: Extra",),
    ),
    "empty-message": (400, error("", "upstream_error", "bad_response"), ('"upstream_error"', "code bad_response")),
    "unknown-object": (
        400,
        {"object": "x", "foo": [1, {"bar": None}]},
        ('{"object": "x", "foo": [1, {"bar": null}]}',),
    ),
    "code-alone": (400, {"code": 50001}, ('{"code": 50001}',)),
    "null": (400, "null", (": null (",)),
    "number": (400, "17", (": 17 (",)),
    "page": (404, html_page("Welcome to nginx!"), ("Welcome to nginx! (a page of HTML)",)),
    "page-without-title": (
        404,
        "<html><body><h1>Nothing</h1><p>is here</p></body></html>",
        ("Nothing is here (a page",),
    ),
    "xml": (403, "<Error><Code>AccessDenied</Code><Message>No</Message></Error>", ("<Code>AccessDenied</Code>",)),
    "text": (400, "upstream connect error", ("upstream connect error",)),
    "broken-json": (500, '{"error": {"message": "half', ('{"error": {"message": "half',)),
    "python": (400, "{'error': 'no luck'}", ("{'error': 'no luck'}",)),
    "lines": (400, error("first\n  second\n\nthird"), ("(HTTP 400): first\n  second\n\nthird",)),
    "lines-of-text": (500, "Traceback:\n  in f\nValueError: no\n", ("Traceback:\n  in f\nValueError: no",)),
}
"""Bodies, and the words of them that are shown."""
