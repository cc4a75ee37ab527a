// Any bytes as the texts of a span: every evaluator judges them, and what it finds lies within the
// text it names; in UTF-8 it is whole characters.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "codec/utf8.hpp"
#include "evaluate/quality/goal_completeness.hpp"
#include "evaluate/quality/overlap.hpp"
#include "evaluate/registry.hpp"
#include "evaluate/security/canary.hpp"

namespace {

using namespace catalejo::evaluate;

bool starts_character(std::string_view text, std::size_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80;
}

void check(const Finding& finding, const std::vector<Text>& texts) {
  if (finding.begin > finding.end) std::abort();
  for (const Text& text : texts) {
    if (text.side != finding.side || text.message != finding.message) continue;
    if (finding.end > text.text.size()) std::abort();
    if (!catalejo::codec::is_utf8(text.text)) return;
    if (!starts_character(text.text, finding.begin) || !starts_character(text.text, finding.end))
      std::abort();
    return;
  }
  std::abort();
}

// Texts end with a zero byte; the first byte of each says who speaks.
std::vector<Text> texts_of(std::string_view bytes) {
  std::vector<Text> texts;
  while (!bytes.empty() && texts.size() < 16) {
    const std::string_view line = bytes.substr(0, bytes.find('\0'));
    bytes.remove_prefix(std::min(bytes.size(), line.size() + 1));
    if (line.empty()) continue;
    const auto voice = static_cast<Voice>(static_cast<unsigned char>(line[0]) % 6);
    const bool output = voice == Voice::assistant || voice == Voice::tool_call;
    texts.push_back({output ? Side::output : Side::input, voice,
                     static_cast<std::uint32_t>(texts.size()), line.substr(1), "run_query"});
  }
  return texts;
}

void end_session(const std::vector<Text>& texts) {
  std::vector<Turn> turns;
  for (std::size_t i = 1; i < texts.size(); ++i)
    turns.push_back({.user = texts[i - 1].text, .assistant = texts[i].text});
  goal_completeness(turns);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Canary canary({"canary-7f3a"});
  static const TopicRelevance topics({{"travel", {"flight", "vuelo"}}, {"cooking", {}}});
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::vector<Text> texts = texts_of(bytes);
  Subject subject;
  subject.kind = "llm";
  subject.texts = texts;
  subject.tool_definitions_json = subject.response_format_json = bytes;
  std::vector<Verdict> verdicts;
  for (const Evaluator* each : evaluators()) each->judge(subject, verdicts);
  canary.judge(subject, verdicts);
  topics.judge(subject, verdicts);
  end_session(texts);
  for (const Verdict& verdict : verdicts)
    for (const Finding& finding : verdict.findings) check(finding, texts);
  return 0;
}
