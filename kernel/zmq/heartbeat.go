package zmq

// echo serves the heartbeat socket: whatever comes in goes back as it came,
// envelope included, whether or not it is a well-formed request.
func echo(p *peer) {
	p.read(func(frames [][]byte) bool {
		p.send(frames)
		return false
	})
}
