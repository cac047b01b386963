"""What a dollar sign means: a formula, a price, a variable of a shell; whole, and at every stage of growing."""

from __future__ import annotations

import re
from html import unescape

import pytest

from sfstream.markdown.stream import Markdown
from tests.markdown.test_formulas import typeset

FORMULAS = [
    "H$_2$O",
    "CO$_2$和H$_2$O",
    "10$^{-3}$ m",
    r"5$\times$3",
    r"2$\pi$r",
    r"30$^\circ$C",
    "$ x $",
    "$ x^2 + 1 $",
    "公式 $ x $ 是",
    "公式$x$是",
    "设$ a + b = c $，则",
    r"$ \triangle ABC $ is",
    "the $n$th",
    "$x^2 $ and",
    r"$ n \ge 0$",
    "$a_n$s",
    "$3x + 2y = 12$",
    "$speed = distance / time$",
    "$E = mc^2$",
    "$2^n - 1$",
    "$5$",
    r"$50\%$",
    "($x$)",
    "**$x$**",
    "$x$, $y$ and $z$",
    "$AB$ 是",
    "线段$AB$的长度是$5$。",
    "$P(A|B) = 0.5$",
    "$-5$",
    "$ 2 + 3 = 5 $",
    r"$x = 5 \text{ and more words}$",
    r"$ x = 5 \text{ and more words} $",
    "x$_1$, x$_2$",
    "n$_{max}$ is",
    r"$5 \times 3 = 15$",
    "$y=kx+b$",
    "$f'(x)$",
    "$ f'(x) = 2x $",
    "Fe$^{3+}$",
    r"$O(n \log n)$",
    "时间复杂度为$O(n)$，空间复杂度为$ O(1) $。",
    "SO$_4^{2-}$",
    r"$\alpha$-helix",
    "α$_i$",
    "$x$-axis",
    "$1/2$",
    "$a/b$",
    "$(a, b)$",
    "$[0, 1]$",
    r"$\{1, 2\}$",
    r"$x \in \mathbb{R}$",
]
"""Texts in which every dollar belongs to a formula."""

NONE = [
    "$5 and $6",
    "US$5",
    "US$5 to US$6",
    "between $5 and $10",
    "costs 5$ or 6$",
    "$HOME and $PATH",
    "$HOME/$PATH",
    "$HOME_DIR and $PATH_DIR",
    "价格是$5。",
    "价格从$5到$10。",
    "价格是$5，另一个是$6",
    "$5/月和$20/月",
    "HK$100和NT$200",
    "$5-$10",
    "$5+$6=$11",
    "| $5 | $6 |",
    "| $ 5 | $ 6 |",
    "$ 5 and $ 6",
    "5 $ and 6 $",
    "$ ls -l and $ cd x",
    "I paid $20 (≈ 18€) for A and 30$ for B",
    "I paid $20 + tax for A and 30$ for B",
    "I paid $20 - tax for A and 30$ for B",
    "$1,000/month vs. $2,000",
    "a $ b",
    "$5M to $10M",
    "${HOME} and ${PATH}",
    "${HOME}/${PATH}",
    "$x and $y in the shell",
    r"\$x\$",
    "$ 5",
    "从 5 $ 到 10 $",
    "5$-6$",
    "costs $5, or $10.50",
    "A$AP Rocky and Ke$ha",
    "anchors ^ and $ match; $ ends",
    "use $ and ^ or $ too",
    "$100 = 700元，A",
    "售价$100（约700元），运费$5",
    "每月$20起，年付$200。",
    "$5 (about 36 yuan) and 5$",
    "the $5 million to $6 million range",
    "$10k and $20k",
    '$("a") and $("b")',
    "$PATH:$HOME/bin",
    "$_GET and $_POST",
    "$_GET, $_POST, $_SERVER",
    "$_GET/$_POST",
    "$1 = ¥7, so $2 = ¥14",
    "from $10/mo to 20$",
    "$10起，$20封顶",
]
"""Texts in which none does."""


def growing(text: str) -> list[str]:
    """What is seen after each character, but for formulas and code."""
    markdown, seen = Markdown("mathml"), list[str]()
    for character in text:
        markdown.feed(character)
        markdown.change()
        seen.append(markdown.html)
    return seen


def visible(html: str) -> str:
    """The text that is read, but for formulas and code."""
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<(math|code)\b.*?</\1>", "", html, flags=re.DOTALL)))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula(text: str) -> None:
    """In English and Chinese, in scripts and with spaces inside; no dollar is ever seen."""
    assert text.replace("\\$", "").count("$") == 2 * len(typeset(text))
    assert [] == [html for html in growing(f"Text {text}") if "$" in visible(html)]


@pytest.mark.parametrize("text", NONE)
def test_no_formula(text: str) -> None:
    """Prices and variables are text, and are never shown as anything else first."""
    assert [] == typeset(text)
    assert [] == [html for html in growing(f"Text {text}") if "<math" in html or "<code" in html]
