/* files: whole files, and handles. */
#include <string.h>

#include "tree.h"

#define FAILURE(name) AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_##name

/* A file is in memory here: what a component does by mistake must not exhaust that of the test. */
static const uint64_t MAX_FILE_BYTES = 1 << 30;

/* What one read gives and one write takes, as the host has it. */
static const size_t MAX_TRANSFER_BYTES = 16 << 20;

static bool refuse(fake_filesystem_failure *failure, const char *problem) {
    return airssys_fake_fail(failure, FAILURE(INVALID_ARGUMENT), airssys_string_from_c(problem));
}

static bool has_room(uint64_t offset, uint64_t len, fake_filesystem_failure *failure) {
    if (offset <= MAX_FILE_BYTES && len <= MAX_FILE_BYTES - offset) {
        return true;
    }
    return airssys_fake_fail(failure, FAILURE(QUOTA_EXCEEDED),
                             AIRSSYS_STRING("a file of the fake host has at most 1 GiB"));
}

static airssys_bytes see(const airssys_bindings_list_u8_t *bytes) {
    return (airssys_bytes){bytes->ptr, bytes->len};
}

/* As much of the bytes as one call takes. */
static airssys_bytes see_part(const airssys_bindings_list_u8_t *bytes) {
    return (airssys_bytes){bytes->ptr, bytes->len < MAX_TRANSFER_BYTES ? bytes->len : MAX_TRANSFER_BYTES};
}

/* The file at this place, which is created if there is none. */
static fake_node *file_at(airssys_fake_host *host, fake_place *place, fake_filesystem_failure *failure) {
    if (!airssys_fake_can_be_file(place, failure)) {
        return NULL;
    }
    if (place->node == NULL) {
        place->node = airssys_fake_node_new(false, host->now);
        airssys_fake_node_insert(place->parent, place->node, place->name, host->now);
    }
    return airssys_fake_is_file(place, failure) ? place->node : NULL;
}

bool airssys_ext_filesystem_files_open(airssys_bindings_string_t *path, airssys_ext_filesystem_types_open_flags_t flags,
                                       airssys_ext_filesystem_files_own_file_t *result,
                                       fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/files.open";
    airssys_fake_host *host = airssys_fake_current(OPERATION);
    if ((flags & (AIRSSYS_OPEN_READ | AIRSSYS_OPEN_WRITE | AIRSSYS_OPEN_APPEND)) == 0) {
        return refuse(failure, "one of read, write and append must be set");
    }
    if ((flags & AIRSSYS_OPEN_TRUNCATE) != 0 && (flags & AIRSSYS_OPEN_WRITE) == 0) {
        return refuse(failure, "truncate needs write");
    }
    unsigned actions = (flags & AIRSSYS_OPEN_READ) != 0 ? AIRSSYS_FAKE_READ : 0;
    if ((flags & ~(unsigned)(AIRSSYS_OPEN_READ | AIRSSYS_OPEN_NO_FOLLOW)) != 0) {
        actions |= AIRSSYS_FAKE_WRITE;
    }
    fake_place place;
    if (!airssys_fake_resolve(OPERATION, path, actions, false, &place, failure)) {
        return false;
    }
    bool create = (flags & (AIRSSYS_OPEN_CREATE | AIRSSYS_OPEN_CREATE_NEW)) != 0;
    if (place.node != NULL && (flags & AIRSSYS_OPEN_CREATE_NEW) != 0 && place.ending != FAKE_SLASH) {
        return airssys_fake_fail(failure, FAILURE(ALREADY_EXISTS), place.given);
    }
    if (!(create ? file_at(host, &place, failure) != NULL : airssys_fake_is_file(&place, failure))) {
        return false;
    }
    fake_handle handle = {.node = place.node, .flags = flags, .path = airssys_fake_keep_string(host, place.given).ptr};
    if (!airssys_fake_open(host, handle, &result->__handle, failure)) {
        return false;
    }
    if ((flags & AIRSSYS_OPEN_TRUNCATE) != 0) {
        airssys_fake_node_resize(place.node, 0);
        place.node->modified = host->now;
    }
    return true;
}

void airssys_ext_filesystem_files_file_drop_own(airssys_ext_filesystem_files_own_file_t handle) {
    airssys_fake_close("ext-filesystem/files.file", handle.__handle);
}

bool airssys_ext_filesystem_files_read_file(airssys_bindings_string_t *path, airssys_bindings_list_u8_t *result,
                                            fake_filesystem_failure *failure) {
    fake_place place;
    if (!airssys_fake_resolve("ext-filesystem/files.read-file", path, AIRSSYS_FAKE_READ, false, &place, failure) ||
        !airssys_fake_is_file(&place, failure)) {
        return false;
    }
    *result = airssys_fake_give_bytes((airssys_bytes){place.node->content, place.node->size});
    return true;
}

bool airssys_ext_filesystem_files_write_file(airssys_bindings_string_t *path, airssys_bindings_list_u8_t *data,
                                             fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/files.write-file";
    airssys_fake_host *host = airssys_fake_current(OPERATION);
    fake_place place;
    if (!airssys_fake_resolve(OPERATION, path, AIRSSYS_FAKE_WRITE, false, &place, failure) ||
        !has_room(0, data->len, failure)) {
        return false;
    }
    fake_node *file = file_at(host, &place, failure);
    if (file == NULL) {
        return false;
    }
    airssys_fake_node_resize(file, 0);
    airssys_fake_node_write(file, 0, see(data), host->now);
    file->modified = host->now;
    return true;
}

bool airssys_ext_filesystem_files_append_file(airssys_bindings_string_t *path, airssys_bindings_list_u8_t *data,
                                              fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/files.append-file";
    airssys_fake_host *host = airssys_fake_current(OPERATION);
    fake_place place;
    if (!airssys_fake_resolve(OPERATION, path, AIRSSYS_FAKE_WRITE, false, &place, failure)) {
        return false;
    }
    fake_node *file = file_at(host, &place, failure);
    if (file == NULL || !has_room(file->size, data->len, failure)) {
        return false;
    }
    airssys_fake_node_write(file, file->size, see(data), host->now);
    return true;
}

bool airssys_ext_filesystem_files_delete_file(airssys_bindings_string_t *path, fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/files.delete-file";
    airssys_fake_host *host = airssys_fake_current(OPERATION);
    fake_place place;
    if (!airssys_fake_resolve(OPERATION, path, AIRSSYS_FAKE_DELETE, false, &place, failure) ||
        !airssys_fake_is_file(&place, failure)) {
        return false;
    }
    airssys_fake_node_remove(place.parent, place.node, host->now);
    return true;
}

bool airssys_ext_filesystem_files_copy_file(airssys_bindings_string_t *source, airssys_bindings_string_t *destination,
                                            airssys_ext_filesystem_types_on_existing_t on_existing, uint64_t *result,
                                            fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/files.copy-file";
    airssys_fake_host *host = airssys_fake_current(OPERATION);
    fake_place from;
    fake_place to;
    if (!airssys_fake_resolve(OPERATION, source, AIRSSYS_FAKE_READ, false, &from, failure) ||
        !airssys_fake_resolve(OPERATION, destination, AIRSSYS_FAKE_WRITE, false, &to, failure) ||
        !airssys_fake_is_file(&from, failure) || !airssys_fake_can_be_file(&to, failure)) {
        return false;
    }
    if (from.node == to.node) {
        return refuse(failure, "source and destination are the same file");
    }
    if (to.node != NULL && on_existing == AIRSSYS_EXT_FILESYSTEM_TYPES_ON_EXISTING_FAIL) {
        return airssys_fake_fail(failure, FAILURE(ALREADY_EXISTS), to.given);
    }
    fake_node *file = file_at(host, &to, failure);
    if (file == NULL) {
        return false;
    }
    airssys_fake_node_resize(file, 0);
    airssys_fake_node_write(file, 0, (airssys_bytes){from.node->content, from.node->size}, host->now);
    file->permissions = from.node->permissions;
    file->modified = host->now;
    *result = file->size;
    return true;
}

bool airssys_ext_filesystem_files_rename(airssys_bindings_string_t *source, airssys_bindings_string_t *destination,
                                         airssys_ext_filesystem_types_on_existing_t on_existing,
                                         fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/files.rename";
    airssys_fake_host *host = airssys_fake_current(OPERATION);
    fake_place from;
    fake_place to;
    if (!airssys_fake_resolve(OPERATION, source, AIRSSYS_FAKE_DELETE, false, &from, failure) ||
        !airssys_fake_resolve(OPERATION, destination, AIRSSYS_FAKE_WRITE, false, &to, failure) ||
        !airssys_fake_is_removable(&from, failure) || !airssys_fake_has_parent(&to, failure)) {
        return false;
    }
    if (to.node != NULL && on_existing == AIRSSYS_EXT_FILESYSTEM_TYPES_ON_EXISTING_FAIL) {
        return airssys_fake_fail(failure, FAILURE(ALREADY_EXISTS), to.given);
    }
    if (to.parent == NULL) {
        return refuse(failure, "the destination is the root of a mount");
    }
    if (to.ending == FAKE_DOT) {
        return refuse(failure, "the destination ends in `.`");
    }
    if (to.ending == FAKE_SLASH && !from.node->is_directory) {
        uint8_t tag = to.node != NULL ? FAILURE(IS_A_DIRECTORY) : FAILURE(NOT_A_DIRECTORY);
        return airssys_fake_fail(failure, tag, to.given);
    }
    if (from.node == to.node) {
        return true;
    }
    if (airssys_fake_is_within(to.path, from.path)) {
        return refuse(failure, "the destination lies within the source");
    }
    if (to.node != NULL) {
        if (to.node->is_directory != from.node->is_directory) {
            uint8_t tag = to.node->is_directory ? FAILURE(IS_A_DIRECTORY) : FAILURE(NOT_A_DIRECTORY);
            return airssys_fake_fail(failure, tag, to.given);
        }
        if (to.node->entry_count > 0) {
            return airssys_fake_fail(failure, FAILURE(DIRECTORY_NOT_EMPTY), to.given);
        }
        airssys_fake_node_remove(to.parent, to.node, host->now);
    }
    /* Held, or the first step would free it. */
    from.node->references++;
    airssys_fake_node_remove(from.parent, from.node, host->now);
    airssys_fake_node_insert(to.parent, from.node, to.name, host->now);
    airssys_fake_node_release(from.node);
    return true;
}

typedef airssys_ext_filesystem_files_borrow_file_t file_handle;

/* Reads at an offset, and says how much. */
static bool read_at(fake_handle *file, uint64_t offset, uint32_t max_bytes, airssys_bindings_list_u8_t *result,
                    fake_filesystem_failure *failure) {
    if ((file->flags & AIRSSYS_OPEN_READ) == 0) {
        return refuse(failure, "the file is not open for reading");
    }
    size_t left = offset < file->node->size ? file->node->size - (size_t)offset : 0;
    size_t len = left < max_bytes ? left : max_bytes;
    len = len < MAX_TRANSFER_BYTES ? len : MAX_TRANSFER_BYTES;
    *result = airssys_fake_give_bytes((airssys_bytes){len > 0 ? file->node->content + offset : NULL, len});
    return true;
}

bool airssys_ext_filesystem_files_method_file_read(file_handle self, uint32_t max_bytes,
                                                   airssys_bindings_list_u8_t *result,
                                                   fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/files.file.read";
    fake_handle *file = airssys_fake_handle(airssys_fake_current(OPERATION), OPERATION, self.__handle);
    if (!read_at(file, file->position, max_bytes, result, failure)) {
        return false;
    }
    file->position += result->len;
    return true;
}

bool airssys_ext_filesystem_files_method_file_read_at(file_handle self, uint64_t offset, uint32_t max_bytes,
                                                      airssys_bindings_list_u8_t *result,
                                                      fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/files.file.read-at";
    fake_handle *file = airssys_fake_handle(airssys_fake_current(OPERATION), OPERATION, self.__handle);
    return read_at(file, offset, max_bytes, result, failure);
}

static bool is_writable(const fake_handle *file, fake_filesystem_failure *failure) {
    return (file->flags & (AIRSSYS_OPEN_WRITE | AIRSSYS_OPEN_APPEND)) != 0 ||
           refuse(failure, "the file is not open for writing");
}

bool airssys_ext_filesystem_files_method_file_write(file_handle self, airssys_bindings_list_u8_t *data,
                                                    uint32_t *result, fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/files.file.write";
    airssys_fake_host *host = airssys_fake_current(OPERATION);
    fake_handle *file = airssys_fake_handle(host, OPERATION, self.__handle);
    uint64_t offset = (file->flags & AIRSSYS_OPEN_APPEND) != 0 ? file->node->size : file->position;
    const airssys_bytes part = see_part(data);
    if (!is_writable(file, failure) || !has_room(offset, part.len, failure)) {
        return false;
    }
    airssys_fake_node_write(file->node, (size_t)offset, part, host->now);
    file->position = offset + part.len;
    *result = (uint32_t)part.len;
    return true;
}

bool airssys_ext_filesystem_files_method_file_write_at(file_handle self, uint64_t offset,
                                                       airssys_bindings_list_u8_t *data, uint32_t *result,
                                                       fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/files.file.write-at";
    airssys_fake_host *host = airssys_fake_current(OPERATION);
    fake_handle *file = airssys_fake_handle(host, OPERATION, self.__handle);
    if (!is_writable(file, failure)) {
        return false;
    }
    if ((file->flags & AIRSSYS_OPEN_APPEND) != 0) {
        return refuse(failure, "the file is open for appending");
    }
    const airssys_bytes part = see_part(data);
    if (!has_room(offset, part.len, failure)) {
        return false;
    }
    airssys_fake_node_write(file->node, (size_t)offset, part, host->now);
    *result = (uint32_t)part.len;
    return true;
}

bool airssys_ext_filesystem_files_method_file_seek(file_handle self, airssys_ext_filesystem_types_seek_from_t *position,
                                                   uint64_t *result, fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/files.file.seek";
    fake_handle *file = airssys_fake_handle(airssys_fake_current(OPERATION), OPERATION, self.__handle);
    uint64_t distance = position->val.start;
    uint64_t base = 0;
    if (position->tag == AIRSSYS_EXT_FILESYSTEM_TYPES_SEEK_FROM_BEFORE_END) {
        base = file->node->size;
    } else if (position->tag != AIRSSYS_EXT_FILESYSTEM_TYPES_SEEK_FROM_START) {
        base = file->position;
    }
    bool back = position->tag == AIRSSYS_EXT_FILESYSTEM_TYPES_SEEK_FROM_BACKWARD ||
                position->tag == AIRSSYS_EXT_FILESYSTEM_TYPES_SEEK_FROM_BEFORE_END;
    if (back ? distance > base : distance > (uint64_t)INT64_MAX - base) {
        return refuse(failure, "the position would be before the start or beyond what a filesystem can express");
    }
    file->position = back ? base - distance : base + distance;
    *result = file->position;
    return true;
}

bool airssys_ext_filesystem_files_method_file_sync(file_handle self, airssys_ext_filesystem_types_sync_kind_t kind,
                                                   fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/files.file.sync";
    (void)kind;
    (void)failure;
    airssys_fake_handle(airssys_fake_current(OPERATION), OPERATION, self.__handle);
    return true;
}

bool airssys_ext_filesystem_files_method_file_set_size(file_handle self, uint64_t size,
                                                       fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/files.file.set-size";
    airssys_fake_host *host = airssys_fake_current(OPERATION);
    fake_handle *file = airssys_fake_handle(host, OPERATION, self.__handle);
    if (!is_writable(file, failure) || !has_room(size, 0, failure)) {
        return false;
    }
    airssys_fake_node_resize(file->node, (size_t)size);
    file->node->modified = host->now;
    return true;
}

bool airssys_ext_filesystem_files_method_file_metadata(file_handle self,
                                                       airssys_ext_filesystem_types_file_metadata_t *result,
                                                       fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/files.file.metadata";
    (void)failure;
    *result =
        airssys_fake_metadata(airssys_fake_handle(airssys_fake_current(OPERATION), OPERATION, self.__handle)->node);
    return true;
}

bool airssys_ext_filesystem_files_method_file_lock(file_handle self, airssys_ext_filesystem_types_lock_kind_t kind,
                                                   uint32_t *timeout_ms, fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/files.file.lock";
    (void)timeout_ms;
    fake_handle *file = airssys_fake_handle(airssys_fake_current(OPERATION), OPERATION, self.__handle);
    bool exclusive = kind == AIRSSYS_EXT_FILESYSTEM_TYPES_LOCK_KIND_EXCLUSIVE;
    /* Its own lock is no obstacle: the kind changes. */
    bool own_exclusive = file->locked && file->lock_is_exclusive;
    size_t own_shared = file->locked && !file->lock_is_exclusive;
    if ((file->node->exclusive_lock && !own_exclusive) || (exclusive && file->node->shared_locks > own_shared)) {
        return airssys_fake_fail(failure, FAILURE(LOCKED), airssys_string_from_c(file->path));
    }
    airssys_fake_unlock(file);
    file->locked = true;
    file->lock_is_exclusive = exclusive;
    file->node->exclusive_lock = exclusive;
    file->node->shared_locks += !exclusive;
    return true;
}

bool airssys_ext_filesystem_files_method_file_unlock(file_handle self, fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/files.file.unlock";
    fake_handle *file = airssys_fake_handle(airssys_fake_current(OPERATION), OPERATION, self.__handle);
    if (!file->locked) {
        return refuse(failure, "the file is not locked");
    }
    airssys_fake_unlock(file);
    return true;
}
