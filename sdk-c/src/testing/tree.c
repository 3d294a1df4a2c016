#include "tree.h"

#include <stdlib.h>
#include <string.h>

fake_node *airssys_fake_node_new(bool is_directory, airssys_timestamp now) {
    fake_node *node = airssys_internal_allocate(1, sizeof *node);
    node->is_directory = is_directory;
    node->permissions = AIRSSYS_OWNER_READ | AIRSSYS_OWNER_WRITE | AIRSSYS_GROUP_READ | AIRSSYS_OTHER_READ;
    if (is_directory) {
        node->permissions |= AIRSSYS_OWNER_EXECUTE | AIRSSYS_GROUP_EXECUTE | AIRSSYS_OTHER_EXECUTE;
    }
    node->accessed = node->modified = node->created = now;
    return node;
}

fake_node *airssys_fake_tree_new(airssys_timestamp now) {
    fake_node *root = airssys_fake_node_new(true, now);
    root->references = 1;
    return root;
}

void airssys_fake_node_release(fake_node *node) {
    if (--node->references > 0) {
        return;
    }
    for (size_t i = 0; i < node->entry_count; i++) {
        airssys_fake_node_release(node->entries[i]);
    }
    free(node->entries);
    free(node->content);
    free(node->name);
    free(node);
}

/* Where a name is among the entries, or where it would be. */
static size_t position_of(const fake_node *directory, const char *name) {
    size_t position = 0;
    while (position < directory->entry_count && strcmp(directory->entries[position]->name, name) < 0) {
        position++;
    }
    return position;
}

fake_node *airssys_fake_node_entry(const fake_node *directory, const char *name) {
    size_t position = position_of(directory, name);
    bool found = position < directory->entry_count && strcmp(directory->entries[position]->name, name) == 0;
    return found ? directory->entries[position] : NULL;
}

void airssys_fake_node_insert(fake_node *directory, fake_node *node, const char *name, airssys_timestamp now) {
    char *copy = airssys_internal_allocate(strlen(name) + 1, 1);
    strcpy(copy, name);
    free(node->name);
    node->name = copy;
    node->references++;
    size_t position = position_of(directory, name);
    fake_node **entries = airssys_internal_allocate(directory->entry_count + 1, sizeof(fake_node *));
    for (size_t i = 0; i < directory->entry_count; i++) {
        entries[i < position ? i : i + 1] = directory->entries[i];
    }
    entries[position] = node;
    free(directory->entries);
    directory->entries = entries;
    directory->entry_count++;
    directory->modified = now;
}

void airssys_fake_node_remove(fake_node *directory, fake_node *node, airssys_timestamp now) {
    size_t position = position_of(directory, node->name);
    directory->entry_count--;
    for (size_t i = position; i < directory->entry_count; i++) {
        directory->entries[i] = directory->entries[i + 1];
    }
    directory->modified = now;
    airssys_fake_node_release(node);
}

void airssys_fake_node_resize(fake_node *file, size_t size) {
    uint8_t *content = airssys_internal_allocate(size, 1);
    size_t kept = size < file->size ? size : file->size;
    if (kept > 0) {
        memcpy(content, file->content, kept);
    }
    free(file->content);
    file->content = content;
    file->size = size;
}

void airssys_fake_node_write(fake_node *file, size_t offset, airssys_bytes data, airssys_timestamp now) {
    if (data.len == 0) {
        return;
    }
    if (offset + data.len > file->size) {
        airssys_fake_node_resize(file, offset + data.len);
    }
    memcpy(file->content + offset, data.ptr, data.len);
    file->modified = now;
}

uint8_t airssys_fake_normalize(airssys_string given, char *path, const char **problem) {
    *problem = NULL;
    if (given.len == 0) {
        *problem = "the path is empty";
    } else if (given.len > FAKE_MAX_PATH_BYTES) {
        *problem = "the path has more than 4096 bytes";
    } else if (memchr(given.ptr, '\0', given.len) != NULL) {
        *problem = "the path contains NUL";
    } else if (given.ptr[0] != '/') {
        *problem = "the path is not absolute";
    }
    if (*problem != NULL) {
        return AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_INVALID_PATH;
    }
    size_t used = 0;
    for (size_t start = 0; start < given.len;) {
        const char *segment = given.ptr + start;
        const char *slash = memchr(segment, '/', given.len - start);
        size_t len = slash != NULL ? (size_t)(slash - segment) : given.len - start;
        start += len + 1;
        if (len > FAKE_MAX_NAME_BYTES) {
            return AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_NAME_TOO_LONG;
        }
        if (len == 0 || (len == 1 && segment[0] == '.')) {
            continue;
        }
        if (len == 2 && segment[0] == '.' && segment[1] == '.') {
            while (used > 0 && path[--used] != '/') {
            }
            continue;
        }
        path[used++] = '/';
        memcpy(path + used, segment, len);
        used += len;
    }
    if (used == 0) {
        path[used++] = '/';
    }
    path[used] = '\0';
    return FAKE_NO_FAILURE;
}

void airssys_fake_find(airssys_fake_host *host, fake_place *place) {
    place->node = host->root;
    place->parent = NULL;
    place->name = "";
    place->obstacle = FAKE_NO_FAILURE;
    char segment[FAKE_MAX_NAME_BYTES + 1];
    for (const char *rest = place->path + 1; *rest != '\0';) {
        if (place->node == NULL || !place->node->is_directory) {
            place->obstacle = place->node == NULL ? AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_NOT_FOUND
                                                  : AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_NOT_A_DIRECTORY;
            place->node = NULL;
            place->parent = NULL;
            return;
        }
        size_t len = strcspn(rest, "/");
        memcpy(segment, rest, len);
        segment[len] = '\0';
        place->parent = place->node;
        place->name = rest;
        place->node = airssys_fake_node_entry(place->parent, segment);
        rest += len;
        rest += *rest == '/';
    }
}

bool airssys_fake_is_within(const char *path, const char *base) {
    size_t len = strlen(base);
    return strcmp(base, "/") == 0 || (strncmp(path, base, len) == 0 && (path[len] == '\0' || path[len] == '/'));
}

/* The normal form of a path that the test gives. */
static void normalize_for_test(const char *given, char *path) {
    const char *problem;
    if (airssys_fake_normalize(airssys_string_from_c(given), path, &problem) != FAKE_NO_FAILURE) {
        airssys_fake_mistake("\"%s\" cannot be used: %s", given,
                             problem != NULL ? problem : "a name in it is too long");
    }
}

/* The directory of this path, which is created with all on the way. */
static fake_node *make_directories(airssys_fake_host *host, const char *path) {
    fake_place place = {.given = airssys_string_from_c(path)};
    strcpy(place.path, path);
    airssys_fake_find(host, &place);
    if (place.node == NULL) {
        char above[FAKE_MAX_PATH_BYTES + 1];
        strcpy(above, path);
        *strrchr(above, '/') = '\0';
        fake_node *parent = make_directories(host, above[0] != '\0' ? above : "/");
        place.node = airssys_fake_node_new(true, host->now);
        airssys_fake_node_insert(parent, place.node, strrchr(path, '/') + 1, host->now);
    }
    if (!place.node->is_directory) {
        airssys_fake_mistake("%s is a file and no directory", path);
    }
    return place.node;
}

void airssys_fake_host_put_directory(airssys_fake_host *host, const char *path) {
    char normal[FAKE_MAX_PATH_BYTES + 1];
    normalize_for_test(path, normal);
    make_directories(host, normal);
}

void airssys_fake_host_put_file(airssys_fake_host *host, const char *path, airssys_bytes content) {
    char normal[FAKE_MAX_PATH_BYTES + 1];
    normalize_for_test(path, normal);
    char *slash = strrchr(normal, '/');
    const char *name = slash + 1;
    *slash = '\0';
    fake_node *directory = make_directories(host, normal[0] != '\0' ? normal : "/");
    fake_node *file = airssys_fake_node_entry(directory, name);
    if (*name == '\0' || (file != NULL && file->is_directory)) {
        airssys_fake_mistake("%s is a directory and no file", path);
    }
    if (file == NULL) {
        file = airssys_fake_node_new(false, host->now);
        airssys_fake_node_insert(directory, file, name, host->now);
    }
    airssys_fake_node_resize(file, 0);
    airssys_fake_node_write(file, 0, content, host->now);
}

bool airssys_fake_host_get_file(airssys_fake_host *host, const char *path, airssys_bytes *content) {
    *content = (airssys_bytes){NULL, 0};
    fake_place place;
    normalize_for_test(path, place.path);
    airssys_fake_find(host, &place);
    if (place.node == NULL || place.node->is_directory) {
        return false;
    }
    *content = airssys_fake_keep_bytes(host, (airssys_bytes){place.node->content, place.node->size});
    return true;
}

const char *airssys_fake_host_file_text(airssys_fake_host *host, const char *path) {
    airssys_bytes content;
    return airssys_fake_host_get_file(host, path, &content) ? (const char *)content.ptr : NULL;
}

void airssys_fake_host_deny_path(airssys_fake_host *host, const char *path, unsigned actions) {
    char normal[FAKE_MAX_PATH_BYTES + 1];
    normalize_for_test(path, normal);
    if (actions == 0 || (actions & ~(unsigned)AIRSSYS_FAKE_ANY) != 0) {
        airssys_fake_mistake("%u are no actions; write them as AIRSSYS_FAKE_READ | AIRSSYS_FAKE_LIST", actions);
    }
    fake_path_denial *denial = airssys_fake_keep(host, sizeof *denial);
    denial->path = airssys_fake_keep_string(host, airssys_string_from_c(normal)).ptr;
    denial->actions = actions;
    airssys_fake_list_add(&host->denied_paths, denial);
}

bool airssys_fake_denies_path(const airssys_fake_host *host, unsigned action, const char *path) {
    for (size_t i = 0; i < host->denied_paths.count; i++) {
        const fake_path_denial *denial = host->denied_paths.items[i];
        if ((denial->actions & action) != 0 && airssys_fake_is_within(path, denial->path)) {
            return true;
        }
    }
    return false;
}
