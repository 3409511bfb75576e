package kernel

import (
	"context"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gocrate/gocrate/kernel/wire"
)

const (
	gatherTime  = 50 * time.Millisecond // printed text waits this long for more
	gatherBytes = 64 << 10              // and is sent at once when there is so much
)

// output is the Output of one cell. It gathers what is printed and publishes
// the rest at once, always under the cell's own request, also after the cell
// has ended.
type output struct {
	shell  *executor
	ctx    context.Context // of the cell
	req    *request
	order  wire.ExecuteRequest
	number int

	mu       sync.Mutex
	name     StreamName  // of the gathered text
	text     []byte      // gathered
	timer    *time.Timer // runs while text is not empty
	result   any         // text/plain of the result
	printed  budget      // of text
	shown    budget      // of displays
	payloads []any       // for the reply
}

func (e *executor) newOutput(ctx context.Context, req *request, order wire.ExecuteRequest, number int) *output {
	o := &output{shell: e, ctx: ctx, req: req, order: order, number: number}
	o.printed, o.shown = fullBudgets()
	return o
}

// Stream gathers text. A change between stdout and stderr sends what there is,
// so that both keep their order.
func (o *output) Stream(name StreamName, text string) {
	if o.order.Silent || text == "" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.printed.spend(len(text)) {
		o.gather(name, text)
		return
	}
	o.noteOnce(&o.printed, "the cell has printed more than %d MiB; the rest is not shown. Print less, or into a file.", maxPrinted>>20)
}

// gather adds to the text that waits to be sent.
func (o *output) gather(name StreamName, text string) {
	if name != o.name {
		o.flushLocked()
		o.name = name
	}
	o.text = append(o.text, text...)
	for len(o.text) >= gatherBytes {
		o.sendText(wholeRunes(o.text[:gatherBytes]))
	}
	o.arm()
}

// arm sees to it that gathered text goes out in time.
func (o *output) arm() {
	if o.timer == nil && len(o.text) > 0 {
		o.timer = time.AfterFunc(gatherTime, o.tick)
	}
}

// tick sends what was gathered, but keeps the beginning of a character whose
// end is still to come, for one more tick.
func (o *output) tick() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.timer = nil
	n := wholeRunes(o.text)
	if n == 0 {
		n = len(o.text)
	}
	o.sendText(n)
	o.arm()
}

// sendText publishes the first n bytes of the gathered text.
func (o *output) sendText(n int) {
	if n == 0 {
		return
	}
	o.shell.k.iopub.publish(o.req.parent, "stream", wire.Stream{Name: string(o.name), Text: string(o.text[:n])})
	if o.text = o.text[n:]; len(o.text) == 0 {
		o.text = nil
	}
}

// wholeRunes returns how many bytes of text come before a character that is
// cut off at its end.
func wholeRunes(text []byte) int {
	for back := 1; back < utf8.UTFMax && back <= len(text); back++ {
		at := len(text) - back
		if utf8.RuneStart(text[at]) {
			if !utf8.FullRune(text[at:]) {
				return at
			}
			break
		}
	}
	return len(text)
}

func (o *output) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flushLocked()
}

func (o *output) flushLocked() {
	if o.timer != nil {
		o.timer.Stop()
		o.timer = nil
	}
	o.sendText(len(o.text))
}

// publish sends a message of another kind, after what was printed before it.
func (o *output) publish(msgType string, content any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flushLocked()
	o.shell.k.iopub.publish(o.req.parent, msgType, content)
}

// show is publish for what a silent cell does not show.
func (o *output) show(msgType string, content any) {
	if !o.order.Silent {
		o.publish(msgType, content)
	}
}

// Display shows a bundle, while the cell may still show some.
func (o *output) Display(b Bundle) {
	if o.afford(b) {
		o.show("display_data", displayData(b))
	}
}

// Update costs nothing: it takes the place of something.
func (o *output) Update(b Bundle) { o.show("update_display_data", displayData(b)) }

// Clear gives back what the cell has spent.
func (o *output) Clear(wait bool) {
	o.mu.Lock()
	o.printed, o.shown = fullBudgets()
	o.mu.Unlock()
	o.show("clear_output", wire.ClearOutput{Wait: wait})
}

func (o *output) Result(b Bundle) {
	o.mu.Lock()
	o.result = b.Data["text/plain"]
	o.mu.Unlock()
	o.show("execute_result", wire.ExecuteResult{ExecutionCount: o.number, DisplayData: displayData(b)})
}

func (o *output) Payload(p Payload) {
	var payload any = wire.NextInput{Source: "set_next_input", Text: p.Next, Replace: p.Replace}
	if p.Page != nil {
		payload = wire.Page{Source: "page", Data: orEmpty(p.Page.Data)}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.payloads = append(o.payloads, payload)
}

// payload is what the cell has asked for. It is never nil.
func (o *output) payload() []any {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]any{}, o.payloads...)
}

// resultText is the result as history keeps it: text, or nil.
func (o *output) resultText() any {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.result
}

func displayData(b Bundle) wire.DisplayData {
	return wire.DisplayData{
		Data:      orEmpty(b.Data),
		Metadata:  orEmpty(b.Metadata),
		Transient: wire.Transient{DisplayID: b.ID},
	}
}

// Input asks the front end that sent the cell.
func (o *output) Input(ctx context.Context, prompt string, password bool) (string, error) {
	if !o.order.AllowStdin {
		return "", errNoStdin
	}
	if o.ctx.Err() != nil {
		return "", errCellEnded
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(o.ctx, cancel)()
	o.flush()                    // a question comes after what was printed before it,
	o.shell.k.transport.Settle() // though it takes another way
	return o.shell.ask(ctx, o.req, wire.InputRequest{Prompt: prompt, Password: password})
}
