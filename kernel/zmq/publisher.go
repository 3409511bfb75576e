package zmq

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
)

// maxTopics is how many subscriptions one peer may hold.
const maxTopics = 1000

// publisher is an XPUB socket: it sends every message to the peers that have
// subscribed to a prefix of its topic, and greets each new subscription.
type publisher struct {
	welcome func(topic string) [][][]byte

	mu     sync.Mutex
	topics map[*peer]map[string]bool
}

func newPublisher() *publisher {
	return &publisher{topics: make(map[*peer]map[string]bool)}
}

// serve follows a peer's subscriptions until it is gone. They come as messages
// of one frame in ZMTP 3.0, and as commands in 3.1.
func (b *publisher) serve(p *peer) {
	p.subscription = func(name string, body []byte) {
		switch name {
		case zmq4.CmdSubscribe:
			b.subscribe(p, string(body))
		case zmq4.CmdCancel:
			b.cancel(p, string(body))
		}
	}
	defer b.leave(p)
	p.read(func(frames [][]byte) bool {
		if len(frames) == 1 && len(frames[0]) > 0 {
			b.follow(p, frames[0][0], string(frames[0][1:]))
		}
		return false
	})
}

func (b *publisher) follow(p *peer, verb byte, topic string) {
	switch verb {
	case 1:
		b.subscribe(p, topic)
	case 0:
		b.cancel(p, topic)
	}
}

// subscribe greets p before anything else can reach it on the new topic.
func (b *publisher) subscribe(p *peer, topic string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.topics[p] == nil {
		b.topics[p] = make(map[string]bool)
	}
	if b.topics[p][topic] || len(b.topics[p]) >= maxTopics {
		return
	}
	for _, frames := range b.welcome(topic) {
		p.send(frames)
	}
	b.topics[p][topic] = true
}

func (b *publisher) cancel(p *peer, topic string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.topics[p], topic)
}

func (b *publisher) leave(p *peer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.topics, p)
}

func (b *publisher) publish(frames [][]byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for p, topics := range b.topics {
		if wants(topics, string(frames[0])) {
			p.send(frames)
		}
	}
}

// settle waits until what was published has been written to those who read it,
// but not beyond the deadline.
func (b *publisher) settle(deadline time.Time) {
	b.mu.Lock()
	peers := slices.Collect(maps.Keys(b.topics))
	b.mu.Unlock()
	for _, p := range peers {
		p.queue.settle(deadline)
	}
}

func wants(topics map[string]bool, topic string) bool {
	for prefix := range topics {
		if strings.HasPrefix(topic, prefix) {
			return true
		}
	}
	return false
}
