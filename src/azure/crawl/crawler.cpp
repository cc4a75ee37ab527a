#include "azure/crawl/crawler.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "azure/crawl/discover.hpp"
#include "azure/problem.hpp"
#include "base/log.hpp"

namespace catalejo::azure {
namespace {

constexpr std::int64_t kInventoryNanos = 600 * kNanosPerSecond;
// How soon a login of another process is seen.
constexpr int kLookMs = 1'000;
constexpr int kFlushMs = 20'000;

}  // namespace

Login login_of(const store::AzureLogin& kept, const Login& given, const std::string& token_file) {
  Login login = given;
  if (given.auth == Auth::none) {
    login.auth = auth_of(kept.auth).value_or(Auth::none);
    if (login.auth == Auth::secret || !kept.tenant.empty()) login.tenant = kept.tenant;
    if (login.auth == Auth::secret || !kept.client.empty()) login.client = kept.client;
    login.secret = kept.secret;
  }
  login.token_file = token_file;
  return login;
}

Crawler::Crawler(CrawlerOptions options)
    : options_(std::move(options)),
      collector_({.control = options_.control,
                  .store = options_.store,
                  .counters = options_.counters,
                  .accept = options_.accept,
                  .late_seconds = options_.late_minutes * 60ll,
                  .first_seconds = options_.first_hours * 3'600ll}),
      problems_(options_.counters) {}

Result<std::unique_ptr<Crawler>> Crawler::open(CrawlerOptions options) {
  std::unique_ptr<Crawler> crawler(new Crawler(std::move(options)));
  CATALEJO_TRY(crawler->collector_.open());
  auto inventory = crawler->options_.control->inventory();
  if (!inventory) return inventory.error();
  crawler->inventory_ = *std::move(inventory);
  crawler->thread_ = std::thread([self = crawler.get()] { self->work(); });
  return crawler;
}

void Crawler::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Crawler::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

bool Crawler::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

CrawlerStatus Crawler::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

void Crawler::work() {
  do {
    take_login();
    if (api_ != nullptr) round();
  } while (wait_for_next());
}

void Crawler::take_login() {
  Login login = options_.login;
  if (auto kept = options_.control->login())
    login = login_of(*kept, options_.login, options_.token_file);
  if (login != login_ || (api_ == nullptr && login.auth != Auth::none)) {
    login_ = login;
    look_again_ = true;
    api_.reset();
    if (login.auth != Auth::none)
      api_ = std::make_unique<Api>(
          login, options_.endpoints,
          HttpOptions{.stopped = [this] { return stopping(); }, .counters = options_.counters});
  }
  const std::lock_guard lock(mutex_);
  status_.set_up = login.auth != Auth::none;
  status_.by_settings = options_.login.auth != Auth::none;
  status_.auth = auth_name(login.auth);
  status_.tenant = login.tenant;
  status_.client = login.client;
}

// False when nothing is known to read metrics of.
bool Crawler::find_inventory() {
  const bool old = found_ns_ == 0 || steady_now_nanos() - found_ns_ > kInventoryNanos;
  if (!old && !look_again_) return true;
  auto found = discover(*api_, inventory_, problems_);
  if (!found) {
    problems_.note("discovery", found.error());
    return !inventory_.accounts.empty() && passes(found.error());
  }
  if (auto put = options_.control->put_inventory(*found); !put)
    problems_.note("store", problem("store_behind", to_string(put.error()), put.error().code));
  log::debug("azure", "{} accounts and {} deployments in {} subscriptions", found->accounts.size(),
             found->deployments.size(), found->subscriptions.size());
  inventory_ = *std::move(found);
  found_ns_ = steady_now_nanos();
  // What is wrong with it is said as long as it is, so it is looked for in every round.
  look_again_ = problems_.any();
  return true;
}

void Crawler::round() {
  {
    const std::lock_guard lock(mutex_);
    status_.running = true;
    status_.began = now();
  }
  Collected collected;
  if (find_inventory()) {
    // What is compared with must be there.
    const auto flushed = options_.store->flush(kFlushMs);
    if (flushed)
      collected = collector_.round(*api_, inventory_, problems_);
    else
      problems_.note("store", problem("store_behind", to_string(flushed.error())));
  }
  problems_.end_round();
  if (collected.points > 0 && options_.on_points) options_.on_points();
  const std::lock_guard lock(mutex_);
  status_.running = false;
  status_.ended = now();
  ++status_.rounds;
  status_.points += collected.points;
  status_.corrected += collected.corrected;
  status_.behind_seconds = collected.behind_s;
  status_.calls_left = api_->http().remaining_least();
  status_.problems = problems_.all();
}

bool Crawler::wait_for_next() {
  const auto interval = std::chrono::seconds(options_.interval_seconds);
  const auto until = std::chrono::steady_clock::now() + interval;
  std::unique_lock lock(mutex_);
  status_.next = {now().value + options_.interval_seconds * kNanosPerSecond};
  while (!stopping_ && !woken_ && std::chrono::steady_clock::now() < until) {
    changed_.wait_for(lock, std::chrono::milliseconds(kLookMs));
    if (stopping_ || woken_) break;
    lock.unlock();
    // Another process may have logged in or out.
    const auto kept = options_.control->login();
    const bool other = kept && login_of(*kept, options_.login, options_.token_file) != login_;
    lock.lock();
    if (other) break;
  }
  if (woken_) look_again_ = true;
  woken_ = false;
  return !stopping_;
}

}  // namespace catalejo::azure
