/* UTF-8, checked as strictly as the host does: it traps on text that is not well-formed. */
#include <stdlib.h>
#include <string.h>

#include "conversions.h"

static const char REPLACEMENT[] = "\xEF\xBF\xBD"; /* U+FFFD */
enum { REPLACEMENT_LENGTH = sizeof REPLACEMENT - 1 };

static bool is_continuation(uint8_t byte) {
    return (byte & 0xC0) == 0x80;
}

/* Gives the length of the well-formed character at the start of the text, or 0 if there is none. */
static size_t character_length(airssys_string text) {
    const uint8_t *bytes = (const uint8_t *)text.ptr;
    uint8_t first = bytes[0];
    if (first < 0x80) {
        return 1;
    }
    /* The second byte of some characters has a narrower range: no overlong forms, surrogates or beyond U+10FFFF. */
    uint8_t low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    uint8_t high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    size_t length = first >= 0xC2 && first <= 0xDF   ? 2
                    : first >= 0xE0 && first <= 0xEF ? 3
                    : first >= 0xF0 && first <= 0xF4 ? 4
                                                     : 0;
    if (length == 0 || text.len < length || bytes[1] < low || bytes[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < length; i++) {
        if (!is_continuation(bytes[i])) {
            return 0;
        }
    }
    return length;
}

bool airssys_string_is_utf8(airssys_string text) {
    while (text.len > 0) {
        size_t length = character_length(text);
        if (length == 0) {
            return false;
        }
        text.ptr += length;
        text.len -= length;
    }
    return true;
}

airssys_string airssys_internal_utf8_copy(airssys_string text) {
    size_t size = 0;
    for (airssys_string rest = text; rest.len > 0;) {
        size_t length = character_length(rest);
        size += length > 0 ? length : REPLACEMENT_LENGTH;
        rest.ptr += length > 0 ? length : 1;
        rest.len -= length > 0 ? length : 1;
    }
    char *copy = airssys_internal_allocate(size, 1);
    char *end = copy;
    while (text.len > 0) {
        size_t length = character_length(text);
        size_t taken = length > 0 ? length : 1;
        size_t written = length > 0 ? length : REPLACEMENT_LENGTH;
        memcpy(end, length > 0 ? text.ptr : REPLACEMENT, written);
        end += written;
        text.ptr += taken;
        text.len -= taken;
    }
    return (airssys_string){copy, size};
}

airssys_bindings_string_t airssys_internal_give_string_copy(airssys_string text) {
    return airssys_internal_lend_string(airssys_internal_utf8_copy(text));
}

airssys_bindings_string_t airssys_internal_give_string(airssys_string text) {
    if (text.len > 0 && airssys_string_is_utf8(text)) {
        return airssys_internal_lend_string(text);
    }
    airssys_bindings_string_t given = airssys_internal_give_string_copy(text);
    airssys_string_free(&text);
    return given;
}

airssys_bindings_list_u8_t airssys_internal_give_bytes(airssys_bytes bytes) {
    if (bytes.len == 0) {
        airssys_bytes_free(&bytes);
    }
    return airssys_internal_lend_bytes(bytes);
}
