#include "json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The largest whole number that a double holds with all those below it. */
static const double MAX_WHOLE = 9007199254740992.0;

json_reader json_read(airssys_bytes input) {
    const char *at = (const char *)input.ptr;
    return (json_reader){at, at == NULL ? NULL : at + input.len, false};
}

static bool is_over(const json_reader *reader) {
    return reader->failed || reader->at == reader->end;
}

static void skip(json_reader *reader) {
    while (!is_over(reader) && memchr(" \t\r\n", *reader->at, 4) != NULL) {
        reader->at++;
    }
}

bool json_take(json_reader *reader, char sign) {
    skip(reader);
    if (is_over(reader) || *reader->at != sign) {
        return false;
    }
    reader->at++;
    return true;
}

void json_expect(json_reader *reader, char sign) {
    if (!json_take(reader, sign)) {
        reader->failed = true;
    }
}

bool json_is(json_reader *reader, char kind) {
    skip(reader);
    if (is_over(reader)) {
        return false;
    }
    const char sign = *reader->at;
    return kind == '0' ? sign == '-' || (sign >= '0' && sign <= '9') : sign == kind;
}

void json_null(json_reader *reader) {
    for (const char *sign = "null"; *sign != '\0'; sign++) {
        json_expect(reader, *sign);
    }
}

double json_number(json_reader *reader) {
    char text[64] = {0};
    size_t length = 0;
    skip(reader);
    while (!is_over(reader) && length < sizeof text - 1 && memchr("+-.0123456789Ee", *reader->at, 15) != NULL) {
        text[length++] = *reader->at++;
    }
    char *end = text;
    const double number = strtod(text, &end);
    if (length == 0 || *end != '\0') {
        reader->failed = true;
    }
    return number;
}

static unsigned hexadecimal(json_reader *reader) {
    unsigned value = 0;
    for (int digit = 0; digit < 4; digit++) {
        const char *found = is_over(reader) || *reader->at == '\0' ? NULL : strchr("0123456789abcdefABCDEF", *reader->at);
        if (found == NULL) {
            reader->failed = true;
            return 0;
        }
        const unsigned place = (unsigned)(found - "0123456789abcdefABCDEF");
        value = value * 16 + (place < 16 ? place : place - 6);
        reader->at++;
    }
    return value;
}

/* Writes a character as UTF-8 and gives how many bytes that are. */
static size_t encode(unsigned character, char *to) {
    if (character < 0x80) {
        to[0] = (char)character;
        return 1;
    }
    const size_t length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, character >>= 6) {
        to[i] = (char)(0x80 | (character & 0x3f));
    }
    to[0] = (char)(((0xf00 >> length) & 0xff) | character);
    return length;
}

static size_t escaped(json_reader *reader, char *to) {
    static const char SIGNS[] = "\"\\/bfnrt", MEANT[] = "\"\\/\b\f\n\r\t";
    const char sign = is_over(reader) ? '\0' : *reader->at++;
    const char *found = sign == '\0' ? NULL : strchr(SIGNS, sign);
    if (found != NULL) {
        to[0] = MEANT[found - SIGNS];
        return 1;
    }
    if (sign != 'u') {
        reader->failed = true;
        return 0;
    }
    unsigned character = hexadecimal(reader);
    if (character >= 0xd800 && character < 0xdc00 && reader->end - reader->at > 1 && memcmp(reader->at, "\\u", 2) == 0) {
        reader->at += 2;
        const unsigned second = hexadecimal(reader);
        if (second >= 0xdc00 && second < 0xe000) {
            character = 0x10000 + ((character - 0xd800) << 10) + (second - 0xdc00);
        }
    }
    if (character > 0x10ffff || (character >= 0xd800 && character < 0xe000)) {
        reader->failed = true;
        return 0;
    }
    return encode(character, to);
}

airssys_string json_text(json_reader *reader) {
    json_expect(reader, '"');
    /* No escape is shorter than what it stands for. */
    char *text = malloc((size_t)(reader->end - reader->at) + 4);
    if (text == NULL) {
        abort();
    }
    size_t length = 0;
    while (!is_over(reader) && *reader->at != '"') {
        const char sign = *reader->at++;
        if (sign == '\\') {
            length += escaped(reader, text + length);
        } else {
            text[length++] = sign;
        }
    }
    json_expect(reader, '"');
    return (airssys_string){text, length};
}

bool json_ended(json_reader *reader) {
    skip(reader);
    return !reader->failed && reader->at == reader->end;
}

static void put(json_writer *writer, const char *text, size_t length) {
    if (writer->length + length > writer->capacity) {
        writer->capacity = 2 * (writer->length + length) + 64;
        writer->text = realloc(writer->text, writer->capacity);
        if (writer->text == NULL) {
            abort();
        }
    }
    memcpy(writer->text + writer->length, text, length);
    writer->length += length;
}

void json_write(json_writer *writer, const char *text) {
    put(writer, text, strlen(text));
}

void json_write_text(json_writer *writer, const char *text, size_t length) {
    json_write(writer, "\"");
    for (size_t i = 0; i < length; i++) {
        const unsigned char sign = (unsigned char)text[i];
        if (sign < 0x20 || sign == '"' || sign == '\\') {
            char code[8];
            snprintf(code, sizeof code, "\\u%04x", sign);
            json_write(writer, code);
        } else {
            put(writer, text + i, 1);
        }
    }
    json_write(writer, "\"");
}

void json_write_number(json_writer *writer, double number) {
    char text[32];
    const bool is_whole = floor(number) == number && fabs(number) <= MAX_WHOLE;
    snprintf(text, sizeof text, is_whole ? "%.0f" : "%.17g", number);
    json_write(writer, text);
}

airssys_bytes json_written(const json_writer *writer) {
    return (airssys_bytes){(const uint8_t *)writer->text, writer->length};
}
