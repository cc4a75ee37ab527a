"""Which methods of openai are wrapped, and the wrappers.

openai imports its resources when they are first used, so each is patched when it is imported.
A wrapper calls the original exactly once (a second time only when the server refused what we had
added to the request, see Call.refused_usage), with the arguments it was given.
"""

from __future__ import annotations

import functools

from catalejo import hooks
from catalejo.openai import operations, raw, stream
from catalejo.openai.call import Call, Operation, begin, running
from catalejo.span import runtime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable

MARK = "_catalejo_original"

# Module → class, method, operation. Older versions have a module where newer ones have a package.
CHAT = (
    ("Completions", "create", operations.CHAT),
    ("Completions", "parse", operations.PARSE_CHAT),
    ("AsyncCompletions", "create", operations.CHAT),
    ("AsyncCompletions", "parse", operations.PARSE_CHAT),
)
RESPONSES = (
    ("Responses", "create", operations.RESPONSE),
    ("Responses", "parse", operations.PARSE_RESPONSE),
    ("AsyncResponses", "create", operations.RESPONSE),
    ("AsyncResponses", "parse", operations.PARSE_RESPONSE),
)
TARGETS: dict[str, tuple[tuple[str, str, Operation], ...]] = {
    "openai.resources.chat.completions": CHAT,
    "openai.resources.chat.completions.completions": CHAT,
    "openai.resources.beta.chat.completions": CHAT[1::2],
    "openai.resources.completions": (
        ("Completions", "create", operations.COMPLETION),
        ("AsyncCompletions", "create", operations.COMPLETION),
    ),
    "openai.resources.embeddings": (
        ("Embeddings", "create", operations.EMBEDDING),
        ("AsyncEmbeddings", "create", operations.EMBEDDING),
    ),
    "openai.resources.responses.responses": RESPONSES,
}


def patch(module: ModuleType) -> None:
    """Wraps what is imported of `module` (openai), and the rest when it is."""
    hooks.on_import("openai._base_client", _patch_client)
    for name in TARGETS:
        hooks.on_import(name, _patch_resource)


def _patch_resource(module: ModuleType) -> None:
    for class_name, method, operation in TARGETS[module.__name__]:
        owner = getattr(module, class_name, None)
        original = getattr(owner, "__dict__", {}).get(method)
        if original is None or hasattr(original, MARK):
            continue
        make = _asynchronous if class_name.startswith("Async") else _synchronous
        _replace(owner, method, make(original, operation))


def _replace(owner: Any, method: str, wrapper: Any) -> None:
    setattr(wrapper, MARK, owner.__dict__[method])
    setattr(owner, method, wrapper)


def _synchronous(original: Callable[..., Any], operation: Operation) -> Callable[..., Any]:
    @functools.wraps(original)
    def traced(self: Any, *args: Any, **kwargs: Any) -> Any:
        call = begin(operation, self, kwargs) if runtime.enabled else None
        if call is None:
            return original(self, *args, **kwargs)
        try:
            result = original(self, *args, **kwargs)
        except BaseException as error:
            if not call.refused_usage(error):
                call.failed(error)
                raise
        else:
            _done(call, result)
            return result
        try:
            result = original(self, *args, **kwargs)
        except BaseException as error:
            call.failed(error)
            raise
        _done(call, result)
        return result

    return traced


def _asynchronous(original: Callable[..., Any], operation: Operation) -> Callable[..., Any]:
    @functools.wraps(original)
    async def traced(self: Any, *args: Any, **kwargs: Any) -> Any:
        call = begin(operation, self, kwargs) if runtime.enabled else None
        if call is None:
            return await original(self, *args, **kwargs)
        try:
            result = await original(self, *args, **kwargs)
        except BaseException as error:
            if not call.refused_usage(error):
                call.failed(error)
                raise
        else:
            _done(call, result)
            return result
        try:
            result = await original(self, *args, **kwargs)
        except BaseException as error:
            call.failed(error)
            raise
        _done(call, result)
        return result

    return traced


def _done(call: Call, result: Any) -> None:
    """The method returns `result`; never raises."""
    try:
        call.leave()
        mode = call.raw() if "extra_headers" in call.kwargs else ""
        if mode:
            raw.watch(call, result, mode)
        elif call.streamed and hasattr(result, "_iterator"):
            stream.watch(call, result)
        else:
            call.operation.read(call, result)
            call.end()
    except Exception as own:
        hooks.failed("openai answer", own)
        call.give_up()


def _patch_client(module: ModuleType) -> None:
    """The HTTP client, for what it sends and receives on behalf of the running call."""
    for name, method, make in (
        ("BaseClient", "_build_request", _sending),
        ("BaseClient", "_should_retry", _retrying),
        ("SyncAPIClient", "_process_response", _receiving),
        ("AsyncAPIClient", "_process_response", _receiving),
    ):
        owner = getattr(module, name, None)
        original = getattr(owner, "__dict__", {}).get(method)
        if original is not None and not hasattr(original, MARK):
            _replace(owner, method, make(original))


def _sending(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def build_request(self: Any, options: Any, *args: Any, **kwargs: Any) -> Any:
        call: Call | None = running.get()
        if call is not None:
            try:
                call.sending(options)
            except Exception as error:
                hooks.failed("openai request", error)
        return original(self, options, *args, **kwargs)

    return build_request


def _retrying(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def should_retry(self: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        decided = original(self, response, *args, **kwargs)
        call: Call | None = running.get()
        if decided and call is not None:
            try:
                call.retrying(response)
            except Exception as error:
                hooks.failed("openai retry", error)
        return decided

    return should_retry


def _receiving(original: Callable[..., Any]) -> Callable[..., Any]:
    # Also of the asynchronous client: what it returns is awaited by its caller.
    @functools.wraps(original)
    def process_response(self: Any, *args: Any, **kwargs: Any) -> Any:
        call: Call | None = running.get()
        if call is not None:
            try:
                call.receiving(kwargs)
            except Exception as error:
                hooks.failed("openai response", error)
        return original(self, *args, **kwargs)

    return process_response
