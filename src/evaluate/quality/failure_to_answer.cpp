#include "evaluate/quality/failure_to_answer.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <optional>

#include "evaluate/quality/answer_phrases.hpp"
#include "evaluate/quality/asked_failure.hpp"
#include "evaluate/text/citation.hpp"
#include "evaluate/text/fold.hpp"
#include "evaluate/text/sentences.hpp"
#include "evaluate/text/voices.hpp"

namespace catalejo::evaluate {
namespace {

namespace dom = simdjson::dom;

// A non-answer says so early; what is behind this is read by its length only.
constexpr std::size_t kJudgedBytesMax = 4'096;
constexpr std::size_t kSentencesMax = 40;
constexpr std::size_t kAnsweredBytes = 90;
// What fails to answer in passing only: the clause that says so, and all else that is said.
constexpr std::size_t kTerseClauseMax = 64, kTerseContentMax = 30;

constexpr std::array<std::string_view, 6> kNames = {"answered", "refusal",  "no_content",
                                                    "apology",  "redirect", "empty"};

// Texts of a JSON value, one a line; false when it holds numbers or truths, which are answers.
bool collect_texts(dom::element value, std::string& out, int depth) {
  if (depth > 16) return false;
  if (value.is_array()) {
    for (dom::element each : value.get_array())
      if (!collect_texts(each, out, depth + 1)) return false;
    return true;
  }
  if (value.is_object()) {
    for (const auto& field : value.get_object())
      if (!collect_texts(field.value, out, depth + 1)) return false;
    return true;
  }
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) {
    out += text;
    out += '\n';
    return true;
  }
  return value.is_null();
}

// What a JSON answer says in words; nothing when it says more than words.
std::optional<std::string> words_of_json(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos || (text[begin] != '{' && text[begin] != '['))
    return std::string(text);
  dom::parser parser;
  dom::element root;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS)
    return std::string(text);
  std::string words;
  if (!collect_texts(root, words, 0)) return std::nullopt;
  return words;
}

bool says_nothing(std::string_view folded) {
  static constexpr std::array<std::string_view, 12> kNothing = {
      "null", "none",  "undefined", "nan",  "n/a",     "na",
      "nil",  "empty", "vacio",     "nulo", "ninguno", "no response"};
  const auto is_sign = [](char c) {
    return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0 || c == '+');
  };
  while (!folded.empty() && is_sign(folded.front())) folded.remove_prefix(1);
  while (!folded.empty() && is_sign(folded.back())) folded.remove_suffix(1);
  return folded.empty() || std::ranges::find(kNothing, folded) != kNothing.end();
}

// What others say is cited, and not said; nothing is left of an answer that is one citation.
std::string without_citations(std::string_view folded) {
  constexpr std::size_t kCitationMax = 400, kAroundMin = 12;
  std::string out;
  for (std::size_t i = 0; i < folded.size(); ++i) {
    out += folded[i];
    if (folded[i] != '"') continue;
    const std::size_t end = folded.substr(0, i + kCitationMax).find('"', i + 1);
    if (end == std::string_view::npos) continue;
    out += '"';
    i = end;
  }
  const auto letters = std::ranges::count_if(out, [](char c) { return c >= 'a' && c <= 'z'; });
  const bool presented = out.find(": \"") != std::string::npos;  // "Try: …"
  return static_cast<std::size_t>(letters) < kAroundMin && !presented ? std::string(folded) : out;
}

bool has_digit(std::string_view text) {
  return text.find_first_of("0123456789") != std::string_view::npos;
}

// "Unfortunately the basic plan has none": what follows the adverb is said, and not regretted only.
bool is_regretted(std::string_view clause, const SpeechHit& hit) {
  constexpr std::size_t kSaidBytes = 35;
  static constexpr std::array<std::string_view, 6> kAdverbs = {
      "unfortunately",      "regrettably",   "lamentablemente",
      "desafortunadamente", "por desgracia", "sadly"};
  return clause.size() - hit.end >= kSaidBytes &&
         std::ranges::any_of(kAdverbs, [&](std::string_view adverb) {
           return clause.substr(hit.begin).starts_with(adverb);
         });
}

// "Requests that are not allowed", "because it was not found": told of something else.
bool is_told_of(std::string_view clause, const SpeechHit& hit) {
  static constexpr std::array<std::string_view, 7> kBefore = {
      "that ", "which ", "who ", "because ", "porque ", " que ", "ya que "};
  static constexpr std::array<std::string_view, 6> kImpersonal = {"is ",    "are ", "isn't",
                                                                  "aren't", "not ", "no se "};
  const std::string_view before = clause.substr(0, hit.begin), said = clause.substr(hit.begin);
  return std::ranges::any_of(kBefore, [&](auto word) { return before.ends_with(word); }) &&
         std::ranges::any_of(kImpersonal, [&](auto word) { return said.starts_with(word); });
}

// "We are closed on Sundays, sorry": said, and then regretted.
bool is_regretted_after(std::string_view clause, const SpeechHit& hit) {
  constexpr std::size_t kSaidBytes = 15, kRestMax = 30;
  if (hit.begin < kSaidBytes || clause.size() - hit.end > kRestMax) return false;
  const std::string_view before = clause.substr(0, hit.begin);
  return before.ends_with(", ") || before.ends_with(" and ") || before.ends_with(" y ");
}

// "Revenue has fallen for two quarters, and I see no reason": the least of what is said.
bool is_added(std::string_view clause, const SpeechHit& hit, const std::vector<SpeechHit>& all) {
  constexpr std::size_t kSaidBytes = 45;
  const std::string_view before = clause.substr(0, hit.begin);
  return hit.speech == Speech::no_content && hit.begin >= kSaidBytes &&
         (before.ends_with(" and ") || before.ends_with(" y ")) &&
         std::ranges::none_of(all, [&](const SpeechHit& other) {
           return other.begin < hit.begin && other.speech != Speech::no_content;
         });
}

// "Members who have not paid are not allowed to vote": who may not, of others.
bool is_rule_of_others(std::string_view clause, const SpeechHit& hit) {
  constexpr std::size_t kWhoBytes = 20;
  static constexpr std::array<std::string_view, 7> kHere = {
      "request", "content", "topic", "question", "this ", "i ", "we "};
  const std::string_view said = clause.substr(hit.begin, hit.end - hit.begin);
  const std::string_view before = clause.substr(0, hit.begin);
  return hit.speech == Speech::refusal && hit.begin >= kWhoBytes &&
         (said.starts_with("are not ") || said.starts_with("is not ")) &&
         (said.find("allowed") != std::string_view::npos ||
          said.find("permitted") != std::string_view::npos) &&
         std::ranges::none_of(kHere, [&](std::string_view word) {
           return before.find(word) != std::string_view::npos;
         });
}

// "It is not possible to know": what begins alike is what the longer one says.
bool is_part_of_other(const SpeechHit& hit, const std::vector<SpeechHit>& all) {
  return hit.speech == Speech::refusal && std::ranges::any_of(all, [&](const SpeechHit& other) {
           return other.speech == Speech::no_content && other.begin == hit.begin &&
                  other.end > hit.end;
         });
}

// "Puedes dar de baja la línea": what one may do is no request for more.
bool is_allowed(std::string_view clause, const SpeechHit& hit) {
  static constexpr std::array<std::string_view, 6> kAsked = {"?",        "pregunt", "consulta",
                                                             "peticion", "mensaje", "solicitud"};
  const std::string_view said = clause.substr(hit.begin, hit.end - hit.begin);
  return hit.speech == Speech::no_content &&
         (said.starts_with("puedes ") || said.starts_with("puede ")) &&
         said.find("me") == std::string_view::npos &&
         std::ranges::none_of(kAsked, [&](std::string_view word) {
           return clause.find(word) != std::string_view::npos;
         });
}

// "I can offer you Friday at 21:30"
bool is_offered(std::string_view clause, const SpeechHit& hit) {
  const std::string_view said = clause.substr(hit.begin, hit.end - hit.begin);
  return hit.speech == Speech::offer && has_digit(clause) &&
         (said.find("offer") != std::string_view::npos ||
          said.find("ofrec") != std::string_view::npos);
}

bool fails(Speech speech) {
  return speech == Speech::refusal || speech == Speech::no_content || speech == Speech::redirect ||
         speech == Speech::apology;
}

// What one clause is: the strongest thing said in it, or content.
struct Clause {
  Reading reading = Reading::answered;
  bool filler = false;   // greeting, excuse, offer: neither answer nor failure
  bool content = false;  // says something
  bool excuse = false;   // why it will not
  bool effort = false;   // what was looked through
  bool weak = false;     // maybe that it will not
  bool terse = true;     // fails by terse words alone
  std::size_t bytes = 0;
};

Clause read_clause(std::string_view clause) {
  Clause read{.bytes = clause.size()};
  std::array<bool, 10> said{};
  bool offered = false;
  const std::vector<SpeechHit> hits = speech_in(clause);
  for (const SpeechHit& hit : hits) {
    if (is_quoted(clause, hit.begin, hit.end) || is_told_of(clause, hit)) continue;
    if (hit.speech == Speech::apology && is_regretted(clause, hit)) continue;
    if (hit.speech == Speech::apology && is_regretted_after(clause, hit)) continue;
    if (is_part_of_other(hit, hits) || is_added(clause, hit, hits)) continue;
    if (is_allowed(clause, hit) || is_rule_of_others(clause, hit)) continue;
    offered |= is_offered(clause, hit);
    // What a firm does not do is told of it at length: "We do not share data with others".
    if (hit.speech == Speech::weak && clause.starts_with("we ") && clause.size() >= 45) continue;
    if (hit.terse && clause.size() > kTerseClauseMax) continue;
    // Late in a long clause it is told of somebody, and not the point of it.
    const bool early = hit.end < (hit.speech == Speech::redirect ? 75u : 140u);
    if (!early && hit.speech != Speech::offer && hit.speech != Speech::excuse) continue;
    said[static_cast<std::size_t>(hit.speech)] = true;
    read.terse &= hit.terse || !fails(hit.speech);
  }
  const auto has = [&](Speech speech) { return said[static_cast<std::size_t>(speech)]; };
  if (has(Speech::idiom)) {
    read.content = true;
  } else if (has(Speech::refusal)) {
    read.reading = Reading::refusal;
  } else if (has(Speech::no_content)) {
    read.reading = Reading::no_content;
  } else if (has(Speech::redirect)) {
    read.reading = Reading::redirect;
  } else if (has(Speech::apology)) {
    read.reading = Reading::apology;
  } else if (has(Speech::weak)) {
    read.weak = read.content = true;
  } else if (offered) {
    read.content = true;
  } else if (has(Speech::effort)) {
    read.effort = true;
  } else if (has(Speech::excuse) || has(Speech::offer) ||
             (has(Speech::greeting) && clause.size() < 60)) {
    read.filler = true;
    read.excuse = has(Speech::excuse);
  } else {
    read.content = true;
  }
  return read;
}

// Cuts at "but", "however", "although" and the like: "I don't know, but here is …" answers.
std::vector<std::string_view> clauses(std::string_view sentence) {
  static constexpr std::array<std::string_view, 14> kTurns = {" but ",        " however",
                                                              " although ",   " though ",
                                                              " pero ",       " sin embargo",
                                                              " aunque ",     " no obstante",
                                                              " what i can ", " lo que si ",
                                                              " instead",     "; ",
                                                              " - ",          ": "};
  std::vector<std::string_view> cut;
  while (!sentence.empty()) {
    std::size_t at = std::string_view::npos;
    for (const std::string_view turn : kTurns) at = std::min(at, sentence.find(turn, 12));
    cut.push_back(sentence.substr(0, at));
    sentence = at == std::string_view::npos ? std::string_view{} : sentence.substr(at + 1);
  }
  return cut;
}

bool says_unable(std::string_view part) {
  for (const std::string_view turn : {"but ", "pero "})
    if (part.starts_with(turn)) part.remove_prefix(turn.size());
  return part.starts_with("i can") || part.starts_with("no puedo");
}

struct Account {
  std::optional<Reading> first;  // of the failing clauses
  std::array<std::size_t, 6> counts{};
  std::size_t content_before = 0, content_after = 0, clauses = 0, lists = 0;
  std::size_t weak_bytes = 0;  // of the content
  bool excused = false, turned = false, refusing_excuse = false;
  bool terse = true;            // all that fails
  bool figures_after = false;   // "I don't have today's figure; it was 47.8 million"
  bool unable = false;          // "I can't"
  bool pending = false;         // "We don't have a date yet. The cause is known"
  bool figures_before = false;  // "11 am. Late checkout isn't available"
};

bool is_list_line(std::string_view line) {
  if (line.starts_with("- ") || line.starts_with("* ") || line.starts_with("• ")) return true;
  const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  return digits > 0 && digits < 3 && digits + 1 < line.size() &&
         (line[digits] == '.' || line[digits] == ')');
}

Account account_of(std::string_view folded) {
  Account account;
  const std::vector<std::string_view> all = sentences(folded);
  std::size_t read = 0;
  for (const std::string_view sentence : all) {
    if (is_list_line(sentence)) ++account.lists;
    if (++read > kSentencesMax) {
      account.content_after += sentence.size();
      continue;
    }
    for (const std::string_view part : clauses(sentence)) {
      // Whoever has said this much has answered; what it says afterwards is not looked at.
      if (!account.first && account.content_before >= kAnsweredBytes) return account;
      const Clause clause = read_clause(part);
      ++account.clauses;
      if (part.starts_with("but ") || part.starts_with("however") || part.starts_with("pero ") ||
          part.starts_with("sin embargo") || part.starts_with("aunque"))
        account.turned |= clause.content;
      account.excused |= clause.filler;
      account.refusing_excuse |= clause.excuse;
      account.figures_after |= clause.content && account.first && has_digit(part);
      account.figures_before |= clause.content && !account.first && has_digit(part) &&
                                part.size() == sentence.size() && !part.ends_with('?');
      account.unable |= clause.weak && says_unable(part);
      const bool only_sorry = !account.first || account.first == Reading::apology;
      if (clause.weak && account.content_before == 0 && only_sorry)
        account.weak_bytes += part.size();
      if (clause.content)
        (account.first ? account.content_after : account.content_before) += part.size();
      if (clause.reading == Reading::answered) continue;
      ++account.counts[static_cast<std::size_t>(clause.reading)];
      account.pending |= part.find(" yet") != std::string_view::npos || part.starts_with("aun ") ||
                         part.starts_with("todavia ");
      account.terse &= clause.terse;
      if (!account.first) account.first = clause.reading;
    }
  }
  return account;
}

std::size_t count_of(const Account& account, Reading reading) {
  return account.counts[static_cast<std::size_t>(reading)];
}

Reading reading_of(const Account& account) {
  const std::size_t all = account.content_before + account.content_after;
  // "I don't do homework.", and no more; a little more where it cannot.
  const std::size_t beside = account.unable && !account.turned ? 80 : 45;
  if (account.weak_bytes > 0 && all < account.weak_bytes + beside) return Reading::refusal;
  if (!account.first) {
    const bool only_excuse = account.excused && all == 0 && account.clauses > 0;
    return only_excuse && account.refusing_excuse ? Reading::refusal : Reading::answered;
  }
  if (account.terse && all >= kTerseContentMax) return Reading::answered;
  if (account.figures_before) return Reading::answered;
  const std::size_t content = account.content_after;
  // A refusal often goes on with what would be allowed; an answer that says first what it cannot do
  // is told by how much follows.
  if (count_of(account, Reading::refusal) > 0) {
    const std::size_t room = account.turned ? 160 : account.excused ? 700 : 420;
    const bool answers = account.turned && account.figures_after;
    return account.content_before < 45 && content < room && !answers ? Reading::refusal
                                                                     : Reading::answered;
  }
  if (count_of(account, Reading::no_content) > 0) {
    if (account.figures_after) return Reading::answered;
    const std::size_t room = account.turned ? 25 : account.pending ? 40 : 150;
    return account.content_before < 35 && content < room ? Reading::no_content : Reading::answered;
  }
  if (count_of(account, Reading::redirect) > 0)
    return account.content_before < 40 && content < 60 ? Reading::redirect : Reading::answered;
  return account.content_before < 25 && content < 18 ? Reading::apology : Reading::answered;
}

Reading read_answer(std::string_view answer, std::string_view request) {
  const std::optional<std::string> words = words_of_json(answer);
  if (!words) return Reading::answered;
  const Folded whole = fold(std::string_view(*words).substr(0, kJudgedBytesMax));
  const std::string spoken = without_citations(prose(whole.text));
  std::size_t code = 0;
  for (const Fence& fence : fences(whole.text)) code += fence.body.size();
  if (code > 40) return Reading::answered;
  if (code == 0 && says_nothing(spoken))
    return says_nothing(whole.text) || !fences(whole.text).empty() ? Reading::empty
                                                                   : Reading::answered;
  Account account = account_of(spoken);
  if (words->size() > kJudgedBytesMax) account.content_after += words->size() - kJudgedBytesMax;
  const Reading reading = reading_of(account);
  if (reading == Reading::answered || request.empty()) return reading;
  const Folded asked = fold(request.substr(0, kJudgedBytesMax));
  const Exchange exchange{.request = asked.text, .spoken = spoken, .words = whole.text};
  const bool wanted = is_asked_for(reading, exchange) ||
                      (is_composed(reading, exchange) && !account.refusing_excuse);
  return wanted ? Reading::answered : reading;
}

std::string_view reason_of(Reading reading) {
  switch (reading) {
    case Reading::refusal:
      return "The answer refuses what was asked.";
    case Reading::no_content:
      return "The answer says that it does not know or has no access.";
    case Reading::apology:
      return "The answer only apologises.";
    case Reading::redirect:
      return "The answer sends the user elsewhere.";
    case Reading::empty:
      return "The answer is empty.";
    case Reading::answered:
      break;
  }
  return "The answer says something.";
}

}  // namespace

void FailureToAnswer::judge(const Subject& subject, std::vector<Verdict>& verdicts) const {
  const bool speaks =
      subject.kind == "llm" || subject.kind == "agent" || subject.kind == "workflow";
  if (!speaks || subject.error) return;
  std::string answer;
  const Text* last = nullptr;
  for (const Text& text : subject.texts) {
    if (text.side != Side::output) continue;
    if (text.voice == Voice::tool_call) return;  // the answer is a call
    if (text.voice != Voice::assistant) continue;
    if (!answer.empty()) answer += '\n';
    answer += text.text;
    last = &text;
  }
  if (subject.texts.empty()) return;
  const Reading reading = read_answer(answer, last_text(subject, Side::input, Voice::user));
  Verdict verdict{.label = id(), .type = model::MetricType::categorical};
  verdict.text = kNames[static_cast<std::size_t>(reading)];
  verdict.assessment = reading == Reading::answered ? Assessment::pass : Assessment::fail;
  verdict.reasoning = reason_of(reading);
  if (reading != Reading::answered && last != nullptr && !last->text.empty())
    verdict.findings.push_back({Side::output, last->message, 0,
                                static_cast<std::uint32_t>(last->text.size()),
                                kNames[static_cast<std::size_t>(reading)]});
  verdicts.push_back(std::move(verdict));
}

}  // namespace catalejo::evaluate
