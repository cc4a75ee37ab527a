// Brings points of metrics within bounds. What cannot be kept is refused and counted in the batch:
// a point without a name, with a number that is none, or of a time that nobody can ask for.
#pragma once

#include "model/batch.hpp"
#include "pipeline/normalise.hpp"

namespace catalejo::pipeline {

void normalise_points(model::Batch& batch, Times times);

}  // namespace catalejo::pipeline
