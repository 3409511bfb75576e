package wire

import "encoding/json"

// ExecuteRequest asks to run a cell. Fields that a client leaves out get the
// protocol's defaults: history is kept, an error stops the queue; stdin is not
// allowed, since a client that does not mention it may not answer.
type ExecuteRequest struct {
	Code            string            `json:"code"`
	Silent          bool              `json:"silent"`
	StoreHistory    bool              `json:"store_history"`
	UserExpressions map[string]string `json:"user_expressions"`
	AllowStdin      bool              `json:"allow_stdin"`
	StopOnError     bool              `json:"stop_on_error"`
}

// UnmarshalJSON applies the defaults. A silent request never enters history.
func (r *ExecuteRequest) UnmarshalJSON(data []byte) error {
	type plain ExecuteRequest
	p := plain{StoreHistory: true, StopOnError: true}
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	*r = ExecuteRequest(p)
	r.StoreHistory = r.StoreHistory && !r.Silent
	return nil
}

// ExecuteMetadata is what front ends put into the metadata of an
// execute_request.
type ExecuteMetadata struct {
	CellID string `json:"cellId"`
}

// ExecuteReply ends the execution of a cell. Status is "ok", "error" (then
// Failure is set) or "aborted".
type ExecuteReply struct {
	Status          string         `json:"status"`
	ExecutionCount  int            `json:"execution_count"`
	UserExpressions map[string]any `json:"user_expressions"`
	Payload         []any          `json:"payload"`
	*Failure
}

// Page is a payload of an ExecuteReply: something to be read in a pager.
type Page struct {
	Source string         `json:"source"` // "page"
	Data   map[string]any `json:"data"`
	Start  int            `json:"start"` // the line to begin with
}

// NextInput is a payload of an ExecuteReply: code for the user to go on with.
type NextInput struct {
	Source  string `json:"source"` // "set_next_input"
	Text    string `json:"text"`
	Replace bool   `json:"replace"`
}

// Failure is what every error of the protocol carries.
type Failure struct {
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

// ErrorReply answers a request that failed.
type ErrorReply struct {
	Status string `json:"status"` // "error"
	Failure
}

// Expression is the value of one of an execute_request's user_expressions.
type Expression struct {
	Status   string         `json:"status"` // "ok"
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
}

// CompleteRequest asks what could stand at the cursor, which is counted in
// code points; nil is the end of the code.
type CompleteRequest struct {
	Code      string `json:"code"`
	CursorPos *int   `json:"cursor_pos"`
}

// CompleteReply offers replacements for the text between two cursors.
type CompleteReply struct {
	Status      string           `json:"status"`
	Matches     []string         `json:"matches"`
	CursorStart int              `json:"cursor_start"`
	CursorEnd   int              `json:"cursor_end"`
	Metadata    CompleteMetadata `json:"metadata"`
}

// CompleteMetadata tells the kind of each match, under the name that
// JupyterLab and VS Code read.
type CompleteMetadata struct {
	Types []TypedMatch `json:"_jupyter_types_experimental"`
}

// TypedMatch is one match of a CompleteReply with its kind.
type TypedMatch struct {
	Start     int    `json:"start"`
	End       int    `json:"end"`
	Text      string `json:"text"`
	Type      string `json:"type"`
	Signature string `json:"signature"`
}

// InspectRequest asks about the name at the cursor; detail level 1 asks for
// its source too.
type InspectRequest struct {
	Code        string `json:"code"`
	CursorPos   *int   `json:"cursor_pos"`
	DetailLevel int    `json:"detail_level"`
}

// InspectReply describes a name, in several formats.
type InspectReply struct {
	Status   string         `json:"status"`
	Found    bool           `json:"found"`
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
}

// IsCompleteRequest asks whether Enter should run the code.
type IsCompleteRequest struct {
	Code string `json:"code"`
}

// IsCompleteReply answers "complete", "incomplete", "invalid" or "unknown".
// Indent belongs to "incomplete" only.
type IsCompleteReply struct {
	Status string  `json:"status"`
	Indent *string `json:"indent,omitempty"`
}

// HistoryRequest asks for earlier cells: the last N ("tail"), a range of one
// session ("range"), or those that match a glob pattern ("search").
type HistoryRequest struct {
	Access  string `json:"hist_access_type"`
	Output  bool   `json:"output"`
	Raw     bool   `json:"raw"`
	Session int    `json:"session"`
	Start   int    `json:"start"`
	Stop    *int   `json:"stop"`
	N       int    `json:"n"`
	Pattern string `json:"pattern"`
	Unique  bool   `json:"unique"`
}

// HistoryReply lists cells as [session, line, input] or, where output was
// asked for, [session, line, [input, output]].
type HistoryReply struct {
	Status  string  `json:"status"`
	History [][]any `json:"history"`
}

// KernelInfoReply says what the kernel and its language are.
type KernelInfoReply struct {
	Status                string       `json:"status"`
	ProtocolVersion       string       `json:"protocol_version"`
	Implementation        string       `json:"implementation"`
	ImplementationVersion string       `json:"implementation_version"`
	LanguageInfo          LanguageInfo `json:"language_info"`
	Banner                string       `json:"banner"`
	Debugger              bool         `json:"debugger"`
	HelpLinks             any          `json:"help_links"`
	SupportedFeatures     []string     `json:"supported_features"`
}

// LanguageInfo is part of a KernelInfoReply.
type LanguageInfo struct {
	Name              string `json:"name"`
	Version           string `json:"version"`
	MIMEType          string `json:"mimetype"`
	FileExtension     string `json:"file_extension"`
	PygmentsLexer     string `json:"pygments_lexer"`
	CodeMirrorMode    string `json:"codemirror_mode"`
	NBConvertExporter string `json:"nbconvert_exporter"`
}

// ConnectReply lists the ports of the kernel.
type ConnectReply struct {
	Status        string `json:"status"`
	ShellPort     int    `json:"shell_port"`
	IOPubPort     int    `json:"iopub_port"`
	StdinPort     int    `json:"stdin_port"`
	HeartbeatPort int    `json:"hb_port"`
	ControlPort   int    `json:"control_port"`
}
