#include <airssys/testing.h>

static void a_name_is_greeted(airssys_fake_host *host) {
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "greet", "World"), AIRSSYS_OK, "Hello, World!");
}

static void somebody_has_to_be_named(airssys_fake_host *host) {
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "greet", ""), AIRSSYS_INVALID_INPUT,
                          "a name is needed, as in greet World");
}

static void other_operations_are_none(airssys_fake_host *host) {
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "leave", "World"), AIRSSYS_UNKNOWN_OPERATION, "leave");
}

int main(void) {
    void (*const tests[])(airssys_fake_host *) = {
        a_name_is_greeted,
        somebody_has_to_be_named,
        other_operations_are_none,
    };
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        airssys_fake_host *host = airssys_fake_host_new();
        tests[i](host);
        airssys_fake_host_free(host);
    }
    return 0;
}
