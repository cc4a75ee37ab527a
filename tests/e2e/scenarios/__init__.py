"""The application of the end-to-end tests: every kind of call, one after another."""
