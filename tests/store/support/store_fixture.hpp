// What the tests of the store share: a folder of their own, spans to write, a store to open.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/batch.hpp"
#include "store/store.hpp"

namespace catalejo::store {

// The engine the tests run on; fails the test when it is not there.
void require_engine();

// Times of the spans below: noon of a day that no retention drops.
UnixNanos test_time();

// `count` LLM spans with ids from `first_id` on, each with a prompt of `text_bytes`.
model::Batch spans(std::uint64_t first_id, std::uint64_t count, std::size_t text_bytes = 100);

StoreOptions store_options(const std::string& data_dir, Counters& counters);
std::unique_ptr<Store> open_store(StoreOptions options);
// Appends and waits for the answer.
Result<Appended> append(Store& store, const model::Batch& batch);
// The body of a query, without its last line end; an error's text when it fails.
std::string ask(Store& store, const std::string& sql, QueryParameters parameters = {});
// Asks until the answer is yes; false when it is not within a minute.
bool eventually(const std::function<bool()>& condition);
// Waits until the database is ready.
void await_ready(Store& store);

}  // namespace catalejo::store
