#include <airssys/types.h>

#include <stdlib.h>
#include <string.h>

#include "conversions.h"

static void *given(void *memory) {
    if (memory == NULL) {
        airssys_panic(AIRSSYS_STRING("out of memory"));
    }
    return memory;
}

void *airssys_internal_allocate(size_t count, size_t size) {
    return count == 0 ? NULL : given(calloc(count, size));
}

/* Owned memory is not const; only the views that point to it are. */
static void release(const void *memory) {
    free((void *)memory);
}

static const void *copy(const void *memory, size_t size) {
    if (size == 0) {
        return NULL;
    }
    /* Not from calloc: clearing what is written at once takes longer than the copy itself. */
    return memcpy(given(malloc(size)), memory, size);
}

airssys_string airssys_string_from_c(const char *text) {
    return (airssys_string){text, strlen(text)};
}

airssys_bytes airssys_string_as_bytes(airssys_string text) {
    return (airssys_bytes){(const uint8_t *)text.ptr, text.len};
}

airssys_string airssys_bytes_as_string(airssys_bytes bytes) {
    return (airssys_string){(const char *)bytes.ptr, bytes.len};
}

bool airssys_string_equals(airssys_string left, airssys_string right) {
    return left.len == right.len && airssys_string_starts_with(left, right);
}

bool airssys_string_starts_with(airssys_string text, airssys_string prefix) {
    /* memcmp must not be given NULL, not even for no bytes. */
    return text.len >= prefix.len && (prefix.len == 0 || memcmp(text.ptr, prefix.ptr, prefix.len) == 0);
}

bool airssys_string_cut(airssys_string text, airssys_string separator, airssys_string *before, airssys_string *after) {
    for (size_t at = 0; separator.len > 0 && at + separator.len <= text.len; at++) {
        if (memcmp(text.ptr + at, separator.ptr, separator.len) == 0) {
            size_t end = at + separator.len;
            *before = (airssys_string){text.ptr, at};
            *after = (airssys_string){text.ptr + end, text.len - end};
            return true;
        }
    }
    *before = text;
    *after = (airssys_string){NULL, 0};
    return false;
}

bool airssys_component_id_parse(airssys_string text, airssys_component_id *id) {
    airssys_component_id parsed;
    airssys_string rest;
    if (airssys_string_cut(text, AIRSSYS_STRING("/"), &parsed.namespace_, &rest) &&
        airssys_string_cut(rest, AIRSSYS_STRING("@"), &parsed.name, &parsed.version) && parsed.namespace_.len > 0 &&
        parsed.name.len > 0 && parsed.version.len > 0) {
        *id = parsed;
        return true;
    }
    *id = (airssys_component_id){.name = {NULL, 0}};
    return false;
}

airssys_string airssys_string_copy(airssys_string text) {
    return (airssys_string){copy(text.ptr, text.len), text.len};
}

airssys_bytes airssys_bytes_copy(airssys_bytes bytes) {
    return (airssys_bytes){copy(bytes.ptr, bytes.len), bytes.len};
}

airssys_component_id airssys_component_id_copy(const airssys_component_id *id) {
    return (airssys_component_id){
        airssys_string_copy(id->namespace_),
        airssys_string_copy(id->name),
        airssys_string_copy(id->version),
    };
}

void airssys_string_free(airssys_string *text) {
    release(text->ptr);
    *text = (airssys_string){NULL, 0};
}

void airssys_bytes_free(airssys_bytes *bytes) {
    release(bytes->ptr);
    *bytes = (airssys_bytes){NULL, 0};
}

void airssys_string_list_free(airssys_string_list *list) {
    for (size_t i = 0; i < list->len; i++) {
        release(list->ptr[i].ptr);
    }
    release(list->ptr);
    *list = (airssys_string_list){NULL, 0};
}

void airssys_component_id_free(airssys_component_id *id) {
    airssys_string_free(&id->namespace_);
    airssys_string_free(&id->name);
    airssys_string_free(&id->version);
}

void airssys_component_id_list_free(airssys_component_id_list *list) {
    for (size_t i = 0; i < list->len; i++) {
        airssys_component_id element = list->ptr[i];
        airssys_component_id_free(&element);
    }
    release(list->ptr);
    *list = (airssys_component_id_list){NULL, 0};
}

void airssys_component_metadata_free(airssys_component_metadata *metadata) {
    airssys_component_id_free(&metadata->id);
    airssys_string_free(&metadata->description);
    airssys_string_list_free(&metadata->authors);
    airssys_string_free(&metadata->license.value);
    metadata->license.has_value = false;
    airssys_string_list_free(&metadata->operations);
}
