"""Azure Functions: what an invocation recorded is delivered before the invocation returns.

The host may freeze or end the process between two invocations, so that a background thread cannot
be relied on. `azure.functions` builds its functions in `get_functions`, which the worker calls once
to index them; there each handler gets a wrapper. Handlers of the older model (function.json and a
plain `main`) are not built by this package: put `@catalejo.functions.invocation` on them.
"""

from __future__ import annotations

import functools
from typing import Any, Callable, TypeVar

from catalejo import hooks, start

Handler = TypeVar("Handler", bound=Callable[..., Any])
MARK = "__catalejo_invocation__"
# After that many deliveries failed in a row, an invocation waits no longer than FLUSH_MS_MIN.
HALVINGS_MAX = 5
FLUSH_MS_MIN = 20

_failed_in_a_row = 0


def patch(module: Any) -> None:
    """`module` is azure.functions."""
    settings = start.state.settings
    if settings is None or not settings.serverless:
        return
    register = module.decorators.function_app.FunctionRegister
    original = register.get_functions
    if getattr(original, MARK, False):
        return

    @functools.wraps(original)
    def get_functions(self: Any) -> Any:
        built = original(self)
        try:
            for function in built:
                function._func = invocation(function._func)
        except Exception as error:
            hooks.failed("could not instrument a function of azure.functions", error)
        return built

    setattr(get_functions, MARK, True)
    register.get_functions = get_functions


def invocation(handler: Handler) -> Handler:
    """`handler` so that it returns after its spans are delivered, or after CATALEJO_FLUSH_MS_MAX.

    Spans in it continue the trace of the request's headers; without such headers they are in one
    trace of their own. The wrapper has the handler's name,
    signature and annotations, which the worker looks at.
    """
    if getattr(handler, MARK, False):
        return handler
    from inspect import iscoroutinefunction

    wrapper = _async_wrapper(handler) if iscoroutinefunction(handler) else _wrapper(handler)
    functools.update_wrapper(wrapper, handler)
    setattr(wrapper, MARK, True)
    return wrapper  # type: ignore[return-value]


def _wrapper(handler: Callable[..., Any]) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        token = _continue_trace(args, kwargs)
        try:
            return handler(*args, **kwargs)
        finally:
            _leave_trace(token)
            deliver()

    return wrapper


def _async_wrapper(handler: Callable[..., Any]) -> Callable[..., Any]:
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        token = _continue_trace(args, kwargs)
        try:
            return await handler(*args, **kwargs)
        finally:
            _leave_trace(token)
            if _waiting():
                await _deliver_beside()

    return wrapper


def _continue_trace(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Makes the caller's span, if a request's headers name one, the current one, or else nobody's:
    one invocation is one trace."""
    try:
        from catalejo.context.requests_in import remote_of
        from catalejo.span import current

        return current.set(remote_of(_headers_in((*kwargs.values(), *args))))
    except Exception as error:
        hooks.failed("could not read the headers of a request", error)
    return None


def _headers_in(given: tuple[Any, ...]) -> dict[str, str]:
    """Those of the request among an invocation's arguments; a timer has none."""
    for value in given:
        headers = getattr(value, "headers", None)
        if headers is not None and hasattr(headers, "items"):
            return {str(name).lower(): str(text) for name, text in headers.items()}
    return {}


def _leave_trace(token: Any) -> None:
    if token is None:
        return
    from catalejo.span import current

    try:
        current.reset(token)
    except ValueError:  # another context: it ends with that
        return


def _waiting() -> bool:
    if not start.state.started:
        return False
    from catalejo import _core

    return _core.counts()["queued"] > 0


def deliver() -> bool:
    """Sends what is queued and waits for its acknowledgement, within the bound. Never raises."""
    global _failed_in_a_row
    settings = start.state.settings
    if settings is None or not start.state.started:
        return True
    try:
        from catalejo import _core

        if _core.counts()["queued"] == 0:
            return True
        halvings = min(_failed_in_a_row, HALVINGS_MAX)
        bound_ms = settings.flush_ms_max
        allowed_ms = max(min(FLUSH_MS_MIN, bound_ms), bound_ms >> halvings)
        done = _core.flush(allowed_ms)
        _failed_in_a_row = 0 if done else _failed_in_a_row + 1
        return done
    except Exception as error:
        hooks.failed("could not deliver before the end of an invocation", error)
        return False


async def _deliver_beside() -> None:
    """As `deliver`, on another thread: other invocations share the event loop."""
    import asyncio

    try:
        await asyncio.get_running_loop().run_in_executor(None, deliver)
    except RuntimeError as error:  # the executor is shut down: the process ends
        hooks.failed("could not deliver before the end of an invocation", error)
