// Traces and sessions put together from their stored spans, with the memory that a Whole points
// into. Texts only of the spans that asked and answered in a turn.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "evaluate/subject_reader.hpp"
#include "evaluate/whole.hpp"
#include "query/wholes.hpp"

namespace catalejo::evaluate {

class Gathered {
 public:
  // `rows` are of this trace or session alone, in any order, and outlive it.
  Gathered(Scope scope, std::vector<query::WholeStep> rows);

  // The spans whose texts its turns are made of, oldest first, and how long these are.
  const std::vector<Step>& speakers() const { return speakers_; }
  std::size_t text_bytes() const;
  // Turns that are left out, for their length.
  std::size_t too_long() const { return too_long_; }
  // Of each speaker in turn; nullptr where its span is not there any more.
  void read_turn(SubjectReader& reader, std::size_t speaker, const query::SpanRow* row);

  // Points into this.
  Whole whole();

 private:
  void choose_speakers();
  void add_turn(std::string_view user, std::string_view assistant);

  struct OwnTurn {
    std::string user, assistant;
    bool error = false, tool_failed = false;
  };
  Scope scope_;
  std::string_view session_id_, ml_app_;
  std::vector<Step> steps_, speakers_;
  std::vector<bool> tool_failed_;  // of each speaker's trace
  std::deque<OwnTurn> own_turns_;
  std::vector<Turn> turns_;
  std::size_t too_long_ = 0;
};

// One of each name: hexadecimal of a trace, the id of a session. Rows of judges' own calls are left
// out.
std::map<std::string, Gathered, std::less<>> gather(Scope scope,
                                                    const std::vector<query::WholeStep>& rows);

}  // namespace catalejo::evaluate
