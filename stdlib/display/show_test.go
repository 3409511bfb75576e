package display

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A recorder is a host that writes down what it is told.
type recorder struct {
	log []string
	ids []string
}

func record(t *testing.T) *recorder {
	r := new(recorder)
	SetHost(r)
	t.Cleanup(func() { SetHost(nil) })
	return r
}

func (r *recorder) Display(b Bundle) {
	r.log = append(r.log, "display "+b.String())
	r.ids = append(r.ids, b.ID)
}

func (r *recorder) Update(b Bundle) {
	r.log = append(r.log, "update "+b.String())
	r.ids = append(r.ids, b.ID)
}

func (r *recorder) Page(b Bundle) { r.log = append(r.log, "page "+b.String()) }

func (r *recorder) Comm(kind, id, target string, m CommMessage) {
	r.log = append(r.log, fmt.Sprint(kind, " ", target, " ", m.Data, " ", m.Buffers))
}

func (r *recorder) NextInput(code string, replace bool) {
	r.log = append(r.log, fmt.Sprint("next ", code, replace))
}

func (r *recorder) Clear(wait bool) { r.log = append(r.log, fmt.Sprint("clear ", wait)) }

func (r *recorder) Context() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func (r *recorder) Source() string { return "x := 1" }

func (r *recorder) Input(prompt string, password bool) (string, error) {
	return fmt.Sprint(prompt, password), nil
}

func TestShow(t *testing.T) {
	r := record(t)
	if !CanUpdate() {
		t.Error("a notebook cannot replace what it has shown")
	}
	h := Show(1, "two")
	h.Update(3)
	Update("elsewhere", 4)
	Show(Bundle{ID: "mine"})
	Clear(true)
	Handle{}.Update(5)
	Page("a manual")
	NextInput("1 + 1", true)
	want := []string{"display 1", "display two", "update 3", "update 4", "display ", "clear true", "display 5", "page a manual", "next 1 + 1true"}
	if !reflect.DeepEqual(r.log, want) {
		t.Errorf("got  %q\nwant %q", r.log, want)
	}
	if r.ids[0] == r.ids[1] || r.ids[1] != r.ids[2] || r.ids[3] != "elsewhere" || r.ids[4] != "mine" || r.ids[5] == "" {
		t.Errorf("ids %q", r.ids)
	}
}

func TestTheRunningCell(t *testing.T) {
	record(t)
	if Context().Err() == nil {
		t.Error("Context is not the host's")
	}
	if s := Source(); s != "x := 1" {
		t.Errorf("Source: %q", s)
	}
	if s, _ := Input("name? "); s != "name? false" {
		t.Errorf("Input: %q", s)
	}
	if s, _ := Password("word? "); s != "word? true" {
		t.Errorf("Password: %q", s)
	}
}

func TestCheck(t *testing.T) {
	Check(nil)
	failure := errors.New("no digits")
	defer func() {
		if recover() != failure {
			t.Error("Check does not panic with the error")
		}
	}()
	Check(failure)
}

func TestOutsideANotebook(t *testing.T) {
	var out strings.Builder
	old := terminal
	terminal = &plainHost{out: func() io.Writer { return &out }, in: bufio.NewReader(strings.NewReader("Ada\r\nlast"))}
	defer func() { terminal = old }()
	if CanUpdate() {
		t.Error("a terminal can replace what it has shown")
	}
	Show(HTML("<b>1</b>")).Update(2)
	Clear(false)
	for _, want := range []string{"Ada", "last"} {
		if s, err := Input("? "); s != want || err != nil {
			t.Errorf("Input: %q, %v, want %q", s, err, want)
		}
	}
	if _, err := Input(""); err == nil {
		t.Error("Input at the end of the input succeeds")
	}
	if want := "<b>1</b>\n2\n? ? "; out.String() != want {
		t.Errorf("printed %q, want %q", out.String(), want)
	}
	if Context().Err() != nil {
		t.Error("Context has ended")
	}
	if s := Source(); s != "" {
		t.Errorf("Source: %q", s)
	}
}

// In three seconds of steps of a millisecond there are about thirty updates,
// a tenth of a second apart, and the last state is shown.
func TestProgressIsThrottled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := record(t)
		p := NewProgress("steps", 3000)
		for i := range 2999 {
			time.Sleep(time.Millisecond)
			p.Set(i+1, "")
		}
		time.Sleep(interval)
		synctest.Wait()
		if n := len(r.log); n < 28 || n > 32 {
			t.Errorf("%d updates in three seconds", n)
		}
		if last := r.log[len(r.log)-1]; !strings.Contains(last, "2999/3000") {
			t.Errorf("last shown: %q", last)
		}
		p.Set(3000, "there")
		if last := r.log[len(r.log)-1]; !strings.Contains(last, "3000/3000") || !strings.HasSuffix(last, "there") {
			t.Errorf("the last step is not shown at once: %q", last)
		}
		p.Done("")
		p.Set(1, "")
		p.Done("")
		last := r.log[len(r.log)-1]
		if want := "update steps " + strings.Repeat("█", 24) + " 3000/3000 · 968/s · 3.1 s · there"; last != want {
			t.Errorf("got  %q\nwant %q", last, want)
		}
		for _, id := range r.ids[1:] {
			if id != r.ids[0] {
				t.Fatal("an update does not go to the first line")
			}
		}
	})
}

func TestProgressTellsTheRemainingTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := record(t)
		p := NewProgress("a < b", 4)
		time.Sleep(90 * time.Second)
		p.Set(1, "")
		if last := r.log[len(r.log)-1]; last != "update a < b ██████░░░░░░░░░░░░░░░░░░ 1/4 · 0.67/min · 4 min left" {
			t.Errorf("got %q", last)
		}
		if html := p.bundle().Data["text/html"].(string); !strings.Contains(html, `value="1" max="4"`) || !strings.Contains(html, "a &lt; b") {
			t.Errorf("html %s", html)
		}
		unknown := NewProgress("files", 0)
		time.Sleep(time.Second)
		unknown.Set(250, "")
		if last := r.log[len(r.log)-1]; last != "update files 250 · 250/s" {
			t.Errorf("got %q", last)
		}
	})
}
