"""Values and settings. Nothing here does I/O, and nothing knows a notebook, a widget or a transport.

Words that are used throughout the project, each in one sense:

request
    one chat completion to ask for (`ChatRequest`); sent again after a failure, it is a further *attempt*.
chunk
    bytes of a response's body, as they arrived.
frame
    one message of the SSE stream.
event
    one decoded unit: a delta, a piece of a tool call, token counts, or a finish reason.
delta
    text that one event adds to the content or to the reasoning.
piece
    one delta, or what one event adds to a tool call; its *gap* is the time since the piece before it.
content, reasoning
    the two texts of an answer.
value
    the object that the JSON of an answer stands for, once it is checked against the *schema* that was asked for.
step
    one way to ask a model for JSON; the steps from the best to the last are the ladder.
reply
    what came back (`Reply`): it grows with each event and stays when the stream has ended.
recording
    the raw chunks of one answer with their arrival times, as an object or a file.
inspection
    a recording, taken apart into frames, each with its *kind* and with the events that it became.
entry
    one recording in the log.
sink
    what stores the chunks while they arrive.
run
    one request from start to end, with its attempts and its stop.
update
    one message from the kernel to the page about what is shown.
block
    one top-level element of Markdown: a paragraph, a list, a table.
"""
