"""Hostile answers, and what sees whether one of them does anything."""
