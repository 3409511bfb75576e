package closures

import (
	"fmt"
	"reflect"
	"runtime"
	"testing"
)

// leaf is what pointers in maps point to.
type leaf struct {
	n    int
	text string
}

// TestMaps demands that maps made by package reflect, of types with names that
// no other map has, are the same maps to closures.
func TestMaps(t *testing.T) {
	type (
		k8   uint8
		k16  int16
		k32  uint32
		k64  int
		text string
	)
	keys := map[string]reflect.Type{
		"uint8": reflect.TypeFor[k8](), "int16": reflect.TypeFor[k16](), "uint32": reflect.TypeFor[k32](),
		"int": reflect.TypeFor[k64](), "string": reflect.TypeFor[text](),
	}
	elems := map[string]reflect.Type{
		"uint8": reflect.TypeFor[k8](), "int16": reflect.TypeFor[k16](), "uint32": reflect.TypeFor[k32](), "int": reflect.TypeFor[k64](),
		"float64": reflect.TypeFor[float64](), "string": reflect.TypeFor[text](), "*leaf": reflect.TypeFor[*leaf](), "[]int": reflect.TypeFor[[]k64](),
	}
	for key, kt := range keys {
		for elem, et := range elems {
			t.Run(key+" "+elem, func(t *testing.T) { sameMap(t, key, elem, kt, et) })
		}
	}
}

func sameMap(t *testing.T, key, elem string, kt, et reflect.Type) {
	m, _, _ := compileText(t, fmt.Sprintf(`
type leaf struct { n int; text string }
func put(m map[%[1]s]%[2]s, k %[1]s, v %[2]s) { m[k] = v }
func get(m map[%[1]s]%[2]s, k %[1]s) (v %[2]s, ok bool) { v, ok = m[k]; return v, ok }
func count(m map[%[1]s]%[2]s) (n int) { for k := range m { if _, ok := m[k]; ok { n++ } }; return n }
func drop(m map[%[1]s]%[2]s, k %[1]s) { delete(m, k) }`, key, elem))
	mt := reflect.MapOf(kt, et)
	bound := func(name string, in, out []reflect.Type) reflect.Value {
		f := reflect.New(reflect.FuncOf(in, out, false))
		if m.funcs[name] == nil {
			t.Fatalf("%s is not compiled", name)
		}
		if err := m.funcs[name].Bind(f.Interface()); err != nil {
			t.Fatal(err)
		}
		return f.Elem()
	}
	put, get := bound("put", []reflect.Type{mt, kt, et}, nil), bound("get", []reflect.Type{mt, kt}, []reflect.Type{et, reflect.TypeFor[bool]()})
	count, drop := bound("count", []reflect.Type{mt}, []reflect.Type{reflect.TypeFor[int]()}), bound("drop", []reflect.Type{mt, kt}, nil)
	x := reflect.MakeMap(mt)
	for i := range 200 {
		k := keyed(kt, i)
		if i%2 == 0 {
			put.Call([]reflect.Value{x, k, valued(et, i)})
		} else {
			x.SetMapIndex(k, valued(et, i))
		}
		if i%50 == 0 {
			runtime.GC()
		}
	}
	if n := count.Call([]reflect.Value{x})[0].Int(); n != 200 || x.Len() != 200 {
		t.Fatalf("%d entries, %d to package reflect, expected 200", n, x.Len())
	}
	for i := range 200 {
		k, want := keyed(kt, i), valued(et, i)
		got := get.Call([]reflect.Value{x, k})
		if !got[1].Bool() || !reflect.DeepEqual(got[0].Interface(), want.Interface()) || !reflect.DeepEqual(x.MapIndex(k).Interface(), want.Interface()) {
			t.Fatalf("entry %v is %v, %v; expected %v", k, got[0], x.MapIndex(k), want)
		}
		if drop.Call([]reflect.Value{x, k}); x.MapIndex(k).IsValid() {
			t.Fatalf("entry %v is still there", k)
		}
	}
}

func keyed(t reflect.Type, i int) reflect.Value {
	if t.Kind() == reflect.String {
		return reflect.ValueOf(fmt.Sprint("key ", i)).Convert(t)
	}
	return reflect.ValueOf(i).Convert(t)
}

// valued is a value of a type that differs with i.
func valued(t reflect.Type, i int) reflect.Value {
	switch t.Kind() {
	case reflect.Slice:
		s := reflect.MakeSlice(t, 1, 1)
		s.Index(0).SetInt(int64(i))
		return s
	case reflect.Pointer:
		return reflect.ValueOf(&leaf{i, fmt.Sprint(i)})
	}
	return keyed(t, i)
}
