"""Formulas: what TeX can be made to do by MathJax, and what ends one early."""

from __future__ import annotations

_TEX = [
    r"\href{javascript:PWN}{x}",
    r"\href{JavaScript:PWN}{x}",
    r"\href{java&#115;cript:PWN}{x}",
    r"\href{ javascript:PWN}{x}",
    r"\href{data:text/html,<script>PWN</script>}{x}",
    r"\href{LEAK}{x}",
    r"\url{javascript:PWN}",
    r"\require{html}\href{javascript:PWN}{x}",
    r"\require{html}\style{background:url(LEAK)}{x}",
    r"\style{position:fixed;inset:0;z-index:9999}{x}",
    r"\class{jp-mod-trusted jp-Cell}{x}",
    r"\cssId{jupyter-config-data}{x}",
    r"\data{commandlinker-command=hostile:run}{x}",
    r"\htmlData{commandlinker-command=hostile:run}{x}",
    r"\htmlId{jp-main}{x}\htmlClass{jp-Cell}{x}\htmlStyle{position:fixed}{x}",
    r"\includegraphics{LEAK}",
    r"\require{LEAK}",
    r"\unicode{x3c}script\unicode{x3e}PWN",
    r"\text{<img src=x onerror=PWN>}",
    r"\text{</span><script>PWN</script>}",
    r"\mbox{<script>PWN</script>}",
    r"\textcolor{red;background:url(LEAK)}{x}",
    r"\color{red;position:fixed}x",
    r"\colorbox{url(LEAK)}{x}",
    r"\fcolorbox{red}{url(LEAK)}{x}",
    r"\bbox[background:url(LEAK)]{x}",
    r"\bbox[border:1px solid red;position:fixed]{x}",
    r"\definecolor{x}{HTML}{\" onclick=PWN}\color{x}y",
    r"\def\x{\href{javascript:PWN}{x}}\x",
    r"\newcommand{\frac}[2]{\href{javascript:PWN}{#1}}\frac12",
    r"\let\frac\href \frac{javascript:PWN}{x}",
    r"\def\a{\a\a}\a",
    r"\begin{array}{<script>PWN</script>}x\end{array}",
    r"\begin{<img src=x onerror=PWN>}x\end{<img src=x onerror=PWN>}",
    r"\tag{<img src=x onerror=PWN>}x",
    r"\label{<img src=x onerror=PWN>}\ref{x}",
    r"\operatorname{<script>PWN</script>}",
    r"\mathchoice{\href{javascript:PWN}{x}}{}{}{}",
    r"\toggle{x}{\href{javascript:PWN}{y}}\endtoggle",
    r"\mmlToken{mi}[href=javascript:PWN]{x}",
    r"\mmlToken{mtext}[onclick=PWN]{x}",
    r"\texttip{x}{<img src=x onerror=PWN>}",
    r"\special{html:<script>PWN</script>}",
    r"\input{/etc/passwd}\write18{id}",
    r"\x{<math><mtext><img src=x onerror=PWN></mtext></math>}",
    r"\rule{99999em}{99999em}\kern-9999em x",
    r"</math><img src=x onerror=PWN>",
    r"<img src=x onerror=PWN>",
    r"a<b onclick=PWN>c",
    r"% --><script>PWN</script>",
    r"x&lt;script&gt;PWN&lt;/script&gt;",
]
"""Formulas without their marks."""


def _dollar(tex: str) -> str:
    return f"So ${tex}$ holds."


def _dollars(tex: str) -> str:
    return f"So\n\n$$\n{tex}\n$$"


def _round(tex: str) -> str:
    return f"So \\({tex}\\) holds."


def _square(tex: str) -> str:
    return f"So\n\n\\[\n{tex}\n\\]"


def _environment(tex: str) -> str:
    return f"\\begin{{align}}\n{tex}\n\\end{{align}}"


_FORMS = (_round, _dollar, _square, _dollars, _environment)

GROUPS: dict[str, list[str]] = {
    "formulas": [_FORMS[number % 5](tex) for number, tex in enumerate(_TEX)],
    "formulas elsewhere": [
        f"| a |\n|---|\n| ${tex}$ |" if n % 2 else f"- {_dollar(tex)}" for n, tex in enumerate(_TEX)
    ],
    "formula marks": [
        "$<script>$PWN$</script>$",
        "$x$<script>PWN</script>$y$",
        "$$<script>$$PWN$$</script>$$",
        "\\(<script>\\)PWN\\(</script>\\)",
        "\\[x\\]<img src=x onerror=PWN>\\[y\\]",
        "\\(x <img src=x onerror=PWN>",
        "$$\n<img src=x onerror=PWN>\n\nno end",
        "\\begin{align}\n<img src=x onerror=PWN>\n\nno end",
        "\\begin{align}x\\end{gather}<script>PWN</script>\\end{align}",
        "$`\\href{javascript:PWN}{x}`$",
        "`$`<img src=x onerror=PWN>`$`",
        "[$x$](javascript:PWN) [\\(x\\)](javascript:PWN)",
        "<span class='tex2jax_process mathjax_process'>$\\href{javascript:PWN}{x}$</span>",
        "\\\\(\\href{javascript:PWN}{x}\\\\) and \\$\\href{javascript:PWN}{x}\\$",
        "costs $5 <b onclick=PWN> and $6",
        "&#36;\\href{javascript:PWN}{x}&#36; &dollar;\\href{javascript:PWN}{x}&dollar;",
        "\\&#40;\\href{javascript:PWN}{x}\\&#41;",
        "$\\href{javascript:PWN}\\text{$x$}$",
        "```\n$\\href{javascript:PWN}{x}$\n```\n\n`$\\href{javascript:PWN}{x}$`",
        '<a href="$x" onclick=PWN>$</a>',
        "![$x$](LEAK) $![x](LEAK)$",
        "\\newcommand{\\x}{\\href{javascript:PWN}{x}}\n\n$\\x$ \\(\\x\\)",
    ],
}
