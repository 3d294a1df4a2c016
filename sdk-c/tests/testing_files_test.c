#include <airssys/testing.h>

#include "check.h"

#define PATH(literal) AIRSSYS_STRING(literal)

static bool is(airssys_bytes bytes, const char *text) {
    return airssys_string_equals(airssys_bytes_as_string(bytes), airssys_string_from_c(text));
}

static void whole_files_are_written_and_read(airssys_fake_host *host) {
    airssys_bytes content;
    CHECK(airssys_files_write_file(PATH("/data/a"), AIRSSYS_BYTES("x"), NULL) == AIRSSYS_NOT_FOUND);
    airssys_fake_host_put_directory(host, "/data");
    CHECK(airssys_files_write_file(PATH("/data/a"), AIRSSYS_BYTES("one"), NULL) == AIRSSYS_OK);
    CHECK(airssys_files_append_file(PATH("/data/a"), AIRSSYS_BYTES(" two"), NULL) == AIRSSYS_OK);
    CHECK(airssys_files_append_file(PATH("/data/../data//b"), AIRSSYS_BYTES("b"), NULL) == AIRSSYS_OK);
    CHECK(airssys_files_read_file(PATH("/data/a"), &content, NULL) == AIRSSYS_OK && is(content, "one two"));
    airssys_bytes_free(&content);
    CHECK_TEXT(airssys_fake_host_file_text(host, "/data/b"), "b");
    CHECK(airssys_files_write_file(PATH("/data/a"), AIRSSYS_BYTES(""), NULL) == AIRSSYS_OK);
    CHECK(airssys_files_read_file(PATH("/data/a"), &content, NULL) == AIRSSYS_OK && content.len == 0);
    CHECK(airssys_files_delete_file(PATH("/data/a"), NULL) == AIRSSYS_OK);
    CHECK(airssys_fake_host_file_text(host, "/data/a") == NULL);
}

static void the_test_sees_and_changes_files(airssys_fake_host *host) {
    airssys_bytes content;
    airssys_fake_host_put_file(host, "/deep/er/file", AIRSSYS_BYTES("a\0b"));
    CHECK(airssys_fake_host_get_file(host, "/deep/er/file", &content) && content.len == 3 && content.ptr[2] == 'b');
    airssys_fake_host_put_file(host, "/deep/er/file", AIRSSYS_BYTES("c"));
    CHECK_TEXT(airssys_fake_host_file_text(host, "/deep/er/file"), "c");
    CHECK(!airssys_fake_host_get_file(host, "/deep/er", &content) && content.len == 0);
    CHECK(!airssys_fake_host_get_file(host, "/none", &content));
}

static void errors_name_the_path_that_was_given(airssys_fake_host *host) {
    airssys_fake_host_put_file(host, "/file", AIRSSYS_BYTES("x"));
    airssys_fake_host_put_directory(host, "/dir/sub");
    static const struct {
        airssys_string path;
        airssys_code code;
        const char *text;
    } READS[] = {
        {AIRSSYS_STRING_INIT("/none/./x"), AIRSSYS_NOT_FOUND, "/none/./x"},
        {AIRSSYS_STRING_INIT("/file/x"), AIRSSYS_NOT_A_DIRECTORY, "/file/x"},
        {AIRSSYS_STRING_INIT("/dir"), AIRSSYS_IS_A_DIRECTORY, "/dir"},
        {AIRSSYS_STRING_INIT("/"), AIRSSYS_IS_A_DIRECTORY, "/"},
        {AIRSSYS_STRING_INIT("file"), AIRSSYS_INVALID_PATH, "the path is not absolute"},
        {AIRSSYS_STRING_INIT(""), AIRSSYS_INVALID_PATH, "the path is empty"},
        {AIRSSYS_STRING_INIT("/fi\0le"), AIRSSYS_INVALID_PATH, "the path contains NUL"},
    };
    for (size_t i = 0; i < sizeof READS / sizeof *READS; i++) {
        airssys_bytes content;
        airssys_error error;
        CHECK(airssys_files_read_file(READS[i].path, &content, &error) == READS[i].code);
        CHECK(airssys_string_equals(error.text, airssys_string_from_c(READS[i].text)));
        airssys_error_free(&error);
    }
    char name[300] = "/";
    memset(name + 1, 'x', sizeof name - 1);
    CHECK(airssys_files_delete_file((airssys_string){name, 257}, NULL) == AIRSSYS_NAME_TOO_LONG);
    CHECK(airssys_files_delete_file((airssys_string){name, 256}, NULL) == AIRSSYS_NOT_FOUND);
    CHECK(airssys_files_delete_file(PATH("/dir"), NULL) == AIRSSYS_IS_A_DIRECTORY);
    CHECK(airssys_files_write_file(PATH("/dir"), AIRSSYS_BYTES(""), NULL) == AIRSSYS_IS_A_DIRECTORY);
    CHECK(airssys_files_append_file(PATH("/dir"), AIRSSYS_BYTES(""), NULL) == AIRSSYS_IS_A_DIRECTORY);
}

static airssys_file open_file(airssys_string path, airssys_open_flags flags) {
    airssys_file file;
    CHECK(airssys_files_open(path, flags, &file, NULL) == AIRSSYS_OK);
    return file;
}

static void handles_read_write_and_seek(airssys_fake_host *host) {
    airssys_bytes data;
    uint32_t written;
    uint64_t position;
    airssys_file file = open_file(PATH("/a"), AIRSSYS_OPEN_READ | AIRSSYS_OPEN_WRITE | AIRSSYS_OPEN_CREATE_NEW);
    CHECK(airssys_fake_host_open_handles(host) == 1);
    CHECK(airssys_file_write(file, AIRSSYS_BYTES("hello"), &written, NULL) == AIRSSYS_OK && written == 5);
    CHECK(airssys_file_write_at(file, 7, AIRSSYS_BYTES("!"), NULL, NULL) == AIRSSYS_OK);
    CHECK(airssys_file_read(file, 10, &data, NULL) == AIRSSYS_OK && data.len == 3 && data.ptr[0] == '\0');
    airssys_bytes_free(&data);
    CHECK(airssys_file_read(file, 10, &data, NULL) == AIRSSYS_OK && data.len == 0);
    CHECK(airssys_file_seek(file, AIRSSYS_SEEK_START, 1, &position, NULL) == AIRSSYS_OK && position == 1);
    CHECK(airssys_file_seek(file, AIRSSYS_SEEK_FORWARD, 2, &position, NULL) == AIRSSYS_OK && position == 3);
    CHECK(airssys_file_read(file, 2, &data, NULL) == AIRSSYS_OK && is(data, "lo"));
    airssys_bytes_free(&data);
    CHECK(airssys_file_seek(file, AIRSSYS_SEEK_BACKWARD, 6, NULL, NULL) == AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_file_seek(file, AIRSSYS_SEEK_BACKWARD, 5, &position, NULL) == AIRSSYS_OK && position == 0);
    CHECK(airssys_file_seek(file, AIRSSYS_SEEK_BEFORE_END, 1, &position, NULL) == AIRSSYS_OK && position == 7);
    CHECK(airssys_file_seek(file, AIRSSYS_SEEK_FORWARD, INT64_MAX, NULL, NULL) == AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_file_set_size(file, 2, NULL) == AIRSSYS_OK);
    CHECK(airssys_file_write(file, AIRSSYS_BYTES("z"), NULL, NULL) == AIRSSYS_OK);
    CHECK(airssys_file_read_at(file, 0, 100, &data, NULL) == AIRSSYS_OK && data.len == 8 && data.ptr[7] == 'z');
    airssys_bytes_free(&data);
    CHECK(airssys_file_set_size(file, UINT64_MAX, NULL) == AIRSSYS_QUOTA_EXCEEDED);
    CHECK(airssys_file_sync(file, AIRSSYS_SYNC_ALL, NULL) == AIRSSYS_OK);
    airssys_file_close(&file);
    CHECK(airssys_fake_host_open_handles(host) == 0);
}

static void flags_say_what_a_handle_can(airssys_fake_host *host) {
    airssys_fake_host_put_file(host, "/a", AIRSSYS_BYTES("one"));
    airssys_file file;
    airssys_bytes data;
    CHECK(airssys_files_open(PATH("/a"), AIRSSYS_OPEN_CREATE, &file, NULL) == AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_files_open(PATH("/a"), AIRSSYS_OPEN_READ | AIRSSYS_OPEN_TRUNCATE, &file, NULL) ==
          AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_files_open(PATH("/b"), AIRSSYS_OPEN_READ, &file, NULL) == AIRSSYS_NOT_FOUND);
    CHECK(airssys_files_open(PATH("/"), AIRSSYS_OPEN_READ, &file, NULL) == AIRSSYS_IS_A_DIRECTORY);
    CHECK(airssys_files_open(PATH("/a"), AIRSSYS_OPEN_WRITE | AIRSSYS_OPEN_CREATE_NEW, &file, NULL) ==
          AIRSSYS_ALREADY_EXISTS);
    file = open_file(PATH("/a"), AIRSSYS_OPEN_READ);
    CHECK(airssys_file_write(file, AIRSSYS_BYTES("x"), NULL, NULL) == AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_file_set_size(file, 0, NULL) == AIRSSYS_INVALID_ARGUMENT);
    airssys_file_close(&file);
    file = open_file(PATH("/a"), AIRSSYS_OPEN_APPEND);
    CHECK(airssys_file_read(file, 1, &data, NULL) == AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_file_write(file, AIRSSYS_BYTES("+"), NULL, NULL) == AIRSSYS_OK);
    CHECK(airssys_file_write_at(file, 0, AIRSSYS_BYTES("x"), NULL, NULL) == AIRSSYS_INVALID_ARGUMENT);
    airssys_file_close(&file);
    CHECK_TEXT(airssys_fake_host_file_text(host, "/a"), "one+");
    file = open_file(PATH("/a"), AIRSSYS_OPEN_WRITE | AIRSSYS_OPEN_TRUNCATE);
    airssys_file_close(&file);
    CHECK_TEXT(airssys_fake_host_file_text(host, "/a"), "");
}

static void a_handle_outlives_its_path(airssys_fake_host *host) {
    airssys_fake_host_put_file(host, "/d/a", AIRSSYS_BYTES("kept"));
    airssys_file file = open_file(PATH("/d/a"), AIRSSYS_OPEN_READ);
    CHECK(airssys_directories_remove_directory_all(PATH("/d"), NULL) == AIRSSYS_OK);
    airssys_bytes data;
    CHECK(airssys_file_read(file, 100, &data, NULL) == AIRSSYS_OK && is(data, "kept"));
    airssys_bytes_free(&data);
    airssys_file_close(&file);
}

static void only_so_many_files_can_be_open(airssys_fake_host *host) {
    airssys_fake_host_put_file(host, "/a", AIRSSYS_BYTES(""));
    airssys_file files[256];
    for (size_t i = 0; i < 256; i++) {
        files[i] = open_file(PATH("/a"), AIRSSYS_OPEN_READ);
    }
    airssys_file file;
    CHECK(airssys_files_open(PATH("/a"), AIRSSYS_OPEN_READ, &file, NULL) == AIRSSYS_TOO_MANY_OPEN_FILES);
    airssys_file_close(&files[7]);
    files[7] = open_file(PATH("/a"), AIRSSYS_OPEN_READ);
    /* The fake frees what a component leaves open. */
    CHECK(airssys_fake_host_open_handles(host) == 256);
}

static void locks_keep_each_other_out(airssys_fake_host *host) {
    airssys_fake_host_put_file(host, "/a", AIRSSYS_BYTES(""));
    const airssys_optional_u32 once = {true, 0};
    airssys_file one = open_file(PATH("/a"), AIRSSYS_OPEN_READ);
    airssys_file two = open_file(PATH("/a"), AIRSSYS_OPEN_READ);
    airssys_error error;
    CHECK(airssys_file_unlock(one, NULL) == AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_file_lock(one, AIRSSYS_LOCK_SHARED, once, NULL) == AIRSSYS_OK);
    CHECK(airssys_file_lock(two, AIRSSYS_LOCK_SHARED, once, NULL) == AIRSSYS_OK);
    CHECK(airssys_file_lock(two, AIRSSYS_LOCK_EXCLUSIVE, once, &error) == AIRSSYS_LOCKED && IS(error.text, "/a"));
    airssys_error_free(&error);
    CHECK(airssys_file_unlock(one, NULL) == AIRSSYS_OK);
    CHECK(airssys_file_lock(two, AIRSSYS_LOCK_EXCLUSIVE, once, NULL) == AIRSSYS_OK);
    CHECK(airssys_file_lock(one, AIRSSYS_LOCK_SHARED, once, NULL) == AIRSSYS_LOCKED);
    airssys_file_close(&two);
    CHECK(airssys_file_lock(one, AIRSSYS_LOCK_EXCLUSIVE, once, NULL) == AIRSSYS_OK);
    airssys_file_close(&one);
}

static void files_are_copied_and_renamed(airssys_fake_host *host) {
    uint64_t copied;
    airssys_fake_host_put_file(host, "/a", AIRSSYS_BYTES("aa"));
    airssys_fake_host_put_file(host, "/b", AIRSSYS_BYTES("b"));
    airssys_fake_host_put_directory(host, "/d/e");
    CHECK(airssys_files_copy_file(PATH("/a"), PATH("/c"), AIRSSYS_ON_EXISTING_FAIL, &copied, NULL) == AIRSSYS_OK);
    CHECK(copied == 2);
    CHECK_TEXT(airssys_fake_host_file_text(host, "/c"), "aa");
    CHECK(airssys_files_copy_file(PATH("/a"), PATH("/b"), AIRSSYS_ON_EXISTING_FAIL, NULL, NULL) ==
          AIRSSYS_ALREADY_EXISTS);
    CHECK(airssys_files_copy_file(PATH("/a"), PATH("/./a"), AIRSSYS_ON_EXISTING_REPLACE, NULL, NULL) ==
          AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_files_copy_file(PATH("/d"), PATH("/x"), AIRSSYS_ON_EXISTING_FAIL, NULL, NULL) ==
          AIRSSYS_IS_A_DIRECTORY);
    CHECK(airssys_files_rename(PATH("/a"), PATH("/b"), AIRSSYS_ON_EXISTING_FAIL, NULL) == AIRSSYS_ALREADY_EXISTS);
    CHECK(airssys_files_rename(PATH("/a"), PATH("/b"), AIRSSYS_ON_EXISTING_REPLACE, NULL) == AIRSSYS_OK);
    CHECK(airssys_fake_host_file_text(host, "/a") == NULL);
    CHECK_TEXT(airssys_fake_host_file_text(host, "/b"), "aa");
    CHECK(airssys_files_rename(PATH("/b"), PATH("/d"), AIRSSYS_ON_EXISTING_REPLACE, NULL) == AIRSSYS_IS_A_DIRECTORY);
    CHECK(airssys_files_rename(PATH("/d"), PATH("/b"), AIRSSYS_ON_EXISTING_REPLACE, NULL) == AIRSSYS_NOT_A_DIRECTORY);
    CHECK(airssys_files_rename(PATH("/d"), PATH("/d/e/f"), AIRSSYS_ON_EXISTING_FAIL, NULL) == AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_files_rename(PATH("/"), PATH("/r"), AIRSSYS_ON_EXISTING_FAIL, NULL) == AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_files_rename(PATH("/b"), PATH("/d/e/b"), AIRSSYS_ON_EXISTING_FAIL, NULL) == AIRSSYS_OK);
    airssys_fake_host_put_directory(host, "/empty");
    CHECK(airssys_files_rename(PATH("/empty"), PATH("/d"), AIRSSYS_ON_EXISTING_REPLACE, NULL) ==
          AIRSSYS_DIRECTORY_NOT_EMPTY);
    CHECK(airssys_files_rename(PATH("/d"), PATH("/empty"), AIRSSYS_ON_EXISTING_REPLACE, NULL) == AIRSSYS_OK);
    CHECK_TEXT(airssys_fake_host_file_text(host, "/empty/e/b"), "aa");
}

static void what_is_denied_shows_the_missing_line(airssys_fake_host *host) {
    airssys_fake_host_put_file(host, "/data/a", AIRSSYS_BYTES("x"));
    airssys_fake_host_deny_path(host, "/data", AIRSSYS_FAKE_WRITE | AIRSSYS_FAKE_DELETE);
    airssys_error error;
    airssys_bytes content;
    CHECK(airssys_files_append_file(PATH("/data/x/../a"), AIRSSYS_BYTES("y"), &error) == AIRSSYS_PERMISSION_DENIED);
    CHECK(IS(error.denial.operation, "ext-filesystem/files.append-file"));
    CHECK(IS(error.denial.resource, "/data/a"));
    CHECK(IS(error.denial.missing, "filesystem = [{ action = \"write\", path = \"/data/a\" }]"));
    airssys_error_free(&error);
    CHECK_TEXT(airssys_fake_host_file_text(host, "/data/a"), "x");
    CHECK(airssys_files_delete_file(PATH("/data/none"), NULL) == AIRSSYS_PERMISSION_DENIED);
    CHECK(airssys_files_read_file(PATH("/data/a"), &content, NULL) == AIRSSYS_OK);
    airssys_bytes_free(&content);
    CHECK(airssys_files_write_file(PATH("/database"), AIRSSYS_BYTES("y"), NULL) == AIRSSYS_OK);

    airssys_file file;
    CHECK(airssys_files_open(PATH("/data/a"), AIRSSYS_OPEN_READ, &file, NULL) == AIRSSYS_OK);
    airssys_file_close(&file);
    CHECK(airssys_files_open(PATH("/data/a"), AIRSSYS_OPEN_READ | AIRSSYS_OPEN_CREATE, &file, NULL) ==
          AIRSSYS_PERMISSION_DENIED);
    airssys_fake_host_deny_path(host, "/", AIRSSYS_FAKE_READ);
    CHECK(airssys_files_read_file(PATH("/\"a\\*\t\x1B"), &content, &error) == AIRSSYS_PERMISSION_DENIED);
    CHECK(IS(error.denial.missing, "filesystem = [{ action = \"read\", path = \"/\\\"a\\\\?\\t\\u001B\" }]"));
    airssys_error_free(&error);
}

static void metadata_can_be_seen_and_set(airssys_fake_host *host) {
    airssys_fake_host_put_file(host, "/a", AIRSSYS_BYTES("abc"));
    airssys_file_metadata metadata;
    bool exists;
    CHECK(airssys_paths_get_metadata(PATH("/a"), &metadata, NULL) == AIRSSYS_OK);
    CHECK(metadata.type == AIRSSYS_FILE_TYPE_REGULAR && metadata.size == 3);
    CHECK(metadata.modified.value.seconds == 1000000000);
    airssys_sleep(2000);
    CHECK(airssys_files_append_file(PATH("/a"), AIRSSYS_BYTES("d"), NULL) == AIRSSYS_OK);
    airssys_file_times times = {.accessed = {AIRSSYS_FILE_TIME_AT, {5, 6}}};
    CHECK(airssys_paths_set_times(PATH("/a"), &times, NULL) == AIRSSYS_OK);
    CHECK(airssys_paths_set_permissions(PATH("/a"), AIRSSYS_OWNER_READ, NULL) == AIRSSYS_OK);
    CHECK(airssys_paths_get_link_metadata(PATH("/a"), &metadata, NULL) == AIRSSYS_OK);
    CHECK(metadata.size == 4 && metadata.permissions == AIRSSYS_OWNER_READ);
    CHECK(metadata.modified.value.seconds == 1000000002 && metadata.created.value.seconds == 1000000000);
    CHECK(metadata.accessed.value.seconds == 5 && metadata.accessed.value.nanoseconds == 6);
    times.modified = (airssys_file_time){AIRSSYS_FILE_TIME_AT, {0, 1000000000}};
    CHECK(airssys_paths_set_times(PATH("/a"), &times, NULL) == AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_paths_get_metadata(PATH("/"), &metadata, NULL) == AIRSSYS_OK);
    CHECK(metadata.type == AIRSSYS_FILE_TYPE_DIRECTORY);

    CHECK(airssys_paths_exists(PATH("/a"), &exists, NULL) == AIRSSYS_OK && exists);
    CHECK(airssys_paths_exists(PATH("/a/b"), &exists, NULL) == AIRSSYS_OK && !exists);
    airssys_error error;
    airssys_fake_host_deny_path(host, "/a", AIRSSYS_FAKE_READ);
    CHECK(airssys_paths_exists(PATH("/a"), &exists, NULL) == AIRSSYS_OK);
    airssys_fake_host_deny_path(host, "/a", AIRSSYS_FAKE_LIST);
    CHECK(airssys_paths_exists(PATH("/a"), &exists, &error) == AIRSSYS_PERMISSION_DENIED);
    CHECK(IS(error.denial.missing, "filesystem = [{ action = \"read\", path = \"/a\" }]"));
    airssys_error_free(&error);
}

static void the_form_of_paths(airssys_fake_host *host) {
    airssys_fake_host_put_directory(host, "/a/b");
    static const char *const FORMS[][2] = {{"/a//b/./c/", "/a/b/c"}, {"/../a/..", "/"}, {"/a/../../b", "/b"}};
    airssys_string path;
    for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
        CHECK(airssys_paths_normalize(airssys_string_from_c(FORMS[i][0]), &path, NULL) == AIRSSYS_OK);
        CHECK(airssys_string_equals(path, airssys_string_from_c(FORMS[i][1])));
        airssys_string_free(&path);
    }
    CHECK(airssys_paths_normalize(PATH("a"), &path, NULL) == AIRSSYS_INVALID_PATH);
    CHECK(airssys_paths_relative_to(PATH("/a/b/c"), PATH("/a/"), &path, NULL) == AIRSSYS_OK && IS(path, "b/c"));
    airssys_string_free(&path);
    CHECK(airssys_paths_relative_to(PATH("/a"), PATH("/"), &path, NULL) == AIRSSYS_OK && IS(path, "a"));
    airssys_string_free(&path);
    CHECK(airssys_paths_relative_to(PATH("/a"), PATH("/a"), &path, NULL) == AIRSSYS_OK && path.len == 0);
    CHECK(airssys_paths_relative_to(PATH("/ab"), PATH("/a"), &path, NULL) == AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_paths_canonicalize(PATH("/a/./b"), &path, NULL) == AIRSSYS_OK && IS(path, "/a/b"));
    airssys_string_free(&path);
    CHECK(airssys_paths_canonicalize(PATH("/a/c"), &path, NULL) == AIRSSYS_NOT_FOUND);
    airssys_error error;
    CHECK(airssys_paths_create_symlink(PATH("/a"), PATH("/l"), &error) == AIRSSYS_UNSUPPORTED);
    CHECK(IS(error.text, "the fake host has no symbolic links: paths.create-symlink"));
    airssys_error_free(&error);
    CHECK(airssys_paths_read_symlink(PATH("/a"), &path, NULL) == AIRSSYS_UNSUPPORTED);
}

int main(void) {
    void (*const tests[])(airssys_fake_host *) = {
        whole_files_are_written_and_read,      the_test_sees_and_changes_files, errors_name_the_path_that_was_given,
        handles_read_write_and_seek,           flags_say_what_a_handle_can,     a_handle_outlives_its_path,
        only_so_many_files_can_be_open,        locks_keep_each_other_out,       files_are_copied_and_renamed,
        what_is_denied_shows_the_missing_line, metadata_can_be_seen_and_set,    the_form_of_paths,
    };
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        airssys_fake_host *host = airssys_fake_host_new();
        airssys_fake_host_permit_all(host);
        tests[i](host);
        airssys_fake_host_free(host);
    }
    return CHECK_RESULT;
}
