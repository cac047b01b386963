"""What is typed on the line of a magic: options, commands, and what was meant by others."""

from __future__ import annotations

OPTIONS = {
    # `params` in Python
    "params holds 'model', which has a keyword and a setting of its own: model.": (
        "params 中有 'model'，它有自己的关键字参数和设置：model。"
    ),
    "params holds 'messages'. The prompt may be a list of messages: give it as the prompt.": (
        "params 中有 'messages'。提示词可以是消息列表：请把它作为提示词传入。"
    ),
    "params holds 'stream'. sfstream always streams: take it out.": (
        "params 中有 'stream'。sfstream 总是流式传输：请去掉它。"
    ),
}
