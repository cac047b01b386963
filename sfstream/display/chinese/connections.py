"""Connections that fail, and what to do about them."""

from __future__ import annotations

CONNECTIONS: dict[str, str] = {
    # Before the answer
    "The host {place} was not found.": "找不到主机 {place}。",
    "Is the base URL {url} right, and is there a network?": "请检查 Base URL {url} 是否正确，以及网络是否可用。",
    "No connection to {place}: it was refused, or the host cannot be reached.": (
        "无法连接到 {place}：连接被拒绝，或主机无法访问。"
    ),
    "Is a server running at {url}?": "请检查 {url} 上是否有服务器在运行。",
    "No connection to {place} within {seconds} s.": "{seconds} 秒内未能连接到 {place}。",
    "Is a server running at {url}, and can it be reached from here?": (
        "请检查 {url} 上是否有服务器在运行，以及从这里能否访问它。"
    ),
    "No encrypted connection to {place}: the server refused it. Is the base URL {url} right?": (
        "无法与 {place} 建立加密连接：服务器拒绝了。请检查 Base URL {url} 是否正确。"
    ),
    "No encrypted connection to {place}: the server does not speak TLS.": (
        "无法与 {place} 建立加密连接：服务器不支持 TLS。"
    ),
    "{place} ended the connection without an HTTP answer.": "{place} 关闭了连接，没有返回 HTTP 响应。",
    "{place} did not answer in time. Is the base URL {url} right, or is the server busy?": (
        "{place} 没有及时响应。请检查 Base URL {url} 是否正确，或者服务器是否繁忙。"
    ),
    "The connection ended before the answer began.": "回答开始之前连接就断开了。",
    "The connection to {place} failed: {reason}.": "与 {place} 的连接失败：{reason}。",
    "Is the base URL {url} right?": "请检查 Base URL {url} 是否正确。",
    "If the server expects {scheme}, set the base URL to {url} instead.": (
        "如果服务器使用 {scheme}，请把 Base URL 改为 {url}。"
    ),
    "No key is sent there.": "密钥不会发送到那里。",
    # Certificates
    "The certificate of {place} cannot be trusted: {reason}. Is the base URL {url} right? Behind a proxy that "
    "decrypts, its certificate must be trusted here too.": (
        "{place} 的证书不可信：{reason}。请检查 Base URL {url} 是否正确。如果经过会解密的代理，"
        "则这台机器也必须信任代理的证书。"
    ),
    "it has expired": "证书已过期",
    "it is not valid yet; is the clock of this machine right?": "证书尚未生效；请检查这台机器的时间是否正确",
    "it is for another host": "证书属于另一个主机",
    "its issuer is not known here": "这台机器不认识证书的颁发者",
    "it is self-signed": "证书是自签名的",
    "it was revoked": "证书已被吊销",
    "The certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read: {reason}. Correct the variable, or "
    "remove it from the environment.": (
        "无法读取 SSL_CERT_FILE 或 SSL_CERT_DIR 指定的证书：{reason}。请更正这个变量，或从环境中删除它。"
    ),
    # Proxies
    "The proxy refused to connect to {place}.": "代理拒绝连接到 {place}。",
    "The proxy refused to connect to {place} (HTTP {status}).": "代理拒绝连接到 {place}（HTTP {status}）。",
    "It asks for a user and a password.": "它需要用户名和密码。",
    "The proxy {place} of the environment stands in between.": "连接经过了环境变量中的代理 {place}。",
    "The openai library cannot use the proxy of the environment: {reason}": (
        "openai 库无法使用环境变量中的代理：{reason}"
    ),
    # What sends
    "{curl} needs Linux or macOS. Here, use {openai} or {requests}.": (
        "{curl} 需要 Linux 或 macOS。在这里请用 {openai} 或 {requests}。"
    ),
    "There is no curl on this machine. Install it, or use {openai} or {requests}.": (
        "这台机器上没有 curl。请安装它，或改用 {openai} 或 {requests}。"
    ),
    "curl could not be started: {error}. Instead, use {openai} or {requests}.": (
        "无法启动 curl：{error}。请改用 {openai} 或 {requests}。"
    ),
    "The transport {transport} raised {name}: {reason}\n"
    "This is a programming error and not a lost connection, so the request is not repeated.": (
        "传输方式 {transport} 抛出了 {name}：{reason}\n这是程序错误，而不是连接中断，因此不会重新发送请求。"
    ),
    # In mid-answer
    "The connection to {place} was reset in the middle of the answer.": "与 {place} 的连接在回答中途被重置。",
    "The connection to {place} ended too early: the body was cut off.": ("与 {place} 的连接过早断开：响应正文不完整。"),
    "Nothing arrived from {place} for {seconds} s.": "{seconds} 秒内没有收到 {place} 的任何数据。",
    "For a slow model, increase %config SfChat.first_byte or SfChat.between.": (
        "如果模型很慢，请增大 %config SfChat.first_byte 或 SfChat.between。"
    ),
    "The stream was cut off.": "流中断了。",
    "The stream was stopped.": "流已停止。",
    "The stream raised {reason}": "流抛出了 {reason}",
    "The partial answer is kept; asking again is a new request, and is billed again.": (
        "已收到的部分已保留；重新提问是一次新的请求，会再次计费。"
    ),
    "The partial answer is kept.": "已收到的部分已保留。",
    "The recording of this answer has no end: its process ended first.": (
        "这个回答的录制没有结尾：录制它的进程提前结束了。"
    ),
    "This answer was cut off when it was recorded.": "录制时这个回答已中断。",
}
