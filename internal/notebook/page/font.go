package page

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"

	"codeberg.org/go-fonts/latin-modern/lmmath"
)

// mathFace is the CSS that gives a page the font of its formulas. Browsers
// place scripts and stretch brackets by a table that only mathematical fonts
// have, and many computers have none.
var mathFace = sync.OnceValue(func() string {
	font, err := woff(lmmath.TTF)
	if err != nil {
		panic(err) // impossible: the font is part of the program
	}
	var b strings.Builder
	b.WriteString(`@font-face { font-family: "page math"; src: url("data:font/woff;base64,`)
	b.WriteString(base64.StdEncoding.EncodeToString(font))
	b.WriteString(`") format("woff"); }`)
	return b.String()
})

// Sizes in bytes of the parts of font files.
const (
	sfntHeader = 12
	sfntEntry  = 16
	woffHeader = 44
	woffEntry  = 20
)

// woff packs an OpenType font as WOFF 1.0 does: each table on its own with
// zlib, behind a directory.
func woff(sfnt []byte) ([]byte, error) {
	if len(sfnt) < sfntHeader {
		return nil, fmt.Errorf("a font of %d bytes has no header", len(sfnt))
	}
	tables := int(binary.BigEndian.Uint16(sfnt[4:]))
	if len(sfnt) < sfntHeader+tables*sfntEntry {
		return nil, fmt.Errorf("a font of %d bytes has no room for %d tables", len(sfnt), tables)
	}
	var directory, data bytes.Buffer
	start, total := woffHeader+tables*woffEntry, sfntHeader+tables*sfntEntry
	for i := range tables {
		entry := sfnt[sfntHeader+i*sfntEntry:][:sfntEntry] // tag, checksum, offset, length
		offset, length := binary.BigEndian.Uint32(entry[8:]), binary.BigEndian.Uint32(entry[12:])
		if uint64(offset)+uint64(length) > uint64(len(sfnt)) {
			return nil, fmt.Errorf("table %q of the font ends behind its end", entry[:4])
		}
		packed := pack(sfnt[offset:][:length])
		directory.Write(entry[:4])
		directory.Write(bigEndian(uint32(start+data.Len()), uint32(len(packed)), length))
		directory.Write(entry[4:8])
		data.Write(padded(packed))
		total += int(length+3) &^ 3
	}
	header := append([]byte("wOFF"), sfnt[:4]...)
	header = append(header, bigEndian(uint32(start+data.Len()), uint32(tables)<<16, uint32(total), 1<<16, 0, 0, 0, 0, 0)...)
	return append(append(header, directory.Bytes()...), data.Bytes()...), nil
}

// pack compresses a table, unless that makes it longer.
func pack(table []byte) []byte {
	var b bytes.Buffer
	w, _ := zlib.NewWriterLevel(&b, zlib.BestCompression)
	w.Write(table)
	w.Close()
	if b.Len() >= len(table) {
		return table
	}
	return b.Bytes()
}

// padded is table up to a multiple of four bytes.
func padded(table []byte) []byte {
	return append(table[:len(table):len(table)], make([]byte, -len(table)&3)...)
}

func bigEndian(values ...uint32) []byte {
	var b []byte
	for _, v := range values {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}
