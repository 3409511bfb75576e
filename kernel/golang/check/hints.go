package check

import (
	"fmt"
	"go/ast"
	"go/types"
	"regexp"
	"strings"
)

// otherLanguages are words that other languages have in place of Go's.
var otherLanguages = map[string]string{
	"None": "Go writes nil", "null": "Go writes nil", "NULL": "Go writes nil", "nullptr": "Go writes nil", "undefined": "Go writes nil",
	"self": "the receiver has the name that the method gives it: func (t *T) Method()", "this": "the receiver has the name that the method gives it: func (t *T) Method()",
	"double": "Go writes float64", "float": "Go writes float64 or float32", "char": "Go writes byte or rune", "long": "Go writes int64", "str": "Go writes string", "boolean": "Go writes bool",
	"pi": "it is math.Pi", "printf": "it is fmt.Printf", "puts": "it is fmt.Println",
}

// syntaxHints are what the beginnings of other languages' sentences are in Go.
// The first whose message and line match is given.
var syntaxHints = []struct {
	msg, line *regexp.Regexp
	hint      string
}{
	{nil, regexp.MustCompile(`^\s*while\b`), "Go's while is for: for x < 3 { … }"},
	{nil, regexp.MustCompile(`^\s*(def|function|fn|fun)\b`), "a function is written: func name(x float64) float64 { … }"},
	{nil, regexp.MustCompile(`^\s*(let|auto|val)\b`), "a variable is declared by x := value, or var x T"},
	{nil, regexp.MustCompile(`^\s*(class)\b`), "Go has no classes: declare type T struct { … } and methods func (t T) Name()"},
	{nil, regexp.MustCompile(`^\s*(try|except|catch|raise|throw)\b`), "errors are values: x, err := f(); if err != nil { … }"},
	{nil, regexp.MustCompile(`^\s*from\b.*\bimport\b`), `Go writes: import "path"`},
	{nil, regexp.MustCompile(`^\s*import\s+\w+\s+as\s+\w+`), `Go writes: import name "path"`},
	{nil, regexp.MustCompile(`^\s*import\s+\w+\s*$`), `Go writes: import "path"`},
	{nil, regexp.MustCompile(`^\s*for\b.*\bin\b`), "Go writes: for i, x := range xs { … }"},
	{nil, regexp.MustCompile(`^\s*for\s*\(.*;`), "Go's for has no parentheses: for i := 0; i < n; i++ { … }"},
	{nil, regexp.MustCompile(`\}?\s*(elif|elsif|elseif)\b`), "Go writes: else if"},
	{nil, regexp.MustCompile(`^\s*(print|println|echo|puts)\s+["\w]`), "a call has parentheses: fmt.Println(x)"},
	{regexp.MustCompile(`illegal character.*'\?'`), nil, "Go has no ?: operator: use if and else"},
	{regexp.MustCompile(`found '(\+\+|--)'`), nil, "Go writes i++ behind the variable, as a statement of its own"},
	{nil, regexp.MustCompile(`(\+\+|--)\s*[-+*/)\]]`), "i++ is a statement, not an expression: put it on a line of its own"},
	{regexp.MustCompile(`found ':='`), regexp.MustCompile(`^\s*(const|var)\b`), "behind const and var stands =, not :="},
	{regexp.MustCompile(`expected boolean expression, found assignment`), nil, "== compares, = assigns"},
	{regexp.MustCompile(`expected operand, found '\{'`), nil, "a literal begins with its type: []int{1, 2}"},
	{regexp.MustCompile(`expected operand, found '='`), regexp.MustCompile(`=\s+=`), "== is written without a space"},
	{regexp.MustCompile(`must be function call`), nil, "call it: add () at the end"},
	{regexp.MustCompile(`string literal not terminated`), nil, "a text over several lines stands between backquotes: `…`"},
}

// syntaxHint says what to write where the parser stumbled, if that is known.
func syntaxHint(msg, line string, col int) string {
	for _, h := range syntaxHints {
		if (h.msg == nil || h.msg.MatchString(msg)) && (h.line == nil || h.line.MatchString(line)) {
			return h.hint
		}
	}
	return ""
}

// remedies give hints for errors of types, by what the message matches. In a
// hint, $1 is what the message's first group matched.
var remedies = []struct {
	msg  *regexp.Regexp
	hint string
}{
	{regexp.MustCompile(`^missing return$`), "every way through the function must end in a return, or a panic"},
	{regexp.MustCompile(`^cannot use .* \(untyped nil\)|^cannot use nil as (\w+) value`), "only pointers, slices, maps, channels, functions and interfaces can be nil"},
	{regexp.MustCompile(`^use of untyped nil`), "give it a type: var x *T, var xs []float64, var err error"},
	{regexp.MustCompile(`^cannot use .* as (u?int\d*|float\d+|byte|rune) value .*\(truncated\)`), "round it first: $1(math.Round(x))"},
	{regexp.MustCompile(`^cannot use (\S+) \((?:variable|value) of type (?:u?int\d*|float\d+|byte|rune)\) as (u?int\d*|float\d+|byte|rune) value`), "convert it: $2($1)"},
	{regexp.MustCompile(`^cannot use (\S+) \((?:variable|value) of type (?:u?int\d*|float\d+|byte|rune)\) as string value`), "make a text of it: fmt.Sprint($1)"},
	{regexp.MustCompile(`^cannot use ("[^"]*") \(untyped string constant\) as (u?int\d*|float\d+|byte|rune) value`), "a number is written without quotes; strconv.Atoi and strconv.ParseFloat read one from a text"},
	{regexp.MustCompile(`^cannot convert .*string.* to type (u?int\d*)$`), "strconv.Atoi reads a number from a text"},
	{regexp.MustCompile(`^cannot convert .*string.* to type (float\d+)$`), "strconv.ParseFloat reads a number from a text"},
	{regexp.MustCompile(`^cannot convert .*(?:float|bool).* to type string$`), "fmt.Sprint makes a text of any value"},
	{regexp.MustCompile(`^cannot convert .* to type bool$`), "compare: x != 0"},
	{regexp.MustCompile(`\(mismatched types .*time\.Duration.*\)|\(mismatched types time\.Duration`), "convert the number: time.Duration(n) * time.Second"},
	{regexp.MustCompile(`^\S+ \(untyped float constant\) truncated to int64$`), "a time.Duration is a whole number: write 1500*time.Millisecond"},
	{regexp.MustCompile(`\(mismatched types (?:untyped )?string and .*(?:int|float).*\)|\(mismatched types .*(?:int|float)\d* and (?:untyped )?string\)`), "make a text of the number: strconv.Itoa(n) or fmt.Sprint(x)"},
	{regexp.MustCompile(`\(mismatched types (u?int\d*|float\d+) and (u?int\d*|float\d+)\)`), "convert one of the two: $1(x)"},
	{regexp.MustCompile(`\(method (\w+) has pointer receiver\)`), "$1 is a method of the pointer: use the address, &x or &T{…}"},
	{regexp.MustCompile(`^cannot call pointer method (\w+) on`), "$1 needs an address: keep the value in a variable first"},
	{regexp.MustCompile(`^assignment mismatch: 1 variable but (\S+) returns 2 values`), "take both: x, err := $1(…), or leave one out: x, _ :="},
	{regexp.MustCompile(`^append\(.* is not used$`), "append returns the longer slice: xs = append(xs, x)"},
	{regexp.MustCompile(`^(.*) is not used$`), "assign it or print it; only the last expression of a cell is shown"},
	{regexp.MustCompile(`slice can only be compared to nil`), "compare the elements: slices.Equal(a, b)"},
	{regexp.MustCompile(`map can only be compared to nil`), "compare the elements: maps.Equal(a, b)"},
	{regexp.MustCompile(`struct containing .* cannot be compared`), "compare the fields, or use reflect.DeepEqual"},
	{regexp.MustCompile(`^non-boolean condition`), "a condition is a comparison: x != 0"},
	{regexp.MustCompile(`^no new variables on left side of :=`), "the variable exists: assign with ="},
	{regexp.MustCompile(`^non-name .* on left side of :=`), "it exists: assign with ="},
	{regexp.MustCompile(`^cannot assign to (\S+)\[.*neither addressable nor a map index`), "a string does not change: b := []byte($1), change b, and string(b)"},
	{regexp.MustCompile(`^invalid recursive type`), "a type cannot hold itself: use a pointer or a slice"},
	{regexp.MustCompile(`^cannot use generic type (\w+)\[.* without instantiation`), "say for which type: $1[int]"},
	{regexp.MustCompile(`^in call to (\S+), cannot infer`), "name the type: $1[int](…)"},
	{regexp.MustCompile(`\(incomparable types in type set\)`), "constrain the type parameter: [T comparable]"},
	{regexp.MustCompile(`^(?:break|continue) not in`), "return ends a function, and a cell"},
	{regexp.MustCompile(`^cannot range over (\S+) \(.*float`), "count with an integer: for i := range int($1)"},
	{regexp.MustCompile(`^label (\w+) declared and not used`), "remove it, or use it: break $1"},
	{regexp.MustCompile(`^operator \+ not defined on \[\]|operator \+ not defined on .*value of type \[\]`), "join slices by append(a, b...); add numbers in a loop"},
	{regexp.MustCompile(`^invalid operation: operator % not defined on .*float`), "use math.Mod(x, y)"},
	{regexp.MustCompile(`^cannot define new methods on non-local type (\S+)`), "declare a type of your own: type T $1"},
	{regexp.MustCompile(`^cannot use .* \(untyped int constant\) as (?:uint\d*|byte) value .*\(overflows\)`), "an unsigned type holds no such number: use int"},
	{regexp.MustCompile(`as int value \(overflows\)`), "use float64(…), or package math/big"},
}

// remedy returns the hint for an error, or "".
func (b *builder) remedy(e types.Error) string {
	if hint := b.hintShadowed(e); hint != "" {
		return hint
	}
	for _, r := range remedies {
		if m := r.msg.FindStringSubmatchIndex(e.Msg); m != nil {
			return string(r.msg.ExpandString(nil, r.hint, e.Msg, m))
		}
	}
	return ""
}

// hintShadowed helps where a variable hides the function or the package that
// was meant.
func (b *builder) hintShadowed(e types.Error) string {
	if name, ok := strings.CutPrefix(e.Msg, "invalid operation: cannot call "); ok {
		name, _, _ = strings.Cut(name, " ")
		if _, ok := types.Universe.Lookup(name).(*types.Builtin); ok {
			return fmt.Sprintf("%s is a variable here and hides the built-in function; rename the variable", name)
		}
	}
	return ""
}

// hintHiddenPackage helps with x.Name where a variable x hides a package.
func (b *builder) hintHiddenPackage(sel *ast.SelectorExpr) string {
	id, ok := sel.X.(*ast.Ident)
	if !ok {
		return ""
	}
	paths := b.lib.ByName(id.Name)
	if len(paths) == 0 {
		return ""
	}
	pkg, err := b.lib.Import(paths[0])
	if err != nil || pkg.Scope().Lookup(sel.Sel.Name) == nil {
		return ""
	}
	return fmt.Sprintf("%s is a variable here and hides the package; rename the variable", id.Name)
}
