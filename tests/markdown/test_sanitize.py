"""What comes out is safe: by what the parser makes, and by the sanitiser again."""

from __future__ import annotations

import base64
import html
import re

import pytest

from sfstream.markdown.inline_rules import is_web
from sfstream.markdown.renderer import rendered
from sfstream.markdown.sanitize import clean
from tests.markdown.answers import ANSWERS

PNG = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(40)).decode()


def whole(source: str) -> str:
    """The HTML of a text in one string."""
    return "".join(rendered(source, "mathml"))


BAD_URLS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "&#106;avascript:alert(1)",
    "javascript&colon;alert(1)",
    "\x01javascript:alert(1)",
    "vbscript:x",
    "file:///etc/passwd",
    "data:text/html,<script>alert(1)</script>",
    "data:image/svg+xml;base64,AAAAAAAAAAAAAAAAAAAAAAAA",
    PNG,
    "//evil.example/",
    "/lab/tree",
    "#fragment",
    "tree",
    "?a",
    "http:evil.example",
    "https:/\\evil.example",
    "https:///evil.example",
    "http://[",
    "blob:https://a.example/b",
    "ftp://a.example/",
    "",
]


@pytest.mark.parametrize("url", [url for url in BAD_URLS if url])
def test_links_that_are_none(url: str) -> None:
    """What does not lead to the web or to mail stays text, in each way of writing a link."""
    for source in (f"[a]({url})", f"[a](<{url}>)", f"<{url}>", f"[a]\n\n[a]: {url}", f"[a]\n\n[a]: <{url}>"):
        assert "<a" not in whole(source)


@pytest.mark.parametrize("url", [url for url in BAD_URLS if url != PNG])
def test_images_that_are_none(url: str) -> None:
    """An image from there stays text too."""
    made = whole(f"![a]({url})")
    assert ("<a" in made, "<img" in made) == (False, False)


def test_a_link_to_nothing() -> None:
    """A link without an address cannot be followed."""
    assert "href" not in whole("[a]()")


def test_links_open_elsewhere() -> None:
    """A link opens in a new tab, and tells it nothing."""
    assert '<a href="https://a.example/" title="t" target="_blank" rel="noopener noreferrer">b</a>' in whole(
        '[b](https://a.example/ "t")'
    )


def test_a_remote_image_is_a_link() -> None:
    """It names the host that it would come from; within a link it is text."""
    made = whole("![a *b*](https://user@a.example:80/c.png)")
    assert ">a b (image at a.example)</a>" in made
    assert ">image at a.example</a>" in whole("![](https://a.example/c.png)")
    assert 'href="https://b.example"' in (inner := whole("[![a](https://a.example/c.png)](https://b.example)"))
    assert (1, True) == (inner.count("<a "), ">a (image at a.example)</a>" in inner)


def test_a_small_image_is_shown() -> None:
    """A small raster image in the text itself is an image."""
    assert f'<img src="{PNG}" alt="a">' in whole(f"![a]({PNG})")


@pytest.mark.parametrize(
    "url",
    [
        PNG + "AAA",
        PNG.replace("base64,", "base64,!"),
        PNG + "A" * 200_000,
        PNG.replace("image/png", "image/png;x=y"),
    ],
)
def test_an_image_that_is_not_what_it_says(url: str) -> None:
    """Broken or too large data, or parameters: no image."""
    assert "<img" not in whole(f"![a]({url})")


def test_an_international_host() -> None:
    """A host that looks like another is told in ASCII."""
    assert "image at xn--80ak6aa92e.com" in whole("![](https://аррӏе.com/x)")


RAW = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:x" data-commandlinker-command="x">a</a>',
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    "<style>*{display:none}</style>",
    "<iframe src=x></iframe>",
    "<!-- -->",
    "<details open ontoggle=alert(1)>",
]


@pytest.mark.parametrize("raw", RAW)
def test_raw_html_is_text(raw: str) -> None:
    """Markup is shown as it was written, in a paragraph, in a line and in code."""
    for source in (raw, f"a {raw} b", f"`{raw}`", f"```html\n{raw}\n```", f"- {raw}", f"| a |\n|---|\n| {raw} |"):
        assert raw in html.unescape(
            re.sub("</?(p|code|pre|span|ul|li|table|thead|tbody|tr|th|td)[^<>]*>", "", whole(source))
        )
        assert not re.search(r"<(script|img|svg|iframe|style|math|details|!)|<a ", whole(source))


@pytest.mark.parametrize(
    "bad",
    [
        *RAW,
        '<span class="jp-x" id="a" data-x="y" onclick="z">a</span>',
        '<span style="background:url(//a.example);position:fixed;color:red">a</span>',
        r'<span style="color:\75rl(x)">a</span>',
        '<math href="javascript:x"><maction actiontype="statusline">a</maction></math>',
        '<math><annotation-xml encoding="text/html"><img src=x onerror=alert(1)></annotation-xml></math>',
        '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
        '<a href="data:image/png;base64,AAAA">a</a>',
        '<img src="https://a.example/b.png">',
        '<input type="checkbox">',
        '<form action="https://a.example"><button>a</button></form>',
    ],
)
def test_the_sanitiser(bad: str) -> None:
    """Whatever reached it, nothing that acts would come out, nor anything that reads differently a second time."""
    made = clean(bad)
    tags = re.findall("<[^>]*>", made)
    assert not re.search(
        r"on\w+=|data-|javascript|url|position|jp-x|id=|src=|href=|<(svg|script|style|form|input)", "".join(tags)
    )
    assert clean(made) == clean(clean(made))


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("maths", ["mathml", "tex"])
def test_clean_is_final(name: str, maths: str) -> None:
    """What has been cleaned is not changed by cleaning it again."""
    for block in rendered(ANSWERS[name], "mathml" if maths == "mathml" else "tex"):
        assert block == clean(block)


def test_mathml_comes_through_whole() -> None:
    """The sanitiser takes nothing from what math-core writes."""
    table = r"\left(\begin{array}{c|c}a&\frac12\\\hline\sqrt[3]{x}&\hat y\end{array}\right)"
    made = whole(rf"$${table}\boxed{{x}}\overbrace{{a}}^{{n}}\color{{red}}b$$")
    for part in ("border-right", "<mroot>", "<mtable", "stretchy", "menclose", "<mover", "color:#FF0000"):
        assert part in made


def test_sizes_are_dropped() -> None:
    """No element is wider than the page, or drawn over what stands before it."""
    hostile = '<math><mspace width="9999em" height="1em"></mspace><mi style="margin-left:-99em">x</mi></math>'
    assert '<math><mspace height="1em"></mspace><mi>x</mi></math>' == clean(hostile)


@pytest.mark.parametrize(
    ("url", "is_read"),
    [
        ("https://example.org:8080/a?b#c", True),
        ("https://127.0.0.1/", True),
        ("https://[::1]/", True),
        ("https://xn--bcher-kva.example/", True),
        ("https://1.2.3.4.5/", False),
        ("https://999.0.0.1/", False),
        ("https://xn--127-4m0a.0.0.1/", False),
        ("https://example.org:99999/", False),
        ("https://[::/", False),
        ("https:///path", False),
    ],
)
def test_an_address_is_one_that_a_browser_can_read(url: str, is_read: bool) -> None:
    """JupyterLab takes another for the path of a file, and opens it."""
    assert is_read == is_web(url)
