package worker

import (
	"time"

	"github.com/gocrate/gocrate/kernel"
)

// drainGrace is how long output may still come when the child is dead. Its pipes
// end with it, unless a process that it started and let go holds them open.
const drainGrace = time.Second

// bury waits for a child that sends no more events, reports its death, and sees
// to a successor.
func (p *process) bury() {
	timer := time.AfterFunc(exitGrace, func() { p.kill("it had closed its pipe to the kernel") })
	p.cmd.Wait()
	timer.Stop()
	kill(p.cmd.Process) // what it started
	p.requests.Close()
	p.events.Close()
	p.drain()

	p.mu.Lock()
	p.dead = true
	e := ending{state: p.cmd.ProcessState, reason: p.reason, failure: p.failure, stopped: p.stopped}
	between := p.executing == 0
	for _, cancel := range p.questions {
		cancel()
	}
	p.mu.Unlock()

	e.stderr, e.dump = p.readers[stderr].lastWords()
	if e.dump != "" && e.unexpected() {
		p.log.Printf("the session's process died:\n%s", e.dump)
	} else if e.dump != "" {
		p.outputs.stream(kernel.Stderr, e.dump)
		e.dump = ""
	}
	p.death = e.report(p.replace(p))
	if between && e.unexpected() {
		p.outputs.stream(kernel.Stderr, p.death.Text()+"\n")
	}
	close(p.done)
}

// drain waits for the readers of output, and stops them if they have nothing to
// wait for.
func (p *process) drain() {
	drained := make(chan struct{})
	go func() {
		p.reading.Wait()
		close(drained)
	}()
	select {
	case <-drained:
	case <-time.After(drainGrace):
		for _, r := range p.readers {
			r.stop()
		}
		<-drained
	}
	for _, r := range p.readers {
		r.f.Close()
	}
}
