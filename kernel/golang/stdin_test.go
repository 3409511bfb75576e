package golang_test

import "testing"

// TestStandardInput reads what the user types through everything that takes a
// reader. The recorder answers each question with the same line.
func TestStandardInput(t *testing.T) {
	n := newNotebook(t)
	n.value("import (\"bufio\"; \"io\")\nvar in *bufio.Reader")
	for _, test := range []struct{ code, want string }{
		{"var s, u string\nfmt.Scan(&s, &u)\ns + \" \" + u", "typed after"},
		{"in = bufio.NewReader(os.Stdin)\nline, _ := in.ReadString('\\n')\nline", "typed after \n"},
		{"again, _ := in.ReadString('\\n')\nlen(again)", "13"},
		{"scanner := bufio.NewScanner(os.Stdin)\nscanner.Scan()\nscanner.Text()", "typed after "},
		{"b := make([]byte, 5)\nk, _ := os.Stdin.Read(b)\nstring(b[:k])", "typed"},
		{"var w string\nfmt.Fscan(os.Stdin, &w)\nw", "typed"},
		{"var r io.Reader = os.Stdin\nr.Read(b)\nstring(b)", "typed"},
		{"read := func(from io.Reader) string { k, _ := from.Read(b); return string(b[:k]) }\nread(os.Stdin)", "typed"},
		{"os.Stdin.Name()", "/dev/stdin"},
	} {
		if got := n.value(test.code); got != test.want {
			t.Errorf("%s\ngives %q, want %q", test.code, got, test.want)
		}
	}
}
