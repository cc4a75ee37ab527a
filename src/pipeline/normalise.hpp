// Brings a batch within bounds and fills in what follows from what is there. Changes spans in
// place; whatever it cuts it flags, whatever it refuses it counts in the batch.
#pragma once

#include "base/time.hpp"
#include "model/batch.hpp"

namespace catalejo::pipeline {

struct Times {
  UnixNanos received;
  // Spans that ended before it are refused: retention would remove them at once. 0 = keep all.
  UnixNanos oldest = {};
};

// Why a point or an event of that time is refused; empty when it is not.
std::string_view time_problem(UnixNanos at, Times times);

void normalise(model::Batch& batch, Times times);

// "gpt4o-weu" from "https://x.openai.azure.com/openai/deployments/gpt4o-weu/chat/completions?…";
// empty when the URL names none.
std::string_view deployment_of_url(std::string_view url);

}  // namespace catalejo::pipeline
