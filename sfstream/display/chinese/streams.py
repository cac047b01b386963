"""Bodies that are no stream of chat completion events, and answers that hold no value as it was asked for."""

from __future__ import annotations

STREAMS: dict[str, str] = {
    # Bodies
    "The stream was cut off: it ended without a finish reason and without [DONE].": (
        "流中断了：没有收到结束原因和 [DONE] 就结束了。"
    ),
    "It ended with: {text}": "最后的内容：{text}",
    "Not understood: {text}": "无法识别的内容：{text}",
    "The server aborted the answer (finish_reason={reason}).": "服务器中止了回答（finish_reason={reason}）。",
    "Expected a stream of events, got {what}: the server did not stream. The answer is in the reply.": (
        "应为事件流，收到的却是{what}：服务器没有流式传输。回答在 Reply 中。"
    ),
    "one plain completion": "一个完整的回答",
    "Expected a stream of events, got {what}: the response has no body. Usually the prompt is longer than the model's "
    "context, or the server has not loaded the model: send less, or look at the log of the server.": (
        "应为事件流，{what}：响应没有正文。通常是提示词超出了模型的上下文长度，或者服务器没有加载模型："
        "请缩短提示词，或查看服务器的日志。"
    ),
    "nothing at all": "却什么也没有收到",
    "Expected a stream of events, got {what}. Is the base URL right? It begins: {text}": (
        "应为事件流，收到的却是{what}。请检查 Base URL 是否正确。开头是：{text}"
    ),
    "something else": "其他内容",
    "{what} ({type})": "{what}（{type}）",
    "This is not a chat completion stream (it looks like {api}). Is the base URL right? It begins: {text}": (
        "这不是 chat completion 流（看起来是{api}）。请检查 Base URL 是否正确。开头是：{text}"
    ),
    "Expected chat completion chunks, and understood none of the frames. Is the base URL right? The server sent: "
    "{text}": ("应为 chat completion 数据块，但没有一个数据帧能识别。请检查 Base URL 是否正确。服务器发送了：{text}"),
    "Expected events of at most {limit} bytes, got a longer event. Is the base URL that of a chat API?": (
        "事件最多为 {limit} 字节，收到的事件更长。请检查 Base URL 是否是聊天 API 的地址。"
    ),
    "Expected chunks of a chat completion, or texts, got: {type}": (
        "应为 chat completion 的数据块或文本，收到的是：{type}"
    ),
    # Other APIs
    "the Messages API of Anthropic": " Anthropic 的 Messages API",
    "the Responses API of OpenAI": " OpenAI 的 Responses API",
    "the Assistants API of OpenAI": " OpenAI 的 Assistants API",
    "the Gemini API of Google": " Google 的 Gemini API",
    "the native API of DashScope": " DashScope 的原生 API",
    "the native API of Ollama": " Ollama 的原生 API",
    "the native API of llama.cpp": " llama.cpp 的原生 API",
    "the native API of Text Generation Inference": " Text Generation Inference 的原生 API",
    "the native API of Baidu": "百度的原生 API",
    "the Chat API of Cohere": " Cohere 的 Chat API",
    "the Converse API of Amazon Bedrock": " Amazon Bedrock 的 Converse API",
    "the API of Dify": " Dify 的 API",
    "the stream of the AI SDK of Vercel": " Vercel AI SDK 的流",
    # JSON in the answer
    "The answer is not valid JSON: {problem}.": "回答不是有效的 JSON：{problem}。",
    "{problem}, in line {line}": "{problem}，第 {line} 行",
    "{problem}, in line {line} near {text}": "{problem}，第 {line} 行，{text} 附近",
    "The answer is not JSON: its content is empty.": "回答不是 JSON：正文是空的。",
    "The answer is not JSON. It begins with {text}.": "回答不是 JSON。开头是 {text}。",
    "The outer brackets are missing around {text} in the answer.": "回答中 {text} 的外层括号缺失。",
    "The brackets of the answer do not match after {text}.": "回答中 {text} 之后的括号不匹配。",
    "The answer holds {count} code blocks, and none of them is marked as JSON.": (
        "回答中有 {count} 个代码块，但没有一个标明是 JSON。"
    ),
    "The answer holds {count} JSON texts that differ, such as {first} and {second}.": (
        "回答中有 {count} 段互不相同的 JSON，例如 {first} 和 {second}。"
    ),
    "The answer is a number that may go on.": "回答是一个数字，但可能不完整。",
    "{count} characters": "{count} 个字符",
    "{tokens} tokens ({characters})": "{tokens} 个 token（{characters}）",
    "The content filter ended the answer after {length}, before its JSON was complete.": (
        "内容过滤器在 {length}之后终止了回答，JSON 还不完整。"
    ),
    "The limit on tokens ended the answer after {length}, before its JSON was complete.": (
        "回答在 {length}之后达到了 token 数上限，JSON 还不完整。"
    ),
    "Complete items of the list: {count}.": "列表中完整的项：{count} 个。",
    "Raise or leave out max_tokens (--max-tokens).": "请增大或去掉 max_tokens（--max-tokens）。",
    "Raise or leave out max_tokens.": "请增大或去掉 max_tokens。",
    "The full answer is in reply.content (sf_content). Ask again, or ask in another way with json_mode "
    "(--json-mode).": (
        "完整的回答在 reply.content（sf_content）中。可以重新提问，或用 json_mode（--json-mode）换一种方式要求 JSON。"
    ),
    "The full answer is in reply.content. Ask again, or ask in another way with json_mode.": (
        "完整的回答在 reply.content 中。可以重新提问，或用 json_mode 换一种方式要求 JSON。"
    ),
    # JSON that does not fit the schema
    "The JSON of the answer does not fit the schema:": "回答的 JSON 不符合 schema：",
    "  {place}: {problem}": "  {place}：{problem}",
    "  … and {count} more": "  … 另有 {count} 处",
    "the whole": "整体",
    "it is missing": "缺少这一项",
    "{problem}, got {value}": "{problem}，收到的是 {value}",
    "the check raised {error}": "检查时抛出了 {error}",
    "Item {number} of the list: {error}": "列表的第 {number} 项：{error}",
    "{path} is not a recording: it holds no valid request. {error}": (
        "{path} 不是录制文件：其中没有有效的请求。{error}"
    ),
}
