// Package declared has what Component.toml says of the component.
package declared

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// Metadata is the section [component] of Component.toml.
type Metadata struct {
	Namespace, Name, Version string
	Description, License     string
	Authors, Operations      []string
}

// text is set by the linker when airssys-wasm build builds a component: the texts of the section, each as its length, a
// colon and itself, in base 64.
var text string

// Test is what a test has read of Component.toml: it has no build that could set the text.
var Test *Metadata

// Get gives what Component.toml says, and whether that is known.
func Get() (Metadata, bool) {
	if text == "" {
		if Test != nil {
			return *Test, true
		}
		return Metadata{}, false
	}
	return decode(text)
}

func decode(text string) (metadata Metadata, known bool) {
	plain, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return Metadata{}, false
	}
	var texts []string
	for rest := string(plain); rest != ""; {
		digits, after, _ := strings.Cut(rest, ":")
		length, err := strconv.Atoi(digits)
		if err != nil || length < 0 || length > len(after) {
			return Metadata{}, false
		}
		texts, rest = append(texts, after[:length]), after[length:]
	}
	const fixed = 6
	if len(texts) < fixed {
		return Metadata{}, false
	}
	authors, err := strconv.Atoi(texts[fixed-1])
	if err != nil || authors < 0 || authors > len(texts)-fixed {
		return Metadata{}, false
	}
	return Metadata{
		Namespace:   texts[0],
		Name:        texts[1],
		Version:     texts[2],
		Description: texts[3],
		License:     texts[4],
		Authors:     texts[fixed : fixed+authors],
		Operations:  texts[fixed+authors:],
	}, true
}
