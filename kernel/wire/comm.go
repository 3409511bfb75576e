package wire

import "encoding/json"

// CommInfoRequest asks for the open comms, of one target or of all.
type CommInfoRequest struct {
	TargetName string `json:"target_name"`
}

// CommInfoReply maps the id of each open comm to its target.
type CommInfoReply struct {
	Status string               `json:"status"`
	Comms  map[string]CommEntry `json:"comms"`
}

// CommEntry is part of a CommInfoReply.
type CommEntry struct {
	TargetName string `json:"target_name"`
}

// CommOpen opens a comm to a target in the kernel.
type CommOpen struct {
	CommID     string          `json:"comm_id"`
	TargetName string          `json:"target_name"`
	Data       json.RawMessage `json:"data"`
}

// CommMsg is a message of a comm and, as comm_close, its end or the refusal to
// open it.
type CommMsg struct {
	CommID string          `json:"comm_id"`
	Data   json.RawMessage `json:"data"`
}
