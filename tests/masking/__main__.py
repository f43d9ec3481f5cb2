"""`python -m tests.masking [--development] [--write]`: recall and what is masked for nothing, in both languages.

`--write` puts the figures and what was missed where the page of a candidate reads them.
"""

from __future__ import annotations

import sys

import yaml

from interview_ai.measured import FILE
from tests.masking import measure


def main(only_development: bool) -> None:
    for language in measure.LANGUAGES:
        sets = {"development": measure.development(language)}
        if not only_development:
            sets |= {"held out": measure.held_out(language), "hard": measure.hard(language)}
        for name, sentences in sets.items():
            found = measure.measure(sentences, language)
            print(
                f"{language} {name}: {len(sentences)} sentences, recall {found.recall:.3f} of {found.marked} marked words, "
                f"{found.over:.3f} of {found.others} other words masked"
            )
            if name != "held out":
                for kind, rows in (("missed", found.missed), ("masked for nothing", found.wrong)):
                    for category, word, sentence in rows:
                        print(f"  {kind}: {word} ({category}): {sentence}")


if __name__ == "__main__":
    if "--write" in sys.argv:
        FILE.write_text(yaml.safe_dump(measure.figures(), allow_unicode=True, sort_keys=False, width=118))
    main("--development" in sys.argv)
