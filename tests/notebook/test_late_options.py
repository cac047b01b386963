"""Options after the prompt, in the table of prompts that talk about options or misplace them."""

from __future__ import annotations

import pytest

from sfstream.notebook.late_options import note_late_options

LATE = [
    ("Hello --temperature 0.5", "--temperature 0.5"),
    ("Hello --temperature=0.5", "--temperature=0.5"),
    ("Hello —temperature 0.5", "—temperature 0.5"),
    ("Hello –temperature 0.5", "–temperature 0.5"),
    ("Hello －－temperature 0.5", "－－temperature 0.5"),
    ("Hello -temperature 0.5", "-temperature 0.5"),
    ("Hello --max_tokens 50", "--max_tokens 50"),
    ("Hello --max-tokens 50 --temperature 0.2", "--max-tokens 50 --temperature 0.2"),
    ("Hello -t 0.5", "-t 0.5"),
    ("Hello -t0.5", "-t0.5"),
    ("Write a haiku about rain -t 1.5", "-t 1.5"),
    ("Write a haiku about rain. -t 1.5", "-t 1.5"),
    ("What is streaming? --no-think", "--no-think"),
    ("What is 2+2 --no-think", "--no-think"),
    ("What is streaming --temperature 0.5", "--temperature 0.5"),
    ("Why is the sky blue? -m Qwen/Qwen3-8B", "-m Qwen/Qwen3-8B"),
    ("Why is the sky blue -m Qwen/Qwen3-8B", "-m Qwen/Qwen3-8B"),
    ("Why is the sky blue? --model Qwen/Qwen3-8B", "--model Qwen/Qwen3-8B"),
    ("And shorter? -c", "-c"),
    ("And shorter --continue", "--continue"),
    ('Why is the sky blue? -s "Be brief."', '-s "Be brief."'),
    ('Why is the sky blue -s "Be brief."', '-s "Be brief."'),
    ("What is this? -a photo.png", "-a photo.png"),
    ("Describe this picture -a photo.png", "-a photo.png"),
    ("List three primes -f json", "-f json"),
    ("List three primes -p seed=7", "-p seed=7"),
    ("天空为什么是蓝色的？ --temperature 0.5", "--temperature 0.5"),
    ("天空为什么是蓝色的？—temperature 0.5", ""),
    ("天空为什么是蓝色 -t 0.5", "-t 0.5"),
    ("Explain git rebase. --temperature 0.2", "--temperature 0.2"),
    ("Hello --dry-run", "--dry-run"),
    ("Explain SSE to a child --temperature 0.7", "--temperature 0.7"),
    ("用一句话解释量子力学 --temperature 0.5", "--temperature 0.5"),
    ("Name three rivers --schema list[str]", "--schema list[str]"),
    ("hi --via curl", "--via curl"),
    ("Tell me about {{ x }} --top-p 0.9", "--top-p 0.9"),
]
TALK = [
    "What does grep -m do?",
    "explain `curl --max-time 5`",
    "explain the -n flag of sed",
    "explain ls -t",
    "What does ls -t do?",
    "What is python -m pip",
    "How do I run python -m http.server",
    "What is git rebase --continue",
    "git rebase --continue",
    "explain git commit -m fix/typo",
    "What does docker ps --format json",
    "explain kubectl apply --dry-run",
    "How do I stop ffmpeg after -t 5",
    "explain ffmpeg -t 0.5",
    "explain head -c",
    "What does wc -c",
    "What does --temperature 0.5 mean?",
    "What does --temperature 0.5 mean",
    "What is --temperature",
    "Explain --no-think",
    "Explain the option --no-think",
    "What is the difference between --think and --no-think",
    "Is 0.7 better than --temperature 0.5?",
    "Compare --temperature 0.2 and --temperature 0.9",
    "Why does ollama run llama3 --temperature 0.5",
    "How do I use --temperature 0.5",
    "How do I run ./server --model a/b",
    "What happens in train.py --temperature 0.5",
    "Fix this command: llm chat --temperature 0.5",
    "Explain: --temperature 0.5",
    "He cried —stop it",
    "The tomatoes are —fresh",
    "I like it —think about it",
    "wait—think",
    "two dashes -- and more",
    "-5 + 3 is -t",
    "The minus of -t 0.5 confuses me",
    "什么是 --temperature 0.5",
    "请解释 --no-think",
    "参数 --top-p 0.9",
    "解释一下 `ls -t 1`",
    "Use the flag `-t 0.5`",
    'What does "--no-think" do',
    "gcc -o main",
    "sort -o out",
    "ping -t 5",
    "Set x to -t 9",
    "A list: --model NAME",
    "Where do I write --no-think",
    "I typed --temperature 0.5",
    "Explain tar -c",
    "ssh -t",
    "kubectl logs -c main",
    "set -o pipefail",
    "git commit 的 -m 是什么意思",
    "这个选项：--temperature 0.5",
    "",
]
CELLS = [
    ("--temperature 0.5\nWhy is the sky blue?", "--temperature 0.5"),
    ("—temperature 0.5\nWhy is the sky blue?", "--temperature 0.5"),
    ("--temperature 0.5 Why is the sky blue?", "--temperature 0.5"),
    ("-t 0.5 -m Qwen/Qwen3-8B\nWhy is the sky blue?", "-t 0.5 -m Qwen/Qwen3-8B"),
    ("-c\nAnd shorter?", "-c"),
    ("Why is the sky blue?\n--temperature 0.5", "--temperature 0.5"),
    ("Why is the sky blue?\n—temperature 0.5\n", "—temperature 0.5"),
    ("Why is the sky blue? --temperature 0.5\n", "--temperature 0.5"),
    ("First line.\n\nWhy is the sky blue?\n\n-t 0.5", "-t 0.5"),
    ("Explain these options:\n--temperature 0.5", ""),
    ("Explain these options:\n--top-p 0.9\n--temperature 0.5", ""),
    ("Explain:\n```\nllm chat \\\n--temperature 0.5\n```", ""),
    ("Explain:\n```\nls\n--temperature 0.5", ""),
    ("Explain this:\nllm chat \\\n--temperature 0.5", ""),
    ("Explain this:\n\n    llm chat\n    --temperature 0.5", ""),
    ("--think about it", ""),
    ("--temperature 0.5 is what?", ""),
    ("--model NAME\n--temperature NUMBER\nExplain these.", ""),
    ("- a list item\n- another", ""),
    ("-5 + 3 is?", ""),
    ("Hello\n-t", ""),
    ("---\ntitle: x\n---\nExplain this.", ""),
]


@pytest.mark.parametrize(("prompt", "options"), LATE)
def test_options_at_the_end_are_noted(prompt: str, options: str) -> None:
    """With the line as it would have to be."""
    notes = list(map(str, note_late_options(f"-m a/b {prompt}", prompt, is_cell=False)))
    assert bool(options) == bool(notes)
    if options:
        assert notes[0].startswith(f"{options} was sent as part of the prompt")
        assert ": %sfchat -m a/b -" in notes[0]


@pytest.mark.parametrize("prompt", TALK)
def test_talk_about_options_is_not_noted(prompt: str) -> None:
    """Prompts about programs and their options."""
    assert [] == note_late_options(prompt, prompt, is_cell=False)


@pytest.mark.parametrize(("prompt", "options"), CELLS)
def test_the_first_and_last_line_of_a_cell(prompt: str, options: str) -> None:
    """Where the options are lines of their own too."""
    notes = list(map(str, note_late_options("-m a/b", prompt, is_cell=True)))
    assert [options] == [note.partition(" was sent")[0] for note in notes] if options else not notes
    assert all("%%sfchat -m a/b -" in note for note in notes)


def test_two_dashes_say_that_all_is_text() -> None:
    """On the line and on the first line of a cell."""
    assert [] == note_late_options("-- Hello -t 0.5", "Hello -t 0.5", is_cell=False)
    assert [] == note_late_options("-m a/b --", "Hello\n-t 0.5", is_cell=True)
