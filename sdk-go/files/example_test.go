package files_test

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"

	"github.com/airssys/airssys-wasm/sdk-go/files"
)

// It needs filesystem = [{ action = "read", path = "/data/**" }] below [permissions] of Component.toml.
func ExampleOpen() {
	file, err := files.Open("/data/a.txt", files.OpenRead)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fmt.Println(lines.Text())
	}
}

// It needs filesystem = [{ action = "write", path = "/data/journal.txt" }].
func ExampleAppendFile() {
	if err := files.AppendFile("/data/journal.txt", []byte("one more line\n")); err != nil {
		fmt.Println(err)
	}
}
