/* From the path that a component gives to what is there: the check of the path, permissions, failures and handles. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "permissions.h"
#include "tree.h"

bool airssys_fake_fail(fake_filesystem_failure *failure, uint8_t tag, airssys_string text) {
    failure->tag = tag;
    if (tag != AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_TOO_MANY_OPEN_FILES) {
        /* All cases but one carry a text, at the same place. */
        failure->val.io = airssys_fake_give_string(text);
    }
    return false;
}

static const char *action_name(unsigned action) {
    switch (action) {
    case AIRSSYS_FAKE_READ:
        return "read";
    case AIRSSYS_FAKE_WRITE:
        return "write";
    case AIRSSYS_FAKE_DELETE:
        return "delete";
    default:
        return "list";
    }
}

static bool decide(airssys_fake_host *host, const char *operation, unsigned action, const char *path,
                   airssys_core_capabilities_permission_denial_t *denial) {
    const fake_access access = {
        .kind = FAKE_FILESYSTEM, .action = action_name(action), .subject = airssys_string_from_c(path)};
    return airssys_fake_decide(host, operation, &access, airssys_fake_denies_path(host, action, path), denial);
}

bool airssys_fake_allows(airssys_fake_host *host, unsigned action, const char *path) {
    return decide(host, "", action, path, NULL);
}

bool airssys_fake_deny(fake_filesystem_failure *failure, const char *operation, unsigned action, const char *path) {
    failure->tag = AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_PERMISSION_DENIED;
    decide(airssys_fake_current(operation), operation, action, path, &failure->val.permission_denied);
    return false;
}

/* Whether a name is one under which a host keeps a file that it is still writing. */
static bool is_draft(const char *name, size_t len) {
    static const char PREFIX[] = ".airssys-", SUFFIX[] = ".draft";
    enum { PREFIX_LEN = sizeof PREFIX - 1, DIGITS = 32, SUFFIX_LEN = sizeof SUFFIX - 1 };
    if (len != PREFIX_LEN + DIGITS + SUFFIX_LEN || memcmp(name, PREFIX, PREFIX_LEN) != 0 ||
        memcmp(name + PREFIX_LEN + DIGITS, SUFFIX, SUFFIX_LEN) != 0) {
        return false;
    }
    for (size_t i = PREFIX_LEN; i < PREFIX_LEN + DIGITS; i++) {
        if (strchr("0123456789abcdefABCDEF", name[i]) == NULL) {
            return false;
        }
    }
    return true;
}

static bool has_draft(airssys_string path) {
    size_t start = 0;
    for (size_t end = 0; end <= path.len; end++) {
        if (end == path.len || path.ptr[end] == '/') {
            if (is_draft(path.ptr + start, end - start)) {
                return true;
            }
            start = end + 1;
        }
    }
    return false;
}

bool airssys_fake_resolve(const char *operation, airssys_bindings_string_t *path, unsigned actions, bool any,
                          fake_place *place, fake_filesystem_failure *failure) {
    airssys_fake_host *host = airssys_fake_current(operation);
    const char *problem;
    place->given = airssys_fake_see_string(*path);
    uint8_t tag = airssys_fake_normalize(place->given, place->path, &problem);
    if (tag != FAKE_NO_FAILURE) {
        return airssys_fake_fail(failure, tag, problem != NULL ? airssys_string_from_c(problem) : place->given);
    }
    if (has_draft(place->given)) {
        return airssys_fake_fail(failure, AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_INVALID_PATH,
                                 AIRSSYS_STRING("a name in it is one of the host's own"));
    }
    airssys_fake_reach(host, place);
    unsigned denied = 0;
    for (unsigned action = AIRSSYS_FAKE_LIST; action > 0; action >>= 1) {
        bool asked = (actions & action) != 0;
        if (asked && !airssys_fake_allows(host, action, place->path)) {
            denied = action; /* the first of them is what the host names */
        } else if (asked && any) {
            denied = 0;
            break;
        }
    }
    if (denied != 0) {
        return airssys_fake_deny(failure, operation, denied, place->path);
    }
    return true;
}

bool airssys_fake_has_parent(const fake_place *place, fake_filesystem_failure *failure) {
    return place->obstacle == FAKE_NO_FAILURE || airssys_fake_fail(failure, place->obstacle, place->given);
}

bool airssys_fake_can_be_file(const fake_place *place, fake_filesystem_failure *failure) {
    const bool is_entry = place->obstacle == FAKE_NO_FAILURE && place->parent != NULL;
    if (place->behind_file || (is_entry && place->ending == FAKE_SLASH)) {
        return airssys_fake_fail(failure, AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_IS_A_DIRECTORY, place->given);
    }
    return airssys_fake_has_parent(place, failure) &&
           (is_entry ||
            airssys_fake_fail(failure, AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_IS_A_DIRECTORY, place->given));
}

bool airssys_fake_is_removable(const fake_place *place, fake_filesystem_failure *failure) {
    if (!airssys_fake_exists(place, failure)) {
        return false;
    }
    if (place->ending != FAKE_DOT && place->parent != NULL) {
        return true;
    }
    const char *problem = place->ending == FAKE_DOT ? "ends in `.`" : "is the root of a mount, or above one";
    char text[FAKE_MAX_PATH_BYTES + 64];
    snprintf(text, sizeof text, "\"%.*s\" %s", (int)place->given.len, place->given.ptr, problem);
    return airssys_fake_fail(failure, AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_INVALID_ARGUMENT,
                             airssys_string_from_c(text));
}

bool airssys_fake_exists(const fake_place *place, fake_filesystem_failure *failure) {
    if (!airssys_fake_has_parent(place, failure)) {
        return false;
    }
    return place->node != NULL ||
           airssys_fake_fail(failure, AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_NOT_FOUND, place->given);
}

bool airssys_fake_is_file(const fake_place *place, fake_filesystem_failure *failure) {
    return airssys_fake_exists(place, failure) &&
           (!place->node->is_directory ||
            airssys_fake_fail(failure, AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_IS_A_DIRECTORY, place->given));
}

bool airssys_fake_is_directory(const fake_place *place, fake_filesystem_failure *failure) {
    return airssys_fake_exists(place, failure) &&
           (place->node->is_directory ||
            airssys_fake_fail(failure, AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_NOT_A_DIRECTORY, place->given));
}

/* Handles of one fake never have the number of one of another, so that one that was kept too long is found out. */
static int32_t handles_of_earlier_fakes;

static size_t open_files(const airssys_fake_host *host) {
    size_t open = 0;
    for (size_t i = 0; i < host->handles.count; i++) {
        open += host->handles.items[i] != NULL;
    }
    return open;
}

size_t airssys_fake_host_open_handles(const airssys_fake_host *host) {
    size_t open = open_files(host);
    for (size_t i = 0; i < host->streams.count; i++) {
        open += host->streams.items[i] != NULL;
    }
    return open;
}

bool airssys_fake_open(airssys_fake_host *host, fake_handle handle, int32_t *number, fake_filesystem_failure *failure) {
    if (open_files(host) >= FAKE_MAX_OPEN_FILES) {
        return airssys_fake_fail(failure, AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_TOO_MANY_OPEN_FILES,
                                 (airssys_string){NULL, 0});
    }
    fake_handle *opened = airssys_internal_allocate(1, sizeof *opened);
    *opened = handle;
    opened->node->references++;
    airssys_fake_list_add(&host->handles, opened);
    *number = handles_of_earlier_fakes + (int32_t)host->handles.count;
    return true;
}

static void **slot_of(airssys_fake_host *host, const char *operation, int32_t number) {
    int32_t index = number - handles_of_earlier_fakes - 1;
    if (index < 0 || (size_t)index >= host->handles.count || host->handles.items[index] == NULL) {
        airssys_fake_mistake("%s was called with a handle that is not open", operation);
    }
    return &host->handles.items[index];
}

fake_handle *airssys_fake_handle(airssys_fake_host *host, const char *operation, int32_t number) {
    return *slot_of(host, operation, number);
}

void airssys_fake_unlock(fake_handle *handle) {
    if (handle->locked) {
        handle->locked = false;
        if (handle->lock_is_exclusive) {
            handle->node->exclusive_lock = false;
        } else {
            handle->node->shared_locks--;
        }
    }
}

static void close_slot(void **slot) {
    fake_handle *handle = *slot;
    airssys_fake_unlock(handle);
    airssys_fake_node_release(handle->node);
    free(handle->last);
    free(handle);
    *slot = NULL;
}

void airssys_fake_close(const char *operation, int32_t number) {
    close_slot(slot_of(airssys_fake_current(operation), operation, number));
}

void airssys_fake_tree_free(airssys_fake_host *host) {
    for (size_t i = 0; i < host->handles.count; i++) {
        if (host->handles.items[i] != NULL) {
            close_slot(&host->handles.items[i]);
        }
    }
    handles_of_earlier_fakes += (int32_t)host->handles.count;
    airssys_fake_node_release(host->root);
}

airssys_ext_filesystem_types_file_metadata_t airssys_fake_metadata(const fake_node *node) {
    return (airssys_ext_filesystem_types_file_metadata_t){
        .file_type = node->is_directory ? AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TYPE_DIRECTORY
                                        : AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TYPE_REGULAR,
        .size = node->size,
        .permissions = (airssys_ext_filesystem_types_file_permissions_t)node->permissions,
        .links = node->is_directory ? 2 : 1,
        .accessed = {true, {node->accessed.seconds, node->accessed.nanoseconds}},
        .modified = {true, {node->modified.seconds, node->modified.nanoseconds}},
        .created = {true, {node->created.seconds, node->created.nanoseconds}},
    };
}
