#include <airssys/types.h>

#include "check.h"

static bool is_utf8(const char *bytes, size_t len) {
    return airssys_string_is_utf8((airssys_string){bytes, len});
}
#define UTF8(literal) is_utf8(literal, sizeof literal - 1)

static void well_formed_text_is_known(void) {
    CHECK(UTF8(""));
    CHECK(UTF8("a\0b"));
    CHECK(UTF8("\x7F"));
    CHECK(UTF8("\xC2\x80 \xDF\xBF"));
    CHECK(UTF8("\xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80 \xEF\xBF\xBF"));
    CHECK(UTF8("\xF0\x90\x80\x80 \xF4\x8F\xBF\xBF"));
    CHECK(is_utf8(NULL, 0));
}

static void malformed_text_is_known(void) {
    CHECK(!UTF8("\x80"));
    CHECK(!UTF8("\xBF"));
    CHECK(!UTF8("\xC0\x80"));
    CHECK(!UTF8("\xC1\xBF"));
    CHECK(!UTF8("\xC3"));
    CHECK(!UTF8("\xC3("));
    CHECK(!UTF8("\xE0\x9F\xBF"));
    CHECK(!UTF8("\xE2\x82"));
    CHECK(!UTF8("\xE2\x82("));
    CHECK(!UTF8("\xED\xA0\x80"));
    CHECK(!UTF8("\xF0\x8F\xBF\xBF"));
    CHECK(!UTF8("\xF0\x9F\x8E"));
    CHECK(!UTF8("\xF4\x90\x80\x80"));
    CHECK(!UTF8("\xF5\x80\x80\x80"));
    CHECK(!UTF8("\xFF"));
    CHECK(!UTF8("good\xFF"));
}

static void texts_are_compared_with_their_nul(void) {
    CHECK(airssys_string_equals(AIRSSYS_STRING("a\0b"), AIRSSYS_STRING("a\0b")));
    CHECK(!airssys_string_equals(AIRSSYS_STRING("a\0b"), AIRSSYS_STRING("a\0c")));
    CHECK(!airssys_string_equals(AIRSSYS_STRING("a"), AIRSSYS_STRING("a\0")));
    CHECK(airssys_string_equals((airssys_string){NULL, 0}, AIRSSYS_STRING("")));
    CHECK(airssys_string_starts_with(AIRSSYS_STRING("a\0b"), AIRSSYS_STRING("a\0")));
    CHECK(!airssys_string_starts_with(AIRSSYS_STRING("a"), AIRSSYS_STRING("ab")));
    CHECK(airssys_string_starts_with((airssys_string){NULL, 0}, (airssys_string){NULL, 0}));
}

static void a_copy_is_of_its_own(void) {
    char original[] = "a\0b";
    airssys_string copy = airssys_string_copy((airssys_string){original, 3});
    original[2] = 'x';
    CHECK(IS(copy, "a\0b"));
    airssys_string_free(&copy);
    CHECK(copy.ptr == NULL && copy.len == 0);
    airssys_string_free(&copy);

    airssys_component_id id = {AIRSSYS_STRING_INIT("acme"), AIRSSYS_STRING_INIT("x"), AIRSSYS_STRING_INIT("")};
    airssys_component_id copied = airssys_component_id_copy(&id);
    CHECK(IS(copied.namespace_, "acme") && copied.namespace_.ptr != id.namespace_.ptr);
    CHECK(IS(copied.name, "x") && IS(copied.version, ""));
    airssys_component_id_free(&copied);
    CHECK(copied.name.ptr == NULL);
}

static void texts_of_c_are_viewed(void) {
    CHECK(IS(airssys_string_from_c("abc"), "abc"));
    CHECK(IS(airssys_string_from_c(""), ""));
    CHECK(IS(airssys_bytes_as_string(airssys_string_as_bytes(AIRSSYS_STRING("a\0b"))), "a\0b"));
}

static void texts_are_cut_at_the_first_separator(void) {
    airssys_string before, after;
    CHECK(airssys_string_cut(AIRSSYS_STRING("a::b::c"), AIRSSYS_STRING("::"), &before, &after));
    CHECK(IS(before, "a") && IS(after, "b::c"));
    CHECK(airssys_string_cut(after, AIRSSYS_STRING("c"), &before, &after) && IS(before, "b::") && after.len == 0);
    CHECK(!airssys_string_cut(before, AIRSSYS_STRING(":::"), &before, &after) && IS(before, "b::") && after.len == 0);
    CHECK(!airssys_string_cut((airssys_string){NULL, 0}, AIRSSYS_STRING(":"), &before, &after));
    CHECK(!airssys_string_cut(AIRSSYS_STRING("a"), AIRSSYS_STRING(""), &before, &after));
}

static void ids_are_parsed(void) {
    airssys_component_id id;
    CHECK(airssys_component_id_parse(AIRSSYS_STRING("acme/resizer@1.2.0"), &id));
    CHECK(IS(id.namespace_, "acme") && IS(id.name, "resizer") && IS(id.version, "1.2.0"));
    CHECK(!airssys_component_id_parse(AIRSSYS_STRING("acme/resizer"), &id) && id.name.len == 0);
    CHECK(!airssys_component_id_parse(AIRSSYS_STRING("resizer@1.2.0"), &id));
    CHECK(!airssys_component_id_parse(AIRSSYS_STRING("/resizer@1.2.0"), &id));
    CHECK(!airssys_component_id_parse(AIRSSYS_STRING("acme/@1.2.0"), &id));
    CHECK(!airssys_component_id_parse(AIRSSYS_STRING("acme/resizer@"), &id));
}

int main(void) {
    texts_are_cut_at_the_first_separator();
    ids_are_parsed();
    well_formed_text_is_known();
    malformed_text_is_known();
    texts_are_compared_with_their_nul();
    a_copy_is_of_its_own();
    texts_of_c_are_viewed();
    return CHECK_RESULT;
}
