package page

import (
	"go/scanner"
	"go/token"
	"go/types"
	"html"
	"strings"
)

// codeBlock is source in a box of its own.
func codeBlock(source, language string) string {
	return `<pre class="code"><code>` + highlight(strings.TrimRight(source, "\n"), language) + `</code></pre>`
}

// highlight renders Go as spans of the classes that [codeClass] names. Code in
// another language is only escaped.
func highlight(source, language string) string {
	if language != "go" {
		return html.EscapeString(source)
	}
	source = strings.ReplaceAll(source, "\r", "") // the scanner drops some of them
	var out strings.Builder
	done := 0
	for _, t := range scan(source) {
		out.WriteString(html.EscapeString(source[done:t.start]))
		text := html.EscapeString(source[t.start:t.end])
		if class := codeClass(t, strings.HasPrefix(source[t.end:], "(")); class != "" {
			text = `<span class="` + class + `">` + text + `</span>`
		}
		out.WriteString(text)
		done = t.end
	}
	return out.String() + html.EscapeString(source[done:])
}

// lexeme is a token and where it is.
type lexeme struct {
	token.Token
	text       string
	start, end int
}

// scan lists the tokens of source, which may be wrong.
func scan(source string) []lexeme {
	file := token.NewFileSet().AddFile("", -1, len(source))
	var s scanner.Scanner
	s.Init(file, []byte(source), nil, scanner.ScanComments)
	var all []lexeme
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return all
		}
		if !tok.IsLiteral() && !tok.IsKeyword() && tok != token.COMMENT {
			continue // nothing to colour
		}
		start := file.Offset(pos)
		all = append(all, lexeme{tok, text, start, start + len(text)})
	}
}

// codeClass sorts tokens into the few kinds that are worth a colour.
func codeClass(t lexeme, called bool) string {
	switch {
	case t.Token == token.COMMENT:
		return "com"
	case t.Token == token.STRING, t.Token == token.CHAR:
		return "str"
	case t.Token == token.IDENT:
		return nameClass(t.text, called)
	case t.IsLiteral():
		return "num"
	}
	return "key"
}

// nameClass knows the names that every Go program has.
func nameClass(name string, called bool) string {
	switch types.Universe.Lookup(name).(type) {
	case *types.TypeName:
		return "typ"
	case *types.Const, *types.Nil:
		return "num"
	case *types.Builtin:
		return "fun"
	}
	if called {
		return "fun"
	}
	return ""
}
