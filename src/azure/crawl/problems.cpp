#include "azure/crawl/problems.hpp"

#include "base/limits.hpp"
#include "base/log.hpp"

namespace catalejo::azure {

void Problems::note(std::string_view where, const Error& error) {
  if (error.where == "stopped") return;
  if (counters_ != nullptr)
    counters_->counter("catalejo_azure_problems_total", label("problem", error.where)).add();
  const Key key(error.where, where);
  if (now_.size() >= limits::azure_problems_max && !now_.contains(key)) return;
  NotedProblem& noted = now_[key];
  if (noted.times == 0) {
    const auto before = before_.find(key);
    noted = {.name = error.where,
             .where = std::string(where),
             .since = before == before_.end() ? now() : before->second.since};
    if (before == before_.end()) log::warn("azure", "{}: {}", where, error.message);
  }
  noted.said = error.message;
  noted.last = now();
  ++noted.times;
}

void Problems::end_round() {
  for (const auto& [key, problem] : before_)
    if (!now_.contains(key)) log::info("azure", "{}: {} no more", problem.where, problem.name);
  before_ = std::move(now_);
  now_.clear();
}

std::vector<NotedProblem> Problems::all() const {
  std::map<Key, NotedProblem> both = before_;
  for (const auto& [key, problem] : now_) both[key] = problem;
  std::vector<NotedProblem> list;
  list.reserve(both.size());
  for (auto& [key, problem] : both) list.push_back(std::move(problem));
  return list;
}

}  // namespace catalejo::azure
