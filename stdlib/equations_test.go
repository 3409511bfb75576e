package stdlib

import (
	"go/doc/comment"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/gocrate/gocrate/internal/mathtext"
)

// formulas returns the indented lines of a comment.
func formulas(d Documentation) string {
	var b strings.Builder
	for _, block := range d.parse().Content {
		if c, ok := block.(*comment.Code); ok {
			b.WriteString(c.Text)
		}
	}
	return b.String()
}

func isGreek(r rune) bool { return unicode.Is(unicode.Greek, r) && r != 'Σ' && r != 'Δ' }

// Whatever crate defines by a formula has it typeset too: the table cannot fall
// behind the code.
func TestEveryFormulaIsTypeset(t *testing.T) {
	n := 0
	for symbol, d := range packageDocs(cratePath) {
		derivatives := strings.HasSuffix(symbol, ".Backward") || symbol == "ISTA.Unfold"
		if symbol == "" || derivatives || !strings.ContainsFunc(formulas(*d), func(r rune) bool { return strings.ContainsRune("½√²‖∇←₁", r) || isGreek(r) }) {
			continue
		}
		n++
		if Equations(cratePath, symbol) == nil {
			t.Errorf("%s has no equation, but its comment has\n%s", symbol, formulas(*d))
		}
	}
	if n < 25 {
		t.Errorf("only %d symbols of crate have formulas in their comments", n)
	}
}

// The operators of the papers, by the names they have in crate.
func TestThePapersOperatorsHaveEquations(t *testing.T) {
	for _, symbol := range strings.Fields(`CodingRate CodingRateGrad SubspaceCodingRate SubspaceCodingRateGrad RateReduction
		SparseRateReduction SparseRateReductionL1 NonZeroFraction L1 ClassCodingRate MCR2 RateStep MSSA ISTA FoldedISTA MM MHSA
		MLP LayerNorm Layer Embed Head CrossEntropy MSSA.Forward ISTA.Forward Layer.Forward`) {
		if len(Equations(cratePath, symbol)) == 0 {
			t.Errorf("%s has no equation", symbol)
		}
	}
	if Equations(cratePath, "New") != nil || Equations("fmt", "L1") != nil {
		t.Error("there are equations where there are none")
	}
}

// An equation is read in full, and says with the same letters what the comment
// of its symbol says.
func TestEquationsAgreeWithTheComments(t *testing.T) {
	for symbol, all := range equations {
		d, ok := Doc(cratePath, symbol)
		if !ok {
			t.Errorf("crate has no %s", symbol)
			continue
		}
		written := norm.NFKD.String(d.Comment + d.Declaration)
		var typeset string
		for _, e := range all {
			plain := mathtext.Plain("$" + e.TeX + "$")
			if strings.ContainsAny(plain, `\&{}$`) && !strings.Contains(e.TeX, "cases") {
				t.Errorf("%s: %s is read as %s", symbol, e.TeX, plain)
			}
			if strings.Contains(mathtext.MathML(e.TeX, true), `\`) {
				t.Errorf("%s: unread commands in the MathML of %s", symbol, e.TeX)
			}
			if e.Source == "" {
				t.Errorf("%s: no source", symbol)
			}
			typeset += plain
		}
		typeset = norm.NFKD.String(typeset)
		for _, r := range typeset {
			if unicode.IsLetter(r) && !strings.ContainsRune(written, r) {
				t.Errorf("%s: the equation has %c, the comment has not:\n%s\n%s", symbol, r, typeset, formulas(d))
			}
		}
		for _, r := range norm.NFKD.String(formulas(d)) {
			if isGreek(r) && !strings.ContainsRune(typeset, r) {
				t.Errorf("%s: the comment has %c, the equations have not:\n%s", symbol, r, typeset)
			}
		}
	}
	if !slices.ContainsFunc(equations["MSSA"], func(e Equation) bool { return strings.HasSuffix(e.Source, "(12)") }) {
		t.Error("MSSA is not equation (12)")
	}
}
