"""What only some readers of Markdown or TeX make of: JupyterLab's marks for formulas, pandoc, MyST, MathJax."""

from __future__ import annotations

_TEXT = '" onmouseover=PWN x_1="'
"""A formula that ends an attribute, if it is put into one."""
_RAW = "<img src=x onerror=PWN>"

GROUPS: dict[str, list[str]] = {
    "marks of formulas": [
        f"[x](https://a.example/@@0@@) and ${_TEXT}$",
        f"[x](https://a.example/@&#64;0@@) and ${_TEXT}$",
        f"[x](<https://a.example/@\\@0@@> '@@0@@') and ${_TEXT}$",
        f"[x](https://a.example/%40@0@@) and ${_TEXT}$",
        f"<https://a.example/@@0@@> and https://a.example/@@1@@ and \\({_TEXT}\\) ${_TEXT}$",
        f"![@@0@@](https://a.example/@@0@@) and ${_TEXT}$",
        f"![@@0@@](data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=) and ${_TEXT}$",
        f"# @@0@@\n\n## @\\@0@@\n\n${_TEXT}$",
        f"@@0@@ @&#64;0@@ @\\@0@@ `@@0@@`\n\n```@@0@@\n@@0@@\n```\n\n$${_RAW}$$",
        f"| @@0@@ |\n|---|\n| $x_1 {_RAW}$ |",
        f"~D{_RAW}~D and ~T `~D` ${_RAW}$",
        f"- ```\n  $\n  ```\n\n{_RAW} $x$",
        "- ```\n  $\\href{javascript:PWN}{x}\n  ```\n\n  and $",
        "- ```\n  $\n  ```\n\n  `\\href{javascript:PWN}{x}` and `$`",
        "`$` \\\\href{javascript:PWN}{x} `$`",
        "`a\n$` \\\\href{javascript:PWN}{x} `$\nb`",
        "    $\\href{javascript:PWN}{x}$\n\ntext $ \\\\href{javascript:PWN}{y} $",
        "[$x_1$ @@0@@](https://a.example/?$x_1$)",
        "{ $x_1 } \\\\href{javascript:PWN}{x} { $",
    ],
    "attributes": [
        "`<script>PWN</script>`{=html}",
        "``<script>PWN</script>``{=html} `x`{onclick=PWN}",
        "```{=html}\n<script>PWN</script>\n```",
        "``` {=html}\n<script>PWN</script>\n```",
        "~~~ {=html5}\n<script>PWN</script>\n~~~",
        "```{.html onclick=PWN}\nx\n```",
        "```{raw} html\n<script>PWN</script>\n```",
        "```{include} /etc/passwd\n```\n\n:::{iframe} LEAK\n:::",
        "```{math}\n\\href{javascript:PWN}{x}\n```",
        "$x_1${=html} \\(x_1\\){onclick=PWN}",
        "[x]{onclick=PWN} [x](https://a.example){onclick=PWN} # x {onclick=PWN}",
        "{raw:html}`<script>PWN</script>` {eval}`PWN` {download}`/etc/passwd`",
        "\\begin{html}<script>PWN</script>\\end{html}",
        "\\<script>PWN\\</script> \\&lt;script>PWN",
        "\\input{/etc/passwd} \\include{x} \\write18{PWN}",
        "<!-- -->\n\n    <script>PWN</script>\n\n<!-- --> ---\n\n---\nheader-includes: <script>PWN</script>\n---",
        "% <script>PWN</script>\n% author\n\ntext",
        "| <script>PWN</script>\n| line block",
        "term\n:   <script>PWN</script>\n\n~   <script>PWN</script>",
        "[@x <script>PWN</script>] @y[p. 1] [-@z]",
        "(@x) <script>PWN</script>\n\n#. <script>PWN</script>\n\n(i) <script>PWN</script>",
        "text^[note <script>PWN</script>] text[^x]\n\n[^x]: <script>PWN</script>\n\n    <script>PWN</script>",
        "![[LEAK]] [[javascript:PWN]] ((LEAK)) {{LEAK}} {{< x LEAK >}}",
        ":smile: :<script>PWN</script>: :raw-html-m2r:`<script>PWN</script>`",
    ],
    "formulas of others": [
        "\\ce{A ->[\\href{javascript:PWN}{x}] B} $\\ce{A ->[\\href{javascript:PWN}{x}] B}$",
        "$\\ce{<img src=x onerror=PWN>}$ and $\\ce{H2O ->[<img src=x onerror=PWN>][<b>] x}$",
        "$\\ce{A ->[$\\href{javascript:PWN}{x}$] B}$ and $\\pu{\\href{javascript:PWN}{x}}$",
        "$\\require{cancel}\\require{html}\\href{javascript:PWN}{x}$",
        "$\\text{_<img src=x onerror=PWN>&#x3c;}$ $\\textbf{<script>PWN</script>中}$",
        "$\\text{a $\\href{javascript:PWN}{x}$ b}$",
        "$\\operatorname{\\href{javascript:PWN}{x}}$ $\\mathop{\\style{position:fixed}{x}}\\limits_a$",
        "H$_\\href{javascript:PWN}{2}$O and 10$^{\\unicode{x3c}}$",
        "$ \\href{javascript:PWN}{x} $ and $ x<script>PWN</script> $",
        "$\\smash{\\begin{array}{c}"
        + "x\\\\" * 60
        + "\\end{array}}\\llap{"
        + "covers what stands before it" * 9
        + "}$",
        "$\\R\\href{javascript:PWN}{x}\\bm{\\class{jp-Cell}{x}}$",
        "$\\begin{array}{@{\\href{javascript:PWN}{x}}l} x \\end{array}$",
        "$\\begin{alignat}{\\href{javascript:PWN}{x}} x \\end{alignat}$",
        "$\\tag{\\href{javascript:PWN}{x}} \\tag*{$\\href{javascript:PWN}{x}$}$",
        "$\\definecolor{a}{rgb}{1,0,0}\\color{a}x$ $\\color[named]{url(LEAK)}x$",
        "$\\textcolor[rgb]{1;background:url(LEAK)}{x}$",
        "$\\xrightarrow[\\href{javascript:PWN}{x}]{y}$ $\\sqrt[\\href{javascript:PWN}{x}]{y}$",
        "$\\left\\href{javascript:PWN}{x}\\right.$ $\\big\\href{javascript:PWN}{x}$",
        "$\\hspace{99em plus 99em}x$ $\\mathrel{\\rule{99em}{99em}}x$ $\\vspace{-99em}x$",
        "$^^68ref{javascript:PWN}{x}$ $\\^^68ref{javascript:PWN}{x}$ $\\csname href\\endcsname{javascript:PWN}{x}$",
        "$\\begin{CD} A @>\\href{javascript:PWN}{x}>> B \\end{CD}$",
        "$\\bbox[url(LEAK)]{x}$ $\\enclose{circle}[mathcolor=red,href=javascript:PWN]{x}$",
        "$\\AA\\textcolor{javascript:PWN}{x}\\mathchoice\\href\\href\\href\\href{javascript:PWN}{x}$",
    ],
}
