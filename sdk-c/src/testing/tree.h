/* The filesystem of a fake: a tree of nodes, and how paths lead to them. Private to the testing kit. */
#ifndef AIRSSYS_SRC_TESTING_TREE_H
#define AIRSSYS_SRC_TESTING_TREE_H

#include "fake_host.h"

/* As the host has them. */
enum { FAKE_MAX_PATH_BYTES = 4096, FAKE_MAX_NAME_BYTES = 255, FAKE_MAX_DEPTH = 128, FAKE_MAX_OPEN_FILES = 256 };

/* Stands for "nothing is wrong" where the number of an error case is expected. */
enum { FAKE_NO_FAILURE = 0xFF };

typedef struct fake_node {
    char *name;
    bool is_directory;
    size_t references; /* from its directory, and from handles */

    uint8_t *content; /* of a file */
    size_t size;
    size_t shared_locks;
    bool exclusive_lock;

    struct fake_node **entries; /* of a directory, sorted by name */
    size_t entry_count;

    airssys_file_permissions permissions;
    airssys_timestamp accessed;
    airssys_timestamp modified;
    airssys_timestamp created;
} fake_node;

/* An open file, or a cursor if `node` is a directory. */
typedef struct fake_handle {
    fake_node *node;
    airssys_open_flags flags;
    uint64_t position;
    const char *path; /* as the component gave it; kept by the fake */
    char *last;       /* of a cursor: the name that was given last, NULL before the first */
    bool locked;
    bool lock_is_exclusive;
} fake_handle;

/* What the end of a path says of what it means. */
typedef enum fake_ending {
    FAKE_PLAIN, /* nothing: it ends with a name or with two dots */
    FAKE_SLASH, /* a directory, which may have to be made */
    FAKE_DOT,   /* a directory that is there */
} fake_ending;

/* Where a path leads. */
typedef struct fake_place {
    char path[FAKE_MAX_PATH_BYTES + 1]; /* resolved; where the way ended early, the rest is taken by its text */
    airssys_string given;               /* as the component gave it */
    fake_node *node;                    /* what is there; NULL if there is nothing */
    fake_node *parent;                  /* the directory it would be in; NULL of the root, and if it is missing */
    const char *name;                   /* the last segment, within `path` */
    uint8_t obstacle;                   /* why there is no parent */
    fake_ending ending;
    bool behind_file; /* the obstacle is that the path ends in a slash, and what is there is a file */
} fake_place;

fake_node *airssys_fake_tree_new(airssys_timestamp now);
/* Frees all nodes and handles. */
void airssys_fake_tree_free(airssys_fake_host *host);

/* Brings a path to its normal form, or says which error case it is. `path` has FAKE_MAX_PATH_BYTES + 1 bytes. */
uint8_t airssys_fake_normalize(airssys_string given, char *path, const char **problem);

/* Goes to the end of the path that was given. One that ends in a slash or a dot leads to nothing but a directory. */
void airssys_fake_reach(airssys_fake_host *host, fake_place *place);

/* Finds what is at a path in normal form, which place->path has. */
void airssys_fake_find(airssys_fake_host *host, fake_place *place);

fake_node *airssys_fake_node_new(bool is_directory, airssys_timestamp now);
fake_node *airssys_fake_node_entry(const fake_node *directory, const char *name);
void airssys_fake_node_insert(fake_node *directory, fake_node *node, const char *name, airssys_timestamp now);
/* Takes a node out of its directory. */
void airssys_fake_node_remove(fake_node *directory, fake_node *node, airssys_timestamp now);
/* Gives up one reference. What nothing refers to is freed with all that is in it. */
void airssys_fake_node_release(fake_node *node);
/* Cuts a file, or fills it up with zeros. */
void airssys_fake_node_resize(fake_node *file, size_t size);
/* Writes at an offset, and fills a gap before it with zeros. */
void airssys_fake_node_write(fake_node *file, size_t offset, airssys_bytes data, airssys_timestamp now);

/* Fill a failure and give false, so that an import can end with it. */
bool airssys_fake_fail(fake_filesystem_failure *failure, uint8_t tag, airssys_string text);
bool airssys_fake_deny(fake_filesystem_failure *failure, const char *operation, unsigned action, const char *path);

bool airssys_fake_allows(airssys_fake_host *host, unsigned action, const char *path);

/* Whether the test has denied it. */
bool airssys_fake_denies_path(const airssys_fake_host *host, unsigned action, const char *path);
/* Whether `path` is `base` or below it, both normal. */
bool airssys_fake_is_within(const char *path, const char *base);

/*
 * What every import with a path begins with: checks the path, asks for each of the actions, or for one of them, and finds
 * what is there. It fails for an invalid path and a denial only.
 */
bool airssys_fake_resolve(const char *operation, airssys_bindings_string_t *path, unsigned actions, bool any,
                          fake_place *place, fake_filesystem_failure *failure);

/* Whether there is something, a file, a directory; the failure otherwise. */
bool airssys_fake_exists(const fake_place *place, fake_filesystem_failure *failure);
bool airssys_fake_is_file(const fake_place *place, fake_filesystem_failure *failure);
bool airssys_fake_is_directory(const fake_place *place, fake_filesystem_failure *failure);
/* Whether something can be created there: the directory exists. */
bool airssys_fake_has_parent(const fake_place *place, fake_filesystem_failure *failure);
/* Whether there is or can be a file: not behind a slash, and not in place of the root. */
bool airssys_fake_can_be_file(const fake_place *place, fake_filesystem_failure *failure);
/* Whether it can be removed or moved: not the root, and by no name but its own. */
bool airssys_fake_is_removable(const fake_place *place, fake_filesystem_failure *failure);

/* The handle of this number. */
fake_handle *airssys_fake_handle(airssys_fake_host *host, const char *operation, int32_t number);
/* Opens a handle, unless too many are open. */
bool airssys_fake_open(airssys_fake_host *host, fake_handle handle, int32_t *number, fake_filesystem_failure *failure);
void airssys_fake_close(const char *operation, int32_t number);
void airssys_fake_unlock(fake_handle *handle);

airssys_ext_filesystem_types_file_metadata_t airssys_fake_metadata(const fake_node *node);

#endif
