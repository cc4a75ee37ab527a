"""A traced demo application and the fake Azure OpenAI server it talks to."""
