"""`python -m tests.masking [--development]`: recall and what is masked for nothing, in both languages."""

from __future__ import annotations

import sys

from tests.masking import measure


def main(only_development: bool) -> None:
    for language in measure.LANGUAGES:
        sets = {"development": measure.development(language)}
        if not only_development:
            sets["held out"] = measure.held_out(language)
        for name, sentences in sets.items():
            found = measure.measure(sentences, language)
            print(
                f"{language} {name}: {len(sentences)} sentences, recall {found.recall:.3f} of {found.marked} marked words, "
                f"{found.over:.3f} of {found.others} other words masked"
            )
            if name == "development":
                for kind, rows in (("missed", found.missed), ("masked for nothing", found.wrong)):
                    for category, word, sentence in rows:
                        print(f"  {kind}: {word} ({category}): {sentence}")


if __name__ == "__main__":
    main("--development" in sys.argv)
