"""Tests of the whole program; the C++ rooms have theirs beside."""
