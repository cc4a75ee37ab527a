#include "insight/embedding/azure.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <random>
#include <thread>

#include "base/hash.hpp"
#include "base/log.hpp"
#include "codec/json_writer.hpp"

namespace catalejo::insight::embedding {
namespace {

constexpr int kTries = 4;
constexpr int kWaitSecondsMax = 20;  // longer than that the one who asked does not wait

std::string key_of(const std::string& text) {
  const Hash128 hash = hash128(text);
  return fmt::format("{:016x}{:016x}", hash.high, hash.low);
}

// What Azure says of an error: {"error":{"code":…,"message":…}}.
std::string said_by(const net::ClientResponse& response) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view message;
  if (parser.parse(response.body).get(root) == simdjson::SUCCESS &&
      root["error"]["message"].get(message) == simdjson::SUCCESS)
    return std::string(message.substr(0, 300));
  return "";
}

int wait_seconds(const net::ClientResponse& response) {
  const std::string_view text = response.header("retry-after");
  int seconds = 1;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::max(seconds, 1);
}

std::array<float, kLength> shortened(const std::vector<float>& given) {
  std::array<float, kLength> made{};
  if (given.size() <= kLength) {
    std::ranges::copy(given, made.begin());
    return made;
  }
  std::mt19937_64 signs(11);
  for (const float value : given) {
    for (std::size_t d = 0; d < kLength; d += 64) {
      std::uint64_t bits = signs();
      for (std::size_t k = 0; k < 64; ++k, bits >>= 1)
        made[d + k] += (bits & 1) != 0 ? value : -value;
    }
  }
  return made;
}

Error odd_answer() {
  return {Code::bad_request, "the embedding deployment answered something else than vectors", ""};
}

Error left() {
  return {Code::timeout, "nobody waits for the vectors any more", ""};
}

}  // namespace

Result<std::vector<std::vector<float>>> read_vectors(std::string_view body, std::size_t count) {
  simdjson::dom::parser parser;
  simdjson::dom::array data;
  if (parser.parse(body.data(), body.size())["data"].get(data) != simdjson::SUCCESS)
    return odd_answer();
  std::vector<std::vector<float>> vectors(count);
  for (const simdjson::dom::element one : data) {
    std::uint64_t index = 0;
    simdjson::dom::array values;
    if (one["index"].get(index) != simdjson::SUCCESS || index >= count ||
        one["embedding"].get(values) != simdjson::SUCCESS || !vectors[index].empty())
      return odd_answer();
    for (const simdjson::dom::element value : values) {
      double number = 0;
      if (value.get(number) != simdjson::SUCCESS) return odd_answer();
      vectors[index].push_back(static_cast<float>(number));
    }
  }
  const bool whole = std::ranges::all_of(vectors, [&](const auto& vector) {
    return !vector.empty() && vector.size() == vectors.front().size();
  });
  if (!whole) return odd_answer();
  return vectors;
}

Azure::Azure(Deployment deployment)
    : deployment_(std::move(deployment)), client_(net::ClientOptions{.timeout_ms = 30'000}) {}

Result<std::string> Azure::ask(const std::string& body, const topics::Stopped& stopped) {
  const std::string url =
      fmt::format("{}/openai/deployments/{}/embeddings?api-version={}", deployment_.endpoint,
                  deployment_.name, deployment_.api_version);
  const net::Headers headers = {{"Content-Type", "application/json"}, {"api-key", deployment_.key}};
  for (int attempt = 1;; ++attempt) {
    if (stopped()) return left();
    auto response = client_.request("POST", url, headers, body);
    if (!response) return response.error();
    if (response->status == 200) return std::move(response->body);
    const bool busy = response->status == 429 || response->status >= 500;
    const int seconds = wait_seconds(*response);
    if (!busy || attempt == kTries || seconds > kWaitSecondsMax)
      return Error{Code::bad_request,
                   fmt::format("HTTP {} {}", response->status, said_by(*response)), ""};
    for (int i = 0; i < 10 * seconds && !stopped(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

Result<void> Azure::embed_some(const std::vector<std::string>& texts,
                               const std::vector<std::size_t>& places, topics::Matrix& rows,
                               const topics::Stopped& stopped) {
  std::string body = R"({"input":[)";
  for (const std::size_t place : places) {
    if (body.back() != '[') body += ',';
    codec::append_json_string(body, texts[place]);
  }
  auto answer = ask(body + "]}", stopped);
  if (!answer) return answer.error();
  auto vectors = read_vectors(*answer, places.size());
  if (!vectors) return vectors.error();
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Vector vector = shortened((*vectors)[i]);
    std::ranges::copy(vector, rows.row(places[i]).begin());
    remember(texts[places[i]], vector);
  }
  return {};
}

void Azure::remember(const std::string& text, const Vector& vector) {
  if (remembered_.size() >= kRememberedMax / 2) {
    older_ = std::move(remembered_);
    remembered_.clear();
  }
  remembered_.insert_or_assign(key_of(text), vector);
}

Result<topics::Matrix> Azure::embed(const std::vector<std::string>& texts,
                                    const topics::Stopped& stopped) {
  topics::Matrix rows(texts.size(), kLength);
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string key = key_of(texts[i]);
    auto found = remembered_.find(key);
    if (found == remembered_.end() && (found = older_.find(key)) == older_.end()) {
      missing.push_back(i);
      continue;
    }
    std::ranges::copy(found->second, rows.row(i).begin());
    if (!remembered_.contains(key)) remember(texts[i], Vector(found->second));
  }
  for (std::size_t first = 0; first < missing.size(); first += kTextsPerRequest) {
    const std::size_t end = std::min(missing.size(), first + kTextsPerRequest);
    const std::vector<std::size_t> places(missing.begin() + static_cast<std::ptrdiff_t>(first),
                                          missing.begin() + static_cast<std::ptrdiff_t>(end));
    CATALEJO_TRY(embed_some(texts, places, rows, stopped));
  }
  return rows;
}

topics::Embed shared(Deployment deployment) {
  struct Shared {
    explicit Shared(Deployment given) : azure(std::move(given)) {}
    std::mutex mutex;  // guards azure
    Azure azure;
  };
  auto one = std::make_shared<Shared>(std::move(deployment));
  return [one](const std::vector<std::string>& texts, const topics::Stopped& stopped) {
    const std::lock_guard lock(one->mutex);
    auto rows = one->azure.embed(texts, stopped);
    if (!rows && !stopped()) log::warn("topics", "no embeddings: {}", rows.error().message);
    return rows;
  };
}

}  // namespace catalejo::insight::embedding
