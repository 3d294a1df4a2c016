#include <airssys/testing.h>

int main(void) {
    airssys_fake_host *host = airssys_fake_host_new_of(COMPONENT_TOML);
    airssys_fake_host_put_file(host, "/data/from/a.txt", AIRSSYS_BYTES("first"));
    airssys_fake_host_put_file(host, "/data/from/below/b.txt", AIRSSYS_BYTES("second"));
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "copy-tree", "/data/from\n/data/to\n"), AIRSSYS_OK,
                          "copied 2 files, 11 bytes");
    AIRSSYS_EXPECT_TEXT(airssys_fake_host_file_text(host, "/data/to/a.txt"), "first");
    AIRSSYS_EXPECT_TEXT(airssys_fake_host_file_text(host, "/data/to/below/b.txt"), "second");
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "copy-tree", "/data"), AIRSSYS_INVALID_INPUT,
                          "expected FROM and TO, a line each");
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "copy-tree", "/data/none\n/data/to"), AIRSSYS_PROCESSING_FAILED,
                          "not-found: /data/none");

    /* The names of the way must not pile up in the path. */
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "copy-tree", "/data/to\n/data/to/again"), AIRSSYS_OK,
                          "copied 2 files, 11 bytes");
    AIRSSYS_EXPECT_TEXT(airssys_fake_host_file_text(host, "/data/to/again/below/b.txt"), "second");

    airssys_fake_host_deny_path(host, "/data/to", AIRSSYS_FAKE_WRITE);
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "copy-tree", "/data/from\n/data/to"), AIRSSYS_PERMISSION_DENIED,
                          AIRSSYS_FAKE_REFUSAL("ext-filesystem/directories.create-directory-all", "/data/to",
                                               "filesystem = [{ action = \"write\", path = \"/data/to\" }]"));
    AIRSSYS_EXPECT(airssys_fake_host_open_handles(host) == 0);
    const airssys_component_metadata *metadata = airssys_fake_host_metadata(host);
    AIRSSYS_EXPECT(airssys_string_equals(metadata->id.name, AIRSSYS_STRING("copy-tree-c")));
    AIRSSYS_EXPECT(metadata->operations.len == 1);
    airssys_fake_host_free(host);
    return 0;
}
