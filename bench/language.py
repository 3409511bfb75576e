#!/usr/bin/env python3
"""How fast the language runs: the loops of teaching, in Go by gocrate and in Python by CPython.

usage: language.py [--rounds N] [--beside OTHER] GOCRATE

Both time themselves, in turns, so that a busy machine is unfair to neither; the best of the rounds counts. Prints the
table of README.md. OTHER is another gocrate; the last column compares the processor time of ten runs of the loop, start
included, by the median of the rounds. For the cost of the line marks it is one built without them:

    go build -ldflags "-X github.com/gocrate/gocrate/kernel/golang/lower.unmarked=yes" -o OTHER ./cmd/gocrate
"""
import argparse, os, platform, resource, statistics, subprocess, sys, tempfile

# name, Go declarations, Go statements, Python
LOOPS = [
    ("fib(22)", "func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }", "r = fib(22)",
     "def fib(n): return n if n < 2 else fib(n-1) + fib(n-2)\ndef run(): return fib(22)"),
    ("integer loop, 1e6", "", "s := 0\nfor i := 0; i < 1000000; i++ { s += i }\nr = s",
     "def run():\n s = 0\n for i in range(1000000): s += i\n return s"),
    ("float loop, 3e5", "", "s := 0.0\nfor i := 0; i < 300000; i++ { s += float64(i) * 0.5 }\nr = s",
     "def run():\n s = 0.0\n for i in range(300000): s += i * 0.5\n return s"),
    ("matmul 50x50", "", """n := 50
a, b, c := make([]float64, n*n), make([]float64, n*n), make([]float64, n*n)
for i := range a { a[i], b[i] = float64(i), float64(i%7) }
for i := 0; i < n; i++ {
	for j := 0; j < n; j++ {
		s := 0.0
		for k := 0; k < n; k++ { s += a[i*n+k] * b[k*n+j] }
		c[i*n+j] = s
	}
}
r = c[7]""", """def run():
 n = 50
 a = [float(i) for i in range(n*n)]; b = [float(i % 7) for i in range(n*n)]; c = [0.0]*(n*n)
 for i in range(n):
  for j in range(n):
   s = 0.0
   for k in range(n): s += a[i*n+k] * b[k*n+j]
   c[i*n+j] = s
 return c[7]"""),
    ("sieve 2e5", "", """n, count := 200000, 0
composite := make([]bool, n+1)
for i := 2; i <= n; i++ {
	if composite[i] { continue }
	count++
	for j := i * i; j <= n; j += i { composite[j] = true }
}
r = count""", """def run():
 n, count = 200000, 0
 composite = [False]*(n+1)
 for i in range(2, n+1):
  if composite[i]: continue
  count += 1
  for j in range(i*i, n+1, i): composite[j] = True
 return count"""),
    ("map count 1e5", "", "m := map[int]int{}\nfor i := 0; i < 100000; i++ { m[i%1000]++ }\nr = len(m)",
     "def run():\n m = {}\n for i in range(100000): m[i % 1000] = m.get(i % 1000, 0) + 1\n return len(m)"),
    ("math.Sqrt 2e5", "", "s := 0.0\nfor i := 0; i < 200000; i++ { s += math.Sqrt(float64(i)) }\nr = s",
     "import math\ndef run():\n s = 0.0\n for i in range(200000): s += math.sqrt(i)\n return s"),
    ("strconv and join, 3e4", "", "var l []string\nfor i := 0; i < 30000; i++ { l = append(l, strconv.Itoa(i)) }\nr = len(strings.Join(l, \",\"))",
     "def run():\n l = []\n for i in range(30000): l.append(str(i))\n return len(','.join(l))"),
    ("words, numbers, a builder, 8e3", "", """var b strings.Builder
sum := 0
for _, w := range strings.Fields(strings.Repeat("12 ab 7 x ", 2000)) {
	if n, err := strconv.Atoi(w); err == nil {
		sum += n
	} else {
		b.WriteString(strings.ToUpper(w))
		b.WriteByte(' ')
	}
}
r = sum + b.Len()""", """def run():
 b, s = [], 0
 for w in ('12 ab 7 x ' * 2000).split():
  try: s += int(w)
  except ValueError:
   b.append(w.upper())
   b.append(' ')
 return s + len(''.join(b))"""),
    ("sort by a comparison, 1e4", "", """x := make([]int, 10000)
for i := range x { x[i] = i * 7919 % 10007 }
sort.Slice(x, func(i, j int) bool { return x[i] > x[j] })
r = x[17]""", """import functools
def run():
 x = [i * 7919 % 10007 for i in range(10000)]
 x.sort(key=functools.cmp_to_key(lambda a, b: b - a))
 return x[17]"""),
    ("method, 1e5 calls", "type Acc struct{ n int }\nfunc (a *Acc) Add(x int) { a.n += x }", "a := &Acc{}\nfor i := 0; i < 100000; i++ { a.Add(i) }\nr = a.n",
     "class Acc:\n def __init__(self): self.n = 0\n def add(self, x): self.n += x\ndef run():\n a = Acc()\n for i in range(100000): a.add(i)\n return a.n"),
    ("structs and a map, 2e4", "type body struct{ x, v float64 }", """bodies, seen := make([]body, 10), map[int]int{}
for i := 0; i < 20000; i++ {
	b := &bodies[i%10]
	b.v += 0.5
	b.x += b.v
	seen[i%7] += i
	if seen[i%7] > 1000 {
		seen[i%7] -= 1000
	}
}
r = bodies[3].x + float64(seen[1])""", """class Body:
 def __init__(self): self.x = self.v = 0.0
def run():
 bodies, seen = [Body() for _ in range(10)], {}
 for i in range(20000):
  b = bodies[i % 10]
  b.v += 0.5
  b.x += b.v
  seen[i % 7] = seen.get(i % 7, 0) + i
  if seen[i % 7] > 1000: seen[i % 7] -= 1000
 return bodies[3].x + seen[1]"""),
    ("closure, 1e5 calls", "", "n := 0\nf := func(x int) { n += x }\nfor i := 0; i < 100000; i++ { f(i) }\nr = n",
     "def run():\n n = 0\n def f(x):\n  nonlocal n\n  n += x\n for i in range(100000): f(i)\n return n"),
    ("empty call, 1e5", "func nothing() {}", "for i := 0; i < 100000; i++ { nothing() }\nr = 0",
     "def nothing(): pass\ndef run():\n for i in range(100000): nothing()\n return 0"),
]

GO = """package main

import ("fmt"; "math"; "os"; "sort"; "strconv"; "strings"; "time")

var _, _, _, _ = math.Pi, sort.Ints, strconv.Itoa, strings.Join

%s

func run() (r any) {
%s
return
}

func main() {
	for range len(os.Args) - 1 {
		run()
	}
	begin := time.Now()
	r := run()
	fmt.Println(time.Since(begin).Seconds(), r)
}
"""
PYTHON = "%s\nimport time\nbegin = time.perf_counter(); r = run(); print(time.perf_counter() - begin, r)\n"


def seconds(argv):
    out = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.split()
    return float(out[0]), float(out[1])


def processor_time(argv):
    """seconds of ten runs"""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(argv + ["again"] * 9, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--beside")
    p.add_argument("gocrate")
    a = p.parse_args()
    more = " ratio to the other |", " ---: |"
    if not a.beside:
        more = "", ""
    print(f"| loop | gocrate, ms | CPython {platform.python_version()}, ms | ratio |{more[0]}\n| --- | ---: | ---: | ---: |{more[1]}")
    with tempfile.TemporaryDirectory() as d:
        for name, decl, stmts, py in LOOPS:
            go, script = os.path.join(d, "loop.go"), os.path.join(d, "loop.py")
            open(go, "w").write(GO % (decl, stmts))
            open(script, "w").write(PYTHON % py)
            best, ratios = [float("inf")] * 2, []
            for _ in range(a.rounds):
                values = []
                for i, argv in enumerate(([a.gocrate, "run", go], [sys.executable, script])):
                    took, value = seconds(argv)
                    best[i] = min(best[i], took)
                    values.append(value)
                if a.beside:
                    ratios.append(processor_time([a.gocrate, "run", go]) / processor_time([a.beside, "run", go]))
                if abs(values[0] - values[1]) > 1e-9 * abs(values[1]):
                    sys.exit(f"{name}: gocrate computes {values[0]}, CPython {values[1]}")
            last = f" {statistics.median(ratios):.2f} |" if a.beside else ""
            print(f"| {name} | {best[0]*1e3:.1f} | {best[1]*1e3:.1f} | {best[0]/best[1]:.1f} |{last}", flush=True)


if __name__ == "__main__":
    main()
