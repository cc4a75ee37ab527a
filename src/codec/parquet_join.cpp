// The footer is one FileMetaData of parquet.thrift in Thrift's compact protocol. Only the fields
// that hold a place in the file are understood; of all others it is known how long they are.
#include "codec/parquet_join.hpp"

#include <array>
#include <bit>
#include <optional>
#include <span>

#include "base/limits.hpp"

namespace catalejo::codec {
namespace {

constexpr std::string_view kMagic = "PAR1";

Error malformed(std::string_view what) {
  return {Code::malformed, "this is no Parquet file that can be joined: " + std::string(what)};
}

enum Type : std::uint8_t {
  kStop = 0,
  kTrue = 1,
  kFalse = 2,
  kByte = 3,
  kI16 = 4,
  kI32 = 5,
  kI64 = 6,
  kDouble = 7,
  kBinary = 8,
  kList = 9,
  kSet = 10,
  kMap = 11,
  kStruct = 12,
};

std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

constexpr std::int64_t kFieldIdMax = 0x7fff;  // of Thrift

struct Field {
  std::int64_t id = 0;
  std::uint8_t type = kStop;
};
struct ListHead {
  std::uint64_t size = 0;
  std::uint8_t type = kStop;
};

// After a failure everything reads as nothing.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool failed() const { return failed_; }
  std::size_t at() const { return at_; }
  std::string_view since(std::size_t begin) const { return bytes_.substr(begin, at_ - begin); }

  std::uint8_t byte() {
    if (at_ >= bytes_.size()) {
      failed_ = true;
      return 0;
    }
    return static_cast<std::uint8_t>(bytes_[at_++]);
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t next = byte();
      value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
      if ((next & 0x80) == 0) return value;
    }
    failed_ = true;
    return 0;
  }
  std::int64_t number() { return unzigzag(varint()); }
  // kStop at the end of the struct.
  Field field(std::int64_t& last) {
    const std::uint8_t head = byte();
    if (failed_ || (head & 0x0f) == kStop) return {};
    const std::int64_t delta = head >> 4;
    const std::int64_t id = delta == 0 ? number() : last + delta;
    if (id < 0 || id > kFieldIdMax) {
      failed_ = true;
      return {};
    }
    last = id;
    return {last, static_cast<std::uint8_t>(head & 0x0f)};
  }
  ListHead list() {
    const std::uint8_t head = byte();
    ListHead found{static_cast<std::uint64_t>(head >> 4), static_cast<std::uint8_t>(head & 0x0f)};
    if (found.size == 15) found.size = varint();
    // Each element has at least a byte, so a false size ends at the end of the bytes.
    if (found.size > bytes_.size()) failed_ = true;
    return found;
  }
  // `in_list`: a bool is a byte there and no part of the head.
  void skip(std::uint8_t type, std::size_t depth, bool in_list = false) {
    if (failed_) return;
    if (depth > limits::nesting_depth_max) {
      failed_ = true;
      return;
    }
    switch (type) {
      case kTrue:
      case kFalse:
        if (in_list) byte();
        return;
      case kByte:
        byte();
        return;
      case kI16:
      case kI32:
      case kI64:
        varint();
        return;
      case kDouble:
        return pass(8);
      case kBinary:
        return pass(varint());
      case kList:
      case kSet:
        return skip_list(depth);
      case kMap:
        return skip_map(depth);
      case kStruct:
        return skip_struct(depth);
      default:
        failed_ = true;
    }
  }

 private:
  void pass(std::uint64_t bytes) {
    if (bytes > bytes_.size() - at_) {
      failed_ = true;
      return;
    }
    at_ += bytes;
  }
  void skip_list(std::size_t depth) {
    const ListHead head = list();
    for (std::uint64_t i = 0; i < head.size && !failed_; ++i) skip(head.type, depth + 1, true);
  }
  void skip_map(std::size_t depth) {
    const std::uint64_t size = varint();
    if (size == 0) return;
    const std::uint8_t types = byte();
    for (std::uint64_t i = 0; i < size && !failed_; ++i) {
      skip(types >> 4, depth + 1, true);
      skip(types & 0x0f, depth + 1, true);
    }
  }
  void skip_struct(std::size_t depth) {
    std::int64_t last = 0;
    for (Field next = field(last); next.type != kStop && !failed_; next = field(last))
      skip(next.type, depth + 1);
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

void append_field(std::string& out, std::int64_t& last, Field field) {
  const std::int64_t delta = field.id - last;
  if (delta > 0 && delta < 16) {
    out += static_cast<char>((delta << 4) | field.type);
  } else {
    out += static_cast<char>(field.type);
    append_varint(out, zigzag(field.id));
  }
  last = field.id;
}

void append_list_head(std::string& out, std::uint64_t size, std::uint8_t type) {
  if (size < 15) {
    out += static_cast<char>((size << 4) | type);
    return;
  }
  out += static_cast<char>(0xf0 | type);
  append_varint(out, size);
}

// What becomes of the fields of a struct that are not copied.
struct Change {
  std::int64_t id;
  enum class What { leave_out, shift, inside, each_inside } what;
  std::span<const Change> nested = {};  // of the struct, or of the structs in the list
};

constexpr std::array kColumnMetaData = {
    Change{9, Change::What::shift, {}},   // data_page_offset
    Change{10, Change::What::shift, {}},  // index_page_offset
    Change{11, Change::What::shift, {}},  // dictionary_page_offset
    Change{14, Change::What::shift, {}},  // bloom_filter_offset
};
constexpr std::array kColumnChunk = {
    Change{2, Change::What::shift, {}},  // file_offset
    Change{3, Change::What::inside, kColumnMetaData},
    // The page index holds places too. Readers do without it.
    Change{4, Change::What::leave_out, {}},  // offset_index_offset
    Change{5, Change::What::leave_out, {}},
    Change{6, Change::What::leave_out, {}},  // column_index_offset
    Change{7, Change::What::leave_out, {}},
};
constexpr std::array kRowGroup = {
    Change{1, Change::What::each_inside, kColumnChunk},
    Change{5, Change::What::shift, {}},      // file_offset
    Change{7, Change::What::leave_out, {}},  // ordinal
};

const Change* find_change(std::span<const Change> changes, std::int64_t id) {
  for (const Change& one : changes)
    if (one.id == id) return &one;
  return nullptr;
}

// A place of 0 is none: a file begins with its magic.
std::int64_t shifted_place(std::int64_t place, std::int64_t by) {
  std::int64_t sum = 0;
  if (place <= 0 || __builtin_add_overflow(place, by, &sum)) return place;
  return sum;
}

// Copies a struct whose places in the file lie `by` further behind.
void copy_struct(Reader& in, std::string& out, std::span<const Change> changes, std::int64_t by) {
  std::int64_t last_in = 0, last_out = 0;
  for (Field field = in.field(last_in); field.type != kStop && !in.failed();
       field = in.field(last_in)) {
    const Change* change = find_change(changes, field.id);
    const std::size_t begin = in.at();
    if (change == nullptr || change->what == Change::What::leave_out) {
      in.skip(field.type, 0);
      if (change != nullptr) continue;
      append_field(out, last_out, field);
      out += in.since(begin);
    } else if (change->what == Change::What::shift && field.type == kI64) {
      append_field(out, last_out, field);
      append_varint(out, zigzag(shifted_place(in.number(), by)));
    } else if (change->what == Change::What::inside && field.type == kStruct) {
      append_field(out, last_out, field);
      copy_struct(in, out, change->nested, by);
    } else if (change->what == Change::What::each_inside && field.type == kList) {
      append_field(out, last_out, field);
      const ListHead head = in.list();
      append_list_head(out, head.size, head.type);
      for (std::uint64_t i = 0; i < head.size && !in.failed(); ++i)
        copy_struct(in, out, change->nested, by);
    } else {
      // A file of another format version: its places cannot be told.
      in.skip(0xff, 0);
    }
  }
  out += static_cast<char>(kStop);
}

// What a footer says, as bytes of it.
struct Footer {
  std::string_view version, schema, created_by, column_orders;
  std::int64_t rows = 0;
  std::uint64_t groups = 0;
  std::string row_groups;
};

std::optional<Footer> read_footer(std::string_view bytes, std::int64_t by) {
  Footer footer;
  Reader in(bytes);
  std::int64_t last = 0;
  for (Field field = in.field(last); field.type != kStop && !in.failed(); field = in.field(last)) {
    const std::size_t begin = in.at();
    if (field.id == 3 && field.type == kI64) {
      footer.rows = in.number();
    } else if (field.id == 4 && field.type == kList) {
      const ListHead head = in.list();
      footer.groups += head.size;
      for (std::uint64_t i = 0; i < head.size && !in.failed(); ++i)
        copy_struct(in, footer.row_groups, kRowGroup, by);
    } else {
      in.skip(field.type, 0);
      if (field.id == 1 && field.type == kI32) footer.version = in.since(begin);
      if (field.id == 2 && field.type == kList) footer.schema = in.since(begin);
      if (field.id == 6 && field.type == kBinary) footer.created_by = in.since(begin);
      if (field.id == 7 && field.type == kList) footer.column_orders = in.since(begin);
    }
  }
  if (in.failed() || footer.schema.empty() || footer.version.empty() || footer.rows < 0)
    return std::nullopt;
  return footer;
}

std::uint32_t little_endian(std::string_view four) {
  std::uint32_t value = 0;
  for (int i = 3; i >= 0; --i)
    value = (value << 8) | static_cast<std::uint8_t>(four[static_cast<std::size_t>(i)]);
  return value;
}

}  // namespace

Result<std::string> ParquetJoiner::add(std::string_view file) {
  constexpr std::size_t kEnds = 4 + 4 + 4;  // magic; length of the footer, magic
  if (file.size() < kEnds || !file.starts_with(kMagic) || !file.ends_with(kMagic))
    return malformed("its magic is missing");
  const std::size_t length = little_endian(file.substr(file.size() - 8, 4));
  if (length > file.size() - kEnds) return malformed("its footer is longer than it is");
  const std::string_view data = file.substr(4, file.size() - kEnds - length);
  const std::uint64_t place = written_ == 0 ? kMagic.size() : written_;
  auto footer = read_footer(file.substr(4 + data.size(), length),
                            static_cast<std::int64_t>(place - kMagic.size()));
  if (!footer) return malformed("its footer cannot be read");
  std::int64_t rows = 0;
  if (__builtin_add_overflow(rows_, footer->rows, &rows))
    return malformed("it has more rows than can be counted");
  if (written_ != 0 && footer->schema != schema_) return malformed("it has other columns");
  if (written_ == 0) {
    version_ = footer->version;
    schema_ = footer->schema;
    created_by_ = footer->created_by;
    column_orders_ = footer->column_orders;
  }
  std::string out(written_ == 0 ? kMagic : std::string_view());
  out += data;
  written_ += out.size();
  rows_ = rows;
  groups_ += footer->groups;
  row_groups_ += footer->row_groups;
  return out;
}

std::string ParquetJoiner::finish() const {
  CATALEJO_INVARIANT(written_ != 0);
  std::string out;
  std::int64_t last = 0;
  append_field(out, last, {1, kI32});
  out += version_;
  append_field(out, last, {2, kList});
  out += schema_;
  append_field(out, last, {3, kI64});
  append_varint(out, zigzag(rows_));
  append_field(out, last, {4, kList});
  append_list_head(out, groups_, kStruct);
  out += row_groups_;
  if (!created_by_.empty()) {
    append_field(out, last, {6, kBinary});
    out += created_by_;
  }
  if (!column_orders_.empty()) {
    append_field(out, last, {7, kList});
    out += column_orders_;
  }
  out += static_cast<char>(kStop);
  const auto length = static_cast<std::uint32_t>(out.size());
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(length >> shift);
  out += kMagic;
  return out;
}

}  // namespace catalejo::codec
