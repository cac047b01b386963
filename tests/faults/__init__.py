"""A server that plays one answer with every fault of a network, and what must hold whatever it does."""
