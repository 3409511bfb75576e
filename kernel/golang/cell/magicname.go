package cell

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

var (
	magicMark = regexp.MustCompile(`(?:^|\n)[ \t]*(%%?)$`)
	magicName = regexp.MustCompile(`^\w*`)
)

// MagicAt returns the function of package magic for which the magic stands
// whose name the byte offset touches; "" if there is none.
func MagicAt(code string, offset int) string {
	start := IdentBefore(code, offset)
	table, _ := magicTable(code[:start])
	name := magicName.FindString(code[start:])
	if table != nil && name == "time" {
		return "Start"
	}
	return table[name]
}

// Magics returns the magics whose name could follow at the end of a text, and
// whether the text ends with the mark of one.
func Magics(before string) (names []string, ok bool) {
	table, ok := magicTable(before)
	if table == nil {
		return nil, ok
	}
	names = append(slices.Collect(maps.Keys(table)), "time")
	slices.Sort(names)
	return names, true
}

// magicTable returns the magics for which a text calls that ends with their
// mark, and whether it does: %% must be the head of the cell.
func magicTable(before string) (table map[string]string, ok bool) {
	m := magicMark.FindStringSubmatch(before)
	switch {
	case m == nil:
		return nil, false
	case m[1] == "%":
		return lineMagics, true
	case strings.TrimSpace(before) == "%%":
		return cellMagics, true
	}
	return nil, true
}
