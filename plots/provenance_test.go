package plots_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/gocrate/gocrate/plots"
	"github.com/gocrate/gocrate/stdlib/display"
)

func sourced() *plots.Figure {
	return sparsity().WithTitle(`Layers of $\mathbf{Z}$ <1>`).WithProvenance(plots.Provenance{
		Cell: "plots.SparsityPerLayer(s)\n// & so on", Seeds: []uint64{1, 2}, Model: "CRATE-Tiny", Protocol: "ε² = 0.01",
	})
}

var facts = map[string]string{
	"Title": "Layers of Z <1>", "Software": "gocrate", "Cell": "plots.SparsityPerLayer(s)\n// & so on",
	"Seeds": "1 2", "Model": "CRATE-Tiny", "Protocol": "ε² = 0.01",
}

func TestProvenanceInPNG(t *testing.T) {
	data := sourced().PNG()
	decode(t, data) // checks every CRC before the picture's end
	for key, value := range facts {
		chunk := []byte("iTXt" + key + "\x00\x00\x00\x00\x00" + value)
		i := bytes.Index(data, chunk)
		if i < 4 {
			t.Errorf("no %s in the PNG", key)
			continue
		}
		sum := crc32.ChecksumIEEE(chunk)
		end := data[i+len(chunk):]
		if got := uint32(end[0])<<24 | uint32(end[1])<<16 | uint32(end[2])<<8 | uint32(end[3]); got != sum {
			t.Errorf("%s: checksum %08x, want %08x", key, got, sum)
		}
	}
	if bytes.Contains(data, []byte("iTXtData")) {
		t.Error("a field that was left empty is written")
	}
}

// running is a notebook in which a cell runs.
type running struct {
	display.Host
	cell string
}

func (r running) Source() string { return r.cell }

// A figure carries the cell that made it, wherever it is shown or saved later.
func TestProvenanceOfTheRunningCell(t *testing.T) {
	defer display.SetHost(nil)
	display.SetHost(running{cell: "made here"})
	for what, fig := range map[string]*plots.Figure{
		"a figure": sparsity(), "a row": plots.Row(sparsity(), sparsity()),
		"with a model": sparsity().WithProvenance(plots.Provenance{Model: "CRATE-Tiny"}),
	} {
		display.SetHost(running{cell: "not here"})
		if info := readInfo(t, fig.PDF()); info["Cell"] != "made here" {
			t.Errorf("%s: PDF of cell %q", what, info["Cell"])
		}
		if !bytes.Contains(fig.PNG(), []byte("iTXtCell\x00\x00\x00\x00\x00made here")) || !bytes.Contains(fig.SVG(), []byte("<cell>made here</cell>")) {
			t.Errorf("%s: PNG or SVG without its cell", what)
		}
		if meta := fig.Interactive().Spec["usermeta"]; !reflect.DeepEqual(meta.(map[string]any)["Cell"], "made here") {
			t.Errorf("%s: Vega-Lite of %v", what, meta)
		}
	}
}

// What was measured comes with the series, once, from every panel.
func TestProvenanceOfSeries(t *testing.T) {
	rate := plots.Series{Mean: []float64{2, 1}, What: `$R^c$, $\epsilon^2 = 0.01$`}
	share := plots.Series{Mean: []float64{2, 1}, What: "share of entries"}
	row := plots.Row(plots.RatePerLayer(rate, rate), plots.SparsityPerLayer(share))
	if info := readInfo(t, row.PDF()); info["Protocol"] != "R^c, ϵ^2 = 0.01; share of entries" {
		t.Errorf("protocol %q", info["Protocol"])
	}
	if info := readInfo(t, row.WithProvenance(plots.Provenance{Protocol: "mine"}).PDF()); info["Protocol"] != "mine" {
		t.Errorf("protocol %q, want mine", info["Protocol"])
	}
}

func TestProvenanceInSVG(t *testing.T) {
	var svg struct {
		Label    string `xml:"aria-label,attr"`
		Metadata struct {
			Figure struct {
				Facts []struct {
					XMLName xml.Name
					Value   string `xml:",chardata"`
				} `xml:",any"`
			} `xml:"figure"`
		} `xml:"metadata"`
	}
	if err := xml.Unmarshal(sourced().SVG(), &svg); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range svg.Metadata.Figure.Facts {
		got[f.XMLName.Local] = f.Value
	}
	for key, value := range facts {
		if got[strings.ToLower(key)] != value {
			t.Errorf("%s is %q, want %q", key, got[strings.ToLower(key)], value)
		}
	}
	if svg.Label != got["description"] || !strings.HasPrefix(svg.Label, "Layers of Z <1>. Curves of Sparsity") {
		t.Errorf("the label for screen readers is %q", svg.Label)
	}
}

// A reader takes the last cross-reference table, whose Info must be ours.
func TestProvenanceInPDF(t *testing.T) {
	info := readInfo(t, sourced().PDF())
	for key, value := range facts {
		if key == "Software" {
			key = "Creator"
		}
		if info[key] != value {
			t.Errorf("%s is %q, want %q", key, info[key], value)
		}
	}
}

// readInfo follows startxref to the last table of a PDF, and from there the
// entry of its information dictionary.
func readInfo(t *testing.T, pdf []byte) map[string]string {
	t.Helper()
	var table, object, at, offset, size, root, info, prev int
	last := bytes.LastIndex(pdf, []byte("startxref"))
	if _, err := fmt.Sscanf(string(pdf[last:]), "startxref\n%d", &table); err != nil {
		t.Fatal(err)
	}
	form := "xref\n%d 1\n%d 00000 n \ntrailer\n<<\n/Size %d\n/Root %d 0 R\n/Info %d 0 R\n/Prev %d"
	if _, err := fmt.Sscanf(string(pdf[table:]), form, &object, &offset, &size, &root, &info, &prev); err != nil {
		t.Fatal(err)
	}
	if object != info || !bytes.HasPrefix(pdf[prev:], []byte("xref\n0 ")) {
		t.Fatalf("the last table has object %d, want %d; the one before is at %d", object, info, prev)
	}
	dictionary, _, _ := strings.Cut(string(pdf[offset:]), "endobj")
	if _, err := fmt.Sscanf(dictionary, "%d 0 obj", &at); err != nil || at != info {
		t.Fatalf("object %d where %d should be (%v)", at, info, err)
	}
	entries := map[string]string{}
	for _, m := range regexp.MustCompile(`/(\w+) <FEFF([0-9A-F]*)>`).FindAllStringSubmatch(dictionary, -1) {
		data, err := hex.DecodeString(m[2])
		if err != nil {
			t.Fatal(err)
		}
		var units []uint16
		for i := 0; i+1 < len(data); i += 2 {
			units = append(units, binary.BigEndian.Uint16(data[i:]))
		}
		entries[m[1]] = string(utf16.Decode(units))
	}
	return entries
}
