package notebook

import (
	"strings"
	"testing"
)

const parameterCell = `#tags parameters
// What may be set.
epochs := 3
rate, name := 1e-3, "tiny"
var (
	widths = []float64{1, 2}
	fast   bool
)
const fixed = 1`

func TestSetParameters(t *testing.T) {
	for _, tt := range []struct{ setting, want string }{
		{"epochs=30", "epochs = 30"},
		{"epochs = -1", "epochs = -1"},
		{"rate=1", "rate = 1"},
		{"rate=0x1p-3", "rate = 0x1p-3"},
		{"name=large", `name = "large"`},
		{"name=3", `name = "3"`},
		{`name="a \" b"`, `name = "a \" b"`},
		{"name=", `name = ""`},
		{"name=a=b", `name = "a=b"`},
		{"name=os.Exit(1)", `name = "os.Exit(1)"`},
		{"name=`raw`\nos.Exit(1)", `name = "` + "`raw`" + `\nos.Exit(1)"`},
		{"widths=[1, 2]", "widths = []float64{1, 2}"},
		{"widths=[]float64{3}", "widths = []float64{3}"},
		{`fast=["a", "b"]`, `fast = []string{"a", "b"}`},
		{"fast=[1, 2.5]", "fast = []float64{1, 2.5}"},
		{"fast=true", "fast = true"},
		{"fast=maybe", `fast = "maybe"`},
	} {
		nb := cells("out a", parameterCell, "out b")
		if err := nb.SetParameters([]string{tt.setting}); err != nil {
			t.Errorf("%s: %v", tt.setting, err)
			continue
		}
		if got, want := nb.Cells[2].Source, "// Parameters\n"+tt.want; got != want {
			t.Errorf("%s: cell %q, want %q", tt.setting, got, want)
		}
		if !nb.Cells[2].HasTag("injected-parameters") || nb.Cells[2].ID == "" || len(nb.Cells) != 4 {
			t.Errorf("%s: the cell is %+v of %d", tt.setting, nb.Cells[2], len(nb.Cells))
		}
	}
}

func TestSetParametersReplaces(t *testing.T) {
	nb := cells("#tags injected-parameters\nold", parameterCell)
	if err := nb.SetParameters([]string{"epochs=1", "name=x"}); err != nil {
		t.Fatal(err)
	}
	if got, want := nb.Cells[1].Source, "// Parameters\nepochs = 1\nname = \"x\""; len(nb.Cells) != 2 || got != want {
		t.Errorf("%d cells, the second %q; want 2, %q", len(nb.Cells), got, want)
	}
}

func TestSetParametersErrors(t *testing.T) {
	for _, tt := range []struct{ cell, setting, want string }{
		{"out a", "x=1", `tagged "parameters"`},
		{"#tags parameters\nx := (", "x=1", "expected only variables"},
		{parameterCell, "epochs", "expected name=value"},
		{parameterCell, "two words=1", "expected name=value"},
		{parameterCell, "epoch=1", "it sets epochs, fast, name, rate, widths"},
		{parameterCell, "fixed=1", "no such variable"},
		{"#tags parameters\n// none", "epoch=1", "it sets none"},
	} {
		nb := cells(tt.cell)
		err := nb.SetParameters([]string{tt.setting})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one with %q", tt.setting, err, tt.want)
		}
		if len(nb.Cells) != 1 {
			t.Errorf("%s: the notebook was changed", tt.setting)
		}
	}
}
