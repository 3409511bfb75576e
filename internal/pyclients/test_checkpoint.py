"""Files that a cell has saved, read with nothing but Python's own library: as
PyTorch reads them, and with the forward pass of the paper written out."""

import collections
import json
import math
import pathlib
import pickle
import struct
import subprocess
import tempfile
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Trains a small model and saves it in every format.
CELLS = """
images := crate.Images{Pixels: []float32{1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1}, Labels: []int{0, 0, 1, 1},
	Channels: 1, Height: 2, Width: 2, Classes: 2}
m, err := crate.New(crate.Config{ImageHeight: 2, PatchHeight: 1, PatchWidth: 2, Channels: 1, Classes: 2, Dim: 8, Depth: 2, Heads: 2, HeadDim: 3}, 1)
if err != nil { panic(err) }
dir := "%s/"
cfg := crate.TrainConfig{Epochs: 20, Checkpoint: dir + "run.safetensors"}
if _, err := crate.Train(display.Context(), m, images, cfg); err != nil { panic(err) }
c, err := crate.LoadCheckpoint(dir + "run.safetensors", crate.Config{})
if err != nil { panic(err) }
for _, err := range []error{m.Save(dir + "m.pth"), m.Save(dir + "m.safetensors"), c.Save(dir + "c.pth.tar")} {
	if err != nil { panic(err) }
}
fmt.Println("logits", m.Forward(images).Data)
"""

PIXELS = [[1, 0, 1, 0], [0, 1, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1]]


class Unpickler(pickle.Unpickler):
    """Stands in for torch.load: it knows tensors, and refuses the rest."""

    def __init__(self, archive, top):
        super().__init__(archive.open(top + "/data.pkl"))
        self.archive, self.top = archive, top

    def find_class(self, module, name):
        known = {
            ("collections", "OrderedDict"): collections.OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): self.rebuild,
            ("torch", "FloatStorage"): "f",
        }
        return known[module, name]

    def persistent_load(self, pid):
        kind, code, key, location, size = pid
        assert (kind, location) == ("storage", "cpu"), pid
        return struct.unpack(f"<{size}{code}", self.archive.read(f"{self.top}/data/{key}"))

    @staticmethod
    def rebuild(storage, offset, size, stride, requires_grad, hooks):
        assert offset == 0 and len(storage) == math.prod(size) and not requires_grad and hooks == {}
        want = [math.prod(size[i + 1:]) for i in range(len(size))]
        assert list(stride) == want, (size, stride)
        return list(storage), tuple(size)


def load_torch(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert all(i.compress_type == zipfile.ZIP_STORED for i in archive.infolist())
        top = archive.namelist()[0].split("/")[0]
        assert archive.read(top + "/byteorder") == b"little"
        return Unpickler(archive, top).load()


def load_safetensors(path):
    raw = path.read_bytes()
    end = 8 + struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8:end])
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, t in header.items():
        a, b = t["data_offsets"]
        code = {"F32": "f", "F64": "d"}[t["dtype"]]
        tensors[name] = list(struct.unpack(f"<{math.prod(t['shape'])}{code}", raw[end + a:end + b])), tuple(t["shape"])
    return tensors, metadata


def linear(w, x, b=None):
    values, (rows, cols) = w
    y = [sum(values[r * cols + c] * x[c] for c in range(cols)) for r in range(rows)]
    return [v + b[0][i] for i, v in enumerate(y)] if b else y


def norm(state, name, x):
    mean = sum(x) / len(x)
    sd = math.sqrt(sum((v - mean) ** 2 for v in x) / len(x) + 1e-5)
    return [(v - mean) / sd * g + b for v, g, b in zip(x, state[name + ".weight"][0], state[name + ".bias"][0])]


def attention(state, name, tokens, heads):
    v = [linear(state[name + ".qkv.weight"], t) for t in tokens]
    p, out = len(v[0]) // heads, [[] for _ in tokens]
    for k in range(heads):
        head = [t[k * p:(k + 1) * p] for t in v]
        for i, q in enumerate(head):
            weights = [math.exp(sum(a * b for a, b in zip(q, key)) / math.sqrt(p)) for key in head]
            out[i] += [sum(w * key[j] for w, key in zip(weights, head)) / sum(weights) for j in range(p)]
    return [linear(state[name + ".to_out.0.weight"], t, state[name + ".to_out.0.bias"]) for t in out]


def ista(state, name, x, eta=0.1, lam=0.1):
    values, (d, _) = state[name + ".weight"]
    transposed = [values[r * d + c] for c in range(d) for r in range(d)], (d, d)
    explained = linear(transposed, [a - b for a, b in zip(x, linear(state[name + ".weight"], x))])
    return [max(a + eta * b - eta * lam, 0) for a, b in zip(x, explained)]


def forward(state, pixels, depth=2, heads=2):
    """The logits of a 2×2 image in patches of one row."""
    d = len(state["cls_token"][0])
    tokens = [state["cls_token"][0]]
    for patch in (pixels[:2], pixels[2:]):
        e = linear(state["to_patch_embedding.2.weight"], norm(state, "to_patch_embedding.1", patch), state["to_patch_embedding.2.bias"])
        tokens.append(norm(state, "to_patch_embedding.3", e))
    tokens = [[a + state["pos_embedding"][0][i * d + j] for j, a in enumerate(t)] for i, t in enumerate(tokens)]
    for layer in range(depth):
        at = f"transformer.layers.{layer}."
        y = attention(state, at + "0.fn", [norm(state, at + "0.norm", t) for t in tokens], heads)
        tokens = [[a + b for a, b in zip(t, u)] for t, u in zip(tokens, y)]
        tokens = [ista(state, at + "1.fn", norm(state, at + "1.norm", t)) for t in tokens]
    return linear(state["mlp_head.1.weight"], norm(state, "mlp_head.0", tokens[0]), state["mlp_head.1.bias"])


class SavedModels(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.dir = pathlib.Path(cls.scratch.name)
        run = subprocess.run([ROOT / "bin" / "gocrate", "run", "-"], input=CELLS % cls.dir, text=True, capture_output=True)
        if run.returncode != 0:
            raise RuntimeError(run.stderr)
        line = next(l for l in run.stdout.splitlines() if l.startswith("logits"))
        cls.logits = [float(v) for v in line.removeprefix("logits ").strip("[]").split()]

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def same_logits(self, state):
        got = [v for pixels in PIXELS for v in forward(state, pixels)]
        for a, b in zip(got, self.logits, strict=True):
            self.assertAlmostEqual(a, b, delta=2e-5)

    def test_state_dict(self):
        state = load_torch(self.dir / "m.pth")
        self.assertIsInstance(state, collections.OrderedDict)
        self.same_logits(state)
        self.assertEqual(json.loads(state._metadata[""]["gocrate.config"])["Heads"], 2)

    def test_checkpoint_of_the_official_script(self):
        c = load_torch(self.dir / "c.pth.tar")
        self.assertEqual(c["epoch"], 20)
        names = list(c["state_dict"])
        self.assertTrue(all(n.startswith("module.") for n in names))
        self.same_logits({n.removeprefix("module."): t for n, t in c["state_dict"].items()})
        group, = c["optimizer"]["param_groups"]
        self.assertEqual((group["betas"], group["params"]), ((0.9, 0.999), list(range(len(names)))))
        for i, name in enumerate(names):
            state = c["optimizer"]["state"][i]
            self.assertEqual(state["step"], ([20], ()))
            self.assertEqual(state["exp_avg"][1], c["state_dict"][name][1])
            self.assertTrue(all(v >= 0 for v in state["exp_avg_sq"][0]))

    def test_safetensors(self):
        for name in ("m.safetensors", "run.safetensors"):
            state, metadata = load_safetensors(self.dir / name)
            self.same_logits(state)
            self.assertEqual(json.loads(metadata["gocrate.config"])["HeadDim"], 3)
        self.assertEqual(state["history.loss"][1], (20,))
