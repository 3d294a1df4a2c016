/* A table of what hosts decide, which tests hold the fake host to. Its file is VECTORS. */
#ifndef AIRSSYS_TESTS_TABLE_H
#define AIRSSYS_TESTS_TABLE_H

#include <stdio.h>

#include "../src/testing/toml.h"
#include "check.h"

/* Reads rows of the table VECTORS. JSON is TOML with equals signs, as far as this file goes. */
static const fake_toml *read_table(airssys_fake_host *host, const char *name) {
    static char text[FAKE_MAX_TOML_BYTES];
    size_t length = (size_t)snprintf(text, sizeof text, "all = ");
    FILE *file = fopen(VECTORS, "rb");
    CHECK(file != NULL);
    if (file != NULL) {
        length += fread(text + length, 1, sizeof text - length, file);
        fclose(file);
    }
    bool in_text = false;
    for (size_t i = 0; i < length; i++) {
        if (in_text && text[i] == '\\') {
            i++;
        } else if (text[i] == '"') {
            in_text = !in_text;
        } else if (text[i] == ':' && !in_text) {
            text[i] = '=';
        }
    }
    const fake_toml *all = airssys_fake_parse_toml(host, VECTORS, (airssys_string){text, length});
    const fake_toml *rows = airssys_fake_toml_at(airssys_fake_toml_at(all, "all"), name);
    CHECK(rows != NULL && rows->kind == FAKE_TOML_LIST && rows->first != NULL);
    return rows->first;
}

static bool has_word(const fake_toml *row, const char *key, const char *word) {
    const fake_toml *value = airssys_fake_toml_at(row, key);
    return value != NULL && airssys_string_equals(value->text, airssys_string_from_c(word));
}

#endif
