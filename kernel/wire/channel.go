package wire

// A Channel is one of the five sockets between a front end and its kernel.
type Channel int

const (
	Shell     Channel = iota // requests that run in turn: execute, complete, inspect
	Control                  // requests that must not wait for a cell: interrupt, shutdown
	Stdin                    // questions of the kernel to its user
	IOPub                    // what everybody sees: output, status
	Heartbeat                // an echo that shows the process is alive
)

// Channels lists all five, in the order of their constants.
var Channels = []Channel{Shell, Control, Stdin, IOPub, Heartbeat}

func (c Channel) String() string {
	switch c {
	case Shell:
		return "shell"
	case Control:
		return "control"
	case Stdin:
		return "stdin"
	case IOPub:
		return "iopub"
	case Heartbeat:
		return "heartbeat"
	}
	return "unknown channel"
}
