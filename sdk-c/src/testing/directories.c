/* directories: listing, creating, removing and searching. */
#include <stdlib.h>
#include <string.h>

#include "tree.h"

#define FAILURE(name) AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_##name

typedef airssys_ext_filesystem_directories_list_directory_entry_t entry_list;

/* Up to `max` entries from the one at `first` on. */
static entry_list give_entries(const fake_node *directory, size_t first, size_t max) {
    size_t count = directory->entry_count - first < max ? directory->entry_count - first : max;
    if (count == 0) {
        return (entry_list){FAKE_NOWHERE, 0};
    }
    airssys_ext_filesystem_types_directory_entry_t *entries = airssys_internal_allocate(count, sizeof *entries);
    for (size_t i = 0; i < count; i++) {
        const fake_node *node = directory->entries[first + i];
        entries[i].name = airssys_fake_give_string(airssys_string_from_c(node->name));
        entries[i].file_type = airssys_fake_metadata(node).file_type;
    }
    return (entry_list){entries, count};
}

bool airssys_ext_filesystem_directories_open_directory(
    airssys_bindings_string_t *path, airssys_ext_filesystem_directories_own_directory_cursor_t *result,
    fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/directories.open-directory";
    airssys_fake_host *host = airssys_fake_current(OPERATION);
    fake_place place;
    return airssys_fake_resolve(OPERATION, path, AIRSSYS_FAKE_LIST, false, &place, failure) &&
           airssys_fake_is_directory(&place, failure) &&
           airssys_fake_open(host, (fake_handle){.node = place.node}, &result->__handle, failure);
}

void airssys_ext_filesystem_directories_directory_cursor_drop_own(
    airssys_ext_filesystem_directories_own_directory_cursor_t handle) {
    airssys_fake_close("ext-filesystem/directories.directory-cursor", handle.__handle);
}

bool airssys_ext_filesystem_directories_method_directory_cursor_next(
    airssys_ext_filesystem_directories_borrow_directory_cursor_t self, uint32_t max_entries, entry_list *result,
    fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/directories.directory-cursor.next";
    (void)failure;
    fake_handle *cursor = airssys_fake_handle(airssys_fake_current(OPERATION), OPERATION, self.__handle);
    size_t first = 0;
    while (cursor->last != NULL && first < cursor->node->entry_count &&
           strcmp(cursor->node->entries[first]->name, cursor->last) <= 0) {
        first++;
    }
    *result = give_entries(cursor->node, first, max_entries);
    if (result->len > 0) {
        const char *last = cursor->node->entries[first + result->len - 1]->name;
        free(cursor->last);
        cursor->last = airssys_internal_allocate(strlen(last) + 1, 1);
        strcpy(cursor->last, last);
    }
    return true;
}

bool airssys_ext_filesystem_directories_list_directory(airssys_bindings_string_t *path, entry_list *result,
                                                       fake_filesystem_failure *failure) {
    fake_place place;
    if (!airssys_fake_resolve("ext-filesystem/directories.list-directory", path, AIRSSYS_FAKE_LIST, false, &place,
                              failure) ||
        !airssys_fake_is_directory(&place, failure)) {
        return false;
    }
    *result = give_entries(place.node, 0, SIZE_MAX);
    return true;
}

bool airssys_ext_filesystem_directories_create_directory(airssys_bindings_string_t *path,
                                                         fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/directories.create-directory";
    airssys_fake_host *host = airssys_fake_current(OPERATION);
    fake_place place;
    if (!airssys_fake_resolve(OPERATION, path, AIRSSYS_FAKE_WRITE, false, &place, failure) ||
        /* Behind a slash, too. */
        ((place.node != NULL || place.behind_file) &&
         !airssys_fake_fail(failure, FAILURE(ALREADY_EXISTS), place.given)) ||
        !airssys_fake_has_parent(&place, failure)) {
        return false;
    }
    airssys_fake_node_insert(place.parent, airssys_fake_node_new(true, host->now), place.name, host->now);
    return true;
}

/* Creates what is missing of the way to `path`, after the permission for each was asked. */
static bool create_all(airssys_fake_host *host, const char *operation, const fake_place *whole, bool really,
                       fake_filesystem_failure *failure) {
    fake_place part = {.given = whole->given};
    for (size_t end = 1; end <= strlen(whole->path); end++) {
        if (whole->path[end] != '/' && whole->path[end] != '\0') {
            continue;
        }
        memcpy(part.path, whole->path, end);
        part.path[end] = '\0';
        airssys_fake_find(host, &part);
        if (part.node != NULL && !part.node->is_directory) {
            return airssys_fake_fail(failure, FAILURE(NOT_A_DIRECTORY), whole->given);
        }
        if (part.node == NULL && !airssys_fake_allows(host, AIRSSYS_FAKE_WRITE, part.path)) {
            return airssys_fake_deny(failure, operation, AIRSSYS_FAKE_WRITE, part.path);
        }
        if (part.obstacle == FAILURE(NAME_TOO_LONG)) {
            return airssys_fake_has_parent(&part, failure);
        }
        if (part.node == NULL && really) {
            airssys_fake_node_insert(part.parent, airssys_fake_node_new(true, host->now), part.name, host->now);
        }
    }
    return true;
}

bool airssys_ext_filesystem_directories_create_directory_all(airssys_bindings_string_t *path,
                                                             fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/directories.create-directory-all";
    airssys_fake_host *host = airssys_fake_current(OPERATION);
    fake_place place;
    return airssys_fake_resolve(OPERATION, path, AIRSSYS_FAKE_WRITE, false, &place, failure) &&
           (place.obstacle == FAILURE(NOT_FOUND) || airssys_fake_has_parent(&place, failure)) &&
           create_all(host, OPERATION, &place, false, failure) && create_all(host, OPERATION, &place, true, failure);
}

/* A directory that can be removed. */
static bool is_removable(const fake_place *place, fake_filesystem_failure *failure) {
    return airssys_fake_is_removable(place, failure) && airssys_fake_is_directory(place, failure);
}

bool airssys_ext_filesystem_directories_remove_directory(airssys_bindings_string_t *path,
                                                         fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/directories.remove-directory";
    airssys_fake_host *host = airssys_fake_current(OPERATION);
    fake_place place;
    if (!airssys_fake_resolve(OPERATION, path, AIRSSYS_FAKE_DELETE, false, &place, failure) ||
        !is_removable(&place, failure)) {
        return false;
    }
    if (place.node->entry_count > 0) {
        return airssys_fake_fail(failure, FAILURE(DIRECTORY_NOT_EMPTY), place.given);
    }
    airssys_fake_node_remove(place.parent, place.node, host->now);
    return true;
}

/* What is done at each path below a directory. Whether to go into the node, if it is a directory. */
typedef bool visitor(void *state, const char *path, size_t depth, const fake_node *node);

/* Visits all below a directory, each before what is in it. `path` is the directory's, with room for any path. */
static void visit(const fake_node *directory, char *path, size_t depth, visitor *each, void *state) {
    size_t len = strcmp(path, "/") == 0 ? 0 : strlen(path);
    for (size_t i = 0; i < directory->entry_count; i++) {
        const fake_node *node = directory->entries[i];
        size_t name_len = strlen(node->name);
        if (len + 1 + name_len > FAKE_MAX_PATH_BYTES) {
            airssys_fake_mistake("the path of %s is longer than a path may be", node->name);
        }
        path[len] = '/';
        memcpy(path + len + 1, node->name, name_len + 1);
        if (each(state, path, depth, node) && node->is_directory) {
            visit(node, path, depth + 1, each, state);
        }
    }
    path[len == 0 ? 1 : len] = '\0';
}

typedef struct permission_walk {
    airssys_fake_host *host;
    unsigned action;
    bool directories_only;
    char denied[FAKE_MAX_PATH_BYTES + 1]; /* the first that is, or empty */
} permission_walk;

static bool ask(void *state, const char *path, size_t depth, const fake_node *node) {
    (void)depth;
    permission_walk *walk = state;
    if (walk->denied[0] == '\0' && (node->is_directory || !walk->directories_only) &&
        !airssys_fake_allows(walk->host, walk->action, path)) {
        strcpy(walk->denied, path);
    }
    return walk->denied[0] == '\0';
}

/* Whether an action is permitted on everything below a directory. */
static bool allows_below(airssys_fake_host *host, const char *operation, fake_place *place, unsigned action,
                         bool directories_only, fake_filesystem_failure *failure) {
    permission_walk walk = {.host = host, .action = action, .directories_only = directories_only};
    visit(place->node, place->path, 1, ask, &walk);
    return walk.denied[0] == '\0' || airssys_fake_deny(failure, operation, action, walk.denied);
}

bool airssys_ext_filesystem_directories_remove_directory_all(airssys_bindings_string_t *path,
                                                             fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/directories.remove-directory-all";
    airssys_fake_host *host = airssys_fake_current(OPERATION);
    fake_place place;
    if (!airssys_fake_resolve(OPERATION, path, AIRSSYS_FAKE_DELETE, false, &place, failure) ||
        !is_removable(&place, failure) || !allows_below(host, OPERATION, &place, AIRSSYS_FAKE_DELETE, false, failure)) {
        return false;
    }
    airssys_fake_node_remove(place.parent, place.node, host->now);
    return true;
}

/* Whether a glob covers a path: `*` within a segment, `**` for any segments, `?` for one character. */
static bool matches(const char *pattern, const char *path) {
    if (pattern[0] == '*' && pattern[1] == '*') {
        /* A whole segment: what follows matches here or after any slash. */
        if (pattern[2] == '\0') {
            return true;
        }
        for (const char *rest = path; rest != NULL; rest = strchr(rest, '/'), rest += rest != NULL) {
            if (matches(pattern + 3, rest)) {
                return true;
            }
        }
        return false;
    }
    if (*pattern == '*') {
        do {
            if (matches(pattern + 1, path)) {
                return true;
            }
        } while (*path != '\0' && *path++ != '/');
        return false;
    }
    if (*pattern == '\0' || *path == '\0') {
        /* Two stars at the end stand for no segment as well. */
        return *pattern == *path || (*path == '\0' && strcmp(pattern, "/**") == 0);
    }
    if (*pattern == '?' && *path != '/') {
        /* One character of UTF-8, which may be several bytes. */
        do {
            path++;
        } while (((unsigned char)*path & 0xC0) == 0x80);
        return matches(pattern + 1, path);
    }
    return *pattern == *path && matches(pattern + 1, path + 1);
}

typedef struct search {
    airssys_fake_host *host;
    size_t skipped; /* bytes of the root's path, and the slash after it */
    const char *pattern;
    size_t max_depth;
    size_t limit;
    airssys_bindings_string_t *found;
    size_t count;
} search;

static bool consider(void *state, const char *path, size_t depth, const fake_node *node) {
    search *wanted = state;
    if (wanted->count == wanted->limit) {
        return false;
    }
    if (matches(wanted->pattern, path + wanted->skipped)) {
        airssys_bindings_string_t *grown =
            airssys_internal_allocate(wanted->count + 1, sizeof(airssys_bindings_string_t));
        if (wanted->count > 0) {
            memcpy(grown, wanted->found, wanted->count * sizeof *grown);
        }
        free(wanted->found);
        wanted->found = grown;
        grown[wanted->count++] = airssys_fake_give_string(airssys_string_from_c(path));
    }
    return depth < wanted->max_depth && node->is_directory &&
           airssys_fake_allows(wanted->host, AIRSSYS_FAKE_LIST, path);
}

/* The pattern as a text of C, if it is one; to be freed. */
static char *check_pattern(airssys_string pattern) {
    bool good = pattern.len > 0 && pattern.ptr[0] != '/';
    for (size_t i = 0; good && i < pattern.len; i++) {
        char c = pattern.ptr[i];
        bool starts = i == 0 || pattern.ptr[i - 1] == '/';
        bool stars = c == '*' && i + 1 < pattern.len && pattern.ptr[i + 1] == '*';
        bool ends = i + 2 >= pattern.len || pattern.ptr[i + 2] == '/';
        size_t dots = 0;
        while (starts && i + dots < pattern.len && pattern.ptr[i + dots] == '.') {
            dots++;
        }
        bool is_dots = (dots == 1 || dots == 2) && (i + dots == pattern.len || pattern.ptr[i + dots] == '/');
        good = !is_dots && c != '\0' && c != '[' && c != '{' && !(stars && !(starts && ends)) && !(c == '/' && starts);
    }
    if (!good || pattern.ptr[pattern.len - 1] == '/') {
        return NULL;
    }
    char *copy = airssys_internal_allocate(pattern.len + 1, 1);
    memcpy(copy, pattern.ptr, pattern.len);
    return copy;
}

bool airssys_ext_filesystem_directories_find(airssys_bindings_string_t *root,
                                             airssys_ext_filesystem_types_find_options_t *options,
                                             airssys_ext_filesystem_directories_list_path_t *result,
                                             fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/directories.find";
    airssys_fake_host *host = airssys_fake_current(OPERATION);
    char *pattern = check_pattern(airssys_fake_see_string(options->pattern));
    if (pattern == NULL) {
        return airssys_fake_fail(failure, FAILURE(INVALID_ARGUMENT),
                                 AIRSSYS_STRING("the pattern must be a path relative to the root of the search"));
    }
    fake_place place;
    if (!airssys_fake_resolve(OPERATION, root, AIRSSYS_FAKE_LIST, false, &place, failure) ||
        !airssys_fake_is_directory(&place, failure)) {
        free(pattern);
        return false;
    }
    search wanted = {
        .host = host,
        .skipped = strcmp(place.path, "/") == 0 ? 1 : strlen(place.path) + 1,
        .pattern = pattern,
        .max_depth = options->max_depth.is_some ? options->max_depth.val : SIZE_MAX,
        .limit = options->limit.is_some ? options->limit.val : SIZE_MAX,
    };
    if (wanted.max_depth > 0) {
        visit(place.node, place.path, 1, consider, &wanted);
    }
    free(pattern);
    *result =
        (airssys_ext_filesystem_directories_list_path_t){wanted.count > 0 ? wanted.found : FAKE_NOWHERE, wanted.count};
    return true;
}

static bool add_up(void *state, const char *path, size_t depth, const fake_node *node) {
    (void)path;
    (void)depth;
    airssys_ext_filesystem_types_disk_usage_t *usage = state;
    usage->directories += node->is_directory;
    usage->files += !node->is_directory;
    usage->bytes += node->size;
    return true;
}

bool airssys_ext_filesystem_directories_measure(airssys_bindings_string_t *root,
                                                airssys_ext_filesystem_types_disk_usage_t *result,
                                                fake_filesystem_failure *failure) {
    static const char OPERATION[] = "ext-filesystem/directories.measure";
    airssys_fake_host *host = airssys_fake_current(OPERATION);
    fake_place place;
    if (!airssys_fake_resolve(OPERATION, root, AIRSSYS_FAKE_LIST, false, &place, failure) ||
        !airssys_fake_is_directory(&place, failure) ||
        !allows_below(host, OPERATION, &place, AIRSSYS_FAKE_LIST, true, failure)) {
        return false;
    }
    *result = (airssys_ext_filesystem_types_disk_usage_t){0, 0, 0};
    visit(place.node, place.path, 1, add_up, result);
    return true;
}
