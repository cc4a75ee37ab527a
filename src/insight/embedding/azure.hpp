// Vectors of texts from an embedding deployment of the user's on Azure OpenAI. What was embedded is
// remembered by the hash of its text, so that a question asked again costs nothing.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "azure/deployment.hpp"
#include "base/result.hpp"
#include "insight/topics/topics.hpp"

namespace catalejo::insight::embedding {

// Whatever the model gives, vectors are brought to this length: by fixed random signs, which keeps
// angles to a few hundredths.
inline constexpr std::size_t kLength = 256;
// Of one request; Azure takes 2 048 texts.
inline constexpr std::size_t kTextsPerRequest = 256;
inline constexpr std::size_t kRememberedMax = 50'000;  // 1 KiB each

class Azure {
 public:
  explicit Azure(azure::Deployment deployment) : client_(std::move(deployment)) {}

  // A row of kLength for each text. Blocks; from one thread at a time. Errors: timeout, and
  // bad_request with what Azure said.
  Result<topics::Matrix> embed(const std::vector<std::string>& texts,
                               const topics::Stopped& stopped);

 private:
  using Vector = std::array<float, kLength>;
  Result<void> embed_some(const std::vector<std::string>& texts,
                          const std::vector<std::size_t>& places, topics::Matrix& rows,
                          const topics::Stopped& stopped);
  void remember(const std::string& text, const Vector& vector);

  azure::DeploymentClient client_;
  std::unordered_map<std::string, Vector> remembered_, older_;  // by hash; two generations
};

// The vectors of one answer in the order of their texts, of the length the model has.
Result<std::vector<std::vector<float>>> read_vectors(std::string_view body, std::size_t count);

// As topics::Desk takes it: one deployment for all that ask.
topics::Embed shared(azure::Deployment deployment);

}  // namespace catalejo::insight::embedding
