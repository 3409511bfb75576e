package notebook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/gocrate/gocrate/kernel"
)

// maxFile bounds the notebooks that are read; one of that size holds some
// thousand figures.
const maxFile = 512 << 20

// ReadFile reads the notebook stored at path.
func ReadFile(path string) (*Notebook, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	nb, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return nb, nil
}

// Read reads a notebook of nbformat 4. One that is older than 4.5 becomes
// 4.5: its cells are given ids.
func Read(r io.Reader) (*Notebook, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("the notebook is larger than %d MB: clear its outputs", maxFile>>20)
	}
	nb := new(Notebook)
	if err := nb.decode(data); err != nil {
		return nil, fmt.Errorf("not a notebook that can be read: %w", err)
	}
	nb.giveIDs()
	return nb, nil
}

func (nb *Notebook) decode(data []byte) error {
	var major int
	var cells []json.RawMessage
	f, err := readFields(data)
	if err != nil {
		return err
	}
	err = errors.Join(f.take("nbformat", &major), f.take("nbformat_minor", &nb.Minor),
		f.take("metadata", &nb.Metadata), f.take("cells", &cells))
	if err != nil {
		return err
	}
	if major != 4 {
		return fmt.Errorf("nbformat is %d, expected 4: open the file in Jupyter and save it once", major)
	}
	for i, raw := range cells {
		c := new(Cell)
		if err := c.decode(raw); err != nil {
			return fmt.Errorf("cell %d: %w", i+1, err)
		}
		nb.Cells = append(nb.Cells, c)
	}
	nb.extra = f
	return nil
}

func (c *Cell) decode(data []byte) error {
	var outputs []json.RawMessage
	f, err := readFields(data)
	if err != nil {
		return err
	}
	err = errors.Join(f.take("cell_type", &c.Type), f.take("id", &c.ID),
		f.take("source", (*text)(&c.Source)), f.take("metadata", &c.Metadata),
		f.take("attachments", &c.Attachments))
	if err == nil && c.Type == Code {
		err = errors.Join(f.take("execution_count", &c.Count), f.take("outputs", &outputs))
	}
	if err != nil {
		return err
	}
	for i, raw := range outputs {
		o := new(Output)
		if err := o.decode(raw); err != nil {
			return fmt.Errorf("output %d: %w", i+1, err)
		}
		c.Outputs = append(c.Outputs, o)
	}
	c.extra = f
	return nil
}

func (o *Output) decode(data []byte) error {
	f, err := readFields(data)
	if err != nil {
		return err
	}
	if err := f.take("output_type", &o.Type); err != nil {
		return err
	}
	switch o.Type {
	case Stream:
		err = errors.Join(f.take("name", &o.Name), f.take("text", (*text)(&o.Text)))
	case Display, Result:
		err = errors.Join(f.take("data", &o.Data), f.take("metadata", &o.Metadata))
		joinLines(o.Data)
		if o.Type == Result {
			err = errors.Join(err, f.take("execution_count", &o.Count))
		}
	case Error:
		o.Err = new(kernel.Error)
		err = errors.Join(f.take("ename", &o.Err.Name), f.take("evalue", &o.Err.Value),
			f.take("traceback", &o.Err.Traceback))
	}
	o.extra = f
	return err
}

// fields holds the fields of a JSON object that nobody has taken yet.
type fields map[string]json.RawMessage

func readFields(data []byte) (fields, error) {
	var f fields
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, err
	}
	if f == nil {
		return nil, errors.New("expected a JSON object, found null")
	}
	return f, nil
}

// take decodes the named field into v and removes it from f. A missing field
// and null leave v as it is.
func (f fields) take(name string, v any) error {
	raw, ok := f[name]
	if !ok {
		return nil
	}
	delete(f, name)
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber() // numbers in metadata go back as they came
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// text is a string that nbformat stores as a list of lines or as one string.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	var lines []string
	if json.Unmarshal(data, &lines) == nil {
		*t = text(strings.Join(lines, ""))
		return nil
	}
	return json.Unmarshal(data, (*string)(t))
}

// joinLines makes one string of every text in a MIME bundle.
func joinLines(data map[string]any) {
	for mime, v := range data {
		list, ok := v.([]any)
		if !ok || isJSON(mime) {
			continue
		}
		var b strings.Builder
		for _, line := range list {
			s, _ := line.(string)
			b.WriteString(s)
		}
		data[mime] = b.String()
	}
}

// isJSON reports whether a bundle's content of that type is any JSON value
// rather than text.
func isJSON(mime string) bool {
	return mime == "application/json" || strings.HasSuffix(mime, "+json")
}
