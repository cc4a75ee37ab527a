#include "insight/economics/economics_reader.hpp"

#include "base/ascii.hpp"

namespace catalejo::insight::economics {

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
  auto azure_body = co_await std::move(azure);
  auto traced_body = co_await std::move(traced);
  auto peaks_body = co_await std::move(peaks);
  auto throttling_body = co_await std::move(throttling);
  for (const auto* body : {&azure_body, &traced_body, &peaks_body, &throttling_body})
    if (!*body) co_return body->error();
  auto azure_counts = read_azure_counts(*azure_body);
  if (!azure_counts) co_return azure_counts.error();
  auto traced_counts = read_traced_counts(*traced_body);
  if (!traced_counts) co_return traced_counts.error();
  auto azure_peaks = read_peaks(*peaks_body);
  if (!azure_peaks) co_return azure_peaks.error();
  auto throttled = read_throttling(*throttling_body);
  if (!throttled) co_return throttled.error();
  Answers answers{.azure = *std::move(azure_counts),
                  .traced = *std::move(traced_counts),
                  .peaks = *std::move(azure_peaks),
                  .throttling = *std::move(throttled)};
  co_return economics_of(directory, asked, std::move(answers));
}

}  // namespace catalejo::insight::economics
