"""A decoder of Qwen2's kind in plain PyTorch, to time beside `partwright bench network`.

The program runs it as `python -c SCRIPT SETTINGS`, where SETTINGS is a JSON object, and reads one JSON line from its
standard output. It needs torch and nothing else. Weights are random: speed does not depend on them. Like the program's
own network it keeps keys and values, reads a prompt of vectors and writes greedily, one token after another; sizes are
the caller's.
"""

import json
import statistics
import sys
import time

import torch
import torch.nn.functional as F


class Layer:
    """Weights of one layer, named as in the checkpoint."""

    def __init__(self, size, weight):
        hidden, inner = size["hidden"], size["inner"]
        key = size["kv_heads"] * (hidden // size["heads"])
        self.input_layernorm = weight(hidden)
        self.q_proj, self.q_bias = weight(hidden, hidden), weight(hidden)
        self.k_proj, self.k_bias = weight(key, hidden), weight(key)
        self.v_proj, self.v_bias = weight(key, hidden), weight(key)
        self.o_proj = weight(hidden, hidden)
        self.post_attention_layernorm = weight(hidden)
        self.gate_proj, self.up_proj = weight(inner, hidden), weight(inner, hidden)
        self.down_proj = weight(hidden, inner)


class Decoder:
    """Token table, layers, norm and the head, which is the table."""

    def __init__(self, size, device, dtype):
        # One block of noise is laid over every weight: a draw of its own for each takes minutes on a CPU.
        noise = torch.randn(1 << 22, device=device).mul_(0.02).to(dtype)

        def weight(*shape):
            filled = torch.empty(shape, device=device, dtype=dtype)
            for part in filled.view(-1).split(noise.numel()):
                part.copy_(noise[: part.numel()])
            return filled

        self.size, self.device, self.dtype = size, device, dtype
        self.head_dim = size["hidden"] // size["heads"]
        self.embed_tokens = weight(size["vocabulary"], size["hidden"])
        self.layers = [Layer(size, weight) for _ in range(size["layers"])]
        self.norm = weight(size["hidden"])
        exponents = torch.arange(0, self.head_dim, 2, device=device).float() / self.head_dim
        self.frequencies = 1.0 / size["rope_theta"] ** exponents

    def parameters(self):
        tensors = [self.embed_tokens, self.norm]
        for layer in self.layers:
            tensors += vars(layer).values()
        return sum(tensor.numel() for tensor in tensors)

    def cache(self, batch, length):
        shape = (2, batch, self.size["kv_heads"], length, self.head_dim)
        return [torch.zeros(shape, device=self.device, dtype=self.dtype) for _ in self.layers]

    def forward(self, xs, start, cache):
        """Scores of the token after `xs` (batch, length, hidden), which stand from position `start` on."""
        batch, length, hidden = xs.shape
        heads, kv_heads, end = self.size["heads"], self.size["kv_heads"], start + length
        angles = torch.outer(torch.arange(start, end, device=self.device).float(), self.frequencies)
        cos, sin = angles.cos().to(self.dtype), angles.sin().to(self.dtype)

        def split(ys, heads):
            return ys.view(batch, length, heads, self.head_dim).transpose(1, 2)

        def turn(ys):
            first, second = ys.chunk(2, dim=-1)
            return torch.cat([first * cos - second * sin, second * cos + first * sin], -1)

        for layer, kept in zip(self.layers, cache):
            ys = F.rms_norm(xs, (hidden,), layer.input_layernorm, 1e-6)
            query = turn(split(F.linear(ys, layer.q_proj, layer.q_bias), heads))
            kept[0][:, :, start:end] = turn(split(F.linear(ys, layer.k_proj, layer.k_bias), kv_heads))
            kept[1][:, :, start:end] = split(F.linear(ys, layer.v_proj, layer.v_bias), kv_heads)
            ys = F.scaled_dot_product_attention(
                query, kept[0][:, :, :end], kept[1][:, :, :end], is_causal=length > 1, enable_gqa=True
            )
            xs = xs + F.linear(ys.transpose(1, 2).reshape(batch, length, hidden), layer.o_proj)
            ys = F.rms_norm(xs, (hidden,), layer.post_attention_layernorm, 1e-6)
            xs = xs + F.linear(F.silu(F.linear(ys, layer.gate_proj)) * F.linear(ys, layer.up_proj), layer.down_proj)
        return F.linear(F.rms_norm(xs[:, -1], (hidden,), self.norm, 1e-6), self.embed_tokens)


@torch.inference_mode()
def measure(settings):
    device = settings["device"] or ("cuda" if torch.cuda.is_available() else "cpu")
    start = time.perf_counter()
    decoder = Decoder(settings["size"], device, getattr(torch, settings["dtype"]))
    made_s = time.perf_counter() - start
    prompt, tokens = settings["prompt"], settings["tokens"]
    prefills, decodes = [], {samples: [] for samples in settings["samples"]}
    for _ in range(settings["runs"]):
        for samples, steps in decodes.items():
            cache = decoder.cache(1, prompt + tokens)
            xs = torch.randn(1, prompt, settings["size"]["hidden"], device=device).to(decoder.dtype)
            start = time.perf_counter()
            # Asking for the token waits until a GPU has computed it.
            written = decoder.forward(xs, 0, cache).argmax(-1).tolist() * samples
            prefills.append(time.perf_counter() - start)
            cache = [kept.expand(-1, samples, -1, -1, -1).contiguous() for kept in cache]
            for position in range(prompt, prompt + tokens - 1):
                start = time.perf_counter()
                xs = decoder.embed_tokens[torch.tensor(written, device=device)].unsqueeze(1)
                written = decoder.forward(xs, position, cache).argmax(-1).tolist()
                steps.append(time.perf_counter() - start)
    return {
        "version": torch.__version__,
        "device": torch.cuda.get_device_name() if device == "cuda" else "CPU",
        "dtype": settings["dtype"],
        "threads": torch.get_num_threads(),
        "made_s": made_s,
        "parameters": decoder.parameters(),
        "prefill_s": statistics.median(prefills),
        "decode": [
            {
                "samples": samples,
                "tokens_per_s": samples / statistics.median(steps),
                "best_tokens_per_s": samples / min(steps),
            }
            for samples, steps in decodes.items()
        ],
    }


if __name__ == "__main__":
    print(json.dumps(measure(json.loads(sys.argv[1]))))
