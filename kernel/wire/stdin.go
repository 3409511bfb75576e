package wire

// InputRequest asks the user for a line.
type InputRequest struct {
	Prompt   string `json:"prompt"`
	Password bool   `json:"password"`
}

// InputReply is the user's answer. A single EOT (U+0004) is the end of input.
type InputReply struct {
	Value  string `json:"value"`
	Status string `json:"status,omitempty"`
}
