#include <airssys/directories.h>
#include <airssys/files.h>
#include <airssys/paths.h>

#include "check.h"
#include "fake_host.h"

#define PATH AIRSSYS_STRING(FAKE_PATH)
/* As the fake notes it. */
#define SEEN "/d\xC3\xA4ta\\0/\xF0\x9F\x8E\x88"
#define CONTENT airssys_string_as_bytes(AIRSSYS_STRING(FAKE_BYTES))
#define SEEN_CONTENT \
    "\\0\xFF" \
    "bytes"

static bool is_content(airssys_bytes bytes) {
    return IS(airssys_bytes_as_string(bytes), FAKE_BYTES);
}

static bool is_fake_metadata(const airssys_file_metadata *metadata) {
    return metadata->type == AIRSSYS_FILE_TYPE_SYMBOLIC_LINK && metadata->size == UINT64_MAX &&
           metadata->permissions == (AIRSSYS_OWNER_READ | AIRSSYS_OTHER_EXECUTE) && metadata->links == 3 &&
           !metadata->accessed.has_value && metadata->modified.has_value &&
           metadata->modified.value.seconds == 9007199254740993 && metadata->modified.value.nanoseconds == 999999999 &&
           metadata->created.has_value && metadata->created.value.seconds == 0;
}

static void whole_files_are_read_and_written(void) {
    fake_host_reset();
    airssys_error error;
    airssys_bytes content;
    CHECK(airssys_files_read_file(PATH, &content, &error) == AIRSSYS_OK);
    CHECK(error.code == AIRSSYS_OK);
    CHECK(is_content(content));
    airssys_bytes_free(&content);
    CHECK(airssys_files_write_file(PATH, CONTENT, &error) == AIRSSYS_OK);
    CHECK(airssys_files_append_file(PATH, (airssys_bytes){NULL, 0}, &error) == AIRSSYS_OK);
    CHECK(airssys_files_delete_file(PATH, NULL) == AIRSSYS_OK);
    uint64_t copied;
    CHECK(airssys_files_copy_file(PATH, AIRSSYS_STRING("/b"), AIRSSYS_ON_EXISTING_REPLACE, &copied, &error) ==
          AIRSSYS_OK);
    CHECK(copied == UINT64_MAX);
    CHECK(airssys_files_rename(PATH, AIRSSYS_STRING("/b"), AIRSSYS_ON_EXISTING_FAIL, &error) == AIRSSYS_OK);
    CHECK_TEXT(fake_host_calls(), "files.read-file " SEEN "\n"
                                  "files.write-file " SEEN " " SEEN_CONTENT "\n"
                                  "files.append-file " SEEN " \n"
                                  "files.delete-file " SEEN "\n"
                                  "files.copy-file " SEEN " /b 1\n"
                                  "files.rename " SEEN " /b 0\n");
}

static airssys_file open_file(void) {
    airssys_file file;
    CHECK(airssys_files_open(PATH, AIRSSYS_OPEN_READ | AIRSSYS_OPEN_NO_FOLLOW, &file, NULL) == AIRSSYS_OK);
    return file;
}

static void a_handle_is_closed_once(void) {
    fake_host_reset();
    airssys_file file = open_file();
    CHECK(fake_host_open_handles() == 1);
    airssys_file_close(&file);
    airssys_file_close(&file);
    CHECK(fake_host_open_handles() == 0);

    fake_host_fail_filesystem(AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_TOO_MANY_OPEN_FILES);
    CHECK(airssys_files_open(PATH, AIRSSYS_OPEN_READ, &file, NULL) == AIRSSYS_TOO_MANY_OPEN_FILES);
    airssys_file_close(&file);
    airssys_directory_cursor cursor;
    CHECK(airssys_directories_open_directory(PATH, &cursor, NULL) == AIRSSYS_TOO_MANY_OPEN_FILES);
    airssys_directory_cursor_close(&cursor);
    CHECK(fake_host_open_handles() == 0);
    fake_host_reset();
}

static void handles_pass_everything_on(void) {
    airssys_file file = open_file();
    fake_host_reset();
    airssys_bytes data;
    uint32_t written;
    airssys_file_metadata metadata;
    CHECK(airssys_file_read(file, UINT32_MAX, &data, NULL) == AIRSSYS_OK && is_content(data));
    airssys_bytes_free(&data);
    CHECK(airssys_file_read_at(file, UINT64_MAX, 0, &data, NULL) == AIRSSYS_OK && is_content(data));
    airssys_bytes_free(&data);
    CHECK(airssys_file_write(file, CONTENT, &written, NULL) == AIRSSYS_OK && written == UINT32_MAX);
    CHECK(airssys_file_write_at(file, 5, CONTENT, NULL, NULL) == AIRSSYS_OK);
    CHECK(airssys_file_sync(file, AIRSSYS_SYNC_DATA, NULL) == AIRSSYS_OK);
    CHECK(airssys_file_sync(file, AIRSSYS_SYNC_ALL, NULL) == AIRSSYS_OK);
    CHECK(airssys_file_set_size(file, UINT64_MAX, NULL) == AIRSSYS_OK);
    CHECK(airssys_file_get_metadata(file, &metadata, NULL) == AIRSSYS_OK && is_fake_metadata(&metadata));
    CHECK(airssys_file_lock(file, AIRSSYS_LOCK_SHARED, (airssys_optional_u32){false, 0}, NULL) == AIRSSYS_OK);
    CHECK(airssys_file_lock(file, AIRSSYS_LOCK_EXCLUSIVE, (airssys_optional_u32){true, 0}, NULL) == AIRSSYS_OK);
    CHECK(airssys_file_unlock(file, NULL) == AIRSSYS_OK);
    char expected[1024];
    const int handle = file.handle;
    snprintf(expected, sizeof expected,
             "files.file.read %d 4294967295\nfiles.file.read-at %d 18446744073709551615 0\n"
             "files.file.write %d " SEEN_CONTENT "\nfiles.file.write-at %d 5 " SEEN_CONTENT "\n"
             "files.file.sync %d 0\nfiles.file.sync %d 1\nfiles.file.set-size %d 18446744073709551615\n"
             "files.file.metadata %d\nfiles.file.lock %d 0 none\nfiles.file.lock %d 1 0\nfiles.file.unlock %d\n",
             handle, handle, handle, handle, handle, handle, handle, handle, handle, handle, handle);
    CHECK_TEXT(fake_host_calls(), expected);
    airssys_file_close(&file);
}

/* Seeks and gives what the host was asked, without the number of the handle. */
static const char *after_handle(void) {
    const char *call = strstr(fake_host_calls(), "files.file.seek ");
    return call == NULL ? "" : strchr(call + strlen("files.file.seek "), ' ');
}

static void every_form_of_seek_arrives(void) {
    static const struct {
        airssys_seek_from from;
        const char *seen;
    } FORMS[] = {
        {AIRSSYS_SEEK_START, " start 7\n"},
        {AIRSSYS_SEEK_FORWARD, " forward 7\n"},
        {AIRSSYS_SEEK_BACKWARD, " backward 7\n"},
        {AIRSSYS_SEEK_BEFORE_END, " before-end 7\n"},
    };
    airssys_file file = open_file();
    for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
        fake_host_reset();
        uint64_t position;
        CHECK(airssys_file_seek(file, FORMS[i].from, 7, &position, NULL) == AIRSSYS_OK && position == UINT64_MAX);
        CHECK_TEXT(after_handle(), FORMS[i].seen);
    }
    airssys_file_close(&file);
}

static void seeking_by_offset_and_whence_uses_the_forms(void) {
    static const struct {
        int64_t offset;
        airssys_whence whence;
        airssys_code code;
        const char *seen;
    } SEEKS[] = {
        {0, AIRSSYS_WHENCE_START, AIRSSYS_OK, " start 0\n"},
        {INT64_MAX, AIRSSYS_WHENCE_START, AIRSSYS_OK, " start 9223372036854775807\n"},
        {-1, AIRSSYS_WHENCE_START, AIRSSYS_INVALID_ARGUMENT, ""},
        {3, AIRSSYS_WHENCE_CURRENT, AIRSSYS_OK, " forward 3\n"},
        {-3, AIRSSYS_WHENCE_CURRENT, AIRSSYS_OK, " backward 3\n"},
        {INT64_MIN, AIRSSYS_WHENCE_CURRENT, AIRSSYS_OK, " backward 9223372036854775808\n"},
        {0, AIRSSYS_WHENCE_END, AIRSSYS_OK, " before-end 0\n"},
        {-3, AIRSSYS_WHENCE_END, AIRSSYS_OK, " before-end 3\n"},
        /* The fake's file is UINT64_MAX bytes long. */
        {1, AIRSSYS_WHENCE_END, AIRSSYS_INVALID_ARGUMENT, ""},
    };
    airssys_file file = open_file();
    for (size_t i = 0; i < sizeof SEEKS / sizeof *SEEKS; i++) {
        fake_host_reset();
        airssys_error error;
        CHECK(airssys_file_seek_offset(file, SEEKS[i].offset, SEEKS[i].whence, NULL, &error) == SEEKS[i].code);
        CHECK_TEXT(after_handle(), SEEKS[i].seen);
        airssys_error_free(&error);
    }
    airssys_file_close(&file);
}

static void directories_pass_everything_on(void) {
    fake_host_reset();
    airssys_directory_cursor cursor;
    airssys_directory_entry_list entries;
    airssys_disk_usage usage;
    airssys_string_list paths;
    CHECK(airssys_directories_open_directory(PATH, &cursor, NULL) == AIRSSYS_OK);
    CHECK(airssys_directory_cursor_next(cursor, UINT32_MAX, &entries, NULL) == AIRSSYS_OK);
    CHECK(entries.len == 2 && IS(entries.ptr[0].name, "a") && entries.ptr[0].type == AIRSSYS_FILE_TYPE_DIRECTORY);
    CHECK(IS(entries.ptr[1].name, FAKE_PATH) && entries.ptr[1].type == AIRSSYS_FILE_TYPE_OTHER);
    airssys_directory_entry_list_free(&entries);
    airssys_directory_cursor_close(&cursor);
    fake_host_reset();
    CHECK(airssys_directories_list_directory(PATH, &entries, NULL) == AIRSSYS_OK && entries.len == 2);
    airssys_directory_entry_list_free(&entries);
    CHECK(airssys_directories_create_directory(PATH, NULL) == AIRSSYS_OK);
    CHECK(airssys_directories_create_directory_all(PATH, NULL) == AIRSSYS_OK);
    CHECK(airssys_directories_remove_directory(PATH, NULL) == AIRSSYS_OK);
    CHECK(airssys_directories_remove_directory_all(PATH, NULL) == AIRSSYS_OK);
    airssys_find_options options = {AIRSSYS_STRING_INIT("**"), {true, UINT32_MAX}, true, {true, 0}};
    CHECK(airssys_directories_find(PATH, &options, &paths, NULL) == AIRSSYS_OK);
    CHECK(paths.len == 2 && IS(paths.ptr[0], FAKE_PATH) && IS(paths.ptr[1], ""));
    airssys_string_list_free(&paths);
    options = (airssys_find_options){.pattern = AIRSSYS_STRING("*")};
    CHECK(airssys_directories_find(PATH, &options, &paths, NULL) == AIRSSYS_OK);
    airssys_string_list_free(&paths);
    CHECK(airssys_directories_measure(PATH, &usage, NULL) == AIRSSYS_OK);
    CHECK(usage.files == 1 && usage.directories == 2 && usage.bytes == UINT64_MAX);
    CHECK_TEXT(fake_host_calls(), "directories.list-directory " SEEN "\n"
                                  "directories.create-directory " SEEN "\n"
                                  "directories.create-directory-all " SEEN "\n"
                                  "directories.remove-directory " SEEN "\n"
                                  "directories.remove-directory-all " SEEN "\n"
                                  "directories.find " SEEN " ** 1:4294967295 1 1:0\n"
                                  "directories.find " SEEN " * 0:0 0 0:0\n"
                                  "directories.measure " SEEN "\n");
}

static void paths_pass_everything_on(void) {
    fake_host_reset();
    airssys_file_metadata metadata;
    bool exists;
    airssys_string path;
    CHECK(airssys_paths_get_metadata(PATH, &metadata, NULL) == AIRSSYS_OK && is_fake_metadata(&metadata));
    CHECK(airssys_paths_get_link_metadata(PATH, &metadata, NULL) == AIRSSYS_OK && is_fake_metadata(&metadata));
    CHECK(airssys_paths_exists(PATH, &exists, NULL) == AIRSSYS_OK && exists);
    CHECK(airssys_paths_set_permissions(PATH, 0, NULL) == AIRSSYS_OK);
    CHECK(airssys_paths_set_permissions(PATH, 0x1FF, NULL) == AIRSSYS_OK);
    airssys_file_times times = {{AIRSSYS_FILE_TIME_NOW, {0, 0}}, {AIRSSYS_FILE_TIME_AT, {UINT64_MAX, 999999999}}};
    CHECK(airssys_paths_set_times(PATH, &times, NULL) == AIRSSYS_OK);
    times = (airssys_file_times){.modified = {.kind = AIRSSYS_FILE_TIME_NOW}};
    CHECK(airssys_paths_set_times(PATH, &times, NULL) == AIRSSYS_OK);
    CHECK(airssys_paths_create_symlink(PATH, AIRSSYS_STRING("/link"), NULL) == AIRSSYS_OK);
    CHECK(airssys_paths_read_symlink(PATH, &path, NULL) == AIRSSYS_OK && IS(path, FAKE_PATH));
    airssys_string_free(&path);
    CHECK(airssys_paths_canonicalize(PATH, &path, NULL) == AIRSSYS_OK && IS(path, FAKE_PATH));
    airssys_string_free(&path);
    CHECK(airssys_paths_normalize(PATH, &path, NULL) == AIRSSYS_OK && IS(path, FAKE_PATH));
    airssys_string_free(&path);
    CHECK(airssys_paths_relative_to(PATH, AIRSSYS_STRING("/"), &path, NULL) == AIRSSYS_OK && IS(path, FAKE_PATH));
    airssys_string_free(&path);
    CHECK_TEXT(fake_host_calls(), "paths.get-metadata " SEEN "\n"
                                  "paths.get-link-metadata " SEEN "\n"
                                  "paths.exists " SEEN "\n"
                                  "paths.set-permissions " SEEN " 0\n"
                                  "paths.set-permissions " SEEN " 511\n"
                                  "paths.set-times " SEEN "\n  now\n  at 18446744073709551615.999999999\n"
                                  "paths.set-times " SEEN "\n  unchanged\n  now\n"
                                  "paths.create-symlink " SEEN " /link\n"
                                  "paths.read-symlink " SEEN "\n"
                                  "paths.canonicalize " SEEN "\n"
                                  "paths.normalize " SEEN "\n"
                                  "paths.relative-to " SEEN " /\n");
}

static void every_error_case_has_its_code(void) {
    static const airssys_code CODES[] = {
        AIRSSYS_NOT_FOUND,
        AIRSSYS_PERMISSION_DENIED,
        AIRSSYS_ALREADY_EXISTS,
        AIRSSYS_INVALID_PATH,
        AIRSSYS_NOT_A_DIRECTORY,
        AIRSSYS_IS_A_DIRECTORY,
        AIRSSYS_DIRECTORY_NOT_EMPTY,
        AIRSSYS_TOO_MANY_LINKS,
        AIRSSYS_NAME_TOO_LONG,
        AIRSSYS_CROSS_DEVICE,
        AIRSSYS_LOCKED,
        AIRSSYS_INVALID_ARGUMENT,
        AIRSSYS_UNSUPPORTED,
        AIRSSYS_QUOTA_EXCEEDED,
        AIRSSYS_TOO_MANY_OPEN_FILES,
        AIRSSYS_IO,
    };
    for (uint8_t tag = 0; tag < sizeof CODES / sizeof *CODES; tag++) {
        fake_host_reset();
        fake_host_fail_filesystem(tag);
        airssys_error error;
        airssys_bytes content;
        CHECK(airssys_files_read_file(PATH, &content, &error) == CODES[tag]);
        CHECK(error.code == CODES[tag]);
        CHECK(content.ptr == NULL && content.len == 0);
        if (CODES[tag] == AIRSSYS_PERMISSION_DENIED) {
            CHECK(IS(error.denial.operation, FAKE_OPERATION));
            CHECK(IS(error.denial.resource, FAKE_RESOURCE));
            CHECK(IS(error.denial.missing, FAKE_MISSING));
            CHECK(error.text.len == 0);
        } else {
            CHECK(IS(error.text, FAKE_TEXT) == (CODES[tag] != AIRSSYS_TOO_MANY_OPEN_FILES));
            CHECK(error.denial.missing.len == 0);
        }
        airssys_error_free(&error);
        CHECK(error.code == AIRSSYS_OK && error.text.ptr == NULL);
        /* Nobody asks for the details: they must not leak. */
        CHECK(airssys_files_read_file(PATH, &content, NULL) == CODES[tag]);
    }
}

static void empty_answers_are_freed_without_harm(void) {
    fake_host_reset();
    fake_host_answer_empty();
    airssys_bytes content;
    airssys_directory_entry_list entries;
    airssys_string_list paths;
    airssys_string path;
    airssys_find_options options = {.pattern = AIRSSYS_STRING_INIT("*")};
    CHECK(airssys_files_read_file(PATH, &content, NULL) == AIRSSYS_OK && content.len == 0);
    airssys_bytes_free(&content);
    CHECK(airssys_directories_list_directory(PATH, &entries, NULL) == AIRSSYS_OK && entries.len == 0);
    airssys_directory_entry_list_free(&entries);
    CHECK(airssys_directories_find(PATH, &options, &paths, NULL) == AIRSSYS_OK && paths.len == 0);
    airssys_string_list_free(&paths);
    CHECK(airssys_paths_read_symlink(PATH, &path, NULL) == AIRSSYS_OK && path.len == 0);
    airssys_string_free(&path);
    fake_host_fail_filesystem(AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_IO);
    airssys_error error;
    CHECK(airssys_files_delete_file(PATH, &error) == AIRSSYS_IO && error.text.len == 0);
    airssys_error_free(&error);
}

/* The host would trap on such text. */
static void a_path_that_is_not_utf8_never_reaches_the_host(void) {
    fake_host_reset();
    const airssys_string bad = AIRSSYS_STRING("/\xFF");
    const airssys_find_options options = {.pattern = AIRSSYS_STRING_INIT("\xFF")};
    airssys_error error;
    airssys_string_list paths;
    airssys_string path;
    CHECK(airssys_files_rename(PATH, bad, AIRSSYS_ON_EXISTING_FAIL, &error) == AIRSSYS_INVALID_PATH);
    CHECK(error.code == AIRSSYS_INVALID_PATH && error.text.len > 0);
    airssys_error_free(&error);
    CHECK(airssys_files_copy_file(bad, PATH, AIRSSYS_ON_EXISTING_FAIL, NULL, NULL) == AIRSSYS_INVALID_PATH);
    CHECK(airssys_directories_measure(bad, &(airssys_disk_usage){0, 0, 0}, NULL) == AIRSSYS_INVALID_PATH);
    CHECK(airssys_directories_find(PATH, &options, &paths, NULL) == AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_paths_relative_to(PATH, bad, &path, NULL) == AIRSSYS_INVALID_PATH);
    CHECK(airssys_paths_create_symlink(bad, PATH, NULL) == AIRSSYS_INVALID_PATH);
    CHECK_TEXT(fake_host_calls(), "");
}

int main(void) {
    whole_files_are_read_and_written();
    a_handle_is_closed_once();
    handles_pass_everything_on();
    every_form_of_seek_arrives();
    seeking_by_offset_and_whence_uses_the_forms();
    directories_pass_everything_on();
    paths_pass_everything_on();
    every_error_case_has_its_code();
    empty_answers_are_freed_without_harm();
    a_path_that_is_not_utf8_never_reaches_the_host();
    return CHECK_RESULT;
}
