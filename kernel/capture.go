package kernel

import (
	"context"
	"sync"
)

// capture is the Output of a user_expression: it keeps the result and shows
// nothing.
type capture struct {
	mu   sync.Mutex
	last Bundle
}

func (c *capture) Result(b Bundle) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = b
}

func (c *capture) result() Bundle {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}

func (c *capture) Stream(StreamName, string) {}
func (c *capture) Display(Bundle)            {}
func (c *capture) Update(Bundle)             {}
func (c *capture) Clear(bool)                {}
func (c *capture) Payload(Payload)           {}

func (c *capture) Input(context.Context, string, bool) (string, error) {
	return "", errNoStdin
}
