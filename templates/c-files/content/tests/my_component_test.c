#include <airssys/testing.h>

static void entries_are_counted(airssys_fake_host *host) {
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "add", "first"), AIRSSYS_OK, "1");
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "add", "second"), AIRSSYS_OK, "2");
    AIRSSYS_EXPECT_TEXT(airssys_fake_host_file_text(host, "/data/journal.txt"), "first\nsecond\n");
}

static void the_journal_is_listed_as_it_is(airssys_fake_host *host) {
    airssys_fake_host_put_file(host, "/data/journal.txt", AIRSSYS_BYTES("one\ntwo\n"));
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "list", ""), AIRSSYS_OK, "one\ntwo\n");
}

static void no_journal_is_an_empty_one(airssys_fake_host *host) {
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "list", ""), AIRSSYS_OK, "");
}

static void an_entry_is_one_line(airssys_fake_host *host) {
    const char *expected = "an entry is one line of text";
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "add", ""), AIRSSYS_INVALID_INPUT, expected);
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "add", "one\ntwo"), AIRSSYS_INVALID_INPUT, expected);
    AIRSSYS_EXPECT(airssys_fake_host_file_text(host, "/data/journal.txt") == NULL);
}

static void a_refusal_shows_the_missing_line(airssys_fake_host *host) {
    airssys_fake_host_deny_path(host, "/data", AIRSSYS_FAKE_WRITE);
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "add", "first"), AIRSSYS_PERMISSION_DENIED,
                          AIRSSYS_FAKE_REFUSAL("ext-filesystem/files.append-file", "/data/journal.txt",
                                               "filesystem = [{ action = \"write\", path = \"/data/journal.txt\" "
                                               "}]"));
}

static void other_failures_say_what_happened(airssys_fake_host *host) {
    airssys_fake_host_put_directory(host, "/data/journal.txt");
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "list", ""), AIRSSYS_PROCESSING_FAILED,
                          "is-a-directory: /data/journal.txt");
}

int main(void) {
    void (*const tests[])(airssys_fake_host *) = {
        entries_are_counted,  the_journal_is_listed_as_it_is,   no_journal_is_an_empty_one,
        an_entry_is_one_line, a_refusal_shows_the_missing_line, other_failures_say_what_happened,
    };
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        airssys_fake_host *host = airssys_fake_host_new();
        airssys_fake_host_put_directory(host, "/data");
        tests[i](host);
        airssys_fake_host_free(host);
    }
    return 0;
}
