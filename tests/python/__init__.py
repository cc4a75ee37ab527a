"""The Python tracer: each suite runs with the oldest and the newest client (./dev test)."""
