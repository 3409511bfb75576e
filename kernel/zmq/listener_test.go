package zmq

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// exhausted is a listener whose first accepts fail, as they do when a process
// has no file descriptors left.
type exhausted struct {
	net.Listener
	failures int
}

func (l *exhausted) Accept() (net.Conn, error) {
	if l.failures > 0 {
		l.failures--
		return nil, errors.New("too many open files")
	}
	return l.Listener.Accept()
}

func TestAcceptGoesOnAfterErrors(t *testing.T) {
	l, err := listen("tcp", "127.0.0.1:0", nil, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	l.Listener = &exhausted{l.Listener, 3}
	begin := time.Now()
	l.start(zmq4.Rep, echo)
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	p, err := handshake(conn, zmq4.Req, "", false, nil)
	if err != nil {
		t.Fatal(err)
	}
	if took, want := time.Since(begin), 35*time.Millisecond; took < want { // 5 + 10 + 20 ms
		t.Errorf("three failures took %v, want a pause of %v in all", took, want)
	}
	p.close()
	l.close(time.Now())
}
