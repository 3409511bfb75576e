package datasets

// The data sets that [Fetch] knows. Sizes and checksums are those that
// TensorFlow Datasets records for the files of the authors; Fashion-MNIST's are
// also Keras's.
var (
	// MNIST are the handwritten digits that [ReadMNIST] reads, 12 MB.
	MNIST = Source{
		Name: "mnist", Title: "MNIST, handwritten digits",
		Page: "http://yann.lecun.com/exdb/mnist/", Licence: "CC BY-SA 3.0",
		Files: mirrored([]string{"https://storage.googleapis.com/cvdf-datasets/mnist/", "https://ossci-datasets.s3.amazonaws.com/mnist/"},
			File{Name: "train-images-idx3-ubyte.gz", Size: 9912422, SHA256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"},
			File{Name: "train-labels-idx1-ubyte.gz", Size: 28881, SHA256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"},
			File{Name: "t10k-images-idx3-ubyte.gz", Size: 1648877, SHA256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"},
			File{Name: "t10k-labels-idx1-ubyte.gz", Size: 4542, SHA256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"}),
	}

	// FashionMNIST are the clothes that [ReadFashionMNIST] reads, 31 MB.
	FashionMNIST = Source{
		Name: "fashion-mnist", Title: "Fashion-MNIST, clothes",
		Page: "https://github.com/zalandoresearch/fashion-mnist", Licence: "MIT",
		Files: mirrored([]string{"https://storage.googleapis.com/tensorflow/tf-keras-datasets/", "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"},
			File{Name: "train-images-idx3-ubyte.gz", Size: 26421880, SHA256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"},
			File{Name: "train-labels-idx1-ubyte.gz", Size: 29515, SHA256: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"},
			File{Name: "t10k-images-idx3-ubyte.gz", Size: 4422102, SHA256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"},
			File{Name: "t10k-labels-idx1-ubyte.gz", Size: 5148, SHA256: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"}),
	}

	// CIFAR10 are the images that [ReadCIFAR10] reads, 170 MB.
	CIFAR10 = Source{
		Name: "cifar-10", Title: "CIFAR-10, small colour images in 10 classes",
		Page: "https://www.cs.toronto.edu/~kriz/cifar.html", Licence: "none is stated",
		Files: mirrored([]string{"https://www.cs.toronto.edu/~kriz/"},
			File{Name: "cifar-10-binary.tar.gz", Size: 170052171, SHA256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"}),
	}

	// CIFAR100 are the images that [ReadCIFAR100] reads, 169 MB.
	CIFAR100 = Source{
		Name: "cifar-100", Title: "CIFAR-100, small colour images in 100 classes",
		Page: "https://www.cs.toronto.edu/~kriz/cifar.html", Licence: "none is stated",
		Files: mirrored([]string{"https://www.cs.toronto.edu/~kriz/"},
			File{Name: "cifar-100-binary.tar.gz", Size: 168513733, SHA256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"}),
	}

	// STL10 are the images that [ReadSTL10] reads, 2.6 GB.
	STL10 = Source{
		Name: "stl-10", Title: "STL-10, colour images of 96×96 pixels in 10 classes",
		Page: "https://cs.stanford.edu/~acoates/stl10/", Licence: "none is stated; the images are from ImageNet",
		Files: mirrored([]string{"http://ai.stanford.edu/~acoates/stl10/"},
			File{Name: "stl10_binary.tar.gz", Size: 2640397119, SHA256: "f31fd99273a1acb8609c8db427cebb1de3f71de77758cdc0e22956e1289b9866"}),
	}

	// Imagenette are ten easy classes of ImageNet in pictures whose shorter side
	// has 160 pixels, 99 MB. [OpenArchive] opens imagenette2-160.tgz, folders
	// imagenette2-160/train and imagenette2-160/val.
	Imagenette = Source{
		Name: "imagenette", Title: "Imagenette 2, 160 pixels: ten classes of ImageNet",
		Page: "https://github.com/fastai/imagenette", Licence: "Apache-2.0; the pictures are those of ImageNet, with its terms",
		Files: mirrored([]string{"https://s3.amazonaws.com/fast-ai-imageclas/"},
			File{Name: "imagenette2-160.tgz", Size: 98948031, SHA256: "88daccb09b6fce93f45e6c09ddeb269cce705549e6bff322092a2a5a11489863"}),
	}
)

// mirrored gives each file its places at all mirrors.
func mirrored(mirrors []string, files ...File) []File {
	for i := range files {
		for _, m := range mirrors {
			files[i].URLs = append(files[i].URLs, m+files[i].Name)
		}
	}
	return files
}
