"""Tests of the tracer for Python, on its real native core and on the real libraries."""
