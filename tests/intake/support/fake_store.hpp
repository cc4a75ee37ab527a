// A store that takes everything at once, or refuses as told: for tests of what stands in front.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "store/store.hpp"

namespace catalejo::intake {

class FakeStore : public store::Store {
 public:
  std::optional<Error> refusal;  // the answer of append() when set
  std::atomic<int> appends = 0;
  static constexpr std::size_t kSpansMost = 1'000;  // of a batch, which are all new

  Future<Result<store::Appended>> append(store::EncodedBatchPtr) override {
    ++appends;
    Promise<Result<store::Appended>> promise;
    Future<Result<store::Appended>> future = promise.future();
    if (refusal) {
      promise.set(*refusal);
    } else {
      store::Appended appended;
      appended.new_halves.assign(kSpansMost, 3);
      promise.set(std::move(appended));
    }
    return future;
  }
  Future<Result<std::string>> query(std::string, store::QueryParameters, store::Lane) override {
    Promise<Result<std::string>> promise;
    promise.set(Error{Code::store_unavailable, "a fake store holds nothing", {}});
    return promise.future();
  }
  Result<std::string> execute(const std::string&, const store::QueryParameters&) override {
    return Error{Code::store_unavailable, "a fake store holds nothing", {}};
  }
  Result<void> flush(int) override { return {}; }
  store::StoreStatus status() const override { return {}; }
  void stop() override {}
};

}  // namespace catalejo::intake
