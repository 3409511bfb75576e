package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
)

// Marshal writes v as JSON that every front end can read. It differs from
// [json.Marshal] in that "<", ">" and "&" stay as they are, and in that values
// which JSON cannot express do not fail: NaN and infinities become null;
// functions, channels and complex numbers become text, and so does the error
// of a MarshalJSON method; what is nested deeper than 200 levels or contains
// itself is cut with null. The error that is left is a method that panics.
func Marshal(v any) (raw json.RawMessage, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("JSON of %T: panic: %v", v, p)
		}
	}()
	if raw, err = marshal(v); err == nil {
		return raw, nil
	}
	return marshal(expressible(reflect.ValueOf(v), 0))
}

func marshal(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// maxDepth bounds the nesting of values that need rewriting; deeper ones are
// cyclic for all that a front end could show.
const maxDepth = 200

// expressible rewrites v into what JSON has: nil, bool, number, string, list
// and map. Values that already marshal by themselves are left alone.
func expressible(v reflect.Value, depth int) any {
	if !v.IsValid() || depth > maxDepth {
		return nil
	}
	if done, ok := selfMarshaling(v); ok {
		return done
	}
	switch v.Kind() {
	case reflect.Float32, reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			return nil
		}
		return v.Interface()
	case reflect.Interface, reflect.Pointer:
		return expressible(v.Elem(), depth+1)
	case reflect.Slice, reflect.Array:
		return expressibleList(v, depth)
	case reflect.Map:
		return expressibleMap(v, depth)
	case reflect.Struct:
		fields := make(map[string]any)
		addFields(fields, v, depth)
		return fields
	case reflect.Func, reflect.Chan, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer:
		return fmt.Sprint(v.Interface())
	}
	return v.Interface()
}

// selfMarshaling handles types that write their own JSON, and []byte, which
// is base64 text rather than a list.
func selfMarshaling(v reflect.Value) (any, bool) {
	if !v.CanInterface() || v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, false
	}
	switch x := v.Interface().(type) {
	case []byte:
		return x, true
	case json.Marshaler:
		raw, err := marshal(x)
		if err != nil {
			return err.Error(), true
		}
		return raw, true
	}
	return nil, false
}

func expressibleList(v reflect.Value, depth int) any {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return nil
	}
	list := make([]any, v.Len())
	for i := range list {
		list[i] = expressible(v.Index(i), depth+1)
	}
	return list
}

func expressibleMap(v reflect.Value, depth int) any {
	if v.IsNil() {
		return nil
	}
	m := make(map[string]any, v.Len())
	for entries := v.MapRange(); entries.Next(); {
		m[fmt.Sprint(entries.Key().Interface())] = expressible(entries.Value(), depth+1)
	}
	return m
}

// addFields adds the exported fields of the struct v under their JSON names.
func addFields(fields map[string]any, v reflect.Value, depth int) {
	for i := range v.NumField() {
		field, value := v.Type().Field(i), v.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "-" || strings.Contains(options, "omitempty") && value.IsZero():
		case field.Anonymous && name == "" && value.Kind() == reflect.Pointer && value.IsNil():
		case field.Anonymous && name == "" && reflect.Indirect(value).Kind() == reflect.Struct:
			addFields(fields, reflect.Indirect(value), depth)
		case !field.IsExported():
		case name == "":
			fields[field.Name] = expressible(value, depth+1)
		default:
			fields[name] = expressible(value, depth+1)
		}
	}
}
