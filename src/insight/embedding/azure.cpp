#include "insight/embedding/azure.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <random>

#include "base/hash.hpp"
#include "base/log.hpp"
#include "codec/json_writer.hpp"

namespace catalejo::insight::embedding {
namespace {

std::string key_of(const std::string& text) {
  const Hash128 hash = hash128(text);
  return fmt::format("{:016x}{:016x}", hash.high, hash.low);
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

Result<void> Azure::embed_some(const std::vector<std::string>& texts,
                               const std::vector<std::size_t>& places, topics::Matrix& rows,
                               const topics::Stopped& stopped) {
  std::string body = R"({"model":)" + codec::json_quoted(client_.deployment().name);
  body += R"(,"input":[)";
  for (const std::size_t place : places) {
    if (body.back() != '[') body += ',';
    codec::append_json_string(body, texts[place]);
  }
  auto answer = client_.post("embeddings", body + "]}", stopped);
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

topics::Embed shared(azure::Deployment deployment) {
  struct Shared {
    explicit Shared(azure::Deployment given) : azure(std::move(given)) {}
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
