"""Applications that the tests start under `catalejo run`."""
