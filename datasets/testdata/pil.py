"""Writes the reference pictures in pil/, by Pillow 13, as torchvision would
make them from PIL images. Run in this directory: python pil.py"""
import math
import os
from PIL import Image, ImageEnhance, ImageOps


def picture(w, h):
    """Smooth colours with texture on top; the same formula is in the tests."""
    p = Image.new("RGB", (w, h))
    for y in range(h):
        for x in range(w):
            p.putpixel((x, y), tuple((40 + 3 * x * (c + 1) + 2 * y * (3 - c) + (x * y * 7 + x * x * (c + 3)) % 61) % 256 for c in range(3)))
    return p


def save(name, p):
    os.makedirs("pil", exist_ok=True)
    p.save(f"pil/{name}.png", optimize=True)


def shorter_side(p, size):
    w, h = p.size
    new = (size, size * h // w) if w < h else (size * w // h, size)
    return p.resize(new, Image.BILINEAR)


def centre(p, size):
    w, h = p.size
    left, top = round((w - size) / 2), round((h - size) / 2)
    return p.crop((left, top, left + size, top + size))


for name, p in [("wide", picture(61, 43)), ("tall", picture(29, 75))]:
    save(f"imagenet_{name}", centre(shorter_side(p, 18), 16))
    save(f"squash_{name}", p.resize((16, 16), Image.BILINEAR))
    save(f"grey_{name}", centre(shorter_side(p.convert("L"), 16), 16))
    save(f"enlarged_{name}", centre(shorter_side(p, 80), 70))

p = picture(24, 20)
w, h = p.size
m = 14 / 30
save("crop", p.crop((3, 5, 3 + 17, 5 + 9)).resize((w, h), Image.BILINEAR))


def affine(matrix):
    return p.transform(p.size, Image.AFFINE, matrix, Image.NEAREST)


for sign, s in [("plus", 1), ("minus", -1)]:
    save(f"ShearX_{sign}", affine((1, s * 0.3 * m, 0, 0, 1, 0)))
    save(f"ShearY_{sign}", affine((1, 0, 0, s * 0.3 * m, 1, 0)))
    save(f"TranslateX_{sign}", affine((1, 0, -int(s * m * 150 / 331 * w), 0, 1, 0)))
    save(f"TranslateY_{sign}", affine((1, 0, 0, 0, 1, -int(s * m * 150 / 331 * h))))
    save(f"Rotate_{sign}", p.rotate(s * 30 * m, Image.NEAREST))
    save(f"Brightness_{sign}", ImageEnhance.Brightness(p).enhance(1 + s * 0.9 * m))
    save(f"Color_{sign}", ImageEnhance.Color(p).enhance(1 + s * 0.9 * m))
    save(f"Contrast_{sign}", ImageEnhance.Contrast(p).enhance(1 + s * 0.9 * m))
    save(f"Sharpness_{sign}", ImageEnhance.Sharpness(p).enhance(1 + s * 0.9 * m))
save("Posterize", ImageOps.posterize(p, 8 - round(14 / (30 / 4))))
save("Solarize", ImageOps.solarize(p, 255 * (1 - m)))
faint = ImageEnhance.Contrast(p).enhance(0.6)
save("AutoContrast_of", faint)
save("AutoContrast", ImageOps.autocontrast(faint))
save("Equalize", ImageOps.equalize(p))
