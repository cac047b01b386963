"""The contrast of text to its ground, by WCAG 2: of colours, and of what a browser shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator

LEAST = 4.5
"""What WCAG 2 asks of text at level AA."""

_SEEN = """tokens => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const channels = colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (front, alpha, ground) => front.map((each, number) => alpha * each + (1 - alpha) * ground[number]);
  return tokens.map(token => {
    const around = [];
    for (let each = token; each; each = each.parentElement ?? each.getRootNode().host) around.push(each);
    let ground = [255, 255, 255];
    for (const each of around.toReversed()) {
      const [red, green, blue, alpha] = channels(getComputedStyle(each).backgroundColor);
      ground = over([red, green, blue], alpha, ground);
    }
    const opacity = around.reduce((product, each) => product * getComputedStyle(each).opacity, 1);
    const [red, green, blue, alpha] = channels(getComputedStyle(token).color);
    return [over([red, green, blue], alpha * opacity, ground), ground];
  });
}"""


def contrast(first: Sequence[float], second: Sequence[float]) -> float:
    """The contrast of two colours of red, green and blue from 0 to 255."""
    darker, lighter = sorted([_luminance(first), _luminance(second)])
    return (lighter + 0.05) / (darker + 0.05)


def shown(tokens: Locator) -> list[float]:
    """The contrast of each of these elements to what is behind it on the page."""
    return [contrast(text, ground) for text, ground in tokens.evaluate_all(_SEEN)]


def _luminance(colour: Sequence[float]) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (each / 255 for each in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
