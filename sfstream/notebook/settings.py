"""The settings: ``%config SfChat.model = "…"`` in a notebook, ``c.SfChat.model`` in ``ipython_config.py``."""

from __future__ import annotations

from typing import Any

from traitlets import All, Bool, Dict, Enum, Float, Int, List, TraitError, Unicode, Union, observe, validate
from traitlets.config import Configurable

from sfstream.core import config
from sfstream.notebook.options import variable


class SfChat(Configurable):
    """Settings of sfstream. None means not set: the server's own value holds, or the environment's."""

    base_url = Unicode(
        None, allow_none=True, help="Where requests go; else SILICONFLOW_BASE_URL, else https://api.siliconflow.cn/v1."
    ).tag(config=True)
    model = Unicode(None, allow_none=True, help="The model; else SILICONFLOW_MODEL.").tag(config=True)
    system = Unicode(None, allow_none=True, help="The system prompt.").tag(config=True)
    out = Unicode(None, allow_none=True, help="A variable that each cell's reply is bound to.").tag(config=True)
    temperature = Float(None, allow_none=True, help="0 to 2.").tag(config=True)
    top_p = Float(None, allow_none=True, help="0 to 1.").tag(config=True)
    top_k = Int(None, allow_none=True, help="1 to 100, or -1 for all.").tag(config=True)
    min_p = Float(None, allow_none=True, help="0 to 1.").tag(config=True)
    max_tokens = Int(None, allow_none=True, help="Most tokens of the answer, reasoning apart.").tag(config=True)
    frequency_penalty = Float(None, allow_none=True, help="-2 to 2.").tag(config=True)
    stop = List(Unicode(), None, allow_none=True, help="Up to 4 texts that end the answer.").tag(config=True)
    think = Bool(None, allow_none=True, help="Whether to think first (enable_thinking).").tag(config=True)
    thinking_budget = Int(None, allow_none=True, help="Most tokens of the reasoning, 128 to 32768.").tag(config=True)
    effort = Unicode(None, allow_none=True, help="How hard to think: high or max (reasoning_effort).").tag(config=True)
    params = Dict(None, allow_none=True, help="Other fields of the request's body.").tag(config=True)
    via = Enum(["openai", "requests", "curl"], "openai", help="How to send.").tag(config=True)
    dry_run = Bool(False, help="In cells: show what would be sent, and send nothing.").tag(config=True)
    record = Unicode(None, allow_none=True, help="A file that each stream is written to, over the last.").tag(
        config=True
    )
    replay = Unicode(None, allow_none=True, help="A recording to play instead of asking.").tag(config=True)
    speed = Union(
        [Float(), Enum(["max"])],
        default_value=None,
        allow_none=True,
        help="Of a replay: how many times as fast, or 'max'.",
    ).tag(config=True)
    log = Bool(True, help="Whether to keep each answer in the log.").tag(config=True)
    display = Enum(["auto", "live", "html", "text", "off"], "auto", help="How to show an answer.").tag(config=True)
    language = Enum(["auto", "en", "zh"], "auto", help="What the display speaks; auto is the page's.").tag(config=True)
    retries = Int(2, min=0, help="How often a refusal that may pass is tried again.").tag(config=True)
    first_byte = Float(120.0, min=0, help="Seconds without anything before the first byte.").tag(config=True)
    between = Float(60.0, min=0, help="Seconds without anything after it.").tag(config=True)

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        for name in self.trait_names(config=True):
            # Only what is set here: another shell of this process may have set what this one has not.
            if (value := getattr(self, name)) != self.trait_defaults(name):
                self._write(name, value)

    def forget(self) -> None:
        """Take what was set back out of the config.settings."""
        for name in self.trait_names(config=True):
            config.settings.pop(name, None)

    @validate("out")
    def _checked(self, proposal: Any) -> Any:
        if proposal["value"]:
            try:
                return variable(proposal["value"])
            except ValueError as error:
                raise TraitError(f"SfChat.out is {proposal['value']!r:.60}; expected {error}.") from None
        return proposal["value"]

    @observe(All)
    def _changed(self, change: Any) -> None:
        if change["name"] in self.trait_names(config=True):
            self._write(change["name"], change["new"])

    def _write(self, name: str, value: Any) -> None:
        if value is None or value in ("", [], {}):
            config.settings.pop(name, None)
        else:
            config.settings[name] = value
