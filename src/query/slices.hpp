// The time of a question cut into whole slices, whose answers are kept, and what is left over.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "query/answers.hpp"
#include "query/filter.hpp"
#include "query/slice_cache.hpp"

namespace catalejo::query {

using SeriesSlice = std::vector<SeriesBucket>;
using SeriesCache = SliceCache<SeriesSlice>;
using FacetsCache = SliceCache<Facets>;

// Begin and end of whole slices; each a multiple of `unit_ns`, as long as a day has about a
// hundred.
struct Slices {
  std::int64_t length_ns = 0;
  std::vector<search::Stretch> whole;
};
// All that fit between `first`, where one begins, and `to`.
std::vector<search::Stretch> cut_into_slices(UnixNanos first, UnixNanos to, std::int64_t length_ns);
// Of the time that is over; without any when it is short.
Slices slices_of(const Filter& filter, std::int64_t unit_ns, UnixNanos now);

// What of the filter's time is in none of `known`, which are in order.
std::vector<search::Stretch> rest_of(const Filter& filter,
                                     const std::vector<search::Stretch>& known);

// The answers about slices that are still true.
template <typename Answer>
struct Known {
  std::vector<Answer> answers;
  std::vector<search::Stretch> times;
  bool has(const search::Stretch& time) const { return std::ranges::binary_search(times, time); }
};
template <typename Answer>
Known<Answer> find_known(SliceCache<Answer>& cache, const std::string& question,
                         const std::vector<search::Stretch>& slices,
                         const store::InsertedTimes& times) {
  Known<Answer> known;
  for (const auto& [first, last] : slices) {
    const auto answer = cache.find({question, first, last}, times);
    if (!answer) continue;
    known.answers.push_back(*answer);
    known.times.emplace_back(first, last);
  }
  return known;
}

// Keeps what was found of the slices that were not known, each by the number of its slice, also
// when nothing was. `bytes_of` says what an answer takes.
template <typename Answer, typename BytesOf>
void keep_fresh(SliceCache<Answer>& cache, const std::string& question, std::uint64_t position,
                const Slices& slices, const Known<Answer>& known,
                const std::map<std::int64_t, Answer>& fresh, const Answer& none,
                const BytesOf& bytes_of) {
  for (const search::Stretch& time : slices.whole) {
    if (known.has(time)) continue;
    const auto found = fresh.find(time.first.value / slices.length_ns);
    const Answer& answer = found == fresh.end() ? none : found->second;
    cache.put({question, time.first, time.second}, position, answer, bytes_of(answer));
  }
}

// The filter without its time, as a text; nullopt when the answer depends on other spans or on
// evaluations, or the filter was narrowed already.
std::optional<std::string> question_of(const Filter& filter);

// One answer of the answers about parts of the time, also of none. nullopt: too many groups to be
// one.
std::optional<std::vector<SeriesBucket>> joined(const std::vector<SeriesSlice>& parts);
Facets joined(const std::vector<Facets>& parts, std::size_t fields, std::size_t values_max);

}  // namespace catalejo::query
