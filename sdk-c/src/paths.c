#include <airssys/paths.h>

#include <assert.h>

#include "conversions.h"

static_assert(AIRSSYS_OWNER_READ == AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_PERMISSIONS_OWNER_READ &&
                  AIRSSYS_OTHER_EXECUTE == AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_PERMISSIONS_OTHER_EXECUTE,
              "permission bits are those of the contract");
static_assert((int)AIRSSYS_FILE_TIME_UNCHANGED == AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TIME_UNCHANGED &&
                  (int)AIRSSYS_FILE_TIME_NOW == AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TIME_NOW &&
                  (int)AIRSSYS_FILE_TIME_AT == AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TIME_AT,
              "kinds of file times are in the contract's order");
static_assert((int)AIRSSYS_FILE_TYPE_REGULAR == AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TYPE_REGULAR &&
                  (int)AIRSSYS_FILE_TYPE_DIRECTORY == AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TYPE_DIRECTORY &&
                  (int)AIRSSYS_FILE_TYPE_SYMBOLIC_LINK == AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TYPE_SYMBOLIC_LINK &&
                  (int)AIRSSYS_FILE_TYPE_OTHER == AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TYPE_OTHER,
              "file types are in the contract's order");

/* The imports that take one path and give metadata. */
typedef bool metadata_import(airssys_bindings_string_t *path, airssys_ext_filesystem_types_file_metadata_t *metadata,
                             airssys_ext_filesystem_types_filesystem_error_t *failure);

static airssys_code get_metadata(metadata_import *import, airssys_string path, airssys_file_metadata *metadata,
                                 airssys_error *error) {
    *metadata = (airssys_file_metadata){.size = 0};
    if (!airssys_internal_accept_path(path, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    airssys_bindings_string_t lent = airssys_internal_lend_string(path);
    airssys_ext_filesystem_types_file_metadata_t found;
    airssys_ext_filesystem_types_filesystem_error_t failure;
    if (!import(&lent, &found, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    *metadata = airssys_internal_file_metadata(&found);
    return airssys_internal_succeed(error);
}

airssys_code airssys_paths_get_metadata(airssys_string path, airssys_file_metadata *metadata, airssys_error *error) {
    return get_metadata(airssys_ext_filesystem_paths_get_metadata, path, metadata, error);
}

airssys_code airssys_paths_get_link_metadata(airssys_string path, airssys_file_metadata *metadata,
                                             airssys_error *error) {
    return get_metadata(airssys_ext_filesystem_paths_get_link_metadata, path, metadata, error);
}

airssys_code airssys_paths_exists(airssys_string path, bool *exists, airssys_error *error) {
    *exists = false;
    if (!airssys_internal_accept_path(path, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    airssys_bindings_string_t lent = airssys_internal_lend_string(path);
    airssys_ext_filesystem_types_filesystem_error_t failure;
    bool found;
    if (!airssys_ext_filesystem_paths_exists(&lent, &found, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    *exists = found;
    return airssys_internal_succeed(error);
}

airssys_code airssys_paths_set_permissions(airssys_string path, airssys_file_permissions permissions,
                                           airssys_error *error) {
    if (!airssys_internal_accept_path(path, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    airssys_bindings_string_t lent = airssys_internal_lend_string(path);
    airssys_ext_filesystem_types_filesystem_error_t failure;
    if (!airssys_ext_filesystem_paths_set_permissions(
            &lent, (airssys_ext_filesystem_types_file_permissions_t)permissions, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    return airssys_internal_succeed(error);
}

static airssys_ext_filesystem_types_file_time_t file_time(airssys_file_time time) {
    airssys_ext_filesystem_types_file_time_t converted = {.tag = (uint8_t)time.kind};
    if (time.kind == AIRSSYS_FILE_TIME_AT) {
        converted.val.at = (airssys_ext_filesystem_types_timestamp_t){time.at.seconds, time.at.nanoseconds};
    }
    return converted;
}

airssys_code airssys_paths_set_times(airssys_string path, const airssys_file_times *times, airssys_error *error) {
    if (!airssys_internal_accept_path(path, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    airssys_bindings_string_t lent = airssys_internal_lend_string(path);
    airssys_ext_filesystem_types_file_times_t lent_times = {file_time(times->accessed), file_time(times->modified)};
    airssys_ext_filesystem_types_filesystem_error_t failure;
    if (!airssys_ext_filesystem_paths_set_times(&lent, &lent_times, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    return airssys_internal_succeed(error);
}

airssys_code airssys_paths_create_symlink(airssys_string target, airssys_string link, airssys_error *error) {
    if (!airssys_internal_accept_path(target, error) || !airssys_internal_accept_path(link, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    airssys_bindings_string_t lent_target = airssys_internal_lend_string(target);
    airssys_bindings_string_t lent_link = airssys_internal_lend_string(link);
    airssys_ext_filesystem_types_filesystem_error_t failure;
    if (!airssys_ext_filesystem_paths_create_symlink(&lent_target, &lent_link, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    return airssys_internal_succeed(error);
}

/* The imports that take one path and give another. */
typedef bool path_import(airssys_bindings_string_t *path, airssys_bindings_string_t *result,
                         airssys_ext_filesystem_types_filesystem_error_t *failure);

static airssys_code get_path(path_import *import, airssys_string path, airssys_string *result, airssys_error *error) {
    *result = (airssys_string){NULL, 0};
    if (!airssys_internal_accept_path(path, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    airssys_bindings_string_t lent = airssys_internal_lend_string(path);
    airssys_bindings_string_t found;
    airssys_ext_filesystem_types_filesystem_error_t failure;
    if (!import(&lent, &found, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    *result = airssys_internal_take_string(found);
    return airssys_internal_succeed(error);
}

airssys_code airssys_paths_read_symlink(airssys_string link, airssys_string *target, airssys_error *error) {
    return get_path(airssys_ext_filesystem_paths_read_symlink, link, target, error);
}

airssys_code airssys_paths_canonicalize(airssys_string path, airssys_string *canonical, airssys_error *error) {
    return get_path(airssys_ext_filesystem_paths_canonicalize, path, canonical, error);
}

airssys_code airssys_paths_normalize(airssys_string path, airssys_string *normalized, airssys_error *error) {
    return get_path(airssys_ext_filesystem_paths_normalize, path, normalized, error);
}

airssys_code airssys_paths_relative_to(airssys_string path, airssys_string base, airssys_string *relative,
                                       airssys_error *error) {
    *relative = (airssys_string){NULL, 0};
    if (!airssys_internal_accept_path(path, error) || !airssys_internal_accept_path(base, error)) {
        return AIRSSYS_INVALID_PATH;
    }
    airssys_bindings_string_t lent_path = airssys_internal_lend_string(path);
    airssys_bindings_string_t lent_base = airssys_internal_lend_string(base);
    airssys_bindings_string_t found;
    airssys_ext_filesystem_types_filesystem_error_t failure;
    if (!airssys_ext_filesystem_paths_relative_to(&lent_path, &lent_base, &found, &failure)) {
        return airssys_internal_take_filesystem_error(&failure, error);
    }
    *relative = airssys_internal_take_string(found);
    return airssys_internal_succeed(error);
}
