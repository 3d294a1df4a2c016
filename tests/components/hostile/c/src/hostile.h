/* The attacks, and what of them is left afterwards. */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <airssys/airssys.h>

/* Does one attack. */
airssys_code attack(airssys_string operation, airssys_bytes input, airssys_bytes *output, airssys_error *error);

/* The same for an operation and its input in one line, a blank in between. */
airssys_code attack_line(airssys_string line, airssys_bytes *output, airssys_error *error);

/* Keeps the outcome of a request. */
void keep_outcome(const airssys_outcome *outcome);

#endif
