package rt

import "reflect"

// choose is the select statement. Kinds has a letter for each clause: r
// receives, s sends. Args has a channel and the address of a value, or nil, for
// each. It returns the number of the clause that ran, -1 for the default, and
// whether what it received was sent.
func (r *Runtime) choose(hasDefault bool, kinds string, args ...any) (clause int, ok bool) {
	cases := make([]reflect.SelectCase, len(kinds), len(kinds)+1)
	for i, kind := range kinds {
		cases[i] = reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(args[2*i])}
		if kind == 's' {
			cases[i].Dir, cases[i].Send = reflect.SelectSend, reflect.ValueOf(args[2*i+1]).Elem()
		}
	}
	last := reflect.SelectCase{Dir: reflect.SelectDefault}
	if !hasDefault {
		last = reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(r.OnWait())}
	}
	clause, v, ok := reflect.Select(append(cases, last))
	if clause == len(kinds) {
		if !hasDefault {
			panic(Killed{}) // the cell was stopped; nobody waits for this goroutine
		}
		return -1, false
	}
	if p := reflect.ValueOf(args[2*clause+1]); kinds[clause] == 'r' && p.IsValid() {
		p.Elem().Set(v)
	}
	return clause, ok
}
