// A test of a component in C++17, by the same header.
#include <airssys/testing.h>

int main() {
    airssys_fake_host *host = airssys_fake_host_new();
    airssys_fake_host_permit_all(host);
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "echo", "text"), AIRSSYS_OK, "text");
    airssys_fake_host_put_file(host, "/a/b", AIRSSYS_BYTES("content"));
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "read-file", "/a/b"), AIRSSYS_OK, "content");
    AIRSSYS_EXPECT_TEXT(airssys_fake_host_file_text(host, "/a/b"), "content");
    airssys_fake_host_deny_path(host, "/a", AIRSSYS_FAKE_READ | AIRSSYS_FAKE_LIST);
    AIRSSYS_EXPECT(airssys_fake_host_call(host, "read-file", "/a/b").code == AIRSSYS_PERMISSION_DENIED);
    airssys_fake_host_free(host);
    return 0;
}
