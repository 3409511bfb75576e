package rt

import (
	"fmt"
	"go/types"
	"reflect"
	"strconv"
	"strings"
)

// Package fmt calls Format of a box for all verbs but %T and %p, which look at
// the value itself, and takes a box for no string where it decides about
// blanks. The functions below prepare the arguments of fmt's functions so that
// these cases come out right too.

// PrintArgs prepares the arguments of fmt.Print, Sprint and their like.
func PrintArgs(args []any) []any {
	strings := false
	out := unwrapAll(args)
	for _, a := range out {
		b, ok := a.(Box)
		strings = strings || ok && isString(b)
	}
	if !strings {
		return out
	}
	// One text, with a blank between operands neither of which is a string.
	text, wasString := "", true
	for _, a := range out {
		now := false
		if b, ok := a.(Box); ok {
			now = isString(b)
		} else {
			now = a != nil && reflect.TypeOf(a).Kind() == reflect.String
		}
		if !now && !wasString {
			text += " "
		}
		text, wasString = text+fmt.Sprint(a), now
	}
	return []any{text}
}

func isString(b Box) bool {
	t, ok := b.T.Go.Underlying().(*types.Basic)
	return ok && t.Info()&types.IsString != 0
}

// PrintlnArgs prepares the arguments of fmt.Println and its like.
func PrintlnArgs(args []any) []any { return unwrapAll(args) }

func unwrapAll(args []any) []any {
	for i, a := range args {
		if u := shown(a); !same(a, u) {
			out := append([]any(nil), args...)
			for j := i; j < len(out); j++ {
				out[j] = shown(out[j])
			}
			return out
		}
	}
	return args
}

// shown is what package fmt prints of an argument: what it wraps, or holds.
func shown(a any) any {
	if v, ok := a.(reflect.Value); ok {
		return printed(v)
	}
	return Unwrap(a)
}

// same reports whether Unwrap found nothing to unwrap.
func same(a, u any) bool {
	if v, ok := a.(reflect.Value); ok {
		return inner(v).t == nil
	}
	_, box := u.(Box)
	if !box {
		return true
	}
	_, was := a.(Box)
	return was
}

// ErrorfArgs prepares the arguments of fmt.Errorf.
func (ts *Types) ErrorfArgs(format string, args []any) (string, []any) {
	format, args = FormatArgs(format, args)
	out := append([]any(nil), args...)
	for i, a := range out {
		if b, ok := a.(Box); ok {
			if err, ok := ts.errorOf(b); ok {
				out[i] = err
			}
		}
	}
	return format, out
}

// FormatArgs prepares the arguments of fmt.Printf and its like.
func FormatArgs(format string, args []any) (string, []any) {
	given := args
	args = unwrapAll(args)
	if !anyOwn(args) {
		return format, args
	}
	s := verbs{format: format, given: given, args: args, all: append([]any(nil), args...)}
	if !s.rewrite() {
		return format, args
	}
	if !s.reordered && s.arg < len(args) {
		s.extra()
	}
	if !s.changed {
		return format, args
	}
	return s.out.String(), s.all
}

// anyOwn reports whether there are values whose types are this package's.
func anyOwn(args []any) bool {
	for _, a := range args {
		switch a.(type) {
		case Box, RuntimeError, PlainError, TypeAssertionError:
			return true
		}
	}
	return false
}

// verbs rewrites a format so that every verb names its argument, and %T and %p
// of boxes name further arguments.
type verbs struct {
	format string
	given  []any // the arguments as they were given
	args   []any
	all    []any
	out    strings.Builder
	pos    int
	arg    int

	reordered bool // the format names arguments itself
	changed   bool
}

// rewrite reports false for a format of which package fmt would complain.
func (s *verbs) rewrite() bool {
	for s.pos < len(s.format) {
		c := s.format[s.pos]
		s.pos++
		s.out.WriteByte(c)
		if c == '%' && !s.verb() {
			return false
		}
	}
	return true
}

func (s *verbs) verb() bool {
	start := s.pos
	for s.pos < len(s.format) && strings.IndexByte("+-# 0", s.format[s.pos]) >= 0 {
		s.pos++
	}
	s.out.WriteString(s.format[start:s.pos])
	if !s.number() {
		return false
	}
	if s.pos < len(s.format) && s.format[s.pos] == '.' {
		s.out.WriteByte('.')
		s.pos++
		if !s.number() {
			return false
		}
	}
	if !s.index() || s.pos >= len(s.format) {
		return false
	}
	verb := s.format[s.pos]
	s.pos++
	if verb == '%' {
		s.out.WriteByte(verb)
		return true
	}
	if s.arg >= len(s.args) {
		return false
	}
	n := s.arg + 1
	switch b, ok := s.args[s.arg].(Box); {
	case ok && (verb == 'T' || verb == 'p'):
		x := b.V
		if verb == 'T' {
			x, verb = b.T.String(), 's'
			if v, ok := s.given[s.arg].(reflect.Value); ok {
				x = reflect.TypeOf(v).String()
			}
		}
		s.all, s.changed = append(s.all, x), true
		n = len(s.all)
	case verb == 'T' && runtimeType(s.args[s.arg]) != "":
		s.all, s.changed = append(s.all, runtimeType(s.args[s.arg])), true
		n, verb = len(s.all), 's'
	}
	s.arg++
	s.out.WriteString("[" + strconv.Itoa(n) + "]" + string(verb))
	return true
}

// extra writes fmt's complaint about arguments that no verb names.
func (s *verbs) extra() {
	s.changed = true
	s.out.WriteString("%%!(EXTRA ")
	for i := s.arg; i < len(s.args); i++ {
		if i > s.arg {
			s.out.WriteString(", ")
		}
		if s.args[i] == nil {
			s.out.WriteString("<nil>")
			continue
		}
		s.out.WriteString(dynamicText(s.args[i]) + "=%[" + strconv.Itoa(i+1) + "]v")
	}
	s.out.WriteString(")")
}

// number copies a width or precision.
func (s *verbs) number() bool {
	if !s.index() {
		return false
	}
	if s.pos < len(s.format) && s.format[s.pos] == '*' {
		s.pos++
		s.arg++
		s.out.WriteString("[" + strconv.Itoa(s.arg) + "]*")
		return true
	}
	for s.pos < len(s.format) && s.format[s.pos] >= '0' && s.format[s.pos] <= '9' {
		s.out.WriteByte(s.format[s.pos])
		s.pos++
	}
	return true
}

// index reads an explicit argument index.
func (s *verbs) index() bool {
	if s.pos >= len(s.format) || s.format[s.pos] != '[' {
		return true
	}
	end := strings.IndexByte(s.format[s.pos:], ']')
	if end < 0 {
		return false
	}
	n, err := strconv.Atoi(s.format[s.pos+1 : s.pos+end])
	if err != nil || n < 1 || n > len(s.args) {
		return false
	}
	s.arg, s.reordered = n-1, true
	s.pos += end + 1
	return true
}
