"""Showing a Reply while it streams and when it has ended. Knows no transport.

`view_for` in ``view.py`` chooses the view for the front-end that runs the cell.
"""
