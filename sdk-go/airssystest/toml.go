package airssystest

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxTOML is how long a Component.toml may be, in bytes, as for the tools that build.
const maxTOML = 1 << 20

// maxTOMLDepth is how deep tables and lists may lie in each other: more is a mistake.
const maxTOMLDepth = 32

// parseTOML reads a document. Texts are string, integers int64, lists []any and tables map[string]any; other values, which
// Component.toml does not have, are kept as they are written.
func parseTOML(text string) (map[string]any, error) {
	if len(text) > maxTOML {
		return nil, fmt.Errorf("it has more than %d bytes", maxTOML)
	}
	if !utf8.ValidString(text) {
		return nil, fmt.Errorf("it is not UTF-8")
	}
	p := &tomlParser{rest: strings.ReplaceAll(text, "\r\n", "\n"), line: 1}
	root := map[string]any{}
	table := root
	for {
		p.skip(true)
		if p.rest == "" {
			return root, nil
		}
		var err error
		if strings.HasPrefix(p.rest, "[") {
			table, err = p.header(root)
		} else {
			err = p.pair(table, 0)
		}
		if err == nil {
			p.skip(false)
			if p.rest != "" && !p.take("\n") {
				err = fmt.Errorf("%q stands behind a value", firstOf(p.rest))
			}
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", p.line, err)
		}
	}
}

type tomlParser struct {
	rest string
	line int
}

func firstOf(text string) string {
	r, _ := utf8.DecodeRuneInString(text)
	return string(r)
}

// take takes a prefix, if it is there.
func (p *tomlParser) take(prefix string) bool {
	rest, found := strings.CutPrefix(p.rest, prefix)
	if found {
		p.line += strings.Count(prefix, "\n")
		p.rest = rest
	}
	return found
}

// skip passes over blanks and comments, and line ends too if asked.
func (p *tomlParser) skip(lines bool) {
	for {
		p.rest = strings.TrimLeft(p.rest, " \t")
		if strings.HasPrefix(p.rest, "#") {
			end := strings.IndexByte(p.rest, '\n')
			if end < 0 {
				end = len(p.rest)
			}
			p.rest = p.rest[end:]
		}
		if !lines || !p.take("\n") {
			return
		}
	}
}

// header reads [a.b] or [[a.b]] and gives the table that it opens.
func (p *tomlParser) header(root map[string]any) (map[string]any, error) {
	isList := p.take("[[")
	if !isList {
		p.take("[")
	}
	keys, err := p.keys()
	if err != nil {
		return nil, err
	}
	closing := "]"
	if isList {
		closing = "]]"
	}
	if !p.take(closing) {
		return nil, fmt.Errorf("the name of a table has no %s", closing)
	}
	parent, err := tableAt(root, keys[:len(keys)-1])
	if err != nil {
		return nil, err
	}
	last := keys[len(keys)-1]
	if !isList {
		return tableAt(parent, []string{last})
	}
	list, isThere := parent[last].([]any)
	if _, other := parent[last]; other && !isThere {
		return nil, fmt.Errorf("%s is no list of tables", last)
	}
	table := map[string]any{}
	parent[last] = append(list, table)
	return table, nil
}

// tableAt finds the table at some keys, or makes it. Of a list it is the last one.
func tableAt(table map[string]any, keys []string) (map[string]any, error) {
	for _, key := range keys {
		switch there := table[key].(type) {
		case nil:
			below := map[string]any{}
			table[key] = below
			table = below
		case map[string]any:
			table = there
		case []any:
			last, isTable := map[string]any(nil), false
			if len(there) > 0 {
				last, isTable = there[len(there)-1].(map[string]any)
			}
			if !isTable {
				return nil, fmt.Errorf("%s is no table", key)
			}
			table = last
		default:
			return nil, fmt.Errorf("%s is no table", key)
		}
	}
	return table, nil
}

// keys reads a.b."c d", at least one.
func (p *tomlParser) keys() (keys []string, err error) {
	for {
		p.skip(false)
		var key string
		if strings.HasPrefix(p.rest, `"`) || strings.HasPrefix(p.rest, "'") {
			key, err = p.text()
			if err != nil {
				return nil, err
			}
		} else {
			end := strings.IndexFunc(p.rest, func(r rune) bool {
				return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-')
			})
			if end < 0 {
				end = len(p.rest)
			}
			if end == 0 {
				return nil, fmt.Errorf("a key is missing")
			}
			key, p.rest = p.rest[:end], p.rest[end:]
		}
		keys = append(keys, key)
		if len(keys) > maxTOMLDepth {
			return nil, fmt.Errorf("a key has more than %d parts", maxTOMLDepth)
		}
		p.skip(false)
		if !p.take(".") {
			return keys, nil
		}
	}
}

// pair reads key = value into a table.
func (p *tomlParser) pair(table map[string]any, depth int) error {
	keys, err := p.keys()
	if err != nil {
		return err
	}
	if !p.take("=") {
		return fmt.Errorf("there is no = behind the key %s", keys[len(keys)-1])
	}
	table, err = tableAt(table, keys[:len(keys)-1])
	if err != nil {
		return err
	}
	last := keys[len(keys)-1]
	if _, there := table[last]; there {
		return fmt.Errorf("%s is given twice", last)
	}
	table[last], err = p.value(depth)
	return err
}

func (p *tomlParser) value(depth int) (any, error) {
	if depth > maxTOMLDepth {
		return nil, fmt.Errorf("values lie more than %d deep in each other", maxTOMLDepth)
	}
	p.skip(false)
	switch {
	case strings.HasPrefix(p.rest, `"`), strings.HasPrefix(p.rest, "'"):
		return p.text()
	case p.take("["):
		return p.list(depth)
	case p.take("{"):
		return p.inlineTable(depth)
	}
	end := strings.IndexAny(p.rest, " \t\n,]}#")
	if end < 0 {
		end = len(p.rest)
	}
	if end == 0 {
		return nil, fmt.Errorf("a value is missing")
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	if number, err := strconv.ParseInt(strings.ReplaceAll(word, "_", ""), 0, 64); err == nil {
		return number, nil
	}
	return tomlWord(word), nil
}

// tomlWord is a value that is none of those that Component.toml has.
type tomlWord string

func (p *tomlParser) list(depth int) (any, error) {
	list := []any{}
	for {
		p.skip(true)
		if p.take("]") {
			return list, nil
		}
		value, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
		p.skip(true)
		if !p.take(",") && !strings.HasPrefix(p.rest, "]") {
			return nil, fmt.Errorf("a list has no ]")
		}
	}
}

func (p *tomlParser) inlineTable(depth int) (any, error) {
	table := map[string]any{}
	for {
		p.skip(true)
		if p.take("}") {
			return table, nil
		}
		if err := p.pair(table, depth+1); err != nil {
			return nil, err
		}
		p.skip(true)
		if !p.take(",") && !strings.HasPrefix(p.rest, "}") {
			return nil, fmt.Errorf("a table has no }")
		}
	}
}

// text reads a text in one of the four forms.
func (p *tomlParser) text() (string, error) {
	unended := fmt.Errorf("a text has no end")
	for _, quote := range []string{`'''`, `'`} {
		if p.take(quote) {
			text, rest, found := strings.Cut(p.rest, quote)
			if !found || (quote == `'` && strings.Contains(text, "\n")) {
				return "", unended
			}
			p.line += strings.Count(text, "\n")
			p.rest = rest
			return strings.TrimPrefix(text, "\n"), nil
		}
	}
	quote := `"`
	if strings.HasPrefix(p.rest, `"""`) {
		quote = `"""`
	}
	p.take(quote)
	isLong := len(quote) > 1
	if isLong {
		p.take("\n")
	}
	var text strings.Builder
	for {
		switch {
		case p.rest == "", !isLong && p.rest[0] == '\n':
			return "", unended
		case p.take(quote):
			return text.String(), nil
		case p.take(`\`):
			if err := p.escape(&text, isLong); err != nil {
				return "", err
			}
		default:
			first := firstOf(p.rest)
			p.take(first)
			text.WriteString(first)
		}
	}
}

var tomlUnescapes = map[byte]string{'"': `"`, '\\': `\`, 'b': "\b", 't': "\t", 'n': "\n", 'f': "\f", 'r': "\r", 'e': "\x1b"}

// escape reads what follows a backslash.
func (p *tomlParser) escape(text *strings.Builder, isLong bool) error {
	if p.rest == "" {
		return fmt.Errorf("a text has no end")
	}
	letter := p.rest[0]
	if plain, known := tomlUnescapes[letter]; known {
		p.rest = p.rest[1:]
		text.WriteString(plain)
		return nil
	}
	if length := map[byte]int{'x': 2, 'u': 4, 'U': 8}[letter]; length > 0 && len(p.rest) > length {
		number, err := strconv.ParseUint(p.rest[1:1+length], 16, 32)
		if err == nil && utf8.ValidRune(rune(number)) {
			p.rest = p.rest[1+length:]
			text.WriteRune(rune(number))
			return nil
		}
	}
	if trimmed := strings.TrimLeft(p.rest, " \t"); isLong && strings.HasPrefix(trimmed, "\n") {
		// The line goes on behind all white space.
		rest := strings.TrimLeft(trimmed, " \t\n")
		p.line += strings.Count(trimmed[:len(trimmed)-len(rest)], "\n")
		p.rest = rest
		return nil
	}
	return fmt.Errorf("\\%s is no escape", firstOf(p.rest))
}
