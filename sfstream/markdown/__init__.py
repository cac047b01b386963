"""Markdown to safe HTML, a block at a time. No I/O; knows nothing of replies."""
