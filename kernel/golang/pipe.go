package golang

import (
	"bytes"
	"crypto/rand"
	"os"
	"time"

	"github.com/gocrate/gocrate/kernel"
)

// outPipe is what os.Stdout or os.Stderr is to a cell whose output the process's
// own would give to another: a file that leads to its Output.
type outPipe struct {
	in, from *os.File
	mark     []byte        // is written to see when all before it has been read
	marked   chan struct{} // receives when the mark has been read
	emit     func(text string)
}

// pipe returns the cell's pipe for a stream, or nil if the system has none.
func (r *run) pipe(name kernel.StreamName) *outPipe {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.pipes[name]; p != nil {
		return p
	}
	from, in, err := os.Pipe()
	if err != nil {
		return nil
	}
	p := &outPipe{
		in: in, from: from, mark: []byte("\x1b]" + rand.Text() + "\a"), marked: make(chan struct{}, 1),
		emit: func(text string) { r.out.Stream(name, text) },
	}
	if r.pipes == nil {
		r.pipes = map[kernel.StreamName]*outPipe{}
	}
	r.pipes[name] = p
	go p.forward()
	return p
}

// forward reads until the other end is closed, with the run that held it.
func (p *outPipe) forward() {
	defer p.from.Close()
	buf := make([]byte, 32<<10)
	var text []byte
	for {
		n, err := p.from.Read(buf)
		text = p.take(append(text, buf[:n]...))
		if err != nil {
			p.send(text)
			return
		}
	}
}

// take passes on text without marks, and returns the end of it that may be the
// beginning of one.
func (p *outPipe) take(text []byte) (rest []byte) {
	for {
		before, behind, found := bytes.Cut(text, p.mark)
		if !found {
			break
		}
		p.send(before)
		select {
		case p.marked <- struct{}{}:
		default:
		}
		text = behind
	}
	keep := min(len(p.mark)-1, len(text))
	for !bytes.HasPrefix(p.mark, text[len(text)-keep:]) {
		keep--
	}
	p.send(text[:len(text)-keep])
	return text[len(text)-keep:]
}

func (p *outPipe) send(text []byte) {
	if len(text) > 0 {
		p.emit(string(text))
	}
}

// output returns the cell's output, when all that was written to its pipes has
// arrived there.
func (r *run) output() kernel.Output {
	r.drain()
	return r.out
}

// drainTime bounds how long a cell waits for its pipes, whose other end the user
// may have closed.
const drainTime = time.Second

// drain waits until all that the cell has written to its pipes has been shown.
func (r *run) drain() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.pipes {
		if _, err := p.in.Write(p.mark); err != nil {
			continue
		}
		select {
		case <-p.marked:
		case <-time.After(drainTime):
		}
	}
}
