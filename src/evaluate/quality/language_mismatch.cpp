#include "evaluate/quality/language_mismatch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "evaluate/quality/language.hpp"
#include "evaluate/text/voices.hpp"

namespace catalejo::evaluate {
namespace {

// First and last paragraph of a request: what is asked stands there, around what is pasted.
std::vector<std::string_view> ends_of(std::string_view request) {
  std::vector<std::string_view> parts;
  const std::size_t first = request.find('\n'), last = request.find_last_of('\n');
  if (first == std::string_view::npos) {
    const std::size_t colon = request.find(": ");
    if (colon != std::string_view::npos) {
      parts.push_back(request.substr(0, colon));
      parts.push_back(request.substr(colon + 2));
    }
    const std::size_t mark = request.find("? ");
    if (mark != std::string_view::npos) parts.push_back(request.substr(0, mark));
    return parts;
  }
  parts.push_back(request.substr(0, first));
  parts.push_back(request.substr(last + 1));
  return parts;
}

bool allows(const AskedLanguages& asked, std::string_view code) {
  return std::ranges::any_of(asked.codes,
                             [&](std::string_view each) { return close_languages(each, code); });
}

// Of a request, or of the conversation when it is "ok, go on". It is enough to know that a request
// is not in the language of the answer.
std::optional<Languages> languages_asked_in(std::string_view request, std::string_view conversation,
                                            std::string_view answered) {
  Languages asked = languages_of(request);
  if (asked.sure) return asked;
  const bool looks_same = !asked.shares.empty() && close_languages(answered, asked.shares[0].code);
  if (conversation != request && !looks_same) {
    Languages whole = languages_of(conversation);
    if (whole.sure) return whole;
  }
  const bool may_be = looks_same || std::ranges::any_of(asked.possible, [&](std::string_view each) {
                        return close_languages(each, answered);
                      });
  if (asked.possible.empty() || may_be) return std::nullopt;
  return asked;
}

}  // namespace

void LanguageMismatch::judge(const Subject& subject, std::vector<Verdict>& verdicts) const {
  const std::string answer = all_text(subject, Side::output, Voice::assistant);
  std::string_view request = last_text(subject, Side::input, Voice::user);
  if (answer.empty() || request.empty()) return;
  const Languages answered = languages_of(answer);
  if (!answered.sure) return;
  const std::string& code = answered.shares[0].code;
  const std::optional<Languages> asked =
      languages_asked_in(request, all_text(subject, Side::input, Voice::user), code);
  if (!asked) return;
  const std::string& wanted = asked->shares[0].code;
  const bool apart = told_apart(answer, code, request, wanted);
  bool same =
      asked->has(code, 10) || answered.has(wanted, 25) || (close_languages(code, wanted) && !apart);
  for (const std::string_view part : ends_of(request)) {
    if (same || part.size() < 10) continue;
    const Languages languages = languages_of(part);
    same = !languages.shares.empty() && close_languages(code, languages.shares[0].code) && !apart;
  }
  if (!same) {
    const AskedLanguages wish = asked_languages(request);
    const AskedLanguages rule = asked_languages(all_text(subject, Side::input, Voice::system));
    if (wish.any || rule.any) return;
    same = allows(wish, code) || allows(rule, code);
  }
  Verdict verdict{.label = id(), .score = same ? 0.0 : 1.0};
  verdict.assessment = same ? Assessment::pass : Assessment::fail;
  verdict.reasoning =
      same ? fmt::format("The answer is in a language that fits the request ({}).", code)
           : fmt::format("The request is in \"{}\", the answer in \"{}\".", wanted, code);
  verdicts.push_back(std::move(verdict));
}

}  // namespace catalejo::evaluate
