#include "event_texts.hpp"

#include <algorithm>
#include <array>

namespace catalejo::tracer {
namespace {

// What an object of the event has beside texts. Members that are neither kept nor entered are
// texts.
struct Form {
  struct Inner {
    std::string_view name;
    const Form* form;  // of the object, or of each object of a list
  };
  std::array<std::string_view, 11> kept = {};
  std::array<Inner, 4> inner = {};
};

constexpr Form kAllTexts = {};
constexpr Form kLink = {.kept = {"span_id", "trace_id"}};
constexpr Form kAgent = {.kept = {"pagent_span_id"}};
constexpr Form kMeta = {.kept = {"span"},
                        .inner = {{{"agent_attribution", &kAgent},
                                   {"input", &kAllTexts},
                                   {"output", &kAllTexts},
                                   {"error", &kAllTexts}}}};
constexpr Form kSpan = {.kept = {"span_id", "trace_id", "parent_id", "start_ns", "duration",
                                 "status", "ml_app", "metrics", "_dd"},
                        .inner = {{{"meta", &kMeta}, {"span_links", &kLink}}}};
constexpr Form kJoinTag = {.kept = {"key"}};
constexpr Form kJoin = {.inner = {{{"span", &kLink}, {"tag", &kJoinTag}}}};
constexpr Form kEvaluation = {
    .kept = {"span_id", "trace_id", "timestamp_ms", "metric_type", "ml_app", "label", "score_value",
             "boolean_value", "assessment", "eval_scope", "event_kind"},
    .inner = {{{"join_on", &kJoin}}}};

// One walk over JSON, whose rules it only checks as far as it needs them to find its way.
class Walk {
 public:
  explicit Walk(std::string_view json) : json_(json) {}

  // `see(name)` is called at each value, and goes behind it.
  template <typename See>
  bool object(See see) {
    if (!take('{')) return false;
    if (take('}')) return true;
    do {
      const std::size_t begin = at_ + 1;
      if (!string() || !take(':')) return false;
      const std::string_view name = json_.substr(begin, at_ - 2 - begin);
      if (!see(name)) return false;
    } while (take(','));
    return take('}');
  }

  template <typename See>
  bool list(See see) {
    if (!take('[')) return false;
    if (take(']')) return true;
    do {
      if (!see()) return false;
    } while (take(','));
    return take(']');
  }

  bool value() {
    const char c = peek();
    if (c == '"') return string();
    if (c != '{' && c != '[') return scalar();
    std::size_t depth = 0;
    do {
      const char next = peek();
      if (next == '"') {
        if (!string()) return false;
        continue;
      }
      if (next == '\0') return false;
      depth += next == '{' || next == '[' ? 1 : 0;
      depth -= next == '}' || next == ']' ? 1 : 0;
      ++at_;
    } while (depth > 0);
    return true;
  }

  bool take(std::string_view text) {
    if (!json_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  char peek() const { return at_ < json_.size() ? json_[at_] : '\0'; }
  std::size_t at() const { return at_; }
  bool ended() const { return at_ == json_.size(); }

 private:
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  bool string() {
    if (!take('"')) return false;
    for (;;) {
      at_ = json_.find_first_of("\"\\", at_);
      if (at_ == std::string_view::npos) break;
      if (json_[at_] == '"') return ++at_, true;
      at_ += 2;
    }
    at_ = json_.size();
    return false;
  }

  bool scalar() {
    const std::size_t end = std::min(json_.find_first_of(",]}\"[{:", at_), json_.size());
    const bool some = end > at_;
    at_ = end;
    return some;
  }

  std::string_view json_;
  std::size_t at_ = 0;
};

class Reader {
 public:
  explicit Reader(std::string_view event) : walk_(event) {}

  bool read(const Form& form) {
    const bool outermost = walk_.at() == 0;
    return walk_.object([&](std::string_view name) {
      for (const std::string_view kept : form.kept)
        if (!kept.empty() && kept == name) return walk_.value();
      for (const Form::Inner& inner : form.inner) {
        if (inner.form == nullptr || inner.name != name) continue;
        if (walk_.peek() == '{') return read(*inner.form);
        if (walk_.peek() == '[')
          return walk_.list([&] { return walk_.peek() == '{' ? read(*inner.form) : text(name); });
      }
      return text(name, outermost);
    });
  }

  bool text(std::string_view name, bool outermost = false) {
    const std::size_t begin = walk_.at();
    if (!walk_.value()) return false;
    texts_.push_back({begin, walk_.at(), name, outermost});
    return true;
  }

  bool ended() const { return walk_.ended(); }
  std::vector<EventText>& texts() { return texts_; }

 private:
  Walk walk_;
  std::vector<EventText> texts_;
};

}  // namespace

std::optional<std::vector<EventText>> texts_of(Kind kind, std::string_view event) {
  Reader reader(event);
  if (!reader.read(kind == Kind::span ? kSpan : kEvaluation) || !reader.ended()) return {};
  return std::move(reader.texts());
}

std::string blank(std::string_view value, std::string_view name) {
  switch (value.empty() ? ' ' : value.front()) {
    case 't':
    case 'f':
    case 'n':
      return std::string(value);
    case '{':
      return "{}";
    case '[':
      if (name == "messages") return R"([{"role":"","content":"[redacted]"}])";
      if (name == "documents") return R"([{"text":"[redacted]"}])";
      return "[]";
    default:
      return R"("[redacted]")";
  }
}

std::optional<std::vector<std::string_view>> events_of(Kind kind, std::string_view body) {
  const std::string_view before = kind == Kind::span ? R"("spans":[)" : R"("metrics":[)";
  const std::size_t found = body.find(before);
  if (found == std::string_view::npos) return {};
  const std::string_view rest = body.substr(found + before.size() - 1);
  Walk walk(rest);
  std::vector<std::string_view> events;
  const bool whole = walk.list([&] {
    const std::size_t begin = walk.at();
    if (!walk.value()) return false;
    events.push_back(rest.substr(begin, walk.at() - begin));
    return true;
  });
  if (!whole) return {};
  return events;
}

}  // namespace catalejo::tracer
