"""Answers such as models write, in English and Chinese, with everything that Markdown is used for in them."""

from __future__ import annotations

from tests.markdown.answers_zh import DERIVATIVE, MIXED, SORTING, TRAVEL

_TREE = r"""# How a B-tree stays balanced

A **B-tree** of order *m* keeps its keys sorted and its leaves at one depth. Every node but the root holds
between `m/2` and `m` children.

## Inserting a key

1. Walk down from the root to the leaf where the key belongs.
2. Put the key there. If the leaf is now too full:
   - split it in the middle,
   - move the *median* key up to the parent,
   - and repeat for the parent.
3. If the root itself is split, a new root is made. This is the **only** way in which the tree grows taller.

```python
def insert(node: Node, key: int) -> None:
    \"\"\"Insert a key; split full children on the way down.\"\"\"
    i = bisect_left(node.keys, key)
    if node.is_leaf:
        node.keys.insert(i, key)
        return
    if len(node.children[i].keys) == MAX:  # full
        split(node, i)
        i += key > node.keys[i]
    insert(node.children[i], key)
```

With $n$ keys the height is at most $\log_{\lceil m/2 \rceil} \frac{n+1}{2}$, so a lookup costs \(O(\log n)\) reads.

> A tree of order 1,000 with a billion keys is four levels deep.

See <https://en.wikipedia.org/wiki/B-tree> for the history.
""".replace(r"\"", '"')

_SHELL = """Sure! Here is how to find the ten largest files below a folder.

```bash
find . -type f -printf '%s %p\\n' | sort -nr | head -n 10
```

What each part does:

- `find . -type f` lists files only, not folders.
- `-printf '%s %p\\n'` prints the **size in bytes** and the path.
- `sort -nr` sorts by number, largest first.
    - `-n` compares numbers, so that 9 comes before 10.
    - `-r` turns the order round.
- `head -n 10` keeps ten lines.

On macOS `find` has no `-printf`. Use this:

```bash
find . -type f -exec stat -f '%z %N' {} + | sort -nr | head
```

Storage costs about $5 to $10 a month for 100 GB, so it may be cheaper to keep the files. ~~Delete them at once.~~
"""

_LANGUAGES = """Here is a short comparison.

| Language | Typing | Memory | Good for |
|:---------|:------:|-------:|----------|
| Python | dynamic | collected | scripts, data, `notebooks` |
| Rust | static | owned | systems, **safe** concurrency |
| Go | static | collected | network services |
| C | static | by hand | kernels, firmware |
| Haskell | static | collected | parsers \\| compilers |

### What to choose?

* For **exploring data**: Python.

  Most libraries are there, and a notebook shows each step.

* For a **service under load**: Go or Rust.

  * Go is simpler to learn.
  * Rust needs no garbage collector.

* For **firmware**: C, or Rust where a compiler exists.

---

*Note:* all of them can call C.
"""

_INTEGRAL = r"""## Gaussian integral

We want to show that

$$
\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}.
$$

Let \(I\) be the integral. Its square is a double integral over the plane:

\[
I^2 = \int_{-\infty}^{\infty}\int_{-\infty}^{\infty} e^{-(x^2+y^2)}\,dx\,dy
\]

1. **Polar coordinates.** With $x = r\cos\theta$, $y = r\sin\theta$ and $dx\,dy = r\,dr\,d\theta$ we get
   \[ I^2 = \int_0^{2\pi}\!\int_0^\infty e^{-r^2}\,r\,dr\,d\theta. \]
2. **Substitute** \(u = r^2\), so that \(du = 2r\,dr\):
   $$\int_0^\infty e^{-r^2} r\,dr = \frac{1}{2}\int_0^\infty e^{-u}\,du = \frac12$$
3. Hence $I^2 = 2\pi \cdot \frac12 = \pi$ and, as $I > 0$, we have $\boxed{I = \sqrt{\pi}}$.

\begin{align}
\Gamma(1/2) &= \int_0^\infty t^{-1/2} e^{-t}\,dt \\
            &= 2\int_0^\infty e^{-x^2}\,dx = \sqrt{\pi}
\end{align}

| quantity | value |
|---|---|
| \(|I|\) | $\sqrt{\pi} \approx 1.7725$ |
| $I^2$ | $\pi$ |
"""

_PRICES = """**Short answer:** the yearly plan is cheaper if you stay for more than eight months.

| Plan | Per month | Per year |
| --- | ---: | ---: |
| Basic | $5 | $50 |
| Team | $12.50 | $120 |

- Basic costs $5 a month, or $50 a year: you save $10.
- Team costs $12.50 a month, or $120 a year: you save $30.
- Set `$HOME` and `$PATH` before you start; both are read.

- [x] compare the prices
- [ ] ask for the **student** discount
- [ ] write to billing@example.com

Visit www.example.com/prices?plan=team or [the help page](https://example.com/help "Help") for more.
"""

_STORY = """The lighthouse keeper had not spoken to anyone for eleven days. He did not count them; the log did.

On the twelfth, a boat came. It was small and blue, and it was rowed by a girl of about nine, who tied it up with
a knot that he had never seen. "You are out of tea," she said. It was not a question.

"How do you know?"

"Your light was *tired* last night." She put a tin on the step. "It is **not** the good kind. But it is tea."

He looked at the tin, and at the sea, which was flat and had no other boat on it. When he looked back she was
already rowing, with her back to the land, as if she knew where it was.

***

That night the light burned so clear that a ship forty miles out noted it, with the time, and a question mark.
"""

_REVIEW = """I found three problems in this patch:

1. **The lock is released twice.** In `close()`:

   ```diff
   -    self.lock.release()
   +    if self.lock.locked():
   +        self.lock.release()
   ```

   Better still, use `with self.lock:` and let Python do it.

2. **Errors are swallowed.**

   > `except Exception: pass`

   hides *everything*, also a `KeyboardInterrupt` in older code. Catch `OSError`.

3. The regular expression `^(a+)+$` takes exponential time:

   | input | time |
   |---|---|
   | `aaaaaaaaaaaaaaaaaaaa!` | 0.1 s |
   | `aaaaaaaaaaaaaaaaaaaaaaaaaaaa!` | 25 s |

Apart from that it looks good. The JSON is fine too:

```json
{"name": "sf", "values": [1, 2.5, null, true], "nested": {"text": "a \\"quoted\\" word"}}
```

#### Next steps

- Fix 1 and 2 today.
- Test 3 with [hypothesis][h].

[h]: https://hypothesis.readthedocs.io/
"""

_HTML = """To centre a `<div>`, use **flexbox**:

```html
<!DOCTYPE html>
<style>
  .outer { display: flex; justify-content: center; align-items: center; height: 100vh; }
</style>
<div class="outer"><p>Hello &amp; welcome</p></div>
```

Before flexbox, people wrote <center>text</center> or used `margin: 0 auto;`.
Tom & Jerry, 3 < 5 > 2, &copy; 2024.

Setext headings exist too
=========================

A line ends with two spaces \x20
and goes on here\\
and here. Snake_case_words and 2*3*4 stay as they are; so does f(x) = a_1 * b_1.

![A diagram of flexbox](https://example.com/flexbox.png)

+ one
+ two

  ~~~
  code in a list item
  ~~~
+ three
"""

ANSWERS: dict[str, str] = {
    "tree": _TREE,
    "shell": _SHELL,
    "languages": _LANGUAGES,
    "integral": _INTEGRAL,
    "prices": _PRICES,
    "story": _STORY,
    "review": _REVIEW,
    "html": _HTML,
    "sorting in Chinese": SORTING,
    "travel in Chinese": TRAVEL,
    "derivative in Chinese": DERIVATIVE,
    "mixed in Chinese": MIXED,
}
"""Each answer by its name."""
