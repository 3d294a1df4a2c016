/**
 * @file
 * @brief Metadata, symbolic links and the form of paths.
 *
 * Needs the extension `ext-filesystem`. See filesystem_types.h for paths and for the *path errors*.
 */
#ifndef AIRSSYS_PATHS_H
#define AIRSSYS_PATHS_H

#include <airssys/error.h>
#include <airssys/filesystem_types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The kinds of ::airssys_file_time. */
typedef enum airssys_file_time_kind {
    AIRSSYS_FILE_TIME_UNCHANGED, /**< Leaves it as it is. */
    AIRSSYS_FILE_TIME_NOW,       /**< Sets it to the host's present time. */
    AIRSSYS_FILE_TIME_AT         /**< Sets it to airssys_file_time::at. */
} airssys_file_time_kind;

/** What airssys_paths_set_times() does with one of the times. All zeros leaves it as it is. */
typedef struct airssys_file_time {
    airssys_file_time_kind kind; /**< What happens. */
    airssys_timestamp at;        /**< Of ::AIRSSYS_FILE_TIME_AT: the time. */
} airssys_file_time;

/** The times that airssys_paths_set_times() sets. */
typedef struct airssys_file_times {
    airssys_file_time accessed; /**< The time of the last read. */
    airssys_file_time modified; /**< The time of the last change of the content. */
} airssys_file_times;

/**
 * Gives the metadata of what a path leads to. Symbolic links are followed; a dangling one is ::AIRSSYS_NOT_FOUND.
 *
 * Permission: `filesystem = [{ action = "read", path = "<path>" }]`, or the same with `list`.
 * @param path     Borrowed.
 * @param metadata Not NULL. Owns nothing; nothing to free.
 * @param error    May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or a path error.
 */
airssys_code airssys_paths_get_metadata(airssys_string path, airssys_file_metadata *metadata, airssys_error *error);

/**
 * Gives the metadata of what is at a path. If that is a symbolic link, it is not followed.
 *
 * Permission: `filesystem = [{ action = "read", path = "<path>" }]`, or the same with `list`.
 * @param path     Borrowed.
 * @param metadata Not NULL. Owns nothing; nothing to free.
 * @param error    May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or a path error.
 */
airssys_code airssys_paths_get_link_metadata(airssys_string path, airssys_file_metadata *metadata,
                                             airssys_error *error);

/**
 * Says whether there is something at a path. Symbolic links are followed: a dangling one gives false. A missing
 * permission is an error and never false.
 *
 * Permission: `filesystem = [{ action = "read", path = "<path>" }]`, or the same with `list`.
 * @param path   Borrowed.
 * @param exists Not NULL. False after an error.
 * @param error  May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or a path error, but never ::AIRSSYS_NOT_FOUND or ::AIRSSYS_NOT_A_DIRECTORY.
 */
airssys_code airssys_paths_exists(airssys_string path, bool *exists, airssys_error *error);

/**
 * Sets the permission bits of a file or directory. Symbolic links are followed.
 *
 * Permission: `filesystem = [{ action = "write", path = "<path>" }]`.
 * @param path        Borrowed.
 * @param permissions All the bits it shall have.
 * @param error       May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, a path error or ::AIRSSYS_UNSUPPORTED.
 */
airssys_code airssys_paths_set_permissions(airssys_string path, airssys_file_permissions permissions,
                                           airssys_error *error);

/**
 * Sets the times of a file or directory. Symbolic links are followed.
 *
 * Permission: `filesystem = [{ action = "write", path = "<path>" }]`.
 * @param path  Borrowed.
 * @param times Borrowed, not NULL. The filesystem may keep them less precisely.
 * @param error May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, a path error, or ::AIRSSYS_INVALID_ARGUMENT for a time that cannot be expressed.
 */
airssys_code airssys_paths_set_times(airssys_string path, const airssys_file_times *times, airssys_error *error);

/**
 * Creates a symbolic link. Its target need not exist; one outside of the mounts is denied whatever the permissions.
 *
 * Permission: `filesystem = [{ action = "write", path = "<link>" }]` and
 * `filesystem = [{ action = "read", path = "<target>" }]`.
 * @param target What it points to. Borrowed.
 * @param link   Where it is. Borrowed.
 * @param error  May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, a path error, ::AIRSSYS_ALREADY_EXISTS, ::AIRSSYS_UNSUPPORTED or ::AIRSSYS_QUOTA_EXCEEDED.
 */
airssys_code airssys_paths_create_symlink(airssys_string target, airssys_string link, airssys_error *error);

/**
 * Gives the path that a symbolic link points to, not resolved any further.
 *
 * Permission: `filesystem = [{ action = "read", path = "<link>" }]`.
 * @param link   Borrowed.
 * @param target Not NULL. Owned; free it with airssys_string_free().
 * @param error  May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, a path error, or ::AIRSSYS_INVALID_ARGUMENT if it is something else than a link.
 */
airssys_code airssys_paths_read_symlink(airssys_string link, airssys_string *target, airssys_error *error);

/**
 * Gives the path with all symbolic links, `.` and `..` resolved. There must be something at it.
 *
 * Permission: `filesystem = [{ action = "read", path = "<path>" }]`, or the same with `list`.
 * @param path      Borrowed.
 * @param canonical Not NULL. Owned; free it with airssys_string_free().
 * @param error     May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or a path error; ::AIRSSYS_TOO_MANY_LINKS for a loop, or more than 40 links.
 */
airssys_code airssys_paths_canonicalize(airssys_string path, airssys_string *canonical, airssys_error *error);

/**
 * Gives the path without `.`, `..`, repeated `/` and a `/` at the end. `..` above the root stays at the root. It works
 * on the text only: nothing need exist, and no link is resolved.
 *
 * Permission: none.
 * @param path       Borrowed.
 * @param normalized Not NULL. Owned; free it with airssys_string_free().
 * @param error      May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_INVALID_PATH or ::AIRSSYS_NAME_TOO_LONG.
 */
airssys_code airssys_paths_normalize(airssys_string path, airssys_string *normalized, airssys_error *error);

/**
 * Gives the part of a path after a base, without a `/` before it; empty if the two are the same. It works on the text
 * only, after both are normalized.
 *
 * Permission: none.
 * @param path     Borrowed.
 * @param base     Borrowed.
 * @param relative Not NULL. Owned; free it with airssys_string_free().
 * @param error    May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_INVALID_ARGUMENT (not under the base), ::AIRSSYS_INVALID_PATH or
 *         ::AIRSSYS_NAME_TOO_LONG.
 */
airssys_code airssys_paths_relative_to(airssys_string path, airssys_string base, airssys_string *relative,
                                       airssys_error *error);

#ifdef __cplusplus
}
#endif

#endif
