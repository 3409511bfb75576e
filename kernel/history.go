package kernel

import (
	"context"
	"math"
	"regexp"
	"strings"
	"sync"

	"github.com/gocrate/gocrate/kernel/wire"
)

// HistoryEntry is a cell that has been run.
type HistoryEntry struct {
	Session int    `json:"session"` // counted from 1
	Line    int    `json:"line"`    // execution count
	Input   string `json:"input"`
	Output  any    `json:"output,omitempty"` // text/plain of the result; nil if there was none
}

// HistoryStore keeps cells between sessions.
type HistoryStore interface {
	// Session is the number of the session that has just begun. It may wait.
	Session() int
	// Past returns the cells of earlier sessions, oldest first.
	Past() []HistoryEntry
	// Add keeps a cell of this session. It does not wait.
	Add(HistoryEntry)
}

// History holds the cells of this session and, with a store, those of earlier
// ones.
type History struct {
	store HistoryStore      // nil for none
	begun func() beginnings // asks the store, once, when somebody wants to know

	mu      sync.Mutex
	entries []HistoryEntry // of this session, oldest first
}

// beginnings are what a store knows when a session begins.
type beginnings struct {
	session int
	past    []HistoryEntry
}

// NewHistory begins a session; with a nil store it is the first and is
// forgotten.
func NewHistory(store HistoryStore) *History {
	h := &History{store: store}
	h.begun = sync.OnceValue(func() beginnings {
		if store == nil {
			return beginnings{session: 1}
		}
		return beginnings{store.Session(), store.Past()}
	})
	return h
}

// branch returns the history of a subshell: what was run before this session,
// and then its own cells. The store gets them all.
func (h *History) branch() *History { return &History{store: h.store, begun: h.begun} }

// Add appends a cell of this session.
func (h *History) Add(line int, input string, output any) {
	entry := HistoryEntry{Line: line, Input: input, Output: output}
	h.mu.Lock()
	h.entries = append(h.entries, entry)
	h.mu.Unlock()
	if h.store != nil {
		h.store.Add(entry)
	}
}

// Tail returns the last n cells of all sessions, oldest first.
func (h *History) Tail(n int) []HistoryEntry {
	return last(h.filter(func(HistoryEntry) bool { return true }), n)
}

// Range returns the cells of a session whose line is at least start and less
// than stop. Session 0 is this one, and -n the n-th before it.
func (h *History) Range(session, start, stop int) []HistoryEntry {
	if session <= 0 {
		session += h.begun().session
	}
	return h.filter(func(e HistoryEntry) bool {
		return e.Session == session && start <= e.Line && e.Line < stop
	})
}

// Search returns the cells whose whole input matches a glob pattern, in which
// * stands for any text and ? for any character. Of several that are equal
// unique keeps the latest. If n is positive only the last n are returned.
func (h *History) Search(pattern string, n int, unique bool) []HistoryEntry {
	glob := compileGlob(pattern)
	found := h.filter(func(e HistoryEntry) bool { return glob.MatchString(e.Input) })
	if unique {
		found = latest(found)
	}
	if n > 0 {
		found = last(found, n)
	}
	return found
}

// filter returns the cells of all sessions that are to be kept, oldest first.
func (h *History) filter(keep func(HistoryEntry) bool) []HistoryEntry {
	begun := h.begun()
	h.mu.Lock()
	defer h.mu.Unlock()
	var kept []HistoryEntry
	for _, entry := range begun.past {
		if keep(entry) {
			kept = append(kept, entry)
		}
	}
	for _, entry := range h.entries {
		entry.Session = begun.session
		if keep(entry) {
			kept = append(kept, entry)
		}
	}
	return kept
}

func last(entries []HistoryEntry, n int) []HistoryEntry {
	return entries[max(0, len(entries)-max(n, 0)):]
}

// latest drops all but the last of entries with the same input.
func latest(entries []HistoryEntry) []HistoryEntry {
	at := make(map[string]int)
	for i, entry := range entries {
		at[entry.Input] = i
	}
	var kept []HistoryEntry
	for i, entry := range entries {
		if at[entry.Input] == i {
			kept = append(kept, entry)
		}
	}
	return kept
}

func compileGlob(pattern string) *regexp.Regexp {
	quoted := regexp.QuoteMeta(strings.ToValidUTF8(pattern, "\uFFFD"))
	quoted = strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(quoted)
	return regexp.MustCompile(`(?s)^` + quoted + `$`)
}

func (k *Kernel) history(_ context.Context, req *request) (any, error) {
	var question wire.HistoryRequest
	if err := req.read(&question); err != nil {
		return nil, err
	}
	shell := k.shells.of(req)
	if shell == nil { // deleted since the request was dispatched
		return nil, noSubshell(req.Header.SubshellID)
	}
	entries, err := shell.history.answer(question)
	if err != nil {
		return nil, err
	}
	rows := make([][]any, len(entries))
	for i, e := range entries {
		rows[i] = []any{e.Session, e.Line, e.Input}
		if question.Output {
			rows[i][2] = []any{e.Input, e.Output}
		}
	}
	return wire.HistoryReply{Status: "ok", History: rows}, nil
}

func (h *History) answer(q wire.HistoryRequest) ([]HistoryEntry, error) {
	switch q.Access {
	case "tail":
		return h.Tail(q.N), nil
	case "range":
		stop := math.MaxInt
		if q.Stop != nil {
			stop = *q.Stop
		}
		return h.Range(q.Session, q.Start, stop), nil
	case "search":
		return h.Search(q.Pattern, q.N, q.Unique), nil
	}
	return nil, &Error{Name: "BadRequest", Value: "hist_access_type is \"" + q.Access + "\", want tail, range or search"}
}
