#include <airssys/testing.h>

int main(void) {
    airssys_fake_host *host = airssys_fake_host_new();
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "greet", "World"), AIRSSYS_OK, "Hello, World!");
    airssys_fake_host_free(host);
    return 0;
}
