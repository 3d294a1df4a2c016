/* What becomes of a path and of a command is what becomes of it at a host: both are held to one table. */
#include <airssys/testing.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/testing/toml.h"
#include "check.h"
#include "table.h"

/* Longer than any text of the table, with what it repeats. */
enum { MAX_TEXT = 2 << 20 };

/* The text at a key, or another where there is none. */
static airssys_string text_or(const fake_toml *row, const char *key, airssys_string otherwise) {
    return airssys_fake_toml_at(row, key) != NULL ? airssys_fake_toml_text(row, key) : otherwise;
}

static int64_t number_or(const fake_toml *row, const char *key, int64_t otherwise) {
    const fake_toml *value = airssys_fake_toml_at(row, key);
    return value != NULL ? value->integer : otherwise;
}

/* A text so many times. */
static airssys_string repeated(airssys_fake_host *host, airssys_string once, int64_t times) {
    char *text = airssys_fake_keep(host, once.len * (size_t)times + 1);
    for (int64_t i = 0; i < times; i++) {
        memcpy(text + (size_t)i * once.len, once.ptr, once.len);
    }
    return (airssys_string){text, once.len * (size_t)times};
}

static airssys_string joined(airssys_fake_host *host, airssys_string left, airssys_string right) {
    char *text = airssys_fake_keep(host, left.len + right.len + 1);
    memcpy(text, left.ptr, left.len);
    memcpy(text + left.len, right.ptr, right.len);
    return (airssys_string){text, left.len + right.len};
}

/* Makes the files of the table anew. The content of each is its path. The fake has no links. */
static void put_files(airssys_fake_host *host, const fake_toml *files, const fake_toml *directories) {
    for (const fake_toml *path = files; path != NULL; path = path->next) {
        airssys_fake_host_put_file(host, path->text.ptr, airssys_string_as_bytes(path->text));
    }
    for (const fake_toml *path = directories; path != NULL; path = path->next) {
        airssys_fake_host_put_directory(host, path->text.ptr);
    }
}

/* Whether there is what was put, and nothing else. */
static bool is_as_put(airssys_fake_host *host, const fake_toml *files, const fake_toml *directories) {
    uint64_t count = 0;
    for (const fake_toml *path = files; path != NULL; path = path->next, count++) {
        const char *content = airssys_fake_host_file_text(host, path->text.ptr);
        if (content == NULL || !airssys_string_equals(path->text, airssys_string_from_c(content))) {
            return false;
        }
    }
    airssys_disk_usage usage;
    airssys_file_metadata metadata;
    for (const fake_toml *path = directories; path != NULL; path = path->next) {
        if (airssys_paths_get_metadata(path->text, &metadata, NULL) != AIRSSYS_OK) {
            return false;
        }
    }
    /* What is in /data apart from the files: /data/directory, and those that were put. */
    CHECK(airssys_directories_measure(AIRSSYS_STRING("/data"), &usage, NULL) == AIRSSYS_OK);
    return usage.files == count && usage.directories == 2;
}

/* Whether the fake has what a row needs. */
static bool is_offered(const fake_toml *row) {
    static const char *const LINKS[] = {"/data/to-file", "/data/to-empty", "/data/dangling"};
    for (size_t i = 0; i < sizeof LINKS / sizeof *LINKS; i++) {
        if (has_word(row, "path", LINKS[i])) {
            return has_word(row, "call", "normalize") || has_word(row, "call", "relative-to");
        }
    }
    return !has_word(row, "call", "create-symlink") && !has_word(row, "call", "read-symlink");
}

static airssys_open_flags flags_of(const fake_toml *row) {
    static const struct {
        const char *name;
        airssys_open_flags flag;
    } FLAGS[] = {
        {"read", AIRSSYS_OPEN_READ},
        {"write", AIRSSYS_OPEN_WRITE},
        {"append", AIRSSYS_OPEN_APPEND},
        {"create", AIRSSYS_OPEN_CREATE},
        {"create-new", AIRSSYS_OPEN_CREATE_NEW},
        {"truncate", AIRSSYS_OPEN_TRUNCATE},
        {"no-follow", AIRSSYS_OPEN_NO_FOLLOW},
    };
    airssys_open_flags flags = 0;
    for (const fake_toml *name = airssys_fake_toml_at(row, "flags")->first; name != NULL; name = name->next) {
        for (size_t i = 0; i < sizeof FLAGS / sizeof *FLAGS; i++) {
            if (airssys_string_equals(name->text, airssys_string_from_c(FLAGS[i].name))) {
                flags |= FLAGS[i].flag;
            }
        }
    }
    return flags;
}

static airssys_code find(const fake_toml *row, airssys_string path, airssys_string *found, airssys_error *error) {
    const airssys_find_options options = {.pattern = text_or(row, "pattern", AIRSSYS_STRING("**"))};
    airssys_string_list paths;
    const airssys_code code = airssys_directories_find(path, &options, &paths, error);
    if (code == AIRSSYS_OK) {
        static char buffer[4096];
        airssys_string_builder builder = airssys_string_builder_over(buffer, sizeof buffer);
        for (size_t i = 0; i < paths.len && airssys_fake_toml_at(row, "pattern") != NULL; i++) {
            airssys_string_builder_text(&builder, i > 0 ? AIRSSYS_STRING(" ") : AIRSSYS_STRING(""));
            airssys_string_builder_text(&builder, paths.ptr[i]);
        }
        *found = airssys_string_copy(airssys_string_builder_view(&builder));
        airssys_string_list_free(&paths);
    }
    return code;
}

static airssys_code type_of(airssys_code code, airssys_file_metadata metadata, airssys_string *found) {
    if (code == AIRSSYS_OK) {
        const bool is_directory = metadata.type == AIRSSYS_FILE_TYPE_DIRECTORY;
        *found = airssys_string_copy(is_directory ? AIRSSYS_STRING("directory") : AIRSSYS_STRING("regular"));
    }
    return code;
}

/* Does with a path what a row says. `found` is owned: what it says of what it found, or nothing. */
static airssys_code call(const fake_toml *row, airssys_string path, airssys_string *found, airssys_error *error) {
    const airssys_string source = text_or(row, "source", path), destination = text_or(row, "destination", path);
    const airssys_on_existing existing =
        has_word(row, "on-existing", "replace") ? AIRSSYS_ON_EXISTING_REPLACE : AIRSSYS_ON_EXISTING_FAIL;
    const airssys_bytes data = AIRSSYS_BYTES("lost");
    const airssys_file_times times = {{AIRSSYS_FILE_TIME_NOW, {0, 0}}, {AIRSSYS_FILE_TIME_NOW, {0, 0}}};
    *found = (airssys_string){NULL, 0};
    if (has_word(row, "call", "open")) {
        airssys_file file;
        const airssys_code code = airssys_files_open(path, flags_of(row), &file, error);
        if (code == AIRSSYS_OK) {
            airssys_file_close(&file);
        }
        return code;
    }
    if (has_word(row, "call", "read-file")) {
        airssys_bytes content = {NULL, 0};
        const airssys_code code = airssys_files_read_file(path, &content, error);
        airssys_bytes_free(&content);
        return code;
    }
    if (has_word(row, "call", "write-file")) {
        return airssys_files_write_file(path, data, error);
    }
    if (has_word(row, "call", "append-file")) {
        return airssys_files_append_file(path, data, error);
    }
    if (has_word(row, "call", "delete-file")) {
        return airssys_files_delete_file(path, error);
    }
    if (has_word(row, "call", "copy-file")) {
        uint64_t copied;
        return airssys_files_copy_file(source, destination, existing, &copied, error);
    }
    if (has_word(row, "call", "rename")) {
        return airssys_files_rename(source, destination, existing, error);
    }
    if (has_word(row, "call", "open-directory")) {
        airssys_directory_cursor cursor;
        const airssys_code code = airssys_directories_open_directory(path, &cursor, error);
        if (code == AIRSSYS_OK) {
            airssys_directory_cursor_close(&cursor);
        }
        return code;
    }
    if (has_word(row, "call", "list-directory")) {
        airssys_directory_entry_list entries = {NULL, 0};
        const airssys_code code = airssys_directories_list_directory(path, &entries, error);
        airssys_directory_entry_list_free(&entries);
        return code;
    }
    if (has_word(row, "call", "create-directory")) {
        return airssys_directories_create_directory(path, error);
    }
    if (has_word(row, "call", "create-directory-all")) {
        return airssys_directories_create_directory_all(path, error);
    }
    if (has_word(row, "call", "remove-directory")) {
        return airssys_directories_remove_directory(path, error);
    }
    if (has_word(row, "call", "remove-directory-all")) {
        return airssys_directories_remove_directory_all(path, error);
    }
    if (has_word(row, "call", "find")) {
        return find(row, path, found, error);
    }
    if (has_word(row, "call", "measure")) {
        airssys_disk_usage usage;
        return airssys_directories_measure(path, &usage, error);
    }
    airssys_file_metadata metadata = {0};
    if (has_word(row, "call", "get-metadata")) {
        const airssys_code code = airssys_paths_get_metadata(path, &metadata, error);
        return type_of(code, metadata, found);
    }
    if (has_word(row, "call", "get-link-metadata")) {
        const airssys_code code = airssys_paths_get_link_metadata(path, &metadata, error);
        return type_of(code, metadata, found);
    }
    if (has_word(row, "call", "exists")) {
        bool exists = false;
        const airssys_code code = airssys_paths_exists(path, &exists, error);
        if (code == AIRSSYS_OK) {
            *found = airssys_string_copy(exists ? AIRSSYS_STRING("true") : AIRSSYS_STRING("false"));
        }
        return code;
    }
    if (has_word(row, "call", "set-permissions")) {
        return airssys_paths_set_permissions(path, AIRSSYS_OWNER_READ, error);
    }
    if (has_word(row, "call", "set-times")) {
        return airssys_paths_set_times(path, &times, error);
    }
    if (has_word(row, "call", "canonicalize")) {
        return airssys_paths_canonicalize(path, found, error);
    }
    if (has_word(row, "call", "normalize")) {
        return airssys_paths_normalize(path, found, error);
    }
    CHECK(has_word(row, "call", "relative-to"));
    return airssys_paths_relative_to(path, airssys_fake_toml_text(row, "base"), found, error);
}

/* Whether it went as the table has it: a path that is wrong in an error is the one that was given. */
static void expect(airssys_string wanted, airssys_string path, bool any_text, airssys_code code, airssys_string found,
                   airssys_error *error, const char *call) {
    static char got[MAX_TEXT];
    airssys_string text = found;
    if (code != AIRSSYS_OK) {
        text = code == AIRSSYS_PERMISSION_DENIED ? error->denial.resource : error->text;
        text.len = airssys_string_equals(text, path) ? 0 : text.len;
    }
    const char *name = airssys_code_name(code);
    size_t length = (size_t)snprintf(got, sizeof got, "%s", name);
    const bool is_code = airssys_string_equals(wanted, airssys_string_from_c(name)) && code != AIRSSYS_OK;
    if (text.len > 0 && !(any_text && is_code)) {
        length += (size_t)snprintf(got + length, sizeof got - length, ": %.*s", (int)text.len, text.ptr);
    }
    if (!airssys_string_equals(wanted, airssys_string_from_c(got))) {
        printf("%s %.*s:\n  expected: %.*s\n  got:      %.*s\n", call, path.len < 99 ? (int)path.len : 99, path.ptr,
               (int)wanted.len, wanted.ptr, length < 200 ? (int)length : 200, got);
        check_failures++;
    }
    if (code != AIRSSYS_OK) {
        airssys_error_free(error);
    }
}

static void try_path(const fake_toml *row, airssys_string path, airssys_string wanted, bool any_text) {
    airssys_string found;
    airssys_error error;
    const airssys_code code = call(row, path, &found, &error);
    expect(wanted, path, any_text, code, found, &error, airssys_fake_toml_text(row, "call").ptr);
    airssys_string_free(&found);
}

static void each_end_of_a_path_means_what_the_table_says(airssys_fake_host *host) {
    const fake_toml *files = read_table(host, "files"), *directories = read_table(host, "directories");
    const fake_toml *endings = read_table(host, "endings");
    for (const fake_toml *row = read_table(host, "paths"); row != NULL; row = row->next) {
        const fake_toml *wanted = airssys_fake_toml_at(row, "answers")->first;
        for (const fake_toml *ending = endings; ending != NULL; ending = ending->next, wanted = wanted->next) {
            const airssys_string name = airssys_fake_toml_text(row, "path");
            airssys_string path = joined(host, name, ending->text);
            if (airssys_string_equals(ending->text, AIRSSYS_STRING("/../{name}"))) {
                const char *last = strrchr(name.ptr, '/') + 1;
                path = joined(host, joined(host, name, AIRSSYS_STRING("/../")), airssys_string_from_c(last));
            }
            if (!is_offered(row)) {
                continue;
            }
            airssys_directories_remove_directory_all(AIRSSYS_STRING("/data"), NULL);
            put_files(host, files, directories);
            try_path(row, path, wanted->text, false);
            CHECK(airssys_string_starts_with(wanted->text, AIRSSYS_STRING("ok")) ||
                  is_as_put(host, files, directories));
        }
    }
}

static void each_form_of_a_path_is_taken_as_the_table_says(airssys_fake_host *host) {
    const fake_toml *files = read_table(host, "files"), *directories = read_table(host, "directories");
    for (const fake_toml *row = read_table(host, "forms"); row != NULL; row = row->next) {
        const airssys_string more = text_or(row, "repeated", AIRSSYS_STRING(""));
        const airssys_string path =
            joined(host, airssys_fake_toml_text(row, "path"), repeated(host, more, number_or(row, "times", 0)));
        if (!is_offered(row)) {
            continue;
        }
        airssys_directories_remove_directory_all(AIRSSYS_STRING("/data"), NULL);
        put_files(host, files, directories);
        /* An error without a text may say what it likes. */
        try_path(row, path, airssys_fake_toml_text(row, "answer"), true);
    }
}

/* Does with an open file what a row says. `count` is how many bytes or which position it was; -1 if it is neither. */
static airssys_code use(airssys_fake_host *host, const fake_toml *row, airssys_file file, int64_t *count,
                        airssys_error *error) {
    const uint64_t offset = (uint64_t)number_or(row, "offset", 0);
    const size_t size = (size_t)number_or(row, "size", 0);
    const airssys_bytes data = {airssys_fake_keep(host, size + 1), size};
    airssys_bytes content = {NULL, 0};
    airssys_code code;
    *count = -1;
    if (has_word(row, "call", "read") || has_word(row, "call", "read-at")) {
        code = has_word(row, "call", "read") ? airssys_file_read(file, UINT32_MAX, &content, error)
                                             : airssys_file_read_at(file, offset, UINT32_MAX, &content, error);
        *count = (int64_t)content.len;
        airssys_bytes_free(&content);
        return code;
    }
    if (has_word(row, "call", "write") || has_word(row, "call", "write-at")) {
        uint32_t written = 0;
        code = has_word(row, "call", "write") ? airssys_file_write(file, data, &written, error)
                                              : airssys_file_write_at(file, offset, data, &written, error);
        *count = written;
        return code;
    }
    if (has_word(row, "call", "seek")) {
        const airssys_seek_from from = has_word(row, "from", "start")      ? AIRSSYS_SEEK_START
                                       : has_word(row, "from", "forward")  ? AIRSSYS_SEEK_FORWARD
                                       : has_word(row, "from", "backward") ? AIRSSYS_SEEK_BACKWARD
                                                                           : AIRSSYS_SEEK_BEFORE_END;
        uint64_t position = 0;
        code = airssys_file_seek(file, from, offset, &position, error);
        *count = (int64_t)position;
        return code;
    }
    if (has_word(row, "call", "set-size")) {
        return airssys_file_set_size(file, offset, error);
    }
    if (has_word(row, "call", "lock")) {
        return airssys_file_lock(file, AIRSSYS_LOCK_EXCLUSIVE, (airssys_optional_u32){0}, error);
    }
    if (has_word(row, "call", "unlock")) {
        return airssys_file_unlock(file, error);
    }
    CHECK(has_word(row, "call", "sync"));
    return airssys_file_sync(file, AIRSSYS_SYNC_ALL, error);
}

static void each_open_file_does_what_the_table_says(airssys_fake_host *host) {
    const fake_toml *files = read_table(host, "files"), *directories = read_table(host, "directories");
    for (const fake_toml *row = read_table(host, "handles"); row != NULL; row = row->next) {
        put_files(host, files, directories);
        airssys_file file;
        airssys_error error;
        CHECK(airssys_files_open(AIRSSYS_STRING("/data/file"), flags_of(row), &file, NULL) == AIRSSYS_OK);
        int64_t count;
        const airssys_code code = use(host, row, file, &count, &error);
        char number[32] = "";
        if (count >= 0) {
            snprintf(number, sizeof number, "%lld", (long long)count);
        }
        const char *call_name = airssys_fake_toml_text(row, "call").ptr;
        expect(airssys_fake_toml_text(row, "answer"), AIRSSYS_STRING(""), true, code, airssys_string_from_c(number),
               &error, call_name);
        airssys_file_close(&file);
    }
}

static void what_a_permission_does_not_cover_is_not_told(void) {
    bool more = true;
    for (size_t index = 0; more; index++) {
        airssys_fake_host *host = airssys_fake_host_new();
        const fake_toml *row = read_table(host, "permitted");
        for (size_t i = 0; i < index; i++) {
            row = row->next;
        }
        const airssys_string action = airssys_fake_toml_text(row, "action"), at = airssys_fake_toml_text(row, "at");
        char line[256];
        snprintf(line, sizeof line, "filesystem = [{ action = \"%.*s\", path = \"%.*s\" }]", (int)action.len,
                 action.ptr, (int)at.len, at.ptr);
        put_files(host, read_table(host, "files"), read_table(host, "directories"));
        airssys_fake_host_permit(host, line);
        try_path(row, airssys_fake_toml_text(row, "path"), airssys_fake_toml_text(row, "answer"), false);
        more = row->next != NULL;
        airssys_fake_host_free(host);
    }
}

static airssys_process_output do_nothing(void *data, airssys_string_list arguments, airssys_bytes input) {
    (void)data;
    (void)arguments;
    (void)input;
    return (airssys_process_output){0};
}

/* Runs a command in a pipeline of so many, and, if that is one, alone. */
static void try_command(const airssys_command *command, int64_t count, bool in_pipeline, airssys_string wanted) {
    const airssys_string nothing = {NULL, 0};
    airssys_command commands[80];
    for (int64_t i = 0; i < count; i++) {
        commands[i] = *command;
    }
    airssys_error error;
    if (in_pipeline) {
        airssys_pipeline_output output;
        const airssys_code code =
            airssys_processes_run_pipeline(commands, (size_t)count, AIRSSYS_BYTES(""), &output, &error);
        expect(wanted, nothing, false, code, nothing, &error, "run-pipeline");
        if (code == AIRSSYS_OK) {
            airssys_pipeline_output_free(&output);
        }
    }
    if (count == 1) {
        airssys_process_output output;
        const airssys_code code = airssys_processes_run(command, AIRSSYS_BYTES(""), &output, &error);
        expect(wanted, nothing, false, code, nothing, &error, "run");
        if (code == AIRSSYS_OK) {
            airssys_process_output_free(&output);
        }
    }
}

static void no_variable_makes_a_program_load_other_code(airssys_fake_host *host) {
    airssys_fake_host_add_program(host, "/usr/bin/true", do_nothing, NULL);
    for (const fake_toml *row = read_table(host, "variables"); row != NULL; row = row->next) {
        const airssys_string name = airssys_fake_toml_text(row, "name");
        const airssys_key_value set[] = {{AIRSSYS_STRING_INIT("A"), AIRSSYS_STRING_INIT("b")},
                                         {name, AIRSSYS_STRING_INIT("./own.so")}};
        const airssys_string inherit[] = {AIRSSYS_STRING_INIT("OWN"), name};
        airssys_command command = {.program = AIRSSYS_STRING("/usr/bin/true")};
        command.environment.set = set;
        command.environment.set_count = 2;
        try_command(&command, 1, true, airssys_fake_toml_text(row, "answer"));
        command.environment.set_count = 0;
        command.environment.inherit = (airssys_string_list){inherit, 2};
        try_command(&command, 1, true, airssys_fake_toml_text(row, "answer"));
    }
}

static airssys_stdio_kind stream_of(const fake_toml *row, const char *key) {
    return has_word(row, key, "to-stdout")   ? AIRSSYS_STDIO_TO_STDOUT
           : has_word(row, key, "read-file") ? AIRSSYS_STDIO_READ_FILE
                                             : AIRSSYS_STDIO_PIPED;
}

static void a_command_is_as_large_as_the_table_allows(airssys_fake_host *host) {
    airssys_fake_host_add_program(host, "/usr/bin/true", do_nothing, NULL);
    for (const fake_toml *row = read_table(host, "commands"); row != NULL; row = row->next) {
        const int64_t times = number_or(row, "times", 1);
        const size_t variables = (size_t)number_or(row, "variables", 0);
        airssys_string argument = repeated(host, text_or(row, "argument", AIRSSYS_STRING("")), times);
        size_t arguments = (size_t)number_or(row, "arguments", airssys_fake_toml_at(row, "argument") != NULL ? 1 : 0);
        airssys_string *all = airssys_fake_keep(host, (arguments + 1) * sizeof *all);
        for (size_t i = 0; i < arguments; i++) {
            all[i] = argument;
        }
        airssys_key_value *set = airssys_fake_keep(host, (variables + 1) * sizeof *set);
        for (size_t i = 0; i < variables; i++) {
            char name[32];
            snprintf(name, sizeof name, "V%zu", i);
            set[i].key = airssys_fake_keep_string(host, airssys_string_from_c(name));
        }
        const bool has_value = airssys_fake_toml_at(row, "value") != NULL;
        if (has_value) {
            set[0].key = AIRSSYS_STRING("V");
            set[0].value = repeated(host, airssys_fake_toml_text(row, "value"), times);
        }
        airssys_command command = {
            .program = AIRSSYS_STRING("/usr/bin/true"),
            .arguments = {all, arguments},
            .environment = {.set = set, .set_count = has_value ? 1 : variables},
            .stdio = {.stdout_ = {stream_of(row, "stdout"), AIRSSYS_STRING_INIT("/data/file")},
                      .stderr_ = {stream_of(row, "stderr"), AIRSSYS_STRING_INIT("/data/file")}},
        };
        if (airssys_fake_toml_at(row, "program") != NULL) {
            command.program = repeated(host, airssys_fake_toml_text(row, "program"), times);
        }
        /* A pipeline has no use for standard output. */
        const bool in_pipeline = airssys_fake_toml_at(row, "stdout") == NULL;
        try_command(&command, number_or(row, "commands", 1), in_pipeline, airssys_fake_toml_text(row, "answer"));
    }
}

int main(void) {
    static void (*const WITH_A_HOST[])(airssys_fake_host *) = {
        each_end_of_a_path_means_what_the_table_says,
        each_form_of_a_path_is_taken_as_the_table_says,
        each_open_file_does_what_the_table_says,
        no_variable_makes_a_program_load_other_code,
        a_command_is_as_large_as_the_table_allows,
    };
    for (size_t i = 0; i < sizeof WITH_A_HOST / sizeof *WITH_A_HOST; i++) {
        airssys_fake_host *host = airssys_fake_host_new();
        airssys_fake_host_permit_all(host);
        WITH_A_HOST[i](host);
        airssys_fake_host_free(host);
    }
    what_a_permission_does_not_cover_is_not_told();
    return CHECK_RESULT;
}
