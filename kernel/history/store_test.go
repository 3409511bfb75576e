package history_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/history"
)

// open begins a session whose log, if it has one, fails the test.
func open(t *testing.T, path string) *history.Store {
	t.Helper()
	return history.Open(path, slog.New(slog.NewTextHandler(failing{t}, nil)))
}

type failing struct{ t *testing.T }

func (f failing) Write(p []byte) (int, error) {
	f.t.Errorf("logged: %s", p)
	return len(p), nil
}

func cell(line int, input string) kernel.HistoryEntry {
	return kernel.HistoryEntry{Line: line, Input: input, Output: "out"}
}

func TestSessions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "history.db")
	for session := 1; session <= 3; session++ {
		s := open(t, path)
		if got := s.Session(); got != session {
			t.Fatalf("session %d, want %d", got, session)
		}
		var want []kernel.HistoryEntry
		for i := 1; i < session; i++ {
			for line := 1; line <= 2; line++ {
				want = append(want, kernel.HistoryEntry{Session: i, Line: line, Input: fmt.Sprint("ε := ", line), Output: "out"})
			}
		}
		s.Add(cell(1, "ε := 1"))
		s.Add(cell(2, "ε := 2"))
		s.Add(cell(3, strings.Repeat("x", 1<<20)))
		if diff := cmp.Diff(want, s.Past()); diff != "" {
			t.Errorf("session %d (-want +got):\n%s", session, diff)
		}
		s.Close()
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v: what a user typed is not for others", info.Mode(), err)
	}
}

// Kernels that run at the same time share a file.
func TestTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	const kernels, lines = 4, 5
	var all sync.WaitGroup
	for range kernels {
		all.Go(func() {
			s := open(t, path)
			for line := range lines {
				s.Add(cell(line, "x"))
			}
			s.Close()
		})
	}
	all.Wait()
	last := open(t, path)
	defer last.Close()
	seen := map[int]int{}
	for _, e := range last.Past() {
		seen[e.Session]++
	}
	if want := map[int]int{1: lines, 2: lines, 3: lines, 4: lines}; !cmp.Equal(want, seen) {
		t.Errorf("cells of each session: %v, want %v", seen, want)
	}
}

// A history that cannot be kept costs nothing but itself.
func TestUnusable(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken.db")
	if err := os.WriteFile(broken, bytes.Repeat([]byte("not a database"), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{broken, filepath.Join(broken, "below a file"), dir} {
		var log bytes.Buffer
		s := history.Open(path, slog.New(slog.NewTextHandler(&log, nil)))
		s.Add(cell(1, "x"))
		if s.Session() != 1 || s.Past() != nil {
			t.Errorf("%s: session %d with a past", path, s.Session())
		}
		s.Close()
		if strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), "not kept") {
			t.Errorf("%s: logged %s", path, log.String())
		}
	}
}

func TestPath(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	path, err := history.Path()
	if want := filepath.Join(os.Getenv("XDG_STATE_HOME"), "gocrate", "history.db"); path != want || err != nil {
		t.Errorf("got %s, %v, want %s", path, err, want)
	}
}
