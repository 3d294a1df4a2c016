// A component in C++17, by the same headers.
#include <airssys/airssys.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

extern "C" {
#include "lifecycle_call.h"
}

namespace {

airssys_code reverse(airssys_bytes input, const airssys_execution_context *, airssys_bytes *output,
                     airssys_error *error) {
    if (input.len == 0) {
        return airssys_error_set(error, AIRSSYS_INVALID_INPUT, AIRSSYS_STRING("nothing to reverse"));
    }
    std::string text(reinterpret_cast<const char *>(input.ptr), input.len);
    std::reverse(text.begin(), text.end());
    airssys_log_info(AIRSSYS_STRING("reversed"));
    *output = airssys_bytes_copy(airssys_string_as_bytes(airssys_string{text.data(), text.size()}));
    return AIRSSYS_OK;
}

const airssys_operation operations[] = {{AIRSSYS_STRING_INIT("reverse"), reverse}};

const airssys_component &component() {
    static const airssys_component defined = [] {
        airssys_component made{};
        made.id = {AIRSSYS_STRING("acme"), AIRSSYS_STRING("reverser"), AIRSSYS_STRING("1.0.0")};
        made.operations = operations;
        made.operation_count = std::size(operations);
        made.health = []() noexcept { return AIRSSYS_DEGRADED; };
        return made;
    }();
    return defined;
}

bool expect(std::string_view actual, std::string_view expected) {
    if (actual != expected) {
        std::fprintf(stderr, "expected %s, got %s\n", std::string(expected).c_str(), std::string(actual).c_str());
    }
    return actual == expected;
}

} // namespace

const airssys_component *airssys_component_define() {
    return &component();
}

int main() {
    bool passed = expect(call_execute("reverse", airssys_string_as_bytes(AIRSSYS_STRING("abc"))), "ok:cba");
    passed &= expect(call_execute("reverse", airssys_bytes{nullptr, 0}), "1:nothing to reverse");
    passed &= expect(call_metadata(), "acme/reverser@1.0.0||||reverse,|");
    passed &= call_health() == 1;

    char buffer[8];
    airssys_string_builder builder = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_string_builder_hex(&builder, 0xBEEF);
    const airssys_string view = airssys_string_builder_view(&builder);
    passed &= expect(std::string_view(view.ptr, view.len), "beef");
    return passed ? EXIT_SUCCESS : EXIT_FAILURE;
}
