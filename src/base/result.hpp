// Result<T>: a T or an Error. Implicitly made from either, so a function says
// `return Error{...}` or `return value`. Reading the wrong side is a bug and ends the program.
#pragma once

#include <utility>
#include <variant>

#include "base/error.hpp"

namespace catalejo {

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  explicit operator bool() const { return state_.index() == 0; }
  bool ok() const { return state_.index() == 0; }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  T& value() {
    CATALEJO_INVARIANT(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const {
    CATALEJO_INVARIANT(ok());
    return *std::get_if<0>(&state_);
  }
  T value_or(T fallback) const { return ok() ? value() : std::move(fallback); }

  const Error& error() const {
    CATALEJO_INVARIANT(!ok());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}  // NOLINT: implicit

  explicit operator bool() const { return ok_; }
  bool ok() const { return ok_; }
  const Error& error() const {
    CATALEJO_INVARIANT(!ok_);
    return error_;
  }

 private:
  Error error_;
  bool ok_ = true;
};

}  // namespace catalejo

// Leaves the function with the error of `expression`, or goes on.
#define CATALEJO_TRY(expression)                                                \
  do {                                                                          \
    if (auto try_result = (expression); !try_result) return try_result.error(); \
  } while (false)
