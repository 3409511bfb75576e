/*
Package torchfile reads and writes the files of PyTorch's torch.save.

Such a file is a pickle, a program for a little stack machine of Python's that
builds objects and may call any function it names, and beside it the numbers of
the tensors, in blocks called storages. There are two containers. Since 1.6 it
is a zip archive that compresses nothing, with the pickle in NAME/data.pkl and
the storages in NAME/data/0, NAME/data/1, …. Before that it was five pickles,
one after another (a magic number, a version, sizes of types, the object, the
keys of the storages), and then the storages.

A file from a stranger is safe to open. Before a pickle is given to the
library that runs it, [scan] checks every length and counts every instruction,
and refuses instructions that torch.save does not write. Of Python's functions
and classes there is only the short list in globals.go, all of which make data;
any other name is an error. No size is allocated that the file has not bytes
for.

A file is opened as a tree of Go values:

	None, bool, float, str, bytes      nil, bool, float64, string, []byte
	int                                int, or *big.Int beyond 64 bits
	list, tuple, dict, OrderedDict     List, Tuple, *Dict
	Tensor, Parameter                  *Tensor
	Size, device, dtype                Tuple, string, string
	argparse.Namespace                 *Dict
*/
package torchfile
