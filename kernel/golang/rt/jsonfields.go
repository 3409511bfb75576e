package rt

import (
	"cmp"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// jsonField is a field of a struct as package encoding/json sees it: embedded
// structs give their fields to the struct around them.
type jsonField struct {
	name      string
	tagged    bool
	index     []int
	t         types.Type
	omitEmpty bool
	omitZero  bool
	quoted    bool
}

var jsonFieldCache sync.Map // *types.Struct → []jsonField

func jsonFields(s *types.Struct) []jsonField {
	if f, ok := jsonFieldCache.Load(s); ok {
		return f.([]jsonField)
	}
	f := dominant(allFields(s, nil, map[*types.Struct]bool{}))
	jsonFieldCache.Store(s, f)
	return f
}

// allFields lists the fields of a struct and of those embedded in it.
func allFields(s *types.Struct, prefix []int, inside map[*types.Struct]bool) []jsonField {
	if inside[s] {
		return nil
	}
	inside[s] = true
	defer delete(inside, s)
	var out []jsonField
	for i := range s.NumFields() {
		f := s.Field(i)
		tag := reflect.StructTag(s.Tag(i)).Get("json")
		if tag == "-" {
			continue
		}
		index := append(slices.Clone(prefix), i)
		name, options, _ := strings.Cut(tag, ",")
		inner, isStruct := pointed(f.Type()).Underlying().(*types.Struct)
		if !f.Exported() && !(f.Embedded() && isStruct) {
			continue
		}
		if f.Embedded() && isStruct && name == "" {
			out = append(out, allFields(inner, index, inside)...)
			continue
		}
		if !f.Exported() {
			continue
		}
		j := jsonField{name: name, tagged: name != "", index: index, t: f.Type()}
		if name == "" {
			j.name = f.Name()
		}
		for _, o := range strings.Split(options, ",") {
			j.omitEmpty = j.omitEmpty || o == "omitempty"
			j.omitZero = j.omitZero || o == "omitzero"
			j.quoted = j.quoted || o == "string" && quotable(f.Type())
		}
		out = append(out, j)
	}
	return out
}

func pointed(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

func quotable(t types.Type) bool {
	b, ok := pointed(t).Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsBoolean|types.IsNumeric|types.IsString) != 0
}

// dominant keeps, of fields with one name, the one that Go's rules for
// embedding select, a tagged one before others; none where they do not decide.
func dominant(fields []jsonField) []jsonField {
	byName := map[string][]jsonField{}
	for _, f := range fields {
		byName[f.name] = append(byName[f.name], f)
	}
	var out []jsonField
	for _, group := range byName {
		slices.SortStableFunc(group, func(a, b jsonField) int {
			if c := cmp.Compare(len(a.index), len(b.index)); c != 0 {
				return c
			}
			return boolCompare(b.tagged, a.tagged)
		})
		if len(group) > 1 && len(group[0].index) == len(group[1].index) && group[0].tagged == group[1].tagged {
			continue
		}
		out = append(out, group[0])
	}
	slices.SortFunc(out, func(a, b jsonField) int { return slices.Compare(a.index, b.index) })
	return out
}

// fieldAt follows a field's path. With alloc, nil pointers on the way are
// filled; without, the result is invalid then.
func fieldAt(v reflect.Value, index []int, alloc bool) reflect.Value {
	for _, i := range index {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				if !alloc {
					return reflect.Value{}
				}
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = field(v, i)
	}
	return v
}
