"""Tiny models that read texts: classifiers, taggers, finders of answers and embedders. Writers are in ``writing``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.tiny import tokenizers
from tests.tiny.builder import save, tiny


def facts(tokenizer: Any, *labels: str, **options: Any) -> dict[str, Any]:
    """Return the facts of an encoder of two layers, as large as its tokenizer's windows.

    Its weights are wide: with the usual 0.02 all outputs would be nearly the same, whatever the text.
    """
    named = {"id2label": dict(enumerate(labels)), "label2id": {name: number for number, name in enumerate(labels)}}
    return {
        "vocab_size": len(tokenizer),
        "max_position_embeddings": tokenizer.model_max_length,
        "initializer_range": 0.3,
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 64,
        **(named if labels else {}),
        **options,
    }


@tiny("bert-sentiment", "text-classification")
def bert_sentiment(folder: Path) -> None:
    """Write a BERT that tells two classes apart."""
    from transformers import BertConfig, BertForSequenceClassification

    tokenizer = tokenizers.bert()
    save(folder, tokenizer, BertForSequenceClassification(BertConfig(**facts(tokenizer, "NEGATIVE", "POSITIVE"))))


@tiny("roberta-emotions", "text-classification")
def roberta_emotions(folder: Path) -> None:
    """Write a RoBERTa with labels that do not exclude each other and have no names, as many real ones."""
    from transformers import RobertaConfig, RobertaForSequenceClassification

    tokenizer = tokenizers.roberta(model_max_length=10**30)  # it does not know its limit
    known = facts(
        tokenizer, "LABEL_0", "LABEL_1", "LABEL_2", max_position_embeddings=66
    )  # behind the filler: 64 tokens
    config = RobertaConfig(**known, problem_type="multi_label_classification")
    save(folder, tokenizer, RobertaForSequenceClassification(config))


@tiny("gpt2-classes", "text-classification")
def gpt2_classes(folder: Path) -> None:
    """Write a classifier made of a language model, with nothing to fill shorter texts up with."""
    from transformers import GPT2Config, GPT2ForSequenceClassification

    tokenizer = tokenizers.gpt2(model_max_length=64, pad_token=None)
    sizes = {"vocab_size": len(tokenizer), "n_embd": 32, "n_layer": 2, "n_head": 2, "n_positions": 64}
    named: dict[str, Any] = {"id2label": {0: "no", 1: "yes"}, "initializer_range": 0.3}
    save(folder, tokenizer, GPT2ForSequenceClassification(GPT2Config(**sizes, **named)))


@tiny("bert-names", "token-classification")
def bert_names(folder: Path) -> None:
    """Write a BERT that finds people and places."""
    from transformers import BertConfig, BertForTokenClassification

    tokenizer = tokenizers.bert()
    labels = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
    save(folder, tokenizer, BertForTokenClassification(BertConfig(**facts(tokenizer, *labels))))


@tiny("roberta-answers", "question-answering")
def roberta_answers(folder: Path) -> None:
    """Write a RoBERTa that finds answers."""
    from transformers import RobertaConfig, RobertaForQuestionAnswering

    tokenizer = tokenizers.roberta(model_max_length=96)
    config = RobertaConfig(**facts(tokenizer, max_position_embeddings=98))
    save(folder, tokenizer, RobertaForQuestionAnswering(config))


@tiny("bert-nli", "zero-shot-classification", ("tabular-classification", "nli"))
def bert_nli(folder: Path) -> None:
    """Write a BERT that tells whether a sentence follows from another one."""
    from transformers import BertConfig, BertForSequenceClassification

    tokenizer = tokenizers.bert()
    labels = ("contradiction", "neutral", "entailment")
    save(folder, tokenizer, BertForSequenceClassification(BertConfig(**facts(tokenizer, *labels))))


@tiny("bert-embedder", "sentence-similarity")
def bert_embedder(folder: Path) -> None:
    """Write a BERT with a pooling of means, a dense layer and a normalisation, as sentence-transformers does."""
    import torch
    from safetensors.torch import save_file
    from transformers import BertConfig, BertModel

    tokenizer = tokenizers.bert()
    save(folder, tokenizer, BertModel(BertConfig(**facts(tokenizer))))
    steps = {"": "Transformer", "1_Pooling": "Pooling", "2_Dense": "Dense", "3_Normalize": "Normalize"}
    modules = [
        {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for number, (path, kind) in enumerate(steps.items())
    ]
    _write(folder / "modules.json", modules)
    _write(folder / "sentence_bert_config.json", {"max_seq_length": 32})
    _write(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": 32, "pooling_mode_mean_tokens": True})
    shape = {"in_features": 32, "out_features": 16, "bias": True}
    _write(folder / "2_Dense" / "config.json", {**shape, "activation_function": "torch.nn.modules.activation.Tanh"})
    layer = torch.nn.Linear(32, 16)
    save_file(
        {f"linear.{name}": value.detach() for name, value in layer.named_parameters()},
        folder / "2_Dense" / "model.safetensors",
    )


@tiny("llama-embedder", "sentence-similarity")
def llama_embedder(folder: Path) -> None:
    """Write a Llama whose last token stands for the whole text, as in embedders made of language models."""
    from transformers import LlamaConfig, LlamaModel

    tokenizer = tokenizers.chat(model_max_length=64)
    save(folder, tokenizer, LlamaModel(LlamaConfig(**facts(tokenizer), pad_token_id=tokenizer.pad_token_id)))
    modules = [{"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
    _write(folder / "modules.json", modules)
    _write(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": 32, "pooling_mode_lasttoken": True})
    prompts = {"prompts": {"STS": "compare: "}, "default_prompt_name": None}
    _write(folder / "config_sentence_transformers.json", prompts)


@tiny("tapas", "tabular-classification")
def tapas(folder: Path) -> None:
    """Write a TAPAS, which answers questions about tables."""
    from transformers import TapasConfig, TapasForQuestionAnswering, TapasTokenizer

    known = tokenizers.bert().get_vocab()
    (folder / "vocab.txt").write_text("\n".join([*sorted(known, key=known.__getitem__), "[EMPTY]"]))
    tokenizer = TapasTokenizer(str(folder / "vocab.txt"), model_max_length=128)
    ways = {"num_aggregation_labels": 4, "aggregation_labels": {0: "NONE", 1: "SUM", 2: "AVERAGE", 3: "COUNT"}}
    save(folder, tokenizer, TapasForQuestionAnswering(TapasConfig(**facts(tokenizer), **ways)))


def _write(file: Path, content: object) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")
