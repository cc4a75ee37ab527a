"""The operations that are traced: what each is called, and who reads it."""

from __future__ import annotations

from catalejo.openai import answer, collect, request
from catalejo.openai.call import Operation

CHAT = Operation(
    "createChatCompletion",
    "llm",
    "/chat/completions",
    request.read_chat,
    answer.read_chat,
    collect.Chat,
    wants_usage=True,
)
PARSE_CHAT = Operation(
    "parseChatCompletion",
    "llm",
    "/chat/completions",
    request.read_chat,
    answer.read_chat,
    collect.Chat,
)
COMPLETION = Operation(
    "createCompletion",
    "llm",
    "/completions",
    request.read_completion,
    answer.read_completion,
    collect.Completion,
    wants_usage=True,
)
EMBEDDING = Operation(
    "createEmbedding",
    "embedding",
    "/embeddings",
    request.read_embedding,
    answer.read_embedding,
    collect.Nothing,
)
RESPONSE = Operation(
    "createResponse",
    "llm",
    "/responses",
    request.read_response,
    answer.read_response,
    collect.Response,
)
PARSE_RESPONSE = Operation(
    "parseResponse",
    "llm",
    "/responses",
    request.read_response,
    answer.read_response,
    collect.Response,
)
