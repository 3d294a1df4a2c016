#ifndef AIRSSYS_TESTS_TESTING_COMPONENT_H
#define AIRSSYS_TESTS_TESTING_COMPONENT_H

#include <airssys/component_lifecycle.h>

/* What the component was started with last. */
extern const airssys_component_config *seen_config;
/* Whether its init refuses. */
extern bool init_fails;

#endif
