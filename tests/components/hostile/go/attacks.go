package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/directories"
	"github.com/airssys/airssys-wasm/sdk-go/files"
	"github.com/airssys/airssys-wasm/sdk-go/hostservices"
)

// kept is memory that is never given back.
var kept [][]byte

func (h *hostile) attack(operation string, input []byte) ([]byte, error) {
	words := strings.Split(string(input), " ")
	number, _ := strconv.Atoi(words[0])
	switch operation {
	case "echo":
		return input, nil
	case "trap":
		var nothing *hostile
		return []byte(nothing.outcomes[0]), nil
	case "spin":
		for {
		}
	case "recurse":
		return []byte(strconv.Itoa(recurse(number))), nil
	case "grow-memory":
		for {
			kept = append(kept, []byte(strings.Repeat("x", 1<<20)))
		}
	case "big-result":
		return make([]byte, number), nil
	case "panic":
		panic(strings.Repeat("x", number))
	case "fail":
		return nil, airssys.Errorf(airssys.ErrProcessingFailed, "%s", strings.Repeat("x", number))
	case "exit":
		os.Exit(3)
	case "log":
		for range number {
			hostservices.Log(hostservices.LevelInfo, "line")
		}
	case "log-fields":
		long := strings.Repeat("x", number)
		fields := []hostservices.Field{{Name: long, Value: long}, {Name: "short", Value: long}}
		hostservices.Log(hostservices.LevelInfo, long, fields...)
	case "log-output":
		lines := strings.Repeat("a\n", number/2)
		hostservices.Log(hostservices.LevelInfo, lines, hostservices.Field{Name: "stream", Value: "stdout"})
	case "print":
		for range number {
			fmt.Println("line")
		}
	case "open-files":
		return untilRefused(number, func() error {
			file, err := files.Open("/data/file", files.OpenRead)
			h.files = append(h.files, file)
			return err
		}), nil
	case "open-cursors":
		return untilRefused(number, func() error {
			cursor, err := directories.OpenDirectory("/data/folder")
			h.cursors = append(h.cursors, cursor)
			return err
		}), nil
	case "deep-path":
		path := "/data" + strings.Repeat("/a", number)
		return untilRefused(1, func() error {
			_, err := files.Open(path, files.OpenRead)
			return err
		}), nil
	case "denied":
		refused := 0
		for range number {
			if _, err := files.Open("/secret", files.OpenRead); err != nil {
				refused++
			}
		}
		return []byte(strconv.Itoa(refused)), nil
	case "send":
		most, _ := strconv.Atoi(words[1])
		return untilRefused(most, func() error {
			return hostservices.SendMessage(componentID(words[0]), []byte("message"))
		}), nil
	case "request":
		most, _ := strconv.Atoi(words[1])
		timeout, _ := strconv.Atoi(words[2])
		return untilRefused(most, func() error {
			wait := time.Duration(timeout) * time.Millisecond
			_, err := hostservices.SendRequest(componentID(words[0]), []byte("request"), wait)
			return err
		}), nil
	case "outcomes":
		return []byte(strings.Join(h.outcomes, ",")), nil
	case "sleep":
		hostservices.Sleep(time.Duration(number) * time.Millisecond)
	default:
		return nil, airssys.UnknownOperation(operation)
	}
	return nil, nil
}

// untilRefused does something so often or until it fails: how often it went well, and why no more.
func untilRefused(most int, do func() error) []byte {
	codes := map[error]string{
		files.ErrTooManyOpenFiles:      "too-many-open-files",
		files.ErrInvalidPath:           "invalid-path",
		files.ErrNotFound:              "not-found",
		hostservices.ErrMailboxFull:    "mailbox-full",
		hostservices.ErrDeliveryFailed: "delivery-failed",
	}
	for done := range most {
		err := do()
		if err == nil {
			continue
		}
		for code, name := range codes {
			if errors.Is(err, code) {
				return []byte(fmt.Sprint(done, " ", name))
			}
		}
		return []byte(fmt.Sprint(done, " ", err))
	}
	return []byte(strconv.Itoa(most))
}

// componentID reads namespace/name@version.
func componentID(text string) airssys.ComponentID {
	name, version, _ := strings.Cut(text, "@")
	namespace, name, _ := strings.Cut(name, "/")
	return airssys.ComponentID{Namespace: namespace, Name: name, Version: version}
}

// recurse recurses in a way that no compiler takes for a loop.
//
//go:noinline
func recurse(depth int) int { return recurse(depth+1) + depth }
