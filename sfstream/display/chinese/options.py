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
    # options that cannot be used
    "There is no option {flag}.": "没有选项 {flag}。",
    " or ": " 或 ",
    " and ": " 和 ",
    "Names cannot be abbreviated.": "名称不能缩写。",
    "%%sfchat? lists the options.": "%%sfchat? 列出全部选项。",
    "Put -- before a prompt that begins with a dash.": "提示词以短横线开头时，请在前面加上 --。",
    "{flag}: {flags} set the same option, which may be given once.": "{flag}：{flags} 是同一个选项，只能给出一次。",
    "{flag} takes no value, got {got}.": "{flag} 不带值；收到的是 {got}。",
    "{flag} expects {value}: {help}.": "{flag} 需要 {value}：{help}。",
    "{flag}: expected a space after {before}, got {got}.": "{flag}：{before} 之后应有空格；收到的是 {got}。",
    "{flag}: expected a space before {got}.": "{flag}：{got} 之前应有空格。",
    "{flag} expects {value}, got the option {got}.": "{flag} 需要 {value}；收到的是选项 {got}。",
    "{flag}: the quote {opened} is not closed; expected {closing} at the end.": (
        "{flag}：引号 {opened} 没有闭合；末尾应有 {closing}。"
    ),
    "a number": "数字",
    "a whole number": "整数",
    "a number from {low} to {high}, or max": "{low} 到 {high} 之间的数字，或 max",
    "the name of a variable": "变量名",
    "another name, since sfstream binds this one itself": "另一个名称：这个变量由 sfstream 自己赋值",
    "KEY=VALUE, such as {example}": "KEY=VALUE，例如 {example}",
    "-p does not set {key}. {why}": "-p 不能设置 {key}。{why}",
    "The model has an option of its own: -m.": "模型有自己的选项：-m。",
    "sfstream makes the messages of the prompt, -s and the conversation.": (
        "消息由 sfstream 用提示词、-s 和对话生成。"
    ),
    "sfstream always streams.": "sfstream 总是流式传输。",
    "sfstream always streams: leave the option out.": "sfstream 总是流式传输：请去掉此选项。",
    "The prompt needs no option: it follows the options.": "提示词不需要选项：直接写在选项之后。",
    "Answers are logged unless --no-log is given.": "除非使用 --no-log，回答都会记入日志。",
    "-m asks a model; %sfmodels lists them.": "-m 选择模型；%sfmodels 列出模型。",
    "%sfchat without a prompt shows versions and settings.": "不带提示词的 %sfchat 显示版本和设置。",
    # what stands in the wrong place
    "There is no prompt. Type %sfchat PROMPT, or %%sfchat and the prompt below it. %%sfchat? helps.": (
        "没有提示词。请写 %sfchat 提示词，或者先写 %%sfchat，再在下一行写提示词。%%sfchat? 显示帮助。"
    ),
    "The prompt starts on the second line; the first line takes only options, got {got}.": (
        "提示词从第二行开始；第一行只能写选项，收到的是 {got}。"
    ),
    "{flag} takes one word, unless its value is in quotes.": "{flag} 只取一个词，除非值在引号里。",
    "The system prompt is {word} alone: several words need quotes.": "系统提示词只有 {word}：多个词需要加引号。",
    "{options} was sent as part of the prompt. Options come first: {line}": (
        "{options} 作为提示词的一部分发送了。选项应写在前面：{line}"
    ),
    "-p {field} can also be typed as an option: {typed}.": "-p {field} 也可以写成选项：{typed}。",
    "The request holds the field {field}.": "请求中有字段 {field}。",
    # what the value of an option is
    "the model to ask; else SILICONFLOW_MODEL": "要提问的模型；否则用 SILICONFLOW_MODEL",
    "the system prompt": "系统提示词",
    "take part in the conversation NAME": "参与名为 NAME 的对话",
    "bind the Reply also to the variable NAME": "把 Reply 也赋给变量 NAME",
    "sampling temperature": "采样温度",
    "nucleus sampling": "核采样",
    "sample from the K likeliest tokens": "从概率最高的 K 个 token 中采样",
    "least probability, relative to the likeliest token": "相对于最可能的 token 的最小概率",
    "end the answer after N tokens; reasoning does not count": "回答到 N 个 token 为止；思考不计在内",
    "avoid repetition": "避免重复",
    "end the answer at TEXT; up to 4 of them": "回答到 TEXT 为止；最多 4 个",
    "end the reasoning after N tokens": "思考到 N 个 token 为止",
    "how hard to think: high or max (reasoning_effort)": "思考的强度，high 或 max（reasoning_effort）",
    "any other field of the body; JSON if it parses": "请求体的其他字段；能解析时按 JSON",
    "send an image along: path, URL, or variable": "附上图片：路径、URL 或变量",
    "how closely images are looked at": "看图片的细致程度",
    "show text, put code in a new cell, read JSON": "显示纯文本、把代码放进新单元格，或读取 JSON",
    "take JSON that fits the type or JSON schema NAME": "接收符合类型或 JSON schema NAME 的 JSON",
    "ask for JSON in this way only": "只用这种方式要求 JSON",
    "send with openai, requests or curl; the results are the same": "用 openai、requests 或 curl 发送；结果相同",
    "show the answer as auto, live, html, text or off": "显示回答的方式：auto、live、html、text 或 off",
    "show the call as a program; send nothing": "把这次调用显示为程序；不发送",
    "write the stream to FILE while it arrives, replacing the file": "边接收边把流写入 FILE，覆盖原文件",
    "play the recording FILE instead of sending: no key, no network": "不发送，而是播放录制文件 FILE：不需要密钥和网络",
    "play a replay N times as fast, or without waiting": "以 N 倍速度回放，或不等待",
    # commands of the other magics
    "%sflog alone lists the newest answers.": "只写 %sflog 会列出最新的回答。",
    "%sfdemo alone starts the demo server.": "只写 %sfdemo 会启动演示服务器。",
    "%sflog?, %sfdemo?, %sfkey? and %sfmodels? show help.": "%sflog?、%sfdemo?、%sfkey? 和 %sfmodels? 显示帮助。",
    "%sfmodels lists all models; %sfmodels qwen those with qwen in their names.": (
        "%sfmodels 列出全部模型；%sfmodels qwen 列出名称中含有 qwen 的模型。"
    ),
}
