package zmq

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
)

// router is a ROUTER socket: it marks what comes in with its sender's
// identity, and sends to the peer that the first frame names.
type router struct {
	deliver func(frames [][]byte) bool
	strange atomic.Uint32 // peers without an identity so far

	mu    sync.Mutex
	peers map[string]*peer // by identity
}

func newRouter() *router {
	return &router{peers: make(map[string]*peer)}
}

// serve reads from a peer until it is gone.
func (r *router) serve(p *peer) {
	if p.identity == "" || p.identity[0] == 0 {
		p.identity = r.invent()
	}
	r.join(p)
	defer r.leave(p)
	identity := []byte(p.identity)
	p.read(func(frames [][]byte) bool {
		return r.deliver(append([][]byte{identity}, frames...))
	})
}

// invent makes the identity of a peer that has not chosen one. Such identities
// start with a zero byte, which peers may not choose.
func (r *router) invent() string {
	return string(binary.BigEndian.AppendUint32([]byte{0}, r.strange.Add(1)))
}

// join adds a peer. A peer that comes again under the same identity takes the
// place of its older connection, which is usually dead without knowing it.
func (r *router) join(p *peer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if older := r.peers[p.identity]; older != nil {
		older.close()
	}
	r.peers[p.identity] = p
}

func (r *router) leave(p *peer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.peers[p.identity] == p {
		delete(r.peers, p.identity)
	}
}

func (r *router) send(frames [][]byte) error {
	r.mu.Lock()
	p := r.peers[string(frames[0])]
	r.mu.Unlock()
	if p == nil {
		return ErrNoPeer
	}
	p.send(frames[1:])
	return nil
}
