package notebook

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/gocrate/gocrate/kernel"
)

// Notebook is a notebook in memory.
type Notebook struct {
	Cells    []*Cell
	Metadata map[string]any
	Minor    int // the y of nbformat 4.y; at least 5, the first with cell ids

	extra fields
}

// Cell is one cell. Outputs and Count belong to code cells.
type Cell struct {
	Type        CellType
	ID          string
	Source      string
	Metadata    map[string]any
	Attachments map[string]map[string]any // file name -> MIME type -> content
	Outputs     []*Output
	Count       int // the n of In[n]; 0 if the cell has not run

	extra fields
}

// CellType says what a cell's source is.
type CellType string

const (
	Code     CellType = "code"
	Markdown CellType = "markdown"
	Raw      CellType = "raw"
)

// Output is one thing that a code cell has shown. Which fields it uses
// depends on its type.
type Output struct {
	Type     OutputType
	Name     kernel.StreamName // Stream
	Text     string            // Stream
	Data     map[string]any    // Display and Result: MIME type -> content
	Metadata map[string]any    // Display and Result
	Count    int               // Result: the n of Out[n]
	Err      *kernel.Error     // Error

	stream strings.Builder // what Text shares its bytes with while it grows
	extra  fields
}

// OutputType is the nbformat name of a kind of output.
type OutputType string

const (
	Stream  OutputType = "stream"
	Display OutputType = "display_data"
	Result  OutputType = "execute_result"
	Error   OutputType = "error"
)

// HasTag reports whether the cell carries tag in its metadata.
func (c *Cell) HasTag(tag string) bool {
	tags, _ := c.Metadata["tags"].([]any)
	return slices.Contains(tags, any(tag))
}

// Runs reports whether executing the notebook executes the cell: it is code,
// it is not empty and it is not tagged skip-execution.
func (c *Cell) Runs() bool {
	return c.Type == Code && strings.TrimSpace(c.Source) != "" && !c.HasTag("skip-execution")
}

// Language returns the language that the notebook says it is written in, ""
// where it does not say.
func (nb *Notebook) Language() string {
	for _, at := range [][2]string{{"kernelspec", "language"}, {"language_info", "name"}} {
		section, _ := nb.Metadata[at[0]].(map[string]any)
		if name, _ := section[at[1]].(string); name != "" {
			return name
		}
	}
	return ""
}

// SetKernel writes into the notebook's metadata what runs it, so that Jupyter
// opens it with that kernel. A kernel that is already named stays.
func (nb *Notebook) SetKernel(name, displayName string, info kernel.LanguageInfo) {
	if nb.Metadata == nil {
		nb.Metadata = map[string]any{}
	}
	if _, ok := nb.Metadata["kernelspec"]; !ok {
		nb.Metadata["kernelspec"] = map[string]any{
			"name": name, "display_name": displayName, "language": info.Name,
		}
	}
	nb.Metadata["language_info"] = map[string]any{
		"name":            info.Name,
		"version":         info.Version,
		"mimetype":        info.MIMEType,
		"file_extension":  info.FileExtension,
		"pygments_lexer":  info.PygmentsLexer,
		"codemirror_mode": info.CodeMirrorMode,
	}
}

// giveIDs gives every cell without an id of its own one that depends on
// nothing but its place and text, so that reading the same file twice gives
// the same notebook.
func (nb *Notebook) giveIDs() {
	nb.Minor = max(nb.Minor, 5)
	taken := map[string]bool{"": true}
	for i, c := range nb.Cells {
		for salt := 0; taken[c.ID]; salt++ {
			h := fnv.New32a()
			fmt.Fprintf(h, "%d %d %s", i, salt, c.Source)
			c.ID = fmt.Sprintf("%08x", h.Sum32())
		}
		taken[c.ID] = true
	}
}
