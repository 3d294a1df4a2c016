package declared

import (
	"encoding/base64"
	"reflect"
	"testing"
)

func TestTheTextOfTheBuildIsRead(t *testing.T) {
	t.Cleanup(func() { text = "" })
	encode := base64.RawURLEncoding.EncodeToString
	text = encode([]byte("4:acme5:hello5:0.1.010:Says: \"h\x00\"0:1:11:A5:greet4:\xc3\xa4::"))
	want := Metadata{
		Namespace: "acme", Name: "hello", Version: "0.1.0", Description: "Says: \"h\x00\"", Authors: []string{"A"},
		Operations: []string{"greet", "\u00e4::"},
	}
	if got, known := Get(); !known || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v", got, known)
	}
	for _, wrong := range []string{"*", encode([]byte("4:ac")), encode([]byte("x")), encode([]byte("1:a")),
		encode([]byte("1:a1:b1:c0:0:1:9")), encode([]byte("1:a1:b1:c0:0:1:x")), encode([]byte("-1:a"))} {
		if text = wrong; text != "" {
			if got, known := Get(); known {
				t.Errorf("%q gave %q", wrong, got)
			}
		}
	}
}
