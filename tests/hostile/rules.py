"""What may stand in an answer that is shown: every element and attribute that is not named here is a fault."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TAGS = _words(
    """
    a blockquote br button caption code del details div em h1 h2 h3 h4 h5 h6 hr img input kbd li mark ol p pre s small
    span strong sub summary sup table tbody td th thead tr u ul
    """
)
_ATTRIBUTES = {
    "": {"class", "style", "title", "dir", "lang"},
    "a": {"href", "rel", "target"},
    "details": {"open"},
    "div": {"aria-live", "aria-atomic", "role"},
    "img": {"src", "alt"},
    "input": {"type", "checked", "disabled"},
    "ol": {"start"},
    "pre": {"tabindex"},
    "td": {"align"},
    "th": {"align", "scope"},
}
"""Attributes by element; those under the empty name for all."""
_MATHML = _words(
    """
    math menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt
    mstyle msub msubsup msup mtable mtd mtext mtr munder munderover
    """
)
_MATHML_ATTRIBUTES = _words(
    """
    accent accentunder class columnalign columnlines columnspacing columnspan dir display displaystyle fence form
    height largeop linethickness lspace mathbackground mathcolor mathsize mathvariant maxsize minsize movablelimits
    notation rowalign rowlines rowspacing rowspan rspace scriptlevel separator stretchy style symmetric voffset
    width
    """
)

_OURS = {"aria-disabled", "aria-label", "data-lm-suppress-shortcuts", "hidden", "type"}
"""Attributes of what has a class of ours, which nothing of a model's can have."""

_CLASS = re.compile(r"(sfstream|language|math|tex2jax|mathjax|contains-task|task-list)[\w+#.-]*|highlight")
_HREF = re.compile(r"(https?://|mailto:)[^\s\x00-\x20\\]+", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*")
_COLOUR = r"#[0-9a-f]{3,8}|[a-z-]+|rgba?\([\d., %]+\)"
_LENGTH = r"-?[\d.]+(em|ex|px|%|pt|rem|ch)?"
_LINE = r"transparent calc\(50% - \.04em\),currentcolor calc\(50% - \.04em\) calc\(50% \+ \.04em\)"
_STRIKE = rf"linear-gradient\(to (bottom|top) right,{_LINE},transparent calc\(50% \+ \.04em\)\)"
_STYLE = re.compile(
    rf"(background|background-color|color|border(-\w+)?):({_LENGTH}|solid|dashed|double|none|{_COLOUR}|\s)+"
    rf"|(top|margin|padding|line-height|font-size|width|height|max-width|max-height|min-width)(-\w+)?:({_LENGTH}|auto|fit-content|\s)+"
    rf"|flex:[\d.]+ [\d.]+ {_LENGTH}|flex-wrap:wrap"
    r"|(display|font-style|font-weight|text-align|text-decoration|white-space|overflow(-\w+)?|cursor|opacity|"
    r"font-family|list-style(-type)?|vertical-align|word-break|justify-items|math-\w+|direction|text-transform|unicode-bidi|font-feature-settings):"
    r"[\w ,.'\"-]+"
    r"|color:color-mix\(in srgb,[a-z]+,currentcolor\)|display:var\(--text-link-decoration,inline\)"
    rf"|background:{_STRIKE}(,{_STRIKE})?"
    r"|font-size:calc\(1em - 999\*var\(--vscode-font-size,0px\)\)"
)
_HIDDEN = {"hidden": "hidden", "style": "display:var(--vscode-font-size,none)"}
"""The one element that is hidden: a formula in its form for VS Code."""

_ACTIVE = re.compile(r"<(script|style|a|svg|img|iframe)\b|[ :](on\w+|href|src|action|data-command\w*)=|url\(")
"""What MathJax must not make of a formula."""


@dataclass(frozen=True)
class Element:
    """One element of a page.

    Attributes:
        tag: its name in lower case.
        attributes: by name in lower case.
    """

    tag: str
    attributes: Mapping[str, str]

    def __str__(self) -> str:
        return f"<{' '.join([self.tag, *(f'{name}={value!r}' for name, value in self.attributes.items())])}>"


def faults(elements: Iterable[Element], rel: str = "noopener noreferrer") -> list[str]:
    """What should not be there, each once, in words.

    Args:
        rel: what links must say of themselves.
    """
    found = {f"{why} in {element}": None for element in elements for why in _faults(element, set(rel.split()))}
    return list(found)


def typeset_faults(elements: Iterable[Element]) -> list[str]:
    """The same of what MathJax has made, whose elements and attributes are its own: what runs, fetches or leads on."""
    return [f"typeset {element}" for element in elements if _ACTIVE.search(str(element))]


def _faults(element: Element, rel: set[str]) -> list[str]:
    tag, attributes = element.tag, element.attributes
    if tag not in _TAGS and tag not in _MATHML:
        return ["element"]
    allowed = _MATHML_ATTRIBUTES if tag in _MATHML else _ATTRIBUTES[""] | _ATTRIBUTES.get(tag, set())
    allowed = allowed | _OURS if attributes.get("class", "").startswith("sfstream-") else allowed
    if tag == "span" and {name: attributes[name] for name in attributes if name != "dir"} == _HIDDEN:
        return []
    return [
        *(f"attribute {name}" for name in attributes if name not in allowed),
        *(f"class {name}" for name in attributes.get("class", "").split() if not _CLASS.fullmatch(name)),
        *(f"style {part}" for part in _declarations(attributes.get("style", "")) if not _STYLE.fullmatch(part)),
        *_own_faults(tag, attributes, rel),
    ]


def _own_faults(tag: str, attributes: Mapping[str, str], rel: set[str]) -> list[str]:
    if tag == "a":
        return _link_faults(attributes, rel)
    if tag == "img" and not _PICTURE.fullmatch(attributes.get("src", "")):
        return ["picture"]
    if tag == "input" and (attributes.get("type") != "checkbox" or "disabled" not in attributes):
        return ["input"]
    if tag == "button" and not attributes.get("class", "").startswith("sfstream"):
        return ["button"]
    return []


def _link_faults(attributes: Mapping[str, str], rel: set[str]) -> list[str]:
    if "href" not in attributes:
        return []
    is_safe = rel <= set(attributes.get("rel", "").split())
    return [
        *([] if _HREF.fullmatch(attributes["href"]) else ["address"]),
        *([] if is_safe and attributes.get("target") == "_blank" else ["link that does not open apart"]),
    ]


def _declarations(style: str) -> list[str]:
    parts = [part.strip() for part in style.lower().split(";")]
    return [re.sub(r"\s*:\s*", ":", part, count=1) for part in parts if part]
