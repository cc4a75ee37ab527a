// Any bytes as the answer of an embedding deployment: refused, or as many vectors as were asked
// for, all of one length.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "insight/embedding/azure.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto vectors = catalejo::insight::embedding::read_vectors(body, 3);
  if (!vectors) return 0;
  if (vectors->size() != 3) std::abort();
  for (const auto& vector : *vectors)
    if (vector.empty() || vector.size() != vectors->front().size()) std::abort();
  return 0;
}
