"""Which settings are in force, where they come from, and why one is refused."""

from __future__ import annotations

SETTINGS = {
    "The settings are called {name}, not {given}.": "设置的名称是 {name}，不是 {given}。",
    "There is no setting {name}.": "没有名为 {name} 的设置。",
    "%sfkey asks for a key, so that no notebook contains it.": "%sfkey 会询问密钥，这样笔记本里不会留下密钥。",
    "Did you mean {names}?": "您是否想用 {names}？",
    "%config SfChat lists the settings.": "%config SfChat 列出所有设置。",
    "{name} is {value}; expected {expected}.": "{name} 是 {value}；应为{expected}。",
    "a path, a URL, or a list of them": "路径、URL 或它们的列表",
    "It is set in {place}.": "它来自：{place}。",
    "the command line": "命令行",
    "{files} or the command line": "{files} 或命令行",
    # %sfchat
    "model": "模型",
    "base URL": "服务器地址",
    "API key": "API 密钥",
    "display": "显示方式",
    "log": "日志",
    "versions": "版本",
    "{value}, the default": "{value}（默认）",
    "{value}, from {source}": "{value}（来自 {source}）",
    "cannot be used. {error}": "不能使用。{error}",
    "none": "无",
    "none; %sfkey asks for one": "无；用 %sfkey 输入",
    "typed with %sfkey": "用 %sfkey 输入",
    "saved in {path}": "保存在 {path}",
    "the region of the API key": "API 密钥所属的区域",
    "1 answer in {folder}": "{folder} 中有 1 个回答",
    "{count} answers in {folder}": "{folder} 中有 {count} 个回答",
    "{state}; %sflog lists them": "{state}；用 %sflog 列出",
    "off, from {source}; {state}": "关闭（来自 {source}）；{state}",
    "the static answer at the end": "结束时的静态回答",
    "{kind}, since {why}": "{kind}（因为{why}）",
    "this is not a notebook": "这里不是笔记本",
    "the notebook is executed as a whole and nobody watches": "笔记本被整体执行，没有人在看",
    "this is a console": "这里是控制台",
    "this is a notebook": "这里是笔记本",
    "this page has not loaded the widget": "这个页面没有加载组件",
    "%config SfChat.NAME = None unsets a setting.": "%config SfChat.NAME = None 取消一项设置。",
    "%%sfchat? lists the options, %sfmodels the models.": "%%sfchat? 列出选项，%sfmodels 列出模型。",
    # A model that does not exist
    "None of the {count} models of {place} has a similar name.": "{place} 的 {count} 个模型中没有名称相近的。",
    "The demo is on, which knows only the models of %sfdemo list. %sfdemo stop goes back to your server.": (
        "演示正在运行，它只认识 %sfdemo list 列出的模型。%sfdemo stop 回到您的服务器。"
    ),
    "This is the demo server, which knows only its own models: sfstream.models() lists them.": (
        "这是演示服务器，它只认识自己的模型：sfstream.models() 列出它们。"
    ),
}
