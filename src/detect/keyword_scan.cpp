#include "detect/keyword_scan.hpp"

#include <hs/hs.h>

#include <algorithm>
#include <map>

#include "base/error.hpp"

namespace catalejo::detect {
namespace {

struct FreeScratch {
  void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};
using Scratch = std::unique_ptr<hs_scratch_t, FreeScratch>;

// hs_scan counts bytes in 32 bits, texts are far shorter (limits::text_bytes_max).
constexpr std::size_t kScanMax = 1u << 30;

}  // namespace

struct KeywordScan::Database {
  hs_database_t* database = nullptr;
  Scratch first;  // what each thread's is a copy of
  ~Database() { hs_free_database(database); }
};

KeywordScan::KeywordScan(const std::vector<std::string>& words, const std::vector<bool>& caseless)
    : database_(std::make_unique<Database>()) {
  std::vector<const char*> texts;
  std::vector<unsigned> flags, ids;
  std::vector<std::size_t> sizes;
  for (std::size_t i = 0; i < words.size(); ++i) {
    texts.push_back(words[i].data());
    sizes.push_back(words[i].size());
    flags.push_back(caseless[i] ? HS_FLAG_CASELESS : 0);
    ids.push_back(static_cast<unsigned>(i));
  }
  hs_compile_error_t* error = nullptr;
  const hs_error_t compiled = hs_compile_lit_multi(
      texts.data(), flags.data(), ids.data(), sizes.data(), static_cast<unsigned>(words.size()),
      HS_MODE_BLOCK, nullptr, &database_->database, &error);
  CATALEJO_INVARIANT(compiled == HS_SUCCESS);
  hs_scratch_t* scratch = nullptr;
  CATALEJO_INVARIANT(hs_alloc_scratch(database_->database, &scratch) == HS_SUCCESS);
  database_->first.reset(scratch);
}

KeywordScan::~KeywordScan() = default;

void KeywordScan::run(std::string_view text,
                      const std::function<void(std::size_t, std::size_t)>& see) const {
  thread_local std::map<const Database*, Scratch> scratches;
  Scratch& scratch = scratches[database_.get()];
  if (!scratch) {
    hs_scratch_t* fresh = nullptr;
    CATALEJO_INVARIANT(hs_clone_scratch(database_->first.get(), &fresh) == HS_SUCCESS);
    scratch.reset(fresh);
  }
  const auto found = [](unsigned id, unsigned long long, unsigned long long to, unsigned,
                        void* context) {
    (*static_cast<const std::function<void(std::size_t, std::size_t)>*>(context))(
        id, static_cast<std::size_t>(to));
    return 0;
  };
  const auto size = static_cast<unsigned>(std::min(text.size(), kScanMax));
  auto* context = const_cast<std::function<void(std::size_t, std::size_t)>*>(&see);
  hs_scan(database_->database, text.data(), size, 0, scratch.get(), found, context);
}

}  // namespace catalejo::detect
