"""Bytes and texts that nobody would write, fed to what reads them, for as long as is asked."""
