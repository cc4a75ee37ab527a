"""What the tests start and ask: the program, applications, crafted requests."""
