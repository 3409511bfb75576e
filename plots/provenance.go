package plots

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/gocrate/gocrate/internal/mathtext"
	"github.com/gocrate/gocrate/stdlib/display"
)

// Provenance says where a figure's numbers come from. It is written into the
// files that hold the figure, not onto the figure. Empty fields are left out.
type Provenance struct {
	Cell     string   // the code that made the figure; "" stands for the cell in which it was made
	Seeds    []uint64 // of initialisation, training and sampling
	Model    string   // such as "CRATE-Tiny, trained for 30 epochs"
	Data     string   // such as "digits, 450 test images"
	Protocol string   // how the numbers were measured; "" stands for what the series say of it
}

// WithProvenance sets what the files of the figure say of its origin. Without it
// they have the code of the cell that made the figure.
func (f *Figure) WithProvenance(p Provenance) *Figure {
	if p.Cell == "" {
		p.Cell = f.provenance.Cell
	}
	f.provenance = p
	return f
}

// ofCell is the provenance of a figure that is made now.
func ofCell() Provenance { return Provenance{Cell: display.Source()} }

// fact is one entry of a file's metadata.
type fact struct{ key, value string }

// facts are what the files of a figure say about it. The first three keys are
// those that PNG and PDF know.
func (f *Figure) facts() (facts []fact) {
	p := f.provenance
	seeds := strings.Trim(fmt.Sprint(p.Seeds), "[]")
	for _, x := range []fact{
		{"Title", mathtext.Plain(f.title())}, {"Description", f.String()}, {"Software", "gocrate"},
		{"Cell", p.Cell}, {"Seeds", seeds}, {"Model", p.Model}, {"Data", p.Data},
		{"Protocol", cmp.Or(p.Protocol, strings.Join(f.protocols(), "; "))},
	} {
		if x.value != "" {
			facts = append(facts, x)
		}
	}
	return facts
}

// protocols are what the series of all panels say of how they were measured.
func (f *Figure) protocols() (all []string) {
	switch c := f.content.(type) {
	case *panels:
		for _, panel := range c.figs {
			all = append(all, panel.protocols()...)
		}
	case *axes:
		for _, e := range c.legend {
			if l, ok := e.drawing.(*line); ok && l.What != "" {
				all = append(all, mathtext.Plain(l.What))
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// usermeta holds the facts as Vega-Lite carries what it does not draw.
func (f *Figure) usermeta() object {
	meta := object{}
	for _, x := range f.facts() {
		meta[x.key] = x.value
	}
	return meta
}

// annotatePNG puts the facts into picture, each in an iTXt chunk after the
// header, which is always 33 bytes long (PNG specification, 11.2.2, 11.3.3.4).
func annotatePNG(picture []byte, facts []fact) []byte {
	const header = 8 + 25
	out := bytes.NewBuffer(bytes.Clone(picture[:header]))
	for _, x := range facts {
		// An uncompressed text in no particular language.
		chunk := []byte("iTXt" + x.key + "\x00\x00\x00\x00\x00" + x.value)
		out.Write(binary.BigEndian.AppendUint32(nil, uint32(len(chunk)-4)))
		out.Write(binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk)))
	}
	out.Write(picture[header:])
	return out.Bytes()
}

// annotateSVG names the drawing for screen readers and puts the facts into its
// metadata element.
func annotateSVG(drawing []byte, description string, facts []fact) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<metadata><figure xmlns="https://github.com/gocrate/gocrate">`)
	for _, x := range facts {
		key := strings.ToLower(x.key)
		fmt.Fprintf(&b, "<%s>%s</%s>", key, escaped(x.value), key)
	}
	b.WriteString("</figure></metadata>\n")
	accessible := fmt.Sprintf(`<svg role="img" aria-label="%s" `, escaped(description))
	head, body, _ := bytes.Cut(drawing, []byte("<svg "))
	attributes, rest, _ := bytes.Cut(body, []byte(">"))
	return bytes.Join([][]byte{head, []byte(accessible), attributes, []byte(">\n" + b.String()), rest}, nil)
}

func escaped(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s)) // cannot fail: a Builder takes everything
	return b.String()
}

// annotatePDF replaces the document's information dictionary by an incremental
// update (ISO 32000-1, 7.5.6), since gonum's canvas offers no way to fill it.
func annotatePDF(document []byte, facts []fact) []byte {
	var root, info, size, table int
	tail := document[bytes.LastIndex(document, []byte("trailer")):]
	if _, err := fmt.Sscanf(string(tail), "trailer\n<<\n/Size %d\n/Root %d 0 R\n/Info %d 0 R\n>>\nstartxref\n%d", &size, &root, &info, &table); err != nil {
		panic("plots: the trailer of a PDF that gonum wrote: " + err.Error())
	}
	names := map[string]string{"Description": "Subject", "Software": "Creator"}
	out := bytes.NewBuffer(bytes.Clone(document))
	at := out.Len()
	fmt.Fprintf(out, "%d 0 obj\n<<\n", info)
	for _, x := range facts {
		key := x.key
		if name, ok := names[key]; ok {
			key = name
		}
		fmt.Fprintf(out, "/%s <FEFF%s>\n", key, utf16Hex(x.value))
	}
	fmt.Fprint(out, ">>\nendobj\n")
	xref := out.Len()
	fmt.Fprintf(out, "xref\n%d 1\n%010d 00000 n \ntrailer\n<<\n/Size %d\n/Root %d 0 R\n/Info %d 0 R\n/Prev %d\n>>\nstartxref\n%d\n%%%%EOF\n",
		info, at, size, root, info, table, xref)
	return out.Bytes()
}

func utf16Hex(s string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	return b.String()
}
