#include "insight/economics/economics_reader.hpp"

#include "base/ascii.hpp"

namespace catalejo::insight::economics {
namespace {

template <typename Rows>
Result<void> read_into(std::vector<Rows>& to, const Result<std::string>& body,
                       Result<std::vector<Rows>> (*read)(std::string_view)) {
  if (!body) return body.error();
  auto rows = read(*body);
  if (!rows) return rows.error();
  to = *std::move(rows);
  return {};
}

}  // namespace

Task<Result<Economics>> EconomicsReader::economics(Known known, Window asked) {
  if (asked.empty()) co_return Economics{.asked = asked};
  Directory directory(known.inventory, known.positions, asked);
  const Span span{.window = asked, .bounds = directory.bounds()};
  std::vector<std::string> resources;
  for (const model::AzureAccount& account : known.inventory.accounts)
    if (!account.resource.empty()) resources.push_back(lower_ascii(account.resource));
  // All at once: those over metrics and those over spans read different tables.
  Future<Result<std::string>> azure = query::ask(store_, plan_azure_counts(span));
  Future<Result<std::string>> traced = query::ask(store_, plan_traced_counts(span, resources));
  Future<Result<std::string>> peaks = query::ask(store_, plan_peaks(span));
  Future<Result<std::string>> throttling = query::ask(store_, plan_throttling(span, resources));
  Future<Result<std::string>> utilisation = query::ask(store_, plan_utilisation(span));
  Future<Result<std::string>> volumes = query::ask(store_, plan_azure_volumes(span));
  Future<Result<std::string>> verdicts = query::ask(store_, plan_traced_volumes(span, resources));
  const auto azure_body = co_await std::move(azure);
  const auto traced_body = co_await std::move(traced);
  const auto peaks_body = co_await std::move(peaks);
  const auto throttling_body = co_await std::move(throttling);
  const auto utilisation_body = co_await std::move(utilisation);
  const auto volumes_body = co_await std::move(volumes);
  const auto verdicts_body = co_await std::move(verdicts);
  Answers answers;
  for (const Result<void>& read :
       {read_into(answers.azure, azure_body, read_azure_counts),
        read_into(answers.traced, traced_body, read_traced_counts),
        read_into(answers.peaks, peaks_body, read_peaks),
        read_into(answers.throttling, throttling_body, read_throttling),
        read_into(answers.utilisation, utilisation_body, read_utilisation),
        read_into(answers.azure_volumes, volumes_body, read_azure_volumes),
        read_into(answers.traced_volumes, verdicts_body, read_traced_volumes)})
    if (!read) co_return read.error();
  co_return economics_of(directory, asked, std::move(answers), prices_.current());
}

}  // namespace catalejo::insight::economics
