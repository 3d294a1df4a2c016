/* A reader of TOML, as much of it as Component.toml has. Private to the testing kit. */
#ifndef AIRSSYS_SRC_TESTING_TOML_H
#define AIRSSYS_SRC_TESTING_TOML_H

#include "fake_host.h"

typedef enum fake_toml_kind {
    FAKE_TOML_TEXT,
    FAKE_TOML_INTEGER,
    FAKE_TOML_OTHER, /* a word that is none of the others, such as true; kept as a text */
    FAKE_TOML_LIST,
    FAKE_TOML_TABLE,
} fake_toml_kind;

/* A value. What is in a list or table hangs at `first`, in order. */
typedef struct fake_toml {
    fake_toml_kind kind;
    airssys_string key; /* in a table */
    airssys_string text;
    int64_t integer;
    struct fake_toml *first, *last, *next;
} fake_toml;

/* The longest document, in bytes, as for the tools that build. */
enum { FAKE_MAX_TOML_BYTES = 1 << 20 };

/* The table that a document is, kept by the fake. A mistake in it ends the program; `name` says what was read. */
fake_toml *airssys_fake_parse_toml(airssys_fake_host *host, const char *name, airssys_string document);

/* What a table has at a key, or NULL. */
const fake_toml *airssys_fake_toml_at(const fake_toml *table, const char *key);

/* The text at a key of a table; one without a pointer if there is none. */
airssys_string airssys_fake_toml_text(const fake_toml *table, const char *key);

#endif
