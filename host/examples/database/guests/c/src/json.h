/* As much of JSON as the guests need: it is read once from start to end, and written into a buffer that grows. */
#ifndef JSON_H
#define JSON_H

#include <airssys/types.h>

#include <stdbool.h>

/* What is left to read. */
typedef struct json_reader {
    const char *at, *end;
    bool failed; /* Set by the first thing that is not as it should be; from then on nothing is read. */
} json_reader;

json_reader json_read(airssys_bytes input);

/* Passes over a sign and the white space before it, if it comes next. */
bool json_take(json_reader *reader, char sign);

/* The same for a sign that has to come. */
void json_expect(json_reader *reader, char sign);

/* Whether a value of this kind begins here: 'n' null, '0' a number, '"' text. */
bool json_is(json_reader *reader, char kind);

void json_null(json_reader *reader);
double json_number(json_reader *reader);

/* Gives text that the caller frees with airssys_string_free(). */
airssys_string json_text(json_reader *reader);

/* Whether nothing is left, and nothing was wrong. */
bool json_ended(json_reader *reader);

/* Text that grows. */
typedef struct json_writer {
    char *text;
    size_t length, capacity;
} json_writer;

/* Writes text as it is: braces, commas, names. */
void json_write(json_writer *writer, const char *text);
void json_write_text(json_writer *writer, const char *text, size_t length);
void json_write_number(json_writer *writer, double number);

/* What was written, for an operation to return: the caller frees it. */
airssys_bytes json_written(const json_writer *writer);

#endif
