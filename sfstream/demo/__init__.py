"""A loopback server that speaks SiliconFlow's wire format, with prepared answers and with faults on request.

`sfstream.demo.server.DemoServer` is the server; `sfstream.demo.models.MODELS` lists what it can be asked for.
There is no model behind it, it needs no key, and nothing leaves the machine.
"""
