"""A Piper voice that is made in a moment: every sound of the language is a tone of 60 ms."""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

RATE = 16000
_SIGNS = "_^$ abcdefghijklmnopqrstuvwxyzæçðøħŋœɐɑɒɔɕəɚɛɜɡɪɲɹɾʁʃʊʌʏʒʔθːˈˌ,.!?-'"


def tiny_voice(path: Path, language: str, hertz: float = 300.0) -> Path:
    """`path` with its .json beside it; the sign with the number n is a tone of `hertz` + 20 n."""
    times = np.arange(round(0.06 * RATE)) / RATE
    pitches = hertz + 20 * np.arange(len(_SIGNS))
    tones = (0.3 * np.sin(2 * np.pi * np.outer(pitches, times))).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["tones", "input"], ["sounds"], axis=0),
            helper.make_node("Reshape", ["sounds", "shape"], ["output"]),
        ],
        "voice",
        [
            helper.make_tensor_value_info("input", TensorProto.INT64, ["batch", "signs"]),
            helper.make_tensor_value_info("input_lengths", TensorProto.INT64, ["batch"]),
            helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
        ],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["batch", 1, 1, "samples"])],
        [
            numpy_helper.from_array(tones, "tones"),
            numpy_helper.from_array(np.array([1, 1, 1, -1], dtype=np.int64), "shape"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, str(path))
    config = {
        "audio": {"sample_rate": RATE},
        "espeak": {"voice": language},
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "num_symbols": len(_SIGNS),
        "num_speakers": 1,
        "phoneme_id_map": {sign: [number] for number, sign in enumerate(_SIGNS)},
    }
    Path(f"{path}.json").write_text(json.dumps(config))
    return path
