package golang

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"

	"github.com/gocrate/gocrate/internal/mathtext"
)

// A report in the formats of front ends. Nothing in it sets a colour, so that it
// reads in light and dark themes.

// plain is for consoles, and for the small window beside a list of completions.
func (r report) plain() string {
	parts := []string{r.declaration}
	if r.origin != "" {
		parts[0] += "\n// declared in " + r.origin
	}
	if len(r.value) > 0 {
		parts = append(parts, aligned(r.value))
	}
	for _, e := range r.equations {
		parts = append(parts, "    "+mathtext.Plain("$"+e.TeX+"$")+"\n    ("+e.Source+")")
	}
	return join(parts, r.doc.Text(), r.more)
}

func join(parts []string, others ...string) string {
	for _, p := range others {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "\n\n")
}

func aligned(lines []line) string {
	width := 0
	for _, l := range lines {
		width = max(width, utf8.RuneCountInString(l.what))
	}
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%-*s  %s", width, l.what, l.is)
	}
	return b.String()
}

// markdown has its formulas between dollars.
func (r report) markdown() string {
	parts := []string{fenced("go", r.declaration)}
	if r.origin != "" {
		parts = append(parts, "Declared in `"+r.origin+"`.")
	}
	if len(r.value) > 0 {
		parts = append(parts, fenced("", aligned(r.value)))
	}
	for _, e := range r.equations {
		parts = append(parts, "$$"+e.TeX+"$$", "*"+e.Source+"*")
	}
	more := ""
	if r.more != "" {
		more = fenced("go", r.more)
	}
	return join(parts, r.doc.Markdown(), more)
}

// fenced puts a text between fences that are longer than any in it.
func fenced(language, text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + language + "\n" + text + "\n" + fence
}

// The classes by which MathJax is told what it may typeset.
const (
	withoutMath = "mathjax_ignore tex2jax_ignore"
	withMath    = "mathjax_process tex2jax_process"
)

// html has its formulas between dollars too, and keeps all other dollars from
// being taken for formulas. JupyterLab removes MathML from a tooltip, but not its
// text, and typesets TeX.
func (r report) html() string {
	var b strings.Builder
	write := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	write("<div class=\"%s\">\n<pre>%s</pre>\n", withoutMath, html.EscapeString(r.declaration))
	if r.origin != "" {
		write("<p>Declared in <code>%s</code>.</p>\n", html.EscapeString(r.origin))
	}
	if len(r.value) > 0 {
		write("<table><tbody>\n")
		for _, l := range r.value {
			write("<tr><th style=\"text-align:left\">%s</th><td style=\"text-align:left\"><code>%s</code></td></tr>\n", html.EscapeString(l.what), html.EscapeString(l.is))
		}
		write("</tbody></table>\n")
	}
	for _, e := range r.equations {
		write("<div class=\"%s\">$$%s$$</div>\n<p><small>%s</small></p>\n", withMath, html.EscapeString(e.TeX), html.EscapeString(e.Source))
	}
	if text := r.doc.HTML(); text != "" {
		write("%s\n", text)
	}
	if r.more != "" {
		write("<pre>%s</pre>\n", html.EscapeString(r.more))
	}
	write("</div>")
	return b.String()
}
