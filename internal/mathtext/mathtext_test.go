package mathtext

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlain(t *testing.T) {
	for _, test := range []struct{ label, want string }{
		{`Layer index $\ell$`, "Layer index ℓ"},
		{`$R^c(\mathbf{Z}^{\ell+1/2} \mid \mathbf{U}_{[K]})$`, "R^c(Z^(ℓ+1/2) ∣ U_[K])"},
		{`$\|\mathbf{Z}\|_0 / (d N)$`, "‖Z‖_0/(dN)"},
		{`$\epsilon^2 = 0.01$`, "ϵ^2 = 0.01"},
		{`$\Delta R$`, "ΔR"},
		{`$x'$ and $x_i'^2$`, "x′ and x_i^(′2)"},
		{`$\frac{1}{2}\log\det(A)$`, "1/2log det (A)"},
		{`$\frac{a+b}{2}$`, "(a+b)/2"},
		{`$x^23$`, "x^23"},
		{`$\mathbf Zab$`, "Zab"},
		{`$\mathrm{abc}$ in $\text{two words}$`, "abc in two words"},
		{`$\text{if $x$ is even}$`, "if x is even"},
		{`$\begin{bmatrix}a&b\\c&d\end{bmatrix}$`, "[a b; c d]"},
		{`$\left( x \right.$`, "(x"},
		{`$\sqrt[3]{n}$`, "√n"},
		// What cannot be understood is shown.
		{`$\foo x$`, "foo x"},
		{`$a } b$`, "ab"},
		{`${a$`, "a"},
		{`$\frac{1}$`, "1/"},
		{`$\right) x$`, ")x"},
		{`$\begin{nosuch}x\end{nosuch}$`, "x"},
		{`5 $ and 6`, "5 $ and 6"},
		{`5 \$ and 6 \$`, "5 $ and 6 $"},
		{``, ""},
	} {
		if got := Plain(test.label); got != test.want {
			t.Errorf("Plain(%s) = %q, want %q", test.label, got, test.want)
		}
	}
}

func TestParse(t *testing.T) {
	z := func(f Font) Atom { return Atom{Text: "Z", Font: f} }
	for _, test := range []struct {
		tex  string
		want Node
	}{
		{`Z`, Row{z(Default)}},
		{`\mathbf{Z}`, Row{z(Bold)}},
		{`{\bf Z} Z`, Row{z(Bold), z(Default)}},
		{`12.5.`, Row{Atom{Text: "12.5"}, Atom{Text: "."}}},
		{`Z_1^2`, Row{Script{Base: z(Default), Sub: Atom{Text: "1"}, Sup: Atom{Text: "2"}}}},
		{`Z^2_1`, Row{Script{Base: z(Default), Sub: Atom{Text: "1"}, Sup: Atom{Text: "2"}}}},
		{`a % remark` + "\n b", Row{Atom{Text: "a"}, Atom{Text: "b"}}},
		{`\hat Z`, Row{Accent{Base: z(Default), Mark: '^'}}},
		{`\frac12`, Row{Fraction{Num: Atom{Text: "1"}, Den: Atom{Text: "2"}}}},
		{`\operatorname*{arg\,max}`, Row{Atom{Text: "arg max", Class: Function, Font: Upright, Limits: true}}},
		{`\bigl( Z \bigr)`, Row{Delimiter{"(", Open, 1.2}, z(Default), Delimiter{")", Close, 1.2}}},
		{`a \\ Z`, Table{Rows: [][]Node{{Row{Atom{Text: "a"}}}, {Row{z(Default)}}}, Align: "rl"}},
	} {
		if diff := cmp.Diff(test.want, Parse(test.tex)); diff != "" {
			t.Errorf("Parse(%s) (-want +got):\n%s", test.tex, diff)
		}
	}
}

func TestMathML(t *testing.T) {
	for _, test := range []struct{ tex, want string }{
		{`x`, `<mi>x</mi>`},
		{`\mathbf{Z}`, `<mi mathvariant="normal">𝐙</mi>`},
		{`\Delta`, `<mi mathvariant="normal">Δ</mi>`},
		{`\alpha`, `<mi>α</mi>`},
		{`3.14`, `<mn>3.14</mn>`},
		{`x^2`, `<msup><mi>x</mi><mn>2</mn></msup>`},
		{`x_i^2`, `<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>`},
		{`\frac{a}{b}`, `<mfrac><mi>a</mi><mi>b</mi></mfrac>`},
		{`\sqrt{x}`, `<msqrt><mi>x</mi></msqrt>`},
		{`a<b`, `<mrow><mi>a</mi><mo stretchy="false" lspace="0.278em" rspace="0.278em">&lt;</mo><mi>b</mi></mrow>`},
		{`\log x`, `<mrow><mi>log</mi><mspace width="0.167em"/><mi>x</mi></mrow>`},
		{`\log(x)`, `<mrow><mi>log</mi><mo form="prefix" stretchy="false">(</mo><mi>x</mi><mo form="postfix" stretchy="false">)</mo></mrow>`},
		{`\sum_i x`, `<mrow><munder><mo>∑</mo><mi>i</mi></munder><mi>x</mi></mrow>`},
		{`\text{a b}`, "<mtext>a\u00A0b</mtext>"},
		{`\hat{x}`, `<mover accent="true" accentunder="true"><mi>x</mi><mo stretchy="false">ˆ</mo></mover>`},
		{`a\log b`, `<mrow><mi>a</mi><mspace width="0.167em"/><mi>log</mi><mspace width="0.167em"/><mi>b</mi></mrow>`},
		{`\begin{matrix}a&b\end{matrix}`, `<mrow><mtable><mtr>` +
			`<mtd style="text-align:center;text-align:-webkit-center;padding-left:0em;padding-right:0.5em"><mi>a</mi></mtd>` +
			`<mtd style="text-align:center;text-align:-webkit-center;padding-left:0.5em;padding-right:0em"><mi>b</mi></mtd>` +
			`</mtr></mtable></mrow>`},
		{`\left(x\right)`, `<mrow><mo form="prefix" stretchy="true">(</mo><mi>x</mi><mo form="postfix" stretchy="true">)</mo></mrow>`},
		{`"<script>"`, `<mrow><mi mathvariant="normal">&#34;</mi><mo stretchy="false" lspace="0.278em" rspace="0.278em">&lt;</mo><mi>s</mi><mi>c</mi><mi>r</mi><mi>i</mi><mi>p</mi><mi>t</mi><mo stretchy="false" lspace="0.278em" rspace="0.278em">&gt;</mo><mi mathvariant="normal">&#34;</mi></mrow>`},
	} {
		want := `<math>` + test.want + `</math>`
		if got := MathML(test.tex, false); got != want {
			t.Errorf("MathML(%s)\n got %s\nwant %s", test.tex, got, want)
		}
	}
	if got := MathML("x", true); got != `<math display="block"><mi>x</mi></math>` {
		t.Errorf("displayed: got %s", got)
	}
}

// Elements with a fixed number of children get exactly that number, or a
// browser draws an error in the place of the formula.
var arity = map[string]int{
	"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3, "mroot": 2,
}

// checkMathML fails unless s is well-formed XML in which every arity is right.
func checkMathML(t *testing.T, tex, s string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(s))
	var names []string
	var children []int
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%q: %v in %s", tex, err, s)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if len(children) > 0 {
				children[len(children)-1]++
			}
			names, children = append(names, token.Name.Local), append(children, 0)
		case xml.EndElement:
			last := len(names) - 1
			if want, ok := arity[names[last]]; ok && children[last] != want {
				t.Fatalf("%q: <%s> has %d children, want %d: %s", tex, names[last], children[last], want, s)
			}
			names, children = names[:last], children[:last]
		}
	}
}

func TestLabels(t *testing.T) {
	list := labels(t)
	if len(list) < 60 {
		t.Fatalf("%d labels; want at least 60", len(list))
	}
	for _, label := range list {
		tex := strings.ReplaceAll(label, "$", "")
		checkMathML(t, tex, MathML(tex, true))
		plain := Plain(label)
		if plain == "" || strings.ContainsAny(plain, "{}") && !strings.Contains(label, "{ z") && !strings.Contains(label, "cases") {
			t.Errorf("Plain(%s) = %q", label, plain)
		}
		if strings.Contains(plain, `\`) {
			t.Errorf("Plain(%s) = %q has a command left in it", label, plain)
		}
	}
}

func labels(tb testing.TB) []string {
	data, err := os.ReadFile("testdata/labels.txt")
	if err != nil {
		tb.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(data)), "\n")
}

// Every character that a table of symbols maps to is one character, and every
// letter keeps its identity through an alphabet.
func TestAlphabets(t *testing.T) {
	for f := Upright; f <= Mono; f++ {
		seen := map[rune]rune{}
		for _, r := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzΓΔΘΛΞΠΣΦΨΩαβγδϵζηθικλμνξπρστυϕχψω∂∇" {
			c := Alphabet(f, r)
			if was, ok := seen[c]; ok {
				t.Errorf("font %d: %c and %c are both %c", f, was, r, c)
			}
			seen[c] = r
		}
	}
	for _, test := range []struct {
		font Font
		r    rune
		want rune
	}{
		{Italic, 'h', 'ℎ'}, {Bold, 'Z', '𝐙'}, {Blackboard, 'R', 'ℝ'}, {Blackboard, 'E', '𝔼'},
		{Calligraphic, 'L', 'ℒ'}, {BoldItalic, 'θ', '𝜽'}, {Italic, 'α', '𝛼'}, {Italic, '∂', '𝜕'},
		{Italic, 'ϵ', '𝜖'}, {Italic, 'ϕ', '𝜙'}, {Bold, 'Σ', '𝚺'}, {Bold, '∇', '𝛁'}, {Bold, '7', '𝟕'},
		{Fraktur, 'Z', 'ℨ'}, {Upright, 'Z', 'Z'},
	} {
		if got := Alphabet(test.font, test.r); got != test.want {
			t.Errorf("Alphabet(%d, %c) = %c, want %c", test.font, test.r, got, test.want)
		}
	}
}

func TestSymbolTables(t *testing.T) {
	for name, s := range symbols() {
		if s.class == Function {
			continue
		}
		if n := len([]rune(s.text)); n != 1 {
			t.Errorf(`\%s stands for %q: %d characters; a pair is out of step in its table`, name, s.text, n)
		}
	}
	for _, name := range []string{"alpha", "ell", "mid", "Vert", "leq", "sum", "nabla", "top", "rightarrow", "times", "lVert"} {
		if _, ok := symbols()[name]; !ok {
			t.Errorf(`\%s is missing`, name)
		}
	}
}

// However deep the nesting, the parser comes back.
func TestDepth(t *testing.T) {
	for _, deep := range []string{
		strings.Repeat("{", 100000), strings.Repeat(`\hat`, 100000), strings.Repeat("x^", 100000),
		strings.Repeat(`\left(`, 50000), strings.Repeat(`\sqrt[`, 10000), strings.Repeat(`\text{$`, 10000), strings.Repeat(`\begin{cases}`, 10000),
		strings.Repeat(`x^{`, 50000) + strings.Repeat("}", 50000),
	} {
		checkMathML(t, deep[:20], MathML(deep, true))
		Plain("$" + deep + "$")
	}
}

// FuzzMathML: any input gives well-formed MathML, and a plain text.
func FuzzMathML(f *testing.F) {
	for _, label := range labels(f) {
		f.Add(strings.ReplaceAll(label, "$", ""))
	}
	for _, odd := range []string{`}{`, `\`, `^`, `_^_`, `\left`, `\sqrt[`, `\text{`, "\\\x01", "\xff", `&\\&`, `\begin`, `\end{x}`, `'`, `\not`, `\big`, "\ufffe"} {
		f.Add(odd)
	}
	f.Fuzz(func(t *testing.T, tex string) {
		checkMathML(t, tex, MathML(tex, true))
		Plain(tex)
		Plain("$" + tex + "$")
	})
}
