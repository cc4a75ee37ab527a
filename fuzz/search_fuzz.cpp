// The search language: whatever is typed is understood or refused with a place inside the text,
// and the SQL made from it uses every parameter it binds, binds every one it uses, and closes what
// it opens. Completion takes any cursor.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "query/search/search.hpp"
#include "query/search/suggest.hpp"

namespace {

using namespace catalejo::query;

void check(const Statement& statement) {
  int depth = 0;
  for (std::size_t at = 0; at < statement.sql.size(); ++at) {
    const char c = statement.sql[at];
    if (c == '(') ++depth;
    if (c == ')' && --depth < 0) std::abort();
    if (c != '{') continue;
    const std::size_t colon = statement.sql.find(':', at);
    if (colon == std::string::npos) std::abort();
    const std::string name = statement.sql.substr(at + 1, colon - at - 1);
    bool known = false;
    for (const auto& parameter : statement.parameters) known = known || parameter.first == name;
    if (!known) std::abort();
  }
  if (depth != 0) std::abort();
  for (const auto& [name, value] : statement.parameters)
    if (statement.sql.find("{" + name + ":") == std::string::npos) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const search::Scope scope{
      {1'795'472'913'308'242'728}, {1'795'476'513'308'242'728}, (data[0] & 1) != 0};
  const search::Completion completion = search::completion_at(text, data[0]);
  if (completion.begin > completion.end) std::abort();
  search::known_suggestions(completion);
  if (const auto statement = search::plan_suggest(completion, scope)) check(*statement);

  auto read = search::read(text);
  if (const auto* problem = std::get_if<search::Problem>(&read)) {
    const std::size_t all = search::code_points_before(text, text.size());
    if (problem->message.empty() || problem->position + problem->length > all) std::abort();
    return 0;
  }
  StatementBuilder out;
  const std::string condition = search::write_condition(out, std::get<search::Query>(read), scope);
  out << condition;
  check(std::move(out).finish());
  return 0;
}
