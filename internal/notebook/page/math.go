package page

import (
	"html"
	"regexp"
	"strconv"
	"strings"
)

// Markdown would take the underscores and stars of a formula for emphasis, so
// formulas are cut out before it is parsed and put back into its result, as
// Jupyter does. While they are away each is a word of private-use characters.

const (
	holeStart = "\uE2A0"
	holeEnd   = "\uE2A1"
)

var hole = regexp.MustCompile(holeStart + `(\d+)` + holeEnd)

// formula is TeX without its delimiters.
type formula struct {
	tex     string
	display bool
}

// mathDelimiters in the order in which they are tried.
var mathDelimiters = []struct {
	open, close string
	display     bool
}{
	{"$$", "$$", true},
	{`\\[`, `\\]`, true},
	{`\[`, `\]`, true},
	{`\\(`, `\\)`, false},
	{`\(`, `\)`, false},
	{"$", "$", false},
}

// cutMath returns the Markdown source with a hole for each formula. What
// stands in code or behind a backslash is left alone.
func cutMath(source string) (string, []formula) {
	source = strings.NewReplacer(holeStart, "", holeEnd, "").Replace(source)
	var out strings.Builder
	var cut []formula
	for i := 0; i < len(source); {
		if f, n := mathAt(source, i); n > 0 {
			out.WriteString(holeStart + strconv.Itoa(len(cut)) + holeEnd)
			cut = append(cut, f)
			i += n
			continue
		}
		n := max(codeAt(source, i), escapeAt(source, i), 1)
		out.WriteString(source[i : i+n])
		i += n
	}
	return out.String(), cut
}

// mathAt reads the formula that begins at source[i]; n is its length with
// delimiters, 0 if there is none. A formula does not run over an empty line.
func mathAt(source string, i int) (f formula, n int) {
	rest := source[i:]
	for _, d := range mathDelimiters {
		if !strings.HasPrefix(rest, d.open) {
			continue
		}
		body := rest[len(d.open):]
		end := closing(body, d.close)
		if end < 0 || d.open == "$" && !inline(body, end) {
			continue
		}
		return formula{strings.TrimSpace(body[:end]), d.display}, len(d.open) + end + len(d.close)
	}
	return formula{}, 0
}

// closing finds the delimiter that ends a formula, -1 if nothing does.
func closing(body, delimiter string) int {
	for i := 0; i < len(body); i++ {
		switch {
		case strings.HasPrefix(body[i:], delimiter):
			return i
		case body[i] == '\\':
			i++ // \$ is a dollar
		case body[i] == '\n' && strings.TrimLeft(body[i+1:], " \t") != "" &&
			strings.TrimLeft(body[i+1:], " \t")[0] == '\n':
			return -1
		}
	}
	return -1
}

// inline tells $x$ from prices: no space inside the dollars, no digit behind.
func inline(body string, end int) bool {
	if end == 0 || strings.ContainsAny(body[:1]+body[end-1:end], " \t\n") {
		return false
	}
	return end+1 == len(body) || body[end+1] < '0' || body[end+1] > '9'
}

// codeAt returns the length of the code that begins at source[i]: a fenced
// block or a span between equal runs of backticks.
func codeAt(source string, i int) int {
	rest := source[i:]
	if n := run(rest, '`'); n > 0 {
		return codeSpan(rest, n, n >= 3 && lineStart(source, i))
	}
	if n := run(rest, '~'); n >= 3 && lineStart(source, i) {
		return codeSpan(rest, n, true)
	}
	return 0
}

// codeSpan is the length of the code that opens with n marks. A fence that is
// not closed runs to the end; a run of backticks that nothing closes is text.
func codeSpan(rest string, n int, fenced bool) int {
	for i := n; i < len(rest); {
		m := run(rest[i:], rest[0])
		if m == n && !fenced || m >= n && fenced && lineStart(rest, i) {
			return i + m
		}
		i += max(m, 1)
	}
	if fenced {
		return len(rest)
	}
	return n
}

// run counts how often mark stands at the start of s.
func run(s string, mark byte) int {
	return len(s) - len(strings.TrimLeft(s, string(mark)))
}

// lineStart reports whether only spaces stand before source[i] in its line.
func lineStart(source string, i int) bool {
	line := source[strings.LastIndexByte(source[:i], '\n')+1 : i]
	return strings.Trim(line, " ") == ""
}

// escapeAt is 2 where a backslash takes the next character's meaning away.
func escapeAt(source string, i int) int {
	if source[i] == '\\' && i+1 < len(source) {
		return 2
	}
	return 0
}

// putMath fills the holes in HTML with rendered formulas.
func (r *renderer) putMath(page string, cut []formula) string {
	return hole.ReplaceAllStringFunc(page, func(s string) string {
		n, err := strconv.Atoi(hole.FindStringSubmatch(s)[1])
		if err != nil || n >= len(cut) {
			return ""
		}
		return r.formula(cut[n].tex, cut[n].display)
	})
}

// formula renders TeX, as its own source where nothing better is at hand.
func (r *renderer) formula(tex string, display bool) string {
	if r.opts.Math != nil {
		r.hasMath = true
		return r.opts.Math(tex, display)
	}
	return `<code class="tex">` + html.EscapeString(tex) + `</code>`
}
