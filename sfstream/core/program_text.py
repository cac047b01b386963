"""The fixed text of the programs that `sfstream.core.program` makes. What stands between two @ is filled in.

They are meant to be read by students: each line that prevents a mistake says which. The curl program stands in single
quotes of the shell in part, so `FRAMES` and `CURL` hold no apostrophe in Python.
"""

from __future__ import annotations

OPENAI = '''\
"""Stream one answer with the openai library: pip install openai@ABOUT_KEY@"""

import codecs
@IMPORT_OS@import sys

import openai

client = openai.OpenAI(
    base_url=@BASE_URL@,
    api_key=@API_KEY@,
)
join = codecs.getincrementaldecoder("utf-16-le")("replace").decode  # halves of an emoji
part = finish = ""

try:
    stream = client.chat.completions.create(
        @KEYWORDS@
    )
    for chunk in stream:
        if getattr(chunk, "choices", None) is None:
            sys.exit(f"\\nThe server reports an error: {getattr(chunk, 'message', chunk)}")
        for choice in chunk.choices:  # the last chunk may have none
            finish = choice.finish_reason or finish
            for name, file in ("reasoning_content", sys.stderr), ("content", sys.stdout):
                text = getattr(choice.delta, name, None)  # may be absent
                if text and name != part:
                    print(f"\\n--- {name} ---", file=sys.stderr)
                    part = name
                if text:
                    text = join(text.encode("utf-16-le", "surrogatepass"))
                    print(text, end="", file=file, flush=True)
except openai.APIStatusError as error:
    sys.exit(f"The server refused the request: {error.status_code} {error.body or error}")
except openai.APIError as error:
    sys.exit(f"\\nThe stream failed: {error.body or error.__cause__ or error}")

if not finish:  # the library does not say so: for it, the end of the bytes is the end
    sys.exit("\\nThe answer is cut off: no finish reason has arrived.")
print(f"\\n--- finish reason: {finish} ---", file=sys.stderr)
'''

REQUESTS = '''\
"""Stream one answer with requests: pip install requests@ABOUT_KEY@"""

import codecs
import json
@IMPORT_OS@import sys

import requests

url = @URL@
@HEADERS@body = @BODY@

join = codecs.getincrementaldecoder("utf-16-le")("replace").decode  # halves of an emoji
part = finish = ""

try:
    # stream=True stands here for requests, and in the body for the server.
    response = requests.post(url, @HEADERS_ARGUMENT@json=body, stream=True, timeout=120)
    if response.status_code != 200:
        text = response.content.decode(errors="replace")
        sys.exit(f"The server refused the request: {response.status_code} {text}")
    @FRAMES@
except (requests.RequestException, ValueError) as error:
    sys.exit(f"\\nThe stream failed: {error}")

if not finish:  # the end of the bytes alone is not the end of the answer
    sys.exit("\\nThe answer is cut off: neither a finish reason nor [DONE] has arrived.")
print(f"\\n--- finish reason: {finish} ---", file=sys.stderr)
'''

CURL = """\
#!/bin/sh
# Stream one answer with curl (7.76 or later): -N passes each frame on at once.
# python3 takes the text out of the frames; without "| show" you see the frames.
@ABOUT_KEY@
show() {
    python3 -c '
import codecs, json, sys

join = codecs.getincrementaldecoder("utf-16-le")("replace").decode  # halves of an emoji
part = finish = ""

try:
    @FRAMES@
except ValueError as error:
    sys.exit(f"\\nThe stream failed: {error}")

if not finish:  # the end of the bytes alone is not the end of the answer
    sys.exit("\\nThe answer is not complete: neither a finish reason nor [DONE] has arrived.")
print(f"\\n--- finish reason: {finish} ---", file=sys.stderr)
'
}

@COMMAND@
@BODY@
JSON
"""

UNKEYED_CURL = """\
curl -N -sS --fail-with-body @URL@ \\
    -H 'Content-Type: application/json' --data-binary @- <<'JSON' | show"""

KEYED_CURL = """\
: "${@KEY@:?Set this variable to your API key.}"
# The key comes through a pipe: every user of the machine can see the arguments of curl.
printf 'Authorization: Bearer %s\\n' "$@KEY@" |
curl -N -sS --fail-with-body @URL@ -H @- \\
    -H 'Content-Type: application/json' --data-binary @/dev/fd/3 3<<'JSON' | show"""

FRAMES = """\
for line in @LINES@:  # bytes
    if not line.startswith(b"data:"):  # an empty line, or a comment that keeps alive
        if line.strip() and not line.startswith((b":", b"event:", b"id:")):
            print(line.decode(errors="replace"), file=sys.stderr)  # not a stream
        continue
    data = line[5:].strip()  # not replace("data: ", ""): the text may hold it too
    if data == b"[DONE]":
        finish = finish or "[DONE]"
        break
    chunk = json.loads(data)
    if "choices" not in chunk:
        sys.exit(f"\\nThe server reports an error: {data.decode()}")
    for choice in chunk["choices"] or []:  # the last chunk may have none
        finish = choice.get("finish_reason") or finish
        delta = choice.get("delta") or {}
        for name, file in ("reasoning_content", sys.stderr), ("content", sys.stdout):
            text = delta.get(name)  # may be null or absent
            if text and name != part:
                print(f"\\n--- {name} ---", file=sys.stderr)
                part = name
            if text:
                text = join(text.encode("utf-16-le", "surrogatepass"))
                print(text, end="", file=file, flush=True)"""
"""The loop over the frames of a stream, in Python."""
