"""What is shown on the screen."""

from __future__ import annotations


def test_brackets_in_a_text_are_shown_as_they_are(capsys) -> None:
    """A folder may be called so, and so are the extras that a message says to install."""
    from upturn.cli.screen import show

    show("pip install 'upturn[word]'", "Open results[1]/report.html in a browser")
    said = capsys.readouterr().out
    assert "upturn[word]" in said
    assert "results[1]/report.html" in said
