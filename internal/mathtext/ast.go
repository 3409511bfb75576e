package mathtext

// Node is a piece of a formula: a [Row], [Atom], [Words], [Script],
// [Fraction], [Root], [Accent], [Fence], [Delimiter], [Space] or [Table].
type Node interface{ isNode() }

// Row is a horizontal list.
type Row []Node

// Atom is one symbol, one number or one upright word such as "log".
type Atom struct {
	Text  string
	Class Class
	Font  Font
	// Limits says that scripts belong above and below the atom in a displayed
	// formula, as for ∑ and max.
	Limits bool
}

// Words is a piece of \text{…}: set in the text font, its spaces kept.
type Words struct {
	Text string
	Font Font
}

// Script is Base with a subscript, a superscript or both; what is absent is nil.
type Script struct {
	Base, Sub, Sup Node
	// Stacked puts the scripts below and above Base wherever it stands, as
	// \underset and the note of an \underbrace do.
	Stacked bool
}

// Fraction is Num over Den.
type Fraction struct {
	Num, Den Node
	Size     FractionSize
	Bare     bool // no line: a binomial coefficient without its parentheses
}

// FractionSize is what distinguishes \frac, \tfrac and \dfrac.
type FractionSize int

// The sizes of a fraction: as its surroundings ask, small, and large.
const (
	AutoFraction FractionSize = iota
	TextFraction
	DisplayFraction
)

// Root is the Degree-th root of Radicand; a square root has a nil Degree.
type Root struct{ Radicand, Degree Node }

// Accent is Base under Mark, or over it.
type Accent struct {
	Base  Node
	Mark  rune // the spacing character: ^ ~ ¯ ˙ → ⏟ …
	Wide  bool // as wide as Base
	Under bool
}

// Fence is \left Open Body Right \right: delimiters as tall as what they
// enclose. Either may be empty.
type Fence struct {
	Open, Close string
	Body        Node
}

// Delimiter is a delimiter of a chosen height, as \big( gives; Em is zero for
// \middle, which is as tall as the Fence around it.
type Delimiter struct {
	Text  string
	Class Class
	Em    float64
}

// Space is Em quads of white; it may be negative.
type Space struct{ Em float64 }

// Table is a matrix, a list of cases or a set of aligned equations.
type Table struct {
	Open, Close string
	Rows        [][]Node
	// Align has one of 'l', 'c', 'r' for each column; it is repeated when
	// there are more columns.
	Align string
	// Gap is the space between columns in quads.
	Gap float64
}

func (Row) isNode()       {}
func (Atom) isNode()      {}
func (Words) isNode()     {}
func (Script) isNode()    {}
func (Fraction) isNode()  {}
func (Root) isNode()      {}
func (Accent) isNode()    {}
func (Fence) isNode()     {}
func (Delimiter) isNode() {}
func (Space) isNode()     {}
func (Table) isNode()     {}

// Class is what TeX calls the type of an atom; it decides the space around it.
type Class int

// The classes, in TeX's order.
const (
	Ordinary Class = iota
	Large          // ∑ ∏ ∫
	Binary         // + × ·
	Relation       // = ≤ ∈ ∣
	Open
	Close
	Punctuation
	Function // log, max: an upright word
)

// Font is a mathematical alphabet.
type Font int

// The alphabets. Default is italic for Latin and small Greek letters and
// upright for everything else.
const (
	Default Font = iota
	Upright
	Italic
	Bold
	BoldItalic
	Blackboard
	Calligraphic
	Fraktur
	Sans
	Mono
)

// ClassOf is the class that n has for the spacing of its neighbours.
func ClassOf(n Node) Class {
	switch n := n.(type) {
	case Atom:
		return n.Class
	case Delimiter:
		return n.Class
	case Script:
		return ClassOf(n.Base)
	case Accent:
		return ClassOf(n.Base)
	case Row:
		if len(n) == 1 {
			return ClassOf(n[0])
		}
	}
	return Ordinary
}
