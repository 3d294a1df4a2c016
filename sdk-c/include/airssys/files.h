/**
 * @file
 * @brief Opening, reading and writing files, and copying, renaming and deleting them.
 *
 * Needs the extension `ext-filesystem`. See filesystem_types.h for paths and for the *path errors*.
 */
#ifndef AIRSSYS_FILES_H
#define AIRSSYS_FILES_H

#include <airssys/error.h>
#include <airssys/filesystem_types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * An open file. Its permissions were checked by airssys_files_open() and are not checked again. It refers to the file
 * and not to the path: it still reads and writes after the path was renamed or deleted.
 *
 * Owned by who opened it, and closed by airssys_file_close(). A copy of the struct is the same handle and must not be
 * closed a second time.
 */
typedef struct airssys_file {
    int32_t handle; /**< Private. 0 if it is closed. */
} airssys_file;

/** Bits of ::airssys_open_flags. At least one of read, write and append must be set. */
enum {
    AIRSSYS_OPEN_READ = 1 << 0,       /**< It can be read. Needs the permission `read`. */
    AIRSSYS_OPEN_WRITE = 1 << 1,      /**< It can be written. Needs the permission `write`. */
    AIRSSYS_OPEN_APPEND = 1 << 2,     /**< It can be written, always at the end. Needs the permission `write`. */
    AIRSSYS_OPEN_CREATE = 1 << 3,     /**< Creates it if it is missing. Needs the permission `write`. */
    AIRSSYS_OPEN_CREATE_NEW = 1 << 4, /**< Creates it, and fails if anything is there. Needs `write`. */
    AIRSSYS_OPEN_TRUNCATE = 1 << 5,   /**< Cuts an existing file to length 0. Only together with write. */
    AIRSSYS_OPEN_NO_FOLLOW = 1 << 6   /**< Fails with ::AIRSSYS_TOO_MANY_LINKS on a symbolic link. */
};

/** How a file is opened, as `AIRSSYS_OPEN_READ | AIRSSYS_OPEN_WRITE`. */
typedef uint32_t airssys_open_flags;

/** Where airssys_file_seek() counts from. Unsigned, since not every language can pass a negative number unharmed. */
typedef enum airssys_seek_from {
    AIRSSYS_SEEK_START,     /**< This many bytes after the start of the file. */
    AIRSSYS_SEEK_FORWARD,   /**< This many bytes after the present position. */
    AIRSSYS_SEEK_BACKWARD,  /**< This many bytes before the present position. */
    AIRSSYS_SEEK_BEFORE_END /**< This many bytes before the end of the file. */
} airssys_seek_from;

/** Where airssys_file_seek_offset() counts from. */
typedef enum airssys_whence {
    AIRSSYS_WHENCE_START,   /**< The start of the file, as `SEEK_SET`. */
    AIRSSYS_WHENCE_CURRENT, /**< The present position, as `SEEK_CUR`. */
    AIRSSYS_WHENCE_END      /**< The end of the file, as `SEEK_END`. */
} airssys_whence;

/** What airssys_file_sync() brings to the device. */
typedef enum airssys_sync_kind {
    AIRSSYS_SYNC_DATA, /**< The content, and of the metadata what is needed to read it again. */
    AIRSSYS_SYNC_ALL   /**< The content and all metadata. */
} airssys_sync_kind;

/** How a lock is held. Locks keep out other locks, not reads and writes. */
typedef enum airssys_lock_kind {
    AIRSSYS_LOCK_SHARED,   /**< Several handles may hold it at once. */
    AIRSSYS_LOCK_EXCLUSIVE /**< One handle holds it, and no other holds any. */
} airssys_lock_kind;

/** What happens when there is already something at the destination. */
typedef enum airssys_on_existing {
    AIRSSYS_ON_EXISTING_FAIL,   /**< It fails with ::AIRSSYS_ALREADY_EXISTS and changes nothing. */
    AIRSSYS_ON_EXISTING_REPLACE /**< What is there is replaced. */
} airssys_on_existing;

/**
 * Opens a file, with the position at the start. A component may have 256 files and cursors open by the host's default.
 *
 * Permission: `filesystem = [{ action = "read", path = "<path>" }]` for ::AIRSSYS_OPEN_READ, and the same with `write`
 * for every other flag but ::AIRSSYS_OPEN_NO_FOLLOW.
 * @param path  Borrowed.
 * @param flags How.
 * @param file  Not NULL. Owned; close it with airssys_file_close().
 * @param error May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, a path error, ::AIRSSYS_ALREADY_EXISTS (create-new), ::AIRSSYS_IS_A_DIRECTORY,
 *         ::AIRSSYS_INVALID_ARGUMENT (no access, or truncate without write), ::AIRSSYS_TOO_MANY_OPEN_FILES or
 *         ::AIRSSYS_QUOTA_EXCEEDED.
 */
airssys_code airssys_files_open(airssys_string path, airssys_open_flags flags, airssys_file *file,
                                airssys_error *error);

/**
 * Closes a file and releases its lock. One that is closed already is fine.
 * @param file Not NULL; is closed then.
 */
void airssys_file_close(airssys_file *file);

/**
 * Reads a whole file.
 *
 * Permission: `filesystem = [{ action = "read", path = "<path>" }]`.
 * @param path    Borrowed.
 * @param content Not NULL. Owned; free it with airssys_bytes_free().
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, a path error, ::AIRSSYS_IS_A_DIRECTORY, or ::AIRSSYS_QUOTA_EXCEEDED if the file is larger than
 *         the host's limit, default 64 MiB.
 */
airssys_code airssys_files_read_file(airssys_string path, airssys_bytes *content, airssys_error *error);

/**
 * Creates a file with this content or replaces the content of one, atomically: a reader sees the old content or the
 * new, never a part. A symbolic link is followed.
 *
 * Permission: `filesystem = [{ action = "write", path = "<path>" }]`.
 * @param path    Borrowed.
 * @param content Borrowed.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, a path error, ::AIRSSYS_IS_A_DIRECTORY, or ::AIRSSYS_QUOTA_EXCEEDED (the old content stays).
 */
airssys_code airssys_files_write_file(airssys_string path, airssys_bytes content, airssys_error *error);

/**
 * Writes to the end of a file, and creates it if there is none. What two writers append at the same time does not
 * interleave within one call.
 *
 * Permission: `filesystem = [{ action = "write", path = "<path>" }]`.
 * @param path    Borrowed.
 * @param content Borrowed.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, a path error, ::AIRSSYS_IS_A_DIRECTORY or ::AIRSSYS_QUOTA_EXCEEDED.
 */
airssys_code airssys_files_append_file(airssys_string path, airssys_bytes content, airssys_error *error);

/**
 * Deletes a file. Of a symbolic link it deletes the link.
 *
 * Permission: `filesystem = [{ action = "delete", path = "<path>" }]`.
 * @param path  Borrowed.
 * @param error May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, a path error or ::AIRSSYS_IS_A_DIRECTORY.
 */
airssys_code airssys_files_delete_file(airssys_string path, airssys_error *error);

/**
 * Copies the content of a file to another. Symbolic links are followed.
 *
 * Permission: `filesystem = [{ action = "read", path = "<source>" }]` and
 * `filesystem = [{ action = "write", path = "<destination>" }]`.
 * @param source      Borrowed.
 * @param destination Borrowed.
 * @param on_existing What happens when there is something at the destination.
 * @param copied      Gets the number of bytes copied. May be NULL.
 * @param error       May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, a path error, ::AIRSSYS_ALREADY_EXISTS, ::AIRSSYS_IS_A_DIRECTORY, ::AIRSSYS_INVALID_ARGUMENT
 *         (the two are the same file) or ::AIRSSYS_QUOTA_EXCEEDED.
 */
airssys_code airssys_files_copy_file(airssys_string source, airssys_string destination, airssys_on_existing on_existing,
                                     uint64_t *copied, airssys_error *error);

/**
 * Moves a file, directory or symbolic link to another path of the same mount, atomically. When it replaces, a file
 * takes the place of a file, and a directory that of an empty directory.
 *
 * Permission: `filesystem = [{ action = "delete", path = "<source>" }]` and
 * `filesystem = [{ action = "write", path = "<destination>" }]`.
 * @param source      Borrowed.
 * @param destination Borrowed.
 * @param on_existing What happens when there is something at the destination.
 * @param error       May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, a path error, ::AIRSSYS_ALREADY_EXISTS, ::AIRSSYS_DIRECTORY_NOT_EMPTY,
 *         ::AIRSSYS_IS_A_DIRECTORY, ::AIRSSYS_CROSS_DEVICE or ::AIRSSYS_INVALID_ARGUMENT (a mount's root, or
 *         into itself).
 */
airssys_code airssys_files_rename(airssys_string source, airssys_string destination, airssys_on_existing on_existing,
                                  airssys_error *error);

/**
 * Reads from the present position, and moves it behind what was read.
 *
 * Permission: none; held by the handle.
 * @param file      Borrowed, open for reading.
 * @param max_bytes Most bytes to read; the host's own limit is 16 MiB by default.
 * @param data      Not NULL. May be less than there is; empty at the end of the file, or if @p max_bytes is 0. Owned;
 *                  free it with airssys_bytes_free().
 * @param error     May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_INVALID_ARGUMENT (not open for reading) or ::AIRSSYS_IO.
 */
airssys_code airssys_file_read(airssys_file file, uint32_t max_bytes, airssys_bytes *data, airssys_error *error);

/**
 * Reads from @p offset. The position stays where it is. Otherwise as airssys_file_read().
 * @param file      Borrowed, open for reading.
 * @param offset    In bytes from the start of the file. At or past the end there is nothing to read.
 * @param max_bytes Most bytes to read; the host's own limit is 16 MiB by default.
 * @param data      Not NULL. Owned; free it with airssys_bytes_free().
 * @param error     May be NULL. Free it with airssys_error_free().
 */
airssys_code airssys_file_read_at(airssys_file file, uint64_t offset, uint32_t max_bytes, airssys_bytes *data,
                                  airssys_error *error);

/**
 * Writes at the present position, or at the end of a file open for appending, and moves the position behind it.
 *
 * Permission: none; held by the handle.
 * @param file    Borrowed, open for writing or appending.
 * @param data    Borrowed.
 * @param written Gets how many bytes were written, which may be less than given. May be NULL.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_INVALID_ARGUMENT (not open for writing), ::AIRSSYS_QUOTA_EXCEEDED or ::AIRSSYS_IO.
 */
airssys_code airssys_file_write(airssys_file file, airssys_bytes data, uint32_t *written, airssys_error *error);

/**
 * Writes at @p offset, and fills a gap between the end of the file and it with zeros. The position stays where it is.
 * Otherwise as airssys_file_write().
 * @param file    Borrowed, open for writing; on one open for appending it fails with ::AIRSSYS_INVALID_ARGUMENT.
 * @param offset  In bytes from the start of the file.
 * @param data    Borrowed.
 * @param written Gets how many bytes were written, which may be less than given. May be NULL.
 * @param error   May be NULL. Free it with airssys_error_free().
 */
airssys_code airssys_file_write_at(airssys_file file, uint64_t offset, airssys_bytes data, uint32_t *written,
                                   airssys_error *error);

/**
 * Moves the position. Past the end is allowed; a write there fills the gap with zeros.
 *
 * Permission: none; held by the handle.
 * @param file     Borrowed.
 * @param from     Where to count from, and in which direction.
 * @param distance How far, in bytes.
 * @param position Gets the new position, in bytes from the start. May be NULL.
 * @param error    May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_INVALID_ARGUMENT (before the start, or too large) or ::AIRSSYS_IO.
 */
airssys_code airssys_file_seek(airssys_file file, airssys_seek_from from, uint64_t distance, uint64_t *position,
                               airssys_error *error);

/**
 * Moves the position as `fseek` does. Otherwise as airssys_file_seek().
 * @param file     Borrowed.
 * @param offset   In bytes; negative is towards the start.
 * @param whence   Where to count from.
 * @param position Gets the new position, in bytes from the start. May be NULL.
 * @param error    May be NULL. Free it with airssys_error_free().
 */
airssys_code airssys_file_seek_offset(airssys_file file, int64_t offset, airssys_whence whence, uint64_t *position,
                                      airssys_error *error);

/**
 * Waits until what was written is on the device.
 *
 * Permission: none; held by the handle.
 * @param file  Borrowed.
 * @param kind  What of it.
 * @param error May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or ::AIRSSYS_IO.
 */
airssys_code airssys_file_sync(airssys_file file, airssys_sync_kind kind, airssys_error *error);

/**
 * Makes the file this long: cuts it, or fills it up with zeros. The position stays where it is.
 *
 * Permission: none; held by the handle.
 * @param file  Borrowed, open for writing.
 * @param size  In bytes.
 * @param error May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_INVALID_ARGUMENT (not open for writing, or too large), ::AIRSSYS_QUOTA_EXCEEDED or
 *         ::AIRSSYS_IO.
 */
airssys_code airssys_file_set_size(airssys_file file, uint64_t size, airssys_error *error);

/**
 * Gives the metadata of the file, as airssys_paths_get_metadata() does.
 *
 * Permission: none; held by the handle.
 * @param file     Borrowed.
 * @param metadata Not NULL. Owns nothing; nothing to free.
 * @param error    May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or ::AIRSSYS_IO.
 */
airssys_code airssys_file_get_metadata(airssys_file file, airssys_file_metadata *metadata, airssys_error *error);

/**
 * Locks the whole file until airssys_file_unlock(), until it is closed or until the component ends. A handle holds at
 * most one lock; locking again changes its kind.
 *
 * Permission: none; held by the handle.
 * @param file       Borrowed.
 * @param kind       How it is held.
 * @param timeout_ms How long to wait at most, in milliseconds; 0 tries once, none waits as long as the call may take.
 * @param error      May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_LOCKED (the time has passed), ::AIRSSYS_UNSUPPORTED or ::AIRSSYS_IO.
 */
airssys_code airssys_file_lock(airssys_file file, airssys_lock_kind kind, airssys_optional_u32 timeout_ms,
                               airssys_error *error);

/**
 * Releases the lock of this handle.
 *
 * Permission: none; held by the handle.
 * @param file  Borrowed.
 * @param error May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_INVALID_ARGUMENT (it holds none) or ::AIRSSYS_IO.
 */
airssys_code airssys_file_unlock(airssys_file file, airssys_error *error);

#ifdef __cplusplus
}
#endif

#endif
