#include "insight/topics/vectors.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "base/limits.hpp"
#include "insight/topics/words.hpp"

namespace catalejo::insight::topics {
namespace {

constexpr float kPairWeight = 0.7F;
constexpr float kStemWeight = 0.7F;
constexpr int kPowerSteps = 3;
constexpr std::size_t kOversampled = 12;

float weight_of(FeatureKind kind) {
  return kind == FeatureKind::pair ? kPairWeight : kind == FeatureKind::stem ? kStemWeight : 1.0F;
}

std::vector<Feature> sorted_features(std::string_view text) {
  std::vector<Feature> features = features_of(text);
  std::ranges::stable_sort(features, {}, &Feature::hash);
  return features;
}

// `use(feature, times)` for each different feature of sorted ones.
template <typename Use>
void each_feature(const std::vector<Feature>& features, Use use) {
  for (std::size_t i = 0; i < features.size();) {
    std::size_t end = i + 1;
    while (end < features.size() && features[end].hash == features[i].hash) ++end;
    use(features[i], end - i);
    i = end;
  }
}

// Rows of `matrix` become orthonormal columns, by Gram and Schmidt, twice for the sake of rounding.
void orthonormalise(std::vector<std::vector<double>>& columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t j = 0; j < i; ++j) {
        double along = 0;
        for (std::size_t k = 0; k < columns[i].size(); ++k) along += columns[i][k] * columns[j][k];
        for (std::size_t k = 0; k < columns[i].size(); ++k) columns[i][k] -= along * columns[j][k];
      }
    }
    double square = 0;
    for (const double value : columns[i]) square += value * value;
    const double scale = square > 1e-12 ? 1 / std::sqrt(square) : 0;
    for (double& value : columns[i]) value *= scale;
  }
}

// Eigenvectors of a small symmetric matrix, by Jacobi's rotations: `a` becomes diagonal, the
// columns of the answer are the vectors.
std::vector<std::vector<double>> eigenvectors(std::vector<std::vector<double>>& a) {
  const std::size_t n = a.size();
  std::vector<std::vector<double>> vectors(n, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i) vectors[i][i] = 1;
  const auto rotate = [&](std::size_t p, std::size_t q) {
    const double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    const double t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::hypot(theta, 1));
    const double c = 1 / std::hypot(t, 1), s = t * c;
    for (std::size_t k = 0; k < n; ++k) {
      const double x = a[k][p], y = a[k][q];
      a[k][p] = c * x - s * y;
      a[k][q] = s * x + c * y;
    }
    for (std::size_t k = 0; k < n; ++k) {
      const double x = a[p][k], y = a[q][k];
      a[p][k] = c * x - s * y;
      a[q][k] = s * x + c * y;
      const double v = vectors[k][p], w = vectors[k][q];
      vectors[k][p] = c * v - s * w;
      vectors[k][q] = s * v + c * w;
    }
  };
  constexpr int kSweepsMax = 30;
  for (int sweep = 0; sweep < kSweepsMax; ++sweep) {
    double off = 0, all = 0;
    for (std::size_t p = 0; p < n; ++p)
      for (std::size_t q = 0; q < n; ++q) (p == q ? all : off) += a[p][q] * a[p][q];
    if (off <= 1e-18 * all) break;
    for (std::size_t p = 0; p < n; ++p)
      for (std::size_t q = p + 1; q < n; ++q)
        if (a[p][q] * a[p][q] > 1e-30 * all) rotate(p, q);
  }
  return vectors;
}

}  // namespace

float dot(std::span<const float> a, std::span<const float> b) {
  // Four sums, so that the processor adds four at once; the order is fixed, and so is the answer.
  float sums[4] = {};
  std::size_t i = 0;
  for (; i + 4 <= a.size(); i += 4)
    for (std::size_t k = 0; k < 4; ++k) sums[k] += a[i + k] * b[i + k];
  for (; i < a.size(); ++i) sums[0] += a[i] * b[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

void normalise(std::span<float> row) {
  const float square = dot(row, row);
  if (square <= 1e-12F) return;
  const float scale = 1 / std::sqrt(square);
  for (float& value : row) value *= scale;
}

Vocabulary::Vocabulary(std::span<const std::string> texts) {
  struct Seen {
    std::uint32_t texts = 0;
    FeatureKind kind = FeatureKind::word;
  };
  std::unordered_map<std::uint64_t, Seen> seen;
  for (const std::string& text : texts) {
    each_feature(sorted_features(text), [&](const Feature& feature, std::size_t) {
      const auto found = seen.find(feature.hash);
      if (found != seen.end())
        ++found->second.texts;
      else if (seen.size() < limits::topic_features_seen_max)
        seen.emplace(feature.hash, Seen{1, feature.kind});
    });
  }
  std::vector<std::pair<std::uint64_t, Seen>> kept;
  for (const auto& entry : seen)
    if (entry.second.texts >= 2) kept.push_back(entry);
  std::ranges::sort(kept, [](const auto& a, const auto& b) {
    return std::pair(b.second.texts, a.first) < std::pair(a.second.texts, b.first);
  });
  if (kept.size() > limits::topic_features_max) kept.resize(limits::topic_features_max);
  const auto all = static_cast<float>(texts.size());
  for (const auto& [hash, feature] : kept) {
    columns_.emplace(hash, static_cast<std::uint32_t>(weights_.size()));
    // What all texts have, a template around each question, weighs nothing.
    weights_.push_back(weight_of(feature.kind) *
                       std::log((all + 1) / (static_cast<float>(feature.texts) + 0.5F)));
  }
  unknown_weight_ = std::log(all + 1);
}

SparseRow Vocabulary::row(std::string_view text) const {
  SparseRow row;
  float square = 0;
  each_feature(sorted_features(text), [&](const Feature& feature, std::size_t times) {
    const float often = 1 + std::log(static_cast<float>(times));
    const auto found = columns_.find(feature.hash);
    if (found == columns_.end()) {
      // Most pairs of words occur once; that says nothing.
      if (feature.kind == FeatureKind::word)
        square += often * often * unknown_weight_ * unknown_weight_;
      return;
    }
    const float value = often * weights_[found->second];
    square += value * value;
    row.push_back({found->second, value});
  });
  if (square > 0)
    for (Entry& entry : row) entry.value /= std::sqrt(square);
  std::ranges::sort(row, {}, &Entry::column);
  return row;
}

Projection::Projection(std::span<const SparseRow> rows, std::size_t columns, std::size_t dimensions,
                       const Stopped& stopped) {
  const std::size_t wanted = std::min({dimensions + kOversampled, rows.size(), columns});
  if (wanted == 0) return;
  // `space` spans what is looked for: wanted × rows, found by multiplying chance with the rows.
  std::mt19937_64 chance(1);
  std::vector<std::vector<double>> words(wanted, std::vector<double>(columns));
  std::vector<std::vector<double>> space(wanted, std::vector<double>(rows.size()));
  for (auto& line : words)
    for (double& value : line)
      value = static_cast<double>(chance() >> 11) / static_cast<double>(1ull << 53) - 0.5;
  const auto to_space = [&] {
    for (std::size_t d = 0; d < wanted; ++d) {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        double sum = 0;
        for (const Entry& entry : rows[i])
          sum += static_cast<double>(entry.value) * words[d][entry.column];
        space[d][i] = sum;
      }
    }
  };
  const auto to_words = [&] {
    for (std::size_t d = 0; d < wanted; ++d) {
      std::ranges::fill(words[d], 0.0);
      for (std::size_t i = 0; i < rows.size(); ++i)
        for (const Entry& entry : rows[i])
          words[d][entry.column] += static_cast<double>(entry.value) * space[d][i];
    }
  };
  for (int step = 0; step < kPowerSteps && !stopped(); ++step) {
    to_space();
    orthonormalise(space);
    to_words();
  }
  // words = spaceᵀ·rows: its singular vectors are those of the rows.
  std::vector<std::vector<double>> gram(wanted, std::vector<double>(wanted));
  for (std::size_t a = 0; a < wanted; ++a) {
    for (std::size_t b = 0; b <= a; ++b) {
      double sum = 0;
      for (std::size_t k = 0; k < columns; ++k) sum += words[a][k] * words[b][k];
      gram[a][b] = gram[b][a] = sum;
    }
  }
  const auto vectors = eigenvectors(gram);
  std::vector<std::size_t> order(wanted);
  for (std::size_t i = 0; i < wanted; ++i) order[i] = i;
  std::ranges::stable_sort(order,
                           [&](std::size_t a, std::size_t b) { return gram[a][a] > gram[b][b]; });
  while (!order.empty() && gram[order.back()][order.back()] < 1e-9) order.pop_back();
  if (order.size() > dimensions) order.resize(dimensions);
  directions_ = Matrix(columns, order.size());
  for (std::size_t d = 0; d < order.size(); ++d) {
    const double scale = 1 / std::sqrt(gram[order[d]][order[d]]);
    for (std::size_t k = 0; k < columns; ++k) {
      double sum = 0;
      for (std::size_t a = 0; a < wanted; ++a) sum += vectors[a][order[d]] * words[a][k];
      directions_.row(k)[d] = static_cast<float>(sum * scale);
    }
  }
}

void Projection::apply(const SparseRow& row, std::span<float> to) const {
  std::ranges::fill(to, 0.0F);
  for (const Entry& entry : row) {
    const auto direction = directions_.row(entry.column);
    for (std::size_t d = 0; d < to.size(); ++d) to[d] += entry.value * direction[d];
  }
}

}  // namespace catalejo::insight::topics
