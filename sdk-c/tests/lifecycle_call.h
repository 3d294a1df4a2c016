/* Calls a component's exports as a host does: arguments are given away, results are freed. */
#ifndef AIRSSYS_TESTS_LIFECYCLE_CALL_H
#define AIRSSYS_TESTS_LIFECYCLE_CALL_H

#include <airssys/types.h>

/* What a call came to: "ok:" and the output, or the number of the error case, ":" and its text. Static storage. */
const char *call_execute(const char *operation, airssys_bytes input);
const char *call_init(const char *key, const char *value);
const char *call_handle_message(const char *message);
const char *call_handle_callback(bool succeeded, const char *content);
const char *call_shutdown(void);
/* id|description|authors|license|operations, lists separated by commas. */
const char *call_metadata(void);
int call_health(void);

#endif
