package mathtext

import "strings"

// Alphabet returns the character that Unicode has for letter or digit r in
// font f, and r itself where it has none.
//
// Unicode keeps the alphabets of mathematics in one block, U+1D400…U+1D7FF,
// each in order, with holes where a letter had been encoded before.
func Alphabet(f Font, r rune) rune {
	if c, ok := earlier[f][r]; ok {
		return c
	}
	a := alphabets[f]
	switch {
	case a.capital != 0 && 'A' <= r && r <= 'Z':
		return a.capital + r - 'A'
	case a.small != 0 && 'a' <= r && r <= 'z':
		return a.small + r - 'a'
	case a.digit != 0 && '0' <= r && r <= '9':
		return a.digit + r - '0'
	case a.greek != 0:
		return greekLetter(a.greek, r)
	}
	return r
}

// AlphabetString is [Alphabet] for every character of s.
func AlphabetString(f Font, s string) string {
	return strings.Map(func(r rune) rune { return Alphabet(f, r) }, s)
}

// alphabets holds the first character of each range; zero means that the font
// has no such range. Greek starts with Α and goes on as in greekLetter.
var alphabets = map[Font]struct{ capital, small, digit, greek rune }{
	Italic:       {0x1D434, 0x1D44E, 0, 0x1D6E2},
	Bold:         {0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8},
	BoldItalic:   {0x1D468, 0x1D482, 0x1D7CE, 0x1D71C},
	Blackboard:   {0x1D538, 0x1D552, 0x1D7D8, 0},
	Calligraphic: {0x1D49C, 0x1D4B6, 0, 0},
	Fraktur:      {0x1D504, 0x1D51E, 0, 0},
	Sans:         {0x1D5A0, 0x1D5BA, 0x1D7E2, 0},
	Mono:         {0x1D670, 0x1D68A, 0x1D7F6, 0},
}

var earlier = map[Font]map[rune]rune{
	Italic: {'h': 'ℎ'},
	Blackboard: {
		'C': 'ℂ', 'H': 'ℍ', 'N': 'ℕ', 'P': 'ℙ', 'Q': 'ℚ', 'R': 'ℝ', 'Z': 'ℤ',
	},
	Calligraphic: {
		'B': 'ℬ', 'E': 'ℰ', 'F': 'ℱ', 'H': 'ℋ', 'I': 'ℐ', 'L': 'ℒ', 'M': 'ℳ',
		'R': 'ℛ', 'e': 'ℯ', 'g': 'ℊ', 'o': 'ℴ',
	},
	Fraktur: {'C': 'ℭ', 'H': 'ℌ', 'I': 'ℑ', 'R': 'ℜ', 'Z': 'ℨ'},
}

// greekLetter finds r in an alphabet that starts at first: capitals with ϴ
// after Ρ, ∇, small letters, and the variant forms.
func greekLetter(first, r rune) rune {
	const rest = "∂ϵϑϰϕϱϖ"
	switch {
	case 'Α' <= r && r <= 'Ω' && r != '\u03A2':
		return first + r - 'Α'
	case r == '∇':
		return first + 25
	case 'α' <= r && r <= 'ω':
		return first + 26 + r - 'α'
	}
	if i := strings.IndexRune(rest, r); i >= 0 {
		return first + 51 + rune(len([]rune(rest[:i])))
	}
	return r
}

// slants reports whether r is italic in the Default font.
func slants(r rune) bool {
	return 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' ||
		'α' <= r && r <= 'ω' || strings.ContainsRune("∂ϵϑϰϕϱϖ", r)
}

// Shape returns the characters with which a is drawn: its letters in its
// alphabet, where Default has been decided for each letter.
func (a Atom) Shape() string {
	if a.Font != Default || a.Class == Function {
		return AlphabetString(a.Font, a.Text)
	}
	return strings.Map(func(r rune) rune {
		if slants(r) {
			return Alphabet(Italic, r)
		}
		return r
	}, a.Text)
}
