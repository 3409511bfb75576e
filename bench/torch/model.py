"""CRATE in PyTorch, with the names of the official state dict.

Literal is the official arithmetic: softmax(w wT) w, and ISTA in three products.
Strongest is the fastest float32 form that we know of: PyTorch's fused
attention, and ISTA in one product with E = I + eta (D - DT D).
"""

import torch
from torch import nn
from torch.nn import functional as F


class Attention(nn.Module):
    def __init__(self, dim, heads, dim_head, fused):
        super().__init__()
        self.heads, self.fused = heads, fused
        self.qkv = nn.Linear(dim, heads * dim_head, bias=False)
        self.to_out = nn.Sequential(nn.Linear(heads * dim_head, dim))

    def forward(self, x):
        b, n, _ = x.shape
        w = self.qkv(x).view(b, n, self.heads, -1).transpose(1, 2)
        if self.fused:
            out = F.scaled_dot_product_attention(w, w, w)
        else:
            scores = w @ w.transpose(-1, -2) * w.shape[-1] ** -0.5
            out = scores.softmax(dim=-1) @ w
        return self.to_out(out.transpose(1, 2).reshape(b, n, -1))


class ISTA(nn.Module):
    def __init__(self, dim, step, lam, folded):
        super().__init__()
        self.step, self.lam, self.folded = step, lam, folded
        self.weight = nn.Parameter(torch.zeros(dim, dim))

    def forward(self, x):
        D = self.weight
        if self.folded:
            E = torch.eye(D.shape[0]) + self.step * (D - D.t() @ D)
            return F.relu(x @ E - self.step * self.lam)
        code = F.linear(F.linear(x, D), D.t())
        update = self.step * (F.linear(x, D.t()) - code) - self.step * self.lam
        return F.relu(x + update)


class PreNorm(nn.Module):
    def __init__(self, dim, fn):
        super().__init__()
        self.norm, self.fn = nn.LayerNorm(dim), fn

    def forward(self, x):
        return self.fn(self.norm(x))


class Transformer(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = nn.ModuleList(nn.ModuleList(halves) for halves in layers)

    def forward(self, z):
        for compress, sparsify in self.layers:
            z = sparsify(z + compress(z))
        return z


class CRATE(nn.Module):
    """c is a configuration as bench/step writes it."""

    def __init__(self, c, strongest=False):
        super().__init__()
        self.patch, self.channels = c["PatchHeight"], c["Channels"] or 3
        numbers, d = self.channels * self.patch**2, c["Dim"]
        p = c["HeadDim"] or d // c["Heads"]
        tokens = (c["ImageHeight"] // self.patch) ** 2 + 1
        self.pos_embedding = nn.Parameter(torch.zeros(1, tokens, d))
        self.cls_token = nn.Parameter(torch.zeros(1, 1, d))
        # The official module has an operation without parameters at index 0.
        self.to_patch_embedding = nn.Sequential(nn.Identity(), nn.LayerNorm(numbers), nn.Linear(numbers, d), nn.LayerNorm(d))
        self.transformer = Transformer(
            [PreNorm(d, Attention(d, c["Heads"], p, strongest)), PreNorm(d, ISTA(d, c["StepSize"] or 0.1, c["Lambda"] or 0.1, strongest))]
            for _ in range(c["Depth"])
        )
        self.mlp_head = nn.Sequential(nn.LayerNorm(d), nn.Linear(d, c["Classes"]))

    def forward(self, images):
        b, ch, height, width = images.shape
        P = self.patch
        patches = images.view(b, ch, height // P, P, width // P, P).permute(0, 2, 4, 3, 5, 1).reshape(b, -1, P * P * ch)
        z = torch.cat([self.cls_token.expand(b, -1, -1), self.to_patch_embedding(patches)], dim=1)
        return self.mlp_head(self.transformer(z + self.pos_embedding)[:, 0])
