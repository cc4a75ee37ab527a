"""What the fake Azure has: subscriptions, accounts, deployments, values of metrics by the minute.

Names, units and dimensions of the metrics are those of Microsoft's reference "Supported metrics for
Microsoft.CognitiveServices/accounts" (MicrosoftDocs/azure-monitor-docs, ms.date 07/31/2026).
"""

from __future__ import annotations

import itertools
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MODEL = ("Region", "ModelDeploymentName", "ModelName", "ModelVersion")
USE = ("ApiName", "ModelDeploymentName", "FeatureName", "UsageChannel", "Region", "ModelVersion")
REQUEST = ("ApiName", "OperationName", "Region", "StreamType", *MODEL[1:], "StatusCode")
TENANT = "11111111-1111-4111-8111-111111111111"
CLIENT = "22222222-2222-4222-8222-222222222222"


@dataclass(frozen=True)
class Metric:
    name: str
    display: str
    aggregation: str  # the primary one
    dimensions: tuple[str, ...]
    unit: str = "Count"


# The 13 of Datadog's integration, and newer ones of the same namespace.
METRICS = (
    Metric("ActiveTokens", "Active Tokens", "Total", MODEL),
    Metric("AzureOpenAIRequests", "Azure OpenAI Requests", "Total",
           (*REQUEST, "IsSpillover", "ServiceTierRequest", "ServiceTierResponse")),
    Metric("RAIRejectedRequests", "Blocked Volume", "Total",
           (*MODEL, "ApiName", "TextType", "Category")),
    Metric("GeneratedTokens", "Generated Completion Tokens", "Total", USE),
    Metric("FineTunedTrainingHours", "Processed FineTuned Training Hours", "Total", USE[:-1]),
    Metric("RAIHarmfulRequests", "Harmful Volume Detected", "Total",
           (*MODEL, "ApiName", "TextType", "Category", "Severity")),
    Metric("ProcessedPromptTokens", "Processed Prompt Tokens", "Total", USE),
    Metric("TokenTransaction", "Processed Inference Tokens", "Total", USE),
    Metric("AzureOpenAIContextTokensCacheMatchRate", "Prompt Token Cache Match Rate", "Average",
           MODEL, "Percent"),
    Metric("AzureOpenAIProvisionedManagedUtilization",
           "Provisioned-managed Utilization (deprecated)", "Average", (*MODEL, "StreamType"),
           "Percent"),
    Metric("AzureOpenAIProvisionedManagedUtilizationV2", "Provisioned-managed Utilization V2",
           "Average", (*MODEL, "StreamType"), "Percent"),
    Metric("AzureOpenAITimeToResponse", "Time to Response", "Average", REQUEST, "MilliSeconds"),
    Metric("RAITotalRequests", "Total Volume Sent For Safety Check", "Total", (*MODEL, "ApiName")),
    Metric("AzureOpenAIAvailabilityRate", "Azure OpenAI AvailabilityRate", "Average", REQUEST[:-1],
           "Percent"),
    Metric("AzureOpenAITTLTInMS", "Time to Last Byte", "Average", MODEL, "MilliSeconds"),
    # Called like another one, of another REST name.
    Metric("TimeToResponse", "Time to Response", "Average", MODEL, "MilliSeconds"),
    Metric("AudioPromptTokens", "Audio Prompt Tokens", "Total", MODEL),
    Metric("Latency", "Latency", "Average", ("ApiName", "OperationName", "Region"), "MilliSeconds"),
)  # fmt: skip
BY_NAME = {metric.name.lower(): metric for metric in METRICS}
# What dimensions say, apart from deployment, model and region.
VALUES = {
    "ApiName": ("Azure OpenAI API", "Responses API"),
    "OperationName": ("ChatCompletions_Create",),
    "StreamType": ("Streaming", "Non-Streaming"),
    "StatusCode": ("200", "429"),
    "FeatureName": ("Chat",),
    "UsageChannel": ("Default",),
    "IsSpillover": ("False", "True"),
    "ServiceTierRequest": ("auto",),
    "ServiceTierResponse": ("default",),
    "TextType": ("Prompt", "Completion"),
    "Category": ("Hate", "Violence"),
    "Severity": ("Medium", "High"),
}


@dataclass
class Deployment:
    name: str
    model: str
    version: str
    sku: str = "GlobalStandard"
    capacity: int = 100
    spillover: str = ""

    def as_json(self, account: str) -> dict[str, Any]:
        properties: dict[str, Any] = {
            "model": {"format": "OpenAI", "name": self.model, "version": self.version},
            "provisioningState": "Succeeded",
            "rateLimits": [
                {"key": "request", "renewalPeriod": 10, "count": self.capacity},
                {"key": "token", "renewalPeriod": 60, "count": self.capacity * 1000},
            ],
        }
        if self.spillover:
            properties["spilloverDeploymentName"] = self.spillover
        return {
            "id": f"{account}/deployments/{self.name}",
            "name": self.name,
            "type": "Microsoft.CognitiveServices/accounts/deployments",
            "sku": {"name": self.sku, "capacity": self.capacity},
            "properties": properties,
        }


@dataclass
class Account:
    subscription: str
    name: str
    region: str = "eastus"
    kind: str = "OpenAI"
    group: str = "Production"
    tags: dict[str, str] = field(default_factory=dict)
    deployments: list[Deployment] = field(default_factory=list)

    @property
    def id(self) -> str:
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.group}/providers/"
            f"Microsoft.CognitiveServices/accounts/{self.name}"
        )

    @property
    def endpoint(self) -> str:
        return f"https://{self.name.lower()}.openai.azure.com/"

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "type": "Microsoft.CognitiveServices/accounts",
            "location": self.region,
            "sku": {"name": "S0"},
            "kind": self.kind,
            "tags": self.tags,
            "properties": {"endpoint": self.endpoint, "provisioningState": "Succeeded"},
        }

    def as_graph_row(self) -> dict[str, Any]:
        whole = self.as_json()
        row = {key: whole[key] for key in ("id", "name", "kind", "location", "sku")}
        return {**row, "tags": self.tags or None, "endpoint": self.endpoint}


Labels = tuple[tuple[str, str], ...]  # dimension and value, in the metric's order


def all_labels(account: Account, metric: Metric) -> Iterator[Labels]:
    """Every combination of what a deployment's dimensions can say."""
    for deployment in account.deployments:
        known = {
            "Region": account.region,
            "ModelDeploymentName": deployment.name,
            "ModelName": deployment.model,
            "ModelVersion": deployment.version,
        }
        choices = [(known[name],) if name in known else VALUES[name] for name in metric.dimensions]
        for combination in itertools.product(*choices):
            yield tuple(zip(metric.dimensions, combination, strict=True))


class Values:
    """Values by account, metric, labels and minute: what Azure would answer, and nothing else."""

    def __init__(self) -> None:
        self.of: dict[tuple[str, str], dict[Labels, dict[int, float]]] = defaultdict(
            lambda: defaultdict(dict)
        )

    def fill(self, account: Account, metric: Metric, minutes: range, share: float = 1.0) -> None:
        """Values that look like none and are the same each time. Not every minute has one."""
        for labels in all_labels(account, metric):
            for minute in minutes:
                chance = zlib.crc32(f"{account.id}{metric.name}{labels}{minute}".encode())
                if chance % 100 < 100 * share:
                    self.of[account.id, metric.name][labels][minute] = float(chance % 997 + 1)

    def total(self, metric: str, account: Account | None = None, **labels: str) -> float:
        return sum(
            value
            for (owner, name), series in self.of.items()
            if name == metric and (account is None or owner == account.id)
            for one, minutes in series.items()
            if labels.items() <= dict(one).items()
            for value in minutes.values()
        )
