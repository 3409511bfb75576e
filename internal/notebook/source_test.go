package notebook

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFromMarkdown(t *testing.T) {
	nb, err := FromMarkdown("# Title\n\nText.\n\n```go parameters hide-input\nx := 1\n\ny := \"```\"\n```\n```go\nx\n```\n\n```sh\nmake run\n```go\n\n\nEnd")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range nb.Cells {
		got = append(got, fmt.Sprintf("%s %v %s", c.Type, c.Metadata["tags"], c.Source))
		if c.ID == "" {
			t.Errorf("cell %q has no id", c.Source)
		}
	}
	want := []string{
		"markdown <nil> # Title\n\nText.",
		"code [parameters hide-input] x := 1\n\ny := \"```\"",
		"code <nil> x",
		"markdown <nil> ```sh\nmake run\n```go\n\n\nEnd",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
}

func TestFromMarkdownKeepsSolutionsFolded(t *testing.T) {
	const folded = "<details><summary>Solution</summary>\n\n```go\nx := 2\n```\n\n</details>"
	nb, err := FromMarkdown("```go exercise\nx := 1\n```\n\n" + folded + "\n\n```go\nx\n```\n")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range nb.Cells {
		got = append(got, string(c.Type)+" "+c.Source)
	}
	if diff := cmp.Diff([]string{"code x := 1", "markdown " + folded, "code x"}, got); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
}

func TestFromMarkdownErrors(t *testing.T) {
	if _, err := FromMarkdown("text\n\n```go\nx := 1\n"); err == nil || !strings.Contains(err.Error(), "line 3: ") {
		t.Errorf("error %v, want one about line 3", err)
	}
}
