// Texts → topics: what of the rest of this folder finds, with names, and the texts of an earlier
// period put to the same topics. Pure but for what it is given to call; takes seconds for tens of
// thousands of texts, so never on an event loop.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "insight/topics/clusters.hpp"

namespace catalejo::insight::topics {

// A row for each text, all of one length; from a model of the user's.
using Embed =
    std::function<Result<Matrix>(const std::vector<std::string>& texts, const Stopped& stopped)>;

struct Work {
  Stopped stopped = [] { return false; };
  std::function<void(double)> progress = [](double) {};  // from 0 to 1
  Embed embed;                                           // empty: words alone
};

struct Found {
  std::vector<std::vector<std::string>> names;  // of each topic: its phrases, the best one first
  // Of each text its topic or kNoGroup, and how near to it, from 0 to 1.
  std::vector<int> now, before;
  std::vector<float> likeness;
  std::vector<std::size_t> alike;        // of each text, the first one of the same words
  std::optional<Error> embedding_error;  // why words alone were used although there is a model
};

Found find_topics(const std::vector<std::string>& now, const std::vector<std::string>& before,
                  const Work& work);

}  // namespace catalejo::insight::topics
