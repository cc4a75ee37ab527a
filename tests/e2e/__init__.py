"""The real program, driven by real clients and a real browser."""
