/* What the tracer's core asks of the library that it loads when CATALEJO_REDACT is set. Plain C, so
 * that one library serves every Python, and nothing of C++ passes between the two. Not from two
 * threads at once. */
#ifndef CATALEJO_REDACT_H
#define CATALEJO_REDACT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct catalejo_redact catalejo_redact;

/* A value of JSON, compact: a text with its quotes, a list, an object, a number. */
typedef struct {
  const char* data;
  size_t size;
} catalejo_redact_text;

typedef struct {
  const char* rule; /* "card_number" */
  uint64_t times;
} catalejo_redact_struck;

/* `rules` as in CATALEJO_REDACT; `patterns` of the user's that they name, "name=RE2" a line; `key` 64
 * hex digits, or "" where nothing is hashed. Lives as long as the process. NULL when that makes no
 * sense or cannot be done here: then `error` has words. */
catalejo_redact* catalejo_redact_open(const char* rules, const char* patterns, const char* key,
                                      char* error, size_t error_size);

/* The texts of one event; those that are changed point into memory that holds until the next call,
 * as `struck` does. Gives the number of rules that struck; negative: it could not be done. */
int catalejo_redact_apply(catalejo_redact* redact, catalejo_redact_text* texts, size_t count,
                          const catalejo_redact_struck** struck);

#ifdef __cplusplus
}
#endif

#endif
