package notebook

import (
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
)

// WriteFile stores the notebook at path, making its directory where needed. A
// file that is there is replaced in one step, so that a failure loses nothing.
func (nb *Notebook) WriteFile(path string) error {
	return WriteFileFunc(path, nb.Write)
}

// WriteFileFunc replaces the file at path by what write writes, in one step.
func WriteFileFunc(path string, write func(io.Writer) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".gocrate-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil { // CreateTemp makes it private
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// Write writes the notebook as Jupyter does: sorted keys, one space a level,
// text as lists of lines, so that versions of it compare well.
func (nb *Notebook) Write(w io.Writer) error {
	nb.giveIDs()
	cells := make([]any, len(nb.Cells))
	for i, c := range nb.Cells {
		cells[i] = c.object()
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(nb.extra.with(map[string]any{
		"cells":          cells,
		"metadata":       orEmpty(nb.Metadata),
		"nbformat":       4,
		"nbformat_minor": nb.Minor,
	}))
}

func (c *Cell) object() map[string]any {
	m := map[string]any{
		"cell_type": c.Type,
		"id":        c.ID,
		"metadata":  orEmpty(c.Metadata),
		"source":    lines(c.Source),
	}
	if c.Attachments != nil {
		m["attachments"] = c.Attachments
	}
	if c.Type == Code {
		outputs := make([]any, len(c.Outputs))
		for i, o := range c.Outputs {
			outputs[i] = o.object()
		}
		m["outputs"] = outputs
		m["execution_count"] = orNull(c.Count)
	}
	return c.extra.with(m)
}

func (o *Output) object() map[string]any {
	m := map[string]any{"output_type": o.Type}
	switch o.Type {
	case Stream:
		m["name"], m["text"] = o.Name, lines(o.Text)
	case Display, Result:
		m["data"], m["metadata"] = splitLines(o.Data), orEmpty(o.Metadata)
		if o.Type == Result {
			m["execution_count"] = orNull(o.Count)
		}
	case Error:
		m["ename"], m["evalue"] = o.Err.Name, o.Err.Value
		m["traceback"] = append([]string{}, o.Err.Traceback...)
	}
	return o.extra.with(m)
}

// with returns m together with the fields that nobody has taken.
func (f fields) with(m map[string]any) map[string]any {
	for name, raw := range f {
		if _, ok := m[name]; !ok {
			m[name] = raw
		}
	}
	return m
}

// splitLines returns a MIME bundle with every text as a list of lines.
func splitLines(data map[string]any) map[string]any {
	out := maps.Clone(orEmpty(data))
	for mime, v := range out {
		if s, ok := v.(string); ok && isText(mime) {
			out[mime] = lines(s)
		}
	}
	return out
}

// isText reports whether nbformat stores that type as lines.
func isText(mime string) bool {
	return strings.HasPrefix(mime, "text/") || mime == "image/svg+xml" || mime == "application/javascript"
}

// lines cuts s behind every newline; no text is no line.
func lines(s string) []string {
	out := strings.SplitAfter(s, "\n")
	if out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// orNull is an execution count as nbformat stores it.
func orNull(count int) any {
	if count == 0 {
		return nil
	}
	return count
}
