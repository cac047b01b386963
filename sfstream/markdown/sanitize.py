"""The sanitiser: no HTML leaves this package but through `clean`. It allows what this package writes itself. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable

import nh3

from sfstream.core.text import encodable, harmless
from sfstream.markdown import bidi
from sfstream.markdown.inline_rules import is_raster, is_web
from sfstream.markdown.inline_tags import PAIRED
from sfstream.markdown.page_styles import EXACT

_TEXT = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "hr", "br", "em", "strong", "s"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "a", "img", "span", *PAIRED),
}
_MATHS = {
    *("math", "menclose", "merror", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom"),
    *("mprescripts", "mroot", "mrow", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext"),
    *("mtr", "munder", "munderover"),
}
"""The elements that math-core writes. No links, no annotations, no actions."""
_MATHS_ATTRIBUTES = {
    *("accent", "accentunder", "depth", "display", "displaystyle", "fence", "form", "height", "largeop"),
    *("linethickness", "lspace", "mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rspace"),
    *("scriptlevel", "separator", "stretchy", "style", "symmetric", "voffset", "width"),
}

_PROPERTIES = {
    *("color", "text-align", "white-space", "overflow-x", "justify-items", "width"),
    *("padding", "padding-top", "padding-right", "padding-bottom", "padding-left", "margin-left", "margin-right"),
    *("border", "border-top", "border-right", "border-bottom", "border-left", "border-radius", "margin"),
    *("font-size", "font-variant-caps", "display", "max-width", "overflow-wrap", "direction"),
}
_RESETS = {"background:none"}
_HARMLESS_STYLE = re.compile(r"[A-Za-z0-9#%.,:;\s-]*")
"""No brackets, so no function such as url(); no escapes, so none in disguise."""

_ATTRIBUTES = {tag: {"style"} for tag in ("span", "pre", "code", "table", "th", "td", "li", "blockquote", "p")}
_ATTRIBUTES["*"] = set()
_ATTRIBUTES |= dict.fromkeys(_MATHS, _MATHS_ATTRIBUTES)
_ATTRIBUTES |= {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}

_AUTOMATIC = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "li", "th", "td")
_LEFT_TO_RIGHT = ("ul", "ol", "pre", "code", "span", "math")
_VALUES = {tag: {"dir": {"auto"}} for tag in _AUTOMATIC} | {tag: {"dir": {"ltr"}} for tag in _LEFT_TO_RIGHT}
_VALUES["span"] = {"dir": {"ltr"}, "hidden": {"hidden"}}
"""The one value of an attribute, by element."""

_AROUND = {"tr": ("<table><tbody>", "</tbody></table>"), "tbody": ("<table>", "</table>")}
_AROUND |= {"thead": _AROUND["tbody"], "td": ("<table><tbody><tr>", "</tr></tbody></table>")}
_AROUND |= {"th": _AROUND["td"]}
"""Elements that an HTML parser requires around these."""

_WIDEST = 20.0
_NEAREST = -3.0
"""Greatest and least length, in em: a huge one would lay one thing over another."""
_NEAREST_IN_ALL = -12.0
"""Least sum of all negative lengths of one formula, in em."""

_EM = {"em": 1.0, "pc": 1.0, "ex": 0.5, "mu": 1 / 18, "px": 1 / 16, "pt": 1 / 12, "cm": 2.4, "mm": 0.24, "%": 0.2}
"""Units in em, roughly; 100 % is the widest."""
_UNKNOWN = 5.0
"""Any other unit in em, such as inches and those of the window."""

_COLOUR = re.compile(r"#[0-9A-Fa-f]+")
_LENGTH = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*([a-z]+|%)", re.IGNORECASE)


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if is_web(value) else None
    if name == "src":
        return value if is_raster(value) else None
    if name == "style":
        return value if value in EXACT else _style(value)
    return value if name in ("title", "alt", "dir") or are_moderate([value]) else None  # these are no lengths


def _style(value: str) -> str | None:
    """Return the allowed declarations. nh3's own filter would cut the functions of `page_styles` off."""
    if not _HARMLESS_STYLE.fullmatch(value) or not are_moderate([value]):
        return None
    named = [declaration.partition(":") for declaration in value.split(";")]
    written = [(name.strip(), f"{name.strip()}:{of.strip()}") for name, _, of in named]
    return ";".join(each for name, each in written if name.lower() in _PROPERTIES or each in _RESETS) or None


_CLEANER = nh3.Cleaner(
    tags=_TEXT | _MATHS,
    attributes=_ATTRIBUTES,
    tag_attribute_values=_VALUES,
    attribute_filter=_attribute,
    allowed_classes={"span": {"tex2jax_process", "mathjax_process"}},
    url_schemes={"http", "https", "mailto", "data"},  # data: of images alone, by the filter
    set_tag_attribute_values={"a": {"target": "_blank"}},
    link_rel="noopener noreferrer",
)


def clean(html: str, within: str = "") -> str:
    """Return the HTML without anything that is not allowed. Control characters in it are visible or safe, see `bidi`.

    Args:
        within: the element that the HTML is one of, where a parser takes it only in its place (``tr``, ``td``).
    """
    before, after = _AROUND.get(within, ("", ""))
    cleaned = _CLEANER.clean(before + encodable(html) + after)
    cleaned = bidi.in_html(cleaned) if bidi.CONTROL.search(cleaned) else harmless(cleaned)
    return cleaned[len(before) : len(cleaned) - len(after)]


def are_moderate(values: Iterable[str]) -> bool:
    """Return whether the lengths in these attribute or style values are within limits, each and in sum."""
    found = [length for value in values for length in _lengths(value)]
    is_each = all(_NEAREST <= length <= _WIDEST for length in found)
    return is_each and sum(length for length in found if length < 0) >= _NEAREST_IN_ALL


def _lengths(value: str) -> list[float]:
    """Return the lengths in em. A number without a unit is no length."""
    found = _LENGTH.findall(_COLOUR.sub("", value))
    return [float(number) * _EM.get(unit.lower(), _UNKNOWN) for number, unit in found]
