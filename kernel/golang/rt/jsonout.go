package rt

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strconv"
)

// MarshalJSON encodes the boxed value as package encoding/json encodes it in a
// compiled program.
func (b Box) MarshalJSON() ([]byte, error) {
	e := jsonEncoder{ts: b.T.types}
	if err := e.value(b.T.Go, reflect.ValueOf(b.V)); err != nil {
		return nil, err
	}
	return e.Bytes(), nil
}

// JSON is json.Marshal.
func JSON(x any) ([]byte, error) {
	b, ok := Unwrap(x).(Box)
	if !ok {
		return json.Marshal(x)
	}
	text, err := b.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	json.HTMLEscape(&out, text)
	return out.Bytes(), nil
}

// JSONIndent is json.MarshalIndent.
func JSONIndent(x any, prefix, indent string) ([]byte, error) {
	text, err := JSON(x)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = json.Indent(&out, text, prefix, indent)
	return out.Bytes(), err
}

type jsonEncoder struct {
	bytes.Buffer
	ts    *Types
	depth int
}

const maxJSONDepth = 1000

// value encodes v, whose type is t.
func (e *jsonEncoder) value(t types.Type, v reflect.Value) error {
	if e.depth++; e.depth > maxJSONDepth {
		return fmt.Errorf("json: unsupported value: encountered a cycle via %s", TypeText(t))
	}
	defer func() { e.depth-- }()
	t = types.Unalias(t)
	if v.IsValid() && v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		e.WriteString("null")
		return nil
	}
	if types.IsInterface(t) {
		if b, ok := Unwrap(v.Interface()).(Box); ok {
			return e.value(b.T.Go, reflect.ValueOf(b.V))
		}
		return e.compiled(v.Interface())
	}
	if !mentionsUser(t, nil) {
		if v.CanAddr() && types.NewMethodSet(t).Len() < types.NewMethodSet(types.NewPointer(t)).Len() {
			return e.compiled(v.Addr().Interface())
		}
		return e.compiled(v.Interface())
	}
	if done, err := e.method(t, v); done {
		return err
	}
	return e.structure(t, v)
}

// compiled encodes a value that package json knows. Its text is escaped for
// HTML later, if at all.
func (e *jsonEncoder) compiled(x any) error {
	enc := json.NewEncoder(&e.Buffer)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(x); err != nil {
		return err
	}
	e.Truncate(e.Len() - 1) // the newline
	return nil
}

// method calls MarshalJSON or MarshalText, also of the address.
func (e *jsonEncoder) method(t types.Type, v reflect.Value) (bool, error) {
	for _, name := range []string{"MarshalJSON", "MarshalText"} {
		b := Box{e.ts.Of(t), v.Interface()}
		if !b.marshals(name) {
			if !v.CanAddr() {
				continue
			}
			if b = (Box{e.ts.Of(types.NewPointer(t)), v.Addr().Interface()}); !b.marshals(name) {
				continue
			}
		}
		text, err := b.marshal(name)
		if err != nil {
			return true, fmt.Errorf("json: error calling %s for type %s: %w", name, TypeText(t), err)
		}
		if name == "MarshalText" {
			return true, e.compiled(string(text))
		}
		if err := json.Compact(&e.Buffer, text); err != nil {
			return true, fmt.Errorf("json: error calling %s for type %s: %w", name, TypeText(t), err)
		}
		return true, nil
	}
	return false, nil
}

func (b Box) marshals(name string) bool {
	f := b.T.method(name)
	return f.IsValid() && withoutReceiver(f.Type()) == reflect.TypeFor[func() ([]byte, error)]()
}

func (b Box) marshal(name string) ([]byte, error) {
	out := b.T.method(name).Call([]reflect.Value{reflect.ValueOf(b)})
	err, _ := out[1].Interface().(error)
	return out[0].Bytes(), err
}

func (e *jsonEncoder) structure(t types.Type, v reflect.Value) error {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsComplex == 0 {
			return e.compiled(v.Convert(basicTypes[u.Kind()]).Interface())
		}
	case *types.Pointer:
		return e.value(u.Elem(), v.Elem())
	case *types.Struct:
		return e.object(u, v)
	case *types.Map:
		return e.mapping(u, v)
	case *types.Slice:
		if v.IsNil() {
			e.WriteString("null")
			return nil
		}
		if b, ok := u.Elem().Underlying().(*types.Basic); ok && b.Kind() == types.Uint8 && !e.ts.Of(u.Elem()).Has("MarshalJSON") && !e.ts.Of(u.Elem()).Has("MarshalText") {
			return e.compiled(base64.StdEncoding.EncodeToString(v.Bytes()))
		}
		return e.array(u.Elem(), v)
	case *types.Array:
		return e.array(u.Elem(), v)
	}
	return fmt.Errorf("json: unsupported type: %s", TypeText(t))
}

func (e *jsonEncoder) array(elem types.Type, v reflect.Value) error {
	e.WriteByte('[')
	for i := range v.Len() {
		if i > 0 {
			e.WriteByte(',')
		}
		if err := e.value(elem, v.Index(i)); err != nil {
			return err
		}
	}
	e.WriteByte(']')
	return nil
}

func (e *jsonEncoder) object(u *types.Struct, v reflect.Value) error {
	sep := byte('{')
	for _, f := range jsonFields(u) {
		x := fieldAt(v, f.index, false)
		if !x.IsValid() || f.omitEmpty && isEmpty(x) || f.omitZero && e.isZero(f.t, x) {
			continue
		}
		e.WriteByte(sep)
		sep = ','
		if err := e.compiled(f.name); err != nil {
			return err
		}
		e.WriteByte(':')
		if err := e.fieldValue(f, x); err != nil {
			return err
		}
	}
	if sep == '{' {
		e.WriteByte('{')
	}
	e.WriteByte('}')
	return nil
}

// fieldValue encodes a field, as a string if its tag says so.
func (e *jsonEncoder) fieldValue(f jsonField, x reflect.Value) error {
	if !f.quoted || x.Kind() == reflect.Pointer && x.IsNil() {
		return e.value(f.t, x)
	}
	inner := jsonEncoder{ts: e.ts}
	if err := inner.value(f.t, x); err != nil {
		return err
	}
	return e.compiled(inner.String())
}

func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct, reflect.Func, reflect.Chan:
		return false
	}
	return v.IsZero()
}

func (e *jsonEncoder) isZero(t types.Type, v reflect.Value) bool {
	if zero, ok := (Box{e.ts.Of(t), v.Interface()}).Call("IsZero"); ok {
		z, _ := zero.(bool)
		return z
	}
	if z, ok := v.Interface().(interface{ IsZero() bool }); ok {
		return z.IsZero()
	}
	return v.IsZero()
}

func (e *jsonEncoder) mapping(u *types.Map, v reflect.Value) error {
	if v.IsNil() {
		e.WriteString("null")
		return nil
	}
	type pair struct {
		key   string
		value reflect.Value
	}
	var pairs []pair
	for _, k := range v.MapKeys() {
		text, err := e.key(u.Key(), k)
		if err != nil {
			return err
		}
		pairs = append(pairs, pair{text, v.MapIndex(k)})
	}
	slices.SortFunc(pairs, func(a, b pair) int { return bytes.Compare([]byte(a.key), []byte(b.key)) })
	e.WriteByte('{')
	for i, p := range pairs {
		if i > 0 {
			e.WriteByte(',')
		}
		if err := e.compiled(p.key); err != nil {
			return err
		}
		e.WriteByte(':')
		if err := e.value(u.Elem(), p.value); err != nil {
			return err
		}
	}
	e.WriteByte('}')
	return nil
}

// key is the text of a map key.
func (e *jsonEncoder) key(t types.Type, k reflect.Value) (string, error) {
	b, ok := t.Underlying().(*types.Basic)
	if ok && b.Info()&types.IsString != 0 {
		return k.String(), nil
	}
	if x := (Box{e.ts.Of(t), k.Interface()}); x.marshals("MarshalText") {
		text, err := x.marshal("MarshalText")
		return string(text), err
	}
	if m, ok := k.Interface().(interface{ MarshalText() ([]byte, error) }); ok {
		text, err := m.MarshalText()
		return string(text), err
	}
	switch {
	case k.CanInt():
		return strconv.FormatInt(k.Int(), 10), nil
	case k.CanUint():
		return strconv.FormatUint(k.Uint(), 10), nil
	}
	return "", fmt.Errorf("json: unsupported type: map with key %s", TypeText(t))
}
