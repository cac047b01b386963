"""The form in which JSON is asked for: the instruction, closed objects, and an object as the root. No I/O.

The latter two are rules of OpenAI's strict mode (https://platform.openai.com/docs/guides/structured-outputs); other
servers do not mind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

INSTRUCTION = "Answer with JSON only, without any other text."
"""The sentence that is added to a prompt where the server alone does not make the model write JSON."""


def instruction(schema: Mapping[str, Any] | None) -> str:
    """Return what is added to a prompt: the sentence, and the schema if there is one."""
    if schema is None:
        return INSTRUCTION
    return f"{INSTRUCTION} It must match this JSON schema:\n{json.dumps(schema, ensure_ascii=False)}"


def is_strict(node: Any) -> bool:
    """Return whether a JSON schema keeps the rules of OpenAI's strict mode: each object is closed and complete."""
    if not isinstance(node, Mapping):
        return node is not True
    properties = node.get("properties", {})
    is_object = node.get("type") == "object" or properties
    is_closed = node.get("additionalProperties") is False and {*node.get("required", ())} == {*properties}
    return (is_closed or not is_object) and all(map(is_strict, _inside(node)))


def _inside(node: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the schemas directly inside a schema."""
    for name in ("properties", "$defs", "definitions"):
        yield from node.get(name, {}).values()
    for name in ("anyOf", "oneOf", "allOf", "prefixItems"):
        yield from node.get(name, ())
    if isinstance(node.get("items"), Mapping):
        yield node["items"]


def closed(node: dict[str, Any]) -> dict[str, Any]:
    """Close the objects of a type's schema in place: the model has to give each property, and no other.

    A default would be an invitation to leave a property out, and the strict mode refuses it.
    """
    if properties := node.get("properties"):
        node.setdefault("additionalProperties", False)
        node["required"] = [*properties]
    node.pop("default", None)
    for inner in _inside(node):
        if isinstance(inner, dict):
            closed(inner)
    return node


def definitions(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a schema to which its references refer."""
    return {name: schema[name] for name in ("$defs", "definitions") if name in schema}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema whose root is no reference, as it is for a type that contains itself."""
    reference = re.fullmatch(r"#/\$defs/(.+)", schema.get("$ref", ""))
    return {**schema["$defs"][reference[1]], **definitions(schema)} if reference else schema


def wrapping_key(schema: dict[str, Any]) -> str:
    """Return the name of the property that wraps a value of this schema; empty if it is an object itself."""
    root = resolved(schema)
    if root.get("type") == "object" or "properties" in root:
        return ""
    return "items" if root.get("type") == "array" else "value"


def wrapped(key: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of an object with one property, which has this schema."""
    shared = definitions(schema)
    inner = {name: value for name, value in schema.items() if name not in shared}
    return {
        "type": "object",
        "properties": {key: inner},
        "required": [key],
        "additionalProperties": False,
        **shared,
    }
