package airssystest_test

import (
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
	"github.com/airssys/airssys-wasm/sdk-go/files"
)

// check reports the first error that is not the one that is wanted.
func check(t *testing.T, want error, errs ...error) {
	t.Helper()
	for i, err := range errs {
		if !errors.Is(err, want) {
			t.Errorf("error %d: got %v, want %v", i, err, want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestWholeFilesAreWrittenAndRead(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.PutFile("/data/./deep//a.txt", "put")
	if content, err := files.ReadFile("/data/deep/a.txt"); err != nil || string(content) != "put" {
		t.Errorf("got %q, %v", content, err)
	}
	data := []byte("new")
	check(t, nil, files.WriteFile("/data/deep/../b.txt", data))
	data[0] = 'x'
	check(t, nil, files.AppendFile("/data/b.txt", []byte("er")), files.AppendFile("/data/c.txt", nil))
	if got := host.GetFile("/data/b.txt") + "|" + host.GetFile("/data/c.txt"); got != "newer|" {
		t.Errorf("got %q", got)
	}
	if !host.HasFile("/data/c.txt") || host.HasFile("/data") || host.HasFile("/nothing") {
		t.Error("HasFile is wrong")
	}
	check(t, files.ErrNotFound,
		second(files.ReadFile("/data/none")),
		files.WriteFile("/none/a", nil),
		files.AppendFile("/none/a", nil),
		files.DeleteFile("/data/none"),
	)
	check(t, files.ErrIsADirectory, second(files.ReadFile("/data")), files.WriteFile("/", nil), files.DeleteFile("/data/deep"))
	check(t, files.ErrNotADirectory, files.WriteFile("/data/c.txt/x/y", nil), second(files.ReadFile("/data/c.txt/x")))
	check(t, files.ErrInvalidPath, second(files.ReadFile("data")), second(files.ReadFile("")), files.DeleteFile("/a\x00"))
	check(t, files.ErrNameTooLong, files.WriteFile("/"+strings.Repeat("a", 256), nil))
	check(t, nil, files.DeleteFile("/data/c.txt"))
	if host.HasFile("/data/c.txt") {
		t.Error("the deleted file is still there")
	}
}

func TestFilesAreCopiedAndRenamed(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.PutFile("/a", "A")
	host.PutFile("/b", "B")
	host.PutFile("/from/x/y", "Y")
	host.MakeDirectory("/empty")
	if n, err := files.CopyFile("/a", "/c", files.FailIfExists); n != 1 || err != nil || host.GetFile("/c") != "A" {
		t.Errorf("got %d, %v", n, err)
	}
	check(t, files.ErrAlreadyExists,
		second(files.CopyFile("/a", "/b", files.FailIfExists)),
		files.Rename("/a", "/b", files.FailIfExists),
	)
	check(t, files.ErrInvalidArgument,
		second(files.CopyFile("/a", "/empty/../a", files.ReplaceExisting)),
		files.Rename("/from", "/from/x/z", files.FailIfExists),
		files.Rename("/", "/x", files.FailIfExists),
	)
	check(t, files.ErrIsADirectory,
		second(files.CopyFile("/a", "/from", files.ReplaceExisting)),
		second(files.CopyFile("/from", "/d", files.ReplaceExisting)),
		files.Rename("/a", "/from", files.ReplaceExisting),
	)
	check(t, files.ErrNotADirectory, files.Rename("/from", "/a", files.ReplaceExisting))
	check(t, files.ErrDirectoryNotEmpty, files.Rename("/empty", "/from", files.ReplaceExisting))
	check(t, files.ErrNotFound, files.Rename("/none", "/x", files.FailIfExists), files.Rename("/a", "/none/x", files.FailIfExists))
	check(t, nil,
		files.Rename("/a", "/a", files.ReplaceExisting),
		files.Rename("/a", "/b", files.ReplaceExisting),
		files.Rename("/from/x", "/empty", files.ReplaceExisting),
	)
	if host.HasFile("/a") || host.GetFile("/b") != "A" || host.GetFile("/empty/y") != "Y" {
		t.Error("something was not moved")
	}
}

func TestAFileIsReadAndWrittenThroughItsHandle(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	file, err := files.Open("/a", files.OpenRead|files.OpenWrite|files.OpenCreateNew)
	if err != nil {
		t.Fatal(err)
	}
	check(t, nil,
		second(file.Write([]byte("hello"))),
		second(file.WriteAt([]byte("J"), 0)),
		second(file.WriteAt([]byte("!"), 7)),
		second(file.Seek(-2, io.SeekEnd)),
		file.Sync(files.SyncAll),
	)
	if rest, err := io.ReadAll(file); err != nil || string(rest) != "\x00!" {
		t.Errorf("got %q, %v", rest, err)
	}
	check(t, nil, second(file.SeekTo(files.Start(1))), files.Rename("/a", "/b", files.FailIfExists))
	buffer := make([]byte, 4)
	if n, err := file.Read(buffer); err != nil || string(buffer[:n]) != "ello" {
		t.Errorf("after the rename: %q, %v", buffer[:n], err)
	}
	check(t, nil, file.SetSize(2))
	if host.GetFile("/b") != "Je" {
		t.Errorf("got %q", host.GetFile("/b"))
	}
	if data, err := file.ReadChunkAt(1<<63, 1); len(data) != 0 || err != nil {
		t.Errorf("past the end: %q, %v", data, err)
	}
	check(t, files.ErrInvalidArgument,
		second(file.SeekTo(files.Backward(6))),
		second(file.SeekTo(files.BeforeEnd(3))),
		second(file.SeekTo(files.Forward(1<<63))),
	)
	check(t, files.ErrQuotaExceeded, file.SetSize(1<<40), second(file.WriteChunkAt(1<<62, []byte("x"))))
	if host.OpenHandles() != 1 {
		t.Errorf("%d handles are open", host.OpenHandles())
	}
	check(t, nil, file.Close())
	if host.OpenHandles() != 0 {
		t.Errorf("%d handles are still open", host.OpenHandles())
	}
}

func TestTheFlagsOfOpenAreThoseOfTheContract(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.PutFile("/a", "old")
	host.MakeDirectory("/directory")
	for _, test := range []struct {
		path  string
		flags files.OpenFlags
		want  error
	}{
		{"/a", 0, files.ErrInvalidArgument},
		{"/a", files.OpenCreate, files.ErrInvalidArgument},
		{"/a", files.OpenRead | files.OpenTruncate, files.ErrInvalidArgument},
		{"/a", files.OpenWrite | files.OpenCreateNew, files.ErrAlreadyExists},
		{"/none", files.OpenRead, files.ErrNotFound},
		{"/directory", files.OpenRead, files.ErrIsADirectory},
	} {
		if _, err := files.Open(test.path, test.flags); !errors.Is(err, test.want) {
			t.Errorf("%s %b: got %v, want %v", test.path, test.flags, err, test.want)
		}
	}
	appending, err := files.Open("/a", files.OpenRead|files.OpenAppend)
	if err != nil {
		t.Fatal(err)
	}
	check(t, nil, second(appending.Write([]byte("er"))))
	check(t, files.ErrInvalidArgument, second(appending.WriteAt([]byte("x"), 0)))
	reading, err := files.Open("/b", files.OpenRead|files.OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	check(t, files.ErrInvalidArgument, second(reading.Write([]byte("x"))), reading.SetSize(0))
	if host.GetFile("/a") != "older" || host.GetFile("/b") != "" {
		t.Errorf("got %q, %q", host.GetFile("/a"), host.GetFile("/b"))
	}
	truncated, err := files.Open("/a", files.OpenWrite|files.OpenTruncate)
	if err != nil || host.GetFile("/a") != "" {
		t.Fatalf("got %v, %q", err, host.GetFile("/a"))
	}
	check(t, files.ErrInvalidArgument, second(truncated.Read(make([]byte, 1))))
	for range 256 - host.OpenHandles() {
		check(t, nil, second(files.Open("/a", files.OpenRead)))
	}
	check(t, files.ErrTooManyOpenFiles, second(files.Open("/a", files.OpenRead)))
}

func TestLocksKeepEachOtherOut(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.PutFile("/a", "")
	one, oneErr := files.Open("/a", files.OpenRead)
	two, twoErr := files.Open("/a", files.OpenRead)
	check(t, nil, oneErr, twoErr, one.Lock(files.LockShared), two.Lock(files.LockShared))
	before := host.Now()
	check(t, files.ErrLocked, one.LockTimeout(files.LockExclusive, time.Second))
	if host.Now().Sub(before) != time.Second {
		t.Errorf("it waited %v", host.Now().Sub(before))
	}
	err := one.Lock(files.LockExclusive)
	check(t, errors.ErrUnsupported, err)
	if !strings.Contains(err.Error(), "files.file.lock") {
		t.Errorf("it does not name itself: %v", err)
	}
	check(t, nil, two.Close(), one.LockTimeout(files.LockExclusive, 0), one.Unlock())
	check(t, files.ErrInvalidArgument, one.Unlock())
	check(t, fs.ErrClosed, two.Unlock())
}

func TestARefusalIsThatOfARealHost(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.PutFile("/data/a", "A")
	host.PutFile("/data/secret/b", "B")
	host.PutFile("/database", "C")
	host.Deny("/data/", airssystest.Write)
	host.Deny("/data/secret")
	host.Deny("/odd[1]\"\n")
	for _, test := range []struct {
		err                          error
		operation, resource, missing string
	}{
		{files.WriteFile("/data/a", nil), "ext-filesystem/files.write-file", "/data/a", `filesystem = [{ action = "write", path = "/data/a" }]`},
		{files.AppendFile("/x/../data/new", nil), "ext-filesystem/files.append-file", "/data/new", `filesystem = [{ action = "write", path = "/data/new" }]`},
		{second(files.Open("/data/a", files.OpenRead|files.OpenAppend)), "ext-filesystem/files.open", "/data/a", `filesystem = [{ action = "write", path = "/data/a" }]`},
		{second(files.ReadFile("/data/secret/none")), "ext-filesystem/files.read-file", "/data/secret/none", `filesystem = [{ action = "read", path = "/data/secret/none" }]`},
		{files.DeleteFile("/data/secret/b"), "ext-filesystem/files.delete-file", "/data/secret/b", `filesystem = [{ action = "delete", path = "/data/secret/b" }]`},
		{files.Rename("/data", "/elsewhere", files.FailIfExists), "ext-filesystem/files.rename", "/data/secret", `filesystem = [{ action = "delete", path = "/data/secret" }]`},
		{second(files.CopyFile("/database", "/data/c", files.FailIfExists)), "ext-filesystem/files.copy-file", "/data/c", `filesystem = [{ action = "write", path = "/data/c" }]`},
		{second(files.ReadFile("/odd[1]\"\n")), "ext-filesystem/files.read-file", "/odd[1]\"\n", `filesystem = [{ action = "read", path = "/odd?1]\"\n" }]`},
	} {
		var failed *files.Error
		if !errors.As(test.err, &failed) || failed.Denial == nil {
			t.Errorf("%s: got %v", test.operation, test.err)
			continue
		}
		if d := *failed.Denial; d.Operation != test.operation || d.Resource != test.resource || d.Missing != test.missing {
			t.Errorf("got %#v, want %#v", d, test)
		}
	}
	check(t, nil, second(files.ReadFile("/data/a")), files.WriteFile("/database", nil))
	if host.GetFile("/data/a") != "A" || !host.HasFile("/data/secret/b") || host.HasFile("/data/c") {
		t.Error("something happened all the same")
	}
}
