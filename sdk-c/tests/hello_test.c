#include <airssys/types.h>

#include "check.h"
#include "lifecycle_call.h"

int main(void) {
    CHECK_TEXT(call_init("key", "value"), "ok:");
    CHECK_TEXT(call_execute("greet", airssys_string_as_bytes(AIRSSYS_STRING("World"))), "ok:Hello, World!");
    char name[300];
    memset(name, 'x', sizeof name);
    CHECK_TEXT(call_execute("greet", (airssys_bytes){(const uint8_t *)name, sizeof name}), "1:the name is too long");
    return CHECK_RESULT;
}
