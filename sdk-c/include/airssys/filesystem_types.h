/**
 * @file
 * @brief What files.h, directories.h and paths.h share.
 *
 * **Paths** are absolute guest paths: UTF-8, segments separated by `/`, without NUL, at most 4,096 bytes and each
 * segment at most 255. They lie under the directories that the host mounts for the component. Permissions are checked
 * on the path with `..` and symbolic links resolved, and hold for what is really opened.
 *
 * **Path errors.** Every operation that takes a path to something in the filesystem can give, besides the codes that
 * its documentation lists: ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_NOT_FOUND, ::AIRSSYS_INVALID_PATH (also for a path
 * with a NUL, and for one that is not UTF-8), ::AIRSSYS_NOT_A_DIRECTORY, ::AIRSSYS_TOO_MANY_LINKS,
 * ::AIRSSYS_NAME_TOO_LONG and ::AIRSSYS_IO.
 */
#ifndef AIRSSYS_FILESYSTEM_TYPES_H
#define AIRSSYS_FILESYSTEM_TYPES_H

#include <airssys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What something in the filesystem is. */
typedef enum airssys_file_type {
    AIRSSYS_FILE_TYPE_REGULAR,       /**< A file with content. */
    AIRSSYS_FILE_TYPE_DIRECTORY,     /**< A directory. */
    AIRSSYS_FILE_TYPE_SYMBOLIC_LINK, /**< A symbolic link. */
    AIRSSYS_FILE_TYPE_OTHER          /**< Something else, such as a socket, a pipe or a device. */
} airssys_file_type;

/** Bits of ::airssys_file_permissions. A host without them shows, and sets, only whether a file is read-only. */
enum {
    AIRSSYS_OWNER_READ = 1 << 0,    /**< The owner may read. */
    AIRSSYS_OWNER_WRITE = 1 << 1,   /**< The owner may write. */
    AIRSSYS_OWNER_EXECUTE = 1 << 2, /**< The owner may execute, or for a directory pass through. */
    AIRSSYS_GROUP_READ = 1 << 3,    /**< The group may read. */
    AIRSSYS_GROUP_WRITE = 1 << 4,   /**< The group may write. */
    AIRSSYS_GROUP_EXECUTE = 1 << 5, /**< The group may execute, or for a directory pass through. */
    AIRSSYS_OTHER_READ = 1 << 6,    /**< Others may read. */
    AIRSSYS_OTHER_WRITE = 1 << 7,   /**< Others may write. */
    AIRSSYS_OTHER_EXECUTE = 1 << 8  /**< Others may execute, or for a directory pass through. */
};

/** POSIX permission bits, as `AIRSSYS_OWNER_READ | AIRSSYS_GROUP_READ`. Not the numbers of `chmod`. */
typedef uint32_t airssys_file_permissions;

/** What the filesystem knows about a file, directory or link apart from its content. Owns nothing. */
typedef struct airssys_file_metadata {
    airssys_file_type type;               /**< What it is. */
    uint64_t size;                        /**< Size in bytes. Of use for regular files. */
    airssys_file_permissions permissions; /**< Its permission bits. */
    uint64_t links;                       /**< How many hard links it has. */
    airssys_optional_timestamp accessed;  /**< When it was last read, if the filesystem keeps it. */
    airssys_optional_timestamp modified;  /**< When its content last changed, if the filesystem keeps it. */
    airssys_optional_timestamp created;   /**< When it was created, if the filesystem keeps it. */
} airssys_file_metadata;

#ifdef __cplusplus
}
#endif

#endif
