"""What the SDK raises into the application, named as ddtrace.llmobs names it."""

from __future__ import annotations


class LLMObsExportSpanError(Exception):
    """There is no span to export or to annotate, or what was given is none."""


class LLMObsAnnotateSpanError(Exception):
    """An annotation has the wrong type, or its span has finished."""


class LLMObsSubmitEvaluationError(Exception):
    """A tag, assessment, reasoning or metadata of an evaluation has the wrong type."""


class LLMObsInjectDistributedHeadersError(Exception):
    """There is no span whose context could be written, or no dict to write it to."""


class LLMObsActivateDistributedHeadersError(Exception):
    """The headers name no trace."""
