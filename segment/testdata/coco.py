"""Writes coco.json: objects, and what pycocotools makes of them.

pip install pycocotools==2.0.11; python coco.py
"""
import contextlib, io, json, random
import numpy as np
from pycocotools import mask as M
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

random.seed(7)
np.random.seed(7)
H, W = 120, 150
images = [{"id": i, "height": H, "width": W, "file_name": f"{i}.png"} for i in range(1, 9)]
cats = [{"id": c, "name": f"c{c}"} for c in (3, 5)]


def polygon(cx, cy, r):
    n = random.randint(3, 7)
    angles = sorted(random.uniform(0, 6.283) for _ in range(n))
    return [round(float(v), 2) for a in angles for v in (cx + r * np.cos(a), cy + r * np.sin(a))]


anns, found = [], []
for im in images:
    for _ in range(random.randint(1, 5)):
        cx, cy, r = random.uniform(10, W - 10), random.uniform(10, H - 10), random.choice([8, 20, 50, 90])
        polygons = [polygon(cx, cy, r) for _ in range(random.choice([1, 1, 2]))]
        crowd = int(random.random() < 0.2)
        rle = M.merge(M.frPyObjects(polygons, H, W))
        area, box = float(M.area(rle)), [float(v) for v in M.toBbox(rle)]
        if area == 0:
            continue
        a = {"id": len(anns) + 1, "image_id": im["id"], "category_id": random.choice([3, 5]), "iscrowd": crowd, "area": area, "bbox": box}
        if crowd:
            flat = M.decode(rle).T.flatten()
            ends = np.flatnonzero(np.diff(flat)) + 1
            counts = [int(v) for v in np.diff(np.r_[0, ends, flat.size])]
            counts = [0] + counts if flat[0] else counts
            a["segmentation"] = {"size": [H, W], "counts": counts}
        else:
            a["segmentation"] = polygons
        a["expected"] = M.merge(M.frPyObjects(polygons, H, W))["counts"].decode()
        anns.append(a)
        for _ in range(random.choice([0, 1, 2])):
            jitter = [[v + random.gauss(0, r / 15) for v in p] for p in polygons]
            d = M.merge(M.frPyObjects(jitter, H, W))
            if M.area(d) > 0:
                cat = a["category_id"] if random.random() < 0.85 else 8 - a["category_id"]
                found.append({"image_id": im["id"], "category_id": cat, "score": round(random.random(), 1), "bbox": [float(v) for v in M.toBbox(d)],
                              "segmentation": {"size": [H, W], "counts": d["counts"].decode()}})

strip = [{k: v for k, v in a.items() if k != "expected"} for a in anns]


def evaluate(kind, agnostic):
    with contextlib.redirect_stdout(io.StringIO()):
        gt = COCO()
        gt.dataset = json.loads(json.dumps({"images": images, "annotations": strip, "categories": cats}))
        gt.createIndex()
        # Boxes are compared by their own area, as a file of boxes alone would be.
        rows = [{k: v for k, v in f.items() if kind == "segm" and k != "bbox" or kind == "bbox" and k != "segmentation"} for f in found]
        dt = gt.loadRes(json.loads(json.dumps(rows)))
        e = COCOeval(gt, dt, kind)
        e.params.useCats = 0 if agnostic else 1
        e.evaluate(), e.accumulate(), e.summarize()
    return [float(v) for v in e.stats]


out = {"source": "pycocotools 2.0.11, by coco.py", "images": images, "categories": cats, "annotations": anns, "found": found,
       "stats": {"segm": evaluate("segm", False), "bbox": evaluate("bbox", False), "segm agnostic": evaluate("segm", True), "bbox agnostic": evaluate("bbox", True)}}
# Polygons that leave the image, and degenerate ones.
odd = [[-20, -10, 60, 40, 170, 10, 80, 130], [10, 10, 10, 10, 10, 10], [5.5, 5.5, 5.5, 60.5, 40.5, 60.5, 40.5, 5.5], [0, 0, 150, 0, 150, 120, 0, 120], [-5, -5, -1, -1, -9, -2]]
out["odd"] = [{"polygon": p, "expected": M.merge(M.frPyObjects([p], H, W))["counts"].decode()} for p in odd]
json.dump(out, open("coco.json", "w"))
