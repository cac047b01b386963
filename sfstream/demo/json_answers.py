"""Answers in JSON: the prepared ones, and for any other prompt the smallest value that fits the schema.

There is no model behind them. A generated value has the form that was asked for, and says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sfstream.core.json_wire import INSTRUCTION
from sfstream.demo.answer import Answer, Call, play
from sfstream.demo.compose import Script, compose, pieces
from sfstream.demo.prepared import LISTS, bare_prompt, is_chinese
from sfstream.demo.refusals import format_of

DEEPEST = 6
"""Nesting from which on lists are empty: a type may contain itself."""
_FORMATS = {
    "date": "2026-01-01",
    "date-time": "2026-01-01T00:00:00Z",
    "time": "00:00:00Z",
    "email": "demo@example.com",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def wants_json(call: Call) -> bool:
    """Return whether JSON is asked for, by ``response_format`` or in the prompt."""
    return format_of(call) in ("json_schema", "json_object") or INSTRUCTION in call.prompt


def json_answer(call: Call) -> Answer:
    """Answer with the JSON that is asked for, and nothing else."""
    return _say(json.dumps(_value(call), ensure_ascii=False, indent=2), call)


def json_in_prose(call: Call) -> Answer:
    """Answer with JSON in a code block between sentences, whatever is asked, as models do that ignore a schema."""
    value = json.dumps(_value(call), ensure_ascii=False, indent=2)
    before, after = "Sure! Here is the JSON:", "Let me know if you need anything else."
    if is_chinese(call.prompt):
        before, after = "好的！JSON 如下：", "如果还需要什么，请告诉我。"
    return _say(f"{before}\n\n```json\n{value}\n```\n\n{after}", call)


def instance(schema: Any, root: Mapping[str, Any], name: str = "text", depth: int = 0) -> Any:
    """Return a small value that fits a JSON schema, as far as the usual keywords go.

    Args:
        schema: the schema.
        root: the schema in which its references are looked up.
        name: of the property, which is its text.
        depth: how deep it is nested.
    """
    if not isinstance(schema, Mapping):
        return name
    if isinstance(reference := schema.get("$ref"), str):
        return instance(_referred(reference, root), root, name, depth)
    if "const" in schema:
        return schema["const"]
    if choices := schema.get("enum"):
        return choices[0]
    for word in ("anyOf", "oneOf", "allOf"):
        if branches := schema.get(word):
            return instance(branches[-1 if depth > DEEPEST else 0], root, name, depth)
    kind = schema.get("type", "object" if "properties" in schema else "string")
    return _of_type(kind[0] if isinstance(kind, list) else kind, schema, root, name, depth)


def _of_type(kind: str, schema: Mapping[str, Any], root: Mapping[str, Any], name: str, depth: int) -> Any:
    if kind == "object":
        wanted = schema.get("properties", {})
        return {each: instance(inner, root, each, depth + 1) for each, inner in wanted.items()}
    if kind == "array":
        first = [instance(inner, root, name, depth + 1) for inner in schema.get("prefixItems", ())]
        count = schema.get("minItems", 0 if first or depth > DEEPEST else 1)
        return first + [instance(schema.get("items"), root, name, depth + 1) for _ in range(count - len(first))]
    if kind in ("integer", "number"):
        return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    if kind == "string":
        return _FORMATS.get(schema.get("format", ""), name.ljust(schema.get("minLength", 0), "."))
    return True if kind == "boolean" else None


def _referred(reference: str, root: Mapping[str, Any]) -> Any:
    found: Any = root
    for part in reference.removeprefix("#").split("/")[1:]:
        found = found.get(part, {}) if isinstance(found, Mapping) else {}
    return found


def _value(call: Call) -> Any:
    prompt, _, rest = call.prompt.partition(INSTRUCTION)
    schema = _schema(call, rest)
    known = {bare_prompt(each): items for each, items in LISTS.items()}.get(bare_prompt(prompt))
    if schema is None:
        note = "这个演示背后没有模型。" if is_chinese(prompt) else "No model is behind this demo."
        return known or {"prompt": prompt.strip(), "note": note}
    properties = schema.get("properties", {})
    of_item = _resolved(_resolved(properties.get("items", {}), schema).get("items", {}), schema).get("properties", {})
    if known and of_item and of_item.keys() <= known[0].keys():
        return {"items": [{name: item[name] for name in of_item} for item in known]}
    return instance(schema, schema)


def _schema(call: Call, rest: str) -> Mapping[str, Any] | None:
    """Return the schema of the ``response_format``, or the one at the end of the prompt; None if there is none."""
    asked = call.body.get("response_format")
    about = asked.get("json_schema") if isinstance(asked, Mapping) else None
    schema = about.get("schema") if isinstance(about, Mapping) else None
    if schema is None and "\n" in rest:
        try:
            schema = json.loads(rest.partition("\n")[2])
        except ValueError:
            return None
    return schema if isinstance(schema, Mapping) else None


def _resolved(schema: Any, root: Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(schema, Mapping) and isinstance(reference := schema.get("$ref"), str):
        schema = _referred(reference, root)
    return schema if isinstance(schema, Mapping) else {}


def _say(words: str, call: Call) -> Answer:
    return play(compose(call.body, Script(pieces(words))), call)
