"""Values and settings: no input or output, no notebook, no widget."""
