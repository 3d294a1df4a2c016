package airssystest

import (
	"reflect"
	"strings"
	"testing"
)

func TestTOMLIsRead(t *testing.T) {
	got, err := parseTOML(`# a comment
top = 'lit\eral' # another
[component]
name = "acme/hello"
"quoted key" = "a\tb\u00e4\U0001F980\"\\"
operations = [
    "greet", # with a comment
    'count',
]
long = """
one \
   two
three"""
raw = '''
x"y'''
[permissions]
filesystem = [{ action = "read", path = "/data/**" }, { action = "list", path = "/" }]
network = []
[[permissions.process]]
action = "spawn"
[[permissions.process]]
action = "signal"
[limits]
max-memory-bytes = 1_048_576
when = 2026-01-01T00:00:00Z
on = true
a.b.c = -1
`)
	want := map[string]any{
		"top": `lit\eral`,
		"component": map[string]any{
			"name": "acme/hello", "quoted key": "a\tb\u00e4\U0001F980\"\\", "operations": []any{"greet", "count"},
			"long": "one two\nthree", "raw": `x"y`,
		},
		"permissions": map[string]any{
			"filesystem": []any{
				map[string]any{"action": "read", "path": "/data/**"}, map[string]any{"action": "list", "path": "/"},
			},
			"network": []any{},
			"process": []any{map[string]any{"action": "spawn"}, map[string]any{"action": "signal"}},
		},
		"limits": map[string]any{
			"max-memory-bytes": int64(1_048_576), "when": tomlWord("2026-01-01T00:00:00Z"), "on": tomlWord("true"),
			"a": map[string]any{"b": map[string]any{"c": int64(-1)}},
		},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, %v", got, err)
	}
}

func TestWhatIsNoTOMLIsRefusedWithItsLine(t *testing.T) {
	for _, wrong := range []string{
		"a", "a =", "= 1", "a = 1 2", "a = [1", "a = [1 2]", "a = { b = 1", "a = \"x", "a = 'x\n'", "a = \"\\q\"", "[a", "[a]]x",
		"a = 1\na = 2", "a = 1\n[a]", "a = 1\na.b = 2", "a = []\n[[a.b]]", "a = \"\\uD800\"", "a = \xff", "a = \"\\", "]",
		"a = " + strings.Repeat("[", 100), strings.Repeat("a.", 100) + "a = 1", strings.Repeat("#", maxTOML+1),
	} {
		if got, err := parseTOML(wrong); err == nil {
			t.Errorf("%q gave %v", wrong, got)
		}
	}
	if _, err := parseTOML("a = 1\n\nb"); err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("got %v", err)
	}
}
