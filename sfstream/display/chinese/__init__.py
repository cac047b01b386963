"""The Chinese texts, by the English templates: `sfstream.display.translations` looks them up."""

from __future__ import annotations

import re

from sfstream.display.chinese.answers import ANSWERS
from sfstream.display.chinese.connections import CONNECTIONS
from sfstream.display.chinese.mistakes import MISTAKES
from sfstream.display.chinese.notebook import NOTEBOOK
from sfstream.display.chinese.options import OPTIONS
from sfstream.display.chinese.requests import REQUESTS
from sfstream.display.chinese.servers import SERVERS
from sfstream.display.chinese.settings import SETTINGS
from sfstream.display.chinese.stored import STORED
from sfstream.display.chinese.streams import STREAMS

CHINESE = ANSWERS | CONNECTIONS | MISTAKES | NOTEBOOK | OPTIONS | REQUESTS | SERVERS | SETTINGS | STORED | STREAMS

ADDED = (
    (re.compile(r"… \(([\d,]+) characters\)"), r"…（共 \1 个字符）"),
    (re.compile(r" \(a page of HTML\)$"), "（HTML 页面）"),
    (re.compile(r"\[nested too deeply\]"), "［嵌套层次太深］"),
    (re.compile(r"\[the API key\]"), "［API 密钥］"),
)
"""What sfstream writes into texts of others: where one is cut, for a page, for what has no end, and for the key."""
