package rt

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"go/types"
	"reflect"
	"strconv"
	"strings"
)

// Unmarshal is json.Unmarshal.
func Unmarshal(data []byte, target any) error {
	b, ok := target.(Box)
	if !ok {
		return json.Unmarshal(data, target)
	}
	p, ok := b.T.Go.Underlying().(*types.Pointer)
	v := reflect.ValueOf(b.V)
	switch {
	case !ok:
		return errors.New("json: Unmarshal(non-pointer " + b.T.String() + ")")
	case v.IsNil():
		return errors.New("json: Unmarshal(nil " + b.T.String() + ")")
	}
	var text json.RawMessage
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	d := jsonDecoder{ts: b.T.types}
	if err := d.value(p.Elem(), v.Elem(), text); err != nil {
		return err
	}
	return d.saved
}

// JSONTarget makes a box with a pointer a target of a json.Decoder.
func JSONTarget(x any) any {
	if b, ok := x.(Box); ok {
		if _, isPtr := b.T.Go.Underlying().(*types.Pointer); isPtr {
			return &jsonTarget{b}
		}
	}
	return x
}

type jsonTarget struct{ b Box }

func (t *jsonTarget) UnmarshalJSON(data []byte) error { return Unmarshal(data, t.b) }

// jsonDecoder decodes as package encoding/json does: a value of the wrong type
// is skipped, and the first such error returned at the end.
type jsonDecoder struct {
	ts     *Types
	saved  error
	struc  string
	fields []string
}

func (d *jsonDecoder) save(err error) {
	var e *json.UnmarshalTypeError
	if errors.As(err, &e) {
		if d.struc != "" {
			e.Struct = d.struc
			if e.Field != "" {
				e.Field = strings.Join(append(d.fields[:len(d.fields):len(d.fields)], e.Field), ".")
			} else {
				e.Field = strings.Join(d.fields, ".")
			}
		}
	}
	if d.saved == nil {
		d.saved = err
	}
}

// value decodes text into v, whose type is t. An error ends the decoding.
func (d *jsonDecoder) value(t types.Type, v reflect.Value, text json.RawMessage) error {
	t = types.Unalias(t)
	isNull := string(text) == "null"
	if p, ok := t.Underlying().(*types.Pointer); ok && mentionsUser(t, nil) {
		if isNull {
			v.SetZero()
			return nil
		}
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		return d.value(p.Elem(), v.Elem(), text)
	}
	if v.Kind() == reflect.Interface { // also a type that contains itself
		return d.iface(t, v, text)
	}
	if !mentionsUser(t, nil) {
		return d.compiled(v.Addr().Interface(), text)
	}
	if done, err := d.method(t, v, text); done {
		return err
	}
	if isNull {
		switch v.Kind() {
		case reflect.Map, reflect.Slice:
			v.SetZero()
		}
		return nil
	}
	return d.structure(t, v, text)
}

func (d *jsonDecoder) compiled(p any, text json.RawMessage) error {
	err := json.Unmarshal(text, p)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		d.save(err)
		return nil
	}
	return err
}

func (d *jsonDecoder) iface(t types.Type, v reflect.Value, text json.RawMessage) error {
	if i, ok := t.Underlying().(*types.Interface); ok && i.NumMethods() == 0 {
		if !v.IsNil() && string(text) != "null" {
			if b, ok := v.Interface().(Box); ok && reflect.ValueOf(b.V).Kind() == reflect.Pointer {
				return d.value(b.T.Go, ptrTo(reflect.ValueOf(b.V)), text)
			}
		}
		var x any
		err := json.Unmarshal(text, &x)
		if x == nil {
			v.SetZero()
		} else {
			v.Set(reflect.ValueOf(x))
		}
		return err
	}
	if string(text) == "null" {
		v.SetZero()
		return nil
	}
	d.save(fmt.Errorf("json: cannot unmarshal %s into Go value of type %s", jsonKind(text), TypeText(t)))
	return nil
}

// ptrTo returns v in a variable.
func ptrTo(v reflect.Value) reflect.Value {
	p := reflect.New(v.Type()).Elem()
	p.Set(v)
	return p
}

func jsonKind(text []byte) string {
	switch text[0] {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "bool"
	case 'n':
		return "null"
	}
	return "number"
}

// method calls UnmarshalJSON or UnmarshalText of the address of v.
func (d *jsonDecoder) method(t types.Type, v reflect.Value, text json.RawMessage) (bool, error) {
	b := Box{d.ts.Of(types.NewPointer(t)), v.Addr().Interface()}
	if b.unmarshals("UnmarshalJSON") {
		return true, b.unmarshal("UnmarshalJSON", text)
	}
	if b.unmarshals("UnmarshalText") && text[0] == '"' {
		var s string
		if err := json.Unmarshal(text, &s); err != nil {
			return true, err
		}
		return true, b.unmarshal("UnmarshalText", []byte(s))
	}
	return false, nil
}

func (b Box) unmarshals(name string) bool {
	f := b.T.method(name)
	return f.IsValid() && withoutReceiver(f.Type()) == reflect.TypeFor[func([]byte) error]()
}

func (b Box) unmarshal(name string, text []byte) error {
	err, _ := b.call(name, reflect.ValueOf(bytes.Clone(text))).(error)
	return err
}

func (d *jsonDecoder) structure(t types.Type, v reflect.Value, text json.RawMessage) error {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		p := reflect.New(basicTypes[u.Kind()])
		p.Elem().Set(v.Convert(p.Elem().Type()))
		err := d.compiled(p.Interface(), text)
		v.Set(p.Elem().Convert(v.Type()))
		return err
	case *types.Struct:
		if text[0] == '{' {
			return d.object(t, u, v, text)
		}
	case *types.Map:
		if text[0] == '{' {
			return d.mapping(u, v, text)
		}
	case *types.Slice:
		if text[0] == '[' {
			return d.slice(u, v, text)
		}
		if b, ok := u.Elem().Underlying().(*types.Basic); ok && b.Kind() == types.Uint8 && text[0] == '"' {
			var s string
			if err := json.Unmarshal(text, &s); err != nil {
				return err
			}
			raw, err := base64.StdEncoding.DecodeString(s)
			v.Set(reflect.ValueOf(raw).Convert(v.Type()))
			return err
		}
	case *types.Array:
		if text[0] == '[' {
			return d.array(u, v, text)
		}
	}
	d.save(&json.UnmarshalTypeError{Value: jsonKind(text), Type: namedType{v.Type(), TypeText(t)}})
	return nil
}

// namedType is an interpreted type with the name that it has in the program.
type namedType struct {
	reflect.Type
	name string
}

func (t namedType) String() string { return t.name }

func (d *jsonDecoder) object(t types.Type, u *types.Struct, v reflect.Value, text json.RawMessage) error {
	fields := jsonFields(u)
	outer, depth := d.struc, len(d.fields)
	defer func() { d.struc, d.fields = outer, d.fields[:depth] }()
	return members(text, func(key string, value json.RawMessage) error {
		f := findField(fields, key)
		if f == nil {
			return nil
		}
		d.struc = structName(t)
		d.fields = append(d.fields[:depth], f.name)
		x := fieldAt(v, f.index, true)
		if f.quoted && string(value) != "null" {
			var s string
			if err := json.Unmarshal(value, &s); err != nil {
				return fmt.Errorf("json: invalid use of ,string struct tag, trying to unmarshal unquoted value into %s", TypeText(f.t))
			}
			value = json.RawMessage(s)
			if !json.Valid(value) {
				return fmt.Errorf("json: invalid use of ,string struct tag, trying to unmarshal %q into %s", s, TypeText(f.t))
			}
		}
		return d.value(f.t, x, value)
	})
}

func structName(t types.Type) string {
	if n, ok := t.(*types.Named); ok {
		return typeName(n)
	}
	return ""
}

// members calls f for each member of an object.
func members(text json.RawMessage, f func(key string, value json.RawMessage) error) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	if _, err := dec.Token(); err != nil {
		return err
	}
	for dec.More() {
		tok, err := dec.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return err
		}
		if err := f(tok.(string), value); err != nil {
			return err
		}
	}
	return nil
}

func findField(fields []jsonField, key string) *jsonField {
	for i := range fields {
		if fields[i].name == key {
			return &fields[i]
		}
	}
	for i := range fields {
		if strings.EqualFold(fields[i].name, key) {
			return &fields[i]
		}
	}
	return nil
}

func (d *jsonDecoder) mapping(u *types.Map, v reflect.Value, text json.RawMessage) error {
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	return members(text, func(key string, value json.RawMessage) error {
		x := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(u.Elem(), x, value); err != nil {
			return err
		}
		k, err := d.key(u.Key(), v.Type().Key(), key)
		if err == nil {
			v.SetMapIndex(k, x)
		}
		return err
	})
}

func (d *jsonDecoder) key(t types.Type, rt reflect.Type, key string) (reflect.Value, error) {
	k := reflect.New(rt)
	if b := (Box{d.ts.Of(types.NewPointer(t)), k.Interface()}); b.unmarshals("UnmarshalText") {
		return k.Elem(), b.unmarshal("UnmarshalText", []byte(key))
	}
	switch {
	case rt.Kind() == reflect.String:
		k.Elem().SetString(key)
	case k.Elem().CanInt():
		n, err := strconv.ParseInt(key, 10, 64)
		if err != nil || k.Elem().OverflowInt(n) {
			return k.Elem(), &json.UnmarshalTypeError{Value: "number " + key, Type: namedType{rt, TypeText(t)}}
		}
		k.Elem().SetInt(n)
	case k.Elem().CanUint():
		n, err := strconv.ParseUint(key, 10, 64)
		if err != nil || k.Elem().OverflowUint(n) {
			return k.Elem(), &json.UnmarshalTypeError{Value: "number " + key, Type: namedType{rt, TypeText(t)}}
		}
		k.Elem().SetUint(n)
	default:
		return k.Elem(), &json.UnmarshalTypeError{Value: "object", Type: namedType{rt, TypeText(t)}}
	}
	return k.Elem(), nil
}

// elements splits an array.
func elements(text json.RawMessage) ([]json.RawMessage, error) {
	var list []json.RawMessage
	err := json.Unmarshal(text, &list)
	for i, x := range list {
		if x == nil {
			list[i] = json.RawMessage("null")
		}
	}
	return list, err
}

func (d *jsonDecoder) slice(u *types.Slice, v reflect.Value, text json.RawMessage) error {
	list, err := elements(text)
	if err != nil {
		return err
	}
	if v.Cap() < len(list) || v.IsNil() {
		grown := reflect.MakeSlice(v.Type(), len(list), len(list))
		reflect.Copy(grown, v)
		v.Set(grown)
	}
	v.SetLen(len(list))
	for i, x := range list {
		if err := d.value(u.Elem(), v.Index(i), x); err != nil {
			return err
		}
	}
	return nil
}

func (d *jsonDecoder) array(u *types.Array, v reflect.Value, text json.RawMessage) error {
	list, err := elements(text)
	if err != nil {
		return err
	}
	for i := range v.Len() {
		if i >= len(list) {
			v.Index(i).SetZero()
		} else if err := d.value(u.Elem(), v.Index(i), list[i]); err != nil {
			return err
		}
	}
	return nil
}
