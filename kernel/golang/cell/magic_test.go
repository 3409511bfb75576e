package cell

import (
	"strings"
	"testing"
)

func TestExpand(t *testing.T) {
	for code, want := range map[string]string{
		"x := 1":                        "x := 1",
		"!ls -l `x` \"y\"":              `magic.Shell("ls -l ` + "`x`" + ` \"y\"")`,
		"%cd ~/data\nx":                 "magic.Cd(\"~/data\")\nx",
		"x := 1\n  %who\ny":             "x := 1\nmagic.Who()\ny",
		"%time f(1)":                    "magic.Start(); f(1); magic.Stop()",
		"s := `\n!ls\n%cd\n`\n!ls":      "s := `\n!ls\n%cd\n`\nmagic.Shell(\"ls\")",
		"f(a,\n!b)":                     "f(a,\n!b)",
		"x := a &&\n!b":                 "x := a &&\n!b",
		"x := 7 *\n%y":                  "x := 7 *\n%y",
		"/*\n!ls\n*/":                   "/*\n!ls\n*/",
		"if x {\n!ls\n}":                "if x {\n!ls\n}", // not at the top
		"!echo 'it`s \"'\n!ls":          "magic.Shell(\"echo 'it`s \\\"'\")\nmagic.Shell(\"ls\")",
		"%%bash\nls\necho \"$x\"":       "magic.Shell(\"ls\\necho \\\"$x\\\"\")\n\n",
		"\n%%html\n<b>x</b>\n":          "magic.HTML(\"<b>x</b>\\n\")\n\n\n",
		"%%writefile a.txt\nx\n":        "magic.WriteFile(\"a.txt\", \"x\\n\")\n\n",
		"%%time\nf()":                   "magic.Start(); defer magic.Stop()\nf()",
		"%%\nfmt.Println(1)":            "\nfmt.Println(1)",
		"!done":                         "!done",
		"!done.ok(1)[true]":             "!done.ok(1)[true]",
		"!3":                            "!3",
		"d := 1\n!d":                    "d := 1\n!d",
		"!date":                         `magic.Shell("date")`,
		"!date.x":                       `magic.Shell("date.x")`,
		"%env A=b # c":                  `magic.Env("A=b # c")`,
		"x := 1 // why\n!ls":            "x := 1 // why\nmagic.Shell(\"ls\")",
		"func f() {}\n!ls\nfunc g() {}": "func f() {}\nmagic.Shell(\"ls\")\nfunc g() {}",
	} {
		got, err := Expand("In[1]", code, func(name string) bool { return name == "done" })
		if err != nil || got != want {
			t.Errorf("%q: got %q, %v, want %q", code, got, err, want)
		}
		if strings.Count(got, "\n") != strings.Count(code, "\n") {
			t.Errorf("%q: the number of lines has changed", code)
		}
		if blank := Blank(code); len(blank) != len(code) && len(strings.Split(blank, "\n")) != len(strings.Split(code, "\n")) {
			t.Errorf("%q: blank is %q", code, blank)
		}
	}
}

func TestExpandErrors(t *testing.T) {
	for code, want := range map[string]string{
		"x := 1\n  %sl":       "In[3]:2:3: unknown magic %sl; there are !command, %cd,",
		"%%julia\nx":          "In[3]:1:1: unknown magic %%julia; there are %%bash,",
		"%":                   "In[3]:1:1: a line that begins with % is a magic, such as %help",
		"%sl\n%matplotlib in": "In[3]:1:1: unknown magic %sl",
	} {
		if _, err := Expand("In[3]", code, func(string) bool { return false }); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", code, err, want)
		}
	}
}

func TestMagicsAreComplete(t *testing.T) {
	for code, want := range map[string]string{"!ls (": "complete", "%%bash\nfor x in": "complete", "!ls\nf(": "incomplete", "%sl": "invalid"} {
		if got, _ := Completeness(code); got != want {
			t.Errorf("%q is %s, want %s", code, got, want)
		}
	}
}

func FuzzExpand(f *testing.F) {
	for _, code := range []string{"!ls\nx := `\n%y`", "%%bash\nx", "%time f()", "\n\n%%", "!\x00\xff", "%env\r\n!x"} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		got, err := Expand("", code, func(string) bool { return false })
		if err == nil && strings.Count(got, "\n") != strings.Count(code, "\n") {
			t.Errorf("%q has become %q", code, got)
		}
		if len(Blank(code)) != len(code) {
			t.Errorf("%q blank is %q", code, Blank(code))
		}
	})
}
