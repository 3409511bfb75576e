package page

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
)

// escape is a terminal's control sequence: CSI … final, or OSC … terminator.
var escape = regexp.MustCompile("\x1b\\[([0-?]*)[ -/]*([@-~])|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|\x1b.")

// terminal renders text as a terminal would show it: colours become spans of
// the classes fg0…fg15, bg0…bg15, bold, faint, italic, underline; carriage
// returns and backspaces have overwritten what stood before them.
func terminal(text string) string {
	var out strings.Builder
	var pen style
	text = overwrite(text)
	at := 0
	for _, m := range escape.FindAllStringSubmatchIndex(text, -1) {
		pen.write(&out, text[at:m[0]])
		at = m[1]
		if m[2] >= 0 && text[m[4]:m[5]] == "m" {
			pen.set(text[m[2]:m[3]])
		}
	}
	pen.write(&out, text[at:])
	return out.String()
}

// overwrite applies \r and \b line by line.
func overwrite(text string) string {
	if !strings.ContainsAny(text, "\r\b") {
		return text
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		line = strings.TrimRight(line, "\r")
		line = line[strings.LastIndexByte(line, '\r')+1:]
		var kept []rune
		for _, c := range line {
			if c != '\b' {
				kept = append(kept, c)
			} else if len(kept) > 0 {
				kept = kept[:len(kept)-1]
			}
		}
		lines[i] = string(kept)
	}
	return strings.Join(lines, "\n")
}

// style is how a terminal writes at the moment. Colours are 0 for the default,
// otherwise one more than their number.
type style struct {
	fg, bg                         int
	bold, faint, italic, underline bool
}

func (s *style) write(out *strings.Builder, text string) {
	if text == "" {
		return
	}
	text = html.EscapeString(text)
	if class := s.class(); class != "" {
		text = `<span class="` + class + `">` + text + `</span>`
	}
	out.WriteString(text)
}

func (s *style) class() string {
	var names []string
	if s.fg > 0 {
		names = append(names, fmt.Sprintf("fg%d", s.fg-1))
	}
	if s.bg > 0 {
		names = append(names, fmt.Sprintf("bg%d", s.bg-1))
	}
	for _, flag := range []struct {
		on   bool
		name string
	}{{s.bold, "bold"}, {s.faint, "faint"}, {s.italic, "italic"}, {s.underline, "underline"}} {
		if flag.on {
			names = append(names, flag.name)
		}
	}
	return strings.Join(names, " ")
}

// set applies the parameters of a Select Graphic Rendition sequence. Colours
// beyond the sixteen of a terminal are left out.
func (s *style) set(parameters string) {
	codes := strings.Split(parameters, ";")
	for i := 0; i < len(codes); i++ {
		code, _ := strconv.Atoi(codes[i])
		if code == 38 || code == 48 {
			i += s.extended(code, codes[i+1:])
			continue
		}
		s.apply(code)
	}
}

func (s *style) apply(code int) {
	switch {
	case code == 0:
		*s = style{}
	case code == 1:
		s.bold = true
	case code == 2:
		s.faint = true
	case code == 3:
		s.italic = true
	case code == 4:
		s.underline = true
	case code == 22:
		s.bold, s.faint = false, false
	case code == 23:
		s.italic = false
	case code == 24:
		s.underline = false
	case 30 <= code && code <= 37:
		s.fg = code - 30 + 1
	case code == 39:
		s.fg = 0
	case 40 <= code && code <= 47:
		s.bg = code - 40 + 1
	case code == 49:
		s.bg = 0
	case 90 <= code && code <= 97:
		s.fg = code - 90 + 8 + 1
	case 100 <= code && code <= 107:
		s.bg = code - 100 + 8 + 1
	}
}

// extended applies a colour given as 5;n or 2;r;g;b and returns how many codes
// that took.
func (s *style) extended(code int, rest []string) int {
	switch {
	case len(rest) >= 2 && rest[0] == "5":
		if n, err := strconv.Atoi(rest[1]); err == nil && 0 <= n && n < 16 {
			if code == 38 {
				s.fg = n + 1
			} else {
				s.bg = n + 1
			}
		}
		return 2
	case len(rest) >= 4 && rest[0] == "2":
		return 4
	}
	return len(rest)
}
