"""What showing a token costs in a real JupyterLab: ``python -m tests.bench display``."""
