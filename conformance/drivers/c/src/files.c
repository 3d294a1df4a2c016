/* The export files: each function forwards to the SDK, and the driver's own resource holds the SDK's handle. */
#include <stdlib.h>

#include "convert.h"

typedef airssys_ext_filesystem_types_filesystem_error_t filesystem_failure;
typedef exports_airssys_ext_filesystem_files_file_t exported_file;

struct exports_airssys_ext_filesystem_files_file_t {
    airssys_file file;
};

void exports_airssys_ext_filesystem_files_file_destructor(exported_file *self) {
    airssys_file_close(&self->file);
    free(self);
}

static const airssys_on_existing ON_EXISTING[] = {
    [AIRSSYS_EXT_FILESYSTEM_TYPES_ON_EXISTING_FAIL] = AIRSSYS_ON_EXISTING_FAIL,
    [AIRSSYS_EXT_FILESYSTEM_TYPES_ON_EXISTING_REPLACE] = AIRSSYS_ON_EXISTING_REPLACE,
};

static airssys_open_flags open_flags(airssys_ext_filesystem_types_open_flags_t flags) {
    static const struct {
        unsigned from;
        airssys_open_flags to;
    } PAIRS[] = {
        {AIRSSYS_EXT_FILESYSTEM_TYPES_OPEN_FLAGS_READ, AIRSSYS_OPEN_READ},
        {AIRSSYS_EXT_FILESYSTEM_TYPES_OPEN_FLAGS_WRITE, AIRSSYS_OPEN_WRITE},
        {AIRSSYS_EXT_FILESYSTEM_TYPES_OPEN_FLAGS_APPEND, AIRSSYS_OPEN_APPEND},
        {AIRSSYS_EXT_FILESYSTEM_TYPES_OPEN_FLAGS_CREATE, AIRSSYS_OPEN_CREATE},
        {AIRSSYS_EXT_FILESYSTEM_TYPES_OPEN_FLAGS_CREATE_NEW, AIRSSYS_OPEN_CREATE_NEW},
        {AIRSSYS_EXT_FILESYSTEM_TYPES_OPEN_FLAGS_TRUNCATE, AIRSSYS_OPEN_TRUNCATE},
        {AIRSSYS_EXT_FILESYSTEM_TYPES_OPEN_FLAGS_NO_FOLLOW, AIRSSYS_OPEN_NO_FOLLOW},
    };
    airssys_open_flags converted = 0;
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
        converted |= (flags & PAIRS[i].from) != 0 ? PAIRS[i].to : 0;
    }
    return converted;
}

bool exports_airssys_ext_filesystem_files_open(airssys_bindings_string_t *path,
                                               airssys_ext_filesystem_types_open_flags_t flags,
                                               exports_airssys_ext_filesystem_files_own_file_t *result,
                                               filesystem_failure *failure) {
    airssys_file file;
    airssys_error error;
    airssys_code code = airssys_files_open(view_string(path), open_flags(flags), &file, &error);
    airssys_bindings_string_free(path);
    if (code != AIRSSYS_OK) {
        return give_filesystem_error(&error, failure);
    }
    exported_file *exported = allocate(1, sizeof *exported);
    exported->file = file;
    *result = exports_airssys_ext_filesystem_files_file_new(exported);
    return true;
}

bool exports_airssys_ext_filesystem_files_read_file(airssys_bindings_string_t *path, airssys_bindings_list_u8_t *result,
                                                    filesystem_failure *failure) {
    airssys_bytes content;
    airssys_error error;
    airssys_code code = airssys_files_read_file(view_string(path), &content, &error);
    airssys_bindings_string_free(path);
    *result = give_bytes(content);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_files_write_file(airssys_bindings_string_t *path, airssys_bindings_list_u8_t *data,
                                                     filesystem_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_files_write_file(view_string(path), view_bytes(data), &error);
    airssys_bindings_string_free(path);
    airssys_bindings_list_u8_free(data);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_files_append_file(airssys_bindings_string_t *path, airssys_bindings_list_u8_t *data,
                                                      filesystem_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_files_append_file(view_string(path), view_bytes(data), &error);
    airssys_bindings_string_free(path);
    airssys_bindings_list_u8_free(data);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_files_delete_file(airssys_bindings_string_t *path, filesystem_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_files_delete_file(view_string(path), &error);
    airssys_bindings_string_free(path);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_files_copy_file(airssys_bindings_string_t *source,
                                                    airssys_bindings_string_t *destination,
                                                    airssys_ext_filesystem_types_on_existing_t on_existing,
                                                    uint64_t *result, filesystem_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_files_copy_file(view_string(source), view_string(destination), ON_EXISTING[on_existing],
                                                result, &error);
    airssys_bindings_string_free(source);
    airssys_bindings_string_free(destination);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_files_rename(airssys_bindings_string_t *source,
                                                 airssys_bindings_string_t *destination,
                                                 airssys_ext_filesystem_types_on_existing_t on_existing,
                                                 filesystem_failure *failure) {
    airssys_error error;
    airssys_code code =
        airssys_files_rename(view_string(source), view_string(destination), ON_EXISTING[on_existing], &error);
    airssys_bindings_string_free(source);
    airssys_bindings_string_free(destination);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_files_method_file_read(exported_file *self, uint32_t max_bytes,
                                                           airssys_bindings_list_u8_t *result,
                                                           filesystem_failure *failure) {
    airssys_bytes data;
    airssys_error error;
    airssys_code code = airssys_file_read(self->file, max_bytes, &data, &error);
    *result = give_bytes(data);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_files_method_file_read_at(exported_file *self, uint64_t offset, uint32_t max_bytes,
                                                              airssys_bindings_list_u8_t *result,
                                                              filesystem_failure *failure) {
    airssys_bytes data;
    airssys_error error;
    airssys_code code = airssys_file_read_at(self->file, offset, max_bytes, &data, &error);
    *result = give_bytes(data);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_files_method_file_write(exported_file *self, airssys_bindings_list_u8_t *data,
                                                            uint32_t *result, filesystem_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_file_write(self->file, view_bytes(data), result, &error);
    airssys_bindings_list_u8_free(data);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_files_method_file_write_at(exported_file *self, uint64_t offset,
                                                               airssys_bindings_list_u8_t *data, uint32_t *result,
                                                               filesystem_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_file_write_at(self->file, offset, view_bytes(data), result, &error);
    airssys_bindings_list_u8_free(data);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_files_method_file_seek(exported_file *self,
                                                           airssys_ext_filesystem_types_seek_from_t *position,
                                                           uint64_t *result, filesystem_failure *failure) {
    airssys_seek_from from = AIRSSYS_SEEK_START;
    uint64_t distance = 0;
    switch (position->tag) {
    case AIRSSYS_EXT_FILESYSTEM_TYPES_SEEK_FROM_START:
        from = AIRSSYS_SEEK_START;
        distance = position->val.start;
        break;
    case AIRSSYS_EXT_FILESYSTEM_TYPES_SEEK_FROM_FORWARD:
        from = AIRSSYS_SEEK_FORWARD;
        distance = position->val.forward;
        break;
    case AIRSSYS_EXT_FILESYSTEM_TYPES_SEEK_FROM_BACKWARD:
        from = AIRSSYS_SEEK_BACKWARD;
        distance = position->val.backward;
        break;
    case AIRSSYS_EXT_FILESYSTEM_TYPES_SEEK_FROM_BEFORE_END:
        from = AIRSSYS_SEEK_BEFORE_END;
        distance = position->val.before_end;
        break;
    }
    airssys_error error;
    airssys_code code = airssys_file_seek(self->file, from, distance, result, &error);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_files_method_file_sync(exported_file *self,
                                                           airssys_ext_filesystem_types_sync_kind_t kind,
                                                           filesystem_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_file_sync(
        self->file, kind == AIRSSYS_EXT_FILESYSTEM_TYPES_SYNC_KIND_ALL ? AIRSSYS_SYNC_ALL : AIRSSYS_SYNC_DATA, &error);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_files_method_file_set_size(exported_file *self, uint64_t size,
                                                               filesystem_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_file_set_size(self->file, size, &error);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_files_method_file_metadata(exported_file *self,
                                                               airssys_ext_filesystem_types_file_metadata_t *result,
                                                               filesystem_failure *failure) {
    airssys_file_metadata metadata;
    airssys_error error;
    airssys_code code = airssys_file_get_metadata(self->file, &metadata, &error);
    *result = give_file_metadata(&metadata);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_files_method_file_lock(exported_file *self,
                                                           airssys_ext_filesystem_types_lock_kind_t kind,
                                                           uint32_t *timeout_ms, filesystem_failure *failure) {
    airssys_optional_u32 timeout = view_u32_parameter(timeout_ms);
    airssys_error error;
    airssys_code code = airssys_file_lock(
        self->file,
        kind == AIRSSYS_EXT_FILESYSTEM_TYPES_LOCK_KIND_EXCLUSIVE ? AIRSSYS_LOCK_EXCLUSIVE : AIRSSYS_LOCK_SHARED,
        timeout, &error);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_files_method_file_unlock(exported_file *self, filesystem_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_file_unlock(self->file, &error);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}
