// Texts → vectors of one length, near to each other when the texts are about the same: TF-IDF of
// words, pairs of words and beginnings of words, then the directions in which a collection differs
// most (latent semantic analysis, by a randomised singular value decomposition with a fixed seed).
// Pure, and the same for the same texts in the same order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace catalejo::insight::topics {

// Asked now and then in long loops; true ends them with whatever they have.
using Stopped = std::function<bool()>;

// Rows of one length behind each other.
class Matrix {
 public:
  Matrix() = default;
  Matrix(std::size_t rows, std::size_t columns)
      : rows_(rows), columns_(columns), values_(rows * columns) {}
  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  std::span<float> row(std::size_t i) { return {values_.data() + i * columns_, columns_}; }
  std::span<const float> row(std::size_t i) const {
    return {values_.data() + i * columns_, columns_};
  }

 private:
  std::size_t rows_ = 0, columns_ = 0;
  std::vector<float> values_;
};

float dot(std::span<const float> a, std::span<const float> b);
// 0 stays 0.
void normalise(std::span<float> row);

struct Entry {
  std::uint32_t column = 0;
  float value = 0;
};
using SparseRow = std::vector<Entry>;  // by column, of length 1 or less

// Words and phrases that a collection has more than once, with their weight.
class Vocabulary {
 public:
  explicit Vocabulary(std::span<const std::string> texts);
  std::size_t size() const { return weights_.size(); }
  // Words that are not in it make the row shorter than 1: such a text is about something else.
  SparseRow row(std::string_view text) const;

 private:
  std::unordered_map<std::uint64_t, std::uint32_t> columns_;
  std::vector<float> weights_;
  float unknown_weight_ = 0;
};

// The directions of `rows`, at most `dimensions`; apply() gives a row of as many, not normalised:
// its length is how much of the text these directions say.
class Projection {
 public:
  Projection(std::span<const SparseRow> rows, std::size_t columns, std::size_t dimensions,
             const Stopped& stopped);
  std::size_t dimensions() const { return directions_.columns(); }
  void apply(const SparseRow& row, std::span<float> to) const;

 private:
  Matrix directions_;  // a row for each column of the vocabulary
};

}  // namespace catalejo::insight::topics
