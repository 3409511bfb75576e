package gogen

import (
	"embed"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A topic is a file of declarations and of statements that use them, with
// blanks for what is random:
//
//	«T»        a type: T and U without parts, O ordered, N a number, I an
//	           integer, C to compare with ==
//	«T=»       an expression of that type, or of one that is named, «int=»
//	«T#»       a constant of that type
//	«1-9»      a number
//	«a|b|c»    one of these texts, in which \| is a bar
//	@name      a local name of the statements
//	@@name     a name at the top level
//	@try       the function that runs another and prints its panic
//
// A letter that the declarations use means the same type in all statements.
type topic struct {
	name  string
	decls []string
	uses  []string
}

//go:embed topics/*.txt
var topicFiles embed.FS

var topics = readTopics()

func readTopics() []topic {
	var all []topic
	entries, err := topicFiles.ReadDir("topics")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		data, err := topicFiles.ReadFile("topics/" + e.Name())
		if err != nil {
			panic(err)
		}
		t := topic{name: strings.TrimSuffix(path.Base(e.Name()), ".txt")}
		for _, section := range strings.Split(string(data), "\n-- ")[1:] {
			kind, text, _ := strings.Cut(section, " --\n")
			if kind == "decl" {
				t.decls = append(t.decls, text)
			} else {
				t.uses = append(t.uses, text)
			}
		}
		all = append(all, t)
	}
	return all
}

// chosen is a topic of a program.
type chosen struct {
	topic
	types map[string]*typ // of the letters in its declarations
}

// central are the topics of which every program has two: what one function does
// through another, and what everything else is made of.
var central = []string{"captures", "funcvalues", "recovers", "words"}

// chooseTopics declares what some topics need.
func (g *gen) chooseTopics() {
	var first, others []topic
	for _, i := range g.r.Perm(len(topics)) {
		if slices.Contains(central, topics[i].name) {
			first = append(first, topics[i])
		} else {
			others = append(others, topics[i])
		}
	}
	for _, t := range append(first[:2], others[:1+g.r.Intn(2)]...) {
		c := chosen{t, map[string]*typ{}}
		for _, d := range c.decls {
			g.lines(g.fill(c, c.types, d))
		}
		g.topics = append(g.topics, c)
	}
}

// useTopic writes statements of a topic.
func (g *gen) useTopic() { g.use(choose(g, g.topics...)) }

func (g *gen) use(c chosen) {
	types := map[string]*typ{}
	for letter, t := range c.types {
		types[letter] = t
	}
	g.line("{")
	g.indent++
	g.lines(g.fill(c, types, choose(g, c.uses...)))
	g.indent--
	g.line("}")
}

func (g *gen) lines(text string) {
	for _, l := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		g.line("%s", l)
	}
}

var (
	blanks   = regexp.MustCompile(`«[^»]*»`)
	names    = regexp.MustCompile(`@@?[A-Za-z]\w*`)
	values   = regexp.MustCompile(`^([A-Za-z0-9|]+)([=#])$`)
	interval = regexp.MustCompile(`^(\d+)-(\d+)$`)
)

// fill fills the blanks of a text.
func (g *gen) fill(c chosen, types map[string]*typ, text string) string {
	text = blanks.ReplaceAllStringFunc(text, func(b string) string {
		return g.blank(types, strings.Trim(b, "«»"))
	})
	local := map[string]string{}
	return names.ReplaceAllStringFunc(text, func(n string) string {
		switch {
		case n == "@try":
			return g.prefix + "try"
		case strings.HasPrefix(n, "@@"):
			return g.prefix + c.name + "_" + n[2:]
		}
		if local[n] == "" {
			local[n] = g.name(n[1:])
		}
		return local[n]
	})
}

func (g *gen) blank(types map[string]*typ, b string) string {
	if m := values.FindStringSubmatch(b); m != nil {
		t := g.letter(types, choose(g, strings.Split(m[1], "|")...))
		if m[2] == "#" {
			return g.literal(t)
		}
		return g.paren(g.value(t, 2))
	}
	if m := interval.FindStringSubmatch(b); m != nil {
		low, _ := strconv.Atoi(m[1])
		high, _ := strconv.Atoi(m[2])
		return strconv.Itoa(low + g.r.Intn(high-low+1))
	}
	if _, ok := letters[b]; ok {
		return g.letter(types, b).text
	}
	b = strings.ReplaceAll(b, `\|`, "\x00")
	return strings.ReplaceAll(choose(g, strings.Split(b, "|")...), "\x00", "|")
}

// letters are the kinds of types that a letter may stand for.
var letters = map[string][]kind{
	"T": {boolKind, intKind, floatKind, stringKind},
	"U": {boolKind, intKind, floatKind, stringKind},
	"O": {intKind, floatKind, stringKind},
	"N": {intKind, floatKind},
	"I": {intKind},
	"C": {boolKind, intKind, stringKind},
}

// letter returns the type that a letter stands for, or the basic type of a name.
func (g *gen) letter(types map[string]*typ, name string) *typ {
	for _, t := range append([]*typ{boolType, stringType, floats[0], floats[1]}, integers...) {
		if t.text == name {
			return t
		}
	}
	if letters[name] == nil {
		panic(fmt.Sprintf("%q is no type", name))
	}
	for types[name] == nil {
		if t := g.basic(); slices.Contains(letters[name], t.kind) {
			types[name] = t
		}
	}
	return types[name]
}
