"""Programs that use openai, for test_openai*.py: run in each client's environment, by Python 3.9
and newer, once with the tracer and once without. What the application heard is printed, one line
of JSON a case; what was traced goes to the intake that the test listens on."""
