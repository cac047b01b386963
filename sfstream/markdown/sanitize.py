"""The only way out: HTML with nothing in it but what this package writes itself. No I/O."""

from __future__ import annotations

import re

import nh3

from sfstream.core.text import encodable, harmless
from sfstream.markdown.lengths import are_moderate
from sfstream.markdown.links import is_raster, is_web

_TEXT = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "hr", "br", "em", "strong", "s"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "a", "img", "span"),
}
_MATHS: dict[str, set[str]] = {
    "math": {"display"},
    "menclose": {"notation"},
    "merror": set(),
    "mfrac": {"displaystyle", "linethickness"},
    "mi": {"mathvariant"},
    "mmultiscripts": set(),
    "mn": set(),
    "mo": {
        *("form", "lspace", "maxsize", "minsize", "movablelimits", "rspace", "stretchy", "symmetric"),
        *("largeop", "fence", "separator"),
    },
    "mover": {"accent"},
    "mpadded": {"height", "depth", "lspace", "voffset", "width"},
    "mphantom": set(),
    "mprescripts": set(),
    "mroot": set(),
    "mrow": {"displaystyle", "scriptlevel"},
    "mspace": {"width", "height", "depth"},
    "msqrt": set(),
    "mstyle": {"displaystyle", "scriptlevel"},
    "msub": set(),
    "msubsup": set(),
    "msup": set(),
    "mtable": {"displaystyle", "scriptlevel"},
    "mtd": set(),
    "mtext": set(),
    "mtr": set(),
    "munder": {"accentunder"},
    "munderover": {"accent", "accentunder"},
}
"""What math-core writes, by element. No links, no annotations, no actions."""

_STYLED = {"span", "pre", "code", "table", "th", "td", *_MATHS}
_PROPERTIES = {
    *("color", "text-align", "white-space", "overflow-x", "justify-items", "width"),
    *("padding", "padding-top", "padding-right", "padding-bottom", "padding-left", "margin-left", "margin-right"),
    *("border", "border-top", "border-right", "border-bottom", "border-left", "border-radius", "margin"),
    *("font-size", "font-variant-caps", "display", "max-width", "overflow-wrap"),
}
_HARMLESS_STYLE = re.compile(r"[A-Za-z0-9#%.,:;\s-]*")
"""No brackets, so no function such as url(); no escapes, so none in disguise."""

_ATTRIBUTES = {tag: set(names) for tag, names in _MATHS.items()}
_ATTRIBUTES |= {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
for _tag in _STYLED:
    _ATTRIBUTES.setdefault(_tag, set()).add("style")

_WORDS = {"title", "alt"}
"""Attributes that are text: no lengths are read in them."""

_MARK = "\ufeff"
_AROUND = {"tr": ("<table><tbody>", "</tbody></table>"), "tbody": ("<table>", "</table>")}
_AROUND |= {"thead": _AROUND["tbody"], "td": ("<table><tbody><tr>", "</tr></tbody></table>")}
_AROUND |= {"th": _AROUND["td"]}
"""What an HTML parser must have seen before it takes these elements."""


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if is_web(value) else None
    if name == "src":
        return value if is_raster(value) else None
    if name == "style" and not _HARMLESS_STYLE.fullmatch(value):
        return None
    return value if name in _WORDS or are_moderate([value]) else None


_CLEANER = nh3.Cleaner(
    tags=_TEXT | _MATHS.keys(),
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    allowed_classes={"span": {"tex2jax_process", "mathjax_process"}},
    filter_style_properties=_PROPERTIES,
    url_schemes={"http", "https", "mailto", "data"},  # data: of images alone, by the filter
    set_tag_attribute_values={"a": {"target": "_blank"}},
    link_rel="noopener noreferrer",
)


def clean(html: str, within: str = "") -> str:
    """The HTML without whatever is not allowed, and with control and bidi characters made visible.

    Args:
        within: the element that the HTML is one of, where a parser takes it only in its place (``tr``, ``td``).
    """
    before, after = _AROUND.get(within, ("", ""))
    if html.startswith(_MARK):
        html = _MARK + html  # an HTML parser drops the first
    cleaned = harmless(_CLEANER.clean(before + encodable(html) + after))
    return cleaned[len(before) : len(cleaned) - len(after)]
