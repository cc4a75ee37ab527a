"""Decorators that make each call of a function a span: @workflow, @agent, @task, @tool,
@retrieval, and @llm, @embedding for calls of models.

All but the last two record the arguments as the input. What the function returns is the output,
unless the function annotated one itself. Functions, coroutines, generators and asynchronous
generators; the span of a generator is the current one only while the generator runs, not while its
consumer does.
"""

from __future__ import annotations

import functools
from inspect import (
    Signature,
    isasyncgenfunction,
    iscoroutinefunction,
    isgeneratorfunction,
    signature,
)
from typing import Any, AsyncGenerator, Callable, Generator, Iterator, Optional

from catalejo.sdk import annotate
from catalejo.sdk.errors import LLMObsAnnotateSpanError
from catalejo.sdk.llmobs import LLMObs
from catalejo.sdk.log import warn
from catalejo.sdk.spans import LLMSpan
from catalejo.span import Remote, Span, current

Function = Callable[..., Any]


class _Traced:
    """What one decorated function's spans are made of."""

    def __init__(self, kind: str, function: Function, options: dict[str, Any]) -> None:
        self.kind = kind
        self.function = function
        self.takes_input = options.pop("_automatic_io_annotation", True)
        self.takes_output = self.takes_input and kind not in ("retrieval", "embedding")
        if kind in ("llm", "embedding"):
            self.takes_input = False
        options["name"] = options.get("name") or getattr(function, "__name__", kind)
        self.options = {key: value for key, value in options.items() if value is not None}
        self._read: Optional[Signature] = None

    def start(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> LLMSpan:
        span: LLMSpan = getattr(LLMObs, self.kind)(**self.options, _decorator=True)
        if self.takes_input and (args or kwargs):
            try:
                bound = self._signature().bind_partial(*args, **kwargs).arguments
                if bound:
                    named = {name: value for name, value in bound.items() if name != "self"}
                    annotate.annotate(span, {"input_data": named})
            except TypeError:
                pass  # the call itself will say that its arguments are wrong
            except Exception as error:
                warn(f"input of {self.options['name']} could not be recorded: {error!r}")
        return span

    def _signature(self) -> Signature:
        if self._read is None:
            self._read = signature(self.function)
        return self._read

    def returned(self, span: LLMSpan, value: Any) -> None:
        """Records the output, unless the function did; a wrong type of it is no error."""
        held = span.output
        if value is None or not self.takes_output or span.finished:
            return
        if isinstance(held, dict) and ("value" in held or "messages" in held):
            return
        try:
            annotate.annotate(span, {"output_data": value})
        except LLMObsAnnotateSpanError:
            pass
        except Exception as error:
            warn(f"output of {self.options['name']} could not be recorded: {error!r}")


class _Step:
    """Makes a generator's own view of what is current the one in force, for one of its steps."""

    __slots__ = ("inside", "outside")

    def __init__(self, inside: Span | Remote | None) -> None:
        self.inside = inside
        self.outside: Span | Remote | None = None

    def __enter__(self) -> None:
        self.outside = current.get()
        current.set(self.inside)

    def __exit__(self, *_: object) -> None:
        self.inside = current.get()
        current.set(self.outside)


def _wrapped_function(traced: _Traced) -> Function:
    function = traced.function

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if not LLMObs.enabled:
            return function(*args, **kwargs)
        with traced.start(args, kwargs) as span:
            value = function(*args, **kwargs)
            traced.returned(span, value)
            return value

    return wrapper


def _wrapped_coroutine(traced: _Traced) -> Function:
    function = traced.function

    @functools.wraps(function)
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        if not LLMObs.enabled:
            return await function(*args, **kwargs)
        with traced.start(args, kwargs) as span:
            value = await function(*args, **kwargs)
            traced.returned(span, value)
            return value

    return wrapper


def _started_aside(traced: _Traced, args: Any, kwargs: Any) -> tuple[LLMSpan, _Step]:
    """A span that is current in the steps of a generator only."""
    outside = current.get()
    try:
        span = traced.start(args, kwargs)
    finally:
        current.set(outside)
    return span, _Step(span)


def _ended(span: LLMSpan, step: _Step, error: BaseException | None = None) -> None:
    if error is not None:
        span.set_error(error)
    with step:
        span.finish()


def _wrapped_generator(traced: _Traced) -> Function:
    function = traced.function

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        if not LLMObs.enabled:
            return (yield from function(*args, **kwargs))
        span, step = _started_aside(traced, args, kwargs)
        try:
            return (yield from _steps(function(*args, **kwargs), step))
        except GeneratorExit:
            raise
        except BaseException as error:
            span.set_error(error)
            raise
        finally:
            _ended(span, step)

    return wrapper


def _steps(inner: Iterator[Any], step: _Step) -> Generator[Any, Any, Any]:
    """`yield from inner`, each of its steps within `step`."""
    send: Callable[[], Any] = functools.partial(next, inner)
    while True:
        try:
            with step:
                item = send()
        except StopIteration as stop:
            return stop.value
        try:
            sent = yield item
        except GeneratorExit:
            with step:
                inner.close()  # type: ignore[attr-defined]
            raise
        except BaseException as error:
            send = functools.partial(inner.throw, error)  # type: ignore[attr-defined]
        else:
            send = functools.partial(inner.send, sent)  # type: ignore[attr-defined]


def _wrapped_async_generator(traced: _Traced) -> Function:
    function = traced.function

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        if not LLMObs.enabled:
            stream: AsyncGenerator[Any, Any] = function(*args, **kwargs)
            return stream
        return _async_steps(traced, current.get(), args, kwargs)

    return wrapper


async def _async_steps(
    traced: _Traced, parent: Span | Remote | None, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> AsyncGenerator[Any, Any]:
    """The items of the traced generator; its span begins with the first step, below `parent`."""
    with _Step(parent):
        span, step = _started_aside(traced, args, kwargs)
    inner = traced.function(*args, **kwargs)
    send = inner.__anext__()
    try:
        while True:
            with step:
                item = await send
            try:
                sent = yield item
            except GeneratorExit:
                with step:
                    await inner.aclose()
                raise
            except BaseException as error:
                send = inner.athrow(error)
            else:
                send = inner.asend(sent)
    except StopAsyncIteration:
        return
    except GeneratorExit:
        raise
    except BaseException as error:
        span.set_error(error)
        raise
    finally:
        _ended(span, step)


def _wrapped(traced: _Traced) -> Function:
    function = traced.function
    if isasyncgenfunction(function):
        return _wrapped_async_generator(traced)
    if iscoroutinefunction(function):
        return _wrapped_coroutine(traced)
    if isgeneratorfunction(function):
        return _wrapped_generator(traced)
    return _wrapped_function(traced)


def _decorated(kind: str, function: Function | None, options: dict[str, Any]) -> Any:
    def decorate(function: Function) -> Function:
        return _wrapped(_Traced(kind, function, dict(options)))

    return decorate(function) if callable(function) else decorate


def _of_model(kind: str) -> Callable[..., Any]:
    def decorator(
        original_func: Function | None = None,
        model_name: str | None = None,
        model_provider: str | None = None,
        name: str | None = None,
        session_id: str | None = None,
        ml_app: str | None = None,
        agent_service: str | None = None,
    ) -> Any:
        return _decorated(kind, original_func, {
            "model_name": model_name, "model_provider": model_provider, "name": name,
            "session_id": session_id, "ml_app": ml_app, "agent_service": agent_service,
        })  # fmt: skip

    decorator.__name__ = decorator.__qualname__ = kind
    return decorator


def _of_step(kind: str) -> Callable[..., Any]:
    def decorator(
        original_func: Function | None = None,
        name: str | None = None,
        session_id: str | None = None,
        ml_app: str | None = None,
        agent_service: str | None = None,
        version: str | None = None,
        _automatic_io_annotation: bool = True,
    ) -> Any:
        if version is not None and kind != "agent":
            warn(f"only @agent takes a version; ignored for @{kind}")
            version = None
        return _decorated(kind, original_func, {
            "name": name, "session_id": session_id, "ml_app": ml_app,
            "agent_service": agent_service, "version": version,
            "_automatic_io_annotation": _automatic_io_annotation,
        })  # fmt: skip

    decorator.__name__ = decorator.__qualname__ = kind
    return decorator


llm = _of_model("llm")
embedding = _of_model("embedding")
workflow = _of_step("workflow")
task = _of_step("task")
tool = _of_step("tool")
retrieval = _of_step("retrieval")
agent = _of_step("agent")
