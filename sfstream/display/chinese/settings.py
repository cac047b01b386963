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
    "%config in this session": "本次会话中的 %config",
    "the command line": "命令行",
    "{files} or the command line": "{files} 或命令行",
}
