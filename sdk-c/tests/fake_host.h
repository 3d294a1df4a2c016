/*
 * A fake host for native tests: it implements the imports in the place of the generated bindings.
 *
 * Each call is noted as a line of text, `interface.operation argument argument`. Each answers with a fixed value, or
 * with the failure that the test has set.
 */
#ifndef AIRSSYS_TESTS_FAKE_HOST_H
#define AIRSSYS_TESTS_FAKE_HOST_H

#include <airssys/types.h>

#include "airssys_bindings.h"

/* Forgets all calls and failures. */
void fake_host_reset(void);

/* The calls since the last reset, each ended by '\n'. NUL in an argument is shown as "\0". */
const char *fake_host_calls(void);

/* From now on each call prints all calls so far, so that those of a process that ends can be seen. */
void fake_host_print_calls(void);

/* From now on filesystem operations fail with this case, by its number in the contract. */
void fake_host_fail_filesystem(uint8_t tag);

/* From now on messaging operations fail with this case, by its number in the contract. */
void fake_host_fail_messaging(uint8_t tag);

/* From now on operations of the network, or of processes, fail with this case, by its number in the contract. */
void fake_host_fail_network(uint8_t tag);
void fake_host_fail_process(uint8_t tag);

/* From now on lists and texts in results are empty, and come with a pointer that must not be freed, as from a host. */
void fake_host_answer_empty(void);

/* How many handles are open. */
int fake_host_open_handles(void);

/* The text of failures, and the parts of a denial and of an id, that the fake gives. */
#define FAKE_TEXT "text of the failure"
#define FAKE_OPERATION "ext-filesystem/files.open"
#define FAKE_RESOURCE "/data/a"
#define FAKE_MISSING "filesystem = [{ action = \"read\", path = \"/data/a\" }]"
#define FAKE_REFUSAL                                                                                                   \
    "permission denied: " FAKE_OPERATION " on " FAKE_RESOURCE ": needs " FAKE_MISSING                                  \
    " in [permissions] of Component.toml, and the operator's grant"
/* Has a NUL within and characters of two and four bytes. */
#define FAKE_PATH "/d\xC3\xA4ta\0/\xF0\x9F\x8E\x88"
#define FAKE_BYTES \
    "\0\xFF" \
    "bytes"

/* For the fake's own files. */

/* A host gives an empty list with a pointer that is no allocation. */
#define FAKE_NOWHERE ((void *)1)

/* Notes a line. %S takes a counted text, %B a list of bytes, %s a text of C, %u an unsigned long long. */
void fake_note(const char *format, ...);
#define FAKE_NUMBER(number) ((unsigned long long)(number))

/* Fill the failure that the test has set, if any; say whether the call succeeds. */
bool fake_filesystem_succeeds(airssys_ext_filesystem_types_filesystem_error_t *failure);
bool fake_network_succeeds(airssys_ext_network_types_network_error_t *failure);
bool fake_process_succeeds(airssys_ext_process_types_process_error_t *failure);

/* A handle is opened, and has a number that none before had; one is closed. */
int32_t fake_open_handle(void);
void fake_close_handle(void);

/* Says whether the test wants empty answers. */
bool fake_host_answers_empty(void);

/* Memory as an import gives it: owned by who gets it. */
airssys_bindings_string_t fake_string(const char *text, size_t len);
airssys_bindings_list_u8_t fake_bytes(void);
airssys_bindings_list_string_t fake_strings(void);

#endif
