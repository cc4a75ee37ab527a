"""Context across processes, threads and requests: propagation.py writes and reads headers, the
other modules put that to work in one library each."""
