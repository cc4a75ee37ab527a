// Runs tests/protocol/*.test: recorded requests through the handlers (status) and the translators
// (what they mean). CATALEJO_PROTOCOL_PRINT=1 prints what came out in the form of the files.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "intake/agent_api.hpp"
#include "intake/agentless_api.hpp"
#include "intake/dd_agentless/input.hpp"
#include "intake/dd_apm/traces.hpp"
#include "intake/dd_llmobs/evaluations.hpp"
#include "intake/dd_llmobs/events.hpp"
#include "support/capture.hpp"
#include "support/fake_store.hpp"
#include "support/paths.hpp"
#include "support/protocol_case.hpp"

namespace catalejo::intake {
namespace {

std::vector<std::string> protocol_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(test_data("protocol")))
    if (entry.path().extension() == ".test") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

// The translator that the path stands for; an empty batch for paths that bring no spans.
Result<model::Batch> translate(const std::string& path, const std::string& capture) {
  const std::string body = inflated_body(capture);
  if (path == "/v0.4/traces") return dd_apm::parse_v04(body);
  if (path == "/v0.5/traces") return dd_apm::parse_v05(body);
  if (path == "/api/v0.2/traces") return dd_apm::parse_agent_payload(body);
  if (path == "/v1/input") return dd_agentless::parse_input(body);
  if (path.ends_with("/api/v2/llmobs")) return dd_llmobs::parse_events(body);
  if (path.ends_with("/eval-metric")) {
    Result<dd_llmobs::ParsedEvaluations> parsed = dd_llmobs::parse_evaluations(body);
    if (!parsed) return parsed.error();
    return std::move(parsed->batch);
  }
  return model::Batch{};
}

int status_of(const ProtocolCase& protocol_case) {
  FakeStore store;
  model::Ledger ledger;
  Counters counters;
  pipeline::Pipeline pipeline(store, ledger);
  net::Request request = load_capture(protocol_case.capture);
  EXPECT_EQ(request.method, protocol_case.method) << protocol_case.where;
  EXPECT_EQ(request.path, protocol_case.path) << protocol_case.where;
  const net::Handler handler =
      protocol_case.listener == "agent"
          ? agent_handler({.version = "0"}, pipeline, counters)
          : agentless_handler({.check_key = [](std::string_view) { return true; }}, pipeline,
                              counters);
  return run_blocking(handler(std::move(request))).status;
}

template <typename Item>
void check_items(const char* word, const std::vector<Item>& items,
                 const std::vector<Fields>& expected) {
  EXPECT_EQ(items.size(), expected.size());
  for (std::size_t i = 0; i < items.size() && i < expected.size(); ++i) {
    for (const auto& [name, value] : expected[i])
      EXPECT_EQ(field_of(items[i], name), value) << word << " " << i << " " << name;
  }
}

void print(const ProtocolCase& protocol_case, int status, const model::Batch& batch) {
  fmt::print("{} {} < {}\n{}\n", protocol_case.method, protocol_case.path, protocol_case.capture,
             status);
  for (const model::Span& span : batch.spans) {
    fmt::print("span");
    for (const char* name :
         {"halves",     "kind",       "name",     "apm_name",  "resource",   "type",
          "service",    "ml_app",     "session",  "model",     "provider",   "deployment",
          "status",     "error.type", "trace",    "apm_trace", "span",       "parent",
          "apm_parent", "start",      "duration", "tokens.in", "tokens.out", "tags",
          "metrics",    "flags",      "input",    "output",    "metadata",   "extra"})
      if (const std::string value = field_of(span, name); !value.empty() && value != "(none)")
        fmt::print(" {}={}", name, quoted(value));
    fmt::print("\n");
  }
  for (const model::Evaluation& evaluation : batch.evaluations) {
    fmt::print("evaluation");
    for (const char* name :
         {"label", "type", "score", "text", "assessment", "reasoning", "scope", "event_kind",
          "session", "join", "trace", "span", "ml_app", "timestamp", "metadata", "submitter"})
      fmt::print(" {}={}", name, quoted(field_of(evaluation, name)));
    fmt::print("\n");
  }
  fmt::print("\n");
}

class ProtocolFile : public testing::TestWithParam<std::string> {};

TEST_P(ProtocolFile, MeansWhatItSays) {
  const std::vector<ProtocolCase> cases = read_protocol_file(GetParam());
  ASSERT_FALSE(cases.empty());
  for (const ProtocolCase& protocol_case : cases) {
    SCOPED_TRACE(protocol_case.where);
    const int status = status_of(protocol_case);
    Result<model::Batch> batch = translate(protocol_case.path, protocol_case.capture);
    ASSERT_TRUE(batch) << to_string(batch.error());
    if (std::getenv("CATALEJO_PROTOCOL_PRINT")) {
      print(protocol_case, status, *batch);
      continue;
    }
    EXPECT_EQ(status, protocol_case.status);
    check_items("span", batch->spans, protocol_case.spans);
    check_items("evaluation", batch->evaluations, protocol_case.evaluations);
    for (const auto& [name, value] : protocol_case.counts)
      EXPECT_EQ(field_of(*batch, name), value) << name;
  }
}

std::string file_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = std::filesystem::path(info.param).stem().string();
  for (char& c : name)
    if (c == '-') c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Captures, ProtocolFile, testing::ValuesIn(protocol_files()), file_name);

}  // namespace
}  // namespace catalejo::intake
