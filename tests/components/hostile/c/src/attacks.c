#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hostile.h"

/* A table of its own, in the assembler's words, because the C language has none. */
__asm__(".tabletype hostile_table, funcref\n"
        "hostile_table:\n");

/* Adds elements and gives the old size, or -1. */
__attribute__((target("reference-types"))) static int grow_table(int elements) {
    int before;
    __asm__ volatile("ref.null_func\n"
                     "local.get %1\n"
                     "table.grow hostile_table\n"
                     "local.set %0"
                     : "=r"(before)
                     : "r"(elements));
    return before;
}

enum { MOST_OUTCOMES = 1024, CODE_BYTES = 64 };

static const char *outcomes[MOST_OUTCOMES];
static size_t outcome_count;

void keep_outcome(const airssys_outcome *outcome) {
    if (outcome_count < MOST_OUTCOMES) {
        airssys_string failure = airssys_string_copy(outcome->failure);
        char *text = calloc(failure.len + 1, 1);
        memcpy(text, failure.ptr, failure.len);
        airssys_string_free(&failure);
        outcomes[outcome_count++] = outcome->succeeded ? "ok" : text;
    }
}

/* The next word, taken off. */
static airssys_string word(airssys_string *rest) {
    size_t length = 0;
    while (length < rest->len && rest->ptr[length] != ' ') {
        length++;
    }
    airssys_string first = {rest->ptr, length};
    size_t taken = length < rest->len ? length + 1 : length;
    rest->ptr += taken;
    rest->len -= taken;
    return first;
}

static size_t number(airssys_string text) {
    size_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        value = value * 10 + (size_t)(text.ptr[i] - '0');
    }
    return value;
}

/* namespace/name@version */
static airssys_component_id component_id(airssys_string text) {
    const char *slash = memchr(text.ptr, '/', text.len);
    const char *at = memchr(text.ptr, '@', text.len);
    const char *end = text.ptr + text.len;
    return (airssys_component_id){
        {text.ptr, (size_t)(slash - text.ptr)},
        {slash + 1, (size_t)(at - slash - 1)},
        {at + 1, (size_t)(end - at - 1)},
    };
}

/* So many x. Never freed. */
static airssys_string xs(size_t length) {
    char *text = malloc(length + 1);
    if (text == NULL) {
        airssys_panic(AIRSSYS_STRING("out of memory"));
    }
    memset(text, 'x', length);
    return (airssys_string){text, length};
}

/* How many there were, and why no more. */
static airssys_bytes counted(size_t count, airssys_code code) {
    char buffer[CODE_BYTES];
    airssys_string_builder builder = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_string_builder_u64(&builder, count);
    if (code != AIRSSYS_OK) {
        airssys_string_builder_c(&builder, " ");
        airssys_string_builder_c(&builder, airssys_code_name(code));
    }
    return airssys_bytes_copy(airssys_string_as_bytes(airssys_string_builder_view(&builder)));
}

/* Recurses in a way that no compiler takes for a loop. */
static unsigned recurse(unsigned depth) {
    volatile unsigned below = depth == UINT32_MAX ? 0 : recurse(depth + 1);
    return below + depth;
}

static airssys_bytes open_files(size_t most) {
    for (size_t opened = 0; opened < most; opened++) {
        airssys_file file;
        airssys_code code = airssys_files_open(AIRSSYS_STRING("/data/file"), AIRSSYS_OPEN_READ, &file, NULL);
        if (code != AIRSSYS_OK) {
            return counted(opened, code);
        }
    }
    return counted(most, AIRSSYS_OK);
}

static airssys_bytes open_cursors(size_t most) {
    for (size_t opened = 0; opened < most; opened++) {
        airssys_directory_cursor cursor;
        airssys_code code = airssys_directories_open_directory(AIRSSYS_STRING("/data/folder"), &cursor, NULL);
        if (code != AIRSSYS_OK) {
            return counted(opened, code);
        }
    }
    return counted(most, AIRSSYS_OK);
}

static airssys_bytes deep_path(size_t depth) {
    static const char ROOT[] = "/data";
    size_t length = sizeof ROOT - 1 + 2 * depth;
    char *path = malloc(length);
    memcpy(path, ROOT, sizeof ROOT - 1);
    for (size_t i = sizeof ROOT - 1; i < length; i += 2) {
        memcpy(path + i, "/a", 2);
    }
    airssys_file file;
    airssys_code code = airssys_files_open((airssys_string){path, length}, AIRSSYS_OPEN_READ, &file, NULL);
    free(path);
    return counted(0, code);
}

static airssys_bytes denied(size_t count) {
    size_t refused = 0;
    for (size_t i = 0; i < count; i++) {
        airssys_file file;
        refused += airssys_files_open(AIRSSYS_STRING("/secret"), AIRSSYS_OPEN_READ, &file, NULL) != AIRSSYS_OK;
    }
    return counted(refused, AIRSSYS_OK);
}

static airssys_bytes send(airssys_string words) {
    airssys_component_id target = component_id(word(&words));
    size_t most = number(word(&words));
    for (size_t sent = 0; sent < most; sent++) {
        airssys_bytes message = airssys_string_as_bytes(AIRSSYS_STRING("message"));
        airssys_code code = airssys_send_message(&target, message, NULL);
        if (code != AIRSSYS_OK) {
            return counted(sent, code);
        }
    }
    return counted(most, AIRSSYS_OK);
}

static airssys_bytes request(airssys_string words) {
    airssys_component_id target = component_id(word(&words));
    size_t most = number(word(&words));
    uint32_t timeout_ms = (uint32_t)number(word(&words));
    for (size_t sent = 0; sent < most; sent++) {
        airssys_bytes message = airssys_string_as_bytes(AIRSSYS_STRING("request"));
        airssys_string id;
        airssys_code code = airssys_send_request(&target, message, timeout_ms, &id, NULL);
        if (code != AIRSSYS_OK) {
            return counted(sent, code);
        }
        airssys_string_free(&id);
    }
    return counted(most, AIRSSYS_OK);
}

static airssys_bytes joined_outcomes(void) {
    size_t length = 0;
    for (size_t i = 0; i < outcome_count; i++) {
        length += strlen(outcomes[i]) + 1;
    }
    char *text = calloc(length + 1, 1);
    for (size_t i = 0; i < outcome_count; i++) {
        strcat(text, outcomes[i]);
        strcat(text, i + 1 < outcome_count ? "," : "");
    }
    return (airssys_bytes){(const uint8_t *)text, strlen(text)};
}

airssys_code attack(airssys_string operation, airssys_bytes input, airssys_bytes *output, airssys_error *error) {
    airssys_string words = airssys_bytes_as_string(input);
    airssys_string first = words;
    size_t value = number(word(&first));
#define IS(name) airssys_string_equals(operation, AIRSSYS_STRING(name))
    *output = (airssys_bytes){NULL, 0};
    if (IS("echo")) {
        *output = airssys_bytes_copy(input);
    } else if (IS("trap")) {
        __builtin_trap();
    } else if (IS("spin")) {
        for (volatile bool forever = true; forever;) {
        }
    } else if (IS("recurse")) {
        *output = counted(recurse(0), AIRSSYS_OK);
    } else if (IS("grow-memory")) {
        for (;;) {
            xs(1 << 20);
        }
    } else if (IS("grow-table")) {
        while (grow_table((int)value) != -1) {
        }
        __builtin_trap();
    } else if (IS("big-result")) {
        /* Not written: a guest gets memory for less than it costs the host. */
        const uint8_t *bytes = malloc(value);
        if (bytes == NULL) {
            __builtin_trap();
        }
        *output = (airssys_bytes){bytes, value};
    } else if (IS("wild-result")) {
        *output = (airssys_bytes){(const uint8_t *)(UINT32_MAX - 65536), 65536};
    } else if (IS("panic")) {
        airssys_panic(xs(value));
    } else if (IS("fail")) {
        return airssys_error_set(error, AIRSSYS_PROCESSING_FAILED, xs(value));
    } else if (IS("exit")) {
        exit(3);
    } else if (IS("log")) {
        for (size_t i = 0; i < value; i++) {
            airssys_log_info(AIRSSYS_STRING("line"));
        }
    } else if (IS("log-fields")) {
        airssys_string text = xs(value);
        airssys_key_value fields[] = {{text, text}, {AIRSSYS_STRING("short"), text}};
        airssys_log(AIRSSYS_LOG_INFO, text, fields, 2);
    } else if (IS("log-output")) {
        airssys_string text = xs(value);
        for (size_t i = 1; i < value; i += 2) {
            ((char *)text.ptr)[i] = '\n';
        }
        airssys_key_value field = {AIRSSYS_STRING("stream"), AIRSSYS_STRING("stdout")};
        airssys_log(AIRSSYS_LOG_INFO, text, &field, 1);
    } else if (IS("print")) {
        for (size_t i = 0; i < value; i++) {
            puts("line");
        }
    } else if (IS("open-files")) {
        *output = open_files(value);
    } else if (IS("open-cursors")) {
        *output = open_cursors(value);
    } else if (IS("deep-path")) {
        *output = deep_path(value);
    } else if (IS("denied")) {
        *output = denied(value);
    } else if (IS("send")) {
        *output = send(words);
    } else if (IS("request")) {
        *output = request(words);
    } else if (IS("outcomes")) {
        *output = joined_outcomes();
    } else if (IS("sleep")) {
        airssys_sleep((uint32_t)value);
    } else {
        return airssys_error_set(error, AIRSSYS_UNKNOWN_OPERATION, operation);
    }
    return AIRSSYS_OK;
}

airssys_code attack_line(airssys_string line, airssys_bytes *output, airssys_error *error) {
    airssys_string operation = word(&line);
    return attack(operation, airssys_string_as_bytes(line), output, error);
}
