package notebook

import (
	"fmt"
	"os"
	"strings"
)

// ReadMarkdown reads a notebook's source from a file, see [FromMarkdown].
func ReadMarkdown(path string) (*Notebook, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	nb, err := FromMarkdown(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return nb, nil
}

// FromMarkdown makes a notebook from its source in Markdown: each block fenced
// as Go is a code cell, what stands between is a Markdown cell. Words behind
// the language are the cell's tags:
//
//	```go parameters
//	epochs := 30
//	```
//
// Blocks in other languages stay part of the text, and so do all blocks between
// lines that begin with <details> and </details>: solutions, which a reader
// unfolds.
func FromMarkdown(source string) (*Notebook, error) {
	s := sourceReader{nb: new(Notebook), cell: &Cell{Type: Markdown}}
	n := 0
	for line := range strings.Lines(source) {
		n++
		s.line(n, line)
	}
	if s.cell.Type == Code {
		return nil, fmt.Errorf("line %d: the block of Go is not closed: expected ```", s.opened)
	}
	s.begin(Code)
	s.nb.giveIDs()
	return s.nb, nil
}

// sourceReader collects the lines of one cell after the other.
type sourceReader struct {
	nb      *Notebook
	cell    *Cell
	opened  int  // the line on which the block of Go begins
	foreign bool // in a block of another language
	folded  bool // in <details>
}

func (s *sourceReader) line(n int, line string) {
	info, fence := strings.CutPrefix(strings.TrimRight(line, "\r\n"), "```")
	words := strings.Fields(info)
	if s.cell.Type == Markdown && !s.foreign {
		s.folded = strings.HasPrefix(line, "<details>") || s.folded && !strings.HasPrefix(line, "</details>")
	}
	switch {
	case fence && s.cell.Type == Code && len(words) == 0:
		s.begin(Markdown)
		return
	case fence && s.cell.Type == Markdown && !s.foreign && !s.folded && len(words) > 0 && words[0] == "go":
		s.begin(Code)
		s.cell.tag(words[1:])
		s.opened = n
		return
	case fence && s.cell.Type == Markdown:
		s.foreign = !s.foreign
	}
	s.cell.Source += line
}

// begin adds the cell to the notebook, unless it is empty, and starts another.
func (s *sourceReader) begin(next CellType) {
	s.cell.Source = strings.Trim(s.cell.Source, "\r\n")
	if s.cell.Source != "" {
		s.nb.Cells = append(s.nb.Cells, s.cell)
	}
	s.cell = &Cell{Type: next}
}

func (c *Cell) tag(tags []string) {
	var list []any
	for _, t := range tags {
		list = append(list, t)
	}
	if list != nil {
		c.Metadata = map[string]any{"tags": list}
	}
}
