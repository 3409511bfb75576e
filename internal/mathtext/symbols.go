package mathtext

import (
	"strings"
	"sync"
)

// symbol is what a command or a character without arguments stands for.
type symbol struct {
	text   string
	class  Class
	limits bool
}

// The tables below are pairs of a command's name and its character.

const ordinarySymbols = `
	alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ
	vartheta ϑ iota ι kappa κ varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π
	varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ
	chi χ psi ψ omega ω
	Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ
	Omega Ω
	ell ℓ hbar ℏ imath ı jmath ȷ Re ℜ Im ℑ aleph ℵ wp ℘ natural ♮ partial ∂ nabla ∇
	infty ∞ emptyset ∅ varnothing ∅ forall ∀ exists ∃ neg ¬ lnot ¬ top ⊤ bot ⊥
	angle ∠ triangle △ prime ′ dagger † ddagger ‡ dots … ldots … cdots ⋯ vdots ⋮
	ddots ⋱ backslash \ | ‖ Vert ‖ vert | degree ° checkmark ✓ square □
	blacksquare ■ star ⋆ bullet • S § % % # # & & _ _ $ $`

const binarySymbols = `
	pm ± mp ∓ times × div ÷ cdot · ast ∗ circ ∘ odot ⊙ otimes ⊗ oplus ⊕
	ominus ⊖ cap ∩ cup ∪ wedge ∧ land ∧ vee ∨ lor ∨ setminus ∖ sqcup ⊔
	uplus ⊎ amalg ⨿`

const relationSymbols = `
	leq ≤ le ≤ geq ≥ ge ≥ leqslant ⩽ geqslant ⩾ neq ≠ ne ≠ equiv ≡ approx ≈
	sim ∼ simeq ≃ cong ≅ propto ∝ ll ≪ gg ≫ in ∈ notin ∉ ni ∋ subset ⊂
	subseteq ⊆ supset ⊃ supseteq ⊇ mid ∣ parallel ∥ perp ⊥ doteq ≐ triangleq ≜
	coloneqq ≔ models ⊨ vdash ⊢ prec ≺ preceq ⪯ succ ≻ succeq ⪰
	to → rightarrow → gets ← leftarrow ← leftrightarrow ↔ Rightarrow ⇒
	implies ⟹ Leftarrow ⇐ Leftrightarrow ⇔ iff ⟺ mapsto ↦ longrightarrow ⟶
	hookrightarrow ↪ uparrow ↑ downarrow ↓ nearrow ↗ searrow ↘ colon :`

const largeSymbols = `
	sum ∑ prod ∏ coprod ∐ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigwedge ⋀
	bigvee ⋁`

const integralSymbols = `int ∫ iint ∬ oint ∮`

const openSymbols = `
	{ { lbrace { langle ⟨ lfloor ⌊ lceil ⌈ lVert ‖ lvert | lbrack [`

const closeSymbols = `
	} } rbrace } rangle ⟩ rfloor ⌋ rceil ⌉ rVert ‖ rvert | rbrack ]`

const functionNames = `
	log ln lg exp det dim ker deg gcd arg hom sin cos tan cot sec csc sinh cosh
	tanh arcsin arccos arctan Pr`

const limitNames = `max min sup inf lim limsup liminf argmax argmin`

var symbols = sync.OnceValue(func() map[string]symbol {
	m := map[string]symbol{}
	pairs := func(list string, class Class, limits bool) {
		f := strings.Fields(list)
		for i := 0; i+1 < len(f); i += 2 {
			m[f[i]] = symbol{f[i+1], class, limits}
		}
	}
	pairs(ordinarySymbols, Ordinary, false)
	pairs(binarySymbols, Binary, false)
	pairs(relationSymbols, Relation, false)
	pairs(largeSymbols, Large, true)
	pairs(integralSymbols, Large, false)
	pairs(openSymbols, Open, false)
	pairs(closeSymbols, Close, false)
	for _, name := range strings.Fields(functionNames) {
		m[name] = symbol{name, Function, false}
	}
	for _, name := range strings.Fields(limitNames) {
		m[name] = symbol{name, Function, true}
	}
	return m
})

// characters is symbols turned round: what a character typed as itself is.
var characters = sync.OnceValue(func() map[string]symbol {
	m := map[string]symbol{
		"-": {"−", Binary, false}, "−": {"−", Binary, false},
		"+": {"+", Binary, false}, "*": {"∗", Binary, false},
		"=": {"=", Relation, false}, "<": {"<", Relation, false}, ">": {">", Relation, false},
		":": {":", Relation, false}, ",": {",", Punctuation, false}, ";": {";", Punctuation, false},
		"(": {"(", Open, false}, "[": {"[", Open, false},
		")": {")", Close, false}, "]": {"]", Close, false}, "!": {"!", Close, false}, "?": {"?", Close, false},
	}
	for _, list := range []string{binarySymbols, relationSymbols, largeSymbols, integralSymbols} {
		for i, f := range strings.Fields(list) {
			if _, ok := m[f]; i%2 == 1 && !ok {
				m[f] = symbols()[strings.Fields(list)[i-1]]
			}
		}
	}
	for _, pair := range []string{"⟨⟩", "⌊⌋", "⌈⌉"} {
		r := []rune(pair)
		m[string(r[0])] = symbol{string(r[0]), Open, false}
		m[string(r[1])] = symbol{string(r[1]), Close, false}
	}
	return m
})

var alphabetCommands = map[string]Font{
	"mathrm": Upright, "mathup": Upright, "mathnormal": Italic, "mathit": Italic,
	"mathbf": Bold, "boldsymbol": BoldItalic, "bm": BoldItalic, "pmb": BoldItalic,
	"mathbb": Blackboard, "mathds": Blackboard, "mathcal": Calligraphic, "mathscr": Calligraphic,
	"mathfrak": Fraktur, "mathsf": Sans, "mathtt": Mono,
}

// oldAlphabets are TeX's switches, which hold until the group ends.
var oldAlphabets = map[string]Font{
	"bf": Bold, "rm": Upright, "it": Italic, "cal": Calligraphic, "sf": Sans, "tt": Mono,
}

var textCommands = map[string]Font{
	"text": Upright, "textrm": Upright, "textnormal": Upright, "mbox": Upright, "hbox": Upright,
	"textbf": Bold, "textit": Italic, "emph": Italic, "textsf": Upright, "texttt": Mono,
}

var accentCommands = map[string]Accent{
	"hat": {Mark: '^'}, "widehat": {Mark: '^', Wide: true},
	"tilde": {Mark: '~'}, "widetilde": {Mark: '~', Wide: true},
	"bar": {Mark: '¯'}, "overline": {Mark: '¯', Wide: true},
	"underline": {Mark: '_', Wide: true, Under: true},
	"dot":       {Mark: '˙'}, "ddot": {Mark: '¨'}, "vec": {Mark: '→'},
	"check": {Mark: 'ˇ'}, "breve": {Mark: '˘'}, "acute": {Mark: '´'}, "grave": {Mark: '`'},
	"overrightarrow": {Mark: '→', Wide: true},
	"underbrace":     {Mark: '⏟', Wide: true, Under: true},
	"overbrace":      {Mark: '⏞', Wide: true},
}

// spaces are in quads; an 18th of a quad is TeX's mu.
var spaces = map[string]float64{
	",": 3. / 18, "thinspace": 3. / 18, ":": 4. / 18, ">": 4. / 18, ";": 5. / 18,
	"!": -3. / 18, " ": 6. / 18, "~": 6. / 18, "enspace": .5, "quad": 1, "qquad": 2,
}

var bigCommands = map[string]float64{"big": 1.2, "Big": 1.8, "bigg": 2.4, "Bigg": 3}

// silent commands change what we do not model, or nothing that is seen.
var silent = map[string]bool{
	"displaystyle": true, "textstyle": true, "scriptstyle": true, "limits": true, "nolimits": true,
	"nonumber": true, "notag": true, "hline": true, "strut": true, "mathstrut": true,
}
