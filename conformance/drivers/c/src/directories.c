/* The export directories: each function forwards to the SDK, and the driver's own resource holds the SDK's cursor. */
#include <stdlib.h>

#include "convert.h"

typedef airssys_ext_filesystem_types_filesystem_error_t filesystem_failure;
typedef exports_airssys_ext_filesystem_directories_directory_cursor_t exported_cursor;
typedef exports_airssys_ext_filesystem_directories_list_directory_entry_t entry_list;

struct exports_airssys_ext_filesystem_directories_directory_cursor_t {
    airssys_directory_cursor cursor;
};

void exports_airssys_ext_filesystem_directories_directory_cursor_destructor(exported_cursor *self) {
    airssys_directory_cursor_close(&self->cursor);
    free(self);
}

static airssys_ext_filesystem_types_file_type_t file_type(airssys_file_type type) {
    airssys_file_metadata metadata = {.type = type};
    return give_file_metadata(&metadata).file_type;
}

/* Copies the entries and frees the SDK's own. */
static entry_list give_entries(airssys_directory_entry_list *entries) {
    airssys_ext_filesystem_types_directory_entry_t *given = allocate(entries->len, sizeof *given);
    for (size_t i = 0; i < entries->len; i++) {
        given[i].name = give_string_copy(entries->ptr[i].name);
        given[i].file_type = file_type(entries->ptr[i].type);
    }
    entry_list list = {given, entries->len};
    airssys_directory_entry_list_free(entries);
    return list;
}

bool exports_airssys_ext_filesystem_directories_method_directory_cursor_next(exported_cursor *self,
                                                                             uint32_t max_entries, entry_list *result,
                                                                             filesystem_failure *failure) {
    airssys_directory_entry_list entries;
    airssys_error error;
    airssys_code code = airssys_directory_cursor_next(self->cursor, max_entries, &entries, &error);
    *result = give_entries(&entries);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_directories_open_directory(
    airssys_bindings_string_t *path, exports_airssys_ext_filesystem_directories_own_directory_cursor_t *result,
    filesystem_failure *failure) {
    airssys_directory_cursor cursor;
    airssys_error error;
    airssys_code code = airssys_directories_open_directory(view_string(path), &cursor, &error);
    airssys_bindings_string_free(path);
    if (code != AIRSSYS_OK) {
        return give_filesystem_error(&error, failure);
    }
    exported_cursor *exported = allocate(1, sizeof *exported);
    exported->cursor = cursor;
    *result = exports_airssys_ext_filesystem_directories_directory_cursor_new(exported);
    return true;
}

bool exports_airssys_ext_filesystem_directories_list_directory(airssys_bindings_string_t *path, entry_list *result,
                                                               filesystem_failure *failure) {
    airssys_directory_entry_list entries;
    airssys_error error;
    airssys_code code = airssys_directories_list_directory(view_string(path), &entries, &error);
    airssys_bindings_string_free(path);
    *result = give_entries(&entries);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_directories_create_directory(airssys_bindings_string_t *path,
                                                                 filesystem_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_directories_create_directory(view_string(path), &error);
    airssys_bindings_string_free(path);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_directories_create_directory_all(airssys_bindings_string_t *path,
                                                                     filesystem_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_directories_create_directory_all(view_string(path), &error);
    airssys_bindings_string_free(path);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_directories_remove_directory(airssys_bindings_string_t *path,
                                                                 filesystem_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_directories_remove_directory(view_string(path), &error);
    airssys_bindings_string_free(path);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_directories_remove_directory_all(airssys_bindings_string_t *path,
                                                                     filesystem_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_directories_remove_directory_all(view_string(path), &error);
    airssys_bindings_string_free(path);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_directories_find(airssys_bindings_string_t *root,
                                                     airssys_ext_filesystem_types_find_options_t *options,
                                                     exports_airssys_ext_filesystem_directories_list_path_t *result,
                                                     filesystem_failure *failure) {
    airssys_find_options viewed = {
        .pattern = view_string(&options->pattern),
        .max_depth = view_optional_u32(options->max_depth),
        .follow_links = options->follow_links,
        .limit = view_optional_u32(options->limit),
    };
    airssys_string_list paths;
    airssys_error error;
    airssys_code code = airssys_directories_find(view_string(root), &viewed, &paths, &error);
    airssys_bindings_string_free(root);
    airssys_ext_filesystem_types_find_options_free(options);
    airssys_bindings_list_string_t given = give_string_list_copy(paths);
    airssys_string_list_free(&paths);
    *result = (exports_airssys_ext_filesystem_directories_list_path_t){given.ptr, given.len};
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_directories_measure(airssys_bindings_string_t *root,
                                                        airssys_ext_filesystem_types_disk_usage_t *result,
                                                        filesystem_failure *failure) {
    airssys_disk_usage usage;
    airssys_error error;
    airssys_code code = airssys_directories_measure(view_string(root), &usage, &error);
    airssys_bindings_string_free(root);
    *result = (airssys_ext_filesystem_types_disk_usage_t){usage.files, usage.directories, usage.bytes};
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}
