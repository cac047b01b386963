"""The log, recordings, saved files and answers that are kept."""

from __future__ import annotations

STORED: dict[str, str] = {
    # The list of answers
    "when": "时间",
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
    "There is nothing to look for: expected a text.": "没有要查找的内容：应为一段文字。",
    "The log holds no answer {number}. %sflog, or sfstream.log.entries(), lists what it holds.": (
        "日志中没有编号为 {number} 的回答。%sflog 或 sfstream.log.entries() 列出已有的回答。"
    ),
    "The log holds no answer {number}. sfstream.log.entries() lists what it holds.": (
        "日志中没有编号为 {number} 的回答。sfstream.log.entries() 列出已有的回答。"
    ),
    "The log in {folder} cannot be read: {reason}.": "无法读取 {folder} 中的日志：{reason}。",
    "Answer {number} cannot be removed from {folder}: {reason}.": "无法从 {folder} 中删除回答 {number}：{reason}。",
    "Neither can {count} others.": "另有 {count} 个也无法删除。",
    # Files that are written
    "The file is {name}; expected a name that ends in {suffixes}.": "文件名是 {name}；文件名应以 {suffixes} 结尾。",
    "The file {path!r} exists already. Choose another name, or replace it with {switch}.": (
        "文件 {path!r} 已经存在。请换一个名称，或用 {switch} 覆盖它。"
    ),
    "This reply has no recording: it was made from objects passed to show(), not from a server's bytes.": (
        "这个回答没有录制：它来自传给 show() 的对象，而不是服务器发来的字节。"
    ),
    "its name contains a NUL character": "文件名中有 NUL 字符",
    "it is a folder": "它是一个文件夹",
    "there is no folder {folder}": "没有文件夹 {folder}",
    "permission denied": "没有权限",
    "it is nested too deeply": "嵌套层次太深",
    # Recordings that cannot be read
    "There is no recording at {path!r}: check the path.": "{path!r} 处没有录制文件：请检查路径。",
    "The recording {path!r} cannot be read: {reason}.": "无法读取录制文件 {path!r}：{reason}。",
    "{path!r} is not a recording: its first line does not say what was asked. "
    "{record} and Reply.save(FILE) write recordings.": (
        "{path!r} 不是录制文件：第一行没有说明提问的内容。{record} 和 Reply.save(FILE) 会写出录制文件。"
    ),
    "The recording {path!r} has version {version} of the format, and this sfstream reads version {ours}: "
    "a newer sfstream may open it.": (
        "录制文件 {path!r} 的格式版本是 {version}，而这个 sfstream 读取版本 {ours}：较新的 sfstream 或许能打开它。"
    ),
    "its compressed data was changed or damaged": "压缩数据被改动或已损坏",
    "it is larger than {size} bytes": "超过 {size} 字节",
    "line {number} is longer than {size} bytes": "第 {number} 行超过 {size} 字节",
    "line {number} is not JSON": "第 {number} 行不是 JSON",
    "line {number} stands after the end of the answer": "第 {number} 行位于回答的结尾之后",
    "the time of line {number} is before that of the line above it": "第 {number} 行的时间早于上一行",
    "line {number} is neither a chunk nor the end of the answer": "第 {number} 行既不是数据块，也不是回答的结尾",
    "line {number} is not a chunk": "第 {number} 行不是数据块",
    # Answers that are kept
    "The folder {folder!r} holds no answer to the prompt {prompt!r}.": (
        "文件夹 {folder!r} 中没有提示词 {prompt!r} 的回答。"
    ),
    "The log holds no answer to the prompt {prompt!r}.": "日志中没有提示词 {prompt!r} 的回答。",
    "The folder {folder!r} cannot be written: {reason}. Name another folder as reuse, or set it to True, which takes "
    "answers from the log. Nothing was sent.": (
        "无法写入文件夹 {folder!r}：{reason}。请把 reuse 设为另一个文件夹，或设为 True，"
        "从日志中取回答。没有发送任何内容。"
    ),
    "The folder {folder!r} cannot be read: {reason}.": "无法读取文件夹 {folder!r}：{reason}。",
    "True, False, or the name of a folder": "True、False 或文件夹的名称",
    # What the system says about files
    "Permission denied": "没有权限",
    "No such file or directory": "没有这个文件或文件夹",
    "Is a directory": "这是一个文件夹",
    "Not a directory": "路径中有一部分不是文件夹",
    "File exists": "文件已经存在",
    "File name too long": "文件名太长",
    "No space left on device": "磁盘已满",
    "Disk quota exceeded": "超出磁盘配额",
    "Read-only file system": "文件系统是只读的",
    "Input/output error": "读写出错",
    "Too many open files": "打开的文件太多",
}
