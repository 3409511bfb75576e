package wire

// ShutdownRequest asks the kernel to end; Restart says that the front end will
// start another in its place.
type ShutdownRequest struct {
	Restart bool `json:"restart"`
}

// ShutdownReply confirms the end, to the asker and to everybody on iopub.
type ShutdownReply struct {
	Status  string `json:"status"`
	Restart bool   `json:"restart"`
}

// InterruptReply says that the running cell has been told to stop.
type InterruptReply struct {
	Status string `json:"status"`
}
