package page

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"strings"
	"testing"

	"codeberg.org/go-fonts/latin-modern/lmmath"

	"github.com/gocrate/gocrate/internal/notebook"
)

// Every table of the font comes back from the WOFF file as it was.
func TestWOFF(t *testing.T) {
	sfnt := lmmath.TTF
	packed, err := woff(sfnt)
	if err != nil {
		t.Fatal(err)
	}
	if len(packed) > len(sfnt)*3/4 {
		t.Errorf("%d bytes became %d", len(sfnt), len(packed))
	}
	u32 := func(b []byte, at int) int { return int(binary.BigEndian.Uint32(b[at:])) }
	if got := u32(packed, 8); got != len(packed) {
		t.Errorf("the header says %d bytes, the file has %d", got, len(packed))
	}
	for i := range int(binary.BigEndian.Uint16(packed[12:])) {
		in, out := sfnt[12+16*i:], packed[44+20*i:]
		if !bytes.Equal(in[:4], out[:4]) || u32(in, 4) != u32(out, 16) || u32(in, 12) != u32(out, 12) || u32(out, 4)%4 != 0 {
			t.Errorf("the entry of table %q is wrong", in[:4])
		}
		table := packed[u32(out, 4):][:u32(out, 8)]
		if u32(out, 8) < u32(out, 12) {
			table = inflate(t, table)
		}
		if !bytes.Equal(table, sfnt[u32(in, 8):][:u32(in, 12)]) {
			t.Errorf("table %q has changed", in[:4])
		}
	}
}

func inflate(t *testing.T, data []byte) []byte {
	t.Helper()
	r, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWOFFErrors(t *testing.T) {
	for _, n := range []int{0, 11, 12, 100, 5000} {
		if _, err := woff(lmmath.TTF[:n]); err == nil {
			t.Errorf("the first %d bytes of a font are taken for one", n)
		}
	}
}

// Only a page with formulas carries their font.
func TestMathFont(t *testing.T) {
	nb := &notebook.Notebook{Cells: []*notebook.Cell{{Type: notebook.Markdown, Source: "no formula"}}}
	opts := Options{Math: func(tex string, display bool) string { return "<math></math>" }}
	if strings.Contains(render(t, nb, opts), "@font-face") {
		t.Error("a page without formulas has their font")
	}
	nb.Cells[0].Source = "$x$"
	if !strings.Contains(render(t, nb, opts), "@font-face") {
		t.Error("a page with formulas lacks their font")
	}
}
