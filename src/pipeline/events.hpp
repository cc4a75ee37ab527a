// Brings events and service checks within bounds. What is too long is cut and flagged; what cannot
// be kept is refused and counted in the batch: one without a title, or of a time that nobody can
// ask for.
#pragma once

#include "model/batch.hpp"
#include "pipeline/normalise.hpp"

namespace catalejo::pipeline {

void normalise_events(model::Batch& batch, Times times);

}  // namespace catalejo::pipeline
