package page

import (
	"strings"
	"testing"
)

func TestMath(t *testing.T) {
	r := newRenderer(Options{Math: func(tex string, display bool) string {
		if display {
			return "{{D:" + tex + "}}"
		}
		return "{{" + tex + "}}"
	}})
	for _, tt := range []struct{ source, want string }{
		{"a $x_1 * y_2$ b", "<p>a {{x_1 * y_2}} b</p>"},
		{"$$\nR_1 = \\alpha\n- 1\n$$", "<p>{{D:R_1 = \\alpha\n- 1}}</p>"},
		{"text $$x$$ text", "<p>text {{D:x}} text</p>"},
		{`\(a_b\) and \[c_d\]`, "<p>{{a_b}} and {{D:c_d}}</p>"},
		{`\\(a_b\\)`, "<p>{{a_b}}</p>"},
		{"| $a_b$ | $c|d$ |\n|--|--|", "<table>\n<thead>\n<tr>\n<th>{{a_b}}</th>\n<th>{{c|d}}</th>\n</tr>\n</thead>\n</table>"},
		{"costs $5 and $6", "<p>costs $5 and $6</p>"},
		{"$5$6", "<p>$5$6</p>"},
		{"a $ b $ c", "<p>a $ b $ c</p>"},
		{`\$x$ and $y\$z$`, `<p>$x$ and {{y\$z}}</p>`},
		{"`$a_b$` and ``$`c`` $d$", "<p><code>$a_b$</code> and <code>$`c</code> {{d}}</p>"},
		{"`not code $a$", "<p>`not code {{a}}</p>"},
		{"```\n$a$\n```\n$b$", "<pre class=\"code\"><code>$a$</code></pre>\n<p>{{b}}</p>"},
		{"~~~\n$a$\n", "<pre class=\"code\"><code>$a$</code></pre>"},
		{"no end $x_1\n\nnext $ paragraph", "<p>no end $x_1</p>\n<p>next $ paragraph</p>"},
		{"$a<b$ & $\\text{\"q\"}$", "<p>{{a<b}} &amp; {{\\text{\"q\"}}}</p>"},
		{"*em $a*b$ em*", "<p><em>em {{a*b}} em</em></p>"},
		{"forged \uE2A00\uE2A1 hole", "<p>forged 0 hole</p>"},
	} {
		if got := strings.TrimSpace(r.markdown(tt.source, nil)); got != tt.want {
			t.Errorf("%q:\n got %q\nwant %q", tt.source, got, tt.want)
		}
	}
}

func TestMathWithoutRenderer(t *testing.T) {
	if got, want := newRenderer(Options{}).markdown("$a<b$", nil), "<p><code class=\"tex\">a&lt;b</code></p>\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzCutMath(f *testing.F) {
	for _, s := range []string{"a $x_1$ b", "$$\nx\n$$", "`$`$", "```\n$a$", `\(a\)\[`, "\\", "$\n\n$", "~~~~\n~~~"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		out, cut := cutMath(source)
		if got := len(hole.FindAllString(out, -1)); got != len(cut) {
			t.Fatalf("%d holes for %d formulas in %q", got, len(cut), out)
		}
		if !strings.ContainsAny(source, `$\`+holeStart+holeEnd) && out != source {
			t.Errorf("%q has no formula but became %q", source, out)
		}
	})
}
