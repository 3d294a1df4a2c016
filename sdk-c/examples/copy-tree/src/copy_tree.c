/* Copies a folder with all that is in it. */
#include <airssys/airssys.h>

/* A path that grows and shrinks on the way through the tree. The host takes none that is longer. */
typedef struct path {
    char text[4096];
    size_t length;
} path;

static airssys_string view(const path *whole) {
    return (airssys_string){whole->text, whole->length};
}

/* Appends to a path. */
static airssys_code extend(path *whole, airssys_string more, airssys_error *error) {
    airssys_string_builder rest =
        airssys_string_builder_over(whole->text + whole->length, sizeof whole->text - whole->length);
    airssys_string_builder_text(&rest, more);
    if (rest.truncated) {
        return airssys_error_set(error, AIRSSYS_INVALID_INPUT, AIRSSYS_STRING("a path is too long"));
    }
    whole->length += rest.length;
    return AIRSSYS_OK;
}

static path from;
static path to;
static uint64_t copied_files;
static uint64_t copied_bytes;

static airssys_code copy_folder(airssys_error *error);

/* Copies what has this name in the folder `from` to the folder `to`. */
static airssys_code copy_entry(const airssys_directory_entry *entry, airssys_error *error) {
    const airssys_string separator = AIRSSYS_STRING("/");
    airssys_code code;
    if ((code = extend(&from, separator, error)) != AIRSSYS_OK ||
        (code = extend(&from, entry->name, error)) != AIRSSYS_OK ||
        (code = extend(&to, separator, error)) != AIRSSYS_OK ||
        (code = extend(&to, entry->name, error)) != AIRSSYS_OK) {
        return code;
    }
    if (entry->type == AIRSSYS_FILE_TYPE_DIRECTORY) {
        return copy_folder(error);
    }
    if (entry->type == AIRSSYS_FILE_TYPE_REGULAR) {
        /* The host copies: the bytes do not pass through the component. */
        uint64_t bytes;
        code = airssys_files_copy_file(view(&from), view(&to), AIRSSYS_ON_EXISTING_REPLACE, &bytes, error);
        copied_files += code == AIRSSYS_OK;
        copied_bytes += bytes;
    }
    /* A link could lead anywhere, and anything else is no file. */
    return code;
}

/* Copies the folder `from` to the folder `to`. */
static airssys_code copy_folder(airssys_error *error) {
    /* The list is complete before anything is created, so that a copy into the folder itself comes to an end. */
    airssys_directory_entry_list entries;
    airssys_code code = airssys_directories_list_directory(view(&from), &entries, error);
    if (code == AIRSSYS_OK) {
        code = airssys_directories_create_directory_all(view(&to), error);
    }
    const size_t from_length = from.length;
    const size_t to_length = to.length;
    for (size_t i = 0; i < entries.len && code == AIRSSYS_OK; i++) {
        code = copy_entry(&entries.ptr[i], error);
        from.length = from_length;
        to.length = to_length;
    }
    /* Results are owned. After an error they are empty, and freeing them does no harm. */
    airssys_directory_entry_list_free(&entries);
    return code;
}

/* Takes two lines: the folder to copy, and the folder to copy it to. */
static airssys_code copy_tree(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                              airssys_error *error) {
    (void)context;
    const airssys_string line_end = AIRSSYS_STRING("\n");
    airssys_string source, destination, nothing;
    if (!airssys_string_cut(airssys_bytes_as_string(input), line_end, &source, &destination)) {
        return airssys_error_set(error, AIRSSYS_INVALID_INPUT, AIRSSYS_STRING("expected FROM and TO, a line each"));
    }
    airssys_string_cut(destination, line_end, &destination, &nothing);
    from.length = to.length = 0;
    copied_files = copied_bytes = 0;

    airssys_code code;
    if ((code = extend(&from, source, error)) != AIRSSYS_OK || (code = extend(&to, destination, error)) != AIRSSYS_OK ||
        (code = copy_folder(error)) != AIRSSYS_OK) {
        /* A refusal of the host is just returned: it becomes the permission-denied of this operation. */
        return code;
    }
    char buffer[64];
    airssys_string_builder done = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_string_builder_c(&done, "copied ");
    airssys_string_builder_u64(&done, copied_files);
    airssys_string_builder_c(&done, " files, ");
    airssys_string_builder_u64(&done, copied_bytes);
    airssys_string_builder_c(&done, " bytes");
    *output = airssys_bytes_copy(airssys_string_as_bytes(airssys_string_builder_view(&done)));
    return AIRSSYS_OK;
}

static const airssys_operation operations[] = {{AIRSSYS_STRING_INIT("copy-tree"), copy_tree}};

static const airssys_component component = {
    .operations = operations,
    .operation_count = 1,
};

const airssys_component *airssys_component_define(void) {
    return &component;
}
