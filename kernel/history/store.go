// Package history keeps the cells of a user's sessions on disk, for the
// history_request of later ones. Several kernels may use one file at a time.
package history

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"

	"github.com/gocrate/gocrate/kernel"
)

const (
	maxKept  = 20_000   // cells; the oldest go first
	maxInput = 64 << 10 // bytes of one cell; longer ones are not kept
	maxAhead = 1000     // cells that wait to be written; more are not kept

	// lockWait is how long a store waits for another kernel that is just
	// reading or writing the file, which takes it milliseconds.
	lockWait = 2 * time.Second

	// gatherTime is how long a cell waits for others, to be written with them:
	// each opening of the file costs a look at all of it.
	gatherTime = 100 * time.Millisecond

	closeGrace = time.Second
)

// The buckets of the file. cells holds a JSON entry for each cell, under a
// number that grows: its sequence numbers the cells, that of sessions the
// sessions.
var (
	cells    = []byte("cells")
	sessions = []byte("sessions")
)

// Store is a [kernel.HistoryStore] in a file. The file is open only while it is
// used, because bbolt lets one process at a time have it open. A file that
// cannot be used is logged once; cells are then not kept.
type Store struct {
	path string
	log  *slog.Logger

	opened  chan struct{} // closed when session and err are set
	session int
	err     error

	added  chan kernel.HistoryEntry
	ending chan struct{} // closed by Close
	ended  chan struct{} // closed when everything is written
}

// Open begins a session in the file at path, which is made if it is not there.
// It does not wait for the disk.
func Open(path string, log *slog.Logger) *Store {
	s := &Store{
		path: path, log: log, session: 1,
		opened: make(chan struct{}),
		added:  make(chan kernel.HistoryEntry, maxAhead),
		ending: make(chan struct{}),
		ended:  make(chan struct{}),
	}
	go s.run()
	return s
}

// Session returns the number of this session, counted from 1.
func (s *Store) Session() int {
	<-s.opened
	return s.session
}

// Past returns the cells of earlier sessions, oldest first. Entries that cannot
// be read are left out.
func (s *Store) Past() []kernel.HistoryEntry {
	if <-s.opened; s.err != nil {
		return nil
	}
	var past []kernel.HistoryEntry
	err := s.transact(func(tx *bbolt.Tx) error {
		return tx.Bucket(cells).ForEach(func(_, text []byte) error {
			var e kernel.HistoryEntry
			if json.Unmarshal(text, &e) == nil && e.Session < s.session {
				past = append(past, e)
			}
			return nil
		})
	})
	if err != nil {
		s.log.Warn("cannot read the history of earlier sessions", "file", s.path, "error", err)
	}
	return past
}

// Add keeps a cell of this session, soon.
func (s *Store) Add(e kernel.HistoryEntry) {
	if len(e.Input) > maxInput {
		return
	}
	select {
	case s.added <- e:
	default:
	}
}

// Close writes what is not written yet, within a second.
func (s *Store) Close() {
	close(s.ending)
	select {
	case <-s.ended:
	case <-time.After(closeGrace):
	}
}

// run opens the session, and then writes cells as they come.
func (s *Store) run() {
	defer close(s.ended)
	s.err = s.open()
	close(s.opened)
	if s.err != nil {
		s.log.Warn("cells are not kept for later sessions", "file", s.path, "error", s.err)
		return
	}
	for {
		select {
		case e := <-s.added:
			select {
			case <-time.After(gatherTime):
			case <-s.ending:
			}
			s.write(append([]kernel.HistoryEntry{e}, s.waiting()...))
		case <-s.ending:
			s.write(s.waiting())
			return
		}
	}
}

func (s *Store) open() error {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return err
	}
	return s.transact(func(tx *bbolt.Tx) error {
		if _, err := tx.CreateBucketIfNotExists(cells); err != nil {
			return err
		}
		b, err := tx.CreateBucketIfNotExists(sessions)
		if err != nil {
			return err
		}
		n, err := b.NextSequence()
		s.session = int(n)
		return err
	})
}

// waiting takes the cells that have been added and not been written.
func (s *Store) waiting() []kernel.HistoryEntry {
	var all []kernel.HistoryEntry
	for {
		select {
		case e := <-s.added:
			all = append(all, e)
		default:
			return all
		}
	}
}

func (s *Store) write(entries []kernel.HistoryEntry) {
	if len(entries) == 0 {
		return
	}
	err := s.transact(func(tx *bbolt.Tx) error {
		for _, e := range entries {
			e.Session = s.session
			if err := put(tx.Bucket(cells), e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.log.Warn("a cell is not kept for later sessions", "file", s.path, "error", err)
	}
}

// put adds a cell, and removes the one that is then too old.
func put(b *bbolt.Bucket, e kernel.HistoryEntry) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	n, err := b.NextSequence()
	if err != nil {
		return err
	}
	if n > maxKept {
		if err := b.Delete(key(n - maxKept)); err != nil {
			return err
		}
	}
	return b.Put(key(n), text)
}

func key(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// transact opens the file for one transaction.
func (s *Store) transact(f func(*bbolt.Tx) error) (err error) {
	db, err := bbolt.Open(s.path, 0o600, &bbolt.Options{Timeout: lockWait, NoFreelistSync: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.Update(f)
}
