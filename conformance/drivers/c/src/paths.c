/* The export paths: each function forwards to the SDK. */
#include "convert.h"

typedef airssys_ext_filesystem_types_filesystem_error_t filesystem_failure;

bool exports_airssys_ext_filesystem_paths_get_metadata(airssys_bindings_string_t *path,
                                                       airssys_ext_filesystem_types_file_metadata_t *result,
                                                       filesystem_failure *failure) {
    airssys_file_metadata metadata;
    airssys_error error;
    airssys_code code = airssys_paths_get_metadata(view_string(path), &metadata, &error);
    airssys_bindings_string_free(path);
    *result = give_file_metadata(&metadata);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_paths_get_link_metadata(airssys_bindings_string_t *path,
                                                            airssys_ext_filesystem_types_file_metadata_t *result,
                                                            filesystem_failure *failure) {
    airssys_file_metadata metadata;
    airssys_error error;
    airssys_code code = airssys_paths_get_link_metadata(view_string(path), &metadata, &error);
    airssys_bindings_string_free(path);
    *result = give_file_metadata(&metadata);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_paths_exists(airssys_bindings_string_t *path, bool *result,
                                                 filesystem_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_paths_exists(view_string(path), result, &error);
    airssys_bindings_string_free(path);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

static airssys_file_permissions file_permissions(airssys_ext_filesystem_types_file_permissions_t permissions) {
    static const struct {
        unsigned from;
        airssys_file_permissions to;
    } PAIRS[] = {
        {AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_PERMISSIONS_OWNER_READ, AIRSSYS_OWNER_READ},
        {AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_PERMISSIONS_OWNER_WRITE, AIRSSYS_OWNER_WRITE},
        {AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_PERMISSIONS_OWNER_EXECUTE, AIRSSYS_OWNER_EXECUTE},
        {AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_PERMISSIONS_GROUP_READ, AIRSSYS_GROUP_READ},
        {AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_PERMISSIONS_GROUP_WRITE, AIRSSYS_GROUP_WRITE},
        {AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_PERMISSIONS_GROUP_EXECUTE, AIRSSYS_GROUP_EXECUTE},
        {AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_PERMISSIONS_OTHER_READ, AIRSSYS_OTHER_READ},
        {AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_PERMISSIONS_OTHER_WRITE, AIRSSYS_OTHER_WRITE},
        {AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_PERMISSIONS_OTHER_EXECUTE, AIRSSYS_OTHER_EXECUTE},
    };
    airssys_file_permissions converted = 0;
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
        converted |= (permissions & PAIRS[i].from) != 0 ? PAIRS[i].to : 0;
    }
    return converted;
}

bool exports_airssys_ext_filesystem_paths_set_permissions(airssys_bindings_string_t *path,
                                                          airssys_ext_filesystem_types_file_permissions_t permissions,
                                                          filesystem_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_paths_set_permissions(view_string(path), file_permissions(permissions), &error);
    airssys_bindings_string_free(path);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

static airssys_file_time file_time(const airssys_ext_filesystem_types_file_time_t *time) {
    switch (time->tag) {
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TIME_NOW:
        return (airssys_file_time){.kind = AIRSSYS_FILE_TIME_NOW};
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TIME_AT:
        return (airssys_file_time){AIRSSYS_FILE_TIME_AT, {time->val.at.seconds, time->val.at.nanoseconds}};
    default:
        return (airssys_file_time){.kind = AIRSSYS_FILE_TIME_UNCHANGED};
    }
}

bool exports_airssys_ext_filesystem_paths_set_times(airssys_bindings_string_t *path,
                                                    airssys_ext_filesystem_types_file_times_t *times,
                                                    filesystem_failure *failure) {
    airssys_file_times viewed = {file_time(&times->accessed), file_time(&times->modified)};
    airssys_error error;
    airssys_code code = airssys_paths_set_times(view_string(path), &viewed, &error);
    airssys_bindings_string_free(path);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_paths_create_symlink(airssys_bindings_string_t *target,
                                                         airssys_bindings_string_t *link, filesystem_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_paths_create_symlink(view_string(target), view_string(link), &error);
    airssys_bindings_string_free(target);
    airssys_bindings_string_free(link);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_paths_read_symlink(airssys_bindings_string_t *link,
                                                       airssys_bindings_string_t *result, filesystem_failure *failure) {
    airssys_string target;
    airssys_error error;
    airssys_code code = airssys_paths_read_symlink(view_string(link), &target, &error);
    airssys_bindings_string_free(link);
    *result = give_string(target);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_paths_canonicalize(airssys_bindings_string_t *path,
                                                       airssys_bindings_string_t *result, filesystem_failure *failure) {
    airssys_string canonical;
    airssys_error error;
    airssys_code code = airssys_paths_canonicalize(view_string(path), &canonical, &error);
    airssys_bindings_string_free(path);
    *result = give_string(canonical);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_paths_normalize(airssys_bindings_string_t *path, airssys_bindings_string_t *result,
                                                    filesystem_failure *failure) {
    airssys_string normalized;
    airssys_error error;
    airssys_code code = airssys_paths_normalize(view_string(path), &normalized, &error);
    airssys_bindings_string_free(path);
    *result = give_string(normalized);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}

bool exports_airssys_ext_filesystem_paths_relative_to(airssys_bindings_string_t *path, airssys_bindings_string_t *base,
                                                      airssys_bindings_string_t *result, filesystem_failure *failure) {
    airssys_string relative;
    airssys_error error;
    airssys_code code = airssys_paths_relative_to(view_string(path), view_string(base), &relative, &error);
    airssys_bindings_string_free(path);
    airssys_bindings_string_free(base);
    *result = give_string(relative);
    return code == AIRSSYS_OK ? true : give_filesystem_error(&error, failure);
}
