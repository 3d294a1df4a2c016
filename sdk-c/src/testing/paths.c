/* paths: metadata, and the form of paths. */
#include <string.h>

#include "tree.h"

#define FAILURE(name) AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_##name

/* Finds what is at a path that may be read or listed. */
static bool look_at(const char *operation, airssys_bindings_string_t *path, fake_place *place,
                    fake_filesystem_failure *failure) {
    return airssys_fake_resolve(operation, path, AIRSSYS_FAKE_READ | AIRSSYS_FAKE_LIST, true, place, failure);
}

bool airssys_ext_filesystem_paths_get_metadata(airssys_bindings_string_t *path,
                                               airssys_ext_filesystem_types_file_metadata_t *result,
                                               fake_filesystem_failure *failure) {
    fake_place place;
    if (!look_at("ext-filesystem/paths.get-metadata", path, &place, failure) || !airssys_fake_exists(&place, failure)) {
        return false;
    }
    *result = airssys_fake_metadata(place.node);
    return true;
}

bool airssys_ext_filesystem_paths_get_link_metadata(airssys_bindings_string_t *path,
                                                    airssys_ext_filesystem_types_file_metadata_t *result,
                                                    fake_filesystem_failure *failure) {
    fake_place place;
    if (!look_at("ext-filesystem/paths.get-link-metadata", path, &place, failure) ||
        !airssys_fake_exists(&place, failure)) {
        return false;
    }
    *result = airssys_fake_metadata(place.node);
    return true;
}

bool airssys_ext_filesystem_paths_exists(airssys_bindings_string_t *path, bool *result,
                                         fake_filesystem_failure *failure) {
    fake_place place;
    if (!look_at("ext-filesystem/paths.exists", path, &place, failure)) {
        return false;
    }
    *result = place.node != NULL;
    return place.obstacle != FAILURE(NAME_TOO_LONG) || airssys_fake_has_parent(&place, failure);
}

/* Finds what is at a path that may be written. */
static bool change(const char *operation, airssys_bindings_string_t *path, fake_place *place,
                   fake_filesystem_failure *failure) {
    return airssys_fake_resolve(operation, path, AIRSSYS_FAKE_WRITE, false, place, failure) &&
           airssys_fake_exists(place, failure);
}

bool airssys_ext_filesystem_paths_set_permissions(airssys_bindings_string_t *path,
                                                  airssys_ext_filesystem_types_file_permissions_t permissions,
                                                  fake_filesystem_failure *failure) {
    fake_place place;
    if (!change("ext-filesystem/paths.set-permissions", path, &place, failure)) {
        return false;
    }
    place.node->permissions = permissions;
    return true;
}

static void set_time(airssys_timestamp *time, const airssys_ext_filesystem_types_file_time_t *change,
                     airssys_timestamp now) {
    if (change->tag == AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TIME_NOW) {
        *time = now;
    } else if (change->tag == AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TIME_AT) {
        *time = airssys_internal_timestamp(change->val.at);
    }
}

bool airssys_ext_filesystem_paths_set_times(airssys_bindings_string_t *path,
                                            airssys_ext_filesystem_types_file_times_t *times,
                                            fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/paths.set-times";
    airssys_fake_host *host = airssys_fake_current(OPERATION);
    const airssys_ext_filesystem_types_file_time_t *both[] = {&times->accessed, &times->modified};
    for (size_t i = 0; i < 2; i++) {
        if (both[i]->tag == AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TIME_AT && both[i]->val.at.nanoseconds >= 1000000000) {
            return airssys_fake_fail(failure, FAILURE(INVALID_ARGUMENT),
                                     AIRSSYS_STRING("a time has less than 1,000,000,000 nanoseconds"));
        }
    }
    fake_place place;
    if (!change(OPERATION, path, &place, failure)) {
        return false;
    }
    set_time(&place.node->accessed, &times->accessed, host->now);
    set_time(&place.node->modified, &times->modified, host->now);
    return true;
}

bool airssys_ext_filesystem_paths_create_symlink(airssys_bindings_string_t *target, airssys_bindings_string_t *link,
                                                 fake_filesystem_failure *failure) {
    (void)target;
    (void)link;
    return airssys_fake_fail(failure, FAILURE(UNSUPPORTED),
                             AIRSSYS_STRING("the fake host has no symbolic links: paths.create-symlink"));
}

bool airssys_ext_filesystem_paths_read_symlink(airssys_bindings_string_t *link, airssys_bindings_string_t *result,
                                               fake_filesystem_failure *failure) {
    (void)link;
    (void)result;
    return airssys_fake_fail(failure, FAILURE(UNSUPPORTED),
                             AIRSSYS_STRING("the fake host has no symbolic links: paths.read-symlink"));
}

bool airssys_ext_filesystem_paths_canonicalize(airssys_bindings_string_t *path, airssys_bindings_string_t *result,
                                               fake_filesystem_failure *failure) {
    fake_place place;
    if (!look_at("ext-filesystem/paths.canonicalize", path, &place, failure) || !airssys_fake_exists(&place, failure)) {
        return false;
    }
    *result = airssys_fake_give_string(airssys_string_from_c(place.path));
    return true;
}

static bool normalize(airssys_bindings_string_t *path, char *normal, fake_filesystem_failure *failure) {
    const char *problem;
    airssys_string given = airssys_fake_see_string(*path);
    uint8_t tag = airssys_fake_normalize(given, normal, &problem);
    return tag == FAKE_NO_FAILURE ||
           airssys_fake_fail(failure, tag, problem != NULL ? airssys_string_from_c(problem) : given);
}

bool airssys_ext_filesystem_paths_normalize(airssys_bindings_string_t *path, airssys_bindings_string_t *result,
                                            fake_filesystem_failure *failure) {
    char normal[FAKE_MAX_PATH_BYTES + 1];
    if (!normalize(path, normal, failure)) {
        return false;
    }
    *result = airssys_fake_give_string(airssys_string_from_c(normal));
    return true;
}

bool airssys_ext_filesystem_paths_relative_to(airssys_bindings_string_t *path, airssys_bindings_string_t *base,
                                              airssys_bindings_string_t *result, fake_filesystem_failure *failure) {
    char normal[FAKE_MAX_PATH_BYTES + 1];
    char normal_base[FAKE_MAX_PATH_BYTES + 1];
    if (!normalize(path, normal, failure) || !normalize(base, normal_base, failure)) {
        return false;
    }
    if (!airssys_fake_is_within(normal, normal_base)) {
        return airssys_fake_fail(failure, FAILURE(INVALID_ARGUMENT), AIRSSYS_STRING("the path is not under the base"));
    }
    const char *rest = normal + (strcmp(normal_base, "/") == 0 ? 0 : strlen(normal_base));
    *result = airssys_fake_give_string(airssys_string_from_c(*rest == '/' ? rest + 1 : rest));
    return true;
}
