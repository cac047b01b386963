"""Ways in which models wrap and break JSON, and what a user wants of each: the value, or the named error.

What is wanted was decided from the answer alone, before it was run.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sfstream.errors import AmbiguousJson, NotJson, SchemaMismatch, ValueProblem

PEN = {"name": "pen", "price": 2.5}
INK = {"name": "ink", "price": 9.0}
_PEN, _INK = '{"name": "pen", "price": 2.5}', '{"name": "ink", "price": 9.0}'
_PRETTY = '{\n  "name": "pen",\n  "price": 2.5\n}'

ITEM = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "price": {"type": "number"}},
    "required": ["name", "price"],
    "additionalProperties": False,
}
ITEMS = {"type": "array", "items": ITEM}


class Wrapping(NamedTuple):
    """An answer.

    Attributes:
        name: what is peculiar about it.
        text: the content.
        expected: the value, or the class of the error.
        schema: what was asked for; None for any JSON.
        status: how the answer ended.
    """

    name: str
    text: str
    expected: Any
    schema: Any = ITEM
    status: str = "complete"


def _fenced(body: str, language: str = "json", fence: str = "```") -> str:
    return f"{fence}{language}\n{body}\n{fence}"


PLAIN = (
    Wrapping("bare", _PEN, PEN),
    Wrapping("pretty", _PRETTY, PEN),
    Wrapping("white space around", f"\n\n  {_PEN}\n", PEN),
    Wrapping("byte order mark", f"\ufeff{_PEN}", PEN),
    Wrapping("bare list", f"[{_PEN}, {_INK}]", [PEN, INK], ITEMS),
    Wrapping("wrapped list", f'{{"items": [{_PEN}, {_INK}]}}', [PEN, INK], ITEMS),
    Wrapping("empty list", "[]", [], ITEMS),
    Wrapping(
        "string with braces and fences",
        '{"code": "```json\\n{\\"a\\": 1}\\n```"}',
        {"code": '```json\n{"a": 1}\n```'},
        None,
    ),
    Wrapping("string with a tag", '{"html": "<think>x</think>"}', {"html": "<think>x</think>"}, None),
    Wrapping("number", "42", 42, None),
    Wrapping("null", "null", None, None),
    Wrapping("escapes and Chinese", '{"name": "钢笔 \\u58a8", "price": 3}', {"name": "钢笔 墨", "price": 3}),
)
FENCES = (
    Wrapping("fence", _fenced(_PRETTY), PEN),
    Wrapping("fence without language", _fenced(_PEN, ""), PEN),
    Wrapping("fence in capitals", _fenced(_PEN, "JSON"), PEN),
    Wrapping("tildes", _fenced(_PEN, "json", "~~~"), PEN),
    Wrapping("four backticks", _fenced(_PEN, "json", "````"), PEN),
    Wrapping("fence in one line", f"```json {_PEN} ```", PEN),
    Wrapping("fence that closes on the last line of the JSON", f"```json\n{_PEN}```", PEN),
    Wrapping("fence that is never closed", f"```json\n{_PEN}\n", PEN),
    Wrapping("fence that is never opened", f"{_PEN}\n```", PEN),
    Wrapping("indented fence", f"  ```json\n  {_PEN}\n  ```", PEN),
    Wrapping("fence with CR LF", f"```json\r\n{_PEN}\r\n```\r\n", PEN),
    Wrapping("fence with a wrong language", _fenced(_PEN, "python"), PEN),
    Wrapping("fence around a list", _fenced(f"[{_PEN}]"), [PEN], ITEMS),
    Wrapping("fence around a number", _fenced("42"), 42, None),
    Wrapping("sentences and a fence", f"Here it is:\n\n{_fenced(_PRETTY)}\n\nAnything else?", PEN),
    Wrapping("code block of Python beside the JSON", f"{_fenced('print({1: [2]})', 'python')}\n\n{_fenced(_PEN)}", PEN),
    Wrapping(
        "example in a sentence before the fence", f'I use the form {{"name": "x", "price": 1}}:\n{_fenced(_PEN)}', PEN
    ),
    Wrapping("the same block twice", f"{_fenced(_PEN)}\nAgain:\n{_fenced(_PRETTY)}", PEN),
    Wrapping("two blocks that differ", f"{_fenced(_PEN)}\nCorrected:\n{_fenced(_INK)}", AmbiguousJson),
    Wrapping("bare JSON, then a block that differs", f"{_PEN}\n\nExample:\n{_fenced(_INK)}", AmbiguousJson),
    Wrapping("broken block, then a good one", f"{_fenced('[1, 2,]')}\nCorrected:\n{_fenced(_PEN)}", AmbiguousJson),
    Wrapping("empty block", _fenced(""), NotJson),
)
TAGS = (
    Wrapping("think", f"<think>They want JSON.</think>{_PEN}", PEN),
    Wrapping("think with a draft", f"<think>\nPerhaps {_INK}\n</think>\n\n{_PEN}", PEN),
    Wrapping("think with a fenced draft", f"<think>\n{_fenced(_INK)}\n</think>\n{_fenced(_PEN)}", PEN),
    Wrapping("think without its beginning", f"Perhaps {_INK}\n</think>\n\n{_PEN}", PEN),
    Wrapping("think without its end", f"<think>Perhaps {_INK}", NotJson),
    Wrapping("thinking, in capitals", f"<Thinking>Hm.</Thinking>\n{_PEN}", PEN),
    Wrapping("another tag around it", f"<answer>{_PEN}</answer>", PEN),
)
PROSE = (
    Wrapping("sentence before", f"Here is the JSON: {_PEN}", PEN),
    Wrapping("sentence after", f"{_PEN}\n\nI hope this helps!", PEN),
    Wrapping("Chinese around", f"以下是结果：\n{_PRETTY}\n希望对你有帮助。", PEN),
    Wrapping("brackets in a sentence", f"The item [see below] of {{name}}: {_PEN}", PEN),
    Wrapping("a word before", f"json\n{_PEN}", PEN),
    Wrapping("list with a sentence before", f"Sure: [{_PEN}]", [PEN], ITEMS),
    Wrapping("two objects", f"{_PEN}\n{_INK}", AmbiguousJson),
    Wrapping("two objects for a list", f"{_PEN}\n{_INK}", AmbiguousJson, ITEMS),
    Wrapping("the same object twice", f"{_PEN}\nThat is: {_PEN}", PEN),
    Wrapping("footnote that is a list", f"As the catalogue says [1]: {_PEN}", PEN),
    Wrapping("example in a sentence", 'JSON is a format; {"a": 1} is an example.', NotJson, None),
    Wrapping("example in code", 'Use `{"a": 1}` for that.', NotJson, None),
    Wrapping("code", f"`{_PEN}`", PEN),
    Wrapping("quoted", f"> {_PEN}", PEN),
    Wrapping("bold heading before", f"**Result:** {_PEN}", PEN),
    Wrapping("explanation with a frame of a stream", _fenced(f"data: {_PEN}", ""), NotJson),
    Wrapping(
        "code and what it prints",
        f"{_fenced('print(x)', 'python')}\nIt prints:\n{_fenced('[2, 3]', '')}",
        AmbiguousJson,
        None,
    ),
    Wrapping("no JSON at all", "I am sorry, but I cannot help with that.", NotJson),
    Wrapping("nothing", "", NotJson),
)
BROKEN = (
    Wrapping("trailing comma in an object", '{"name": "pen", "price": 2.5,}', NotJson),
    Wrapping("trailing comma in a list of objects", f"[{_PEN}, {_INK},]", NotJson, ITEMS),
    Wrapping("single quotes with a list inside", "{'name': 'pen', 'tags': [1, 2]}", NotJson, None),
    Wrapping("keys without quotes", "{name: [1, 2]}", NotJson, None),
    Wrapping("comment", '{\n  // the item\n  "name": "pen", "tags": [1]\n}', NotJson, None),
    Wrapping("Python's words", '{"name": None, "tags": [1]}', NotJson, None),
    Wrapping("NaN", '{"name": "pen", "price": NaN}', NotJson),
    Wrapping("Infinity", "[1, -Infinity]", NotJson, None),
    Wrapping("number that only infinity could stand for", '{"name": "pen", "price": 1e999}', NotJson),
    Wrapping("key twice", '{"name": "pen", "price": 2.5, "price": 3}', NotJson),
    Wrapping("dots for what is left out", f"[{_PEN}, ...]", NotJson, ITEMS),
    Wrapping("line break in a string", '{"name": "a\nb", "price": 1}', NotJson),
    Wrapping("a bracket too many", f"{_PEN}}}", NotJson),
    Wrapping("a bracket too early", '{"name": "pen"}, "price": 2.5}', NotJson),
    Wrapping("outer brackets missing", '"name": "pen", "tags": ["a", "b"]', NotJson, None),
    Wrapping("quotes escaped", '{\\"name\\": \\"pen\\"}', NotJson),
    Wrapping("curly quotes", "{“name”: “pen”, “tags”: [1]}", NotJson, None),
    Wrapping("nested too deeply", "[" * 5000 + "]" * 5000, NotJson, None),
    Wrapping(
        "whole number of many digits",
        '{"n": 123456789012345678901234567890}',
        {"n": 123456789012345678901234567890},
        None,
    ),
)
CUT = (
    Wrapping("cut in a string", '{"name": "pe', NotJson, status="length"),
    Wrapping("cut in a list", f"[{_PEN}, {_INK[:9]}", NotJson, ITEMS, "length"),
    Wrapping("cut in a block", f"```json\n[{_PEN},", NotJson, ITEMS, "length"),
    Wrapping("cut after a sentence", "Here is the JSON:", NotJson, status="length"),
    Wrapping("cut in a number", "12", NotJson, None, "length"),
    Wrapping("cut after the JSON", f"{_PEN}\n\nThis is the", PEN, status="length"),
    Wrapping("cut without the status", f"[{_PEN}, {_INK[:9]}", NotJson, ITEMS),
    Wrapping("cut in the thoughts", f"<think>Perhaps {_INK} or", NotJson, status="length"),
)
IGNORED = (
    Wrapping("key missing", '{"name": "pen"}', SchemaMismatch),
    Wrapping("other names", '{"item": "pen", "cost": 2.5}', SchemaMismatch),
    Wrapping("number as a text", '{"name": "pen", "price": "2.50 €"}', SchemaMismatch),
    Wrapping("list in place of an object", f"[{_PEN}]", SchemaMismatch),
    Wrapping("object in place of a list", _PEN, SchemaMismatch, ITEMS),
    Wrapping("list under another name", f'{{"products": [{_PEN}]}}', SchemaMismatch, ITEMS),
    Wrapping("JSON in a string", '"{\\"name\\": \\"pen\\", \\"price\\": 2.5}"', SchemaMismatch),
    Wrapping("the schema itself", '{"type": "object", "properties": {"name": {"type": "string"}}}', SchemaMismatch),
    Wrapping("an error of the model's", '{"error": "I cannot do that."}', SchemaMismatch),
)

WRAPPINGS = (*PLAIN, *FENCES, *TAGS, *PROSE, *BROKEN, *CUT, *IGNORED)


def is_error(expected: Any) -> bool:
    """Return whether an error is expected."""
    return isinstance(expected, type) and issubclass(expected, ValueProblem)
