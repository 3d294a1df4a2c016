#include <airssys/directories.h>

#include <stdlib.h>

#include "conversions.h"

void airssys_directory_entry_list_free(airssys_directory_entry_list *list) {
    for (size_t i = 0; i < list->len; i++) {
        airssys_string name = list->ptr[i].name;
        airssys_string_free(&name);
    }
    free((void *)list->ptr);
    *list = (airssys_directory_entry_list){NULL, 0};
}

static airssys_directory_entry_list take_entries(airssys_ext_filesystem_directories_list_directory_entry_t list) {
    airssys_directory_entry *taken = airssys_internal_allocate(list.len, sizeof *taken);
    for (size_t i = 0; i < list.len; i++) {
        taken[i].name = airssys_internal_take_string(list.ptr[i].name);
        taken[i].type = (airssys_file_type)list.ptr[i].file_type;
    }
    if (list.len > 0) {
        free(list.ptr);
    }
    return (airssys_directory_entry_list){taken, list.len};
}

airssys_code airssys_directories_open_directory(airssys_string path, airssys_directory_cursor *cursor,
                                                airssys_error *error) {
    *cursor = (airssys_directory_cursor){0};
    if (!airssys_internal_accept_path(path, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    airssys_bindings_string_t lent = airssys_internal_lend_string(path);
    airssys_ext_filesystem_directories_own_directory_cursor_t opened;
    airssys_ext_filesystem_types_filesystem_error_t failure;
    if (!airssys_ext_filesystem_directories_open_directory(&lent, &opened, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    cursor->handle = opened.__handle;
    return airssys_internal_succeed(error);
}

void airssys_directory_cursor_close(airssys_directory_cursor *cursor) {
    if (cursor->handle != 0) {
        airssys_ext_filesystem_directories_directory_cursor_drop_own(
            (airssys_ext_filesystem_directories_own_directory_cursor_t){cursor->handle});
        cursor->handle = 0;
    }
}

airssys_code airssys_directory_cursor_next(airssys_directory_cursor cursor, uint32_t max_entries,
                                           airssys_directory_entry_list *entries, airssys_error *error) {
    *entries = (airssys_directory_entry_list){NULL, 0};
    airssys_ext_filesystem_directories_list_directory_entry_t found;
    airssys_ext_filesystem_types_filesystem_error_t failure;
    if (!airssys_ext_filesystem_directories_method_directory_cursor_next(
            (airssys_ext_filesystem_directories_borrow_directory_cursor_t){cursor.handle}, max_entries, &found,
            &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    *entries = take_entries(found);
    return airssys_internal_succeed(error);
}

airssys_code airssys_directories_list_directory(airssys_string path, airssys_directory_entry_list *entries,
                                                airssys_error *error) {
    *entries = (airssys_directory_entry_list){NULL, 0};
    if (!airssys_internal_accept_path(path, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    airssys_bindings_string_t lent = airssys_internal_lend_string(path);
    airssys_ext_filesystem_directories_list_directory_entry_t found;
    airssys_ext_filesystem_types_filesystem_error_t failure;
    if (!airssys_ext_filesystem_directories_list_directory(&lent, &found, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    *entries = take_entries(found);
    return airssys_internal_succeed(error);
}

/* The imports that take one path and give nothing. */
typedef bool path_import(airssys_bindings_string_t *path, airssys_ext_filesystem_types_filesystem_error_t *failure);

static airssys_code call_with_path(path_import *import, airssys_string path, airssys_error *error) {
    if (!airssys_internal_accept_path(path, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    airssys_bindings_string_t lent = airssys_internal_lend_string(path);
    airssys_ext_filesystem_types_filesystem_error_t failure;
    if (!import(&lent, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    return airssys_internal_succeed(error);
}

airssys_code airssys_directories_create_directory(airssys_string path, airssys_error *error) {
    return call_with_path(airssys_ext_filesystem_directories_create_directory, path, error);
}

airssys_code airssys_directories_create_directory_all(airssys_string path, airssys_error *error) {
    return call_with_path(airssys_ext_filesystem_directories_create_directory_all, path, error);
}

airssys_code airssys_directories_remove_directory(airssys_string path, airssys_error *error) {
    return call_with_path(airssys_ext_filesystem_directories_remove_directory, path, error);
}

airssys_code airssys_directories_remove_directory_all(airssys_string path, airssys_error *error) {
    return call_with_path(airssys_ext_filesystem_directories_remove_directory_all, path, error);
}

airssys_code airssys_directories_find(airssys_string root, const airssys_find_options *options,
                                      airssys_string_list *paths, airssys_error *error) {
    *paths = (airssys_string_list){NULL, 0};
    if (!airssys_internal_accept_path(root, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    if (!airssys_string_is_utf8(options->pattern)) {
        return airssys_error_set(error, AIRSSYS_INVALID_ARGUMENT, AIRSSYS_STRING("the pattern is not UTF-8"));
    }
    airssys_bindings_string_t lent = airssys_internal_lend_string(root);
    airssys_ext_filesystem_types_find_options_t lent_options = {
        .pattern = airssys_internal_lend_string(options->pattern),
        .max_depth = {options->max_depth.has_value, options->max_depth.value},
        .follow_links = options->follow_links,
        .limit = {options->limit.has_value, options->limit.value},
    };
    airssys_ext_filesystem_directories_list_path_t found;
    airssys_ext_filesystem_types_filesystem_error_t failure;
    if (!airssys_ext_filesystem_directories_find(&lent, &lent_options, &found, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    *paths = airssys_internal_take_string_list((airssys_bindings_list_string_t){found.ptr, found.len});
    return airssys_internal_succeed(error);
}

airssys_code airssys_directories_measure(airssys_string root, airssys_disk_usage *usage, airssys_error *error) {
    *usage = (airssys_disk_usage){0, 0, 0};
    if (!airssys_internal_accept_path(root, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    airssys_bindings_string_t lent = airssys_internal_lend_string(root);
    airssys_ext_filesystem_types_disk_usage_t found;
    airssys_ext_filesystem_types_filesystem_error_t failure;
    if (!airssys_ext_filesystem_directories_measure(&lent, &found, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    *usage = (airssys_disk_usage){found.files, found.directories, found.bytes};
    return airssys_internal_succeed(error);
}
