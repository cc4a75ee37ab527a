// The walk of capture.hpp, for whoever puts values into JSON of his own.
#pragma once

#include <Python.h>

#include <cstddef>
#include <string>
#include <vector>

#include "capture.hpp"
#include "tape.hpp"

namespace catalejo::tracer {

// What a walk has written until now. Only used with the interpreter's lock held.
class Recording {
 public:
  Recording();
  ~Recording();
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  TapePointer tape();  // of all of it; ends the recording

 private:
  friend class Walk;
  std::string text_;
  std::vector<Hole> holes_;
};

class Walk {
 public:
  static constexpr int kDepthMax = 32;

  Walk(Recording& recording, TapeOf tape_of)
      : out_(recording.text_), holes_(recording.holes_), tape_of_(tape_of) {}
  void value(PyObject* object, int depth);
  void members(PyObject* dict, int depth);  // ,"name":value… within an object that has some
  // "key:value" as one text; false with a Python error when str() of one fails.
  bool pair(PyObject* key, PyObject* value);
  std::string& out() { return out_; }  // for JSON around the values

 private:
  void text(PyObject* object);
  void integer(PyObject* object);
  char entries(char before, PyObject* dict, int depth);
  void mapping(PyObject* object, int depth);
  void sequence(PyObject* object, int depth);
  void key(char before, PyObject* object);
  void as_text(PyObject* object);
  void tape(const TapePointer& nested);
  bool enter(PyObject* object, int depth);

  std::string& out_;
  std::vector<Hole>& holes_;
  TapeOf tape_of_;
  std::size_t values_ = 0;
  PyObject* path_[kDepthMax] = {};  // the containers that the walk is inside of
};

}  // namespace catalejo::tracer
