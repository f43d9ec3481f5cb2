"""Whether text in a colour can be read on white, and white text on the colour; the nearest colour where it can.

The formula is WCAG 2.2's relative luminance and contrast ratio, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.
"""

from __future__ import annotations

import colorsys
import re

LEAST = 4.5  # of text as small as ours, level AA
HEX = re.compile(r"#[0-9a-f]{6}")
STEPS = 256  # of lightness, down to black


def ratio_with_white(colour: str) -> float:
    """The contrast of `#rrggbb` with white, 1 to 21."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def readable(colour: str) -> str:
    """The colour itself where it can be read, otherwise the nearest darker one of its hue that can."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in _parts(colour)))
    found = colour
    for step in range(STEPS, -1, -1):
        if ratio_with_white(found) >= LEAST:
            break
        darker = colorsys.hls_to_rgb(hue, lightness * step / STEPS, saturation)
        found = "#" + "".join(f"{round(part * 255):02x}" for part in darker)
    return found


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
