#include "redaction.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/json_writer.hpp"
#include "event_texts.hpp"
#include "fork_gate.hpp"

namespace catalejo::tracer {
namespace {

constexpr const char* kEverything = "everything";
constexpr const char* kNotBuilt =
    "its library is not in this installation: install catalejo from its sources where Hyperscan, "
    "RE2 "
    "and fmt are (Debian: libhyperscan-dev libre2-dev libfmt-dev pkg-config)";

void append_tags(std::string& out, std::string_view list, const Struck& struck) {
  out += '[';
  for (const auto& [rule, times] : struck) {
    if (out.back() != '[') out += ',';
    codec::append_json_string(out, "redacted." + rule + ":" + std::to_string(times));
  }
  list.remove_prefix(1);
  if (!list.starts_with(']')) out += ',';
  out += list;
}

}  // namespace

// What the library has begun it ends, whatever forks: its locks would stay locked in the child.
Redaction* Redaction::of(const Target& target) {
  if (target.redact.empty()) return nullptr;
  static Redaction* last = nullptr;
  const std::lock_guard gate(fork_gate());
  const bool same = last != nullptr && last->rules_ == target.redact &&
                    last->patterns_ == target.redact_patterns && last->key_ == target.redact_key &&
                    last->library_ == target.redact_library;
  if (!same) last = new Redaction(target);
  return last;
}

Redaction::Redaction(const Target& target)
    : rules_(target.redact),
      patterns_(target.redact_patterns),
      key_(target.redact_key),
      library_(target.redact_library) {
  open(target);
}

void Redaction::open(const Target& target) {
  if (::access(library_.c_str(), R_OK) != 0) {
    trouble_ = kNotBuilt;
    return;
  }
  void* const library = ::dlopen(library_.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* const why = ::dlerror();
    trouble_ = std::string("its library cannot be loaded: ") + (why != nullptr ? why : "?");
    return;
  }
  const auto opens =
      reinterpret_cast<decltype(&::catalejo_redact_open)>(::dlsym(library, "catalejo_redact_open"));
  apply_ = reinterpret_cast<decltype(apply_)>(::dlsym(library, "catalejo_redact_apply"));
  if (opens == nullptr || apply_ == nullptr) {
    trouble_ = kNotBuilt;
    return;
  }
  char error[512] = {};
  opened_ = opens(target.redact.c_str(), target.redact_patterns.c_str(), target.redact_key.c_str(),
                  error, sizeof error);
  if (opened_ == nullptr) trouble_ = error;
}

bool Redaction::must_tell() {
  return !trouble_.empty() && !std::exchange(told_, true);
}

bool Redaction::apply(Kind kind, std::string& body, std::size_t begin, Struck& struck) const {
  const std::string event = body.substr(begin);
  const auto found = texts_of(kind, event);
  if (!found) return false;
  std::vector<catalejo_redact_text> texts;
  for (const EventText& text : *found)
    texts.push_back({event.data() + text.begin, text.end - text.begin});
  const std::lock_guard gate(fork_gate());
  const catalejo_redact_struck* rules = nullptr;
  const int count = opened_ != nullptr ? apply_(opened_, texts.data(), texts.size(), &rules) : -1;
  Struck here;
  for (int at = 0; at < count; ++at) here[rules[at].rule] = rules[at].times;
  if (count < 0) here[kEverything] = 1;
  body.resize(begin);
  std::size_t done = 0;
  for (std::size_t at = 0; at < texts.size(); ++at) {
    const EventText& text = (*found)[at];
    body.append(event, done, text.begin - done);
    done = text.end;
    const std::string_view was(event.data() + text.begin, text.end - text.begin);
    const std::string blanked = count < 0 ? blank(was, text.name) : std::string();
    const std::string_view is =
        count < 0 ? std::string_view(blanked) : std::string_view(texts[at].data, texts[at].size);
    if (text.outermost && text.name == "tags" && is.starts_with('[') && !here.empty()) {
      append_tags(body, is, here);
    } else {
      body += is;
    }
  }
  body.append(event, done);
  for (const auto& [rule, times] : here) struck[rule] += times;
  return true;
}

bool Redaction::apply_to_all(Kind kind, std::string& body, Struck& struck) const {
  const auto events = events_of(kind, body);
  if (!events) return false;
  std::string out;
  const char* done = body.data();
  for (const std::string_view event : *events) {
    out.append(done, static_cast<std::size_t>(event.data() - done));
    done = event.data() + event.size();
    const std::size_t begin = out.size();
    out += event;
    if (!apply(kind, out, begin, struck)) return false;
  }
  out.append(done, static_cast<std::size_t>(body.data() + body.size() - done));
  body = std::move(out);
  return true;
}

}  // namespace catalejo::tracer
