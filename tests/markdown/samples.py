"""Short texts in the manner in which models write, in English: whatever may be half written when it is shown."""

from __future__ import annotations

ENGLISH = [
    # Prices, with and without emphasis, beside formulas and in tables.
    "It costs **$100** a month, or **$1,000** a year.\n",
    "The Pro plan is **$20/month** (billed yearly: **$192**), and *$5* for each further seat.\n",
    "**Total: $1,234.56** before tax. You save ~~$50~~ **$30**!\n",
    "- **Basic**: $5/mo\n- **Pro**: **$15**/mo\n- **Team** – *from* **$12.50** per user\n",
    "At **$0.50** per $x$ units the cost is $C(x) = 0.5x$, so **$C(10) = 5$**.\n",
    "| Plan | Price |\n|------|------:|\n| Free | **$0** |\n| Pro | **$20**/mo |\n| Team | ~~$50~~ **$40** |\n",
    "Between **$5** and **$10**; US**$3**; **5$** or **$5-$10**.\n",
    "**$2.5 billion** in revenue, up from **$1.9B** (+31%).\n",
    "Price: $5-$10, ~$20, $1–2k, $3.5M, $100/yr, -$5, ($6), **$6.50**/mo, ***$7***, __$8__ and ~~$9~~ now.\n",
    # Code with pipes, backticks and dollars.
    "| Command | What it does |\n|---|---|\n| `ls \\| grep txt` | lists text files |\n| `a \\|\\| b` | `or` |\n",
    "| Operator | Example |\n| :--- | :--- |\n| `\\|` | `cat x \\| wc -l` |\n| `&&` | `make && make install` |\n",
    "| Type | Means |\n|---|---|\n| `str \\| None` | *optional* text |\n| **`int \\| float`** | a number |\n",
    'Use `git commit -m "msg"`, then `git push origin HEAD:main` — *not* `--force`.\n',
    "Write `` ` `` for a backtick and ``` `` ``` for two; `` `code` `` shows the marks.\n",
    'Run `echo "$HOME"` and `echo $((1 + 2))`, where `$PATH` is **not** changed.\n',
    "The pattern `^(\\w+)\\s*=\\s*(.*)$` matches `key = value`; `.*` is *greedy*.\n",
    "In C, `a[i++] = *p;` reads `*p`; `**pp` is a pointer to a pointer.\n",
    'Call `print(f"{x:>10}")`; **`x`** must be a `str`, see `help(str)`.\n',
    # Task lists.
    "- [x] **Done**: the parser\n- [ ] *Open*: the docs\n- [ ] `tests/` for all of it\n",
    "- [x] [Read the guide](https://a.example/guide)\n- [X] **Install** `sfstream`\n- [ ] ~~Skip this~~\n",
    "1. [x] First\n2. [ ] Second\n   - [x] **nested** one\n   - [ ] nested two\n",
    "* [ ] $x^2$ and **bold**\n* [x] ☕ Coffee\n",
    (
        "### Checklist\n\n- [x] Set up the project\n- [x] Write **unit tests**\n"
        "  - [x] `test_a.py`\n  - [ ] `test_b.py`\n- [ ] Deploy\n"
    ),
    # Lists.
    (
        "1. **Plan** – think first\n   - *why*\n   - *how*\n     1. draft\n"
        "     2. review\n2. **Do**\n\n   It takes a day.\n\n3. **Check**\n"
    ),
    "- First level\n    - Second level, four blanks\n        - Third level\n- Back again\n",
    "* **Speed:** fast\n* **Size:** small\n    * _in memory_: 2 MB\n    * _on disk_: 1 MB\n* **Cost:** $0\n",
    "Steps:\n1) Open it.\n2) Close it.\n\n+ plus item\n+ another **plus** item\n",
    "- **Pros**\n  - cheap\n  - fast\n- **Cons**\n  - loud\n\n---\n\n**Verdict:** buy it.\n",
    (
        "1. ### Heading in a list\n   Text below it.\n2. > Quote in a list\n"
        "3. ```sh\n   echo hi\n   ```\n4. | a | b |\n   |---|---|\n   | 1 | 2 |\n"
    ),
    "- \u2705 **Passed**: 12\n- \u274c **Failed**: 3\n- \u26a0\ufe0f *Skipped*: 1\n",
    "- `a | b` or\n- **Name** | *Age*\n- c | d\n\n1. x | y\n2. z\n\n* a | b\n* c\n",
    # Headings and rules.
    (
        "# **Bold** title\n\n## 1. `code` in it\n\n"
        "### *Italic*: and [link](https://a.example)\n\n#### Q&A\n\n##### 5 * 3\n"
    ),
    "## Step 1: Install\n\nText.\n\n---\n\n## Step 2: Run\n\n***\n\n## Conclusion 🎉\n",
    "**Step 1: Install**\n\n__Step 2: Run__\n\n***Step 3: Enjoy!***\n",
    # Emphasis.
    "**Note:** this is *important*. **Warning**: do **not** do it. *Hint:* `x`.\n",
    '**"Quoted in bold"** and "**bold in quotes**", *\'single\'*, **(brackets)**, [**x**](https://a.example).\n',
    "**A long run of bold text that goes on for quite a while, with a comma, a colon: and an end.** Then plain.\n",
    "***Very* important** and **very *important***, also *less **than** that*.\n",
    "__Underlined bold__, _underlined italics_, and ___both___; but snake_case_name and __init__.py are names.\n",
    "~~Old price~~ **new price**, ~~*both*~~, a ~ b, ~5 minutes.\n",
    "**Key**=value, **a**/**b**, **x**-axis, un**bold**ed, 2**8 = 256, a*b.\n",
    "In *The Hobbit*, **Bilbo** (a *hobbit*) finds **the One Ring**—*precious*!\n",
    "**Formula:** $E = mc^2$ **where** $m$ is *mass* and $c \\approx 3 \\times 10^8$ m/s.\n",
    "**Answer: $x = 5$** and **$y = \\frac{1}{2}$**, so **\\(z = 0\\)**.\n",
    # Links, images, references.
    (
        "See **[the docs](https://a.example/docs)**, *[an "
        "essay](https://b.example)* and [`code`](https://c.example/x_y_z).\n"
    ),
    "[**Bold link**](https://a.example), [*it*](https://b.example/a_(b)), [x](<https://c.example/a b>).\n",
    '![A chart](https://a.example/chart.png "Chart")\n\n*Figure 1: growth*\n',
    (
        "1. [One](https://a.example) – first\n"
        "2. [Two](https://b.example) – **second**\n3. [Three][3] – third, [4], [a][b]\n"
    ),
    "Sources: [1](https://a.example/1), [2](https://a.example/2) and [3].\n",
    (
        "- [Install](#install)\n- [Use](#use)\n- [mail](mailto:me@a.example)\n"
        "- <me@a.example>\n- https://a.example/x?y=1&z=%20\n"
    ),
    "Visit https://a.example/path_(x), **https://b.example/**, (https://c.example) or `https://d.example`.\n",
    "[hypothesis]: https://a.example/h\n\nUse [hypothesis] and [it][hypothesis] for that.\n",
    (
        "[![Build](https://a.example/b.svg)](https://a.example/b) "
        "[![Docs](https://a.example/d.svg)](https://a.example/d)\n"
    ),
    "Lists [0, 1], arr[0][1], [TODO], [x], [ ], [[wiki]], [[1]](https://a.example) and [citation needed][1].\n",
    "**Name:** [Your Name]\n**Date:** [Date]\n\n[City, State]\n\nDear [Hiring Manager's Name],\n",
    '[q](https://a.example/a_(b)_c "A title (x)") and\\\n\\*no list\\*, **R&D**\n- AT&T\n',
    # Formulas.
    "Let $f(x) = x^2$. Then\n\n$$\nf'(x) = 2x\n$$\n\nand \\(f''(x) = 2\\), that is \\[ f''' = 0. \\]\n",
    "With $a_1, a_2, \\dots, a_n$ and $x_i \\in \\mathbb{R}$ we have $\\sum_{i=1}^n a_i x_i \\le 1$.\n",
    "The ratio is $\\frac{\\$5}{\\$2} = 2.5$, i.e. $2.50 for every $1 spent.\n",
    (
        "1. **Given:** $v_0 = 5\\,\\text{m/s}$\n2. **Find:** $t$\n3. **Solve:**\n"
        "   $$t = \\frac{v_0}{g}$$\n4. **Result:** $t \\approx 0.51$ s\n"
    ),
    "- $O(1)$: constant\n- $O(\\log n)$: **logarithmic**\n- $O(n^2)$: *quadratic*\n",
    (
        "| Case | Formula |\n|---|---|\n| sum | $a + b$ |\n"
        "| norm | $\\|x\\|_2$ |\n| abs | $|x|$ |\n| set | $\\{x \\mid x > 0\\}$ |\n"
    ),
    "So $P(A \\cap B) = P(A)\\,P(B)$ if A and B are independent; with $p = 0.05$ it is significant.\n",
    "\\begin{equation}\na^2 + b^2 = c^2\n\\end{equation}\n\nwhere \\(c\\) is the *hypotenuse*.\n",
    "A \\$5 coffee, a \\*star\\*, 5 \\< 6, C:\\\\Users\\\\me, \\_not italic\\_ and \\# no heading.\n",
    # HTML-like text.
    "Use <br> for a break, `<div>` for a box and <kbd>Ctrl</kbd>+<kbd>C</kbd> to copy.\n",
    "A generic `List<T>` or Map<String, List<Integer>> and vector<int> v; if a<b && c>d.\n",
    "<details><summary>More</summary>\n\n**Hidden** text\n\n</details>\n",
    "H<sub>2</sub>O, x<sup>2</sup>, &lt;tag&gt;, &nbsp;, &mdash; and R&D; AT&T.\n",
    '<!-- a comment -->\n\nThen <span style="color:red">red</span> and <https://a.example>.\n',
    # Code blocks.
    '```python\nfor i in range(3):\n    print(f"**{i}**")  # `x`\n```\n\nOutput:\n\n```\n**0**\n```\n',
    "```\nno language\n```\n\n~~~text\ntildes ``` inside\n~~~\n\n```bash\n$ ls | wc -l\n# a comment\n```\nAfter it.\n",
    (
        "1. Install:\n\n   ```bash\n   pip install sfstream\n   ```\n"
        "\n2. Import:\n\n   ```python\n   import sfstream as sf\n   ```\n"
    ),
    '```diff\n- old\n+ new\n@@ -1 +1 @@\n```\n\n```json\n{"a": [1, 2], "b": "`x`"}\n```\n',
    # Quotes.
    "> **Note:** quoted *text*\n> goes on\n>\n> - a list\n> - `in` it\n\nAfter.\n",
    '> "To be, or not to be"\n> — *Hamlet*\n\n>> nested\n>\n> back\n',
    # Names, signs, numbers.
    "Edit `my_file_name.py`, **my_other_file.txt**, data_2024_01.csv and */etc/hosts*, not __main__.py.\n",
    "1,000 * 2 = 2,000; 5 * 3 * 2; a * b; x ** 2; 100 % ~ 50 %.\n",
    "Rating: ★★★☆☆ (3/5) | Score: 8.5/10 | Rank: #1\n",
    "Email: me@a.example | Web: www.a.example | Tel: +1 (555) 010-9999\n",
    "A --> B, a <- b, x -> y, [x, y], (a, b), {k: v}, a[0], b[i][j], f(x)[1:].\n",
    'Q1 \'twas "fine"… (really) – 50% off! #sale @home :) :-) <3 ¯\\\\_(ツ)_/¯\n',
    "Emoji: 👩‍💻 **works** 🏳️‍🌈 at 🇩🇪 *home* 1️⃣ 👍🏽.\n",
    "**Q:** Is `None == False`?\n**A:** *No.* `None is None` only.\n\n**Q**: Why?  \n**A**: Because.\n",
    "Term\n: is not a definition here\n\n**Term**: a definition. *Term* — another.\n",
]
"""One text each; what belongs together stands together."""
