package wire

// Status says what the kernel is doing: "starting", "busy" or "idle".
type Status struct {
	ExecutionState string `json:"execution_state"`
}

// Welcome greets one subscriber as its subscription takes effect (JEP 65).
type Welcome struct {
	Subscription string `json:"subscription"`
}

// Stream is text that a cell wrote to "stdout" or "stderr".
type Stream struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// ExecuteInput repeats the code of a cell for every front end that looks on.
type ExecuteInput struct {
	Code           string `json:"code"`
	ExecutionCount int    `json:"execution_count"`
}

// DisplayData is the content of display_data and update_display_data.
type DisplayData struct {
	Data      map[string]any `json:"data"`
	Metadata  map[string]any `json:"metadata"`
	Transient Transient      `json:"transient"`
}

// Transient is kept out of notebooks on disk.
type Transient struct {
	DisplayID string `json:"display_id,omitempty"`
}

// ExecuteResult is the value of a cell's last expression.
type ExecuteResult struct {
	ExecutionCount int `json:"execution_count"`
	DisplayData
}

// ClearOutput removes a cell's output, at once or when more arrives.
type ClearOutput struct {
	Wait bool `json:"wait"`
}
