package torchfile

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// archive is a zip file of the given records: name, content, name, content, …
func archive(method uint16, records ...string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(records); i += 2 {
		r, err := w.CreateHeader(&zip.FileHeader{Name: records[i], Method: method})
		if err != nil {
			panic(err)
		}
		fmt.Fprint(r, records[i+1])
	}
	w.Close()
	return b.Bytes()
}

// pickled is an archive with a pickle, whose PROTO and STOP are added, and
// a storage of 8 bytes.
func pickled(instructions string) []byte {
	return archive(zip.Store, "x/data.pkl", "\x80\x02"+instructions+".", "x/data/0", "12345678")
}

func str(s string) string {
	return "X" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(s)))) + s
}

func num(n int32) string { return "J" + string(binary.LittleEndian.AppendUint32(nil, uint32(n))) }

// storageOf pushes a float32 storage of n elements; tensorOf a view of it.
func storageOf(n int32) string {
	return "(" + str("storage") + "ctorch\nFloatStorage\n" + str("0") + str("cpu") + num(n) + "tQ"
}

func tensorOf(n, offset int32, shape, stride string) string {
	return "ctorch._utils\n_rebuild_tensor_v2\n(" + storageOf(n) + num(offset) + "(" + shape + "t(" + stride + "t\x89}tR"
}

// hostile are files that must not be read, and what the error says.
var hostile = []struct {
	name string
	file []byte
	want string
}{
	{"empty", nil, "starts with"},
	{"text", []byte("PyTorch"), "starts with"},
	{"cut zip", []byte("PK\x03\x04"), "zip"},
	{"no pickle", archive(zip.Store, "a", "b"), "no record NAME/data.pkl"},
	{"TorchScript", archive(zip.Store, "x/data.pkl", "\x80\x02N.", "x/constants.pkl", ""), "TorchScript"},
	{"big-endian", archive(zip.Store, "x/data.pkl", "\x80\x02N.", "x/byteorder", "big"), "byte order"},
	{"zip bomb", archive(zip.Deflate, "x/data.pkl", "\x80\x02"+strings.Repeat("N0", 1<<20)), "compressed"},

	{"os.system", pickled("cos\nsystem\n(" + str("touch /tmp/pwned") + "tR"), `"os.system"`},
	{"nt.system as a class", pickled("cnt\nsystem\n)\x81"), `"nt.system"`},
	{"builtins.eval", pickled("cbuiltins\neval\n(" + str("1") + "tR"), `"builtins.eval"`},
	{"getattr", pickled("c__builtin__\ngetattr\n"), `"__builtin__.getattr"`},
	{"functools.partial", pickled("cfunctools\npartial\n"), `"functools.partial"`},
	{"a dotted name", pickled("ctorch\n_utils.os.system\n"), `"torch._utils.os.system"`},
	{"a name with a line break", pickled("ctorch\r\nSize\r\n"), "not among"},
	{"INST", pickled("(ios\nsystem\n"), "instruction 0x69"},
	{"OBJ", pickled("(cos\nsystem\no"), "instruction 0x6f"},
	{"STACK_GLOBAL", pickled(str("os") + str("system") + "\x93"), "instruction 0x93"},
	{"extension registry", pickled("\x82\x01"), "instruction 0x82"},
	{"text protocol", pickled("I1\n"), "instruction 0x49"},
	{"instruction 0xff", pickled("\xff"), "instruction 0xff"},
	{"a function as a value", pickled("ctorch\nSize\n"), "used as a value"},
	{"a class as a value", pickled("ctorch\nFloatStorage\n"), "used as a value"},

	{"string of 4 GiB", pickled("X\xff\xff\xff\xff"), "ends within"},
	{"integer of 255 bytes", pickled("\x8a\xff"), "ends within"},
	{"integer of 0 bytes", pickled("\x8a\x00"), "malformed"},
	{"no end", archive(zip.Store, "x/data.pkl", "\x80\x02N"), "no end"},
	{"cut instruction", archive(zip.Store, "x/data.pkl", "\x80\x02J\x00"), "ends within"},
	{"empty stack", archive(zip.Store, "x/data.pkl", "\x80\x02."), "stack"},
	{"million marks", pickled(strings.Repeat("(", 1<<20)), "open marks"},
	{"million dicts", pickled(strings.Repeat("}", 1<<20)), "instructions"},
	{"deep nesting", pickled(strings.Repeat("]", 5000) + strings.Repeat("a", 4999)), "nested"},
	{"list in itself", pickled("]q\x00h\x00a"), "nested"},
	{"dict in itself", pickled("}q\x00" + str("a") + "h\x00s"), "nested"},
	{"doubling memo", pickled(laughs(40)), "more than"},
	{"list as a key", pickled("}]Ns"), "key"},
	{"list as a key of an OrderedDict", pickled("ccollections\nOrderedDict\n)R(cargparse\nNamespace\n)RNu"), "key"},
	{"odd number of items", pickled("}(Nu"), "malformed"},
	{"call of a number", pickled(num(1) + ")R"), "Callable"},
	{"persistent id that is no tuple", pickled(str("0") + "Q"), "persistent id"},
	{"persistent id of another kind", pickled("(" + str("module") + "NNNNtQ"), "persistent id"},
	{"storage of os.system", pickled("(" + str("storage") + "cos\nsystem\n"), `"os.system"`},
	{"storage of a negative size", pickled(storageOf(-1)), "-1 elements"},

	{"tensor beyond its storage", pickled(tensorOf(2, 0, num(3), num(1))), "leaves its storage"},
	{"offset beyond the storage", pickled(tensorOf(2, 3, "", "")), "offset 3"},
	{"offset at the end", pickled(tensorOf(2, 2, "", "")), "leaves its storage"},
	{"negative offset", pickled(tensorOf(2, -1, num(1), num(1))), "offset -1"},
	{"negative size", pickled(tensorOf(2, 0, num(-1), num(1))), "shape [-1]"},
	{"negative stride", pickled(tensorOf(2, 1, num(2), num(-1))), "strides [-1]"},
	{"size without a stride", pickled(tensorOf(2, 0, num(1), "")), "1 sizes, 0 strides"},
	{"size times stride overflows", pickled(tensorOf(2, 0, num(1<<30)+num(1<<30), num(1<<30)+num(1<<30))), "leaves its storage"},
	{"tensor of text", pickled("ctorch._utils\n_rebuild_tensor_v2\n(" + str("a") + "NNNtR"), "made of a string"},
	{"parameter of nothing", pickled("ctorch._utils\n_rebuild_parameter\n)R"), "no tensor"},
	{"size of nothing", pickled("ctorch\nSize\n)R"), "no tuple"},
	{"encode of another codec", pickled("c_codecs\nencode\n(" + str("a") + str("zlib") + "tR"), "latin1"},

	{"legacy: another pickle", []byte("\x80\x02N."), "not one of torch.save"},
	{"legacy: another version", []byte(magic + "\x80\x02M\xe8\x03."), "version 1000"},
	{"legacy: big-endian", []byte(magic + version + "\x80\x02}."), "little-endian"},
	{"legacy: storage of 2^60 elements", legacy("\x00\x00\x00\x00\x00\x00\x00\x10"), "claims 1152921504606846976"},
	{"legacy: storage of a negative count", legacy("\xff\xff\xff\xff\xff\xff\xff\xff"), "claims 18446744073709551615"},
	{"legacy: storage of too few elements", legacy("\x01\x00\x00\x00\x00\x00\x00\x00abcd"), "said to have 2"},
	{"legacy: storage cut", legacy("\x02\x00\x00\x00\x00\x00\x00\x00abcd"), "claims 2"},
	{"legacy: no storages", legacy(""), "beyond the end"},
}

const (
	magic   = "\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."
	version = "\x80\x02M\xe9\x03."
)

// legacy is a file in the old format with one tensor of two elements, and
// storages as given.
func legacy(storages string) []byte {
	return []byte(magic + version + "\x80\x02}" + str("little_endian") + "\x88s." +
		"\x80\x02" + tensorOf(2, 0, num(2), num(1)) + "." + "\x80\x02](" + str("0") + "e." + storages)
}

// laughs is a list of two lists, which are one list of two lists, …
func laughs(depth byte) string {
	s := "]"
	for i := range depth {
		s += fmt.Sprintf("q%c](h%ch%ce", i, i, i)
	}
	return s
}

func TestHostileFilesAreErrors(t *testing.T) {
	for _, c := range hostile {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Read(bytes.NewReader(c.file), int64(len(c.file)))
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %.200v, want one that contains %q", c.name, err, c.want)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 256<<20 {
			t.Errorf("%s: a file of %d bytes makes us allocate %d", c.name, len(c.file), used)
		}
	}
}

// Files that open, and whose tensor cannot be read.
func TestHostileTensorsAreErrors(t *testing.T) {
	pkl := func(s string) string { return "\x80\x02" + s + "." }
	wrong := pickled(tensorOf(2, 0, num(2), num(1)))
	wrong = bytes.Replace(wrong, []byte("12345678"), []byte("12345679"), 1)
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"a number repeated 2^60 times", pickled(tensorOf(2, 0, num(1<<30)+num(1<<30), num(0)+num(0))), "larger than its file"},
		{"sizes whose product overflows", pickled(tensorOf(2, 0, strings.Repeat(num(1<<30), 5), strings.Repeat(num(0), 5))), "larger than its file"},
		{"storage longer than its record", pickled(tensorOf(3, 0, num(3), num(1))), "3 elements of F32, and has 8 bytes"},
		{"storage of 2^31 elements", pickled(tensorOf(1<<31-1, 0, num(1), num(1))), "2147483647 elements"},
		{"no record", archive(zip.Store, "x/data.pkl", pkl(tensorOf(2, 0, num(2), num(1)))), "no record"},
		{"wrong checksum", wrong, "checksum"},
	} {
		f, err := Read(bytes.NewReader(c.file), int64(len(c.file)))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if _, err := f.Read(f.Root.(*Tensor)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one that contains %q", c.name, err, c.want)
		}
	}
}

// Tensors that are read again and again, each a copy, do not add up.
func TestCopiesAreBounded(t *testing.T) {
	f, err := Read(bytes.NewReader(pickled(tensorOf(2, 0, num(100000)+num(2), num(0)+num(1)))), 400)
	if err == nil {
		for range 10 {
			if _, err = f.Read(f.Root.(*Tensor)); err != nil {
				break
			}
		}
	}
	if err == nil || !strings.Contains(err.Error(), "larger than its file") {
		t.Errorf("ten copies of 800 kB out of a file of 400 bytes: error %v", err)
	}
}

// A cut or changed file of PyTorch is an error or a file, never a panic.
func TestDamagedFilesDoNotPanic(t *testing.T) {
	for _, name := range []string{"odd.pth", "odd_legacy.pth"} {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range b {
			readAll(b[:i])
			changed := bytes.Clone(b)
			changed[i] ^= byte(1 + i%255)
			readAll(changed)
		}
	}
}

// readAll opens a file and reads its tensors; it returns what it read.
func readAll(b []byte) (tensors map[string]*Tensor, bytesRead int, err error) {
	f, err := Read(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, 0, err
	}
	tensors = map[string]*Tensor{}
	flatten(tensors, "", f.Root)
	for _, t := range tensors {
		x, err := f.Read(t)
		if err != nil {
			return nil, 0, err
		}
		bytesRead += len(x.Data)
	}
	return tensors, bytesRead, nil
}

// FuzzRead checks that whatever is accepted is consistent with the size of
// the file.
func FuzzRead(f *testing.F) {
	for _, c := range hostile {
		if len(c.file) < 10000 {
			f.Add(c.file)
		}
	}
	for _, name := range []string{"odd.pth", "odd_legacy.pth"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add(pickled(tensorOf(2, 0, num(2), num(1))))
	f.Fuzz(func(t *testing.T, b []byte) {
		tensors, n, err := readAll(b)
		if err == nil && n > 4*len(b)+1<<20 {
			t.Errorf("%d tensors of %d bytes out of a file of %d", len(tensors), n, len(b))
		}
	})
}
