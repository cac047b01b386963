"""What a token costs: ``python -m tests.bench``. A benchmark: it measures, and does not fail for being slow."""
