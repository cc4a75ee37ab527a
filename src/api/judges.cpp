// /api/v1/judges: models that judge spans, as people set them up. Every change leaves a line in the
// log.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/body.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "evaluate/judge/prompt.hpp"
#include "evaluate/judge/runner.hpp"
#include "evaluate/judge/templates.hpp"
#include "store/judges.hpp"

namespace catalejo::api {
namespace {

namespace dom = codec::dom;
namespace judge = evaluate::judge;

// What a judge counts besides the reasons for which it did not judge.
constexpr std::array<std::string_view, 4> kCounts = {"calls", "tokens", "judged", "failed"};

struct Edit {
  std::optional<std::string> name, draft;
};

Result<Edit> parse_edit(std::string body) {
  Edit edit;
  CATALEJO_TRY(read_body(
      std::move(body),
      [&](std::string_view name, dom::element value) -> Result<void> {
        if (name == "name") {
          auto text = read_text(name, value);
          if (!text) return text.error();
          edit.name = *std::move(text);
          return {};
        }
        if (name != "draft") return no_such_field(name);
        std::string given;
        codec::append_json(given, value);
        auto settings = judge::read_settings(given);
        if (!settings) return settings.error();
        judge::append_settings(edit.draft.emplace(), *settings);
        return {};
      },
      limits::judge_body_bytes_max));
  return edit;
}

void append_today(std::string& out, const store::JudgeAmounts& amounts) {
  Fields fields(out);
  for (const std::string_view what : kCounts) {
    const auto found = amounts.find(what);
    fields.integer(what, found == amounts.end() ? 0 : found->second);
  }
  Fields reasons(fields.key("not_judged"));
  for (const auto& [what, amount] : amounts)
    if (std::ranges::find(kCounts, what) == kCounts.end()) reasons.integer(what, amount);
  reasons.close();
  fields.close();
}

void append_judge(std::string& out, const store::Judge& judge,
                  const std::map<std::int64_t, store::JudgeAmounts>& today) {
  Fields fields(out);
  fields.integer("id", judge.id);
  fields.text("name", judge.name);
  fields.json("draft", judge.draft);
  fields.known("version", judge.version == 0 ? -1 : judge.version);
  fields.json("published", judge.published);
  fields.flag("changed", judge.draft != judge.published);
  fields.text("author", judge.author);
  fields.text("updated", to_rfc3339(judge.updated));
  const auto found = today.find(judge.id);
  append_today(fields.key("today"), found == today.end() ? store::JudgeAmounts{} : found->second);
  fields.close();
}

void append_template(std::string& out, const judge::Definition& definition) {
  judge::append_settings(out, {.definition = definition});
}

void append_text(std::string& out, std::string_view text) {
  codec::append_json_string(out, text);
}

// Changes something on the thread of the desk, and has the runner know it.
template <typename Change>
Future<Result<std::int64_t>> on_desk(const ApiPtr& api, Change change) {
  auto work = [api, change]() -> Result<std::int64_t> {
    auto done = change(*api->options.judges);
    if (done) CATALEJO_TRY(api->options.judge_runner->reload());
    return done;
  };
  return api->options.desk->run(std::move(work));
}

}  // namespace

Answer get_judges(ApiPtr api, net::Request, std::string) {
  auto work = [api] { return api->options.judges->all(); };
  auto judges = co_await api->options.desk->run(std::move(work));
  if (!judges) co_return problem(judges.error());
  const judge::Runner& runner = *api->options.judge_runner;
  const auto today = api->options.judge_runner->today();
  std::string body;
  Fields fields(body);
  append_array(fields.key("judges"), *judges,
               [&](std::string& out, const store::Judge& each) { append_judge(out, each, today); });
  append_array(fields.key("deployments"), runner.deployments(), append_text);
  append_array(fields.key("templates"), judge::templates(), append_template);
  append_array(fields.key("variables"), judge::variable_names(), append_text);
  fields.integer("waiting", static_cast<std::int64_t>(runner.waiting()));
  fields.close();
  co_return json_answer(std::move(body));
}

Answer create_judge(ApiPtr api, net::Request request, std::string) {
  auto edit = parse_edit(std::move(request.body));
  if (!edit) co_return problem(edit.error());
  if (!edit->name || !edit->draft) co_return problem(bad("name", "name and draft are missing"));
  const store::Judge judge{
      .name = *edit->name, .draft = *edit->draft, .published = {}, .author = who(api, request)};
  auto change = [judge](store::Judges& judges) { return judges.put(judge); };
  auto id = co_await on_desk(api, std::move(change));
  if (!id) co_return problem(id.error());
  log::info("audit", "judge {} made by {}", *id, judge.author);
  co_return number_answer("id", *id);
}

Answer edit_judge(ApiPtr api, net::Request request, std::string id) {
  auto number = parse_number(id);
  if (!number) co_return problem(number.error());
  auto edit = parse_edit(std::move(request.body));
  if (!edit) co_return problem(edit.error());
  const std::string author = who(api, request);
  auto change = [number = *number, edit = *edit,
                 author](store::Judges& judges) -> Result<std::int64_t> {
    auto judge = judges.find(number);
    if (!judge) return judge.error();
    judge->name = edit.name.value_or(judge->name);
    judge->draft = edit.draft.value_or(judge->draft);
    judge->author = author;
    return judges.put(*judge);
  };
  auto done = co_await on_desk(api, std::move(change));
  if (!done) co_return problem(done.error());
  log::info("audit", "draft of judge {} changed by {}", *done, author);
  co_return number_answer("id", *done);
}

Answer publish_judge(ApiPtr api, net::Request request, std::string id) {
  auto number = parse_number(id);
  if (!number) co_return problem(number.error());
  const std::string author = who(api, request);
  auto change = [number = *number, author](store::Judges& judges) {
    return judges.publish(number, author);
  };
  auto version = co_await on_desk(api, std::move(change));
  if (!version) co_return problem(version.error());
  log::info("audit", "judge {} published as version {} by {}", *number, *version, author);
  co_return number_answer("version", *version);
}

Answer unpublish_judge(ApiPtr api, net::Request request, std::string id) {
  auto number = parse_number(id);
  if (!number) co_return problem(number.error());
  const std::string author = who(api, request);
  auto change = [number = *number, author](store::Judges& judges) -> Result<std::int64_t> {
    CATALEJO_TRY(judges.unpublish(number, author));
    return number;
  };
  auto done = co_await on_desk(api, std::move(change));
  if (!done) co_return problem(done.error());
  log::info("audit", "judge {} unpublished by {}", *done, author);
  co_return number_answer("id", *done);
}

Answer remove_judge(ApiPtr api, net::Request request, std::string id) {
  auto number = parse_number(id);
  if (!number) co_return problem(number.error());
  const std::string author = who(api, request);
  auto change = [number = *number, author](store::Judges& judges) -> Result<std::int64_t> {
    CATALEJO_TRY(judges.remove(number, author));
    return number;
  };
  auto done = co_await on_desk(api, std::move(change));
  if (!done) co_return problem(done.error());
  log::info("audit", "judge {} removed by {}", *done, author);
  co_return number_answer("removed", *done);
}

}  // namespace catalejo::api
