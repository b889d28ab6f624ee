#!/usr/bin/env python3
"""Writes the small samples beside it, one or more a format.

torch's and numpy's are written by torch and numpy (Debian: python3-torch); the others are built byte by byte from their
formats' own descriptions, because their writers are not at hand everywhere. Run it in this directory.
"""
import bz2, gzip, io, json, lzma, pickle, struct, zipfile, zlib
import numpy, torch

TABLE = []
for i in range(256):
    c = i
    for _ in range(8):
        c = c >> 1 ^ (0x82F63B78 if c & 1 else 0)
    TABLE.append(c)


def crc32c(data, crc=0):
    crc ^= 0xFFFFFFFF
    for b in data:
        crc = TABLE[(crc ^ b) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def varint(n):
    out = b''
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def write(name, data):
    with open(name, 'wb') as f:
        f.write(data)


def torch_files():
    torch.manual_seed(7)
    model = {'global_step': 7, 'model': {'w': torch.randn(4, 3), 'b': torch.zeros(3, dtype=torch.bfloat16)}}
    torch.save(model, 'torch_zip.pt')
    torch.save(model, 'torch_legacy.pt', _use_new_zipfile_serialization=False)
    torch.save({'x': torch.tensor([1.0, float('nan')])}, 'not_finite.pt')
    write('plain.pkl', pickle.dumps({'lr': 0.1, 'names': ['a', 'b'], 'n': 3}, protocol=4) + pickle.dumps([1, 2]))


def numpy_files():
    numpy.save('array.npy', numpy.arange(6, dtype='<f4').reshape(2, 3))
    numpy.savez_compressed('arrays.npz', a=numpy.arange(4), b=numpy.ones((2, 2), dtype='<f8'))


def safetensors():
    header = {'__metadata__': {'format': 'pt'}, 'w': {'dtype': 'F32', 'shape': [2, 2], 'data_offsets': [0, 16]},
              'b': {'dtype': 'BF16', 'shape': [2], 'data_offsets': [16, 20]}}
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    return struct.pack('<Q', len(text)) + text + struct.pack('<4f', 1, 2, 3, 4) + b'\x80\x3f\x00\x40'


def gguf():
    def s(text):
        return struct.pack('<Q', len(text)) + text
    head = b'GGUF' + struct.pack('<IQQ', 3, 2, 3)
    head += s(b'general.architecture') + struct.pack('<I', 8) + s(b'llama')
    head += s(b'general.alignment') + struct.pack('<II', 4, 32)
    head += s(b'tokens') + struct.pack('<IIQ', 9, 8, 2) + s(b'<s>') + s(b'</s>')
    head += s(b'a') + struct.pack('<IQQIQ', 2, 2, 3, 0, 0)
    head += s(b'q') + struct.pack('<IQIQ', 1, 32, 2, 32)
    head += b'\0' * (-len(head) % 32)
    return head + struct.pack('<6f', *range(6)) + b'\0' * 8 + bytes(range(18))


def onnx():
    raw = struct.pack('<4f', 1, 2, 3, 4)
    tensor = field(1, 2) + field(1, 2) + field(2, 1) + field(8, b'w') + field(9, raw)
    graph = field(1, field(1, b'x') + field(2, b'y') + field(4, b'Relu')) + field(2, b'g') + field(5, tensor)
    return field(1, 8) + field(2, b'samples') + field(7, graph) + field(8, field(2, 17))


def lookup3(key):
    m = 0xFFFFFFFF
    rot = lambda x, k: (x << k | x >> 32 - k) & m
    word = lambda part: int.from_bytes(part, 'little')
    a = b = c = 0xDEADBEEF + len(key) & m
    while len(key) > 12:
        a, b, c = a + word(key[:4]) & m, b + word(key[4:8]) & m, c + word(key[8:12]) & m
        a = (a - c & m) ^ rot(c, 4); c = c + b & m
        b = (b - a & m) ^ rot(a, 6); a = a + c & m
        c = (c - b & m) ^ rot(b, 8); b = b + a & m
        a = (a - c & m) ^ rot(c, 16); c = c + b & m
        b = (b - a & m) ^ rot(a, 19); a = a + c & m
        c = (c - b & m) ^ rot(b, 4); b = b + a & m
        key = key[12:]
    a, b, c = a + word(key[:4]) & m, b + word(key[4:8]) & m, c + word(key[8:12]) & m
    c = (c ^ b) - rot(b, 14) & m; a = (a ^ c) - rot(c, 11) & m; b = (b ^ a) - rot(a, 25) & m
    c = (c ^ b) - rot(b, 16) & m; a = (a ^ c) - rot(c, 4) & m; b = (b ^ a) - rot(a, 14) & m
    return (c ^ b) - rot(b, 24) & m


def hdf5():
    end = 48 + 64
    block = b'\x89HDF\r\n\x1a\n' + bytes([2, 8, 8, 0]) + struct.pack('<QQQQ', 0, 2**64 - 1, end, 48)
    return block + struct.pack('<I', lookup3(block)) + b'OHDR' + b'\0' * 60


def zipped(members, method=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', method) as z:
        for name, data in members:
            z.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def bundle():
    a, b = struct.pack('<3f', 1, 2, 3), struct.pack('<q', 5)
    fixed = lambda n, v: bytes([n << 3 | 5]) + struct.pack('<I', v)
    entry = lambda t, shape, at, d: (field(1, t) + field(2, b''.join(field(2, field(1, n)) for n in shape))
                                     + (field(4, at) if at else b'') + field(5, len(d)) + fixed(6, masked(d)))
    pairs = [(b'', field(1, 1) + field(3, field(1, 1))), (b'a', entry(1, [3], 0, a)), (b'b', entry(9, [], 12, b))]

    def block(pairs):
        body = b''.join(varint(0) + varint(len(k)) + varint(len(v)) + k + v for k, v in pairs)
        body += struct.pack('<II', 0, 1)
        return body, body + b'\0' + struct.pack('<I', masked(body + b'\0'))
    data, data_block = block(pairs)
    meta, meta_block = block([])
    index, index_block = block([(b'c', varint(0) + varint(len(data)))])
    at_meta = len(data_block)
    at_index = at_meta + len(meta_block)
    handles = varint(at_meta) + varint(len(meta)) + varint(at_index) + varint(len(index))
    footer = handles + b'\0' * (40 - len(handles)) + struct.pack('<Q', 0xDB4775248B80FB57)
    write('ckpt-3.index', data_block + meta_block + index_block + footer)
    write('ckpt-3.data-00000-of-00001', a + b)


def ocdbt(magic, body):
    piece = struct.pack('>I', magic) + struct.pack('<Q', 16 + len(body)) + body
    return piece + struct.pack('<I', crc32c(piece))


def msgpack():
    text = lambda t: bytes([0xA0 | len(t)]) + t
    return b'\x82' + text(b'step') + b'\x07' + text(b'w') + b'\xc7\x08\x01' + b'\x93\x91\x02\xa2f4\xc4\x00'


def joblib():
    wrapper = (b'cjoblib.numpy_pickle\nNumpyArrayWrapper\nq\x00)\x81q\x01}q\x02('
               b'X\x08\x00\x00\x00subclassq\x03cnumpy\nndarray\nq\x04X\x05\x00\x00\x00shapeq\x05K\x03\x85q\x06'
               b'X\x05\x00\x00\x00dtypeq\x07cnumpy\ndtype\nq\x08X\x02\x00\x00\x00f4q\tK\x00K\x01\x87q\nRq\x0b'
               b'(K\x03X\x01\x00\x00\x00<q\x0cNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tq\rb'
               b'X\x1b\x00\x00\x00numpy_array_alignment_bytesq\x0eK\x10ub')
    return b'\x80\x03}q\x0fX\x01\x00\x00\x00wq\x10' + wrapper + b'\x05' + b'\xff' * 5 + struct.pack('<3f', 1, 2, 3) + b's.'


def lz4_stored(data):
    return struct.pack('<I', 0x184D2204) + b'\x60\x40\x82' + struct.pack('<I', len(data) | 0x80000000) + data + b'\0' * 4


def main():
    torch_files()
    numpy_files()
    bundle()
    dump = joblib()
    for name, data in {
        'weights.safetensors': safetensors(), 'tiny.gguf': gguf(), 'tiny.onnx': onnx(), 'tiny.h5': hdf5(),
        'tiny.keras': zipped([('metadata.json', b'{"keras_version": "3.0"}'), ('model.weights.h5', hdf5()),
                              ('config.json', b'{"class_name": "Sequential", "config": {"layers": []}}')]),
        'lambda.keras': zipped([('metadata.json', b'{}'), ('config.json', b'{"class_name": "Lambda", "config": {}}'),
                                ('model.weights.h5', hdf5())]),
        'pipeline.skops': zipped([('schema.json', b'{"__class__": "Pipeline", "__module__": "sklearn.pipeline"}')],
                                 zipfile.ZIP_DEFLATED),
        'manifest.ocdbt': ocdbt(0x0CDB3A2A, b'\0\0' + b'm' * 40), 'tree.msgpack': msgpack(),
        'saved_model.pb': field(1, 1) + field(2, field(1, b'meta')), 'config.json': b'{"hidden": [1, 2.5e3, null, NaN]}',
        'dump.joblib': dump, 'dump.joblib.gz': gzip.compress(dump, mtime=0), 'dump.joblib.z': zlib.compress(dump),
        'dump.joblib.bz2': bz2.compress(dump, 1), 'dump.joblib.xz': lzma.compress(dump, preset=0),
        'dump.joblib.lzma': lzma.compress(dump, format=lzma.FORMAT_ALONE, preset=0), 'dump.joblib.lz4': lz4_stored(dump),
    }.items():
        write(name, data)


main()
