package kernel

import (
	"context"
	"strings"
)

// Language is all that the kernel asks of the language it serves. Every method
// may be called while a cell runs, from any goroutine, Execute too: a subshell
// runs its cells beside those of the main shell. A language that cannot do two
// things at once makes one of them wait.
type Language interface {
	// Info describes the language; it must not block, because a client's first
	// kernel_info_request is answered from it.
	Info() LanguageInfo

	// Execute runs one cell and returns when all of its output has been given
	// to out. A failure that the cell's author should read is an [*Error];
	// cancelling ctx interrupts the cell, which then fails with an [*Error]
	// named "Interrupted" and keeps the session's state. Goroutines that the
	// cell leaves behind may go on using out after Execute has returned.
	Execute(ctx context.Context, cell Cell, out Output) error

	// Complete and Inspect take the cursor as a count of Unicode code points
	// from the start of code, as the protocol does since 5.2.
	Complete(ctx context.Context, code string, cursor int) (Completion, error)
	Inspect(ctx context.Context, code string, cursor, detail int) (Inspection, error)

	// IsComplete says whether code is ready to run; it decides what Enter does
	// in a console.
	IsComplete(ctx context.Context, code string) (Completeness, error)

	// Close ends the session and releases what it holds.
	Close() error
}

// LanguageInfo is the language_info part of kernel_info_reply, and the words
// with which a console greets its user.
type LanguageInfo struct {
	Name, Version, MIMEType, FileExtension string
	PygmentsLexer, CodeMirrorMode          string
	Banner                                 string
	HelpLinks                              []HelpLink
}

// HelpLink is an entry of a front end's Help menu.
type HelpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// Cell is one piece of code to execute.
type Cell struct {
	Code       string
	Number     int    // execution count: the n of In[n]
	ID         string // the front end's id of the cell, where it sends one
	Silent     bool   // no result is wanted
	AllowStdin bool
	Beside     bool // other shells may run cells meanwhile, for which this one may wait
}

// Output receives what a cell shows, in order. All methods may be called from
// any goroutine, also after the cell has ended.
type Output interface {
	Stream(name StreamName, text string)
	Display(b Bundle) // display_data
	Update(b Bundle)  // update_display_data; b.ID names the display to change
	Result(b Bundle)  // execute_result: the value of the cell's last expression
	Clear(wait bool)  // clear_output

	// Payload asks something of the front end that sent the cell, for when the
	// cell has ended.
	Payload(p Payload)

	// Input asks the user for a line. It fails at once where the front end
	// does not allow it, and when ctx ends.
	Input(ctx context.Context, prompt string, password bool) (string, error)
}

// Payload is one of the payloads of execute_reply: something to read in a
// pager, or else code for the user's next input.
type Payload struct {
	Page    *Bundle `json:"page,omitempty"`
	Next    string  `json:"next,omitempty"`    // if Page is nil
	Replace bool    `json:"replace,omitempty"` // Next takes the place of the input that asks for it
}

// StreamName is "stdout" or "stderr".
type StreamName string

const (
	Stdout StreamName = "stdout"
	Stderr StreamName = "stderr"
)

// Bundle is one thing to show, in as many formats as its maker can offer. Data
// maps a MIME type to its content: a string (binary formats in base64), or any
// JSON value for a type that ends in "json". It always has text/plain.
type Bundle struct {
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata,omitempty"`
	ID       string         `json:"id,omitempty"` // display_id, for later updates
}

// Error is a failure of a cell as its author reads it: the ename, evalue and
// traceback of the protocol.
type Error struct {
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"` // lines or blocks; ANSI colours allowed
}

func (e *Error) Error() string {
	if e.Value == "" {
		return e.Name
	}
	return e.Name + ": " + e.Value
}

// Text returns the traceback as one text.
func (e *Error) Text() string { return strings.Join(e.Traceback, "\n") }

// Completion is the answer to complete_request. Start and End delimit, in code
// points, the text that a match replaces.
type Completion struct {
	Matches    []Match `json:"matches"`
	Start, End int
}

// Match is one completion. Kind is one of the protocol's experimental types:
// function, method, field, variable, constant, type, interface, struct, label,
// module, keyword.
type Match struct {
	Text      string `json:"text"`
	Kind      string `json:"kind,omitempty"`
	Signature string `json:"signature,omitempty"`
}

// Inspection is the answer to inspect_request.
type Inspection struct {
	Found bool           `json:"found"`
	Data  map[string]any `json:"data,omitempty"` // text/plain, text/markdown, text/html
}

// Completeness is the answer to is_complete_request. Status is "complete",
// "incomplete", "invalid" or "unknown"; Indent is what the next line of an
// incomplete cell should start with.
type Completeness struct {
	Status string `json:"status"`
	Indent string `json:"indent,omitempty"`
}
