"""Tests of the tracer. What they trace runs in the clients' own environments."""
