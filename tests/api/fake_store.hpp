// A store that answers queries from a list of canned bodies and remembers what was asked.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "store/store.hpp"

namespace catalejo::test {

class FakeStore : public store::Store {
 public:
  std::deque<Result<std::string>> answers;  // one per query; empty body when there is none left
  std::vector<std::string> asked;
  store::StoreStatus now_status;

  Future<Result<store::Appended>> append(store::EncodedBatchPtr) override {
    Promise<Result<store::Appended>> promise;
    promise.set(Error{Code::shutting_down, "a fake stores nothing", ""});
    return promise.future();
  }
  Future<Result<std::string>> query(std::string sql, store::QueryParameters, store::Lane) override {
    asked.push_back(std::move(sql));
    Promise<Result<std::string>> promise;
    if (answers.empty()) {
      promise.set(std::string());
    } else {
      promise.set(std::move(answers.front()));
      answers.pop_front();
    }
    return promise.future();
  }
  Result<std::string> execute(const std::string&, const store::QueryParameters&) override {
    return Error{Code::internal, "a fake executes nothing", ""};
  }
  Result<void> flush(int) override { return {}; }
  store::StoreStatus status() const override { return now_status; }
  void stop() override {}
};

}  // namespace catalejo::test
