"""What is said about an answer while it streams and when it has ended, and in the player."""

from __future__ import annotations

ANSWERS = {
    # What is waited for
    "loading the openai library": "正在加载 openai 库",
    "connecting": "正在连接",
    "waiting for the first token": "等待第一个 token",
    "trying again ({attempt} of {attempts})": "正在重试（第 {attempt} 次，共 {attempts} 次）",
    "Trying again in {seconds} s: {reason}": "{seconds} 秒后重试：{reason}",
    "stopping: decoded {done} of {all} chunks": "正在停止：已解码 {done} / {all} 个数据块",
    "streaming": "正在生成",
    "{doing} … {seconds} s": "{doing} … {seconds} 秒",
    "no data for {seconds} s": "已 {seconds} 秒没有收到数据",
    # Reasoning
    "Thinking…": "思考中…",
    "Thinking… {seconds} s": "思考中… {seconds} 秒",
    "The text above was reasoning. {thought}": "以上文字是思考过程。{thought}",
    "Thought for {seconds} s": "思考了 {seconds} 秒",
    "Thought for {seconds} s, {tokens}": "思考了 {seconds} 秒，{tokens}",
    # The status line
    "first token {seconds} s": "首个 token {seconds} 秒",
    "{speed} tokens/s": "每秒 {speed} 个 token",
    "1 token": "1 个 token",
    "{count} tokens": "{count} 个 token",
    "{tokens} ({reasoning} reasoning)": "{tokens}（其中思考 {reasoning} 个）",
    "{cached} of {asked} prompt tokens cached": "提示词 {asked} 个 token 中 {cached} 个命中缓存",
    "{seconds} s": "{seconds} 秒",
    "played from a recording of {model}": "{model} 的录制回放",
    "played from a recording of {model}, {time}": "{model} 的录制回放（{time}）",
    "written for the demo, no model": "为演示编写，并非模型输出",
    "complete": "完成",
    "reached {limit}": "已达到 {limit}",
    "reached a limit on tokens": "已达到 token 数上限",
    "reached the model's length limit": "已达到模型的长度上限",
    "ended by the content filter": "被内容过滤器终止",
    "stopped": "已停止",
    "stopped after {tokens}": "已停止，共 {tokens}",
    "cut off by the server": "被服务器中断",
    "the server stopped responding": "服务器没有再响应",
    "interrupted: its process ended first": "已中断：所在进程提前结束",
    "failed: {error}": "失败：{error}",
    # What to do about an answer that is not complete
    "Ask again for the whole answer.": "要得到完整的回答，请重新提问。",
    "Rephrase the prompt.": "请换一种说法再提问。",
    "The error message says what to do.": "错误信息说明了该怎么做。",
    "Raise {limit}.": "请调大 {limit}。",
    "Raise {limit}, or continue with {how}.": "请调大 {limit}，或用 {how} 继续。",
    "Continue with {how}.": "可用 {how} 继续。",
    "Ask for a shorter answer.": "请要求更短的回答。",
    # How a stop is reported
    "Stopped before the answer began.": "已在回答开始之前停止。",
    "Stopped. The partial answer is in {where}.": "已停止。已收到的部分在 {where} 中。",
    "Stopped after 1 token. The partial answer is in {where}.": "已停止，共 1 个 token。已收到的部分在 {where} 中。",
    "Stopped after {tokens} tokens. The partial answer is in {where}.": (
        "已停止，共 {tokens} 个 token。已收到的部分在 {where} 中。"
    ),
    # Notes
    "The answer is empty: the model ended without a word.": "回答是空的：模型没有输出任何内容就结束了。",
    "The answer came as reasoning only; its content is empty.": "模型只输出了思考过程，没有正式回答。",
    "The server sent {choices} choices; this is the first.": "服务器返回了 {choices} 个回答；这里是第一个。",
    "The server gave an unknown finish reason: {reason}.": "服务器给出了未知的结束原因：{reason}。",
    "The stream ended without [DONE].": "流没有以 [DONE] 结束。",
    "1 frame was not understood.": "有 1 个数据帧无法识别。",
    "{frames} frames were not understood.": "有 {frames} 个数据帧无法识别。",
    "answered from the log, {date}; {fresh} asks again": "取自日志（{date}）；{fresh} 可重新提问",
    "answered from {folder}, {date}; {fresh} asks again": "取自 {folder}（{date}）；{fresh} 可重新提问",
    "The answer was not kept in {folder}: {reason}.": "回答未能保存到 {folder}：{reason}。",
    "The display failed ({error}); the answer is complete.": "显示出错（{error}）；回答本身是完整的。",
    "This answer is still coming, in some kernel: this is what there is so far.": (
        "这个回答仍在某个内核中生成：这里是目前已有的内容。"
    ),
    "The file {path!r} cannot be written: {reason}.": "无法写入文件 {path!r}：{reason}。",
    "The recording {path!r} is not complete: {reason}.": "录制文件 {path!r} 不完整：{reason}。",
    "The log in {folder} cannot be written: {reason}. The answer is complete, but the log may not contain "
    "it. This message appears once; {off} turns the log off.": (
        "无法写入 {folder} 中的日志：{reason}。回答本身是完整的，但日志中可能没有它。"
        "此消息只出现一次；{off} 可以关闭日志。"
    ),
    "Its kernel ended before the answer did, or the disk was full.": "内核在回答结束之前就已终止，或者磁盘已满。",
    "The file does not say how the answer ended.": "文件没有记录回答是如何结束的。",
    # --format code
    "No cell was added: the answer holds no Python code.": "没有添加单元格：回答中没有 Python 代码。",
    "No cell was added: the answer is not complete. Its code is in Reply.code_blocks.": (
        "没有添加单元格：回答不完整。其中的代码在 Reply.code_blocks 中。"
    ),
    "No cell was added: the answer is a kept one. Its code is in Reply.code_blocks.": (
        "没有添加单元格：这是保存过的回答。其中的代码在 Reply.code_blocks 中。"
    ),
    "No cell was added: this is not possible here. The code is in Reply.code_blocks.": (
        "没有添加单元格：这里无法添加。代码在 Reply.code_blocks 中。"
    ),
    "The new cell holds the code in Python, and not that in {languages}.": (
        "新单元格中只有 Python 代码，不含 {languages} 的代码。"
    ),
    # The timeline of a recording
    "No stream came, so there is nothing to look into.": "没有收到流，因此没有可查看的内容。",
    "No token arrived.": "没有收到任何 token。",
    "Seconds. One column is {step} s; deltas in a full block: {most}.": (
        "单位：秒。每列 {step} 秒，实心块为 {most} 个增量。"
    ),
    "first token": "首个 token",
    "first content": "正文开始",
    "total": "总计",
    "speed": "速度",
    "longest gaps": "最长停顿",
    "{gap} s at {start} s": "{start} 秒起停顿 {gap} 秒",
    # Conversations
    "The stopped answer before this one was not sent back.": "上一个回答被停止了，没有发回给模型。",
    "The answer before this one was cut off and was not sent back.": "上一个回答中途被切断，没有发回给模型。",
    "The answer before this one failed and was not sent back.": "上一个回答失败了，没有发回给模型。",
    "The answer before this one is still streaming and was not sent back.": "上一个回答仍在生成，没有发回给模型。",
    "The answer before this one has no content and was not sent back.": "上一个回答没有内容，没有发回给模型。",
    "Replaced turn {turn} of {name}.": "替换了对话 {name} 的第 {turn} 轮。",
    "Replaced turns {first} to {last} of {name}.": "替换了对话 {name} 的第 {first} 至 {last} 轮。",
    "There are no conversations. {call} begins one.": "还没有对话。{call} 会开始一个。",
    "not sent back": "没有发回给模型",
    "1 turn": "1 轮",
    "{count} turns": "{count} 轮",
    "Text around the JSON was left out of the value; the content has all of it.": (
        "值中去掉了 JSON 前后的文字；content 中保留了全部内容。"
    ),
    "This model does not take json_schema; it was asked for json_object, with an instruction.": (
        "此模型不支持 json_schema；已改用 json_object，并在提示词中附加说明。"
    ),
    "This model takes neither json_schema nor json_object; it was asked with an instruction alone.": (
        "此模型既不支持 json_schema，也不支持 json_object；已改为只在提示词中附加说明。"
    ),
    "This model does not take json_object; it was asked with an instruction alone.": (
        "此模型不支持 json_object；已改为只在提示词中附加说明。"
    ),
    "{name} was scaled down to {size} pixels, {kilobytes} kB (limits: {side} pixels, {megabytes} MB).": (
        "{name} 已缩小到 {size} 像素，{kilobytes} kB（上限：{side} 像素，{megabytes} MB）。"
    ),
    "[image: {name}, {size}]": "[图像：{name}，{size}]",
    "image at {host}": "{host} 上的图像",
    "image": "图像",
    "1 image": "1 张图像",
    "{count} images": "{count} 张图像",
    "{name} is in the prompt as text. To make data frames Markdown tables: pip install 'sfstream[table]'": (
        "{name} 以文本形式写入提示词。要让数据框成为 Markdown 表格，请运行 pip install 'sfstream[table]'"
    ),
    "{name} has {rows} rows; the prompt holds the first {sent}.": "{name} 有 {rows} 行；提示词只包含前 {sent} 行。",
    "{name} has {length} characters; the prompt holds {sent} of them.": (
        "{name} 有 {length} 个字符；提示词只包含其中 {sent} 个。"
    ),
    # Buttons, and what the page says
    "Stop": "停止",
    "Stop the answer": "停止生成",
    "stopping…": "正在停止…",
    "Copy": "复制",
    "Copy the answer as Markdown": "以 Markdown 格式复制回答",
    "Copy the code": "复制代码",
    "Copied": "已复制",
    "As displayed: right-click the answer, Copy Output to Clipboard. As Markdown: {code} in a new cell, or {file}.": (
        "按显示的样子复制：右键单击回答，选择 Copy Output to Clipboard。复制 Markdown：在新单元格中运行 "
        "{code}，或用 {file}。"
    ),
    "Copied as text": "已复制为文本",
    "Not copied": "复制失败",
    "The answer begins.": "开始回答。",
    "The answer has ended: {how}.": "回答已结束：{how}。",
    "Loading. The answer appears when the kernel is idle; without its kernel it is lost.": (
        "正在加载：内核空闲后会显示回答；没有内核就无法显示。"
    ),
    "The kernel stopped, so the answer ends here. To show what was received, run %load_ext sfstream and "
    "%sflog last in a cell.": (
        "内核已停止，回答到此为止。要查看已收到的内容，请在单元格中运行 %load_ext sfstream 和 %sflog last。"
    ),
    "This page was loaded, or this cell was moved, while the answer was streaming. A notebook saved from this "
    "page holds only a reference to the answer. To show it again, run %sflog last or sf_reply in a cell.": (
        "此页面在回答开始之后才加载，或此单元格在那之后被移动：从此页面保存的笔记本只包含对回答的引用。"
        "在单元格中运行 %sflog last 或 sf_reply 可以再次显示回答。"
    ),
    # The player
    "Answer": "回答",
    "Timeline": "时间线",
    "Wire": "原始数据",
    "Play": "播放",
    "Pause": "暂停",
    "One frame back": "后退一帧",
    "One frame forward": "前进一帧",
    "Speed": "速度",
    "max": "最快",
    "Longest pause": "最长停顿",
    "as recorded": "按录制",
    "First token": "首个 token",
    "End of reasoning": "思考结束",
    "Finish": "结束",
    "Position": "位置",
    "frame {frame} of {frames}, {seconds} s": "第 {frame} 帧，共 {frames} 帧，{seconds} 秒",
    "Player of a recording": "录制播放器",
    "deltas per second": "每秒增量数",
    "at most {rate} per second": "最高每秒 {rate} 个",
    "Filter by text": "按文本筛选",
    "Show these kinds only": "只显示这些类型",
    "{shown} of {frames} frames": "{shown} / {frames} 帧",
    "Copy the body": "复制全部原文",
    "Copy the frame": "复制此帧",
    "Chunk: as it arrived": "数据块：到达的字节",
    "Event: one SSE message": "事件：一条 SSE 消息",
    "Delta: what it became": "增量：解析结果",
    "nothing is added": "没有新增内容",
    "chunk {number}: {bytes} bytes at {seconds} s ({gap})": "数据块 {number}：{bytes} 字节，{seconds} 秒（{gap}）",
    # The wire view
    "reasoning": "思考",
    "content": "正文",
    "content was reasoning": "以上正文是思考",
    "tool call": "工具调用",
    "usage": "用量",
    "finish": "结束",
    "role": "角色",
    "keep-alive": "保持连接",
    "done": "完毕",
    "error": "错误",
    "incomplete": "不完整",
    "other": "其他",
    "chunk": "数据块",
    "frame": "帧",
    "what it became": "解码结果",
    "same chunk": "同一数据块",
    "chunk {number}": "数据块 {number}",
    "chunks {first} to {last}": "数据块 {first} 至 {last}",
    "frame {number}": "第 {number} 帧",
    "complete with chunk {number}": "到数据块 {number} 才完整",
    "{count} bytes": "{count} 字节",
    "… {count} bytes left out …": "… 省略 {count} 字节 …",
    "… {count} frames left out; {method} has all of them …": "… 省略 {count} 帧；{method} 中有全部内容 …",
    "end of the stream": "流的结尾",
    "Chunks: {chunks}, frames: {frames}, bytes: {bytes}, seconds: {seconds}": (
        "{chunks} 个数据块，{frames} 帧，{bytes} 字节，{seconds} 秒"
    ),
    "‹LF› ends a line, │ is where another chunk begins, ‹E4 BD› are bytes of a character that is cut in two.": (
        "‹LF› 是行尾，│ 处开始另一个数据块，‹E4 BD› 是被切开的字符的字节。"
    ),
    "This answer was streaming when the notebook was saved, and its kernel has ended since. To show what was "
    "received, run %load_ext sfstream and %sflog last in a cell; %sflog lists earlier answers.": (
        "保存笔记本时这个回答还在生成，此后它的内核已经结束。要查看已收到的内容，请在单元格中运行 "
        "%load_ext sfstream 和 %sflog last；%sflog 列出更早的回答。"
    ),
    "A live view of an answer. Run %sflog last to show the answer again.": (
        "此处是一个回答的实时视图，运行 %sflog last 可以再次显示回答。"
    ),
    "For the live view, run pip install anywidget=={version} where the Jupyter server runs, and reload this page.": (
        "要使用实时视图，请在运行 Jupyter 服务器的环境中执行 pip install anywidget=={version}，然后刷新此页面。"
    ),
}
