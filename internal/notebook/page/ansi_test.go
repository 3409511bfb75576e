package page

import (
	"html"
	"regexp"
	"strings"
	"testing"
)

func TestTerminal(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"plain <&>", "plain &lt;&amp;&gt;"},
		{"\x1b[31mred\x1b[0m no", `<span class="fg1">red</span> no`},
		{"\x1b[1;92;44mx", `<span class="fg10 bg4 bold">x</span>`},
		{"\x1b[mx\x1b[2;3;4my\x1b[22;23;24mz", `x<span class="faint italic underline">y</span>z`},
		{"\x1b[38;5;9mx\x1b[39my", `<span class="fg9">x</span>y`},
		{"\x1b[38;2;1;2;3;1mx", `<span class="bold">x</span>`},
		{"\x1b[48;5;200mx", "x"},
		{"\x1b[2K\x1b[1Ax\x1b]0;title\x07y\x1b(z", "xyz"},
		{"10%\r20%\r30%\nnext", "30%\nnext"},
		{"a\r\nb\r\n", "a\nb\n"},
		{"abc\b\bX", "aX"},
		{"\b\bé\bü", "ü"},
	} {
		if got := terminal(tt.in); got != tt.want {
			t.Errorf("terminal(%q) = %s, want %s", tt.in, got, tt.want)
		}
	}
}

var spans = regexp.MustCompile(`<span class="[a-z0-9 ]+">|</span>`)

// Only spans of ours come out, each closed, however wild the input.
func FuzzTerminal(f *testing.F) {
	for _, s := range []string{"\x1b[31mred\x1b[0m", "\x1b[38;5;", "\x1b[999999999999m", "\r\b\n", "<span>", "\x1b]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out := terminal(in)
		if strings.Count(out, "<span") != strings.Count(out, "</span>") {
			t.Errorf("spans of %q are not closed: %s", in, out)
		}
		text := spans.ReplaceAllString(out, "")
		if html.EscapeString(html.UnescapeString(text)) != text {
			t.Errorf("%q is not escaped: %s", in, text)
		}
	})
}
