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

/* A part of a path that says something: a name, or two dots. */
typedef struct segment {
    const char *text;
    size_t len;
} segment;

static bool is_up(segment part) {
    return part.len == 2 && memcmp(part.text, "..", 2) == 0;
}

/* Takes the next segment of a text and moves on behind it. False at the end. */
static bool next_segment(const char **at, const char *end, segment *part) {
    do {
        while (*at < end && **at == '/') {
            ++*at;
        }
        part->text = *at;
        while (*at < end && **at != '/') {
            ++*at;
        }
        part->len = (size_t)(*at - part->text);
    } while (part->len == 1 && part->text[0] == '.');
    return part->len > 0;
}

/* Where the directory before this text is left again by two dots; NULL if it is not. */
static const char *left_again(const char *at, const char *end) {
    segment part;
    for (size_t depth = 1; next_segment(&at, end, &part);) {
        depth = is_up(part) ? depth - 1 : depth + 1;
        if (depth == 0) {
            return at;
        }
    }
    return NULL;
}

static fake_ending ending_of(airssys_string path) {
    size_t len = path.len;
    while (len > 0 && path.ptr[len - 1] == '/') {
        len--;
    }
    if (len > 0 && path.ptr[len - 1] == '.' && (len == 1 || path.ptr[len - 2] == '/')) {
        return FAKE_DOT;
    }
    return len < path.len ? FAKE_SLASH : FAKE_PLAIN;
}

/* Whether there is anything that the component may do with a path. */
static bool may_know(airssys_fake_host *host, const char *path) {
    return airssys_fake_allows(host, AIRSSYS_FAKE_READ, path) || airssys_fake_allows(host, AIRSSYS_FAKE_LIST, path) ||
           airssys_fake_allows(host, AIRSSYS_FAKE_WRITE, path) || airssys_fake_allows(host, AIRSSYS_FAKE_DELETE, path);
}

/* Ends the way of a place, whose path goes on by its text. */
static void block(fake_place *place, uint8_t obstacle) {
    place->obstacle = obstacle;
    place->node = place->parent = NULL;
}

void airssys_fake_reach(airssys_fake_host *host, fake_place *place) {
    const char *at = place->given.ptr;
    const char *end = at + place->given.len;
    fake_node *levels[FAKE_MAX_DEPTH + 1] = {host->root};
    size_t depth = 0;
    size_t used = 0;
    place->obstacle = FAKE_NO_FAILURE;
    place->ending = ending_of(place->given);
    place->behind_file = false;
    place->node = host->root;
    place->parent = NULL;
    for (segment part; next_segment(&at, end, &part);) {
        const bool blocked = place->obstacle != FAKE_NO_FAILURE;
        if (is_up(part)) {
            while (used > 0 && place->path[--used] != '/') {
            }
            depth -= !blocked && depth > 0;
            if (!blocked) {
                place->node = levels[depth];
                place->parent = depth > 0 ? levels[depth - 1] : NULL;
            }
            continue;
        }
        const size_t before = used;
        place->path[used++] = '/';
        memcpy(place->path + used, part.text, part.len);
        used += part.len;
        place->path[used] = '\0';
        if (blocked) {
            continue;
        }
        const char *left = left_again(at, end);
        if (left != NULL && !may_know(host, place->path)) {
            /* Whether it exists is nobody's business who may do nothing with it. */
            used = before;
            at = left;
            continue;
        }
        const char *rest = at;
        segment after;
        const bool is_last = !next_segment(&rest, end, &after);
        fake_node *found = airssys_fake_node_entry(levels[depth], place->path + before + 1);
        if (found != NULL && found->is_directory) {
            if (depth == FAKE_MAX_DEPTH) {
                block(place, AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_NAME_TOO_LONG);
                continue;
            }
            levels[++depth] = found;
        } else if (found == NULL && (!is_last || place->ending == FAKE_DOT)) {
            block(place, AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_NOT_FOUND);
            continue;
        } else if (found != NULL && (!is_last || place->ending != FAKE_PLAIN)) {
            block(place, AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_NOT_A_DIRECTORY);
            place->behind_file = is_last && place->ending == FAKE_SLASH;
            continue;
        }
        place->node = found;
        place->parent = found != NULL && found->is_directory ? levels[depth - 1] : levels[depth];
    }
    if (used == 0) {
        place->path[used++] = '/';
    }
    place->path[used] = '\0';
    place->name = strrchr(place->path, '/') + 1;
}

void airssys_fake_find(airssys_fake_host *host, fake_place *place) {
    char path[FAKE_MAX_PATH_BYTES + 1];
    const airssys_string given = place->given;
    strcpy(path, place->path);
    place->given = airssys_string_from_c(path);
    airssys_fake_reach(host, place);
    place->given = given;
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
    fake_place place = {.given = airssys_string_from_c(path)};
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
