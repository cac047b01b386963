"""Short texts with what models take from other dialects of Markdown: footnotes, alerts, HTML tags and their like."""

from __future__ import annotations

EXTENDED = [
    "It costs $5[^1] or **$6**[^2].\n\n[^1]: Or $7.\n[^2]: Or more.\n",
    "The **first** claim[^1] and the *second*[^note].\n\n[^1]: A `source`, see [it](https://a.example).\n[^note]: B.\n",
    "水的沸点[^1]是100℃[^2]。\n\n[^1]: 在**标准**大气压下。\n[^2]: 参见[文档](https://a.example)。\n",
    "It costs **$5**[^1], or *$50*[^2] a year.\n\n[^1]: Before tax.\n\n[^2]: After **$1**.\n",
    "> [!NOTE]\n> Use **bold** and `code`.\n\n> [!WARNING]\n> It costs **$5**.\n",
    "> [!TIP]\n>\n> - one\n> - **two**\n\n> [not an alert] but a quote\n",
    "##标题\n\n###一、**概念**\n\n正文，#标签 和 #1。\n\n##第2章 `代码`\n",
    "##제목\n\n###見出し：**強調**\n\n# Title\n",
    "H<sub>2</sub>O and x<sup>2</sup>, press <kbd>Ctrl</kbd>+<kbd>C</kbd>, <mark>marked</mark> and <u>under</u>.\n",
    "| a | b |\n|---|---|\n| one<br>two | **x**<br/>`y` |\n| 1<br />2 | CO<sub>2</sub> |\n",
    "**Bold <u>and underlined</u>** then <u>**both**</u>, *a<sup>2</sup>*, m<sup>*n*</sup>.\n",
    "水H<sub>2</sub>O，按<kbd>Ctrl</kbd>键，<mark>**重点**</mark>，第一行<br>第二行。\n",
    "A list:\n- x<sup>2</sup><br>second line\n- <u>Term</u>: **$5**\n- if a <b and c> d, or a<sub only\n",
    "```markdown\n# Title\n\n```python\nprint(1)\n```\n\nText **b**.\n```\n\nAfter *it*.\n",
    "```md\n- item\n  ```sh\n  ls | wc\n  ```\n```\n\nDone.\n",
    "- **官网**：https://a.example/y\n- **邮箱**：me@a.example，见https://b.example/x。\n- （https://c.example/z）\n",
    "See **https://a.example/x**, *www.a.example* and ~~https://b.example~~. 见**https://c.example/x**是。\n",
    "**שלום** עם `code` ו-**$5**, وسعر *مرحبا* هو **$10**.\n\n- [x] **עברית**\n- [ ] *العربية*\n",
]
"""One text each."""
