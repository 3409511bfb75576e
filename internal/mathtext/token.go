package mathtext

import (
	"strings"
	"unicode/utf8"
)

type tokenKind int

const (
	tokenEnd     tokenKind = iota
	tokenChar              // any other character
	tokenCommand           // \name, or \ and one character
	tokenOpen              // {
	tokenClose             // }
	tokenSuper             // ^
	tokenSub               // _
	tokenPrime             // '
	tokenAlign             // &
	tokenNewline           // \\
)

type token struct {
	kind tokenKind
	text string // the character, or the command without its backslash
}

// ends reports whether t ends a cell or a group.
func (t token) ends() bool {
	switch t.kind {
	case tokenEnd, tokenClose, tokenAlign, tokenNewline:
		return true
	case tokenCommand:
		return t.text == "right" || t.text == "end"
	}
	return false
}

var special = map[rune]tokenKind{
	'{': tokenOpen, '}': tokenClose, '^': tokenSuper, '_': tokenSub, '\'': tokenPrime, '&': tokenAlign,
}

// peek returns the next token without taking it.
func (p *parser) peek() token {
	at := p.pos
	t := p.next()
	p.pos = at
	return t
}

// next takes a token; white space before it means nothing.
func (p *parser) next() token {
	p.skipSpace()
	if p.pos >= len(p.src) {
		return token{}
	}
	r, n := utf8.DecodeRuneInString(p.src[p.pos:])
	p.pos += n
	if r == '\\' {
		return p.commandToken()
	}
	if r == '~' {
		return token{tokenCommand, "~"}
	}
	kind, ok := special[r]
	if !ok {
		kind = tokenChar
	}
	return token{kind, printable(string(r))}
}

func (p *parser) commandToken() token {
	rest := p.src[p.pos:]
	n := len(rest) - len(strings.TrimLeft(rest, letters))
	if n == 0 && rest != "" {
		_, n = utf8.DecodeRuneInString(rest)
	}
	p.pos += n
	switch name := rest[:n]; name {
	case `\`:
		return token{tokenNewline, name}
	case "":
		return token{tokenChar, `\`}
	default:
		return token{tokenCommand, printable(name)}
	}
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// skipSpace passes white space and comments.
func (p *parser) skipSpace() {
	for p.pos < len(p.src) {
		switch p.src[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		case '%':
			n := strings.IndexByte(p.src[p.pos:], '\n')
			if n < 0 {
				n = len(p.src) - p.pos
			}
			p.pos += n
		default:
			return
		}
	}
}

// raw takes the text of a braced argument as it stands, without its braces.
func (p *parser) raw() string {
	if p.peek().kind != tokenOpen {
		if p.peek().ends() {
			return ""
		}
		return p.next().text
	}
	p.next()
	depth, start := 1, p.pos
	for ; p.pos < len(p.src); p.pos++ {
		switch p.src[p.pos] {
		case '\\':
			p.pos++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				p.pos++
				return p.src[start : p.pos-1]
			}
		}
	}
	p.pos = len(p.src)
	return p.src[start:]
}

// optional takes […] where it follows at once, and gives what is inside.
func (p *parser) optional() (string, bool) {
	p.skipSpace()
	if !strings.HasPrefix(p.src[p.pos:], "[") {
		return "", false
	}
	depth := 0
	for i, c := range []byte(p.src[p.pos:]) {
		switch {
		case c == '{':
			depth++
		case c == '}':
			depth--
		case c == ']' && depth <= 0:
			inside := p.src[p.pos+1 : p.pos+i]
			p.pos += i + 1
			return inside, true
		}
	}
	return "", false
}

// star takes the * of a starred command.
func (p *parser) star() bool {
	if strings.HasPrefix(p.src[p.pos:], "*") {
		p.pos++
		return true
	}
	return false
}
