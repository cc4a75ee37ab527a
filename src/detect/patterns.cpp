#include "detect/patterns.hpp"

#include <fmt/format.h>
#include <hs/hs.h>

#include <algorithm>
#include <stdexcept>

#include "base/result.hpp"

namespace catalejo::detect {
namespace {

struct DatabaseCloser {
  void operator()(hs_database_t* database) const { hs_free_database(database); }
};

// Hyperscan's working memory: one per thread, grown to the largest set that the thread scans with.
struct Scratch {
  hs_scratch_t* memory = nullptr;
  ~Scratch() { hs_free_scratch(memory); }
};

hs_scratch_t* scratch_for(const hs_database_t* database) {
  thread_local Scratch scratch;
  if (hs_alloc_scratch(database, &scratch.memory) != HS_SUCCESS) throw std::bad_alloc();
  return scratch.memory;
}

int take_hit(unsigned pattern, unsigned long long, unsigned long long end, unsigned,
             void* context) {
  auto& hits = *static_cast<std::vector<PatternSet::Hit>*>(context);
  hits.push_back({pattern, static_cast<std::uint32_t>(end)});
  return hits.size() >= PatternSet::kHitsMax ? 1 : 0;
}

}  // namespace

struct PatternSet::Compiled {
  std::unique_ptr<hs_database_t, DatabaseCloser> database;
};

PatternSet::PatternSet(std::span<const std::string> patterns)
    : compiled_(std::make_unique<Compiled>()) {
  std::vector<const char*> texts;
  std::vector<unsigned> flags(patterns.size(), HS_FLAG_DOTALL), ids;
  for (const std::string& pattern : patterns) {
    ids.push_back(static_cast<unsigned>(texts.size()));
    texts.push_back(pattern.c_str());
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t outcome =
      hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(texts.size()),
                       HS_MODE_BLOCK, nullptr, &database, &error);
  if (outcome != HS_SUCCESS) {
    const std::string what =
        error->expression < 0 ? error->message
                              : fmt::format("{}: {}", patterns[error->expression], error->message);
    hs_free_compile_error(error);
    throw std::logic_error(what);
  }
  compiled_->database.reset(database);
}

PatternSet::~PatternSet() = default;
PatternSet::PatternSet(PatternSet&&) noexcept = default;
PatternSet& PatternSet::operator=(PatternSet&&) noexcept = default;

void PatternSet::scan(std::string_view text, std::vector<Hit>& hits) const {
  const hs_database_t* database = compiled_->database.get();
  std::vector<Hit> found;
  hs_scan(database, text.data(), static_cast<unsigned>(text.size()), 0, scratch_for(database),
          take_hit, &found);
  hits.insert(hits.end(), found.begin(), found.end());
}

}  // namespace catalejo::detect
