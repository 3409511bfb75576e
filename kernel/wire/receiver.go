package wire

// Receiver takes what a transport brings. A transport calls its methods from
// many goroutines.
type Receiver interface {
	// Deliver takes one message of the shell, control or stdin channel, its
	// sender's identity first, and says whether it was authentic.
	Deliver(ch Channel, frames [][]byte) bool
	// Welcome returns the messages that a subscriber to topic gets before the
	// subscription takes effect. It must not publish.
	Welcome(topic string) [][][]byte
}
