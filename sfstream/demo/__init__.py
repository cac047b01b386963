"""A server on this machine that speaks SiliconFlow's wire: answers written by hand, and faults on request.

`sfstream.demo.server.DemoServer` is the server, `sfstream.demo.models.MODELS` what can be asked of it.
No model is behind any of it, no key is needed, and nothing leaves the machine.
"""
