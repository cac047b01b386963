"""Living in a notebook: the magics, their options, and the settings."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

from sfstream.notebook import typed_key
from sfstream.notebook.prompt_line import TRANSFORMS
from sfstream.notebook.settings import SfChat

_is_warm = False

MAGICS = ("sfchat", "sfdemo", "sfkey", "sflog", "sfmodels")


def load(shell: Any) -> None:
    """Register the magics and the settings; when the cell is done, import what the first prompt will need."""
    from sfstream.notebook.magic import SfMagics

    settings = SfChat(parent=shell)
    shell.configurables.append(settings)
    shell.register_magics(SfMagics(shell, settings))
    shell.input_transformer_manager.token_transformers.extend(TRANSFORMS)
    shell.events.register("pre_run_cell", typed_key.warn)
    shell.events.register("post_run_cell", _begin_to_warm)


def unload(shell: Any) -> None:
    """Undo `load`. Variables stay."""
    for magics in shell.magics_manager.magics.values():
        for name in MAGICS:
            magics.pop(name, None)
    from sfstream.demo import running

    if running.stop():
        print("The demo server has stopped.")  # noqa: T201  # or the next prompt would be paid for, unawares
    for configurable in [each for each in shell.configurables if isinstance(each, SfChat)]:
        configurable.forget()
        shell.configurables.remove(configurable)
    with contextlib.suppress(ValueError):  # another shell may have loaded it
        shell.events.unregister("pre_run_cell", typed_key.warn)
        shell.events.unregister("post_run_cell", _begin_to_warm)
    transformers = shell.input_transformer_manager.token_transformers
    transformers[:] = [each for each in transformers if each not in TRANSFORMS]


def _begin_to_warm(_: object) -> None:
    global _is_warm
    if not _is_warm:
        from sfstream.display.frontend import front_end

        _is_warm = True
        is_notebook = front_end() == "notebook"  # here and now: it is told by the request that is being executed
        threading.Thread(target=_warm, args=[is_notebook], name="sfstream warm-up", daemon=True).start()


def _warm(is_notebook: bool) -> None:
    if is_notebook:  # nowhere else: nbclient keeps the state of every widget that it sees in the notebook
        from sfstream.display.hello import open_probe

        open_probe()
    # The openai library takes over a second to import, mostly while the user types the first prompt.
    with contextlib.suppress(ImportError):
        import openai.resources.chat.completions  # noqa: F401

        import sfstream.api  # noqa: F401
    from sfstream.markdown.renderer import rendered

    rendered("```python\n1\n```\n$x$", "mathml")  # loads the lexers and the typesetter before the first token comes
