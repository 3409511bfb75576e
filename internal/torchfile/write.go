package torchfile

import (
	"archive/zip"

	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"strings"

	"github.com/gocrate/gocrate/internal/safetensors"
)

// Write writes a zip archive that torch.load opens, with weights_only too. The
// root may hold the types that the package documentation lists, tensors made
// by NewTensor, and no bytes; a Dict becomes an OrderedDict if it has
// Attributes, which are set on it, and a dict otherwise.
func Write(w io.Writer, root any) error {
	p := &pickler{}
	p.b = append(p.b, 0x80, 2) // PROTO 2
	if err := p.value(root, 0); err != nil {
		return fmt.Errorf("torchfile: %w", err)
	}
	p.b = append(p.b, '.') // STOP
	z := &zipWriter{Writer: zip.NewWriter(w)}
	z.record("data.pkl", p.b)
	z.record("byteorder", []byte("little"))
	for i, t := range p.tensors {
		z.record(fmt.Sprintf("data/%d", i), t.storage.data)
	}
	z.record("version", []byte("3\n"))
	if z.err != nil {
		return z.err
	}
	return z.Close()
}

// zipWriter writes records as PyTorch does: uncompressed, with their bytes at
// a multiple of 64, which lets a reader map them into memory.
type zipWriter struct {
	*zip.Writer
	at  int64 // where the next record starts
	err error
}

const (
	alignment   = 64
	localHeader = 30 // bytes before the name of a record
)

func (z *zipWriter) record(name string, content []byte) {
	if z.err != nil {
		return
	}
	h := &zip.FileHeader{
		Name: "archive/" + name, Method: zip.Store, CRC32: crc32.ChecksumIEEE(content),
		CompressedSize64: uint64(len(content)), UncompressedSize64: uint64(len(content)),
	}
	// The padding is an extra field of its own, which PyTorch calls FB.
	start := z.at + localHeader + int64(len(h.Name)) + 4
	h.Extra = append([]byte("FB"), 0, 0)
	h.Extra = append(h.Extra, make([]byte, -start&(alignment-1))...)
	binary.LittleEndian.PutUint16(h.Extra[2:], uint16(len(h.Extra)-4))
	w, err := z.CreateRaw(h)
	if err == nil {
		_, err = w.Write(content)
	}
	z.at += localHeader + int64(len(h.Name)+len(h.Extra)+len(content))
	z.err = err
}

// pickler writes a pickle of protocol 2. It never refers to an object twice,
// so it needs no memo.
type pickler struct {
	b       []byte
	tensors []*Tensor // storage i holds tensor i
}

func (p *pickler) value(v any, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("values are nested deeper than %d", maxDepth)
	}
	switch v := v.(type) {
	case nil:
		p.b = append(p.b, 'N')
	case bool:
		p.bool(v)
	case int:
		p.int(int64(v))
	case float64:
		p.b = binary.BigEndian.AppendUint64(append(p.b, 'G'), math.Float64bits(v))
	case string:
		p.string(v)
	case List:
		p.b = append(p.b, ']', '(')
		return p.values(v, 'e', depth)
	case Tuple:
		p.b = append(p.b, '(')
		return p.values(v, 't', depth)
	case *Dict:
		return p.dict(v, depth)
	case *Tensor:
		return p.tensor(v)
	default:
		return fmt.Errorf("a %T cannot be written", v)
	}
	return nil
}

// values writes items and the instruction that ends them.
func (p *pickler) values(items []any, end byte, depth int) error {
	for _, item := range items {
		if err := p.value(item, depth+1); err != nil {
			return err
		}
	}
	p.b = append(p.b, end)
	return nil
}

func (p *pickler) bool(v bool) {
	if v {
		p.b = append(p.b, 0x88) // NEWTRUE
	} else {
		p.b = append(p.b, 0x89) // NEWFALSE
	}
}

// int writes BININT, and LONG1 beyond 32 bits.
func (p *pickler) int(v int64) {
	if v == int64(int32(v)) {
		p.b = binary.LittleEndian.AppendUint32(append(p.b, 'J'), uint32(v))
		return
	}
	p.b = binary.LittleEndian.AppendUint64(append(p.b, 0x8a, 8), uint64(v))
}

// string writes BINUNICODE.
func (p *pickler) string(s string) {
	p.b = binary.LittleEndian.AppendUint32(append(p.b, 'X'), uint32(len(s)))
	p.b = append(p.b, s...)
}

func (p *pickler) global(module, name string) {
	p.b = append(p.b, 'c')
	p.b = append(p.b, module+"\n"+name+"\n"...)
}

func (p *pickler) dict(d *Dict, depth int) error {
	if d.Attributes == nil {
		p.b = append(p.b, '}')
	} else {
		p.global("collections", "OrderedDict")
		p.b = append(p.b, ')', 'R') // OrderedDict()
	}
	p.b = append(p.b, '(')
	for _, e := range d.Entries {
		if err := p.value(e.Key, depth+1); err != nil {
			return err
		}
		if err := p.value(e.Value, depth+1); err != nil {
			return err
		}
	}
	p.b = append(p.b, 'u') // SETITEMS
	if d.Attributes == nil || len(d.Attributes.Entries) == 0 {
		return nil
	}
	if err := p.dict(&Dict{Entries: d.Attributes.Entries}, depth+1); err != nil {
		return err
	}
	p.b = append(p.b, 'b') // BUILD
	return nil
}

// tensor writes _rebuild_tensor_v2(storage, 0, shape, stride, False, OrderedDict()).
func (p *pickler) tensor(t *Tensor) error {
	class, ok := storageClasses[t.DType]
	if !ok || !t.inOrder() || t.offset != 0 || len(t.storage.data) != t.storage.size*safetensors.Size(t.DType) {
		return fmt.Errorf("a tensor of %s and shape %v is not one of NewTensor", t.DType, t.Shape)
	}
	p.global("torch._utils", "_rebuild_tensor_v2")
	p.b = append(p.b, '(', '(')
	p.string("storage")
	p.global("torch", class)
	p.string(fmt.Sprint(len(p.tensors)))
	p.string("cpu")
	p.int(int64(t.storage.size))
	p.b = append(p.b, 't', 'Q') // BINPERSID
	p.int(0)
	p.ints(t.Shape)
	p.ints(t.stride)
	p.b = append(p.b, 0x89)
	p.global("collections", "OrderedDict")
	p.b = append(p.b, ')', 'R', 't', 'R')
	p.tensors = append(p.tensors, t)
	return nil
}

func (p *pickler) ints(x []int) {
	p.b = append(p.b, '(')
	for _, n := range x {
		p.int(int64(n))
	}
	p.b = append(p.b, 't')
}

// storageClasses are the storage classes by dtype.
var storageClasses = func() map[string]string {
	classes := map[string]string{}
	for name, g := range globals {
		if dtype, ok := g.(storageType); ok {
			classes[string(dtype)] = strings.TrimPrefix(name, "torch.")
		}
	}
	return classes
}()
