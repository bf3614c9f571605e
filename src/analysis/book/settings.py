"""Settings of the book that are written once for all languages."""

from __future__ import annotations

from pathlib import Path

import yaml


def read_settings(path: Path, language: str):
    """A YAML file in one language: {de: …, en: …} anywhere in it becomes the text of that language."""
    return _in(yaml.safe_load(path.read_text("utf-8")), language)


def _in(content, language: str):
    if isinstance(content, dict):
        if language in content and all(len(str(key)) == 2 for key in content):
            return content[language]
        return {key: _in(value, language) for key, value in content.items()}
    if isinstance(content, list):
        return [_in(value, language) for value in content]
    return content
