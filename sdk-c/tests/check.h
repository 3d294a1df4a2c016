/* The smallest of test frameworks: a failed check says where, and makes the program fail at its end. */
#ifndef AIRSSYS_TESTS_CHECK_H
#define AIRSSYS_TESTS_CHECK_H

#include <airssys/types.h>

#include <stdio.h>
#include <string.h>

static int check_failures;

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: %s: not %s\n", __FILE__, __LINE__, __func__, #condition); \
            check_failures++; \
        } \
    } while (0)

/* Whether a text has the bytes of a literal, in which NUL counts. */
#define IS(text, literal) airssys_string_equals((text), AIRSSYS_STRING(literal))

#define CHECK_TEXT(actual, expected) \
    do { \
        if (strcmp((actual), (expected)) != 0) { \
            fprintf(stderr, "%s:%d: %s:\n  expected: %s\n  got:      %s\n", __FILE__, __LINE__, __func__, (expected), \
                    (actual)); \
            check_failures++; \
        } \
    } while (0)

#define CHECK_RESULT (check_failures > 0 ? 1 : 0)

#endif
