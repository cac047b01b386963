r"""Commands and environments of MathJax 3.2 that only typeset, by what they take. No I/O.

From the packages that JupyterLab 4 and Notebook 7 load ("AllPackages" of mathjax-full 3.2.2): base, ams, amscd,
boldsymbol, braket, bbox, cancel, cases, centernot, color, colortbl, enclose, extpfeil, gensymb, mathtools, mhchem,
textcomp and upgreek. What defines, links, loads, names or styles is left out, and so is what lays one thing over
another or repeats its argument.
"""

from __future__ import annotations


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


DELIMITERS = _words(
    """
    Arrowvert arrowvert backslash bracevert Downarrow downarrow gt langle lbrace lbrack lceil lfloor lgroup llcorner
    lmoustache lparen lrcorner lt lVert lvert rangle rbrace rbrack rceil rfloor rgroup rmoustache rparen rVert rvert
    ulcorner Uparrow uparrow Updownarrow updownarrow urcorner Vert vert
    """
)
"""Commands that also may follow ``\\left``."""

OPERATORS = _words(
    """
    bigcap bigcup bigodot bigoplus bigotimes bigsqcup biguplus bigvee bigwedge coprod det gcd idotsint iiiint iiint
    iint inf injlim int intop lim liminf limsup max min oint Pr prod projlim smallint sum sup
    """
)
"""Commands that take ``\\limits``."""

FUNCTIONS = _words(
    """
    arccos arcsin arctan arg bigtimes cos cosh cot coth csc deg dim exp hom ker lg ln log sec sin sinh tan tanh
    varinjlim varliminf varlimsup varprojlim
    """
)
"""Commands that take ``\\limits`` and cannot be a superscript without braces."""

SWITCHES = _words(
    """
    bf cal displaystyle dots frak Huge huge it LARGE Large large mit nonscript nonumber normalsize not notag
    oldstyle rm scr scriptscriptstyle scriptsize scriptstyle sf small textstyle tiny tt
    """
)
"""Commands without arguments that cannot be a superscript without braces."""

SYMBOLS = _words(
    """
    aleph alpha amalg And angle approx approxeq ast asymp backepsilon backprime backsim backsimeq barwedge Bbbk
    because beta beth between bigcirc bigstar bigtriangledown bigtriangleup blacklozenge blacksquare blacktriangle
    blacktriangledown blacktriangleleft blacktriangleright bmod bot bowtie Box boxdot boxminus boxplus boxtimes
    bullet Bumpeq bumpeq Cap cap cdot cdotp cdots celsius centerdot checkmark chi circ circeq circlearrowleft
    circlearrowright circledast circledcirc circleddash circledR circledS clubsuit colon Colonapprox colonapprox
    Coloneq coloneq Coloneqq coloneqq Colonsim colonsim complement cong Cup cup curlyeqprec curlyeqsucc curlyvee
    curlywedge curvearrowleft curvearrowright dagger daleth dashleftarrow dashrightarrow dashv dblcolon ddagger
    ddots degree Delta delta diagdown diagup Diamond diamond diamondsuit digamma div divideontimes divsymbol Doteq
    doteq doteqdot dotplus dotsb dotsc dotsi dotsm dotso doublebarwedge doublecap doublecup downdownarrows
    downharpoonleft downharpoonright ell emptyset enspace epsilon eqcirc Eqcolon eqcolon Eqqcolon eqqcolon eqsim
    eqslantgtr eqslantless equiv eta eth exists fallingdotseq Finv flat forall frown Game Gamma gamma ge geq geqq
    geqslant gets gg ggg gggtr gimel gnapprox gneq gneqq gnsim gtrapprox gtrdot gtreqless gtreqqless gtrless gtrsim
    gvertneqq hbar heartsuit hookleftarrow hookrightarrow hslash iff Im imath impliedby implies in infty intercal
    iota jmath Join kappa Lambda lambda land LaTeX ldotp ldots le leadsto Leftarrow leftarrow leftarrowtail
    leftharpoondown leftharpoonup leftleftarrows Leftrightarrow leftrightarrow leftrightarrows leftrightharpoons
    leftrightsquigarrow leftthreetimes leq leqq leqslant lessapprox lessdot lesseqgtr lesseqqgtr lessgtr lesssim lhd
    ll Lleftarrow lll llless lnapprox lneq lneqq lnot lnsim Longleftarrow longleftarrow Longleftrightarrow
    longleftrightarrow longleftrightarrows longLeftrightharpoons longmapsto Longrightarrow longrightarrow
    longRightleftharpoons longrightleftharpoons looparrowleft looparrowright lor lozenge Lsh ltimes lvertneqq
    maltese mapsto mathstrut measuredangle mho micro mid models mp mu multimap nabla natural ncong ndownarrow ne
    nearrow neg negmedspace negthickspace negthinspace neq nexists ngeq ngeqq ngeqslant ngtr ni nLeftarrow
    nleftarrow nLeftrightarrow nleftrightarrow nleq nleqq nleqslant nless nmid nobreakspace notChar notin nparallel
    nprec npreceq nRightarrow nrightarrow nshortmid nshortparallel nsim nsubseteq nsubseteqq nsucc nsucceq nsupseteq
    nsupseteqq ntriangleleft ntrianglelefteq ntriangleright ntrianglerighteq nu nuparrow nVDash nVdash nvDash nvdash
    nwarrow odot ohm Omega omega omicron ominus oplus oslash otimes owns parallel partial perp perthousand Phi phi
    Pi pi pitchfork pm prec precapprox preccurlyeq preceq precnapprox precneqq precnsim precsim prime propto Psi psi
    qquad quad Re restriction rhd rho Rightarrow rightarrow rightarrowtail rightharpoondown rightharpoonup
    rightleftarrows rightleftharpoons rightrightarrows rightsquigarrow rightthreetimes risingdotseq Rrightarrow Rsh
    rtimes S searrow setminus sharp shortmid shortparallel Sigma sigma sim simeq smallfrown smallsetminus smallsmile
    smile space spadesuit sphericalangle sqcap sqcup sqsubset sqsubseteq sqsupset sqsupseteq square star strut
    Subset subset subseteq subseteqq subsetneq subsetneqq succ succapprox succcurlyeq succeq succnapprox succneqq
    succnsim succsim Supset supset supseteq supseteqq supsetneq supsetneqq surd swarrow tau TeX textacutedbl
    textasciiacute textasciibreve textasciicaron textasciicircum textasciidieresis textasciimacron
    textasteriskcentered textbackslash textbaht textbar textbardbl textbigcircle textblank textborn textbraceleft
    textbraceright textbrokenbar textbullet textcelsius textcent textcentoldstyle textcircledP textcolonmonetary
    textcompwordmark textcopyleft textcopyright textcurrency textdagger textdaggerdbl textdegree textdied
    textdiscount textdiv textdivorced textdollar textdollaroldstyle textdong textdownarrow texteightoldstyle
    textellipsis textemdash textendash textestimated texteuro textexclamdown textfiveoldstyle textflorin
    textfouroldstyle textfractionsolidus textgravedbl textgreater textguarani textinterrobang textinterrobangdown
    textlangle textlbrackdbl textleftarrow textless textlira textlnot textlquill textmarried textmho textminus
    textmu textmusicalnote textnaira textnineoldstyle textnumero textohm textonehalf textoneoldstyle textonequarter
    textonesuperior textopenbullet textordfeminine textordmasculine textparagraph textperiodcentered
    textpertenthousand textperthousand textpeso textpm textquestiondown textquotedblleft textquotedblright
    textquoteleft textquoteright textrangle textrbrackdbl textrecipe textreferencemark textregistered textrightarrow
    textrquill textsection textservicemark textsevenoldstyle textsixoldstyle textsterling textsurd textthreeoldstyle
    textthreequarters textthreesuperior texttildelow texttimes texttrademark texttwooldstyle texttwosuperior
    textunderscore textuparrow textvisiblespace textwon textyen textzerooldstyle therefore Theta theta thickapprox
    thicksim thinspace times to top triangle triangledown triangleleft trianglelefteq triangleq triangleright
    trianglerighteq tripledash twoheadleftarrow twoheadrightarrow unlhd unrhd upalpha upbeta upchi Updelta updelta
    upepsilon upeta Upgamma upgamma upharpoonleft upharpoonright upiota upkappa Uplambda uplambda uplus upmu upnu
    Upomega upomega upomicron Upphi upphi Uppi uppi Uppsi uppsi uprho Upsigma upsigma Upsilon upsilon uptau Uptheta
    uptheta upuparrows Upupsilon upupsilon upvarepsilon upvarphi upvarpi upvarrho upvarsigma upvartheta Upxi upxi
    upzeta varDelta varepsilon varGamma varkappa varLambda varnothing varOmega varPhi varphi varPi varpi varpropto
    varPsi varrho varSigma varsigma varsubsetneq varsubsetneqq varsupsetneq varsupsetneqq varTheta vartheta
    vartriangle vartriangleleft vartriangleright varUpsilon varXi Vdash vDash vdash vdots vee veebar Vvdash wedge wp
    wr Xi xi yen zeta
    """
)
"""All other commands without arguments."""

_FONTS = """
    Bbb boldsymbol mathbb mathbf mathbfcal mathbffrak mathbfit mathbfscr mathbfsf mathbfsfit mathbfsfup mathbfup mathcal
    mathfrak mathit mathnormal mathrm mathscr mathsf mathsfit mathsfup mathtt mathup symbb symbf symbfcal symbffrak
    symbfit symbfscr symbfsf symbfsfit symbfsfup symbfup symcal symfrak symit symnormal symrm symscr symsf symsfit
    symsfup symtt symup
"""
_ACCENTS = """
    acute bar breve check ddddot dddot ddot dot grave hat mathring tilde vec widehat widetilde overleftarrow
    overleftrightarrow overline overparen overrightarrow underleftarrow underleftrightarrow underline underparen
    underrightarrow bcancel cancel xcancel boxed
"""
_CLASSES = (
    "mathbin mathclose mathinner mathopen mathord mathpunct mathrel phantom vphantom hphantom pmod pod mod vcenter"
)
_ARROWS = """
    xLeftarrow xLeftrightarrow xLeftrightharpoons xRightarrow xRightleftharpoons xhookleftarrow xhookrightarrow
    xleftarrow xleftharpoondown xleftharpoonup xleftrightarrow xleftrightharpoons xlongequal xmapsto xrightarrow
    xrightharpoondown xrightharpoonup xrightleftharpoons xtofrom xtwoheadleftarrow xtwoheadrightarrow
"""
_SIZED = "big Big bigg Bigg bigl Bigl biggl Biggl bigm Bigm biggm Biggm bigr Bigr biggr Biggr"
_FRACTIONS = "binom dbinom tbinom dfrac frac tfrac splitfrac splitdfrac"
_SIGNATURES = {
    "m": f"{_FONTS} {_ACCENTS} {_CLASSES} bra Bra ket Ket braket Braket set Set",
    "M": "mathop overbrace underbrace",
    "*M": "operatorname",
    "mm": f"{_FRACTIONS} cancelto ketbra Ketbra overset underset stackrel stackbin",
    "mmm": "prescript sideset",
    "om": f"{_ARROWS} sqrt",
    "qm": "smash",
    "pmm": "cfrac",
    "r": "substack matrix pmatrix cases eqalign displaylines",
    "t": "fbox hbox mbox text textbf textit textnormal textrm textsf texttt textup",
    "d": _SIZED,
    "l": "hspace mspace",
    "L": "hskip kern mkern mskip",
    "ll": "rule",
    "c": "color",
    "cm": "textcolor",
    "kt": "colorbox",
    "kkt": "fcolorbox",
    "bm": "bbox",
    "nm": "enclose",
    "h": "ce",
    "u": "pu",
}
ARGUMENTS = {name: signature for signature, names in _SIGNATURES.items() for name in names.split()}
"""The arguments of commands, a letter each.

``m`` is a formula (``M``: which becomes an operator), ``o`` one in brackets that may be left out, ``r`` rows of a
table, ``t`` text, ``d`` a delimiter, ``l`` and ``L`` a length with and without braces, ``c`` a colour, ``k`` one
without a model, ``p`` and ``q`` a place in brackets that may be left out, ``b`` what a box looks like, ``n`` the
notation of a frame, ``h`` chemistry, ``u`` a quantity, ``*`` a star that may be left out.
"""

INFIX = _words("over atop choose brace brack")
"""Commands that divide the group they stand in."""

NUMBERED = _words(
    """
    align align* alignat alignat* equation equation* eqnarray eqnarray* flalign flalign* gather gather* multline
    multline* xalignat xalignat*
    """
)
"""Environments that stand alone, in whose rows a tag may stand."""

_TABLES = """
    aligned array cases dcases drcases gathered lgathered matrix bmatrix Bmatrix pmatrix rcases rgathered smallmatrix
    split subarray vmatrix Vmatrix matrix* bmatrix* Bmatrix* pmatrix* vmatrix* Vmatrix* bsmallmatrix Bsmallmatrix
    psmallmatrix vsmallmatrix Vsmallmatrix alignedat multlined CD
"""
ENVIRONMENTS = _words(_TABLES) | NUMBERED
ONE_COLUMN = _words("equation equation* multline multline* multlined")
"""Environments whose rows have no columns."""
