"""What the build of these pages adds: files from outside docs/, and a look at what pages load.

Must not know what a page says.
"""

import logging
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

_LOG = logging.getLogger("mkdocs.hooks")  # a warning here ends a strict build
_ROOT = Path(__file__).resolve().parent.parent
_PICTURES = "sample_data/pictures"
_TOP_LEVEL = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md", "SECURITY.md": "security.md"}
_LOADED = re.compile(
    r"<(?:script|img|iframe|source)\b[^>]*\bsrc=[\"']?(?:https?:)?//[^>]*>|<link\b[^>]*(?:https?:)?//[^>]*>"
)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pictures and the pages that stand at the top level, where people look for them."""
    for name, page in _TOP_LEVEL.items():
        files.append(File.generated(config, page, abs_src_path=str(_ROOT / name)))
    for picture in sorted((_ROOT / _PICTURES).glob("*.png")):
        files.append(File.generated(config, f"pictures/{picture.name}", abs_src_path=str(picture)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Turn links that work in the repository into links between the built pages."""
    for name, target in _TOP_LEVEL.items():
        markdown = markdown.replace(f"](../{name}", f"]({target}")
    markdown = markdown.replace(f"](../{_PICTURES}/", "](pictures/")
    if page.file.src_uri in _TOP_LEVEL.values():
        markdown = markdown.replace("](docs/", "](")
    return markdown


def on_post_page(output: str, page: Page, **_: Any) -> str:
    """Warn of a page that would load something from another host when it is read."""
    for loaded in _LOADED.findall(output):
        _LOG.warning("%s loads something from another host: %s", page.file.src_uri, loaded)
    return output
