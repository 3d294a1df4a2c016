/* Dies in every way that C knows. The functions that die have names of their own, to be found in a backtrace. */
#include <airssys/airssys.h>

#include <assert.h>
#include <stdlib.h>

static airssys_code no_luck(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                            airssys_error *error) {
    (void)input, (void)context, (void)output, (void)error;
    airssys_panic(AIRSSYS_STRING("no luck"));
}

static volatile unsigned divisor = 0;

static airssys_code divide(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                           airssys_error *error) {
    (void)context, (void)output, (void)error;
    return (airssys_code)(input.len / divisor);
}

static void check(size_t length) {
    assert(length > 7);
}

static airssys_code assert_length(airssys_bytes input, const airssys_execution_context *context,
                                  airssys_bytes *output, airssys_error *error) {
    (void)context, (void)output, (void)error;
    check(input.len);
    return AIRSSYS_OK;
}

static unsigned deeper(volatile unsigned *above) {
    volatile unsigned depth = *above + 1;
    return deeper(&depth) + depth;
}

static airssys_code recurse(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                            airssys_error *error) {
    (void)input, (void)context, (void)output, (void)error;
    volatile unsigned depth = 0;
    return (airssys_code)deeper(&depth);
}

static airssys_code give_up(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                            airssys_error *error) {
    (void)input, (void)context, (void)output, (void)error;
    abort();
}

static const airssys_operation operations[] = {
    {AIRSSYS_STRING_INIT("panic"), no_luck},        {AIRSSYS_STRING_INIT("trap"), divide},
    {AIRSSYS_STRING_INIT("assert"), assert_length}, {AIRSSYS_STRING_INIT("recurse"), recurse},
    {AIRSSYS_STRING_INIT("abort"), give_up},
};

static const airssys_component crash = {
    .id = {AIRSSYS_STRING_INIT("airssys"), AIRSSYS_STRING_INIT("crash-c"), AIRSSYS_STRING_INIT("1.0.0")},
    .description = AIRSSYS_STRING_INIT("Dies in every way that its language knows."),
    .operations = operations,
    .operation_count = sizeof operations / sizeof *operations,
};

const airssys_component *airssys_component_define(void) {
    return &crash;
}
