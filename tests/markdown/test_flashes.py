"""At every stage what is shown is how the whole begins: nothing is shown as one thing and then as another."""

from __future__ import annotations

import re

import pytest

from sfstream.demo.prepared import PROMPTS, text
from tests.markdown.answers import ANSWERS
from tests.markdown.flashes import flashes
from tests.markdown.formulas import FORMULAS
from tests.markdown.growing import whole
from tests.markdown.samples import ENGLISH
from tests.markdown.samples_cjk import CJK
from tests.markdown.samples_extended import EXTENDED

PREPARED = {name: text(name) for name in PROMPTS if name != "long"}
"""Answers of the demo server, but for one that would take a minute."""

TEXTS = [
    "Some **bold** and *it* and ***both*** text, __under__ and _it_ `code` end.",
    "Some ***bold italic*** and **bold with *nested* it** and *it with **nested** b*.",
    "中文**强调:**内容,**“强调”**的，*斜体*，***都***，~~删除。~~后，**注意!**不要",
    "~~gone~~ and ~~also **b**~~ x, about ~5 and ~10 items",
    "R&amp;D &lt;b&gt; &copy; 2024 & AT&T &#39;x&#39; &unknown; end",
    "See <https://a.example/x?y=1&z=2> and https://b.example/path, www.c.example and me@d.example. End",
    '![image alt](https://a.example/i.png) and ![](https://b.example/j.png "t") end',
    "Intro\n\n- one\n- two\n  - nested\n    - deep\n- three\n\nAfter",
    "Intro\n- one\n- two\n\nAfter\n\n* star\n* star2\n\n+ plus\n+ plus2\n",
    "1. one\n2. two\n   - sub\n10. ten\n\n1) paren\n2) b\n",
    "# H1\n## H2 with `code`\n### H3 **b**\ntext\n#### \n#hash not heading\n",
    "> quote\n> more **b**\n>\n> - item\n> - item2\n>\n> > nested\n\nafter",
    "```python\nprint('`')\n```\n\ntext\n\n````md\n```js\nx\n```\n````\nend\n",
    "- item\n\n  ```py\n  x = 1\n  ```\n- item2\n\n      indented code\n\n  text\n",
    "1. step\n   ```bash\n   ls\n   ```\n2. next\n\n   para\n",
    "text before\n| a | b |\n|:-:|--:|\n| 1 | 2 |\nafter",
    "Let \\(x^2\\) and \\[y = 1\\] and $z$ and $$w$$ ok.\n\n\\[\na = b\n+ c\n- d\n\\]\n\nend",
    "$$\n+ b\n$$\n",
    "$$\n- b\n= c\n$$\n",
    "- item\n  $$\n  x\n  + y\n  $$\n- item2",
    "\\begin{align}\na &= b\\\\\n+ c\n\\end{align}\nend",
    "Line one  \nline two\\\nline three\n\nemoji 👩\u200d👩\u200d👧\u200d👦 and 🇨🇳 and é é end",
    'A <b>bold</b> tag, <br> and <div class="x">div</div>, <!-- c --> and a < b and 1 << 2, List<String> x',
    "<think>\nhm\n</think>\n\nAnswer <details>\n<summary>S</summary>\n\ntext\n</details>\n",
    "    indented code\n    more\n\ntext\n\n\ttab code\n",
    "**Note:** text\n\n**1. Title**\ntext\n\n**注意：**文字\n",
    "x = y\n\nThe - sign and + sign\n- 5 is minus five\n",
    "Temperature: -5 to -10\n\n-5 is cold\n\n+5 is warm\n\n1.5 is a number\n\n2024. A year\n\n10) ten\n",
    "a\n- b\n\nc\n* d\n\ne\n1. f\n\ng\n2. h\n",
    "Price: $5, `$HOME`, \\$5, $x$ and $5-$10; 公式$x^2$是 价格$5。\n",
    "\\# not heading\n\n\\- not list\n\n1\\. not\n",
    "| 列一 | 列二 |\n| --- | --- |\n| **粗** | \\(|x|\\) |\n| $|y|$ | `a` |\n\n完\n",
    "- a\n\n- b\n\n  c\n- d\n",
    "1. a\n\n   ```\n   code\n   ```\n\n2. b\n",
    "text\n***\n\n___\n\n* * *\n\n- - -\n",
    "~~~\ncode\n~~~\n\n~~~py\nx\n~~~\n",
    "> [!NOTE]\n> text\n\n> **Tip:** x\n",
    "Answer: **42**.\n\n## 1. First *step*\n\n### **Bold heading**\n\ntext\n",
    "**“引号”**后面，*《书名》*说，**（括号）**内。`代码`。~~旧~~新\n",
    "结果是 **3.14**，其中 *π* 约等于 `3.14`。\n\n- **优点**：快\n- **缺点**：贵\n",
    "* a\n  * b\n    1. c\n       ```\n       d\n       ```\n* e\n",
    "a\n\n\n\nb\n   c\n\n     d\n",
    "## Title ##\n\n# C# #\n",
    "HTML: `<div>`; &nbsp;x; &#x27; end\n",
    "http://a.example/foo_bar_baz and https://a.b/c*d*e, (https://a.b/c_(d)) https://x.y/~z.\n",
    "**[bold link](http://a.b)** and *[it](http://a.b)* and `[code](x)` and [`code`](http://a.b)\n",
    "[![badge](https://a.b/c.svg)](https://a.b) text\n",
    "- **Key**: value\n- *Key*: `value`\n- ~~Key~~: <https://a.b>\n- $x$: y\n- \\(x\\): y\n",
    "1. **Bold:** text\n   continued\n\n   - sub **x**\n\n2. next\n",
    "\\(a\\)和\\(b\\)，\\[c\\]。$d$、$e$。\n",
    "```\n$x$ **b**\n```\n`$x$` and `\\(x\\)`\n",
    "- \n- a\n-\n  b\n",
    "# \n\ntext #tag\n\n#\n",
    "> a\nlazy\n\n> ```\n> code\n> ```\nnot lazy\n",
    "text<br>more<br/>text and <sup>2</sup> H<sub>2</sub>O\n",
    "'''\nx\n'''\n\n\"\"\"\ny\n\"\"\"\n",
    "**结论**：*a*。\n\n$$\nx = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}\n$$\n\n其中 $a \\neq 0$，$b$ 和 $c$ 是常数。\n",
    "1. **步骤一**：计算 \\( x = 1 \\)\n   \\[\n   y = 2x\n   + 3\n   \\]\n2. 完成\n",
    "> $$\n> a\n> + b\n> $$\n\nend",
    "- a\n  > q **b**\n  >\n  > | a | b |\n  > |---|---|\n  > | 1 | $x$ |\n- c\n",
    "| 公式 | 值 |\n|:--|--:|\n| $a^2$ | \\(b\\) |\n| $|a|$ | 5 |\n| `$x$` | $5 |\n| **b** | *i* |\n",
    "| a |\n|---|\n| [l](http://a.b) |\n| <br> |\n| &amp; |\n",
    "Use `pip install x`, then:\n\n    $ ls\n    a.txt\n\n**Done**!\n",
    "Wow! **Yes!** No?! ![x](http://a.b/c.png)!\n",
    "线段$AB$与$CD$平行，$\\angle ABC = 90^\\circ$，所以$x=1$。\n",
    "水的化学式是H$_2$O，浓度10$^{-3}$ mol/L，\\(\\text{pH} = 7\\)。\n",
    "`` `a` `` and ``` ``b`` ``` end\n",
    "**`code`** and *`c`* and **a `b` c** and [`x`](http://a.b) end\n",
    "Hello, *world*! **bold**: text; (**p**) \"**q**\" '*r*' —**s**—\n",
    "## 一、**概述**\n\n正文 [1] 与 [2]。\n\n### 1.1 $x$\n\n- 甲：**乙**（*丙*）\n",
    "- **a**\n\n  b\n\n  - c\n\n    d\n- e\n",
    "1. a\n\n1. b\n\n1. c\n\ntext\n",
    "* * *\n\n- a\n* b\n+ c\n",
    "text\n\n```python\ndef f():\n    '''doc'''\n    return \"`x`\"  # **c**\n```\n\n- ```\n  x\n  ```\n- y\n",
    "```mermaid\ngraph TD\n```\n\n```\n\n```\n\n```py\n```\nend\n",
    "Line with trailing spaces   \nnext\n\n- a  \n  b\n",
    "https://a.b/c?x=1&y=2#z. www.a.com, foo@bar.com; http://localhost:8888/lab\n",
    "<https://a.b> <me@a.b> <notatag> a<b>c</b> 1<2 x<y, a <- b -> c => d <= e\n",
    "C++ and C# and F# and a+b, - dash, 5 - 3, -x, a -- b --- c\n",
    "\"Quoted\" 'single' ... (c) (tm) -> <-\n",
    "~~**a**~~ **~~b~~** ~a~ ~~~ x\n",
    "Term: `a|b` and a | b | c\n",
    "x_1, x_2, __init__.py, **__a__**, _a_ and *_b_*, snake_case\n",
    "$\\text{中文 $x$ 文}$ and $a_{\\text{b c}}$ and \\(\\text{a b c}\\)\n",
    "\\begin{cases} a \\\\ b \\end{cases}\n\nand \\(\\begin{matrix} a & b \\end{matrix}\\) x\n",
    "The \\$5 bill, \\(5\\), \\[ z \\], `\\(x\\)`.\n",
    "1\\. x, 2\\) y, \\*z\\*, \\`t\\`, a\\\nb\n",
    'See [text](https://a.example/x "title") and [**bold** link](http://b.example), [a](http://x.y) end.',
    "- [ ] todo\n- [x] done **b**\n- [link](http://a.b)\n",
    "Footnote[^1] and [1] and array[0] end.\n\n[^1]: The note.\n",
    "Use `a` or ``b`c`` or `` ` `` end.",
    "2 * 3 * 4 = 24 and snake_case_name and __init__ and 5*x",
    "escape \\* \\_ \\` \\# \\> \\- \\\\ end",
    'Q: "what?" — “yes” … (see *this*). {x} ^y^ ==z== :smile:\n',
    "[链接](https://例子.中国/路径) 和 <https://x.cn>，https://y.cn。完\n",
    "**a**b and a**b**c, **a**，**b**!\n",
    "- **官网**：https://a.example/y\n- 见https://a.example/x即可，（www.a.example/z）\n- 邮箱：foo_bar@a.example。\n",
    "**https://a.example/x**是 *https://a.b/c_d*，~~https://a.b~~和_www.a.b_。https://例子.中国/路径。完\n",
    '자세한 내용은 https://a.example/x에서, 「https://a.b」です。"https://a.b/c"即可，https://a.b/c(说明)\n',
    "a `b\nc` d **e\nf** g\n",
]
"""Of everything that models write some, in English and Chinese."""

INHERENT = {
    "Title\n=====\n\ntext": "a heading that a line below makes one",
    "a | b\n--|--\n1 | 2\n": "a table whose rows begin with no pipe",
    "|x| = 5 and so on\n": "no table, but its line begins as one",
    "| a | b |\n|---|---|\n| 1 | `x|y` |\n": "a pipe in code, which ends the cell",
    "It is [a remark in brackets that goes on for longer than the text of a link does] so.\n": "brackets of no link",
    "Call f(*args, **kwargs) there.\n": "stars of a signature that is not written as code",
    "See [text][ref] here.\n\n[ref]: http://a.b\n": "a reference defined later",
    "See [docs\nand more](http://a.b) here.\n": "a link over two lines",
    "A lone ` tick and **two stars\n": "signs that are never closed",
    "5*x + 6*y and a*b*c\n": "products that CommonMark reads as emphasis",
    "$$\na \\# b # c\n$$\n": "a formula that is no TeX",
    "the variable $x_1 and more\n": "a name of a variable that looks like TeX",
}
"""Texts of which no beginning tells what they become, with the reason."""


@pytest.mark.sampled
@pytest.mark.parametrize("sample", [*TEXTS, *ENGLISH, *CJK, *EXTENDED])
def test_nothing_is_shown_as_something_else_first(sample: str) -> None:
    """Character by character, and in tokens; nor does anything vanish but at the very end."""
    assert [] == flashes(sample, 0) + flashes(sample, 1)


@pytest.mark.sampled
@pytest.mark.parametrize("name", [*ANSWERS, *PREPARED])
def test_nothing_flashes_in_an_answer(name: str) -> None:
    """In tokens, also in the answers of the demo server."""
    assert [] == flashes(_knowable({**ANSWERS, **PREPARED}[name]), 1)


@pytest.mark.sampled
@pytest.mark.parametrize("tex", [tex for tex in FORMULAS if "<math" in whole(f"${tex}$")])
def test_nothing_flashes_around_a_formula(tex: str) -> None:
    """In the course of a sentence beside a price, and on lines of its own."""
    assert [] == flashes(f"For a ${tex}$ b **$5**.\n\nLet\n\\[\n{tex}\n\\]\n**be**.\n", 1)


def _knowable(text: str) -> str:
    """Return the text without headings that a line below makes ones, without references and products."""
    text = re.sub(r"(?<=\d)\*(?=\d)", " times ", text)
    return re.sub(r"(?<=\S)\n(?=(?:=+|-+)\n)", "\n\n", re.sub(r"\]\[\w+\]", "]", text))


@pytest.mark.parametrize("text", INHERENT)
def test_what_cannot_be_known(text: str) -> None:
    """These alone change their kind; if one does no more, it belongs to the others."""
    assert flashes(text, 0)
