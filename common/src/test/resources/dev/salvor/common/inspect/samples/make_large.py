#!/usr/bin/env python3
"""Writes a 5 GiB checkpoint of random fp32 weights: make_large.py safetensors|torch FILE.

For the throughput table of docs/reference/formats.md. Needs Debian's python3-torch.
"""
import json, struct, sys
import numpy

BLOCK = numpy.random.default_rng(1).standard_normal(16 << 20).astype('<f4').tobytes()
TENSORS = 80


def safetensors(path):
    header = {f'layers.{i}.weight': {'dtype': 'F32', 'shape': [4096, 4096],
                                     'data_offsets': [i * len(BLOCK), (i + 1) * len(BLOCK)]} for i in range(TENSORS)}
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as f:
        f.write(struct.pack('<Q', len(text)) + text)
        for _ in range(TENSORS):
            f.write(BLOCK)


def zipped(path):
    import torch
    weight = torch.from_numpy(numpy.frombuffer(BLOCK, dtype='<f4').copy().reshape(4096, 4096))
    torch.save({'global_step': 5, 'model': {f'layers.{i}.weight': weight.clone() for i in range(TENSORS)}}, path)


{'safetensors': safetensors, 'torch': zipped}[sys.argv[1]](sys.argv[2])
