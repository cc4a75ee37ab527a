// The prices that hold now. Follows the catalogue file and the control plane: a change of either,
// by whichever process, is seen within a second and needs no restart. Since costs are computed
// when they are asked for, a change prices all of history anew.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "base/result.hpp"
#include "cost/price_book.hpp"
#include "store/azure_control.hpp"
#include "store/price_control.hpp"

namespace catalejo::cost {

struct PricesOptions {
  std::string path;       // of the catalogue; used when it exists
  bool required = false;  // a setting names the path: without a good file open() fails
  // Both outlive this.
  store::PriceControl* control = nullptr;  // nullptr = no own prices, no mappings
  store::AzureControl* azure = nullptr;    // nullptr = no inventory
};

class Prices {
 public:
  // Error config when the catalogue is required and cannot be used.
  static Result<std::unique_ptr<Prices>> open(PricesOptions options);

  // From any thread; looks for changes at most once a second.
  std::shared_ptr<const PriceBook> current();
  // The same, but looks now: what was just written counts.
  std::shared_ptr<const PriceBook> fresh();

  struct Status {
    std::string path;     // empty = the one that the program carries
    std::string problem;  // why the file, or the newest of it, is not used
  };
  Status status();

 private:
  explicit Prices(PricesOptions options) : options_(std::move(options)) {}
  void refresh();       // mutex_ is held
  bool refresh_file();  // the same; true when the catalogue is another one

  const PricesOptions options_;
  std::mutex mutex_;  // guards the members below
  std::int64_t checked_ns_ = 0;
  std::int64_t control_version_ = -1, azure_version_ = -1;
  std::int64_t file_stamp_ = -1;  // of the file that was read last; 0 = there is none
  std::shared_ptr<const Catalogue> builtin_, catalogue_;
  std::shared_ptr<const PriceBook> book_;
  std::string loaded_path_, problem_;
};

}  // namespace catalejo::cost
