#include <airssys/testing.h>

#include "check.h"

#define PATH(literal) AIRSSYS_STRING(literal)

static char shown[1024];

/* Names, with a slash after those of directories. */
static const char *show_entries(airssys_directory_entry_list *entries) {
    airssys_string_builder text = airssys_string_builder_over(shown, sizeof shown - 1);
    for (size_t i = 0; i < entries->len; i++) {
        airssys_string_builder_text(&text, entries->ptr[i].name);
        airssys_string_builder_c(&text, entries->ptr[i].type == AIRSSYS_FILE_TYPE_DIRECTORY ? "/ " : " ");
    }
    shown[text.length] = '\0';
    airssys_directory_entry_list_free(entries);
    return shown;
}

static const char *list(airssys_string path) {
    airssys_directory_entry_list entries;
    CHECK(airssys_directories_list_directory(path, &entries, NULL) == AIRSSYS_OK);
    return show_entries(&entries);
}

static void entries_are_listed_in_order(airssys_fake_host *host) {
    CHECK_TEXT(list(PATH("/")), "");
    airssys_fake_host_put_file(host, "/d/b", AIRSSYS_BYTES("x"));
    airssys_fake_host_put_file(host, "/d/B", AIRSSYS_BYTES("x"));
    airssys_fake_host_put_directory(host, "/d/a");
    CHECK_TEXT(list(PATH("/d")), "B a/ b ");
    airssys_directory_entry_list entries;
    CHECK(airssys_directories_list_directory(PATH("/d/b"), &entries, NULL) == AIRSSYS_NOT_A_DIRECTORY);
    CHECK(airssys_directories_list_directory(PATH("/x"), &entries, NULL) == AIRSSYS_NOT_FOUND);
}

static void a_cursor_gives_pages(airssys_fake_host *host) {
    airssys_fake_host_put_file(host, "/d/a", AIRSSYS_BYTES(""));
    airssys_fake_host_put_file(host, "/d/b", AIRSSYS_BYTES(""));
    airssys_fake_host_put_file(host, "/d/c", AIRSSYS_BYTES(""));
    airssys_directory_cursor cursor;
    airssys_directory_entry_list entries;
    CHECK(airssys_directories_open_directory(PATH("/d"), &cursor, NULL) == AIRSSYS_OK);
    CHECK(airssys_directory_cursor_next(cursor, 2, &entries, NULL) == AIRSSYS_OK);
    CHECK_TEXT(show_entries(&entries), "a b ");
    CHECK(airssys_files_delete_file(PATH("/d/a"), NULL) == AIRSSYS_OK);
    CHECK(airssys_directory_cursor_next(cursor, 0, &entries, NULL) == AIRSSYS_OK && entries.len == 0);
    CHECK(airssys_directory_cursor_next(cursor, 2, &entries, NULL) == AIRSSYS_OK);
    CHECK_TEXT(show_entries(&entries), "c ");
    CHECK(airssys_directory_cursor_next(cursor, 2, &entries, NULL) == AIRSSYS_OK && entries.len == 0);
    airssys_directory_cursor_close(&cursor);
    CHECK(airssys_fake_host_open_handles(host) == 0);
}

static void directories_are_created(airssys_fake_host *host) {
    airssys_fake_host_put_file(host, "/file", AIRSSYS_BYTES(""));
    CHECK(airssys_directories_create_directory(PATH("/a/b"), NULL) == AIRSSYS_NOT_FOUND);
    CHECK(airssys_directories_create_directory(PATH("/a"), NULL) == AIRSSYS_OK);
    CHECK(airssys_directories_create_directory(PATH("/a"), NULL) == AIRSSYS_ALREADY_EXISTS);
    CHECK(airssys_directories_create_directory(PATH("/"), NULL) == AIRSSYS_ALREADY_EXISTS);
    CHECK(airssys_directories_create_directory(PATH("/file/b"), NULL) == AIRSSYS_NOT_A_DIRECTORY);
    CHECK(airssys_directories_create_directory_all(PATH("/a/b/c"), NULL) == AIRSSYS_OK);
    CHECK(airssys_directories_create_directory_all(PATH("/a/b/c"), NULL) == AIRSSYS_OK);
    CHECK(airssys_directories_create_directory_all(PATH("/file/b"), NULL) == AIRSSYS_NOT_A_DIRECTORY);
    CHECK_TEXT(list(PATH("/a/b")), "c/ ");
}

static void directories_are_removed(airssys_fake_host *host) {
    airssys_fake_host_put_file(host, "/a/b/c", AIRSSYS_BYTES(""));
    CHECK(airssys_directories_remove_directory(PATH("/a/b"), NULL) == AIRSSYS_DIRECTORY_NOT_EMPTY);
    CHECK(airssys_directories_remove_directory(PATH("/a/b/c"), NULL) == AIRSSYS_NOT_A_DIRECTORY);
    CHECK(airssys_directories_remove_directory_all(PATH("/"), NULL) == AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_directories_remove_directory_all(PATH("/a/b"), NULL) == AIRSSYS_OK);
    CHECK(airssys_directories_remove_directory(PATH("/a"), NULL) == AIRSSYS_OK);
    CHECK(airssys_directories_remove_directory(PATH("/a"), NULL) == AIRSSYS_NOT_FOUND);
    CHECK_TEXT(list(PATH("/")), "");
}

static void a_denial_below_keeps_everything(airssys_fake_host *host) {
    airssys_fake_host_put_file(host, "/a/b/c", AIRSSYS_BYTES(""));
    airssys_fake_host_deny_path(host, "/a/b/c", AIRSSYS_FAKE_ANY);
    airssys_error error;
    airssys_disk_usage usage;
    CHECK(airssys_directories_remove_directory_all(PATH("/a"), &error) == AIRSSYS_PERMISSION_DENIED);
    CHECK(IS(error.denial.missing, "filesystem = [{ action = \"delete\", path = \"/a/b/c\" }]"));
    airssys_error_free(&error);
    CHECK_TEXT(list(PATH("/a/b")), "c ");
    /* Only directories are listed. */
    CHECK(airssys_directories_measure(PATH("/a"), &usage, NULL) == AIRSSYS_OK && usage.files == 1);
    airssys_fake_host_deny_path(host, "/a/b", AIRSSYS_FAKE_LIST);
    CHECK(airssys_directories_measure(PATH("/a"), &usage, &error) == AIRSSYS_PERMISSION_DENIED);
    CHECK(IS(error.denial.resource, "/a/b"));
    airssys_error_free(&error);

    airssys_fake_host_deny_path(host, "/x/y", AIRSSYS_FAKE_WRITE);
    CHECK(airssys_directories_create_directory_all(PATH("/x/y/z"), NULL) == AIRSSYS_PERMISSION_DENIED);
    CHECK_TEXT(list(PATH("/")), "a/ ");
}

static const char *find(const char *root, airssys_find_options options) {
    airssys_string_list paths;
    CHECK(airssys_directories_find(airssys_string_from_c(root), &options, &paths, NULL) == AIRSSYS_OK);
    airssys_string_builder text = airssys_string_builder_over(shown, sizeof shown - 1);
    for (size_t i = 0; i < paths.len; i++) {
        airssys_string_builder_text(&text, paths.ptr[i]);
        airssys_string_builder_c(&text, " ");
    }
    shown[text.length] = '\0';
    airssys_string_list_free(&paths);
    return shown;
}

static void globs_are_found(airssys_fake_host *host) {
    airssys_fake_host_put_file(host, "/d/a.txt", AIRSSYS_BYTES("12"));
    airssys_fake_host_put_file(host, "/d/s/b.txt", AIRSSYS_BYTES("345"));
    airssys_fake_host_put_file(host, "/d/s/t/c.md", AIRSSYS_BYTES(""));
    static const char *const CASES[][2] = {
        {"*", "/d/a.txt /d/s "},
        {"*.txt", "/d/a.txt "},
        {"**/*.txt", "/d/a.txt /d/s/b.txt "},
        {"**", "/d/a.txt /d/s /d/s/b.txt /d/s/t /d/s/t/c.md "},
        {"s/**", "/d/s /d/s/b.txt /d/s/t /d/s/t/c.md "},
        {"s/**/c.?d", "/d/s/t/c.md "},
        {"?", "/d/s "},
        {"s/*/*", "/d/s/t/c.md "},
        {"x*", ""},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        airssys_find_options options = {.pattern = airssys_string_from_c(CASES[i][0])};
        CHECK_TEXT(find("/d", options), CASES[i][1]);
    }
    airssys_find_options options = {.pattern = AIRSSYS_STRING("**"), .max_depth = {true, 1}};
    CHECK_TEXT(find("/d", options), "/d/a.txt /d/s ");
    options = (airssys_find_options){.pattern = AIRSSYS_STRING("**"), .limit = {true, 2}};
    CHECK_TEXT(find("/", options), "/d /d/a.txt ");
    airssys_fake_host_deny_path(host, "/d/s/t", AIRSSYS_FAKE_LIST);
    options = (airssys_find_options){.pattern = AIRSSYS_STRING("s/**")};
    CHECK_TEXT(find("/d", options), "/d/s /d/s/b.txt /d/s/t ");

    static const char *const BAD[] = {"", "/a", "a/", "a**", "**b", "[a]", "a//b"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        airssys_string_list paths;
        options = (airssys_find_options){.pattern = airssys_string_from_c(BAD[i])};
        CHECK(airssys_directories_find(PATH("/d"), &options, &paths, NULL) == AIRSSYS_INVALID_ARGUMENT);
    }
}

static void a_tree_is_measured(airssys_fake_host *host) {
    airssys_fake_host_put_file(host, "/d/a", AIRSSYS_BYTES("12"));
    airssys_fake_host_put_file(host, "/d/s/b", AIRSSYS_BYTES("345"));
    airssys_disk_usage usage;
    CHECK(airssys_directories_measure(PATH("/d"), &usage, NULL) == AIRSSYS_OK);
    CHECK(usage.files == 2 && usage.directories == 1 && usage.bytes == 5);
    CHECK(airssys_directories_measure(PATH("/d/a"), &usage, NULL) == AIRSSYS_NOT_A_DIRECTORY);
}

int main(void) {
    void (*const tests[])(airssys_fake_host *) = {
        entries_are_listed_in_order,     a_cursor_gives_pages, directories_are_created, directories_are_removed,
        a_denial_below_keeps_everything, globs_are_found,      a_tree_is_measured,
    };
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        airssys_fake_host *host = airssys_fake_host_new();
        airssys_fake_host_permit_all(host);
        tests[i](host);
        airssys_fake_host_free(host);
    }
    return CHECK_RESULT;
}
