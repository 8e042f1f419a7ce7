"""Draws the icon of the program in every form that a system asks for, from the one drawing that the page has.

Run it after a change of the drawing: `.venv/bin/python .packaging/icons.py`. It needs Chromium, which draws.
"""

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent / "importer"
DRAWING = PACKAGE / "web" / "static" / "icon.svg"
WINDOW_ICON = PACKAGE / "desktop" / "icon.png"
LARGEST, WINDOW = 1024, 64
WINDOWS_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
LINUX_SIZES = (48, 256)


def draw(size: int) -> Image.Image:
    """The icon with so many pixels to a side."""
    html = (
        f"<style>*{{margin:0}}svg{{display:block;width:{size}px;height:{size}px}}</style>{DRAWING.read_text('utf-8')}"
    )
    with sync_playwright() as programs:
        chromium = programs.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": size, "height": size})
        page.set_content(html)
        drawn = page.screenshot(omit_background=True)
        chromium.close()
    return Image.open(BytesIO(drawn)).convert("RGBA")


def main() -> None:
    """Write all forms of the icon."""
    largest = draw(LARGEST)
    # Small ones are drawn by themselves: a large one made smaller is blurred.
    small = {size: draw(size) for size in {*WINDOWS_SIZES, *LINUX_SIZES, WINDOW}}
    small[WINDOW].save(WINDOW_ICON, optimize=True)
    for size in LINUX_SIZES:
        small[size].save(HERE / f"icon-{size}.png", optimize=True)
    first, *others = (small[size] for size in reversed(WINDOWS_SIZES))
    first.save(HERE / "icon.ico", sizes=[(size, size) for size in WINDOWS_SIZES], append_images=others)
    largest.save(HERE / "icon.icns")


if __name__ == "__main__":
    main()
