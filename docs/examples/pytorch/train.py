#!/usr/bin/env python3
"""A small character-level language model in PyTorch, trained as a job should be on a machine that may vanish.

Works with torch 1.13 and 2.x. The parts to take home are save(), load_newest() and the SIGTERM flag; see ../README.md.
"""
import argparse, json, math, os, random, signal, sys, tempfile, time
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

CONTEXT, BATCH = 16, 32


def save(out, keep, step, model, optimizer):
    """Everything the next start needs, under a name that appears only when every byte is on the disk."""
    state = {
        "step": step,
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "rng_python": random.getstate(),
        "rng_torch": torch.get_rng_state(),
        "rng_cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
    }
    final = out / f"step_{step:08d}.pt"
    temp = out / f".tmp-{final.name}"
    with open(temp, "wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temp, final)
    sync(out)
    print(f"saved {final}", flush=True)
    for old in sorted(out.glob("step_*.pt"))[:-keep]:
        old.unlink()


def sync(directory):
    """A new name is on the disk only once its directory is."""
    fd = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def load_newest(out, model, optimizer, device):
    """The step to go on from: that of the newest checkpoint which reads whole, or 0. Never waits to be asked."""
    for leftover in out.glob(".tmp-*"):
        leftover.unlink()
    saved = sorted(out.glob("step_*.pt"), reverse=True)
    for path in saved:
        try:
            # A pickle can run code: load what this program wrote, never a stranger's file. (True fails on torch 1.13.)
            state = torch.load(path, map_location="cpu", weights_only=False)
            model.load_state_dict(state["model"])
            optimizer.load_state_dict(state["optimizer"])
        except Exception as damaged:
            print(f"passing over {path}: {damaged}", flush=True)
            continue
        random.setstate(state["rng_python"])
        torch.set_rng_state(state["rng_torch"])
        if state["rng_cuda"] and device == "cuda":
            torch.cuda.set_rng_state_all(state["rng_cuda"])
        print(f"resumed from step {state['step']}", flush=True)
        return state["step"]
    if saved:  # beginning anew would overwrite them one by one
        sys.exit(f"train.py: none of the {len(saved)} checkpoints in {out} can be read. To begin anew, move them away.")
    return 0


class CharModel(nn.Module):
    """Guesses the next symbol from the last CONTEXT ones."""

    def __init__(self, symbols=128, embed=24, hidden=512):
        super().__init__()
        self.embed = nn.Embedding(symbols, embed)
        self.hidden = nn.Linear(CONTEXT * embed, hidden)
        self.head = nn.Linear(hidden, symbols)

    def forward(self, x):
        return self.head(F.relu(self.hidden(self.embed(x).flatten(1))))


def loss_on(model, rows):
    return F.cross_entropy(model(rows[:, :-1]), rows[:, -1])


def read_text(sources):
    files = [f for s in sources for f in (sorted(s.rglob("*.md")) + sorted(s.rglob("*.txt")) if s.is_dir() else [s])]
    text = "\n".join(f.read_text(encoding="utf-8", errors="ignore") for f in files if f.is_file())
    symbols = [ord(c) for c in text if ord(c) < 128]
    if len(symbols) < 10_000:
        print(f"train.py: found {len(symbols)} characters of text in {', '.join(map(str, sources))}, and need 10000. "
              "Name files or folders with .md or .txt: --data FILE|DIR...", file=sys.stderr)
        sys.exit(2)
    return torch.tensor(symbols)


def learning_rate(step, steps, peak=2e-3, warmup=50):
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak * (0.55 + 0.45 * math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


def write_results(folder, model, text, device, metrics):
    folder.mkdir(parents=True, exist_ok=True)
    x = text[:CONTEXT].to(device)
    with torch.no_grad():
        for _ in range(400):
            logits = model(x[-CONTEXT:].unsqueeze(0))[0]
            x = torch.cat([x, torch.multinomial(F.softmax(logits / 0.5, 0), 1)])
    sample = "".join(chr(c) for c in x[CONTEXT:].tolist())
    for name, content in (("metrics.json", json.dumps(metrics)), ("sample.txt", sample)):
        fd, temp = tempfile.mkstemp(dir=folder, prefix=".")
        with os.fdopen(fd, "w") as file:
            file.write(content + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temp, folder / name)
    sync(folder)


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    here = Path(__file__).resolve().parent
    parser.add_argument("--data", type=Path, nargs="+", default=[here.parent / "char-lm" / "corpus"])
    parser.add_argument("--steps", type=int, default=2000, help="train up to this step")
    parser.add_argument("--every", type=int, default=200, help="write a checkpoint every N steps")
    parser.add_argument("--out", type=Path, default=Path("checkpoints"))
    parser.add_argument("--keep", type=int, default=4, help="how many checkpoints stay")
    parser.add_argument("--results", type=Path, help="write metrics.json and sample.txt there at the end")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--pace-ms", type=float, default=0, help="let a step take at least this long")
    return parser.parse_args()


def main():
    opt = options()
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))  # only a flag: the loop saves between two steps
    torch.set_num_threads(opt.threads)
    random.seed(opt.seed)
    torch.manual_seed(opt.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    text = read_text(opt.data)
    model = CharModel().to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    opt.out.mkdir(parents=True, exist_ok=True)
    begun = step = load_newest(opt.out, model, optimizer, device)
    told, since, losses = time.monotonic(), step, []
    while step < opt.steps:
        begin = time.monotonic()
        rate = learning_rate(step, opt.steps)
        for group in optimizer.param_groups:
            group["lr"] = rate
        starts = torch.randint(len(text) - CONTEXT - 1, (BATCH,))  # its generator is in the checkpoint
        rows = torch.stack([text[s:s + CONTEXT + 1] for s in starts.tolist()]).to(device)
        loss = loss_on(model, rows)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        losses.append(loss.item())
        passed = time.monotonic() - told
        if passed >= 0.5 or step == opt.steps:
            speed = (step - since) * BATCH / passed
            print(f"step {step}/{opt.steps} loss {sum(losses) / len(losses):.3f} lr {rate:.1e} {speed:.0f} chars/s", flush=True)
            told, since, losses = time.monotonic(), step, []
        if step % opt.every == 0 or step == opt.steps or stop:
            save(opt.out, opt.keep, step, model, optimizer)
        if stop:
            print(f"stopped at step {step}", flush=True)
            sys.exit(143)
        time.sleep(max(0, opt.pace_ms / 1000 - (time.monotonic() - begin)))
    with torch.no_grad():
        final = loss_on(model, text.unfold(0, CONTEXT + 1, 16).to(device)).item()
    print(f"final loss {final:.4f}", flush=True)
    if opt.results:
        write_results(opt.results, model, text, device, {"steps": step, "loss": final, "resumed_from": begun, "seed": opt.seed})
        print(f"results in {opt.results}", flush=True)


if __name__ == "__main__":
    main()
