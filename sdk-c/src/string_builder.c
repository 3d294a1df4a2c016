#include <airssys/string_builder.h>

#include <string.h>

/* Digits of UINT64_MAX in decimal, and the sign of INT64_MIN. */
enum { LONGEST_NUMBER = 21 };

airssys_string_builder airssys_string_builder_over(char *buffer, size_t capacity) {
    return (airssys_string_builder){buffer, capacity, 0, 0, false};
}

/* Counts bytes that are wanted and says how many of them there is room for. */
static size_t reserve(airssys_string_builder *builder, size_t wanted) {
    builder->required = wanted > SIZE_MAX - builder->required ? SIZE_MAX : builder->required + wanted;
    size_t room = builder->truncated ? 0 : builder->capacity - builder->length;
    if (wanted > room) {
        builder->truncated = true;
        return room;
    }
    return wanted;
}

static void append(airssys_string_builder *builder, const char *bytes, size_t count) {
    /* memcpy must not be given NULL, not even for no bytes. */
    if (count > 0) {
        memcpy(builder->buffer + builder->length, bytes, count);
        builder->length += count;
    }
}

void airssys_string_builder_text(airssys_string_builder *builder, airssys_string text) {
    size_t count = reserve(builder, text.len);
    if (count < text.len) {
        /* A byte of the form 10xxxxxx continues a character: step back to where that one begins. */
        while (count > 0 && ((uint8_t)text.ptr[count] & 0xC0) == 0x80) {
            count--;
        }
    }
    append(builder, text.ptr, count);
}

void airssys_string_builder_c(airssys_string_builder *builder, const char *text) {
    airssys_string_builder_text(builder, airssys_string_from_c(text));
}

static void append_number(airssys_string_builder *builder, uint64_t number, unsigned base, bool negative) {
    char digits[LONGEST_NUMBER];
    size_t start = sizeof digits;
    do {
        digits[--start] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number > 0);
    if (negative) {
        digits[--start] = '-';
    }
    size_t count = sizeof digits - start;
    if (reserve(builder, count) == count) {
        append(builder, digits + start, count);
    }
}

void airssys_string_builder_u64(airssys_string_builder *builder, uint64_t number) {
    append_number(builder, number, 10, false);
}

void airssys_string_builder_i64(airssys_string_builder *builder, int64_t number) {
    /* Negated as unsigned, for INT64_MIN has no positive counterpart. */
    append_number(builder, number < 0 ? 0 - (uint64_t)number : (uint64_t)number, 10, number < 0);
}

void airssys_string_builder_hex(airssys_string_builder *builder, uint64_t number) {
    append_number(builder, number, 16, false);
}

void airssys_string_builder_hex_bytes(airssys_string_builder *builder, airssys_bytes bytes) {
    for (size_t i = 0; i < bytes.len; i++) {
        const char pair[] = {"0123456789abcdef"[bytes.ptr[i] >> 4], "0123456789abcdef"[bytes.ptr[i] & 15]};
        if (reserve(builder, sizeof pair) == sizeof pair) {
            append(builder, pair, sizeof pair);
        }
    }
}

airssys_string airssys_string_builder_view(const airssys_string_builder *builder) {
    return (airssys_string){builder->buffer, builder->length};
}
