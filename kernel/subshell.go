package kernel

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"

	"github.com/gocrate/gocrate/kernel/wire"
)

// shells are where cells run: the main shell, and beside it the subshells that
// front ends have made (JEP 91). Each has its own queue, its own execution
// count and its own history; an interrupt and a shutdown are for all of them.
type shells struct {
	main *executor

	mu   sync.Mutex
	subs []*executor // oldest first; a deleted one stays until it has ended
}

// of returns the shell that a request is for, or nil if it names a subshell
// that there is not. Only shell messages name one.
func (s *shells) of(req *request) *executor {
	id := req.Header.SubshellID
	if req.channel != wire.Shell || id == "" {
		return s.main
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.subs {
		if e.id == id && !e.isClosed() {
			return e
		}
	}
	return nil
}

// interrupt interrupts all shells.
func (s *shells) interrupt() {
	s.main.interrupt()
	s.mu.Lock()
	subs := slices.Clone(s.subs)
	s.mu.Unlock()
	for _, e := range subs {
		e.interrupt()
	}
}

func (s *shells) add(e *executor) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subs = append(s.subs, e)
}

func (s *shells) remove(e *executor) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subs = slices.DeleteFunc(s.subs, func(x *executor) bool { return x == e })
}

// ids returns the ids of the subshells.
func (s *shells) ids() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := []string{}
	for _, e := range s.subs {
		if !e.isClosed() {
			ids = append(ids, e.id)
		}
	}
	return ids
}

// createSubshell starts a subshell. Its history begins with the cells of
// earlier sessions, as the main shell's does.
func (k *Kernel) createSubshell(ctx context.Context, _ *request) (any, error) {
	e := newExecutor(k, rand.Text(), k.opts.History.branch())
	k.shells.add(e)
	k.running.Go(func() {
		defer k.shells.remove(e)
		e.run(ctx)
	})
	return wire.CreateSubshellReply{Status: "ok", SubshellID: e.id}, nil
}

// deleteSubshell takes no more requests for a subshell. Those that it has got
// are still answered, for which control does not wait.
func (k *Kernel) deleteSubshell(_ context.Context, req *request) (any, error) {
	var order wire.DeleteSubshellRequest
	if err := req.read(&order); err != nil {
		return nil, err
	}
	k.shells.mu.Lock()
	defer k.shells.mu.Unlock()
	for _, e := range k.shells.subs {
		if e.id == order.SubshellID && e.close() {
			return wire.DeleteSubshellReply{Status: "ok"}, nil
		}
	}
	return nil, noSubshell(order.SubshellID)
}

func (k *Kernel) listSubshells(context.Context, *request) (any, error) {
	return wire.ListSubshellReply{Status: "ok", SubshellIDs: k.shells.ids()}, nil
}

func noSubshell(id string) error {
	return &Error{Name: "UnknownSubshell", Value: fmt.Sprintf("there is no subshell %q; list_subshell_request tells which there are", id)}
}
