// The words of a part's inputs and outputs and its tags, as rows of the table span_words: what a
// search for a rare word or tag looks at before it reads any span. Made by the batcher, which
// writes them before the spans they are about.
//
// A word is a run of ASCII letters and digits and of bytes from 0x80 on, ASCII letters made small.
// query/words.cpp cuts what is searched for in the same way.
#pragma once

#include <string>

#include "store/batch/batch_rows.hpp"

namespace catalejo::store {

// RowBinary of (first, last, spans, words, tags), one row per limits::words_block_spans spans;
// empty when there is no text and no tag. The same part gives the same bytes.
std::string word_blocks(const BatchPart& part);

}  // namespace catalejo::store
