"""A fake of what Catalejo asks Azure for: tokens, the Resource Manager, Resource Graph, metrics.

It keeps to Microsoft's documents:
* tokens: learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow, with the
  errors of reference-error-codes; managed identities: …/how-to-use-vm-token (header Metadata) and
  learn.microsoft.com/azure/app-service/overview-managed-identity (header X-IDENTITY-HEADER);
* Azure/azure-rest-api-specs: Microsoft.CognitiveServices 2024-10-01 (accounts, deployments),
  Microsoft.ResourceGraph 2021-03-01, Microsoft.Insights 2018-01-01 (metricDefinitions), 2023-10-01
  (metricBatch.json, metrics);
* MicrosoftDocs/azure-monitor-docs, metrics/migrate-to-batch-api.md: at most 50 resources of one
  subscription, region and type; 401 without a role on the subscription; errors wrapped in "error"
  by the batch and bare by the single call; 529; `top` for each metric of each resource, 10 unless
  it is said, and nothing tells what it cut;
* azure-resource-manager/management/request-limits-and-throttling: 429 with Retry-After, asking
  before that is over begins it anew; x-ms-ratelimit-remaining-subscription-reads.

What is ours: the data (fake_azure_data.py), one port for what are several hosts, and faults on
request.
"""

from __future__ import annotations

import json
import re
import secrets
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.e2e.harness.fake_azure_data import (
    BY_NAME,
    CLIENT,
    METRICS,
    TENANT,
    Account,
    Metric,
    Values,
)

SECRET = "the-value-of-the-secret"
ASSERTION = "the.token.of-this-workload"
APP_HEADER = "header-of-the-app"
MANAGEMENT, MONITOR = "https://management.azure.com", "https://metrics.monitor.azure.com"
ACCOUNT_PATH = re.compile(
    r"^(/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft.CognitiveServices/accounts/"
    r"[^/]+)/(deployments|providers/microsoft.insights/metricDefinitions|"
    r"providers/microsoft.insights/metrics)$",
    re.IGNORECASE,
)


class Refused(Exception):
    """An answer that is no 200."""

    def __init__(
        self, status: int, code: str, message: str, *, bare: bool = False, **headers: str
    ) -> None:
        super().__init__(message)
        error = {"code": code, "message": message}
        self.status, self.body = status, error if bare else {"error": error}
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


@dataclass
class Fault:
    """What the next `times` requests to a path meet: a status, "cut", "html", "empty", "types"."""

    path: re.Pattern[str]
    kind: str
    times: int
    retry_after: int = 0


@dataclass
class Call:
    at: float
    method: str
    path: str
    query: dict[str, str]
    body: str
    status: int = 0


def stamp(minute: int) -> str:
    return datetime.fromtimestamp(minute * 60, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def minute_of(text: str) -> int:
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() // 60)


class FakeAzure(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.subscriptions: dict[str, str] = {}
        self.accounts: list[Account] = []
        self.values = Values()
        self.secret_state = "right"  # "expired": Entra ID gives no token for it
        self.identity = True  # whether a managed identity is assigned
        self.token_seconds = 3599
        self.denied: set[str] = set()  # subscriptions without a role
        self.batch = True  # False: roles on the accounts only
        self.page_size = 2
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        self.tokens: dict[str, tuple[str, float]] = {}  # → audience, end
        self.closed: dict[str, float] = {}  # path → until when it answers 429
        self.too_early = 0
        self.lock = threading.Lock()

    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def settings(self) -> dict[str, str]:
        """Of a Catalejo that takes this for Azure."""
        return {
            "CATALEJO_AZURE_AUTHORITY_URL": self.url(),
            "CATALEJO_AZURE_MANAGEMENT_URL": self.url(),
            "CATALEJO_AZURE_METRICS_URL": self.url(),
            "CATALEJO_AZURE_METRICS_AUDIENCE": MONITOR,
            "CATALEJO_AZURE_IDENTITY_URL": self.url() + "/metadata/identity/oauth2/token",
        }

    def login(self) -> dict[str, str]:
        return {
            "CATALEJO_AZURE_AUTH": "secret",
            "CATALEJO_AZURE_TENANT_ID": TENANT,
            "CATALEJO_AZURE_CLIENT_ID": CLIENT,
            "CATALEJO_AZURE_CLIENT_SECRET": SECRET,
        }

    def fault(self, path: str, kind: str, times: int = 1, retry_after: int = 0) -> None:
        with self.lock:
            self.faults.append(Fault(re.compile(path), kind, times, retry_after))

    def asked(self, path: str) -> list[Call]:
        return [call for call in list(self.calls) if re.search(path, call.path)]

    def account(self, resource_id: str) -> Account | None:
        return next((a for a in self.accounts if a.id.lower() == resource_id.lower()), None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    # --- tokens ---
    def give_token(self, audience: str) -> dict[str, Any]:
        token = secrets.token_urlsafe(24)
        self.tokens[token] = (audience, time.time() + self.token_seconds)
        return {"token_type": "Bearer", "access_token": token, "expires_in": self.token_seconds}

    def entra(self, tenant: str, form: dict[str, str]) -> dict[str, Any]:
        def wrong(code: str, message: str, error: str = "invalid_client") -> Refused:
            refused = Refused(401, "", "")
            refused.body = {"error": error, "error_description": f"{code}: {message}"}
            return refused

        if tenant != TENANT:
            raise wrong("AADSTS90002", f"Tenant '{tenant}' not found.", "invalid_request")
        if form.get("client_id") != CLIENT:
            raise wrong("AADSTS700016", "Application was not found in the directory.")
        if form.get("grant_type") != "client_credentials" or not form.get("scope"):
            raise wrong("AADSTS900144", "The request body must contain the parameter 'scope'.")
        if "client_assertion" in form:
            kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            if form.get("client_assertion_type") != kind or form["client_assertion"] != ASSERTION:
                raise wrong("AADSTS700213", "No matching federated identity record found.")
        elif form.get("client_secret") != SECRET:
            raise wrong("AADSTS7000215", "Invalid client secret provided.")
        elif self.secret_state == "expired":
            raise wrong("AADSTS7000222", "The provided client secret keys are expired.")
        return self.give_token(form["scope"].removesuffix("/.default"))

    def managed(self, query: dict[str, str]) -> dict[str, Any]:
        if not self.identity or query.get("client_id", CLIENT) != CLIENT:
            refused = Refused(400, "", "")
            refused.body = {"error": "invalid_request", "error_description": "Identity not found"}
            raise refused
        given = self.give_token(query["resource"])
        end = int(time.time()) + self.token_seconds
        return {**given, "expires_in": str(self.token_seconds), "expires_on": str(end)}

    # The management URL is what a token for it is asked for; of the fake it is the fake's own.
    def check_token(self, header: str, audience: str) -> None:
        known = self.tokens.get(header.removeprefix("Bearer "))
        audiences = (audience, self.url()) if audience == MANAGEMENT else (audience,)
        if known is None or known[1] < time.time() or known[0] not in audiences:
            raise Refused(401, "InvalidAuthenticationToken", "The access token is invalid.")

    def check_role(self, subscription: str) -> None:
        if subscription in self.denied:
            raise Refused(
                403, "AuthorizationFailed",
                "The client does not have authorization to perform action over scope "
                f"'/subscriptions/{subscription}' or the scope is invalid.",
            )  # fmt: skip

    # --- the Resource Manager ---
    def page(self, rows: list[Any], path: str, query: dict[str, str]) -> dict[str, Any]:
        begin = int(query.get("$skiptoken", "0"))
        end = begin + self.page_size
        answer: dict[str, Any] = {"value": rows[begin:end]}
        if end < len(rows):
            version = query["api-version"]
            answer["nextLink"] = f"{self.url()}{path}?api-version={version}&$skiptoken={end}"
        return answer

    def graph(self, body: dict[str, Any]) -> dict[str, Any]:
        wanted = [name for name in body["subscriptions"] if name not in self.denied]
        rows = [a.as_graph_row() for a in self.accounts if a.subscription in wanted]
        begin = int(body.get("options", {}).get("$skipToken", "0"))
        page = rows[begin : begin + self.page_size]
        answer = {
            "totalRecords": len(rows), "count": len(page), "data": page, "facets": [],
            "resultTruncated": "false",
        }  # fmt: skip
        if begin + self.page_size < len(rows):
            answer["$skipToken"] = str(begin + self.page_size)
        return answer

    def manager(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        if path == "/subscriptions":
            rows = [
                {"id": f"/subscriptions/{key}", "subscriptionId": key, "displayName": name,
                 "state": "Enabled", "tenantId": TENANT}
                for key, name in self.subscriptions.items()
            ]  # fmt: skip
            return self.page(rows, path, query)
        subscription = path.split("/")[2]
        self.check_role(subscription)
        if path.endswith("/providers/Microsoft.CognitiveServices/accounts"):
            mine = [a.as_json() for a in self.accounts if a.subscription == subscription]
            return self.page(mine, path, query)
        found = ACCOUNT_PATH.match(path)
        account = self.account(found[1]) if found else None
        if found is None or account is None:
            raise Refused(404, "ResourceNotFound", f"The Resource '{path}' was not found.")
        if found[2] == "deployments":
            return self.page([d.as_json(account.id) for d in account.deployments], path, query)
        if found[2].endswith("metricDefinitions"):
            return {"value": [definition(account, metric) for metric in METRICS]}
        begin, end = query["timespan"].split("/")
        return {
            "cost": 0, "timespan": query["timespan"], "interval": "PT1M",
            "value": self.metrics(account, query, query.get("$filter", ""), begin, end, bare=True),
            "namespace": "Microsoft.CognitiveServices/accounts", "resourceregion": account.region,
        }  # fmt: skip

    # --- metrics ---
    def get_batch(
        self, subscription: str, query: dict[str, str], body: dict[str, Any]
    ) -> dict[str, Any]:
        if subscription in self.denied or not self.batch:
            raise Refused(401, "AuthorizationFailed", "No role on the subscription.")
        accounts = [self.account(name) for name in body["resourceids"]]
        known = [account for account in accounts if account is not None]
        if len(known) != len(accounts) or not 1 <= len(accounts) <= 50:
            raise Refused(400, "BadRequest", "Up to 50 resources that exist.")
        if len({(a.subscription, a.region) for a in known}) != 1:
            raise Refused(400, "BadRequest", "Resources of one subscription and region.")
        if known[0].subscription != subscription or "metricnamespace" not in query:
            raise Refused(400, "BadRequest", "Of this subscription, with a namespace.")
        begin, end = query["starttime"], query["endtime"]
        filter_text = query.get("filter", "")
        return {"values": [
            {"starttime": begin, "endtime": end, "interval": "PT1M", "resourceid": a.id,
             "namespace": query["metricnamespace"], "resourceregion": a.region,
             "value": self.metrics(a, query, filter_text, begin, end, bare=False)}
            for a in known
        ]}  # fmt: skip

    def metrics(
        self, account: Account, query: dict[str, str], filter_text: str, begin: str, end: str,
        *, bare: bool,
    ) -> list[dict[str, Any]]:  # fmt: skip
        names = query["metricnames"].split(",")
        split = re.findall(r"(\w+) eq '\*'", filter_text)
        top = int(query.get("top", "10")) if split else 1
        answers = []
        for name in names:
            metric = BY_NAME.get(name.lower())
            if metric is None or not set(split) <= set(metric.dimensions):
                message = f"Metric: {name} does not support requested dimension combination"
                raise Refused(400, "BadRequest", message, bare=bare)
            minutes = range(minute_of(begin), minute_of(end))
            answers.append(self.answer_of(account, metric, split, minutes, top, query))
        return answers

    def answer_of(
        self, account: Account, metric: Metric, split: list[str], minutes: range, top: int,
        query: dict[str, str],
    ) -> dict[str, Any]:  # fmt: skip
        key = query["aggregation"].lower()
        series = []
        for labels, values in list(self.values.of[account.id, metric.name].items()):
            shown = [(name, value) for name, value in labels if name in split]
            data = [
                {"timeStamp": stamp(m), **({key: values[m]} if m in values else {})}
                for m in minutes
            ]
            if len(shown) == len(labels) and any(key in point for point in data):
                series.append({
                    "metadatavalues": [
                        {"name": {"value": name.lower(), "localizedValue": name.lower()},
                         "value": value}
                        for name, value in shown
                    ],
                    "data": data,
                })  # fmt: skip
        return {
            "id": f"{account.id}/providers/Microsoft.Insights/metrics/{metric.name}",
            "type": "Microsoft.Insights/metrics", "unit": metric.unit,
            "name": {"value": metric.name, "localizedValue": metric.display},
            "timeseries": series[:top], "errorCode": "Success",
        }  # fmt: skip


def definition(account: Account, metric: Metric) -> dict[str, Any]:
    every = ["Total"] if metric.aggregation == "Total" else ["Minimum", "Maximum", "Average"]
    return {
        "id": f"{account.id}/providers/microsoft.insights/metricdefinitions/{metric.name}",
        "resourceId": account.id, "namespace": "Microsoft.CognitiveServices/accounts",
        "name": {"value": metric.name, "localizedValue": metric.display}, "unit": metric.unit,
        "primaryAggregationType": metric.aggregation, "supportedAggregationTypes": every,
        "isDimensionRequired": False,
        "metricAvailabilities": [
            {"timeGrain": grain, "retention": "P93D"} for grain in ("PT1M", "PT5M", "PT1H", "P1D")
        ],
        "dimensions": [{"value": name, "localizedValue": name} for name in metric.dimensions],
    }  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: FakeAzure

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        target = urlsplit(self.path)
        query = dict(parse_qsl(target.query))
        call = Call(time.time(), self.command, target.path, query, raw.decode(errors="replace"))
        self.server.calls.append(call)
        headers: dict[str, str] = {"x-ms-ratelimit-remaining-subscription-reads": "240"}
        kind = ""
        try:
            kind = self.meet_fault(call)
            body, call.status = self.answer(call), 200
        except Refused as refused:
            body, call.status = refused.body, refused.status
            headers.update(refused.headers)
        self.send(call.status, body, headers, kind)

    def do_GET(self) -> None:
        self.do_POST()

    def meet_fault(self, call: Call) -> str:
        server = self.server
        with server.lock:
            until = server.closed.get(call.path, 0.0)
            if time.time() < until:
                server.too_early += 1
            fault = next((f for f in server.faults if f.times and f.path.search(call.path)), None)
            if fault is None:
                return ""
            fault.times -= 1
        if fault.kind.isdigit():
            if fault.retry_after:
                server.closed[call.path] = time.time() + fault.retry_after - 0.1
                raise Refused(int(fault.kind), "TooManyRequests", "Too many requests.",
                              Retry_After=str(fault.retry_after))  # fmt: skip
            raise Refused(int(fault.kind), "Failed", "As was asked for.")
        return fault.kind

    def answer(self, call: Call) -> dict[str, Any]:
        server, path, query = self.server, call.path, call.query
        if found := re.match(r"^/([^/]+)/oauth2/v2.0/token$", path):
            return server.entra(found[1], dict(parse_qsl(call.body)))
        if path == "/metadata/identity/oauth2/token":
            if self.headers.get("Metadata") != "true":
                raise Refused(400, "invalid_request", "Required metadata header not specified")
            return server.managed(query)
        if path == "/msi/token":
            if self.headers.get("X-IDENTITY-HEADER") != APP_HEADER:
                raise Refused(401, "unauthorized", "The header is not the right one.")
            return server.managed(query)
        bearer = self.headers.get("authorization", "")
        if "api-version" not in query:
            raise Refused(400, "MissingApiVersionParameter", "The api-version is required.")
        if found := re.match(r"^/subscriptions/([^/]+)/metrics:getBatch$", path):
            server.check_token(bearer, MONITOR)
            return server.get_batch(found[1], query, json.loads(call.body))
        server.check_token(bearer, MANAGEMENT)
        if path == "/providers/Microsoft.ResourceGraph/resources":
            return server.graph(json.loads(call.body))
        return server.manager(path, query)

    def send(self, status: int, body: dict[str, Any], headers: dict[str, str], kind: str) -> None:
        content = json.dumps(body).encode()
        if kind == "html":
            content = b"<html><body>Please log in to the network.</body></html>"
        if kind == "empty":
            content = json.dumps({"values": [], "value": [], "data": []}).encode()
        if kind == "types":
            content = re.sub(rb'"(total|average)": ([0-9.]+)', rb'"\1": "\2"', content)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-type", "application/json; charset=utf-8")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        if kind == "cut":
            content = content[: len(content) // 2]
            self.close_connection = True
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: what was asked is in `calls`."""


def start() -> FakeAzure:
    """Serves in a thread of this process; `shutdown()` ends it."""
    server = FakeAzure()
    threading.Thread(target=server.serve_forever, name="fake-azure-monitor", daemon=True).start()
    return server
