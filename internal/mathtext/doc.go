// Package mathtext reads the part of TeX's mathematical language that axis
// labels and notebook formulas use, and writes it as MathML or as plain text.
// Package typeset, below it, draws the same formulas with embedded fonts.
//
// # The language
//
// Scripts and primes; braces; Greek; the symbols of linear algebra,
// probability and optimisation; alphabets (\mathbf, \mathbb, \mathcal, \mathrm,
// \boldsymbol, \text, \operatorname, …); accents (\hat, \bar, \tilde, …);
// fractions, roots and binomials; fences (\left … \right, \big); matrices,
// cases and aligned equations; braces above and below; spaces.
//
// # Errors
//
// There are none. A formula is read while somebody is looking at a figure, so
// what cannot be understood is shown rather than refused: an unknown command
// becomes its own name, a missing brace is supplied, a stray one is dropped.
package mathtext
