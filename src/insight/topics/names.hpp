// What a group of texts is called: the words and phrases that it has and the others have not.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace catalejo::insight::topics {

// Of each group up to three phrases as most of its texts write them.
std::vector<std::vector<std::string>> names_of(std::span<const std::string> texts,
                                               std::span<const int> group, std::size_t groups);

}  // namespace catalejo::insight::topics
