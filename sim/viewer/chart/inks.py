"""A picture in as few colours as a small file wants."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.viewer.quiet import pygame
from sim.viewer.relief import Image

_MOST: Final = 256
_BITS: Final = 6  # of a colour's eight that count for telling colours apart at first
_WEIGHTS: Final = (0.3, 0.59, 0.11)  # of red, green and blue in what the eye sees as bright

Numbers = NDArray[np.float64]


def with_few_colours(surface: pygame.Surface) -> pygame.Surface:
    """Return the picture in 256 colours of its own, which a third of the bytes hold.

    Source
    ------
    Heckbert, "Color image quantization for frame buffer display", SIGGRAPH 1982: median cut; here boxes are cut at
    their mean, the one first that leaves the largest error.
    """
    image: Image = np.ascontiguousarray(pygame.surfarray.array3d(surface).swapaxes(0, 1))
    numbers, palette = few_colours(image)
    height, width = numbers.shape
    thin = pygame.image.frombuffer(numbers.tobytes(), (width, height), "P")
    thin.set_palette([tuple(colour) for colour in palette.tolist()])
    return thin


def few_colours(image: Image, most: int = _MOST) -> tuple[NDArray[np.uint8], Image]:
    """Return the number of each pixel's colour, ``(H, W)``, and the colours, ``(n, 3)``, n <= `most` <= 256.

    >>> numbers, palette = few_colours(np.array([[[0, 0, 0], [250, 9, 9]]], np.uint8))
    >>> palette[numbers].tolist()
    [[[0, 0, 0], [250, 9, 9]]]
    """
    coarse = image.astype(np.uint32) >> (8 - _BITS)
    codes = coarse[..., 0] << 2 * _BITS | coarse[..., 1] << _BITS | coarse[..., 2]
    _, kinds, counts = np.unique(codes.ravel(), return_inverse=True, return_counts=True)
    pixels = image.reshape(-1, 3).astype(np.float64)
    means = np.stack([np.bincount(kinds, pixels[:, channel]) / counts for channel in range(3)], axis=1)
    boxes = _boxes(means, counts.astype(np.float64), most)
    palette = np.array([_mean(means[box], counts[box]) for box in boxes])
    order = np.lexsort(palette.T)
    number = np.empty(len(means), np.uint8)
    for place, box in enumerate(order.tolist()):
        number[boxes[box]] = place
    return number[kinds].reshape(image.shape[:2]), (palette[order] + 0.5).astype(np.uint8)


def _boxes(means: Numbers, counts: Numbers, most: int) -> list[NDArray[np.intp]]:
    """Return the colours in at most so many groups of colours that are alike."""
    boxes: list[NDArray[np.intp]] = [np.arange(len(means))]
    errors = [_errors(means, counts)]
    while len(boxes) < most:
        worst = int(np.argmax([error.max() for error in errors]))
        channel = int(np.argmax(errors[worst]))
        if errors[worst][channel] <= 1e-9:
            break
        box = boxes[worst]
        values = means[box, channel]
        low = values <= float(_mean(means[box], counts[box])[channel])
        if low.all() or not low.any():
            break
        boxes[worst], errors[worst] = box[low], _errors(means[box[low]], counts[box[low]])
        boxes.append(box[~low])
        errors.append(_errors(means[box[~low]], counts[box[~low]]))
    return boxes


def _mean(means: Numbers, counts: NDArray[np.generic]) -> Numbers:
    total = np.asarray(counts, np.float64)
    mean: Numbers = (means * total[:, None]).sum(axis=0) / total.sum()
    return mean


def _errors(means: Numbers, counts: Numbers) -> Numbers:
    """Return what each channel loses when all of these colours become one."""
    spread = (means - _mean(means, counts)) ** 2
    lost: Numbers = (counts[:, None] * spread).sum(axis=0) * np.array(_WEIGHTS)
    return lost
