/**
 * @file
 * @brief Builds text in a buffer of fixed size, without stdio and without allocation.
 *
 * `snprintf` would make a component import a console, a clock and files that it has no use for. The builder never
 * writes past its buffer: what does not fit is left out, and airssys_string_builder::truncated says so.
 *
 * @code
 * char buffer[64];
 * airssys_string_builder line = airssys_string_builder_over(buffer, sizeof buffer);
 * airssys_string_builder_text(&line, AIRSSYS_STRING("took "));
 * airssys_string_builder_u64(&line, milliseconds);
 * airssys_string_builder_text(&line, AIRSSYS_STRING(" ms"));
 * airssys_log_info(airssys_string_builder_view(&line));
 * @endcode
 *
 * To build a text of unknown length, run the same code twice: first over no buffer, then over one of
 * airssys_string_builder::required bytes.
 */
#ifndef AIRSSYS_STRING_BUILDER_H
#define AIRSSYS_STRING_BUILDER_H

#include <airssys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A text under construction. Read the members; write them through the functions below only. */
typedef struct airssys_string_builder {
    char *buffer;    /**< Borrowed from the caller; nothing here frees it. */
    size_t capacity; /**< Its size in bytes. */
    size_t length;   /**< How many of its bytes are in use. Never more than `capacity`. */
    size_t required; /**< How many bytes the whole text takes, including what was left out. */
    bool truncated;  /**< Whether something was left out. From then on nothing more is added. */
} airssys_string_builder;

/**
 * Begins an empty text.
 * @param buffer   Borrowed for as long as the builder and its view are used. May be NULL if @p capacity is 0.
 * @param capacity Size of @p buffer in bytes.
 */
airssys_string_builder airssys_string_builder_over(char *buffer, size_t capacity);

/**
 * Appends text. If it does not fit, as much as does is taken, cut between two characters.
 * @param builder Not NULL.
 * @param text    Borrowed; must not overlap the unused part of the buffer.
 */
void airssys_string_builder_text(airssys_string_builder *builder, airssys_string text);

/**
 * Appends NUL-terminated text, as airssys_string_builder_text() does.
 * @param builder Not NULL.
 * @param text    Borrowed, not NULL.
 */
void airssys_string_builder_c(airssys_string_builder *builder, const char *text);

/**
 * Appends a number in decimal, or nothing of it if it does not fit: a cut number is a wrong one.
 * @param builder Not NULL.
 * @param number  The number.
 */
void airssys_string_builder_u64(airssys_string_builder *builder, uint64_t number);

/**
 * Appends a number in decimal with a sign if it is negative, or nothing of it if it does not fit.
 * @param builder Not NULL.
 * @param number  The number.
 */
void airssys_string_builder_i64(airssys_string_builder *builder, int64_t number);

/**
 * Appends a number in lowercase hexadecimal without a prefix, or nothing of it if it does not fit.
 * @param builder Not NULL.
 * @param number  The number.
 */
void airssys_string_builder_hex(airssys_string_builder *builder, uint64_t number);

/**
 * Appends bytes, two lowercase hexadecimal digits each. If not all fit, as many whole bytes as do are taken.
 * @param builder Not NULL.
 * @param bytes   Borrowed.
 */
void airssys_string_builder_hex_bytes(airssys_string_builder *builder, airssys_bytes bytes);

/**
 * Gives the text built so far.
 * @param builder Not NULL.
 * @return A view into the buffer; not to be freed.
 */
airssys_string airssys_string_builder_view(const airssys_string_builder *builder);

#ifdef __cplusplus
}
#endif

#endif
