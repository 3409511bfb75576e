package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/gocrate/gocrate/kernel"
)

// scriptOutput shows what a script shows: text on standard output, figures as
// files if a directory is given for them.
type scriptOutput struct {
	stdout, stderr io.Writer
	stdin          *bufio.Reader
	dir            string // "" for no files

	mu     sync.Mutex
	count  int
	files  map[string]string // display id -> file
	failed error
}

func newScriptOutput(p *program, dir string) *scriptOutput {
	return &scriptOutput{
		stdout: p.stdout, stderr: p.stderr, stdin: bufio.NewReader(p.stdin),
		dir: dir, files: map[string]string{},
	}
}

// err is the first failure to write a figure.
func (o *scriptOutput) err() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.failed
}

func (o *scriptOutput) Stream(name kernel.StreamName, text string) {
	w := o.stdout
	if name == kernel.Stderr {
		w = o.stderr
	}
	io.WriteString(w, text)
}

func (o *scriptOutput) Result(b kernel.Bundle) { o.Display(b) }

func (o *scriptOutput) Display(b kernel.Bundle) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if data, ext := pictureOf(b); data != nil && o.dir != "" {
		o.count++
		o.write(b.ID, filepath.Join(o.dir, fmt.Sprintf("figure-%02d%s", o.count, ext)), data)
		return
	}
	if text, _ := b.Data["text/plain"].(string); text != "" {
		fmt.Fprintln(o.stdout, strings.TrimSuffix(text, "\n"))
	}
}

// Update draws a figure again. Other displays that change, such as progress,
// are for notebooks.
func (o *scriptOutput) Update(b kernel.Bundle) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if data, ext := pictureOf(b); data != nil && filepath.Ext(o.files[b.ID]) == ext {
		o.write(b.ID, o.files[b.ID], data)
	}
}

func (o *scriptOutput) Clear(wait bool) {}

// Payload shows what is to be read; there is no next input to fill.
func (o *scriptOutput) Payload(p kernel.Payload) {
	if p.Page != nil {
		o.Display(*p.Page)
	}
}

func (o *scriptOutput) Input(ctx context.Context, prompt string, password bool) (string, error) {
	fmt.Fprint(o.stderr, prompt)
	line, err := o.stdin.ReadString('\n')
	if errors.Is(err, io.EOF) && line != "" {
		err = nil
	}
	return strings.TrimRight(line, "\r\n"), err
}

func (o *scriptOutput) write(id, file string, data []byte) {
	err := os.MkdirAll(o.dir, 0o777)
	if err == nil {
		err = os.WriteFile(file, data, 0o666)
	}
	if err != nil {
		o.failed = errors.Join(o.failed, err)
		return
	}
	if id != "" && o.files[id] == "" {
		o.files[id] = file
	}
	fmt.Fprintf(o.stderr, "A figure: %s\n", file)
}

// pictureOf returns a bundle's picture and the extension of its file.
func pictureOf(b kernel.Bundle) (data []byte, ext string) {
	for _, kind := range [][2]string{{"image/png", ".png"}, {"image/jpeg", ".jpg"}} {
		if s, ok := b.Data[kind[0]].(string); ok {
			if data, err := base64.StdEncoding.DecodeString(s); err == nil {
				return data, kind[1]
			}
		}
	}
	if s, ok := b.Data["image/svg+xml"].(string); ok {
		return []byte(s), ".svg"
	}
	return nil, ""
}
