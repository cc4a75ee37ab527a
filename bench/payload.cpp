#include "payload.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstring>
#include <ctime>

namespace catalejo::bench {
namespace {

constexpr std::uint32_t kSpansPerTrace = 5;

// The upper half of a trace id begins with the second it was made in, as ddtrace writes it. Whole
// minutes, so that whoever asks for the trace afterwards can tell it.
std::uint64_t trace_high(std::int64_t now_ns) {
  return static_cast<std::uint64_t>(now_ns / 60'000'000'000 * 60) << 32;
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 1) {}
  std::uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }
  double unit() { return static_cast<double>(next() >> 11) / 9007199254740992.0; }

 private:
  std::uint64_t state_;
};

const std::vector<std::string>& vocabulary() {
  static const std::vector<std::string> words = [] {
    constexpr std::array kOnsets = {"b", "c", "d", "f", "g", "l",  "m",  "n",
                                    "p", "r", "s", "t", "v", "ch", "tr", ""};
    constexpr std::array kVowels = {"a", "e", "i", "o", "u", "ie", "ue", "ó"};
    constexpr std::array kCodas = {"", "", "n", "r", "s", "l"};
    Random random(7);
    std::vector<std::string> made;
    for (int i = 0; i < 4'000; ++i) {
      std::string word;
      const std::uint64_t syllables = i < 60 ? 1 : 2 + random.next() % 3;
      for (std::uint64_t k = 0; k < syllables; ++k) {
        word += kOnsets[random.next() % kOnsets.size()];
        word += kVowels[random.next() % kVowels.size()];
        word += kCodas[random.next() % kCodas.size()];
      }
      made.push_back(word);
    }
    return made;
  }();
  return words;
}

std::string text(Random& random, std::size_t bytes) {
  const auto& words = vocabulary();
  std::string made;
  for (int k = 1; made.size() < bytes; ++k) {
    const double rank = std::exp(random.unit() * std::log(static_cast<double>(words.size())));
    made += words[static_cast<std::size_t>(rank) - 1];
    made += k % 11 == 0 ? ". " : k % 7 == 0 ? ", " : " ";
  }
  return made;
}

constexpr std::array kModels = {"gpt-4o-2024-11-20", "gpt-4o-mini-2024-07-18", "gpt-4.1-2025-04-14",
                                "o3-mini-2025-01-31"};

struct Content {
  std::string system, user, answer;
  std::uint64_t tokens_in, tokens_out;
  const char* model;
  bool root;
};

Content content_of(Random& random, std::uint32_t index) {
  return {text(random, 420),          text(random, 620),
          text(random, 760),          200 + random.next() % 300,
          100 + random.next() % 200,  kModels[random.next() % kModels.size()],
          index % kSpansPerTrace == 0};
}

class JsonBody {
 public:
  explicit JsonBody(Payload& payload) : payload_(payload) {}

  void span(const Content& content, std::uint32_t index) {
    std::string& body = payload_.body;
    if (index > 0) body += ',';
    body += R"({"_dd.stage":"raw","_dd.tracer_version":"4.16.0","event_type":"span","spans":[{)";
    body += R"("trace_id":")";
    hole(Patch::What::trace_hex, index, 32);
    body += R"(","span_id":")";
    hole(Patch::What::span, index, 19);
    body += R"(","parent_id":")";
    if (content.root) {
      body += "undefined";
    } else {
      hole(Patch::What::parent, index, 19);
    }
    body += fmt::format(R"(","name":"{}","start_ns":)",
                        content.root ? "answer_question" : "AzureOpenAI.createChatCompletion");
    hole(Patch::What::start, index, 19);
    body += R"(,"duration":850000000,"status":"ok","meta":{"span":{"kind":")";
    body += content.root ? "workflow" : "llm";
    body += fmt::format(R"("}},"model_name":"{}","model_provider":"azure_openai","input":)",
                        content.model);
    body += fmt::format(
        R"({{"messages":[{{"content":"{}","role":"system"}},{{"content":"{}","role":"user"}}]}})",
        content.system, content.user);
    body += fmt::format(R"(,"output":{{"messages":[{{"content":"{}","role":"assistant"}}]}})",
                        content.answer);
    body += R"(,"metadata":{"temperature":0.7,"max_tokens":512,"finish_reason":"stop"}},)";
    body +=
        fmt::format(R"("metrics":{{"input_tokens":{},"output_tokens":{},"total_tokens":{}}},)",
                    content.tokens_in, content.tokens_out, content.tokens_in + content.tokens_out);
    body += R"("tags":["version:1.4.2","env:prod","service:chat-api","source:integration",)"
            R"("ml_app:bench","ddtrace.version:4.16.0","language:python","error:0"],)"
            R"("session_id":"session-)";
    hole(Patch::What::span, index / kSpansPerTrace * kSpansPerTrace, 19);
    body += R"(","_dd":{"span_id":")";
    hole(Patch::What::span, index, 19);
    body += R"(","trace_id":")";
    hole(Patch::What::trace_hex, index, 32);
    body += R"(","apm_trace_id":")";
    hole(Patch::What::trace_hex, index, 32);
    body += R"(","sample_rate":"1","sampling_decision":"1"}}]})";
  }

 private:
  void hole(Patch::What what, std::uint32_t index, std::size_t bytes) {
    payload_.patches.push_back({payload_.body.size(), what, index});
    payload_.body.append(bytes, '0');
  }
  Payload& payload_;
};

class MsgpackBody {
 public:
  explicit MsgpackBody(Payload& payload) : payload_(payload), out_(&payload.body) {}

  void array(std::size_t size) { head(size, 0x90, 0xdc); }
  void map(std::size_t size) { head(size, 0x80, 0xde); }
  void string(std::string_view value) {
    if (value.size() < 32) {
      byte(0xa0 | value.size());
    } else {
      byte(0xda);
      big_endian(value.size(), 2);
    }
    *out_ += value;
  }
  void integer(std::uint64_t value) {
    byte(0xcf);
    big_endian(value, 8);
  }
  void real(double value) {
    std::uint64_t bits;
    std::memcpy(&bits, &value, 8);
    byte(0xcb);
    big_endian(bits, 8);
  }
  void hole(Patch::What what, std::uint32_t index) {
    byte(0xcf);
    payload_.patches.push_back({payload_.body.size(), what, index});
    out_->append(8, '\0');
  }
  void pair(std::string_view key, std::string_view value) {
    string(key);
    string(value);
  }
  void pair(std::string_view key, double value) {
    string(key);
    real(value);
  }
  // Writes into `inner` until the next call with null.
  void redirect(std::string* inner) { out_ = inner ? inner : &payload_.body; }
  void binary(std::string_view bytes) {
    byte(0xc5);
    big_endian(bytes.size(), 2);
    base_ = payload_.body.size();
    *out_ += bytes;
  }
  std::size_t base() const { return base_; }

 private:
  void byte(std::uint64_t value) { *out_ += static_cast<char>(value); }
  void big_endian(std::uint64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) byte(value >> (8 * i) & 0xff);
  }
  void head(std::size_t size, unsigned small, unsigned large) {
    if (size < 16) {
      byte(small | size);
    } else {
      byte(large);
      big_endian(size, 2);
    }
  }
  Payload& payload_;
  std::string* out_;
  std::size_t base_ = 0;
};

void messages(MsgpackBody& body, std::vector<std::pair<const char*, const std::string*>> list) {
  body.map(1);
  body.string("messages");
  body.array(list.size());
  for (const auto& [role, content] : list) {
    body.map(2);
    body.pair("content", *content);
    body.pair("role", role);
  }
}

constexpr std::size_t kDecimalDigits = 19;

// The `_llmobs` struct; LLM ids in it are text, patched at offsets relative to its start.
std::string llmobs_struct(Payload& payload, MsgpackBody& body, const Content& content,
                          std::size_t& trace_at, std::size_t& parent_at) {
  std::string inner;
  body.redirect(&inner);
  body.map(7);
  body.pair("name", content.root ? "answer_question" : "AzureOpenAI.createChatCompletion");
  body.pair("ml_app", "bench");
  body.string("trace_id");
  body.string(std::string(32, '0'));
  trace_at = inner.size() - 32;
  body.string("parent_id");
  body.string(content.root ? std::string("undefined") : std::string(kDecimalDigits, '0'));
  parent_at = inner.size() - kDecimalDigits;
  body.string("meta");
  body.map(6);
  body.string("span");
  body.map(1);
  body.pair("kind", content.root ? "workflow" : "llm");
  body.pair("model_name", content.model);
  body.pair("model_provider", "azure_openai");
  body.string("input");
  messages(body, {{"system", &content.system}, {"user", &content.user}});
  body.string("output");
  messages(body, {{"assistant", &content.answer}});
  body.string("metadata");
  body.map(2);
  body.pair("temperature", 0.7);
  body.pair("finish_reason", "stop");
  body.string("metrics");
  body.map(3);
  body.pair("input_tokens", static_cast<double>(content.tokens_in));
  body.pair("output_tokens", static_cast<double>(content.tokens_out));
  body.pair("total_tokens", static_cast<double>(content.tokens_in + content.tokens_out));
  body.string("tags");
  body.map(5);
  for (const auto& [key, value] : {std::pair{"version", "1.4.2"},
                                   {"env", "prod"},
                                   {"service", "chat-api"},
                                   {"language", "python"},
                                   {"ddtrace.version", "4.16.0"}})
    body.pair(key, value);
  body.redirect(nullptr);
  (void)payload;
  return inner;
}

void apm_span(Payload& payload, MsgpackBody& body, const Content& content, std::uint32_t index) {
  body.map(content.root ? 11 : 12);
  body.pair("service", "chat-api");
  body.pair("name", content.root ? "answer_question" : "openai.request");
  body.pair("resource", content.root ? "answer_question" : "createChatCompletion");
  body.pair("type", "llm");
  body.string("trace_id");
  body.hole(Patch::What::apm_trace, index);
  body.string("span_id");
  body.hole(Patch::What::apm_span, index);
  if (!content.root) {
    body.string("parent_id");
    body.hole(Patch::What::apm_parent, index);
  }
  body.string("start");
  body.hole(Patch::What::apm_start, index);
  body.string("duration");
  body.integer(850'000'000);
  body.string("meta");
  body.map(content.root ? 5 : 4);
  if (content.root) {
    body.string("_dd.p.tid");
    body.string(std::string(16, '0'));
    payload.patches.push_back({payload.body.size() - 16, Patch::What::trace_high, index});
  }
  body.pair("env", "prod");
  body.pair("version", "1.4.2");
  body.pair("component", "openai");
  body.pair("language", "python");
  body.string("metrics");
  body.map(2);
  body.pair("_dd.measured", 1.0);
  body.pair("process_id", 4242.0);
  body.string("meta_struct");
  body.map(1);
  body.string("_llmobs");
  std::size_t trace_at = 0, parent_at = 0;
  const std::string inner = llmobs_struct(payload, body, content, trace_at, parent_at);
  body.binary(inner);
  payload.patches.push_back({body.base() + trace_at, Patch::What::trace_hex, index});
  if (!content.root)
    payload.patches.push_back({body.base() + parent_at, Patch::What::parent, index});
}

void write_decimal(char* to, std::uint64_t value) {
  for (std::size_t i = kDecimalDigits; i-- > 0; value /= 10)
    to[i] = static_cast<char>('0' + value % 10);
}

void write_big_endian(char* to, std::uint64_t value) {
  for (int i = 7; i >= 0; --i, value >>= 8) to[i] = static_cast<char>(value);
}

std::uint64_t trace_low(std::uint64_t n) {
  return 1'000'000'000'000'000'000u + n / kSpansPerTrace * 7'919u;
}

}  // namespace

std::uint64_t span_id_of(std::uint64_t n) {
  return 2'000'000'000'000'000'000u + n * 104'729u;
}

std::string trace_id_of(std::uint64_t n, std::int64_t now_ns) {
  return fmt::format("{:016x}{:016x}", trace_high(now_ns), trace_low(n));
}

Payload make_payload(Encoding encoding, std::uint64_t seed, std::uint32_t spans) {
  Random random(seed);
  Payload payload;
  payload.spans = spans / kSpansPerTrace * kSpansPerTrace;
  if (encoding == Encoding::llmobs_json) {
    JsonBody body(payload);
    payload.body = "[";
    for (std::uint32_t i = 0; i < payload.spans; ++i) body.span(content_of(random, i), i);
    payload.body += ']';
    return payload;
  }
  MsgpackBody body(payload);
  body.array(payload.spans / kSpansPerTrace);
  for (std::uint32_t i = 0; i < payload.spans; ++i) {
    if (i % kSpansPerTrace == 0) body.array(kSpansPerTrace);
    apm_span(payload, body, content_of(random, i), i);
  }
  return payload;
}

void patch(Payload& payload, std::uint64_t first, std::int64_t now_ns) {
  for (const Patch& hole : payload.patches) {
    char* at = payload.body.data() + hole.offset;
    const std::uint64_t n = first + hole.span;
    const std::uint64_t root = n - hole.span % kSpansPerTrace;
    const std::uint64_t start =
        static_cast<std::uint64_t>(now_ns) - 2'000'000'000u + hole.span * 1'000u;
    switch (hole.what) {
      case Patch::What::trace_hex:
        std::memcpy(at, trace_id_of(n, now_ns).data(), 32);
        break;
      case Patch::What::trace_high:
        std::memcpy(at, trace_id_of(n, now_ns).data(), 16);
        break;
      case Patch::What::span:
        write_decimal(at, span_id_of(n));
        break;
      case Patch::What::parent:
        write_decimal(at, span_id_of(root));
        break;
      case Patch::What::start:
        write_decimal(at, start);
        break;
      case Patch::What::apm_trace:
        write_big_endian(at, trace_low(n));
        break;
      case Patch::What::apm_span:
        write_big_endian(at, span_id_of(n));
        break;
      case Patch::What::apm_parent:
        write_big_endian(at, span_id_of(root));
        break;
      case Patch::What::apm_start:
        write_big_endian(at, start);
        break;
    }
  }
}

}  // namespace catalejo::bench
