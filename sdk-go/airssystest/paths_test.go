package airssystest_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
	"github.com/airssys/airssys-wasm/sdk-go/directories"
	"github.com/airssys/airssys-wasm/sdk-go/files"
	"github.com/airssys/airssys-wasm/sdk-go/paths"
)

func TestDirectoriesAreListed(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.PutFile("/d/b", "")
	host.MakeDirectory("/d/a")
	check(t, nil, paths.CreateSymlink("/nowhere", "/d/c"))
	want := []directories.Entry{{Name: "a", Type: files.TypeDirectory}, {Name: "b"}, {Name: "c", Type: files.TypeSymbolicLink}}
	if got, err := directories.ListDirectory("/d"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
	cursor, err := directories.OpenDirectory("/d/a/..")
	if err != nil {
		t.Fatal(err)
	}
	first, firstErr := cursor.Next(2)
	rest, restErr := cursor.Next(9)
	end, endErr := cursor.Next(9)
	check(t, nil, firstErr, restErr, endErr)
	if !reflect.DeepEqual(append(first, rest...), want) || len(first) != 2 || len(end) != 0 || host.OpenHandles() != 1 {
		t.Errorf("got %v, %v, %v", first, rest, end)
	}
	check(t, nil, cursor.Close())
	check(t, files.ErrNotFound, second(directories.ListDirectory("/none")), second(directories.OpenDirectory("/d/c")))
	check(t, files.ErrNotADirectory, second(directories.ListDirectory("/d/b")), second(directories.OpenDirectory("/d/b")))
	if host.OpenHandles() != 0 {
		t.Errorf("%d handles are still open", host.OpenHandles())
	}
}

func TestDirectoriesAreCreatedAndRemoved(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.PutFile("/file", "")
	check(t, nil, directories.CreateDirectory("/a"), directories.CreateDirectoryAll("/a/b/c"), directories.CreateDirectoryAll("/a/b"))
	check(t, files.ErrAlreadyExists, directories.CreateDirectory("/a"), directories.CreateDirectory("/file"))
	check(t, files.ErrNotFound, directories.CreateDirectory("/x/y"), directories.RemoveDirectory("/x"), directories.RemoveDirectoryAll("/x"))
	check(t, files.ErrNotADirectory,
		directories.CreateDirectoryAll("/file"), directories.CreateDirectoryAll("/file/x"),
		directories.RemoveDirectory("/file"), directories.RemoveDirectoryAll("/file"),
	)
	check(t, files.ErrDirectoryNotEmpty, directories.RemoveDirectory("/a/b"))
	check(t, files.ErrInvalidArgument, directories.RemoveDirectory("/"), directories.RemoveDirectoryAll("/"))
	check(t, nil, directories.RemoveDirectory("/a/b/c"), directories.RemoveDirectoryAll("/a"))
	if exists, err := paths.Exists("/a"); exists || err != nil {
		t.Errorf("got %v, %v", exists, err)
	}
}

func TestARefusalLeavesDirectoriesAsTheyWere(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.PutFile("/a/keep", "")
	host.Deny("/a/keep", airssystest.Delete)
	host.Deny("/new/secret")
	check(t, files.ErrPermissionDenied, directories.RemoveDirectoryAll("/a"), directories.CreateDirectoryAll("/new/secret/x"))
	exists, err := paths.Exists("/new")
	if check(t, nil, err); exists || !host.HasFile("/a/keep") {
		t.Error("something happened all the same")
	}
}

func TestFindMatchesAsAHostDoes(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	for _, path := range []string{"/d/a.txt", "/d/b/c.txt", "/d/b/e/f.md", "/d/secret/g.txt", "/linked/h.txt"} {
		host.PutFile(path, "1234")
	}
	check(t, nil, paths.CreateSymlink("/linked", "/d/link"), paths.CreateSymlink("/d", "/d/loop"))
	host.Deny("/d/secret", airssystest.List)
	for name, test := range map[string]struct {
		root    string
		options directories.FindOptions
		want    string
	}{
		"one level":        {"/d", directories.FindOptions{Pattern: "*.txt"}, "/d/a.txt"},
		"all levels":       {"/d", directories.FindOptions{Pattern: "**/*.txt"}, "/d/a.txt /d/b/c.txt"},
		"one character":    {"/d", directories.FindOptions{Pattern: "?"}, "/d/b"},
		"everything":       {"/d/b", directories.FindOptions{Pattern: "**"}, "/d/b/c.txt /d/b/e /d/b/e/f.md"},
		"the depth":        {"/d/b", directories.FindOptions{Pattern: "**", MaxDepth: new(uint32(1))}, "/d/b/c.txt /d/b/e"},
		"the limit":        {"/d/b", directories.FindOptions{Pattern: "**", Limit: new(uint32(2))}, "/d/b/c.txt /d/b/e"},
		"through links":    {"/d", directories.FindOptions{Pattern: "**/h.txt", FollowLinks: true}, "/d/link/h.txt"},
		"of the root":      {"/", directories.FindOptions{Pattern: "linked/*"}, "/linked/h.txt"},
		"nothing at all":   {"/d", directories.FindOptions{Pattern: "**", MaxDepth: new(uint32(0))}, ""},
		"special in regex": {"/d", directories.FindOptions{Pattern: "a+txt"}, ""},
	} {
		found, err := directories.Find(test.root, test.options)
		if got := strings.Join(found, " "); err != nil || got != test.want {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, test.want)
		}
	}
	for _, pattern := range []string{"", "/a", "a//b", "../a", "a**", "[a]"} {
		check(t, files.ErrInvalidArgument, second(directories.Find("/d", directories.FindOptions{Pattern: pattern})))
	}
	check(t, files.ErrPermissionDenied, second(directories.Measure("/d")))
	if usage, err := directories.Measure("/d/b"); err != nil || usage != (directories.DiskUsage{Files: 2, Directories: 1, Bytes: 8}) {
		t.Errorf("got %v, %v", usage, err)
	}
}

func TestLinksAreFollowedAndPermissionsHoldForWhatTheyLeadTo(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.PutFile("/data/a", "A")
	host.PutFile("/secret/b", "B")
	host.PutFile("/chain/0", "")
	check(t, nil,
		paths.CreateSymlink("/data/./a", "/data/link"),
		paths.CreateSymlink("/secret", "/data/out"),
		paths.CreateSymlink("/data/one", "/data/two"),
		paths.CreateSymlink("/data/two", "/data/one"),
		files.WriteFile("/data/link", []byte("through")),
	)
	host.Deny("/secret")
	target, err := paths.ReadSymlink("/data/link")
	if check(t, nil, err); target != "/data/a" || host.GetFile("/data/a") != "through" {
		t.Errorf("got %q, %q", target, host.GetFile("/data/a"))
	}
	if path, err := paths.Canonicalize("/data/../data/link"); err != nil || path != "/data/a" {
		t.Errorf("got %q, %v", path, err)
	}
	check(t, files.ErrPermissionDenied,
		second(files.ReadFile("/data/out/b")), second(paths.Exists("/data/out/b")), paths.CreateSymlink("/secret/b", "/data/new"),
	)
	check(t, files.ErrTooManyLinks, second(files.ReadFile("/data/one")), second(files.Open("/data/link", files.OpenRead|files.OpenNoFollow)))
	check(t, files.ErrAlreadyExists, paths.CreateSymlink("/x", "/data/link"), second(files.Open("/data/one", files.OpenWrite|files.OpenCreateNew)))
	check(t, files.ErrInvalidArgument, second(paths.ReadSymlink("/data/a")))
	check(t, files.ErrNotFound, second(paths.ReadSymlink("/none")), second(paths.Canonicalize("/none")), paths.CreateSymlink("/x", "/none/x"))
	for i := range 41 {
		check(t, nil, paths.CreateSymlink(fmt.Sprintf("/chain/%d", i), fmt.Sprintf("/chain/%d", i+1)))
	}
	check(t, nil, second(paths.Exists("/chain/40")))
	check(t, files.ErrTooManyLinks, second(paths.Exists("/chain/41")))
	check(t, nil, files.DeleteFile("/data/link"))
	if !host.HasFile("/data/a") {
		t.Error("the link was followed when it was deleted")
	}
}

func TestMetadataIsKept(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.PermitAll()
	host.PutFile("/a", "1234")
	check(t, nil, paths.CreateSymlink("/a", "/link"))
	created, _ := airssys.TimestampOf(host.Now())
	host.SetTime(host.Now().Add(time.Hour))
	changed, _ := airssys.TimestampOf(host.Now())
	at := airssys.Timestamp{Seconds: 1 << 40, Nanoseconds: 7}
	check(t, nil,
		files.AppendFile("/a", []byte("5")),
		paths.SetPermissions("/link", files.PermissionsOf(0o640)),
		paths.SetTimes("/a", paths.Times{Accessed: paths.At(at)}),
	)
	want := files.Metadata{
		Size: 5, Permissions: files.PermissionsOf(0o640), Links: 1, Accessed: &at, Modified: &changed, Created: &created,
	}
	if got, err := paths.GetMetadata("/link"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	for path, want := range map[string]string{"/link": "symbolic-link rwxrwxrwx", "/": "directory rwxr-xr-x", "/a": "regular rw-r-----"} {
		got, err := paths.GetLinkMetadata(path)
		if text := fmt.Sprint(got.Type, " ", got.Permissions); err != nil || text != want {
			t.Errorf("%s: got %s, %v", path, text, err)
		}
	}
	check(t, nil, files.WriteFile("/new", nil))
	if got, err := paths.GetMetadata("/new"); err != nil || got.Permissions != files.PermissionsOf(0o644) {
		t.Errorf("got %v, %v", got.Permissions, err)
	}
	check(t, files.ErrInvalidArgument, paths.SetTimes("/a", paths.Times{Modified: paths.At(airssys.Timestamp{Nanoseconds: 1e9})}))
	check(t, files.ErrNotFound, second(paths.GetMetadata("/none")), paths.SetPermissions("/none", 0), paths.SetTimes("/none", paths.Times{}))
	host.Deny("/a", airssystest.Read)
	check(t, nil, second(paths.GetMetadata("/a")))
	host.Deny("/a", airssystest.List)
	check(t, files.ErrPermissionDenied, second(paths.GetMetadata("/a")), second(paths.Exists("/a")))
}

func TestPathsAreText(t *testing.T) {
	airssystest.NewFakeHost(t)
	for path, want := range map[string]string{"/": "/", "/../a/": "/a", "//a/./b/../c": "/a/c", "/none/x": "/none/x"} {
		if got, err := paths.Normalize(path); err != nil || got != want {
			t.Errorf("%s: got %q, %v", path, got, err)
		}
	}
	for _, test := range []struct{ path, base, want string }{{"/a/b/c", "/a/./", "b/c"}, {"/a", "/", "a"}, {"/a", "/a", ""}} {
		if got, err := paths.RelativeTo(test.path, test.base); err != nil || got != test.want {
			t.Errorf("%v: got %q, %v", test, got, err)
		}
	}
	check(t, files.ErrInvalidArgument, second(paths.RelativeTo("/ab", "/a")))
	check(t, files.ErrInvalidPath, second(paths.Normalize("a")), second(paths.RelativeTo("/a", "")))
}
