"""The magics, their options, and the settings; what ``%load_ext sfstream`` and ``%unload_ext sfstream`` do."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

from sfstream.core import hints
from sfstream.notebook import key_warning
from sfstream.notebook.complete import complete
from sfstream.notebook.last_error import note_error
from sfstream.notebook.prompt_line import TRANSFORMS
from sfstream.notebook.settings import SfChat

_is_warm = False


def load(shell: Any) -> None:
    """Register the magics and the settings. After the cell, import in a thread what the first prompt will need."""
    from sfstream.notebook.magic import SfMagics

    settings = SfChat(parent=shell)
    shell.configurables.append(settings)
    shell.register_magics(SfMagics(shell, settings))
    shell.input_transformer_manager.token_transformers.extend(TRANSFORMS)
    shell.Completer.custom_matchers.append(complete)
    for event, callback in _CALLBACKS:
        shell.events.register(event, callback)
    hints.are_magics_loaded = True


def unload(shell: Any) -> None:
    """Undo `load`, and stop the demo server. Every step runs, also if another fails. The variables of answers stay."""
    with contextlib.ExitStack() as steps:  # runs them from the last to the first
        steps.callback(_remove_settings, shell)
        for event, callback in _CALLBACKS:
            steps.callback(shell.events.unregister, event, callback)
        steps.callback(_remove_transforms, shell)
        steps.callback(_forget)
        steps.callback(_remove_magics, shell)
        steps.callback(_remove_completion, shell)
        steps.callback(_close_probe)
        steps.callback(_stop_demo)
        hints.are_magics_loaded = False


def _stop_demo() -> None:
    from sfstream.demo.server import stop_demo
    from sfstream.display.translations import translate
    from sfstream.notebook.sfdemo import FORMER

    FORMER.clear()
    if stop_demo():
        # The next prompt may go to a server that costs money.
        print(translate("The demo server has stopped."))  # noqa: T201  # the output of the cell


def _forget() -> None:
    from sfstream.notebook.last_error import forget_error
    from sfstream.notebook.last_request import forget_requests

    forget_error()
    forget_requests()


def _close_probe() -> None:
    global _is_warm
    from sfstream.display.frontend import close_probe

    _is_warm = False
    close_probe()


def _remove_magics(shell: Any) -> None:
    from sfstream.notebook.magic import SfMagics

    for magics in shell.magics_manager.magics.values():
        for name, magic in list(magics.items()):
            if isinstance(getattr(magic, "__self__", None), SfMagics):
                del magics[name]
    shell.magics_manager.registry.pop(SfMagics.__name__, None)
    shell.configurables[:] = [each for each in shell.configurables if not isinstance(each, SfMagics)]


def _remove_transforms(shell: Any) -> None:
    transformers = shell.input_transformer_manager.token_transformers
    transformers[:] = [each for each in transformers if each not in TRANSFORMS]


def _remove_completion(shell: Any) -> None:
    matchers = shell.Completer.custom_matchers
    matchers[:] = [each for each in matchers if each is not complete]


def _remove_settings(shell: Any) -> None:
    for settings in [each for each in shell.configurables if isinstance(each, SfChat)]:
        shell.configurables.remove(settings)
        settings.forget()


def _begin_to_warm(_: object) -> None:
    global _is_warm
    if not _is_warm:
        from sfstream.display.frontend import front_end

        _is_warm = True
        is_notebook = front_end() == "notebook"  # here, not in the thread: the request that is executed says it
        threading.Thread(target=_warm, args=[is_notebook], name="sfstream warm-up", daemon=True).start()


def _warm(is_notebook: bool) -> None:
    if is_notebook:  # elsewhere the probe may be saved: nbclient writes the state of all widgets into the notebook
        from sfstream.display.frontend import open_probe

        open_probe()
    # The openai library takes over a second to import, mostly while the user types the first prompt.
    with contextlib.suppress(ImportError):  # raised where Python ends meanwhile
        import openai.resources.chat.completions  # noqa: F401

        import sfstream.api  # noqa: F401
    from sfstream.markdown.renderer import rendered

    rendered("```python\n1\n```\n$x$", "mathml")  # loads the lexers and the typesetter before the first token comes


_CALLBACKS = (
    ("pre_run_cell", key_warning.warn),
    ("post_run_cell", note_error),
    ("post_run_cell", _begin_to_warm),
)
