/* Patterns over paths, ports and components. */
#include <stdlib.h>
#include <string.h>

#include "permissions.h"

/* The length of the character of UTF-8 that a text begins with. */
static size_t character_length(airssys_string text) {
    size_t length = 1;
    while (length < text.len && ((unsigned char)text.ptr[length] & 0xC0) == 0x80) {
        length++;
    }
    return length;
}

static airssys_string behind(airssys_string text, size_t length) {
    return (airssys_string){text.ptr + length, text.len - length};
}

/* Matches one segment: an asterisk is any number of characters, a question mark is one. Only the last asterisk is ever
   retried: what an earlier one could take, the later one can take as well. */
static bool segment_matches(airssys_string pattern, airssys_string text) {
    airssys_string retry = {NULL, 0}, from = {NULL, 0};
    for (;;) {
        if (pattern.len > 0 && *pattern.ptr == '*') {
            retry = pattern = behind(pattern, 1);
            from = text;
            continue;
        }
        if (pattern.len == 0 && text.len == 0) {
            return true;
        }
        if (pattern.len > 0 && text.len == 0) {
            return false;
        }
        if (pattern.len > 0) {
            const size_t found = character_length(text), wanted = character_length(pattern);
            if (*pattern.ptr == '?' || (found == wanted && memcmp(pattern.ptr, text.ptr, found) == 0)) {
                pattern = behind(pattern, wanted);
                text = behind(text, found);
                continue;
            }
        }
        if (retry.ptr == NULL || from.len == 0) {
            return false;
        }
        from = behind(from, character_length(from));
        pattern = retry;
        text = from;
    }
}

/* Takes the first segment of what stands behind a slash. */
static airssys_string take_segment(airssys_string *path) {
    airssys_string segment = *path;
    const char *slash = path->len > 0 ? memchr(path->ptr, '/', path->len) : NULL;
    if (slash == NULL) {
        *path = behind(*path, path->len);
        return segment;
    }
    segment.len = (size_t)(slash - path->ptr);
    *path = behind(*path, segment.len + 1);
    return segment;
}

static bool is(airssys_string text, const char *other) {
    return airssys_string_equals(text, airssys_string_from_c(other));
}

static bool is_odd(airssys_string segment) {
    return segment.len == 0 || is(segment, ".") || is(segment, "..");
}

static bool has_two_asterisks(airssys_string segment) {
    for (size_t i = 1; i < segment.len; i++) {
        if (segment.ptr[i - 1] == '*' && segment.ptr[i] == '*') {
            return true;
        }
    }
    return false;
}

/* Whether each segment of an absolute path has a form, and there is no NUL. */
static bool is_absolute(airssys_string path, bool is_pattern) {
    if (path.len == 0 || *path.ptr != '/' || memchr(path.ptr, '\0', path.len) != NULL) {
        return false;
    }
    airssys_string rest = behind(path, 1);
    bool more = rest.len > 0;
    while (more) {
        const size_t before = rest.len;
        const airssys_string segment = take_segment(&rest);
        more = segment.len < before;
        if (is_odd(segment) || (is_pattern && !is(segment, "**") && has_two_asterisks(segment))) {
            return false;
        }
        if (more && rest.len == 0) {
            return false; /* a slash at the end */
        }
    }
    return true;
}

bool airssys_fake_is_path_pattern(airssys_string text) {
    return is_absolute(text, true) && memchr(text.ptr, '[', text.len) == NULL &&
           memchr(text.ptr, '{', text.len) == NULL;
}

bool airssys_fake_path_matches(airssys_string pattern, airssys_string path) {
    if (!is_absolute(path, false)) {
        return false;
    }
    pattern = behind(pattern, 1);
    path = behind(path, 1);
    airssys_string retry = {NULL, 0}, from = {NULL, 0};
    for (;;) {
        airssys_string left = pattern;
        const airssys_string wanted = take_segment(&left);
        if (is(wanted, "**")) {
            retry = pattern = left;
            from = path;
            continue;
        }
        if (pattern.len == 0 && path.len == 0) {
            return true;
        }
        if (pattern.len > 0 && path.len == 0) {
            return false;
        }
        if (pattern.len > 0) {
            airssys_string path_left = path;
            if (segment_matches(wanted, take_segment(&path_left))) {
                pattern = left;
                path = path_left;
                continue;
            }
        }
        if (retry.ptr == NULL || from.len == 0) {
            return false;
        }
        take_segment(&from);
        pattern = retry;
        path = from;
    }
}

static bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* Takes a target pattern apart. */
static bool cut_target(airssys_string text, airssys_component_id *parts, bool *has_version) {
    airssys_string names;
    *has_version = airssys_string_cut(text, AIRSSYS_STRING("@"), &names, &parts->version);
    return airssys_string_cut(names, AIRSSYS_STRING("/"), &parts->namespace_, &parts->name);
}

static bool is_name_pattern(airssys_string text) {
    for (size_t i = 0; i < text.len; i++) {
        if (!is_name_character(text.ptr[i]) && text.ptr[i] != '*' && text.ptr[i] != '?') {
            return false;
        }
    }
    return text.len > 0;
}

bool airssys_fake_is_target_pattern(airssys_string text) {
    airssys_component_id parts;
    bool has_version;
    if (!cut_target(text, &parts, &has_version) || !is_name_pattern(parts.namespace_) || !is_name_pattern(parts.name)) {
        return false;
    }
    for (size_t i = 0; has_version && i < parts.version.len; i++) {
        const char c = parts.version.ptr[i];
        if (!is_name_character(c) && !(c >= 'A' && c <= 'Z') && strchr(".+*?", c) == NULL) {
            return false;
        }
    }
    return !has_version || parts.version.len > 0;
}

bool airssys_fake_target_matches(airssys_string pattern, const airssys_component_id *target) {
    airssys_component_id parts;
    bool has_version;
    return cut_target(pattern, &parts, &has_version) && segment_matches(parts.namespace_, target->namespace_) &&
           segment_matches(parts.name, target->name) &&
           (!has_version || segment_matches(parts.version, target->version));
}

/* Reads a number of decimal digits only, up to a limit. */
static bool parse_number(airssys_string text, uint32_t limit, uint32_t *number) {
    *number = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
        *number = *number * 10 + (uint32_t)(text.ptr[i] - '0');
        if (*number > limit) {
            return false;
        }
    }
    return text.len > 0;
}

bool airssys_fake_parse_ports(const fake_toml *value, fake_ports *ports) {
    if (value->kind == FAKE_TOML_INTEGER) {
        *ports = (fake_ports){(uint16_t)value->integer, (uint16_t)value->integer};
        return value->integer >= 0 && value->integer <= UINT16_MAX;
    }
    airssys_string first, last;
    uint32_t low, high;
    if (value->kind != FAKE_TOML_TEXT || !airssys_string_cut(value->text, AIRSSYS_STRING("-"), &first, &last) ||
        !parse_number(first, UINT16_MAX, &low) || !parse_number(last, UINT16_MAX, &high)) {
        return false;
    }
    *ports = (fake_ports){(uint16_t)low, (uint16_t)high};
    return low <= high;
}
