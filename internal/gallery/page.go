package main

import (
	"encoding/base64"
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/gocrate/gocrate/internal/notebook"
)

// page is a notebook that has run, as Markdown with pictures beside it.
type page struct {
	dir      string // of the pictures, from the page
	text     strings.Builder
	pictures []picture

	heading string         // the last one
	used    map[string]int // how many pictures each heading has
}

type picture struct {
	file string
	data []byte
}

func pageOf(nb *notebook.Notebook, dir string) *page {
	p := &page{dir: dir, used: map[string]int{}}
	for _, c := range nb.Cells {
		if c.Type == notebook.Markdown {
			p.prose(c.Source)
		} else {
			p.code(c)
		}
	}
	return p
}

func (p *page) prose(text string) {
	p.text.WriteString(strings.TrimSpace(text) + "\n\n")
	for line := range strings.Lines(text) {
		if title, ok := strings.CutPrefix(line, "#"); ok {
			p.heading = strings.TrimSpace(strings.TrimLeft(title, "#"))
		}
	}
}

func (p *page) code(c *notebook.Cell) {
	block := fenced("go", c.Source)
	if c.HasTag("folded") {
		block = "<details>\n<summary>Code</summary>\n\n" + block + "</details>\n\n"
	}
	p.text.WriteString(block)
	for _, o := range c.Outputs {
		p.output(o)
	}
}

func (p *page) output(o *notebook.Output) {
	if o.Text != "" {
		p.text.WriteString(fenced("text", o.Text))
	}
	alt, _ := o.Data["text/plain"].(string)
	for _, format := range []string{"gif", "png"} {
		text, _ := o.Data["image/"+format].(string)
		if data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), "")); err == nil && len(data) > 0 {
			p.show(data, format, alt, o.Metadata["image/"+format])
			return
		}
	}
	if alt != "" {
		p.text.WriteString(fenced("text", alt))
	}
}

// show puts a picture on the page, at the width that it asks for.
func (p *page) show(data []byte, format, alt string, metadata any) {
	file := p.fileName(format)
	p.pictures = append(p.pictures, picture{file, data})
	width := ""
	if size, ok := metadata.(map[string]any); ok && size["width"] != nil {
		width = fmt.Sprintf(` width="%v"`, size["width"])
	}
	alt = html.EscapeString(strings.Join(strings.Fields(alt), " "))
	fmt.Fprintf(&p.text, "<img src=\"%s/%s\"%s alt=\"%s\">\n\n", p.dir, file, width, alt)
}

var noName = regexp.MustCompile(`[^a-z0-9]+`)

// fileName is made of the words of the heading.
func (p *page) fileName(format string) string {
	words := strings.Trim(noName.ReplaceAllString(strings.ToLower(p.heading), "-"), "-")
	p.used[words]++
	if n := p.used[words]; n > 1 {
		words = fmt.Sprintf("%s-%d", words, n)
	}
	return words + "." + format
}

func fenced(language, text string) string {
	return "```" + language + "\n" + strings.TrimRight(text, "\n") + "\n```\n\n"
}
