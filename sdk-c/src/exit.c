/* The end of a component's process. */
#include <stdlib.h>

#include "conversions.h"

#ifdef __wasm__

/* Stands in for the C library's, which tells the host of success and failure only: the host learns the status from this
   record. */
_Noreturn void _Exit(int status) {
    char digits[16];
    airssys_string_builder text = airssys_string_builder_over(digits, sizeof digits);
    airssys_string_builder_i64(&text, status);
    const airssys_key_value fields[] = {
        {AIRSSYS_STRING("kind"), AIRSSYS_STRING("exit")},
        {AIRSSYS_STRING("status"), airssys_string_builder_view(&text)},
    };
    airssys_log(AIRSSYS_LOG_ERROR, AIRSSYS_STRING("exited"), fields, sizeof fields / sizeof *fields);
    __builtin_trap();
}

/* The same by its other name, which the C library defines in the same place. */
_Noreturn void _exit(int status);
_Noreturn void _exit(int status) {
    _Exit(status);
}

#else

/* A native test ends its process as it likes. */
typedef int airssys_internal_exit_is_native;

#endif
