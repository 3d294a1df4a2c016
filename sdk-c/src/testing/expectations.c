#include <airssys/testing.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void airssys_testing_expect(bool holds, const char *condition, const char *file, int line) {
    if (!holds) {
        fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, condition);
        exit(EXIT_FAILURE);
    }
}

void airssys_testing_expect_text(const char *actual, const char *expected, const char *file, int line) {
    if (actual == NULL || strcmp(actual, expected) != 0) {
        fprintf(stderr, "%s:%d: two texts differ\n  expected: %s\n  got:      %s\n", file, line, expected,
                actual != NULL ? actual : "none");
        exit(EXIT_FAILURE);
    }
}

void airssys_testing_expect_answer(airssys_fake_answer answer, airssys_code code, const char *text, const char *file,
                                   int line) {
    if (answer.code != code || strcmp(answer.text, text) != 0) {
        fprintf(stderr, "%s:%d: another answer\n  expected: %s: %s\n  got:      %s: %s\n", file, line,
                airssys_code_name(code), text, airssys_code_name(answer.code), answer.text);
        exit(EXIT_FAILURE);
    }
}
