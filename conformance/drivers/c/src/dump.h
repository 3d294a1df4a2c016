/* The text form in which the driver tells what arrived: lines of `key=value`, text and bytes in hexadecimal. */
#ifndef DRIVER_DUMP_H
#define DRIVER_DUMP_H

#include <airssys/airssys.h>

/* Something that can be written: `write` is called twice, first to measure and then to write. */
typedef void dump_writer(airssys_string_builder *builder, const void *subject);

/* What is written about a subject, in memory of its own. */
airssys_bytes dump(dump_writer *write, const void *subject);

/* Appends what is written about a subject to bytes that are owned. */
void dump_append(airssys_bytes *journal, dump_writer *write, const void *subject);

/* The subject is an airssys_component_config. */
void dump_config(airssys_string_builder *builder, const void *subject);

/* The subject is an airssys_execution_context. */
void dump_context(airssys_string_builder *builder, const void *subject);

/* A message and who sent it. */
typedef struct dumped_message {
    const airssys_component_id *sender;
    airssys_bytes message;
} dumped_message;

/* The subject is a dumped_message. */
void dump_message(airssys_string_builder *builder, const void *subject);

/* The outcome of a request. */
typedef struct dumped_callback {
    airssys_string request_id;
    const airssys_outcome *outcome;
} dumped_callback;

/* The subject is a dumped_callback. */
void dump_callback(airssys_string_builder *builder, const void *subject);

#endif
