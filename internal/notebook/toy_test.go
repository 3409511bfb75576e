package notebook

import (
	"context"
	"fmt"
	"strings"

	"github.com/gocrate/gocrate/kernel"
)

// toy is a language whose statements are the methods of [kernel.Output]: each
// line of a cell is a verb and its words.
type toy struct {
	kernel.Language // nil: only what is below is ever called
	outputs         []kernel.Output
}

func (*toy) Info() kernel.LanguageInfo {
	return kernel.LanguageInfo{Name: "go", Version: "1", FileExtension: ".go"}
}

func (l *toy) Execute(ctx context.Context, cell kernel.Cell, out kernel.Output) error {
	l.outputs = append(l.outputs, out)
	for line := range strings.Lines(cell.Code) {
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		id, text, _ := strings.Cut(rest, " ")
		switch verb {
		case "out":
			out.Stream(kernel.Stdout, rest+"\n")
		case "err":
			out.Stream(kernel.Stderr, rest+"\n")
		case "first": // speaks for the first cell
			l.outputs[0].Stream(kernel.Stdout, rest+"\n")
		case "show":
			out.Display(plain(id, text))
		case "update":
			out.Update(plain(id, text))
		case "result":
			out.Result(plain("", rest))
		case "clear":
			out.Clear(rest == "wait")
		case "flood":
			for range 1 + maxStream/len(flood) {
				out.Stream(kernel.Stdout, flood)
			}
		case "input":
			if _, err := out.Input(ctx, "?", false); err != nil {
				return err
			}
		case "fail":
			return &kernel.Error{Name: id, Value: text, Traceback: []string{fmt.Sprintf("In[%d]:1:1: %s", cell.Number, text)}}
		}
	}
	return ctx.Err()
}

var flood = strings.Repeat("0123456789abcde\n", 1<<10)

func plain(id, text string) kernel.Bundle {
	return kernel.Bundle{ID: id, Data: map[string]any{"text/plain": text}}
}

// cells makes a notebook of code cells. A first line "#tags a b" tags a cell.
func cells(sources ...string) *Notebook {
	nb := new(Notebook)
	for _, s := range sources {
		c := &Cell{Type: Code, Source: s}
		if tags, rest, ok := strings.Cut(s, "\n"); ok && strings.HasPrefix(tags, "#tags ") {
			var list []any
			for _, tag := range strings.Fields(tags)[1:] {
				list = append(list, tag)
			}
			c.Source, c.Metadata = rest, map[string]any{"tags": list}
		}
		nb.Cells = append(nb.Cells, c)
	}
	nb.giveIDs()
	return nb
}

// summary writes what the cells of a notebook show, one output a line.
func summary(nb *Notebook) string {
	var b strings.Builder
	for _, c := range nb.Cells {
		fmt.Fprintf(&b, "[%d]\n", c.Count)
		for _, o := range c.Outputs {
			switch o.Type {
			case Stream:
				fmt.Fprintf(&b, "%s %q\n", o.Name, o.Text)
			case Error:
				fmt.Fprintf(&b, "error %v\n", o.Err)
			default:
				fmt.Fprintf(&b, "%s %v\n", o.Type, o.Data["text/plain"])
			}
		}
	}
	return b.String()
}
