package torchfile

import (
	"fmt"
	"slices"

	"github.com/nlpodyssey/gopickle/pickle"
	"github.com/nlpodyssey/gopickle/types"
)

// globals are the functions and classes that a pickle may name, besides
// collections.OrderedDict, which the library knows. All make data and do
// nothing else.
var globals = map[string]any{
	"torch._utils._rebuild_tensor":    function(rebuildTensor),
	"torch._utils._rebuild_tensor_v2": function(rebuildTensor),
	"torch._utils._rebuild_parameter": function(rebuildParameter),
	"torch.Size":                      function(makeSize),
	"torch.device":                    function(makeDevice),
	"_codecs.encode":                  function(encodeLatin1),
	"argparse.Namespace":              namespaceClass{},

	"torch.DoubleStorage":   storageType("F64"),
	"torch.FloatStorage":    storageType("F32"),
	"torch.HalfStorage":     storageType("F16"),
	"torch.BFloat16Storage": storageType("BF16"),
	"torch.LongStorage":     storageType("I64"),
	"torch.IntStorage":      storageType("I32"),
	"torch.ShortStorage":    storageType("I16"),
	"torch.CharStorage":     storageType("I8"),
	"torch.ByteStorage":     storageType("U8"),
	"torch.BoolStorage":     storageType("BOOL"),

	"torch.float64": "torch.float64", "torch.float32": "torch.float32", "torch.float16": "torch.float16",
	"torch.bfloat16": "torch.bfloat16", "torch.int64": "torch.int64", "torch.int32": "torch.int32",
	"torch.int16": "torch.int16", "torch.int8": "torch.int8", "torch.uint8": "torch.uint8", "torch.bool": "torch.bool",
}

// storageType is a storage class: the dtype of what it holds.
type storageType string

// function is a Python function that a pickle may call.
type function func(args []any) (any, error)

// Call is how the pickle library calls it.
func (f function) Call(args ...any) (any, error) { return f(args) }

func findClass(module, name string) (any, error) {
	if g, ok := globals[module+"."+name]; ok {
		return g, nil
	}
	return nil, fmt.Errorf("the pickle names %.80q, which is not among what is known to be harmless; save the file again in Python with nothing but tensors, numbers, strings, lists and dicts in it",
		module+"."+name)
}

// unpickle runs the pickle at the start of b and returns what it makes and
// its length. load finds the storage of a persistent id.
func unpickle(b []byte, load func(id []any) (*storage, error)) (v any, length int, err error) {
	if length, err = scan(b); err != nil {
		return nil, 0, err
	}
	defer func() { // the library indexes empty slices, and maps by what is no key
		if p := recover(); p != nil {
			v, err = nil, fmt.Errorf("the pickle is malformed: %v", p)
		}
	}()
	u := pickle.NewUnpickler(&bytesReader{b: b[:length]})
	u.FindClass = findClass
	u.PersistentLoad = func(id any) (any, error) {
		if t, ok := id.(*types.Tuple); ok && load != nil {
			return load(*t)
		}
		return nil, fmt.Errorf("the pickle has a persistent id that is no storage")
	}
	made, err := u.Load()
	if err != nil {
		return nil, 0, fmt.Errorf("%.400s", err.Error())
	}
	v, err = new(converter).value(made, 0)
	return v, length, err
}

// rebuildTensor is _rebuild_tensor_v2(storage, offset, size, stride, …).
func rebuildTensor(args []any) (any, error) {
	if len(args) < 4 {
		return nil, fmt.Errorf("a tensor is made of %d arguments; want at least 4", len(args))
	}
	s, ok := args[0].(*storage)
	offset, ok2 := args[1].(int)
	size, ok3 := ints(args[2])
	stride, ok4 := ints(args[3])
	if !ok || !ok2 || !ok3 || !ok4 {
		return nil, fmt.Errorf("a tensor is made of a %T, %T, %T and %T; want storage, offset, size and stride", args[0], args[1], args[2], args[3])
	}
	t := &Tensor{DType: s.dtype, Shape: size, stride: stride, offset: offset, storage: s}
	return t, t.check()
}

// rebuildParameter is _rebuild_parameter(tensor, requires_grad, hooks).
func rebuildParameter(args []any) (any, error) {
	if len(args) > 0 {
		if t, ok := args[0].(*Tensor); ok {
			return t, nil
		}
	}
	return nil, fmt.Errorf("a parameter is made of no tensor")
}

func makeSize(args []any) (any, error) {
	if len(args) == 1 {
		if t, ok := args[0].(*types.Tuple); ok {
			return t, nil
		}
	}
	return nil, fmt.Errorf("a torch.Size is made of no tuple")
}

// makeDevice is device(type) or device(type, index).
func makeDevice(args []any) (any, error) {
	switch {
	case len(args) == 1:
		return brief(args[0]), nil
	case len(args) == 2:
		return brief(args[0]) + ":" + brief(args[1]), nil
	}
	return nil, fmt.Errorf("a torch.device is made of %d arguments", len(args))
}

// encodeLatin1 is encode(str, "latin1"), how protocol 2 writes bytes.
func encodeLatin1(args []any) (any, error) {
	if len(args) == 2 && args[1] == "latin1" {
		if s, ok := args[0].(string); ok {
			b := make([]byte, 0, len(s))
			for _, r := range s {
				b = append(b, byte(r))
			}
			return b, nil
		}
	}
	return nil, fmt.Errorf("_codecs.encode is called with something else than a str and latin1")
}

// ints returns the elements of a tuple or list of ints.
func ints(v any) ([]int, bool) {
	var items []any
	switch v := v.(type) {
	case *types.Tuple:
		items = *v
	case *types.List:
		items = *v
	default:
		return nil, false
	}
	x := make([]int, len(items))
	for i, item := range items {
		n, ok := item.(int)
		if !ok {
			return nil, false
		}
		x[i] = n
	}
	return slices.Clip(x), true
}

// namespaceClass is argparse.Namespace, which training scripts like to keep
// with the weights: a bag of attributes.
type namespaceClass struct{}

type namespace struct{ attributes types.Dict }

// PyNew, Call and PyDictSet are how the pickle library makes one.
func (namespaceClass) PyNew(...any) (any, error) { return &namespace{}, nil }

// Call makes an empty one, as PyNew does.
func (namespaceClass) Call(...any) (any, error) { return &namespace{}, nil }

// PyDictSet sets an attribute.
func (n *namespace) PyDictSet(key, value any) error {
	n.attributes.Set(key, value)
	return nil
}
