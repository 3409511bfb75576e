package page

import (
	"html"
	"strings"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// codeBlock is source in a box of its own.
func codeBlock(source, language string) string {
	return `<pre class="code"><code>` + highlight(strings.TrimRight(source, "\n"), language) + `</code></pre>`
}

// highlight renders source code as spans of the classes that [codeClass]
// names. Code in a language that nobody knows is only escaped.
func highlight(source, language string) string {
	lexer := lexers.Get(language)
	if lexer == nil || language == "" {
		return html.EscapeString(source)
	}
	tokens, err := chroma.Coalesce(lexer).Tokenise(&chroma.TokeniseOptions{State: "root"}, source)
	if err != nil {
		return html.EscapeString(source)
	}
	var out strings.Builder
	for token := tokens(); token != chroma.EOF; token = tokens() {
		text := html.EscapeString(token.Value)
		if class := codeClass(token.Type); class != "" {
			text = `<span class="` + class + `">` + text + `</span>`
		}
		out.WriteString(text)
	}
	return out.String()
}

// codeClass sorts tokens into the few kinds that are worth a colour.
func codeClass(t chroma.TokenType) string {
	switch {
	case t.InCategory(chroma.Comment):
		return "com"
	case t.InSubCategory(chroma.LiteralString):
		return "str"
	case t.InSubCategory(chroma.LiteralNumber), t == chroma.KeywordConstant:
		return "num"
	case t == chroma.KeywordType, t == chroma.NameClass:
		return "typ"
	case t.InCategory(chroma.Keyword):
		return "key"
	case t.InSubCategory(chroma.NameFunction), t.InSubCategory(chroma.NameBuiltin):
		return "fun"
	}
	return ""
}
