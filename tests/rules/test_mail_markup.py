"""The HTML of mails: what old programs draw, and nothing that they would fetch or run."""

from __future__ import annotations

import pytest

from interview_ai.rules.mail_markup import faults, readable_on


def test_tables_with_inline_styles_are_well() -> None:
    assert (
        faults(
            '<html lang="ko"><body style="margin:0"><table role="presentation"><tr><td>a</td></tr></table></body></html>'
        )
        == []
    )


@pytest.mark.parametrize(
    "html",
    [
        "<script>1</script>",
        "<style>p{}</style>",
        '<link rel="stylesheet" href="https://example.org/a.css">',
        '<p class="lead">a</p>',
        '<p id="a">a</p>',
        '<p onclick="1">a</p>',
        '<div style="margin:0">a</div>',
        '<p style="position:absolute">a</p>',
        '<p style="background-image:url(https://example.org)">a</p>',
        '<p style="color:expression(1)">a</p>',
        '<p style="color:red!important">a</p>',
        '<p style="display:flex">a</p>',
        '<p style="float:left">a</p>',
        '<a href="javascript:1">a</a>',
        '<img src="http://example.org/a.png" alt="a">',
        '<img src="data:image/png;base64,AA" alt="a">',
        '<img src="https://example.org/a.png">',
        '<img src="https://example.org/a.png" alt="a"><img src="https://example.org/b.png" alt="b">',
        "<form><input></form>",
        "<iframe></iframe>",
        "<!--[if mso]><p>a</p><![endif]-->",
        "<table><tr><td>a</tr></table>",
        "<p>a",
        "<p>" + "a" * 100_001 + "</p>",
    ],
    ids=range(24),
)
def test_anything_else_is_named(html: str) -> None:
    assert faults(html)


@pytest.mark.parametrize(
    ("ground", "ink"),
    [("#256ef4", "#ffffff"), ("#ffe600", "#1e2124"), ("#000000", "#ffffff"), ("red;x:y", "#ffffff")],
)
def test_a_button_can_be_read_on_every_organisation_s_colour(ground: str, ink: str) -> None:
    assert readable_on(ground) == ink
