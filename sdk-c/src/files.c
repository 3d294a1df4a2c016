#include <airssys/files.h>

#include <assert.h>

#include "conversions.h"

static_assert(AIRSSYS_OPEN_READ == AIRSSYS_EXT_FILESYSTEM_TYPES_OPEN_FLAGS_READ &&
                  AIRSSYS_OPEN_WRITE == AIRSSYS_EXT_FILESYSTEM_TYPES_OPEN_FLAGS_WRITE &&
                  AIRSSYS_OPEN_APPEND == AIRSSYS_EXT_FILESYSTEM_TYPES_OPEN_FLAGS_APPEND &&
                  AIRSSYS_OPEN_CREATE == AIRSSYS_EXT_FILESYSTEM_TYPES_OPEN_FLAGS_CREATE &&
                  AIRSSYS_OPEN_CREATE_NEW == AIRSSYS_EXT_FILESYSTEM_TYPES_OPEN_FLAGS_CREATE_NEW &&
                  AIRSSYS_OPEN_TRUNCATE == AIRSSYS_EXT_FILESYSTEM_TYPES_OPEN_FLAGS_TRUNCATE &&
                  AIRSSYS_OPEN_NO_FOLLOW == AIRSSYS_EXT_FILESYSTEM_TYPES_OPEN_FLAGS_NO_FOLLOW,
              "open flags are those of the contract");
static_assert((int)AIRSSYS_SYNC_ALL == AIRSSYS_EXT_FILESYSTEM_TYPES_SYNC_KIND_ALL &&
                  (int)AIRSSYS_LOCK_EXCLUSIVE == AIRSSYS_EXT_FILESYSTEM_TYPES_LOCK_KIND_EXCLUSIVE &&
                  (int)AIRSSYS_ON_EXISTING_REPLACE == AIRSSYS_EXT_FILESYSTEM_TYPES_ON_EXISTING_REPLACE,
              "enumerations are in the contract's order");

typedef airssys_ext_filesystem_types_filesystem_error_t filesystem_failure;

static airssys_ext_filesystem_files_borrow_file_t borrow(airssys_file file) {
    return (airssys_ext_filesystem_files_borrow_file_t){file.handle};
}

airssys_code airssys_files_open(airssys_string path, airssys_open_flags flags, airssys_file *file,
                                airssys_error *error) {
    *file = (airssys_file){0};
    if (!airssys_internal_accept_path(path, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    airssys_bindings_string_t lent = airssys_internal_lend_string(path);
    airssys_ext_filesystem_files_own_file_t opened;
    filesystem_failure failure;
    if (!airssys_ext_filesystem_files_open(&lent, (airssys_ext_filesystem_types_open_flags_t)flags, &opened,
                                           &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    file->handle = opened.__handle;
    return airssys_internal_succeed(error);
}

void airssys_file_close(airssys_file *file) {
    if (file->handle != 0) {
        airssys_ext_filesystem_files_file_drop_own((airssys_ext_filesystem_files_own_file_t){file->handle});
        file->handle = 0;
    }
}

airssys_code airssys_files_read_file(airssys_string path, airssys_bytes *content, airssys_error *error) {
    *content = (airssys_bytes){NULL, 0};
    if (!airssys_internal_accept_path(path, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    airssys_bindings_string_t lent = airssys_internal_lend_string(path);
    airssys_bindings_list_u8_t found;
    filesystem_failure failure;
    if (!airssys_ext_filesystem_files_read_file(&lent, &found, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    *content = airssys_internal_take_bytes(found);
    return airssys_internal_succeed(error);
}

airssys_code airssys_files_write_file(airssys_string path, airssys_bytes content, airssys_error *error) {
    if (!airssys_internal_accept_path(path, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    airssys_bindings_string_t lent = airssys_internal_lend_string(path);
    airssys_bindings_list_u8_t lent_content = airssys_internal_lend_bytes(content);
    filesystem_failure failure;
    if (!airssys_ext_filesystem_files_write_file(&lent, &lent_content, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    return airssys_internal_succeed(error);
}

airssys_code airssys_files_append_file(airssys_string path, airssys_bytes content, airssys_error *error) {
    if (!airssys_internal_accept_path(path, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    airssys_bindings_string_t lent = airssys_internal_lend_string(path);
    airssys_bindings_list_u8_t lent_content = airssys_internal_lend_bytes(content);
    filesystem_failure failure;
    if (!airssys_ext_filesystem_files_append_file(&lent, &lent_content, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    return airssys_internal_succeed(error);
}

airssys_code airssys_files_delete_file(airssys_string path, airssys_error *error) {
    if (!airssys_internal_accept_path(path, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    airssys_bindings_string_t lent = airssys_internal_lend_string(path);
    filesystem_failure failure;
    if (!airssys_ext_filesystem_files_delete_file(&lent, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    return airssys_internal_succeed(error);
}

airssys_code airssys_files_copy_file(airssys_string source, airssys_string destination, airssys_on_existing on_existing,
                                     uint64_t *copied, airssys_error *error) {
    uint64_t count = 0;
    if (copied != NULL) {
        *copied = 0;
    }
    if (!airssys_internal_accept_path(source, error) || !airssys_internal_accept_path(destination, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    airssys_bindings_string_t lent_source = airssys_internal_lend_string(source);
    airssys_bindings_string_t lent_destination = airssys_internal_lend_string(destination);
    filesystem_failure failure;
    if (!airssys_ext_filesystem_files_copy_file(&lent_source, &lent_destination,
                                                (airssys_ext_filesystem_types_on_existing_t)on_existing, &count,
                                                &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    if (copied != NULL) {
        *copied = count;
    }
    return airssys_internal_succeed(error);
}

airssys_code airssys_files_rename(airssys_string source, airssys_string destination, airssys_on_existing on_existing,
                                  airssys_error *error) {
    if (!airssys_internal_accept_path(source, error) || !airssys_internal_accept_path(destination, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    airssys_bindings_string_t lent_source = airssys_internal_lend_string(source);
    airssys_bindings_string_t lent_destination = airssys_internal_lend_string(destination);
    filesystem_failure failure;
    if (!airssys_ext_filesystem_files_rename(&lent_source, &lent_destination,
                                             (airssys_ext_filesystem_types_on_existing_t)on_existing, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    return airssys_internal_succeed(error);
}

airssys_code airssys_file_read(airssys_file file, uint32_t max_bytes, airssys_bytes *data, airssys_error *error) {
    *data = (airssys_bytes){NULL, 0};
    airssys_bindings_list_u8_t found;
    filesystem_failure failure;
    if (!airssys_ext_filesystem_files_method_file_read(borrow(file), max_bytes, &found, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    *data = airssys_internal_take_bytes(found);
    return airssys_internal_succeed(error);
}

airssys_code airssys_file_read_at(airssys_file file, uint64_t offset, uint32_t max_bytes, airssys_bytes *data,
                                  airssys_error *error) {
    *data = (airssys_bytes){NULL, 0};
    airssys_bindings_list_u8_t found;
    filesystem_failure failure;
    if (!airssys_ext_filesystem_files_method_file_read_at(borrow(file), offset, max_bytes, &found, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    *data = airssys_internal_take_bytes(found);
    return airssys_internal_succeed(error);
}

airssys_code airssys_file_write(airssys_file file, airssys_bytes data, uint32_t *written, airssys_error *error) {
    airssys_bindings_list_u8_t lent = airssys_internal_lend_bytes(data);
    uint32_t count = 0;
    filesystem_failure failure;
    bool succeeded = airssys_ext_filesystem_files_method_file_write(borrow(file), &lent, &count, &failure);
    if (written != NULL) {
        *written = succeeded ? count : 0;
    }
    return succeeded ? airssys_internal_succeed(error) : airssys_internal_take_filesystem_error(&failure, error);
}

airssys_code airssys_file_write_at(airssys_file file, uint64_t offset, airssys_bytes data, uint32_t *written,
                                   airssys_error *error) {
    airssys_bindings_list_u8_t lent = airssys_internal_lend_bytes(data);
    uint32_t count = 0;
    filesystem_failure failure;
    bool succeeded = airssys_ext_filesystem_files_method_file_write_at(borrow(file), offset, &lent, &count, &failure);
    if (written != NULL) {
        *written = succeeded ? count : 0;
    }
    return succeeded ? airssys_internal_succeed(error) : airssys_internal_take_filesystem_error(&failure, error);
}

airssys_code airssys_file_seek(airssys_file file, airssys_seek_from from, uint64_t distance, uint64_t *position,
                               airssys_error *error) {
    airssys_ext_filesystem_types_seek_from_t lent;
    switch (from) {
    case AIRSSYS_SEEK_FORWARD:
        lent.tag = AIRSSYS_EXT_FILESYSTEM_TYPES_SEEK_FROM_FORWARD;
        lent.val.forward = distance;
        break;
    case AIRSSYS_SEEK_BACKWARD:
        lent.tag = AIRSSYS_EXT_FILESYSTEM_TYPES_SEEK_FROM_BACKWARD;
        lent.val.backward = distance;
        break;
    case AIRSSYS_SEEK_BEFORE_END:
        lent.tag = AIRSSYS_EXT_FILESYSTEM_TYPES_SEEK_FROM_BEFORE_END;
        lent.val.before_end = distance;
        break;
    case AIRSSYS_SEEK_START:
    default:
        lent.tag = AIRSSYS_EXT_FILESYSTEM_TYPES_SEEK_FROM_START;
        lent.val.start = distance;
        break;
    }
    uint64_t reached = 0;
    filesystem_failure failure;
    bool succeeded = airssys_ext_filesystem_files_method_file_seek(borrow(file), &lent, &reached, &failure);
    if (position != NULL) {
        *position = succeeded ? reached : 0;
    }
    return succeeded ? airssys_internal_succeed(error) : airssys_internal_take_filesystem_error(&failure, error);
}

airssys_code airssys_file_seek_offset(airssys_file file, int64_t offset, airssys_whence whence, uint64_t *position,
                                      airssys_error *error) {
    /* Negated as unsigned, for INT64_MIN has no positive counterpart. */
    uint64_t distance = offset < 0 ? 0 - (uint64_t)offset : (uint64_t)offset;
    if (whence == AIRSSYS_WHENCE_CURRENT) {
        return airssys_file_seek(file, offset < 0 ? AIRSSYS_SEEK_BACKWARD : AIRSSYS_SEEK_FORWARD, distance, position,
                                 error);
    }
    if (whence == AIRSSYS_WHENCE_END && offset <= 0) {
        return airssys_file_seek(file, AIRSSYS_SEEK_BEFORE_END, distance, position, error);
    }
    if (position != NULL) {
        *position = 0;
    }
    if (whence == AIRSSYS_WHENCE_END) {
        /* The contract has no seek past the end; from the start there is one. */
        airssys_file_metadata metadata;
        airssys_code code = airssys_file_get_metadata(file, &metadata, error);
        if (code != AIRSSYS_OK) {
            return code;
        }
        if (metadata.size > UINT64_MAX - distance) {
            return airssys_error_set(error, AIRSSYS_INVALID_ARGUMENT, AIRSSYS_STRING("the position is too large"));
        }
        distance += metadata.size;
    } else if (offset < 0) {
        return airssys_error_set(error, AIRSSYS_INVALID_ARGUMENT, AIRSSYS_STRING("the position is before the start"));
    }
    return airssys_file_seek(file, AIRSSYS_SEEK_START, distance, position, error);
}

airssys_code airssys_file_sync(airssys_file file, airssys_sync_kind kind, airssys_error *error) {
    filesystem_failure failure;
    if (!airssys_ext_filesystem_files_method_file_sync(borrow(file), (airssys_ext_filesystem_types_sync_kind_t)kind,
                                                       &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    return airssys_internal_succeed(error);
}

airssys_code airssys_file_set_size(airssys_file file, uint64_t size, airssys_error *error) {
    filesystem_failure failure;
    if (!airssys_ext_filesystem_files_method_file_set_size(borrow(file), size, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    return airssys_internal_succeed(error);
}

airssys_code airssys_file_get_metadata(airssys_file file, airssys_file_metadata *metadata, airssys_error *error) {
    *metadata = (airssys_file_metadata){.size = 0};
    airssys_ext_filesystem_types_file_metadata_t found;
    filesystem_failure failure;
    if (!airssys_ext_filesystem_files_method_file_metadata(borrow(file), &found, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    *metadata = airssys_internal_file_metadata(&found);
    return airssys_internal_succeed(error);
}

airssys_code airssys_file_lock(airssys_file file, airssys_lock_kind kind, airssys_optional_u32 timeout_ms,
                               airssys_error *error) {
    filesystem_failure failure;
    if (!airssys_ext_filesystem_files_method_file_lock(borrow(file), (airssys_ext_filesystem_types_lock_kind_t)kind,
                                                       timeout_ms.has_value ? &timeout_ms.value : NULL, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    return airssys_internal_succeed(error);
}

airssys_code airssys_file_unlock(airssys_file file, airssys_error *error) {
    filesystem_failure failure;
    if (!airssys_ext_filesystem_files_method_file_unlock(borrow(file), &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    return airssys_internal_succeed(error);
}
