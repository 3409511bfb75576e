package check

import (
	"fmt"
	"go/types"
	"slices"
)

// carryOver finds the live variables whose type has a new version. Where the
// new version has the same structure the value is carried over, otherwise the
// variable ends.
func (b *builder) carryOver(u *Unit) {
	if u.Renewed = b.renewedTypes(u.Declared); len(u.Renewed) == 0 {
		return
	}
	for name, why := range b.gone {
		if !u.declares(name) {
			u.Dropped = append(u.Dropped, Dropped{b.decls[name], why})
		}
	}
	for name, v := range b.renewed {
		if u.declares(name) {
			continue
		}
		d := b.decls[name]
		now := &Decl{Name: name, Kind: Var, Source: d.Source, Obj: v, Emit: b.emitName(name, b.number), deps: d.deps}
		u.names[v], u.names[d.Obj] = now.Emit, now.Emit
		u.Converted = append(u.Converted, Converted{d, now})
	}
}

// replacesTypes reports whether the unit has new versions of live types.
func (b *builder) replacesTypes() bool {
	for name := range b.replaced {
		if d := b.decls[name]; d != nil && d.Kind == Type {
			return true
		}
	}
	return false
}

// renewVars gives the live variables the new versions of their types.
func (b *builder) renewVars(declared map[string]types.Object) {
	b.renewed, b.gone = map[string]*types.Var{}, map[string]string{}
	renewed := b.renewedTypes(declared)
	for _, d := range b.decls {
		if d.Kind != Var || b.replaced[d.Name] {
			continue
		}
		r := renewal{types: renewed}
		switch t := r.renew(d.Obj.Type()); {
		case r.lost != nil:
			b.gone[d.Name] = fmt.Sprintf("%s (declared in %s) is gone: its type %s was redefined in %s with another structure; run its cell again",
				d.Name, d.Source.Name, r.lost.Name(), b.src.Name)
		case r.changed:
			b.renewed[d.Name] = types.NewVar(d.Obj.Pos(), b.pkg, d.Name, t)
		}
	}
}

func (u *Unit) declares(name string) bool {
	for _, d := range u.Vars {
		if d.Name == name {
			return true
		}
	}
	return false
}

// renewedTypes maps the live types that the unit replaces to their new
// versions; nil where there is none or the structure differs.
func (b *builder) renewedTypes(declared map[string]types.Object) map[*types.TypeName]*types.TypeName {
	renewed := map[*types.TypeName]*types.TypeName{}
	for name := range b.replaced {
		if old := b.decls[name]; old != nil && old.Kind == Type {
			now, _ := declared[name].(*types.TypeName)
			renewed[old.Obj.(*types.TypeName)] = now
		}
	}
	var differ []*types.TypeName
	for old, now := range renewed {
		r := renewal{types: renewed, sample: true}
		if now != nil && !types.Identical(r.renew(sample(old)), sample(now)) {
			differ = append(differ, old)
		}
	}
	for len(differ) > 0 { // and with them those of which they are parts
		for _, old := range differ {
			renewed[old] = nil
		}
		differ = nil
		for old, now := range renewed {
			r := renewal{types: renewed, sample: true}
			if now != nil && r.lostIn(sample(old)) {
				differ = append(differ, old)
			}
		}
	}
	return renewed
}

// sample returns the structure of a type; of a generic one the structure that
// it has for arguments which differ from each other.
func sample(obj *types.TypeName) types.Type {
	n, ok := obj.Type().(*types.Named)
	if !ok || n.TypeParams().Len() == 0 {
		return obj.Type().Underlying()
	}
	args := make([]types.Type, n.TypeParams().Len())
	for i := range args {
		args[i] = types.NewArray(types.Typ[types.Int], int64(i))
	}
	inst, err := types.Instantiate(nil, n, args, false)
	if err != nil {
		return obj.Type().Underlying()
	}
	return inst.Underlying()
}

// Renew rewrites a type with the new versions of the types that it names. It
// returns t itself if there are none, or one has no new version.
func Renew(t types.Type, renewed map[*types.TypeName]*types.TypeName) types.Type {
	r := renewal{types: renewed}
	if now := r.renew(t); r.changed && r.lost == nil {
		return now
	}
	return t
}

// renewal rewrites a type with the new versions of the types that it names.
type renewal struct {
	types   map[*types.TypeName]*types.TypeName
	sample  bool // the arguments of generic types need not satisfy the constraints
	changed bool
	lost    *types.TypeName           // a type without a new version
	seen    func(obj *types.TypeName) // is told of all that it names, if not nil
}

// lostIn reports whether a type names one without a new version.
func (r renewal) lostIn(t types.Type) bool {
	r.renew(t)
	return r.lost != nil
}

func (r *renewal) renew(t types.Type) types.Type {
	switch t := t.(type) {
	case *types.Alias:
		return r.renew(types.Unalias(t))
	case *types.Named:
		return r.named(t)
	case *types.Pointer:
		return types.NewPointer(r.renew(t.Elem()))
	case *types.Slice:
		return types.NewSlice(r.renew(t.Elem()))
	case *types.Array:
		return types.NewArray(r.renew(t.Elem()), t.Len())
	case *types.Map:
		return types.NewMap(r.renew(t.Key()), r.renew(t.Elem()))
	case *types.Chan:
		return types.NewChan(t.Dir(), r.renew(t.Elem()))
	case *types.Signature:
		return types.NewSignatureType(nil, nil, nil, r.tuple(t.Params()), r.tuple(t.Results()), t.Variadic())
	case *types.Struct:
		fields, tags := make([]*types.Var, t.NumFields()), make([]string, t.NumFields())
		for i := range fields {
			f := t.Field(i)
			fields[i], tags[i] = types.NewField(f.Pos(), f.Pkg(), f.Name(), r.renew(f.Type()), f.Embedded()), t.Tag(i)
		}
		return types.NewStruct(fields, tags)
	}
	return t
}

func (r *renewal) named(t *types.Named) types.Type {
	obj := t.Origin().Obj()
	if r.seen != nil {
		r.seen(obj)
	}
	now, ok := r.types[obj]
	switch {
	case ok && now == nil:
		r.changed, r.lost = true, t.Obj()
		return t
	case ok:
		r.changed = true
	default:
		now = obj
	}
	if t.TypeArgs().Len() == 0 {
		return now.Type()
	}
	before := r.changed
	r.changed = ok
	args := make([]types.Type, t.TypeArgs().Len())
	for i := range args {
		args[i] = r.renew(t.TypeArgs().At(i))
	}
	changed := r.changed
	r.changed = before || changed
	if !changed {
		return t
	}
	inst, err := types.Instantiate(nil, now.Type(), args, !r.sample)
	if err != nil {
		r.lost = t.Obj()
		return t
	}
	return inst
}

func (r *renewal) tuple(t *types.Tuple) *types.Tuple {
	vars := make([]*types.Var, t.Len())
	for i := range vars {
		vars[i] = types.NewParam(t.At(i).Pos(), t.At(i).Pkg(), t.At(i).Name(), r.renew(t.At(i).Type()))
	}
	return types.NewTuple(vars...)
}

// typesIn returns the names of the session's types that a type mentions.
func (b *builder) typesIn(t types.Type) map[string]bool {
	names := map[string]bool{}
	r := renewal{seen: func(obj *types.TypeName) {
		if obj.Pkg() == b.pkg {
			names[obj.Name()] = true
		}
	}}
	r.renew(t)
	return names
}

// Earlier returns the engine's name of the instance of which in is the new
// version, or "": a type in it has one, and both have the same structure.
func (u *Unit) Earlier(in *Instance) string {
	origins := []types.Object{in.Origin}
	for old, now := range u.Renewed {
		if now == in.Origin {
			origins = append(origins, old)
		}
	}
	same := func(before, now types.Type) bool { return types.Identical(Renew(before, u.Renewed), now) }
	for _, origin := range origins {
		for _, before := range u.liveInstances[origin] {
			if slices.EqualFunc(before.Args, in.Args, same) {
				return before.Emit
			}
		}
	}
	return ""
}
