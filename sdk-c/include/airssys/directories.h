/**
 * @file
 * @brief Listing, creating, removing and searching directories.
 *
 * Needs the extension `ext-filesystem`. See filesystem_types.h for paths and for the *path errors*.
 */
#ifndef AIRSSYS_DIRECTORIES_H
#define AIRSSYS_DIRECTORIES_H

#include <airssys/error.h>
#include <airssys/filesystem_types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A cursor over one directory, so that a directory of any size can be listed in bounded memory. Owned by who opened it,
 * and closed by airssys_directory_cursor_close(). A copy of the struct is the same cursor and must not be closed a
 * second time.
 */
typedef struct airssys_directory_cursor {
    int32_t handle; /**< Private. 0 if it is closed. */
} airssys_directory_cursor;

/** One entry of a directory. */
typedef struct airssys_directory_entry {
    airssys_string name;    /**< One segment, without the path of the directory; never `.` or `..`. */
    airssys_file_type type; /**< What it is. A symbolic link is not followed. */
} airssys_directory_entry;

/** A list of entries. */
typedef struct airssys_directory_entry_list {
    const airssys_directory_entry *ptr; /**< The first element; NULL only if `len` is 0. */
    size_t len;                         /**< How many there are. */
} airssys_directory_entry_list;

/** What airssys_directories_find() looks for. */
typedef struct airssys_find_options {
    airssys_string pattern;         /**< A glob over the path below the root: `*`, `**` across segments, `?`. */
    airssys_optional_u32 max_depth; /**< How many levels; 1 is the root's own entries. None: all of them. */
    bool follow_links;              /**< Whether to go into directories that symbolic links point to. */
    airssys_optional_u32 limit;     /**< Stop after so many results. None: the host's limit, default 100,000. */
} airssys_find_options;

/** What is in a directory and everything below it. Owns nothing. */
typedef struct airssys_disk_usage {
    uint64_t files;       /**< How many entries are not directories; a symbolic link counts as one. */
    uint64_t directories; /**< How many entries are directories, without the root itself. */
    uint64_t bytes;       /**< The sizes of all regular files together, in bytes. */
} airssys_disk_usage;

/**
 * Frees an owned list with its names and makes it empty.
 * @param list Not NULL; an empty one is fine.
 */
void airssys_directory_entry_list_free(airssys_directory_entry_list *list);

/**
 * Opens a directory for listing it in pages. A component may have 256 files and cursors open by the host's default.
 *
 * Permission: `filesystem = [{ action = "list", path = "<path>" }]`.
 * @param path   Borrowed.
 * @param cursor Not NULL. Owned; close it with airssys_directory_cursor_close().
 * @param error  May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, a path error or ::AIRSSYS_TOO_MANY_OPEN_FILES.
 */
airssys_code airssys_directories_open_directory(airssys_string path, airssys_directory_cursor *cursor,
                                                airssys_error *error);

/**
 * Closes a cursor. One that is closed already is fine.
 * @param cursor Not NULL; is closed then.
 */
void airssys_directory_cursor_close(airssys_directory_cursor *cursor);

/**
 * Gives the next entries, in no particular order.
 *
 * Permission: none; held by the cursor.
 * @param cursor      Borrowed.
 * @param max_entries Most entries to give; the host has a limit of its own.
 * @param entries     Not NULL. Empty at the end, or if @p max_entries is 0. Owned; free it with
 *                    airssys_directory_entry_list_free().
 * @param error       May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or ::AIRSSYS_IO.
 */
airssys_code airssys_directory_cursor_next(airssys_directory_cursor cursor, uint32_t max_entries,
                                           airssys_directory_entry_list *entries, airssys_error *error);

/**
 * Gives all entries of a directory, sorted by the bytes of their names.
 *
 * Permission: `filesystem = [{ action = "list", path = "<path>" }]`.
 * @param path    Borrowed.
 * @param entries Not NULL. Owned; free it with airssys_directory_entry_list_free().
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, a path error, or ::AIRSSYS_QUOTA_EXCEEDED above the host's limit, default 100,000 entries.
 */
airssys_code airssys_directories_list_directory(airssys_string path, airssys_directory_entry_list *entries,
                                                airssys_error *error);

/**
 * Creates one directory, whose parent must exist.
 *
 * Permission: `filesystem = [{ action = "write", path = "<path>" }]`.
 * @param path  Borrowed.
 * @param error May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, a path error, ::AIRSSYS_ALREADY_EXISTS or ::AIRSSYS_QUOTA_EXCEEDED.
 */
airssys_code airssys_directories_create_directory(airssys_string path, airssys_error *error);

/**
 * Creates a directory and all that are missing on the way to it. One that exists already is fine.
 *
 * Permission: `filesystem = [{ action = "write", path = "<path>" }]` for each directory that is created.
 * @param path  Borrowed.
 * @param error May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, a path error, or ::AIRSSYS_QUOTA_EXCEEDED (directories created until then stay).
 */
airssys_code airssys_directories_create_directory_all(airssys_string path, airssys_error *error);

/**
 * Removes one empty directory.
 *
 * Permission: `filesystem = [{ action = "delete", path = "<path>" }]`.
 * @param path  Borrowed. A symbolic link to a directory is ::AIRSSYS_NOT_A_DIRECTORY.
 * @param error May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, a path error, ::AIRSSYS_DIRECTORY_NOT_EMPTY or ::AIRSSYS_INVALID_ARGUMENT (a mount's root).
 */
airssys_code airssys_directories_remove_directory(airssys_string path, airssys_error *error);

/**
 * Removes a directory and everything in it. Symbolic links in it are removed and not followed.
 *
 * Permission: `filesystem = [{ action = "delete", path = "<path>" }]` for it and everything in it. If it is missing for
 * one entry, nothing is removed.
 * @param path  Borrowed. A symbolic link to a directory is ::AIRSSYS_NOT_A_DIRECTORY.
 * @param error May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, a path error or ::AIRSSYS_INVALID_ARGUMENT (a mount's root).
 */
airssys_code airssys_directories_remove_directory_all(airssys_string path, airssys_error *error);

/**
 * Gives the absolute paths of everything below a directory that the options match. The root is not among them.
 *
 * Permission: `filesystem = [{ action = "list", path = "<path>" }]` for the root and each directory below it; one that
 * lacks it is skipped, which is no error.
 * @param root    Borrowed.
 * @param options Borrowed, not NULL.
 * @param paths   Not NULL. Owned; free it with airssys_string_list_free().
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, a path error, ::AIRSSYS_INVALID_ARGUMENT (the pattern) or ::AIRSSYS_QUOTA_EXCEEDED.
 */
airssys_code airssys_directories_find(airssys_string root, const airssys_find_options *options,
                                      airssys_string_list *paths, airssys_error *error);

/**
 * Counts the files and directories below a directory and adds up their sizes. Symbolic links are not followed.
 *
 * Permission: `filesystem = [{ action = "list", path = "<path>" }]` for the root and each directory below it.
 * @param root  Borrowed.
 * @param usage Not NULL. Owns nothing; nothing to free.
 * @param error May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or a path error.
 */
airssys_code airssys_directories_measure(airssys_string root, airssys_disk_usage *usage, airssys_error *error);

#ifdef __cplusplus
}
#endif

#endif
