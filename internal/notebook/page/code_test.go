package page

import (
	"html"
	"regexp"
	"strings"
	"testing"
)

func TestHighlight(t *testing.T) {
	for source, want := range map[string]string{
		`x := 1 // one`:              `x := <num>1</num> <com>// one</com>`,
		`if s == "a<b" {`:            `<key>if</key> s == <str>&#34;a&lt;b&#34;</str> {`,
		"`raw\nlines`":               "<str>`raw\nlines`</str>",
		`fmt.Println(len(s), nil)`:   `fmt.<fun>Println</fun>(<fun>len</fun>(s), <num>nil</num>)`,
		`var ε, c = 1e-3, 'π'`:       `<key>var</key> ε, c = <num>1e-3</num>, <str>&#39;π&#39;</str>`,
		`func f(x float64) error {}`: `<key>func</key> <fun>f</fun>(x <typ>float64</typ>) <typ>error</typ> {}`,
		"!echo 'x":                   `!echo <str>&#39;x</str>`,
	} {
		got := regexp.MustCompile(`<span class="(...)">((?s).*?)</span>`).ReplaceAllString(highlight(source, "go"), "<$1>$2</$1>")
		if got != want {
			t.Errorf("%s is\n%s, want\n%s", source, got, want)
		}
	}
	if got := highlight(`for x in "a"`, "python"); got != `for x in &#34;a&#34;` {
		t.Errorf("code of another language is %s", got)
	}
}

// Colours add nothing to the text and take nothing away, be it Go or not.
func FuzzHighlight(f *testing.F) {
	for _, source := range []string{"x := 1\r\n", "`a\r\nb` /* \r */", "\"open", "/* open", "%%html\n<b>", "\xff\x00é", ""} {
		f.Add(source)
	}
	span := regexp.MustCompile(`<span class="...">|</span>`)
	f.Fuzz(func(t *testing.T, source string) {
		got := html.UnescapeString(span.ReplaceAllString(highlight(source, "go"), ""))
		want := html.UnescapeString(html.EscapeString(strings.ReplaceAll(source, "\r", "")))
		if got != want {
			t.Errorf("%q became %q", want, got)
		}
	})
}
