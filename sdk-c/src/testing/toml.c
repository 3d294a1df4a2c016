/* A reader of TOML by descent. Everything that it makes is kept by the fake. */
#include "toml.h"

#include <stdlib.h>
#include <string.h>

/* How deep values may lie in each other: more is a mistake. */
enum { MAX_DEPTH = 32 };

typedef struct parser {
    airssys_fake_host *host;
    const char *name;
    const char *at, *end;
    unsigned line;
} parser;

AIRSSYS_NORETURN static void fail(const parser *p, const char *problem) {
    airssys_fake_mistake("%s, line %u: %s", p->name, p->line, problem);
}

static bool is_at(const parser *p, const char *prefix) {
    const size_t length = strlen(prefix);
    return (size_t)(p->end - p->at) >= length && memcmp(p->at, prefix, length) == 0;
}

static bool take(parser *p, const char *prefix) {
    if (!is_at(p, prefix)) {
        return false;
    }
    for (; *prefix != '\0'; prefix++, p->at++) {
        p->line += *prefix == '\n';
    }
    return true;
}

/* Passes over blanks and comments, and ends of lines too if asked. */
static void skip(parser *p, bool lines) {
    do {
        while (p->at < p->end &&
               (*p->at == ' ' || *p->at == '\t' || (*p->at == '\r' && p->at + 1 < p->end && p->at[1] == '\n'))) {
            p->at++;
        }
        if (p->at < p->end && *p->at == '#') {
            while (p->at < p->end && *p->at != '\n') {
                p->at++;
            }
        }
    } while (lines && take(p, "\n"));
}

static fake_toml *make(parser *p, fake_toml_kind kind) {
    fake_toml *value = airssys_fake_keep(p->host, sizeof *value);
    value->kind = kind;
    return value;
}

static fake_toml *hang(fake_toml *parent, fake_toml *value) {
    if (parent->last != NULL) {
        parent->last->next = value;
    } else {
        parent->first = value;
    }
    parent->last = value;
    return value;
}

static fake_toml *find(const fake_toml *table, airssys_string key) {
    fake_toml *value = table->first;
    while (value != NULL && !airssys_string_equals(value->key, key)) {
        value = value->next;
    }
    return value;
}

/* The table below another at a key, made if need be. Of a list it is the last one. */
static fake_toml *table_below(parser *p, fake_toml *table, airssys_string key) {
    fake_toml *below = find(table, key);
    if (below == NULL) {
        below = hang(table, make(p, FAKE_TOML_TABLE));
        below->key = key;
    }
    if (below->kind == FAKE_TOML_LIST && below->last != NULL) {
        below = below->last;
    }
    if (below->kind != FAKE_TOML_TABLE) {
        fail(p, "a key names a table that is none");
    }
    return below;
}

static void append_character(airssys_string_builder *text, uint32_t character) {
    char bytes[4];
    size_t length = 0;
    if (character < 0x80) {
        bytes[length++] = (char)character;
    } else if (character < 0x800) {
        bytes[length++] = (char)(0xC0 | character >> 6);
    } else if (character < 0x10000) {
        bytes[length++] = (char)(0xE0 | character >> 12);
        bytes[length++] = (char)(0x80 | (character >> 6 & 0x3F));
    } else {
        bytes[length++] = (char)(0xF0 | character >> 18);
        bytes[length++] = (char)(0x80 | (character >> 12 & 0x3F));
        bytes[length++] = (char)(0x80 | (character >> 6 & 0x3F));
    }
    if (character >= 0x80) {
        bytes[length++] = (char)(0x80 | (character & 0x3F));
    }
    airssys_string_builder_text(text, (airssys_string){bytes, length});
}

static int digit_of(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Reads what follows a backslash. */
static void escape(parser *p, bool is_long, airssys_string_builder *text) {
    static const char LETTERS[] = "\"\\btnfre";
    static const char PLAIN[] = "\"\\\b\t\n\f\r\x1B";
    const char letter = p->at < p->end ? *p->at : '\0';
    const char *known = letter != '\0' ? strchr(LETTERS, letter) : NULL;
    if (known != NULL) {
        p->at++;
        airssys_string_builder_text(text, (airssys_string){PLAIN + (known - LETTERS), 1});
        return;
    }
    const int length = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    if (length > 0 && p->end - p->at > length) {
        uint32_t number = 0;
        bool valid = true;
        for (int i = 1; i <= length; i++) {
            const int digit = digit_of(p->at[i]);
            valid = valid && digit >= 0;
            number = number << 4 | (uint32_t)(digit & 0xF);
        }
        if (valid && number <= 0x10FFFF && (number < 0xD800 || number > 0xDFFF)) {
            p->at += length + 1;
            append_character(text, number);
            return;
        }
    }
    const char *before = p->at;
    skip(p, false);
    if (!is_long || p->at == p->end || *p->at != '\n') {
        p->at = before;
        fail(p, "a backslash stands before what is no escape");
    }
    /* The line goes on behind all white space. */
    while (p->at < p->end && strchr(" \t\r\n", *p->at) != NULL) {
        p->line += *p->at++ == '\n';
    }
}

/* Reads a text in one of the four forms. */
static airssys_string parse_text(parser *p) {
    const char *quote = is_at(p, "'''") ? "'''" : is_at(p, "\"\"\"") ? "\"\"\"" : is_at(p, "'") ? "'" : "\"";
    const bool is_long = quote[1] != '\0', is_literal = *quote == '\'';
    take(p, quote);
    if (is_long) {
        take(p, "\r");
        take(p, "\n");
    }
    /* No escape is longer than what it stands for. */
    const size_t most = (size_t)(p->end - p->at);
    const char *end = p->at;
    while (end < p->end && (size_t)(p->end - end) >= strlen(quote) && memcmp(end, quote, strlen(quote)) != 0) {
        end += !is_literal && *end == '\\' && end + 1 < p->end ? 2 : 1;
    }
    const size_t capacity = (size_t)(end - p->at) < most ? (size_t)(end - p->at) : most;
    airssys_string_builder text = airssys_string_builder_over(airssys_fake_keep(p->host, capacity + 1), capacity);
    while (!take(p, quote)) {
        if (p->at >= p->end || (!is_long && *p->at == '\n')) {
            fail(p, "a text has no end");
        }
        if (!is_literal && take(p, "\\")) {
            escape(p, is_long, &text);
            continue;
        }
        p->line += *p->at == '\n';
        airssys_string_builder_text(&text, (airssys_string){p->at++, 1});
    }
    return airssys_string_builder_view(&text);
}

static bool is_bare(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static airssys_string parse_key(parser *p) {
    skip(p, false);
    if (is_at(p, "\"") || is_at(p, "'")) {
        return parse_text(p);
    }
    const char *start = p->at;
    while (p->at < p->end && is_bare(*p->at)) {
        p->at++;
    }
    if (p->at == start) {
        fail(p, "a key is missing");
    }
    return (airssys_string){start, (size_t)(p->at - start)};
}

/* Reads a.b.c, goes down from a table to the one before the last part, and gives the last part. */
static fake_toml *parse_keys(parser *p, fake_toml *table, airssys_string *last) {
    *last = parse_key(p);
    skip(p, false);
    for (int parts = 1; take(p, "."); parts++) {
        if (parts == MAX_DEPTH) {
            fail(p, "a key has too many parts");
        }
        table = table_below(p, table, *last);
        *last = parse_key(p);
        skip(p, false);
    }
    return table;
}

static fake_toml *parse_value(parser *p, int depth);

/* Reads key = value into a table. */
static void parse_pair(parser *p, fake_toml *table, int depth) {
    airssys_string key;
    table = parse_keys(p, table, &key);
    if (!take(p, "=")) {
        fail(p, "there is no = behind a key");
    }
    if (find(table, key) != NULL) {
        fail(p, "a key is given twice");
    }
    fake_toml *value = parse_value(p, depth);
    value->key = key;
    hang(table, value);
}

static fake_toml *parse_list(parser *p, int depth) {
    fake_toml *list = make(p, FAKE_TOML_LIST);
    for (skip(p, true); !take(p, "]"); skip(p, true)) {
        hang(list, parse_value(p, depth + 1));
        skip(p, true);
        if (!take(p, ",") && !is_at(p, "]")) {
            fail(p, "a list has no ]");
        }
    }
    return list;
}

static fake_toml *parse_inline_table(parser *p, int depth) {
    fake_toml *table = make(p, FAKE_TOML_TABLE);
    for (skip(p, true); !take(p, "}"); skip(p, true)) {
        parse_pair(p, table, depth + 1);
        skip(p, true);
        if (!take(p, ",") && !is_at(p, "}")) {
            fail(p, "a table has no }");
        }
    }
    return table;
}

/* Reads a number, or a word that is none. */
static fake_toml *parse_word(parser *p) {
    const char *start = p->at;
    while (p->at < p->end && strchr(" \t\r\n,]}#", *p->at) == NULL) {
        p->at++;
    }
    fake_toml *word = make(p, FAKE_TOML_OTHER);
    word->text = airssys_fake_keep_string(p->host, (airssys_string){start, (size_t)(p->at - start)});
    if (word->text.len == 0) {
        fail(p, "a value is missing");
    }
    char digits[24];
    size_t length = 0;
    for (size_t i = 0; i < word->text.len && length < sizeof digits - 1; i++) {
        if (word->text.ptr[i] != '_') {
            digits[length++] = word->text.ptr[i];
        }
    }
    digits[length] = '\0';
    char *rest;
    const long long number = strtoll(digits, &rest, 10);
    if (*rest == '\0' && rest != digits && length < sizeof digits - 1) {
        word->kind = FAKE_TOML_INTEGER;
        word->integer = number;
    }
    return word;
}

static fake_toml *parse_value(parser *p, int depth) {
    if (depth > MAX_DEPTH) {
        fail(p, "values lie too deep in each other");
    }
    skip(p, false);
    if (is_at(p, "\"") || is_at(p, "'")) {
        fake_toml *text = make(p, FAKE_TOML_TEXT);
        text->text = parse_text(p);
        return text;
    }
    if (take(p, "[")) {
        return parse_list(p, depth);
    }
    return take(p, "{") ? parse_inline_table(p, depth) : parse_word(p);
}

/* Reads [a.b] or [[a.b]] and gives the table that it opens. */
static fake_toml *parse_header(parser *p, fake_toml *root) {
    const bool is_list = take(p, "[[");
    if (!is_list) {
        take(p, "[");
    }
    airssys_string key;
    fake_toml *parent = parse_keys(p, root, &key);
    if (!take(p, is_list ? "]]" : "]")) {
        fail(p, "the name of a table has no ]");
    }
    if (!is_list) {
        return table_below(p, parent, key);
    }
    fake_toml *list = find(parent, key);
    if (list == NULL) {
        list = hang(parent, make(p, FAKE_TOML_LIST));
        list->key = key;
    }
    if (list->kind != FAKE_TOML_LIST) {
        fail(p, "a key names a list of tables that is none");
    }
    return hang(list, make(p, FAKE_TOML_TABLE));
}

fake_toml *airssys_fake_parse_toml(airssys_fake_host *host, const char *name, airssys_string document) {
    parser p = {.host = host, .name = name, .line = 1};
    if (document.len > FAKE_MAX_TOML_BYTES) {
        fail(&p, "it is longer than 1 MiB");
    }
    if (!airssys_string_is_utf8(document)) {
        fail(&p, "it is not UTF-8");
    }
    /* With a NUL behind it, that looking ahead never leaves it. */
    document = airssys_fake_keep_string(host, document);
    p.at = document.ptr;
    p.end = document.ptr + document.len;
    fake_toml *root = make(&p, FAKE_TOML_TABLE), *table = root;
    for (skip(&p, true); p.at < p.end; skip(&p, true)) {
        if (is_at(&p, "[")) {
            table = parse_header(&p, root);
        } else {
            parse_pair(&p, table, 0);
        }
        skip(&p, false);
        if (p.at < p.end && !take(&p, "\n")) {
            fail(&p, "something stands behind a value");
        }
    }
    return root;
}

const fake_toml *airssys_fake_toml_at(const fake_toml *table, const char *key) {
    return table != NULL && table->kind == FAKE_TOML_TABLE ? find(table, airssys_string_from_c(key)) : NULL;
}

airssys_string airssys_fake_toml_text(const fake_toml *table, const char *key) {
    const fake_toml *value = airssys_fake_toml_at(table, key);
    return value != NULL && value->kind == FAKE_TOML_TEXT ? value->text : (airssys_string){NULL, 0};
}
