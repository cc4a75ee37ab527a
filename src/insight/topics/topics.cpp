#include "insight/topics/topics.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/limits.hpp"
#include "insight/topics/names.hpp"
#include "insight/topics/words.hpp"

namespace catalejo::insight::topics {
namespace {

constexpr double kSizeMin = 5;          // texts of a topic
constexpr double kShareMin = 0.005;     // of all texts
constexpr double kTemplateShare = 0.2;  // texts with the same line: it belongs to the program
constexpr std::size_t kTemplateTexts = 5;

// Different texts, in the order in which they first come, and how often each came.
struct Distinct {
  std::vector<std::string> texts;
  std::vector<float> weights;
  std::vector<std::size_t> of;     // of each given text its place in `texts`
  std::vector<std::size_t> first;  // and back: where it first came
};

Distinct distinct(const std::vector<std::string>& given) {
  Distinct result;
  std::unordered_map<std::string_view, std::size_t> places;
  std::vector<std::uint32_t> times;
  result.of.reserve(given.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto [found, made] = places.try_emplace(given[i], result.texts.size());
    if (made) {
      result.texts.push_back(given[i]);
      result.first.push_back(i);
      times.push_back(0);
    }
    ++times[found->second];
    result.of.push_back(found->second);
  }
  // A probe that asks the same all day is one topic, but it shall not draw all centres to itself.
  result.weights.reserve(times.size());
  for (const std::uint32_t n : times)
    result.weights.push_back(1 + std::log2(static_cast<float>(n)));
  return result;
}

template <typename Use>
void each_line(std::string_view text, Use use) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) use(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// Lines that many different texts have are the program's own: instructions around what is asked.
std::vector<std::string> without_templates(const std::vector<std::string>& texts) {
  std::unordered_map<std::string_view, std::size_t> seen;
  for (const std::string& text : texts) {
    std::string_view last;
    each_line(text, [&](std::string_view line) {
      if (line != last) ++seen[line];
      last = line;
    });
  }
  const std::size_t most = std::max(
      kTemplateTexts, static_cast<std::size_t>(kTemplateShare * static_cast<double>(texts.size())));
  std::vector<std::string> bare;
  bare.reserve(texts.size());
  for (const std::string& text : texts) {
    std::string rest;
    each_line(text, [&](std::string_view line) {
      if (seen[line] >= most) return;
      rest += line;
      rest += '\n';
    });
    if (rest.empty()) rest = text;
    bare.push_back(std::move(rest));
  }
  return bare;
}

struct Rows {
  Matrix of;                // of length 1
  std::vector<float> said;  // how much of each text its row says
};

// Vectors of both periods, from words alone.
std::pair<Rows, Rows> rows_of_words(const std::vector<std::string>& now,
                                    const std::vector<std::string>& before, const Work& work) {
  const Vocabulary vocabulary(now);
  std::vector<SparseRow> sparse;
  sparse.reserve(now.size());
  for (const std::string& text : now) sparse.push_back(vocabulary.row(text));
  work.progress(0.2);
  const Projection projection(sparse, vocabulary.size(), limits::topic_dimensions, work.stopped);
  const auto project = [&](const SparseRow& row, Rows& to, std::size_t i) {
    projection.apply(row, to.of.row(i));
    to.said[i] = std::sqrt(dot(to.of.row(i), to.of.row(i)));
    normalise(to.of.row(i));
  };
  std::pair<Rows, Rows> both;
  both.first = {Matrix(now.size(), projection.dimensions()), std::vector<float>(now.size())};
  both.second = {Matrix(before.size(), projection.dimensions()), std::vector<float>(before.size())};
  for (std::size_t i = 0; i < now.size(); ++i) project(sparse[i], both.first, i);
  for (std::size_t i = 0; i < before.size() && !work.stopped(); ++i)
    project(vocabulary.row(before[i]), both.second, i);
  return both;
}

// All texts of one application are alike to a model: what they have in common is taken off.
void take_mean_off(Matrix& rows, Matrix& others) {
  std::vector<float> mean(rows.columns());
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    normalise(rows.row(i));
    for (std::size_t d = 0; d < mean.size(); ++d)
      mean[d] += rows.row(i)[d] / static_cast<float>(rows.rows());
  }
  for (std::size_t i = 0; i < others.rows(); ++i) normalise(others.row(i));
  for (Matrix* of : {&rows, &others}) {
    for (std::size_t i = 0; i < of->rows(); ++i) {
      for (std::size_t d = 0; d < mean.size(); ++d) of->row(i)[d] -= mean[d];
      normalise(of->row(i));
    }
  }
}

Result<std::pair<Rows, Rows>> rows_of_model(const std::vector<std::string>& now,
                                            const std::vector<std::string>& before,
                                            const Work& work) {
  auto rows = work.embed(now, work.stopped);
  if (!rows) return rows.error();
  auto others = work.embed(before, work.stopped);
  if (!others) return others.error();
  if (before.empty()) *others = Matrix(0, rows->columns());
  if (rows->rows() != now.size() || others->rows() != before.size() ||
      rows->columns() != others->columns())
    return Error{Code::bad_request, "the model answered vectors of another number or length", ""};
  take_mean_off(*rows, *others);
  std::pair<Rows, Rows> both;
  both.first = {*std::move(rows), std::vector<float>(now.size(), 1.0F)};
  both.second = {*std::move(others), std::vector<float>(before.size(), 1.0F)};
  return both;
}

std::pair<Rows, Rows> rows_of(const std::vector<std::string>& now,
                              const std::vector<std::string>& before, const Work& work,
                              std::optional<Error>& embedding_error) {
  if (work.embed) {
    auto rows = rows_of_model(now, before, work);
    if (rows) return *std::move(rows);
    embedding_error = rows.error();
  }
  return rows_of_words(now, before, work);
}

// Topics by how many of the given texts they have, most first.
void largest_first(Clusters& clusters, const Distinct& texts) {
  const std::size_t groups = clusters.centres.rows();
  std::vector<std::size_t> sizes(groups), order(groups), number(groups);
  for (const std::size_t place : texts.of)
    if (clusters.group[place] != kNoGroup) ++sizes[static_cast<std::size_t>(clusters.group[place])];
  for (std::size_t g = 0; g < groups; ++g) order[g] = g;
  std::ranges::stable_sort(order,
                           [&](std::size_t a, std::size_t b) { return sizes[a] > sizes[b]; });
  while (!order.empty() && sizes[order.back()] == 0) order.pop_back();
  Matrix centres(order.size(), clusters.centres.columns());
  for (std::size_t place = 0; place < order.size(); ++place) {
    number[order[place]] = place;
    std::ranges::copy(clusters.centres.row(order[place]), centres.row(place).begin());
  }
  for (int& group : clusters.group)
    if (group != kNoGroup) group = static_cast<int>(number[static_cast<std::size_t>(group)]);
  clusters.centres = std::move(centres);
}

// Of each text the first one that has the same words: numbers make no difference.
std::vector<std::size_t> alike_of(const std::vector<std::string>& texts) {
  std::unordered_map<std::uint64_t, std::size_t> first;
  std::vector<std::size_t> alike;
  alike.reserve(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::uint64_t key = 0;
    for (const Feature& feature : features_of(texts[i])) key = key * 31 + feature.hash;
    alike.push_back(key == 0 ? i : first.try_emplace(key, i).first->second);
  }
  return alike;
}

float likeness_of(const Clusters& clusters, const Rows& rows, std::size_t i) {
  float best = 0;
  for (std::size_t c = 0; c < clusters.centres.rows(); ++c)
    best = std::max(best, dot(clusters.centres.row(c), rows.of.row(i)) * rows.said[i]);
  return best;
}

}  // namespace

Found find_topics(const std::vector<std::string>& now, const std::vector<std::string>& before,
                  const Work& work) {
  Found found;
  Distinct texts = distinct(now);
  const Distinct earlier = distinct(before);
  texts.texts = without_templates(texts.texts);
  const auto [rows, before_rows] = rows_of(texts.texts, earlier.texts, work, found.embedding_error);
  work.progress(0.7);
  const double least = std::max(kSizeMin, kShareMin * static_cast<double>(now.size()));
  std::vector<float> times(texts.texts.size());
  for (const std::size_t place : texts.of) ++times[place];
  Clusters clusters =
      find_clusters({.rows = rows.of, .weights = texts.weights, .said = rows.said, .times = times},
                    least, work.stopped);
  largest_first(clusters, texts);
  work.progress(0.9);
  found.names = names_of(texts.texts, clusters.group, clusters.centres.rows());
  const std::vector<std::size_t> first_alike = alike_of(texts.texts);
  found.now.reserve(texts.of.size());
  found.likeness.reserve(texts.of.size());
  found.alike.reserve(texts.of.size());
  for (const std::size_t place : texts.of) {
    found.now.push_back(clusters.group[place]);
    found.likeness.push_back(likeness_of(clusters, rows, place));
    found.alike.push_back(texts.first[first_alike[place]]);
  }
  found.before.reserve(earlier.of.size());
  for (const std::size_t place : earlier.of)
    found.before.push_back(
        nearest_group(clusters, before_rows.of.row(place), before_rows.said[place]));
  return found;
}

}  // namespace catalejo::insight::topics
