/**
 * @file
 * @brief Text, bytes and the records that every part of the SDK shares.
 *
 * **Ownership.** The structs say nothing about who owns what they point to; every function does:
 *  - An argument is *borrowed*: the function reads it, keeps nothing of it and frees nothing.
 *  - A result that a function writes through a pointer is *owned* by the caller, who frees it with the function
 *    that the documentation names. Owned memory comes from `malloc`. After an error a result is empty; freeing it
 *    does no harm.
 *  - What points to a string literal, to a buffer of the caller or into another struct is a view and is not freed.
 *
 * **Memory.** When `malloc` fails, the SDK panics (see airssys_panic()): no function of it reports a lack of memory.
 */
#ifndef AIRSSYS_TYPES_H
#define AIRSSYS_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
/** Marks a function whose result must be looked at. */
#define AIRSSYS_MUST_USE __attribute__((__warn_unused_result__))
/** Marks a function that does not return. */
#define AIRSSYS_NORETURN __attribute__((__noreturn__))
#else
#define AIRSSYS_MUST_USE
#define AIRSSYS_NORETURN
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Text: UTF-8, `len` bytes long, not terminated by NUL. A NUL is a character like any other. The empty text has
 * `len` 0, and `ptr` may then be NULL.
 */
typedef struct airssys_string {
    const char *ptr; /**< The first byte; NULL only if `len` is 0. */
    size_t len;      /**< Length in bytes. */
} airssys_string;

/** Initializer for an ::airssys_string, from a string literal, for objects of static storage duration. */
#define AIRSSYS_STRING_INIT(literal) {("" literal), sizeof(literal) - 1}

#ifdef __cplusplus
/** An ::airssys_string that views a string literal, for use in expressions. NUL bytes within it count. */
#define AIRSSYS_STRING(literal) (airssys_string AIRSSYS_STRING_INIT(literal))
#else
/** An ::airssys_string that views a string literal, for use in expressions. NUL bytes within it count. */
#define AIRSSYS_STRING(literal) ((airssys_string)AIRSSYS_STRING_INIT(literal))
#endif

/** Bytes without meaning of their own. `ptr` may be NULL if `len` is 0. */
typedef struct airssys_bytes {
    const uint8_t *ptr; /**< The first byte; NULL only if `len` is 0. */
    size_t len;         /**< How many there are. */
} airssys_bytes;

/** An ::airssys_bytes that views the bytes of a string literal, for use in expressions. */
#define AIRSSYS_BYTES(literal) airssys_string_as_bytes(AIRSSYS_STRING(literal))

/** A list of texts. */
typedef struct airssys_string_list {
    const airssys_string *ptr; /**< The first element; NULL only if `len` is 0. */
    size_t len;                /**< How many there are. */
} airssys_string_list;

/** A text, or none. None differs from the empty text. */
typedef struct airssys_optional_string {
    bool has_value;       /**< Whether there is one. */
    airssys_string value; /**< The text; empty if there is none. */
} airssys_optional_string;

/** Bytes, or none. None differs from no bytes. */
typedef struct airssys_optional_bytes {
    bool has_value;      /**< Whether there are any. */
    airssys_bytes value; /**< The bytes; empty if there are none. */
} airssys_optional_bytes;

/** A number of 8 bits, or none. */
typedef struct airssys_optional_u8 {
    bool has_value; /**< Whether there is one. */
    uint8_t value;  /**< The number; 0 if there is none. */
} airssys_optional_u8;

/** A number of 32 bits, or none. */
typedef struct airssys_optional_u32 {
    bool has_value; /**< Whether there is one. */
    uint32_t value; /**< The number; 0 if there is none. */
} airssys_optional_u32;

/** A number of 64 bits, or none. */
typedef struct airssys_optional_u64 {
    bool has_value; /**< Whether there is one. */
    uint64_t value; /**< The number; 0 if there is none. */
} airssys_optional_u64;

/** A point in time since 1970-01-01T00:00:00Z. Nothing before it can be expressed. */
typedef struct airssys_timestamp {
    uint64_t seconds;     /**< Whole seconds since the Unix epoch, UTC. */
    uint32_t nanoseconds; /**< Nanoseconds within the second, 0 to 999,999,999. */
} airssys_timestamp;

/** A point in time, or none. */
typedef struct airssys_optional_timestamp {
    bool has_value;          /**< Whether there is one. */
    airssys_timestamp value; /**< The time; 0 if there is none. */
} airssys_optional_timestamp;

/** Two texts that belong together, such as the name and value of an environment entry or of a log field. */
typedef struct airssys_key_value {
    airssys_string key;   /**< The name. */
    airssys_string value; /**< The value. */
} airssys_key_value;

/** One version of one component, written `namespace/name@version`, for example `acme/resizer@1.2.0`. */
typedef struct airssys_component_id {
    airssys_string namespace_; /**< The namespace, for example `acme`. (`namespace` is a keyword of C++.) */
    airssys_string name;       /**< The name within the namespace, for example `resizer`. */
    airssys_string version;    /**< The semantic version, for example `1.2.0`. */
} airssys_component_id;

/** A list of component ids. */
typedef struct airssys_component_id_list {
    const airssys_component_id *ptr; /**< The first element; NULL only if `len` is 0. */
    size_t len;                      /**< How many there are. */
} airssys_component_id_list;

/** What a component says of itself. */
typedef struct airssys_component_metadata {
    airssys_component_id id;         /**< Its id. Name and version are those of Component.toml. */
    airssys_string description;      /**< What it is for, in a sentence. May be empty. */
    airssys_string_list authors;     /**< Its authors, each as `Name <address>`. May be empty. */
    airssys_optional_string license; /**< Its license as an SPDX expression, if it states one. */
    airssys_string_list operations;  /**< The names of its operations. */
} airssys_component_metadata;

/** Why an operation was refused, and the permission that would have allowed it. Nothing happened on the host. */
typedef struct airssys_permission_denial {
    airssys_string operation; /**< The operation, for example `ext-filesystem/files.open`. */
    airssys_string resource;  /**< What it was refused on, for example the guest path or the id of the target. */
    airssys_string missing;   /**< The exact line of Component.toml that is missing. */
} airssys_permission_denial;

/**
 * Views a NUL-terminated text.
 * @param text Borrowed, not NULL; the result points to it.
 * @return A view; not to be freed.
 */
airssys_string airssys_string_from_c(const char *text);

/**
 * Views a text as bytes.
 * @param text Borrowed; the result points to what it points to.
 * @return A view; not to be freed.
 */
airssys_bytes airssys_string_as_bytes(airssys_string text);

/**
 * Views bytes as a text. It does not check that they are UTF-8; airssys_string_is_utf8() does.
 * @param bytes Borrowed; the result points to what it points to.
 * @return A view; not to be freed.
 */
airssys_string airssys_bytes_as_string(airssys_bytes bytes);

/**
 * Says whether two texts have the same bytes.
 * @param left Borrowed.
 * @param right Borrowed.
 */
bool airssys_string_equals(airssys_string left, airssys_string right);

/**
 * Says whether a text begins with the bytes of another.
 * @param text Borrowed.
 * @param prefix Borrowed.
 */
bool airssys_string_starts_with(airssys_string text, airssys_string prefix);

/**
 * Cuts a text at the first place where a separator is.
 * @param text      Borrowed.
 * @param separator Borrowed; not empty.
 * @param before    Not NULL; a view of what is before the separator, or of all of the text if there is none.
 * @param after     Not NULL; a view of what is after the separator, or nothing if there is none.
 * @return Whether there is a separator.
 */
bool airssys_string_cut(airssys_string text, airssys_string separator, airssys_string *before, airssys_string *after);

/**
 * Views a text of the form `namespace/name@version` as an id. It checks that the three are there, and the host the rest.
 * @param text Borrowed; the result points to it.
 * @param id   Not NULL; empty if the text has another form. A view; not to be freed.
 * @return Whether the text has this form.
 */
bool airssys_component_id_parse(airssys_string text, airssys_component_id *id);

/**
 * Says whether a text is well-formed UTF-8: no surrogates, nothing overlong, nothing above U+10FFFF.
 * The host takes no other text. The SDK therefore refuses it in operations that can fail, and replaces each
 * offending byte by U+FFFD where nothing can fail, such as in log messages.
 * @param text Borrowed.
 */
bool airssys_string_is_utf8(airssys_string text);

/**
 * Copies a text.
 * @param text Borrowed.
 * @return Owned; free it with airssys_string_free().
 */
AIRSSYS_MUST_USE airssys_string airssys_string_copy(airssys_string text);

/**
 * Copies bytes.
 * @param bytes Borrowed.
 * @return Owned; free it with airssys_bytes_free().
 */
AIRSSYS_MUST_USE airssys_bytes airssys_bytes_copy(airssys_bytes bytes);

/**
 * Copies an id.
 * @param id Borrowed, not NULL.
 * @return Owned; free it with airssys_component_id_free().
 */
AIRSSYS_MUST_USE airssys_component_id airssys_component_id_copy(const airssys_component_id *id);

/**
 * Frees an owned text and makes it empty.
 * @param text Not NULL; the empty text is fine.
 */
void airssys_string_free(airssys_string *text);

/**
 * Frees owned bytes and makes them empty.
 * @param bytes Not NULL; empty ones are fine.
 */
void airssys_bytes_free(airssys_bytes *bytes);

/**
 * Frees an owned list with its texts and makes it empty.
 * @param list Not NULL; an empty one is fine.
 */
void airssys_string_list_free(airssys_string_list *list);

/**
 * Frees an owned id with its texts and makes it empty.
 * @param id Not NULL; an empty one is fine.
 */
void airssys_component_id_free(airssys_component_id *id);

/**
 * Frees an owned list with its ids and makes it empty.
 * @param list Not NULL; an empty one is fine.
 */
void airssys_component_id_list_free(airssys_component_id_list *list);

/**
 * Frees owned metadata with all that is in it and makes it empty.
 * @param metadata Not NULL.
 */
void airssys_component_metadata_free(airssys_component_metadata *metadata);

#ifdef __cplusplus
}
#endif

#endif
