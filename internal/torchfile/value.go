package torchfile

import (
	"fmt"

	"github.com/nlpodyssey/gopickle/types"
)

// List is a Python list.
type List []any

// Tuple is a Python tuple.
type Tuple []any

// Dict is a Python dict or OrderedDict, in its order.
type Dict struct {
	Entries    []Entry
	Attributes *Dict // of an OrderedDict, such as _metadata; nil: none
}

// Entry is one key of a Dict with its value.
type Entry struct{ Key, Value any }

// Get returns the value of a string or int key, nil if there is none. Of
// entries with the same key the last counts. A nil Dict has no entries.
func (d *Dict) Get(key any) any {
	if d == nil {
		return nil
	}
	for i := len(d.Entries) - 1; i >= 0; i-- {
		if e := d.Entries[i]; e.Key == key {
			return e.Value
		}
	}
	return nil
}

// Set adds an entry.
func (d *Dict) Set(key, value any) { d.Entries = append(d.Entries, Entry{key, value}) }

const (
	maxNodes = 1 << 20 // values of a tree, each counted as often as it occurs
	maxDepth = 100     // of containers in containers
)

// converter turns what the pickle library builds into a tree. An object can
// contain itself, or one object twice, which in turn contains another twice,
// and so on; the tree of that is bounded here.
type converter struct{ nodes int }

func (c *converter) value(v any, depth int) (any, error) {
	if c.nodes++; c.nodes > maxNodes || depth > maxDepth {
		return nil, fmt.Errorf("the objects are more than %d or nested deeper than %d; do they contain themselves?", maxNodes, maxDepth)
	}
	switch v := v.(type) {
	case *types.List:
		items, err := c.values(*v, depth)
		return List(items), err
	case *types.Tuple:
		items, err := c.values(*v, depth)
		return Tuple(items), err
	case *types.Dict:
		return c.dict(*v, depth)
	case *types.OrderedDict:
		return c.orderedDict(v, depth)
	case *namespace:
		return c.dict(v.attributes, depth)
	case function, storageType:
		return nil, fmt.Errorf("a function or class is used as a value")
	}
	return v, nil
}

func (c *converter) values(from []any, depth int) ([]any, error) {
	items := make([]any, len(from))
	for i, v := range from {
		item, err := c.value(v, depth+1)
		if err != nil {
			return nil, err
		}
		items[i] = item
	}
	return items, nil
}

func (c *converter) dict(from types.Dict, depth int) (*Dict, error) {
	d := &Dict{}
	for _, e := range from {
		if err := c.entry(d, e.Key, e.Value, depth); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (c *converter) orderedDict(from *types.OrderedDict, depth int) (*Dict, error) {
	d := &Dict{}
	for e := from.List.Front(); e != nil; e = e.Next() {
		entry := e.Value.(*types.OrderedDictEntry)
		if err := c.entry(d, entry.Key, entry.Value, depth); err != nil {
			return nil, err
		}
	}
	if len(from.PyDict) == 0 {
		return d, nil
	}
	d.Attributes = &Dict{}
	for name, v := range from.PyDict {
		if err := c.entry(d.Attributes, name, v, depth); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// entry adds a key and a value to d. Keys are strings and ints: no other
// matters in a checkpoint, and others may not be comparable.
func (c *converter) entry(d *Dict, key, value any, depth int) error {
	switch key.(type) {
	case string, int, bool, float64, nil:
	default:
		return fmt.Errorf("a dict has a key of Go type %T; want a str or a number", key)
	}
	v, err := c.value(value, depth+1)
	if err != nil {
		return err
	}
	d.Set(key, v)
	return nil
}
