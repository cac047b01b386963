"""Getting the bytes of an answer, and understanding them. Knows nothing of notebooks."""
