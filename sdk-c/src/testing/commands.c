/* What a host refuses of a command: streams that cannot be, variables that load code, and what is too long. */
#include "commands.h"

#include <stdio.h>
#include <string.h>

/* As the host has them. */
enum { MAX_STRINGS = 16384, MAX_TEXT_BYTES = 1 << 20, MAX_STRING_BYTES = 128 * 1024 - 1, MAX_INPUT_BYTES = 64 << 20 };

typedef airssys_ext_process_types_environment_t environment_of;

bool airssys_fake_refuse_argument(fake_process_failure *failure, const char *problem) {
    failure->tag = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_INVALID_ARGUMENT;
    failure->val.invalid_argument = airssys_fake_give_string(airssys_string_from_c(problem));
    return false;
}

static bool has_nul(airssys_bindings_string_t text) {
    return text.len > 0 && memchr(text.ptr, '\0', text.len) != NULL;
}

static bool starts_with(airssys_string text, const char *prefix) {
    return text.len >= strlen(prefix) && memcmp(text.ptr, prefix, strlen(prefix)) == 0;
}

/* Whether the loader or the C library finds code by this variable, whatever the program is. */
static bool loads_code(airssys_string name) {
    static const char *const NAMES[] = {"GCONV_PATH", "GETCONF_DIR", "GLIBC_TUNABLES",
                                        "LOCPATH",    "MUSL_LOCPATH", "NLSPATH"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (airssys_string_equals(name, airssys_string_from_c(NAMES[i]))) {
            return true;
        }
    }
    return starts_with(name, "LD_") || starts_with(name, "MALLOC_");
}

static bool check_name(airssys_bindings_string_t given, fake_process_failure *failure) {
    const airssys_string name = airssys_fake_see_string(given);
    if (name.len == 0 || has_nul(given) || memchr(name.ptr, '=', name.len) != NULL) {
        return airssys_fake_refuse_argument(failure, "a variable has no proper name");
    }
    if (loads_code(name)) {
        char problem[256];
        snprintf(problem, sizeof problem,
                 "with the variable %.*s, any program would load code that is not its own", (int)name.len, name.ptr);
        return airssys_fake_refuse_argument(failure, problem);
    }
    return true;
}

static bool check_environment(const environment_of *environment, fake_process_failure *failure) {
    size_t bytes = 0;
    for (size_t i = 0; i < environment->inherit.len; i++) {
        bytes += environment->inherit.ptr[i].len;
    }
    for (size_t i = 0; i < environment->set.len; i++) {
        bytes += environment->set.ptr[i].f0.len + environment->set.ptr[i].f1.len;
    }
    if (environment->inherit.len + environment->set.len > MAX_STRINGS) {
        return airssys_fake_refuse_argument(failure, "more than 16384 variables");
    }
    if (bytes > MAX_TEXT_BYTES) {
        return airssys_fake_refuse_argument(failure, "variables of more than 1048576 bytes");
    }
    for (size_t i = 0; i < environment->inherit.len; i++) {
        if (!check_name(environment->inherit.ptr[i], failure)) {
            return false;
        }
    }
    for (size_t i = 0; i < environment->set.len; i++) {
        if (!check_name(environment->set.ptr[i].f0, failure)) {
            return false;
        }
    }
    for (size_t i = 0; i < environment->set.len; i++) {
        if (has_nul(environment->set.ptr[i].f1)) {
            return airssys_fake_refuse_argument(failure, "a variable contains NUL");
        }
    }
    return true;
}

bool airssys_fake_check_variables(const environment_of *environment, fake_process_failure *failure) {
    size_t bytes = 0;
    bool is_long = false;
    for (size_t i = 0; i < environment->set.len; i++) {
        const size_t len = environment->set.ptr[i].f0.len + 1 + environment->set.ptr[i].f1.len;
        is_long = is_long || len > MAX_STRING_BYTES;
        bytes += len;
    }
    return (!is_long && bytes <= MAX_TEXT_BYTES) ||
           airssys_fake_refuse_argument(failure, "a variable is too long, or there are too many");
}

static bool check_streams(const airssys_ext_process_types_stdio_config_t *stdio, fake_process_failure *failure) {
    const uint8_t in = stdio->stdin_.tag, out = stdio->stdout_.tag, error = stdio->stderr_.tag;
    if (in == AIRSSYS_EXT_PROCESS_TYPES_STDIO_WRITE_FILE || in == AIRSSYS_EXT_PROCESS_TYPES_STDIO_APPEND_FILE ||
        in == AIRSSYS_EXT_PROCESS_TYPES_STDIO_TO_STDOUT) {
        return airssys_fake_refuse_argument(failure, "standard input cannot be that");
    }
    if (out == AIRSSYS_EXT_PROCESS_TYPES_STDIO_READ_FILE || out == AIRSSYS_EXT_PROCESS_TYPES_STDIO_TO_STDOUT) {
        return airssys_fake_refuse_argument(failure, "standard output cannot be that");
    }
    return error != AIRSSYS_EXT_PROCESS_TYPES_STDIO_READ_FILE ||
           airssys_fake_refuse_argument(failure, "standard error cannot be that");
}

static bool check_arguments(const airssys_bindings_list_string_t *arguments, fake_process_failure *failure) {
    size_t bytes = 0;
    bool is_long = arguments->len > MAX_STRINGS;
    bool nul = false;
    for (size_t i = 0; i < arguments->len; i++) {
        is_long = is_long || arguments->ptr[i].len > MAX_STRING_BYTES;
        nul = nul || has_nul(arguments->ptr[i]);
        bytes += arguments->ptr[i].len;
    }
    if (is_long || bytes > MAX_TEXT_BYTES) {
        return airssys_fake_refuse_argument(failure, "an argument is too long, or there are too many");
    }
    return !nul || airssys_fake_refuse_argument(failure, "an argument contains NUL");
}

bool airssys_fake_check_command(const airssys_ext_process_types_command_t *command, fake_process_failure *failure) {
    if (!check_streams(&command->stdio, failure) || !check_environment(&command->environment, failure)) {
        return false;
    }
    if (command->program.len > MAX_STRING_BYTES) {
        return airssys_fake_refuse_argument(failure, "the program is too long, or there are too many");
    }
    if (has_nul(command->program)) {
        return airssys_fake_refuse_argument(failure, "the program contains NUL");
    }
    return check_arguments(&command->arguments, failure);
}

bool airssys_fake_check_input(size_t len, fake_process_failure *failure) {
    return len <= MAX_INPUT_BYTES || airssys_fake_refuse_argument(failure, "input of more than 67108864 bytes");
}
