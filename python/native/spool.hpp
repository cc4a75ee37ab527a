// Batches on disk that could not be sent: one file each, complete before it has its name, sent
// again by this process or, after its end, by the next that starts. Belongs to the native thread.
//
// Names are OWNER.SEQUENCE.KIND.EVENTS.json; OWNER.lock is held (flock) while its owner lives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "batch.hpp"

namespace catalejo::tracer {

class Spool {
 public:
  // Null, with words in `error`, when the folder cannot be used.
  static std::unique_ptr<Spool> open(const std::string& folder, std::size_t bytes_max,
                                     std::string& error);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  bool store(const Batch& batch);  // false: no room, or the disk failed
  bool empty() const { return files_.empty(); }
  // The oldest; its body is empty when the file has gone or is damaged.
  Batch front() const;
  void drop_front();  // from the disk too
  void remember_written(bool written) { files_.front().written = written; }

  std::size_t events() const;  // in all files; at first what earlier processes have left
  void abandon_after_fork();

 private:
  struct File {
    std::string name;
    Kind kind = Kind::span;
    std::size_t events = 0;
    bool written = false;  // to the server once, by this process
    bool adopted = false;  // of an earlier one
  };
  Spool(int folder, std::size_t bytes_max) : folder_(folder), bytes_max_(bytes_max) {}
  bool claim_name();
  void adopt();
  void adopt_file(const std::string& name);
  std::size_t bytes_on_disk() const;
  std::string next_name(Kind kind, std::size_t events);

  int folder_ = -1;
  int lock_ = -1;
  std::size_t bytes_max_;
  std::string owner_;
  std::uint64_t sequence_ = 0;
  std::deque<File> files_;
};

}  // namespace catalejo::tracer
