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

// UsageReply says what the kernel and its machine use. KernelCPU is in per cent
// of one processor, HostCPU of all; memory is in bytes.
type UsageReply struct {
	Status       string      `json:"status"`
	Hostname     string      `json:"hostname"`
	PID          int         `json:"pid"`
	KernelCPU    float64     `json:"kernel_cpu"`
	KernelMemory uint64      `json:"kernel_memory"`
	CPUCount     int         `json:"cpu_count"`
	HostCPU      float64     `json:"host_cpu_percent,omitempty"` // 0 is "not known yet"
	HostMemory   *HostMemory `json:"host_virtual_memory,omitempty"`
}

// HostMemory is the memory of the kernel's machine.
type HostMemory struct {
	Total     uint64  `json:"total"`
	Available uint64  `json:"available"`
	Percent   float64 `json:"percent"`
	Used      uint64  `json:"used"`
	Free      uint64  `json:"free"`
}

// InterruptReply says that the running cell has been told to stop.
type InterruptReply struct {
	Status string `json:"status"`
}

// CreateSubshellReply names the subshell that a create_subshell_request has
// made (JEP 91).
type CreateSubshellReply struct {
	Status     string `json:"status"`
	SubshellID string `json:"subshell_id"`
}

// DeleteSubshellRequest ends a subshell.
type DeleteSubshellRequest struct {
	SubshellID string `json:"subshell_id"`
}

// DeleteSubshellReply says that a subshell takes no more requests.
type DeleteSubshellReply struct {
	Status string `json:"status"`
}

// ListSubshellReply lists the subshells; the main shell is not one.
type ListSubshellReply struct {
	Status      string   `json:"status"`
	SubshellIDs []string `json:"subshell_id"`
}
