"""What the magics show: tables, lists, hints and refused options."""

from __future__ import annotations

NOTEBOOK: dict[str, str] = {
    # %sfmodels
    "{count} match.": "{count} 个符合。",
    "{count} in all.": "共 {count} 个。",
    "%%sfchat -m NAME asks one.": "%%sfchat -m NAME 向其中一个提问。",
    "No model of {host} matches {pattern}. %sfmodels lists all models.": (
        "{host} 没有符合 {pattern} 的模型。%sfmodels 列出全部模型。"
    ),
    # %sfdemo
    "plays": "播放什么",
    "The demo server answers at {url}.": "演示服务器的地址：{url}",
    "Its answers were written for the demo: there is no model behind it, and no key is used.": (
        "回答是为演示事先写好的：背后没有模型，也不使用密钥。"
    ),
    "Cells ask {model}. The parts after + can follow any other name in %sfdemo list.": (
        "单元格向 {model} 提问。+ 之后的部分可以接在 %sfdemo list 中的任何名称之后。"
    ),
    "Try: %sfchat {prompt}": "可以试试：%sfchat {prompt}",
    "%sfdemo list shows what it can play, %sfdemo stop ends it.": (
        "%sfdemo list 列出可以播放的内容，%sfdemo stop 停止服务器。"
    ),
    "The demo server was not started: an API key is set, or the server needs none. %sfchat says which server.": (
        "没有启动演示服务器：已经设置了 API 密钥，或者服务器不需要密钥。%sfchat 显示是哪个服务器。"
    ),
    "The demo server is not running.": "演示服务器没有运行。",
    "The demo server is not running. Call start() first.": "演示服务器没有运行。请先调用 start()。",
    "The demo server has stopped.": "演示服务器已停止。",
    "The demo server has stopped. Base URL and model are as they were before it.": (
        "演示服务器已停止。base URL 和模型已恢复到启动之前的值。"
    ),
    "%sfdemo takes list, stop or --if-no-key, and once each {options}; got {text}.": (
        "%sfdemo 接受 list、stop 或 --if-no-key，以及 {options} 各一次；收到的是 {text}。"
    ),
    "{flag} expects {expected}, got {text}.": "{flag} 应为：{expected}；收到的是 {text}。",
    "a number above {low}": "大于 {low} 的数字",
    "a number from {low} to {high}": "{low} 到 {high} 之间的数字",
    "a number from {low} to {high} seconds": "{low} 到 {high} 之间的秒数",
    "a number from {low} to {high} tokens a second": "每秒 {low} 到 {high} 个 token",
    "a whole number from {low} to {high} bytes": "{low} 到 {high} 之间的字节数，整数",
    # %sfkey
    "The demo needs no key. Type %sfdemo stop first.": "演示服务器不需要密钥。请先运行 %sfdemo stop。",
    "%sfkey takes --save or --forget. It asks for the key, so that no notebook contains it.": (
        "%sfkey 接受 --save 或 --forget。它会询问密钥，因此密钥不会写进笔记本。"
    ),
    "API key of {place}: ": "{place} 的 API 密钥：",
    "This front-end allows no input. Set {variable} in the environment before the kernel starts.": (
        "此前端不能输入。请在内核启动之前设置环境变量 {variable}。"
    ),
    "No key was entered.": "没有输入密钥。",
    "{place} accepts the key and offers {count} chat models.": "{place} 接受此密钥，提供 {count} 个对话模型。",
    "{place} refuses it, so SfChat.base_url is now {url}.": "{place} 拒绝了它，因此 SfChat.base_url 已改为 {url} 。",
    "{place} and {other} both refuse this key. Check that it was copied completely.": (
        "{place} 和 {other} 都拒绝了此密钥。请检查是否复制完整。"
    ),
    "{place} refuses this key, and {other} could not be asked: {error}": (
        "{place} 拒绝了此密钥，而 {other} 无法询问：{error}"
    ),
    "The key could not be checked: {error}": "无法检查密钥：{error}",
    "Saved in {path}.": "已保存到 {path}。",
    "It is used until this kernel ends. %sfkey --save also saves it.": (
        "在此内核结束之前一直使用它。%sfkey --save 还会保存它。"
    ),
    "There is no key of {place} to forget.": "没有 {place} 的密钥可以删除。",
    "The key of {place} has been forgotten.": "已删除 {place} 的密钥。",
    "{variable} still contains one.": "{variable} 中仍有一个密钥。",
    "This cell contains an API key, so the notebook and IPython's history contain it too. sfstream cannot remove it "
    "there. In a prompt or a parameter, any key but the one in use is also sent to the server. Delete the key here, "
    "create a new one{page}, and enter it with %sfkey, which asks for it without showing it.": (
        "此单元格中有 API 密钥，因此笔记本和 IPython 的历史记录中也有它，sfstream 无法从那里删除。"
        "提示词或参数中的密钥，只要不是正在使用的那个，也会发送给服务器。请在这里删除密钥，新建一个{page}，"
        "再用 %sfkey 输入：它会询问密钥，但不显示出来。"
    ),
    # --dry-run
    "Nothing would be sent: {path} would be played.": "不会发送任何内容：将播放 {path}。",
    "Nothing would be sent: {reason}": "不会发送任何内容：{reason}",
    "(no API key: none belongs to this server)": "（没有 API 密钥：没有属于此服务器的密钥）",
    "system prompt": "系统提示词",
    "rest of the system prompt": "系统提示词的其余部分",
    "rest of the prompt": "提示词的其余部分",
    "turn {number}": "第 {number} 轮",
    "turns 1 to {last}": "第 1 至 {last} 轮",
    "{role}, with what was filled in": "{role}，标出填入的值",
    "Tokens, about ({basis})": "token 数约为（{basis}）",
    "Changes since the last request of this cell": "与此单元格上一次请求的差别",
    "Equal to the last request of this cell": "与此单元格上一次请求相同",
    "Earlier messages: {count}": "之前的消息：{count} 条",
    "Headers and exact JSON": "请求头和完整的 JSON",
    "in all": "合计",
    # Which display is used, and why
    "the output of this cell is captured": "此单元格的输出被捕获",
    "{mode} is set, but {reason}": "设置了 {mode}，但{reason}",
    "set": "已设置",
    "Shown as text: {reason}.": "以文本显示：{reason}。",
    "a view, such as sfstream.StreamView()": "一个视图，例如 sfstream.StreamView()",
    # Values of the notebook
    "-a {source}: there is neither a variable nor a file {name}.": "-a {source}：既没有变量 {name}，也没有这个文件。",
    "-c and --conversation both say what to continue: leave one of them out.": (
        "-c 和 --conversation 都指定了要继续的对话：请去掉其中一个。"
    ),
    "-c: there is no reply to continue from. Leave -c out, or show one with %sflog show N first.": (
        "-c：没有可以继续的回答。请去掉 -c，或先用 %sflog show N 显示一个回答。"
    ),
    "--schema {name} raised {error}. Expected a variable of the notebook that is a type or a JSON schema, or an "
    "expression such as list[Item]. Nothing was sent.": (
        "--schema {name} 引发了 {error}。应为笔记本中的变量，其值是类型或 JSON schema，"
        "或为 list[Item] 这样的表达式。没有发送任何内容。"
    ),
    "{name} has no value: no cell has failed in this session. Nothing was sent.": (
        "{name} 没有值：本次会话中没有单元格出错。没有发送任何内容。"
    ),
    "The expression {source} cannot be filled in: {error}. Nothing was sent. --verbatim sends {braces} as typed.": (
        "无法填入表达式 {source}：{error}。没有发送任何内容。--verbatim 按原样发送 {braces}。"
    ),
    "The expression {source} holds await, which {braces} does not support. Nothing was sent. Await it in another cell, "
    "and fill in the variable.": (
        "表达式 {source} 中有 await，{braces} 不支持。没有发送任何内容。请在另一个单元格中 await，再填入变量。"
    ),
    "{count} more lines": "还有 {count} 行",
    "rough: {latin} Latin or {chinese} Chinese characters a token, as the log holds too few counts of {model} to "
    "learn from": ("粗略估计：每个 token 相当于 {latin} 个拉丁字符或 {chinese} 个汉字，因为日志中 {model} 的计数太少"),
    "{ratio} characters a token, as in {answers} earlier answer of {model}": (
        "每个 token 相当于 {ratio} 个字符，依据 {model} 之前的 {answers} 个回答"
    ),
    "{ratio} characters a token, as in {answers} earlier answers of {model}": (
        "每个 token 相当于 {ratio} 个字符，依据 {model} 之前的 {answers} 个回答"
    ),
}
