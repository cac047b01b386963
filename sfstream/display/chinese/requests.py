"""Values, settings and prompts that cannot be used: errors before anything is sent."""

from __future__ import annotations

REQUESTS: dict[str, str] = {
    # Values of options and arguments
    "{name} is {value}; expected the path of a file.": "{name} 是 {value}；应为文件的路径。",
    "{name} is {value}; expected a text, or up to {most} of them.": (
        "{name} 是 {value}；应为一段文本，或最多 {most} 段文本的列表。"
    ),
    "{name} holds {count} texts; expected 1 to {most}.": "{name} 中有 {count} 段文本；应为 1 至 {most} 段。",
    "one of {choices}": "{choices} 之一",
    "True or False": "True 或 False",
    "a text": "文本",
    "a whole number": "整数",
    "a number": "数字",
    "{number} from {range}": "{number}，范围是 {range}",
    "{number} of at least {low}": "不小于 {low} 的{number}",
    "{low} to {high}": "{low} 至 {high}",
    "{low} to {high}, or {value} for {meaning}": "{low} 至 {high}，或 {value}（表示{meaning}）",
    "all": "全部",
    "a text such as 'high'": "文本，例如 'high'",
    "1: one answer is shown at a time": "1（每次只显示一个回答）",
    "a dict such as {example}": "字典，例如 {example}",
    "a list of functions": "函数的列表",
    "the name of a type or JSON schema, such as 'list[Item]'": "类型或 JSON schema 的名称，例如 'list[Item]'",
    "'auto', or a dict": "'auto' 或字典",
    "speed is {speed}; expected a number from {range}, or max.": (
        "speed 是 {speed}；应为数字，范围是 {range}，或 max。"
    ),
    "speed is given without replay: only a replay has a speed.": (
        "给出了 speed，但没有给出 replay：只有回放才有速度。"
    ),
    "record and replay both name {path}: record to another file.": (
        "record 和 replay 都是 {path}：请录制到另一个文件。"
    ),
    "display and into both say where to show the answer: leave one of them out.": (
        "display 和 into 都指定了显示回答的位置：请去掉其中一个。"
    ),
    "This view already shows another answer. Create a StreamView for each answer.": (
        "这个视图已在显示另一个回答。请为每个回答创建一个 StreamView。"
    ),
    "to_frame() needs pandas. Install it with: pip install 'sfstream[table]'": (
        "to_frame() 需要 pandas。安装方法：pip install 'sfstream[table]'"
    ),
    "timeline() expects further replies, such as reply.timeline(other), got {type}.": (
        "timeline() 的参数应为其他 Reply，例如 reply.timeline(other)，收到的是 {type}。"
    ),
    "There is no program for this reply: its stream does not say what was asked.": (
        "无法为这个回答生成程序：流中没有说明提问的内容。"
    ),
    "The request holds an image, which would be {size} characters of the program: attach the image by its web address "
    "(https://…), or leave it out.": (
        "请求中有图像，它会在程序中占 {size} 个字符：请用图像的网址（https://…）附加它，或去掉它。"
    ),
    "wire(), timeline() and play() need the bytes of a stream, and this reply has none: it was made from objects "
    "passed to show().": ("wire()、timeline() 和 play() 需要流的字节，而这个回答没有：它来自传给 show() 的对象。"),
    # The request
    "model is {value}; expected a name such as 'deepseek-ai/DeepSeek-V4-Flash'.": (
        "model 是 {value}；应为模型名称，例如 'deepseek-ai/DeepSeek-V4-Flash'。"
    ),
    "The prompt is empty; expected text, or a list of messages.": "提示词是空的；应为文本或消息列表。",
    "The prompt is {prompt}; expected text, or a list of messages.": "提示词是 {prompt}；应为文本或消息列表。",
    "A message is {message}; expected a dict such as {example}.": "有一条消息是 {message}；应为字典，例如 {example}。",
    "params is {params}; expected a dict of names and values.": "params 是 {params}；应为由名称和值组成的字典。",
    "{option} and {param} set the same field: leave one of them out.": (
        "{option} 和 {param} 设置了同一个字段：请去掉其中一个。"
    ),
    "The request holds half of a character (U+{code}), which cannot be sent: take it out, or copy the text anew.": (
        "请求中有半个字符（U+{code}），无法发送：请去掉它，或重新复制这段文本。"
    ),
    "The request cannot be written as JSON: {reason}.": "请求无法写成 JSON：{reason}。",
    "format is {format}, and a schema takes JSON: leave one of them out.": (
        "format 是 {format}，而 schema 需要 JSON：请去掉其中一个。"
    ),
    "json_mode says how to ask for JSON: give it with a schema or with format='json'.": (
        "json_mode 指定如何要求 JSON：请与 schema 或 format='json' 一起使用。"
    ),
    "format='json' and schema set response_format themselves: take it out of params, or leave them out.": (
        "format='json' 和 schema 会自行设置 response_format：请从 params 中去掉它，或不使用这两个参数。"
    ),
    "json_mode is 'json_schema', which requires a schema (--schema NAME).": (
        "json_mode 是 'json_schema'，需要同时给出 schema（--schema NAME）。"
    ),
    "json_mode is 'json_schema', which requires a schema.": "json_mode 是 'json_schema'，需要同时给出 schema。",
    "schema is {schema}; expected a pydantic model, a dataclass, a TypedDict, a list[...] of one of these, or a dict "
    "that is a JSON schema.": (
        "schema 是 {schema}；应为 pydantic 模型、dataclass、TypedDict、由它们组成的 list[...]，"
        "或内容为 JSON schema 的字典。"
    ),
    "What is wrong: {reason}.": "问题在于：{reason}。",
    "it has none of the keywords {names}": "其中没有任何一个关键字：{names}",
    "items() needs the schema of a list, such as schema=list[Item], and a stream that has not ended.": (
        "items() 需要列表的 schema（例如 schema=list[Item]）和尚未结束的流。"
    ),
    # Images
    "a path, a URL, bytes, a PIL image, or a figure of matplotlib": (
        "路径、URL、bytes、PIL 图像或 matplotlib 的 figure"
    ),
    "attach is {path}; expected {expected}.": "attach 是 {path}；应为{expected}。",
    "attach expects {expected}; {name} is of type {type}.": "attach 应为{expected}；{name} 的类型是 {type}。",
    "attach needs a prompt: the last of the messages is not the user's.": (
        "attach 需要提示词：最后一条消息不是用户的消息。"
    ),
    "{url} cannot be attached; expected {form}.": "无法附加 {url}；应为 {form}。",
    "{path} has {size} bytes; images up to {limit} bytes are read.": (
        "{path} 有 {size} 字节；最多只读取 {limit} 字节的图像。"
    ),
    "There is no image {path} in {folder}; expected {expected}.": "{folder} 中没有图像 {path}；应为{expected}。",
    "The image {path} cannot be read: {reason}.": "无法读取图像 {path}：{reason}。",
    "{name} has {size} pixels; more than {limit} are not read. Scale it down.": (
        "{name} 有 {size} 像素；超过 {limit} 像素的图像不会读取。请先缩小它。"
    ),
    "{name} is an image that cannot be read: {size} pixels; more than {limit} are not read.": (
        "无法读取图像 {name}：它有 {size} 像素，超过 {limit} 像素的图像不会读取。"
    ),
    "{name} is not an image that can be read.": "{name} 不是可以读取的图像。",
    "{name} is an image that cannot be read: {reason}.": "无法读取图像 {name}：{reason}。",
    "{name} is no PNG, JPEG, GIF or WebP image. Others need pillow, which is not installed: "
    "pip install 'sfstream[images]'": (
        "{name} 不是 PNG、JPEG、GIF 或 WebP 图像。其他图像需要 pillow，而它没有安装：pip install 'sfstream[images]'"
    ),
    "{name} has {pixels} pixels and {bytes} bytes. Images of more than {side} pixels or {limit} bytes need pillow, "
    "which is not installed: pip install 'sfstream[images]'": (
        "{name} 有 {pixels} 像素，{bytes} 字节。超过 {side} 像素或 {limit} 字节的图像需要 pillow，"
        "而它没有安装：pip install 'sfstream[images]'"
    ),
    # Conversations
    "after and conversation both say what to continue: leave one of them out.": (
        "after 和 conversation 都指定了要继续的对话：请去掉其中一个。"
    ),
    "after is {value}; expected a Reply.": "after 是 {value}；应为 Reply。",
    "There is a conversation {name} already; choose another name.": "已经有名为 {name} 的对话；请换一个名称。",
    "There is no conversation {name}. There are: {there}.": "没有名为 {name} 的对话。现有的对话：{there}。",
    "none; {call} begins one": "无；{call} 会开始一个",
    "There is no turn {turn}: the conversation {name} has no turns.": "没有第 {turn} 轮：对话 {name} 还没有任何一轮。",
    "There is no turn {turn}: the conversation {name} has the turns 1 to {last}.": (
        "没有第 {turn} 轮：对话 {name} 有第 1 至 {last} 轮。"
    ),
    "The name of a conversation is {name}; expected a text.": "对话的名称是 {name}；应为文本。",
    "This reply cannot be continued: its stream was opened elsewhere and its prompt is unknown.": (
        "无法从这个回答继续：它的流是在别处打开的，提示词未知。"
    ),
    # Streams for sfstream.show
    "expected chunks of the openai library, a response opened with stream=True, or an iterator of texts; none of them "
    "asynchronous.": ("应为 openai 库的数据块、以 stream=True 打开的响应，或文本的迭代器；三者都不能是异步的。"),
    "The stream is a text that is complete already;": "传入的是一段已经完整的文本；",
    "The stream is {stream};": "传入的流是 {stream}；",
    "The stream is {stream}, of an asynchronous client;": "传入的流是 {stream}，来自异步客户端；",
    "The stream is a finished completion: pass stream=True to create() to stream it.": (
        "传入的是已经完成的回答：要流式传输，请给 create() 加上 stream=True。"
    ),
    "The stream was read already, to its end; create it again.": "这个流已经读到结尾；请重新创建。",
    "The stream was read already, all or some of it; open it with {call} and pass it unread.": (
        "这个流已经被读过全部或一部分；请用 {call} 打开，不要读取就传入。"
    ),
    "The stream is a Reply already; as the last value of a cell it is displayed.": (
        "传入的已经是 Reply；把它作为单元格的最后一个值就会显示。"
    ),
    "Stopped before the request was sent.": "已在发送请求之前停止。",
    "Stopped.": "已停止。",
    # Keys and addresses
    "No API key. Type %sfkey to enter one, set SILICONFLOW_API_KEY, or type %sfdemo to try without one.": (
        "没有 API 密钥。运行 %sfkey 输入密钥，或设置 SILICONFLOW_API_KEY；运行 %sfdemo 可以在没有密钥时试用。"
    ),
    "No API key. Set the environment variable SILICONFLOW_API_KEY.": (
        "没有 API 密钥。请设置环境变量 SILICONFLOW_API_KEY。"
    ),
    "The API key cannot be used: it holds {what} at position {position} of {length}. Copy it again, alone and whole.": (
        "无法使用这个 API 密钥：共 {length} 个字符，第 {position} 个是{what}。请重新复制，只复制密钥，并且复制完整。"
    ),
    "a line break": "换行符",
    "a space": "空格",
    "a tab": "制表符",
    "a character that is not ASCII": "非 ASCII 字符",
    "a control character": "控制字符",
    "{url} is not encrypted, and anyone on the way could read the API key: use https.": (
        "{url} 没有加密，途中任何人都能读到 API 密钥：请使用 https。"
    ),
    "{place}: {error}": "{place}：{error}",
    "The saved keys cannot be read: {reason}. %sfkey --save writes them anew.": (
        "无法读取已保存的密钥：{reason}。%sfkey --save 会重新写入。"
    ),
    "The saved keys cannot be read: {reason}. Delete the file.": "无法读取已保存的密钥：{reason}。请删除这个文件。",
    "it is not JSON": "它不是 JSON",
    "The key cannot be saved in {target}: {reason}. Set {variable}.": (
        "无法把密钥保存到 {target}：{reason}。请设置 {variable}。"
    ),
    "The request holds the API key that it would be sent with, {where}. Nothing was sent. Remove the key there: the "
    "server gets it anyway, and a model must not see it.": (
        "请求中含有发送时要使用的 API 密钥（{where}）。没有发送任何内容。请从中删除密钥："
        "服务器反正会收到它，而模型不应看到它。"
    ),
    "as the name of a parameter": "作为参数的名称",
    "in {path}": "在 {path} 中",
    "in {path} (role {role})": "在 {path} 中，role 为 {role}",
    "The base URL holds a user name or password;": "Base URL 中有用户名或密码；",
    "The base URL {url} cannot be read;": "无法解析 Base URL {url}；",
    "The base URL is {url};": "Base URL 是 {url}；",
    "The base URL {url} has a part after ? or #;": "Base URL {url} 中有 ? 或 # 之后的部分；",
    "The base URL {url} is one step too long; take {shorter}": "Base URL {url} 多了一段；请改为 {shorter}",
    "The base URL {url} lacks /v1; take {whole}": "Base URL {url} 缺少 /v1；请改为 {whole}",
    "expected one such as {url}.": "正确的例子：{url}。",
}
