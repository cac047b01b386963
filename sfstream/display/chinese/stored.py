"""The log, recordings, saved files and answers that are kept."""

from __future__ import annotations

STORED: dict[str, str] = {
    # The list of answers
    "when": "时间",
    "model": "模型",
    "prompt": "提示词",
    "status": "状态",
    "tokens": "token 数",
    "file": "文件",
    "length": "达到上限",
    "filtered": "被过滤",
    "cut": "中断",
    "failed": "失败",
    "interrupted": "内核提前结束",
    "partial": "不完整",
    "demo": "演示",
    "reused": "再次使用",
    "unreadable": "无法读取",
    "The newest {newest} of {all}; %sflog --all lists all.": "最新的 {newest} 个，共 {all} 个；%sflog --all 列出全部。",
    "The newest {newest}; there are more.": "最新的 {newest} 个；还有更多。",
    "%sflog show N shows one.": "%sflog show N 显示其中一个。",
    "The log in {folder} is empty.": "{folder} 中的日志是空的。",
    "No answer contains {text}.": "没有回答包含 {text}。",
    "The folder {name!r} holds no answer that this session has not asked for.": (
        "文件夹 {name!r} 中没有本次会话未用到的回答。"
    ),
    "Nothing has asked for these {count} since the kernel started. Cells that have not run may need them.": (
        "内核启动以来没有用到这 {count} 个回答。尚未运行的单元格可能需要它们。"
    ),
    "Written to {path}.": "已写入 {path}。",
    "Removed 1 answer.": "已删除 1 个回答。",
    "Removed {count} answers.": "已删除 {count} 个回答。",
    # Commands that cannot be carried out
    "%sflog has no command {command}. %sflog? lists the commands.": "%sflog 没有命令 {command}。%sflog? 列出全部命令。",
    "%sflog -n expects a number from 1, --all expects nothing; got {text}.": (
        "%sflog -n 之后应为不小于 1 的数字，--all 之后应没有内容；收到的是 {text}。"
    ),
    "Expected the number of an answer, got {text}. %sflog lists them; %sflog last shows the newest.": (
        "应为回答的编号，收到的是 {text}。%sflog 列出全部回答；%sflog last 显示最新的回答。"
    ),
    "%sflog export expects a number and a file, such as %sflog export 12 answer.md.": (
        "%sflog export 需要编号和文件名，例如 %sflog export 12 answer.md。"
    ),
    "%sflog search expects a text, such as %sflog search Nobel.": (
        "%sflog search 需要一段文字，例如 %sflog search Nobel。"
    ),
    "%sflog unused expects a folder of answers, such as %sflog unused answers.": (
        "%sflog unused 需要存放回答的文件夹，例如 %sflog unused answers。"
    ),
    "Nothing was deleted. Answers in the log: {count}. To delete all of them for good: %sflog forget --all --yes": (
        "没有删除任何内容。日志中有 {count} 个回答。要永久删除全部回答，请运行 %sflog forget --all --yes"
    ),
    "%sflog forget expects the numbers of answers, --older 30d, or --all --yes.": (
        "%sflog forget 需要回答的编号、--older 30d 或 --all --yes。"
    ),
    "--older expects hours, days or weeks, such as 12h, 30d or 8w, got {text}.": (
        "--older 之后应为小时、天或周数，例如 12h、30d 或 8w；收到的是 {text}。"
    ),
    # Answers of the log
    "The request in the recording is invalid.": "录制文件中的请求无效。",
    "This answer was stopped when it was recorded.": "录制时这个回答已被停止。",
    "This answer failed when it was recorded.": "录制时这个回答已失败。",
}
