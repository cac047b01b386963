"""The Chinese texts, by the English templates: `sfstream.display.translations` looks them up."""

from __future__ import annotations

from sfstream.display.chinese.answers import ANSWERS
from sfstream.display.chinese.connections import CONNECTIONS
from sfstream.display.chinese.notebook import NOTEBOOK
from sfstream.display.chinese.options import OPTIONS
from sfstream.display.chinese.requests import REQUESTS
from sfstream.display.chinese.settings import SETTINGS
from sfstream.display.chinese.stored import STORED

CHINESE = ANSWERS | CONNECTIONS | NOTEBOOK | OPTIONS | REQUESTS | SETTINGS | STORED
