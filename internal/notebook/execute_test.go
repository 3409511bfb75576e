package notebook

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gocrate/gocrate/kernel"
)

func TestExecute(t *testing.T) {
	for _, tt := range []struct {
		name  string
		cells []string
		want  string
		fails bool
	}{
		{
			name:  "streams are joined until the other one speaks",
			cells: []string{"out a\nout b\nerr c\nout d"},
			want:  "[1]\nstdout \"a\\nb\\n\"\nstderr \"c\\n\"\nstdout \"d\\n\"\n",
		},
		{
			name:  "empty cells do not count",
			cells: []string{"out a", " \n", "result 5"},
			want:  "[1]\nstdout \"a\\n\"\n[0]\n[2]\nexecute_result 5\n",
		},
		{
			name:  "an update changes every display with its id, in any cell",
			cells: []string{"show p one\nout x", "show q other", "update p two\nupdate nobody three"},
			want:  "[1]\ndisplay_data two\nstdout \"x\\n\"\n[2]\ndisplay_data other\n[3]\n",
		},
		{
			name:  "a display with a known id changes the earlier one",
			cells: []string{"show p one", "show p two"},
			want:  "[1]\ndisplay_data two\n[2]\ndisplay_data two\n",
		},
		{
			name:  "clear",
			cells: []string{"out a\nclear\nout b", "out c\nclear"},
			want:  "[1]\nstdout \"b\\n\"\n[2]\n",
		},
		{
			name:  "clear that waits for the next output",
			cells: []string{"out a\nclear wait\nout b", "out c\nclear wait", "show p d\nclear wait\nfail E x"},
			want:  "[1]\nstdout \"b\\n\"\n[2]\nstdout \"c\\n\"\n[3]\nerror E: x\n",
			fails: true,
		},
		{
			name:  "a cleared display is not updated",
			cells: []string{"show p a\nclear\nshow q b\nupdate p c"},
			want:  "[1]\ndisplay_data b\n",
		},
		{
			name:  "the first error ends the run",
			cells: []string{"out a", "out b\nfail E bad", "out c"},
			want:  "[1]\nstdout \"a\\n\"\n[2]\nstdout \"b\\n\"\nerror E: bad\n[0]\n",
			fails: true,
		},
		{
			name:  "tags",
			cells: []string{"#tags raises-exception\nfail E wanted", "#tags skip-execution\nfail E no", "out c"},
			want:  "[1]\nerror E: wanted\n[0]\n[2]\nstdout \"c\\n\"\n",
		},
		{
			name:  "no input",
			cells: []string{"input"},
			want:  "[1]\nerror Error: nobody can be asked for input while a notebook runs unattended: use a parameter (-p name=value)\n",
			fails: true,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			nb := cells(tt.cells...)
			err := Execute(t.Context(), nb, new(toy), nil)
			if diff := cmp.Diff(tt.want, summary(nb)); diff != "" {
				t.Errorf("outputs (-want +got):\n%s", diff)
			}
			if failed := errors.As(err, new(*CellError)); failed != tt.fails || !failed && err != nil {
				t.Errorf("error %v, want a failed cell: %v", err, tt.fails)
			}
		})
	}
}

func TestExecuteForgetsEarlierOutputs(t *testing.T) {
	nb, err := ReadFile("testdata/rich.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	nb.Cells[1].Source = "fail E x"
	nb.Cells[3].Outputs = []*Output{{Type: Stream, Text: "stale"}}
	if err := Execute(t.Context(), nb, new(toy), nil); err == nil {
		t.Error("no error")
	}
	if got, want := summary(nb), "[0]\n[1]\nerror E: x\n[0]\n[0]\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestCellErrorNamesTheCell(t *testing.T) {
	nb := cells("", "out a", "fail E bad")
	err := Execute(t.Context(), nb, new(toy), nil)
	want := "cell 3 of the notebook (In[2]) failed: E: bad"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if e := new(kernel.Error); !errors.As(err, &e) || e.Text() != "In[2]:1:1: bad" {
		t.Errorf("the traceback is %q", e.Traceback)
	}
}

func TestOtherLanguage(t *testing.T) {
	nb := cells("1")
	nb.Metadata = map[string]any{"language_info": map[string]any{"name": "python"}}
	err := Execute(t.Context(), nb, new(toy), nil)
	if err == nil || !strings.Contains(err.Error(), "written in python, expected go") {
		t.Errorf("error %v", err)
	}
}

// What a goroutine that cell 1 left behind shows goes to cell 1 while the
// notebook runs, and nowhere once it has ended.
func TestLateOutput(t *testing.T) {
	lang := new(toy)
	nb := cells("out a", "out b\nfirst late")
	if err := Execute(t.Context(), nb, lang, nil); err != nil {
		t.Fatal(err)
	}
	lang.outputs[0].Stream(kernel.Stdout, "too late")
	if got, want := summary(nb), "[1]\nstdout \"a\\nlate\\n\"\n[2]\nstdout \"b\\n\"\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFlood(t *testing.T) {
	nb := cells("flood\nout lost")
	if err := Execute(t.Context(), nb, new(toy), nil); err != nil {
		t.Fatal(err)
	}
	text := nb.Cells[0].Outputs[0].Text
	if len(text) != maxStream+len(cutNote) || !strings.HasSuffix(text, cutNote) {
		t.Errorf("%d bytes are stored, want %d and a note", len(text), maxStream)
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Execute(ctx, cells("out a", "out b"), new(toy), nil); !errors.As(err, new(*CellError)) {
		t.Errorf("error %v, want the first cell's", err)
	}
}
