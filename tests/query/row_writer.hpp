// Writes RowBinary as the database does, for tests that read it.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.hpp"

namespace catalejo::test {

class RowWriter {
 public:
  template <typename T>
  RowWriter& number(T value) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    bytes_.append(bytes, sizeof(T));
    return *this;
  }
  RowWriter& text(std::string_view value) {
    length(value.size());
    bytes_ += value;
    return *this;
  }
  RowWriter& length(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
    return *this;
  }
  RowWriter& trace_id(TraceId id) {
    const auto bytes = to_bytes(id);
    bytes_.append(bytes.data(), bytes.size());
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

struct TestSpan {
  std::uint8_t half = 3;
  TraceId trace{1, 1}, apm_trace{2, 2};
  std::uint64_t span = 10, parent = 0, apm_parent = 0;
  std::int64_t start = 1'795'472'913'308'242'728, duration = 5'000'000;
  std::uint8_t error = 0;
  std::string name = "AzureOpenAI.createChatCompletion", kind = "llm", service = "shop";
  std::string input = R"({"messages":[{"role":"user","content":"¿Dónde está mi pedido?"}]})";
  std::string output = R"({"messages":[{"role":"assistant","content":"Tu pedido llega hoy"}]})";
  std::vector<std::pair<std::string, std::string>> tags = {{"team", "core"}};
  std::int64_t total_tokens = 30;
};

// A row in the order of query::span_columns().
inline std::string span_bytes(const TestSpan& span) {
  RowWriter row;
  row.number(span.half).trace_id(span.trace).trace_id(span.apm_trace);
  row.number(span.span).number(span.parent).number(span.apm_parent);
  row.number(span.start).number(span.duration).number(std::int64_t{1'795'472'914'000});
  row.number(span.error);
  for (const std::string& text :
       {span.name,
        std::string("openai.request"),
        std::string("llm"),
        span.kind,
        span.service,
        std::string("prod"),
        std::string("1.2"),
        std::string("shop-bot"),
        std::string("gpt-4o"),
        std::string("azure"),
        std::string("gpt4o-weu"),
        std::string(span.error != 0 ? "RateLimitError" : ""),
        std::string("dd_apm/v0.4"),
        std::string("createChatCompletion"),
        std::string("session-1"),
        std::string("user-1"),
        std::string(span.error != 0 ? "429" : ""),
        std::string(),
        span.input,
        span.output,
        std::string(R"({"temperature":0.2})"),
        std::string(R"({"intent":"ask","tool_definitions":[{"name":"find","schema":{}}]})")})
    row.text(text);
  row.length(span.tags.size());
  for (const auto& [key, value] : span.tags) row.text(key).text(value);
  row.length(1).text("input_tokens").number(10.0);
  row.number(std::int64_t{10}).number(std::int64_t{20}).number(span.total_tokens);
  row.number(std::int64_t{1'500'000}).number(std::uint32_t{1});
  for (int i = 0; i < 5; ++i) row.number(std::int64_t{0});  // cached to audio output tokens
  row.text("contoso");
  return row.bytes();
}

}  // namespace catalejo::test
