"""What servers refuse, and what to do about it."""

from __future__ import annotations

SERVERS: dict[str, str] = {
    # What happened
    "{what} ({marks}): {reason}": "{what}（{marks}）：{reason}",
    "{what}: {reason} ({marks})": "{what}：{reason}（{marks}）",
    "it gave no reason": "没有给出原因",
    "in the stream": "在流中",
    "code {code}": "代码 {code}",
    "trace id {id}": "追踪 ID：{id}",
    "The server refused the API key": "服务器拒绝了 API 密钥",
    "The account's balance is too low": "账户余额不足",
    "The server denied access": "服务器拒绝访问",
    "The server did not find what was asked for": "服务器没有找到所请求的内容",
    "The request is too large": "请求过大",
    "The prompt is longer than the model's context": "提示词超出了模型的上下文长度",
    "The prompt and the answer are longer than the model's context": "提示词和回答的总长度超出了模型的上下文长度",
    "A rate limit was reached": "达到了速率限制",
    "The server could not answer": "服务器无法响应",
    "The server refused the request": "服务器拒绝了请求",
    # What to do
    "Check the model's name (-m) and the base URL, which usually ends in /v1.": (
        "请检查模型名称（-m）和 Base URL，后者通常以 /v1 结尾。"
    ),
    "Check the model's name and the base URL, which usually ends in /v1.": (
        "请检查模型名称和 Base URL，后者通常以 /v1 结尾。"
    ),
    "Check the model's name (-m). %sfmodels, or sfstream.models() in Python, lists the models.": (
        "请检查模型名称（-m）。%sfmodels 会列出所有模型，在 Python 中是 sfstream.models()。"
    ),
    "Check the model's name. sfstream.models() lists the models.": (
        "请检查模型名称。sfstream.models() 会列出所有模型。"
    ),
    "Send less: a shorter prompt, or smaller images.": "请缩短提示词，或使用更小的图像。",
    "Send less: a shorter prompt or conversation, or a smaller {max_tokens}; or use a model with more context.": (
        "请缩短提示词或对话，或减小 {max_tokens}；也可以换用上下文更长的模型。"
    ),
    "Wait a little, or use another model.": "请稍候，或换一个模型。",
    "Try again a little later, or use another model.": "请稍后重试，或换一个模型。",
    "This limit is per hour or per day: wait, or use another model.": (
        "这是按小时或按天计算的限制：请等待，或换一个模型。"
    ),
    "The server asks to wait {minutes} minutes. Ask again then, or use another model.": (
        "服务器要求等待 {minutes} 分钟。请到时再提问，或换一个模型。"
    ),
    "This model takes no images: choose one that does with -m. %sfmodels lists the models.": (
        "此模型不支持图像：请用 -m 选择支持图像的模型。%sfmodels 会列出所有模型。"
    ),
    "This model takes no images: choose another model. sfstream.models() lists the models.": (
        "此模型不支持图像：请换一个模型。sfstream.models() 会列出所有模型。"
    ),
    "The server or the model does not take {names}: leave out {flags} (in Python: {keywords}).": (
        "服务器或模型不支持 {names}：请去掉 {flags}（在 Python 中是 {keywords}）。"
    ),
    "The server or the model does not take {names}: leave out {keywords}.": (
        "服务器或模型不支持 {names}：请去掉 {keywords}。"
    ),
    "{names} is set by {flags} (in Python: {keywords}).": "{names} 由 {flags} 设置（在 Python 中是 {keywords}）。",
    "{names} is set by {keywords}.": "{names} 由 {keywords} 设置。",
    "{names} and {last}": "{names} 和 {last}",
    # The account and its key
    "Top up the account, or use a free model with -m.": "请为账户充值，或用 -m 选择免费模型。",
    "Top up the account, or use a free model.": "请为账户充值，或使用免费模型。",
    "Verify the identity of the account's owner on the website of the server.": (
        "请在服务器的网站上完成账户所有者的实名认证。"
    ),
    "On SiliconFlow this means the balance, or an account whose real name is not verified.": (
        "在 SiliconFlow，这表示余额不足，或账户没有实名认证。"
    ),
    "Keys of siliconflow.cn and siliconflow.com differ, and this was {place}. For the other region:\n{how}": (
        "siliconflow.cn 和 siliconflow.com 的密钥互不通用，这次请求的是 {place}。要改用另一个区域：\n{how}"
    ),
    "No key was sent: SILICONFLOW_API_KEY goes to SiliconFlow, and to the server that SILICONFLOW_BASE_URL names. "
    "%sfkey asks for a key of this one.": (
        "没有发送密钥：SILICONFLOW_API_KEY 只发送到 SiliconFlow 和 SILICONFLOW_BASE_URL 指定的服务器。"
        "运行 %sfkey 可以输入这个服务器的密钥。"
    ),
    "No key was sent: SILICONFLOW_API_KEY goes to SiliconFlow, and to the server that SILICONFLOW_BASE_URL names.": (
        "没有发送密钥：SILICONFLOW_API_KEY 只发送到 SiliconFlow 和 SILICONFLOW_BASE_URL 指定的服务器。"
    ),
    "A key was sent: check that it belongs to {place}, or type %sfkey to enter another.": (
        "密钥已发送：请检查它是否属于 {place}，或运行 %sfkey 输入另一个。"
    ),
    "A key was sent: check that it belongs to {place}.": "密钥已发送：请检查它是否属于 {place}。",
    "The base URL {url} leads elsewhere, and redirects are not followed.": (
        "Base URL {url} 会重定向到别处，而重定向不会被跟随。"
    ),
    # The list of models
    "{url} does not exist: this server lists no models, or the base URL is wrong.": (
        "{url} 不存在：这个服务器不列出模型，或者 Base URL 有误。"
    ),
    "Expected a list of models from {url}, got something else: {body}": (
        "{url} 应返回模型列表，收到的却是其他内容：{body}"
    ),
}
