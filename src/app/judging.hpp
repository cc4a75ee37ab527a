// What asks deployments of the user's: judges, the playground, experiments. Opened together and in
// order; each needs what stands above it.
#pragma once

#include <memory>

#include "app/settings.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "base/worker.hpp"
#include "evaluate/experiments/runner.hpp"
#include "evaluate/judge/runner.hpp"
#include "evaluate/playground/desk.hpp"
#include "pipeline/pipeline.hpp"
#include "pipeline/redact.hpp"
#include "store/datasets.hpp"
#include "store/judges.hpp"
#include "store/store.hpp"

namespace catalejo::app {

// All outlive what is opened.
struct JudgingNeeds {
  store::Store& store;
  store::Datasets& datasets;
  pipeline::Pipeline& pipeline;
  const pipeline::Redaction& redaction;
  Counters& counters;
};

struct Judging {
  std::unique_ptr<store::Judges> control;
  std::unique_ptr<evaluate::judge::Runner> judges;
  std::unique_ptr<evaluate::playground::Desk> playground;
  std::unique_ptr<evaluate::experiments::Runner> experiments;
  std::unique_ptr<Worker> trials;  // wait for a model while somebody tries one

  Result<void> open(const Settings& settings, const JudgingNeeds& needs);
  // Ends calls that are under way.
  void stop();
};

}  // namespace catalejo::app
