package airssystest_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/airssys/airssys-wasm/sdk-go"
	"github.com/airssys/airssys-wasm/sdk-go/airssystest"
	"github.com/airssys/airssys-wasm/sdk-go/directories"
	"github.com/airssys/airssys-wasm/sdk-go/files"
	"github.com/airssys/airssys-wasm/sdk-go/paths"
	"github.com/airssys/airssys-wasm/sdk-go/processes"
)

// hostRow is a row of the table that says what hosts answer.
type hostRow struct {
	Call, Path, Source, Destination, Target, Link, Base string
	OnExisting                                          string `json:"on-existing"`
	Flags                                               []string
	Pattern                                             *string
	Repeated                                            string
	Times                                               *int
	Action, At, From                                    string
	Name                                                string
	Argument, Program, Value                            *string
	Arguments, Variables, Commands                      *int
	Stdout, Stderr                                      string
	Answer                                              string
	Offset, Size                                        uint64
	Answers                                             []string
}

type hostTable struct {
	Files, Directories, Endings                           []string
	Links                                                 []struct{ Path, Target string }
	Paths, Forms, Permitted, Handles, Variables, Commands []hostRow
}

// readHostTable reads the table, which host/runtime holds to real directories and programs.
func readHostTable(t *testing.T) hostTable {
	t.Helper()
	var table hostTable
	airssystest.ReadTable(t, "host-vectors.json", &table)
	if len(table.Paths) < 100 || len(table.Forms) < 100 || len(table.Variables) < 20 {
		t.Fatalf("%d rows", len(table.Paths))
	}
	return table
}

// hostOf makes a host with the files of the table. The content of each is its path.
func (table hostTable) hostOf(t *testing.T) *airssystest.FakeHost {
	host := airssystest.NewFakeHost(t)
	for _, path := range table.Files {
		host.PutFile(path, path)
	}
	for _, path := range table.Directories {
		host.MakeDirectory(path)
	}
	return host
}

// openHostOf makes one that permits everything and has the links, too.
func (table hostTable) openHostOf(t *testing.T) *airssystest.FakeHost {
	host := table.hostOf(t)
	host.PermitAll()
	for _, link := range table.Links {
		check(t, nil, paths.CreateSymlink(link.Target, link.Path))
	}
	return host
}

// text is a text that some rows repeat.
func (row hostRow) text(once string) string {
	if row.Times == nil {
		return once
	}
	return strings.Repeat(once, *row.Times)
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

var openFlags = map[string]files.OpenFlags{
	"read": files.OpenRead, "write": files.OpenWrite, "append": files.OpenAppend, "create": files.OpenCreate,
	"create-new": files.OpenCreateNew, "truncate": files.OpenTruncate, "no-follow": files.OpenNoFollow,
}

var onExisting = map[string]files.OnExisting{"fail": files.FailIfExists, "replace": files.ReplaceExisting}

func (row hostRow) flags() (flags files.OpenFlags) {
	for _, name := range row.Flags {
		flags |= openFlags[name]
	}
	return flags
}

// call does with a path what the row says, and gives what it says of what it found.
func (row hostRow) call(path string) (found string, err error) {
	source, destination := or(row.Source, path), or(row.Destination, path)
	switch row.Call {
	case "open":
		file, err := files.Open(path, row.flags())
		if err != nil {
			return "", err
		}
		return "", file.Close()
	case "read-file":
		return "", second(files.ReadFile(path))
	case "write-file":
		return "", files.WriteFile(path, []byte("lost"))
	case "append-file":
		return "", files.AppendFile(path, []byte("lost"))
	case "delete-file":
		return "", files.DeleteFile(path)
	case "copy-file":
		return "", second(files.CopyFile(source, destination, onExisting[row.OnExisting]))
	case "rename":
		return "", files.Rename(source, destination, onExisting[row.OnExisting])
	case "open-directory":
		cursor, err := directories.OpenDirectory(path)
		if err != nil {
			return "", err
		}
		return "", cursor.Close()
	case "list-directory":
		return "", second(directories.ListDirectory(path))
	case "create-directory":
		return "", directories.CreateDirectory(path)
	case "create-directory-all":
		return "", directories.CreateDirectoryAll(path)
	case "remove-directory":
		return "", directories.RemoveDirectory(path)
	case "remove-directory-all":
		return "", directories.RemoveDirectoryAll(path)
	case "find":
		if row.Pattern == nil {
			return "", second(directories.Find(path, directories.FindOptions{Pattern: "**"}))
		}
		all, err := directories.Find(path, directories.FindOptions{Pattern: *row.Pattern})
		return strings.Join(all, " "), err
	case "measure":
		return "", second(directories.Measure(path))
	case "get-metadata":
		metadata, err := paths.GetMetadata(path)
		return typeNames[metadata.Type], err
	case "get-link-metadata":
		metadata, err := paths.GetLinkMetadata(path)
		return typeNames[metadata.Type], err
	case "exists":
		exists, err := paths.Exists(path)
		return fmt.Sprint(exists), err
	case "set-permissions":
		return "", paths.SetPermissions(path, files.PermissionsOf(0o755))
	case "set-times":
		return "", paths.SetTimes(path, paths.Times{Accessed: paths.Now(), Modified: paths.Now()})
	case "create-symlink":
		return "", paths.CreateSymlink(or(row.Target, path), or(row.Link, path))
	case "read-symlink":
		return paths.ReadSymlink(path)
	case "canonicalize":
		return paths.Canonicalize(path)
	case "normalize":
		return paths.Normalize(path)
	case "relative-to":
		return paths.RelativeTo(path, row.Base)
	default:
		return "", errors.New(row.Call + " is no operation")
	}
}

var typeNames = map[files.FileType]string{
	files.TypeRegular: "regular", files.TypeDirectory: "directory", files.TypeSymbolicLink: "symbolic-link",
}

// answer is how an operation went, as the table has it: a path that is wrong in an error is the one that was given.
func answer(found string, err error, path string) string {
	ok, text := "ok", ""
	var file *files.Error
	var process *processes.Error
	switch {
	case err == nil && found != "":
		return "ok: " + found
	case err == nil:
		return ok
	case errors.As(err, &file):
		ok, text = file.Code.Error(), file.Path+file.Message
		if file.Denial != nil {
			text = file.Denial.Resource
		}
	case errors.As(err, &process):
		ok, text = process.Code.Error(), process.Message
	default:
		return err.Error()
	}
	ok = strings.ReplaceAll(ok, " ", "-")
	if text == path || text == "" {
		return ok
	}
	return ok + ": " + text
}

// everything is what there is.
func everything(t *testing.T, table hostTable, host *airssystest.FakeHost) string {
	all, err := directories.Find("/", directories.FindOptions{Pattern: "**"})
	check(t, nil, err)
	for _, path := range table.Files {
		if host.HasFile(path) {
			all = append(all, host.GetFile(path))
		}
	}
	return strings.Join(all, " ")
}

func TestEachEndOfAPathMeansWhatTheTableSays(t *testing.T) {
	table := readHostTable(t)
	for i, ending := range table.Endings {
		for _, row := range table.Paths {
			path := row.Path + strings.ReplaceAll(ending, "{name}", row.Path[strings.LastIndexByte(row.Path, '/')+1:])
			t.Run(row.Call, func(t *testing.T) {
				host := table.openHostOf(t)
				before := everything(t, table, host)
				found, err := row.call(path)
				if got := answer(found, err, path); got != row.Answers[i] {
					t.Errorf("%+v of %s: got %s, want %s", row, path, got, row.Answers[i])
				}
				if after := everything(t, table, host); err != nil && after != before {
					t.Errorf("%+v of %s left %s", row, path, after)
				}
			})
		}
	}
}

func TestEachFormOfAPathIsTakenAsTheTableSays(t *testing.T) {
	table := readHostTable(t)
	for _, row := range table.Forms {
		t.Run(row.Call, func(t *testing.T) {
			table.openHostOf(t)
			path := row.Path
			if row.Repeated != "" {
				path += row.text(row.Repeated)
			}
			found, err := row.call(path)
			got := answer(found, err, path)
			if !row.isAnswer(got, err) {
				t.Errorf("%+v: got %s", row, got)
			}
		})
	}
}

// isAnswer says whether the row wants this. An error without a text may say what it likes.
func (row hostRow) isAnswer(got string, err error) bool {
	return got == row.Answer || err != nil && strings.HasPrefix(got, row.Answer+": ")
}

// use does with an open file what the row says, and gives how many bytes or which position it was.
func (row hostRow) use(file *files.File) (string, error) {
	count := func(count any, err error) (string, error) { return fmt.Sprint(count), err }
	switch row.Call {
	case "read":
		data, err := file.ReadChunk(math.MaxUint32)
		return count(len(data), err)
	case "read-at":
		data, err := file.ReadChunkAt(row.Offset, math.MaxUint32)
		return count(len(data), err)
	case "write":
		return count(file.WriteChunk(make([]byte, row.Size)))
	case "write-at":
		return count(file.WriteChunkAt(row.Offset, make([]byte, row.Size)))
	case "set-size":
		return "", file.SetSize(row.Offset)
	case "seek":
		from := map[string]func(uint64) files.SeekFrom{
			"start": files.Start, "forward": files.Forward, "backward": files.Backward, "before-end": files.BeforeEnd,
		}
		return count(file.SeekTo(from[row.From](row.Offset)))
	case "lock":
		return "", file.Lock(files.LockExclusive)
	case "unlock":
		return "", file.Unlock()
	case "sync":
		return "", file.Sync(files.SyncAll)
	default:
		return "", errors.New(row.Call + " is no operation")
	}
}

func TestEachOpenFileDoesWhatTheTableSays(t *testing.T) {
	table := readHostTable(t)
	for _, row := range table.Handles {
		t.Run(row.Call, func(t *testing.T) {
			table.openHostOf(t)
			file, err := files.Open("/data/file", row.flags())
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			found, err := row.use(file)
			if got := answer(found, err, ""); !row.isAnswer(got, err) {
				t.Errorf("%+v: got %s", row, got)
			}
		})
	}
}

func TestWhatAPermissionDoesNotCoverIsNotTold(t *testing.T) {
	table := readHostTable(t)
	for _, row := range table.Permitted {
		t.Run(row.Call, func(t *testing.T) {
			host := table.hostOf(t)
			host.Permit(fmt.Sprintf("filesystem = [{ action = %q, path = %q }]", row.Action, row.At))
			found, err := row.call(row.Path)
			if got := answer(found, err, row.Path); got != row.Answer {
				t.Errorf("%+v: got %s", row, got)
			}
		})
	}
}

// ran is how a command went, alone and so many times in a pipeline.
func ran(command *processes.Cmd, count int) []string {
	_, err := processes.RunPipeline(nil, slices.Repeat([]*processes.Cmd{command}, count)...)
	answers := []string{answer("", err, "")}
	if count == 1 {
		_, err := command.Run(nil)
		answers = append(answers, answer("", err, ""))
	}
	return answers
}

func hostOfTrue(t *testing.T) {
	host := airssystest.NewFakeHost(t)
	host.PermitAll()
	host.AddProgram("/usr/bin/true", func(airssystest.Run) processes.Output { return processes.Output{} })
}

func TestNoVariableMakesAProgramLoadOtherCode(t *testing.T) {
	hostOfTrue(t)
	for _, row := range readHostTable(t).Variables {
		set, inherit := processes.Command("/usr/bin/true"), processes.Command("/usr/bin/true")
		set.Environment.Set = airssys.Environment{{Name: "A", Value: "b"}, {Name: row.Name, Value: "./own.so"}}
		inherit.Environment.Inherit = []string{"OWN", row.Name}
		for _, got := range append(ran(set, 1), ran(inherit, 1)...) {
			if got != row.Answer {
				t.Errorf("%+v: got %s", row, got)
			}
		}
	}
}

func TestACommandIsAsLargeAsTheTableAllows(t *testing.T) {
	hostOfTrue(t)
	streams := map[string]processes.Stdio{
		"": processes.Piped(), "to-stdout": processes.ToStdout(), "read-file": processes.ReadFile("/data/file"),
	}
	for _, row := range readHostTable(t).Commands {
		command, count := processes.Command("/usr/bin/true"), 1
		command.Stderr = streams[row.Stderr]
		switch {
		case row.Argument != nil:
			command.Arguments = []string{row.text(*row.Argument)}
		case row.Program != nil:
			command.Program = row.text(*row.Program)
		case row.Value != nil:
			command.Environment.Set = airssys.Environment{{Name: "V", Value: row.text(*row.Value)}}
		case row.Arguments != nil:
			command.Arguments = make([]string, *row.Arguments)
		case row.Variables != nil:
			for number := range *row.Variables {
				variable := airssys.Variable{Name: fmt.Sprintf("V%d", number)}
				command.Environment.Set = append(command.Environment.Set, variable)
			}
		case row.Commands != nil:
			count = *row.Commands
		}
		answers := ran(command, count)
		if row.Stdout != "" {
			// A pipeline has no use for it.
			command.Stdout = streams[row.Stdout]
			_, err := command.Run(nil)
			answers = []string{answer("", err, "")}
		}
		for _, got := range answers {
			if got != row.Answer {
				t.Errorf("%.200s: got %.200s", fmt.Sprintf("%+v", row), got)
			}
		}
	}
}
