"""A figure in pixels: a palette where that looks the same, every colour where it does not."""

import io
import re
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image
from test_shapes import ends_of

from analysis.drawing import style
from analysis.drawing.picture import ALIKE, png, svg


@pytest.fixture
def drawing():
    sheet = style.sheet()
    for place, colour in enumerate((*style.ROLES, style.ACCENT, style.RULE)):
        sheet.ax.axhspan(place, place + 1, color=colour)
    sheet.ax.text(1, 0.5, "Kalk und Öfen", color=style.PAPER)
    return sheet.end(7)


def shown(picture):
    return Image.open(io.BytesIO(picture))


def test_a_drawing_has_a_palette_with_every_colour_of_an_area(drawing):
    picture = shown(png(drawing))
    assert picture.mode == "P"
    found = {
        "#{:02X}{:02X}{:02X}".format(*colour)
        for _, colour in picture.convert("RGB").getcolors(1 << 16)
    }
    assert {*style.ROLES, style.ACCENT, style.RULE, style.PAPER} <= found


def test_the_palette_changes_nothing_that_an_eye_sees(drawing):
    exact = io.BytesIO()
    drawing.savefig(exact, format="png")
    before, after = (
        np.asarray(shown(each).convert("RGB"), int) for each in (exact.getvalue(), png(drawing))
    )
    assert before.shape == after.shape
    assert np.abs(before - after).max() <= ALIKE


def test_the_palette_has_no_colour_at_edges_that_looks_like_another(drawing):
    picture = shown(png(drawing)).convert("RGB")
    counted = [colour for _, colour in sorted(picture.getcolors(1 << 16), reverse=True)]
    colours = np.array(counted[len({*style.ROLES, style.ACCENT, style.RULE, style.PAPER}) :])
    apart = np.abs(colours[:, None] - colours[None]).max(axis=2) + 256 * np.eye(len(colours))
    assert apart.min() > ALIKE, "or the picture would be longer for nothing"


def test_areas_keep_their_colours_however_alike():
    tints = ["#e9ebef", "#ebf2f2", "#f8f4e8", "#f4ece8"]
    sheet = style.sheet()
    for place, colour in enumerate(tints):
        sheet.ax.axhspan(place, place + 1, color=colour)
    picture = shown(png(sheet.end(7)))
    assert picture.mode == "P"
    counted = sorted(picture.convert("RGB").getcolors(1 << 16), reverse=True)
    found = ["#{:02x}{:02x}{:02x}".format(*colour) for _, colour in counted[:5]]
    assert {*tints} <= {*found}


def letters(text):
    """Where letters in SVG stand in their lines, and where the parts of each end, in hundredths of
    its height; blanks, which show nothing, are none.
    """
    root = ElementTree.fromstring(text)
    shapes = {path.get("id"): path for path in root.iterfind(".//{*}path")}
    link = "{http://www.w3.org/1999/xlink}href"
    for letter in root.iterfind(".//{*}use"):
        shape = shapes[letter.get(link)[1:]]
        moved = re.findall(r"[-.\d]+", letter.get("transform", "")) or [letter.get("x", 0), 0]
        height = float(re.search(r"scale\(([\d.]+)", shape.get("transform"))[1])
        ends = [[height * end for end in place] for place in ends_of(shape.get("d", ""))]
        if ends:
            yield float(moved[0]), ends


def shapes(text):
    """What is drawn in SVG but letters, in its order: where its parts end, its look and clip."""
    root = ElementTree.fromstring(text)
    clips = {f"url(#{clip.get('id')})": clip[0] for clip in root.iterfind(".//{*}clipPath")}

    def walk(element, look):
        style = element.get("style", "").strip("; ")
        look = look | dict(re.split(": ?", part) for part in re.split("; ?", style) if part)
        if element.tag.endswith("path"):
            clip = clips[element.get("clip-path")] if "clip-path" in element.attrib else None
            place = clip is not None and [float(clip.get(name)) for name in ("x", "y")]
            yield ends_of(element.get("d")), {"stroke-linejoin": "round"} | look, place
        for child in element:
            if not child.tag.endswith("defs"):
                yield from walk(child, look)

    for ends, look, place in walk(root, {}):
        yield ends, {name: value for name, value in look.items() if value != "butt"}, place


def usual_svg(figure):
    written = io.StringIO()
    figure.savefig(written, format="svg", metadata={"Date": None})
    return written.getvalue()


def test_the_svg_is_shorter_than_matplotlibs_and_shows_the_same(drawing):
    usual, short = usual_svg(drawing), svg(drawing)
    assert len(short) < 0.55 * len(usual)
    pairs = [*zip(letters(short), letters(usual), strict=True)]
    assert pairs
    for (at, ends), (usual_at, usual_ends) in pairs:
        assert at == pytest.approx(usual_at, abs=0.5)
        assert ends == [pytest.approx(place, abs=0.06) for place in usual_ends]
    colours = re.compile(r"#[0-9a-f]{6}\b")
    assert colours.findall(short) == colours.findall(usual)
    assert svg(drawing) == short


def same_shapes(figure):
    """The shapes of the figure's SVG, which are those that Matplotlib draws but for their clips."""
    short = [*shapes(svg(figure))]
    pairs = [*zip(short, shapes(usual_svg(figure)), strict=True)]
    for (ends, look, _), (usual_ends, usual_look, _) in pairs:
        assert ends == [pytest.approx(place, abs=0.01) for place in usual_ends]
        assert look == usual_look
    return short


def test_what_lies_over_what_stays_though_neighbours_of_one_look_share_it():
    sheet = style.sheet()
    for place, colour in enumerate(["#111111", "#222222", "#222222", "#111111", "#111111"]):
        sheet.ax.add_patch(matplotlib.patches.Rectangle((place, 1), 2, 2, facecolor=colour))
    figure = sheet.end(7)
    fills = [look["fill"] for _, look, _ in same_shapes(figure)]
    assert fills == ["#ffffff", "#111111", "#222222", "#222222", "#111111", "#111111"]
    assert svg(figure).count("fill:#222222") == 1


def test_of_neighbours_that_one_sees_through_each_keeps_that_for_itself():
    sheet = style.sheet()
    for place in (1, 2):
        sheet.ax.add_patch(matplotlib.patches.Rectangle((place, 1), 2, 2, alpha=0.5))
    root = ElementTree.fromstring(svg(sheet.end(7)))
    clear = [element.tag for element in root.iter() if "opacity:.5" in element.get("style", "")]
    assert [tag.rpartition("}")[2] for tag in clear] == ["path", "path"]


def test_a_clip_that_cuts_something_off_stays_and_one_at_the_border_of_the_sheet_goes():
    sheet = style.sheet()
    sheet.ax.plot([0, 100], [1, 1], color="#111111")
    figure = sheet.end(7)
    beside = figure.add_axes((0.5, 0.5, 0.25, 0.25))
    beside.set_axis_off()
    beside.plot([0, 9], [0, 9], color="#222222")
    beside.set_xlim(2, 5)
    clips = {look.get("stroke"): clip for _, look, clip in same_shapes(figure)}
    assert not clips["#111111"]
    height, width = 72 * figure.get_figheight(), 72 * figure.get_figwidth()
    assert clips["#222222"] == pytest.approx([width / 2, height / 4], abs=0.01)


def test_corners_and_hatches_of_somebodys_own_stay():
    sheet = style.sheet()
    for place, corner in ((1, "miter"), (3, "round")):
        mark = matplotlib.patches.Rectangle((place, 1), 1, 1, joinstyle=corner, edgecolor="k")
        sheet.ax.add_patch(mark)
    sheet.ax.add_patch(matplotlib.patches.Rectangle((5, 1), 1, 1, hatch="//"))
    figure = sheet.end(7)
    corners = [look["stroke-linejoin"] for _, look, _ in [*shapes(svg(figure))][1:3]]
    assert corners == ["miter", "round"]
    named = re.findall(r"url\(#(\w+)\)", svg(figure))
    assert named
    assert all(f'<pattern id="{name}"' in svg(figure) for name in named)


def test_formulas_of_somebodys_own_look_as_matplotlib_draws_them():
    figure = Figure(figsize=(3, 2))
    with matplotlib.rc_context({"text.parse_math": True}):
        figure.text(0.2, 0.5, r"$\frac{x_1^2}{\sqrt{y}}$ m")
        pairs = [*zip(letters(svg(figure)), letters(usual_svg(figure)), strict=True)]
        assert len(pairs) > 4
        for (at, ends), (usual_at, usual_ends) in pairs:
            assert at == pytest.approx(usual_at, abs=0.5)
            assert ends == [pytest.approx(place, abs=0.06) for place in usual_ends]
        same_shapes(figure)


def test_a_link_leads_where_it_did_and_only_what_is_led_to_has_a_name(drawing):
    short = svg(drawing)
    named = re.findall(r' id="([^"]*)"', short)
    assert {*named} == {*re.findall(r'href="#([^"]*)"', short)}
    assert len(named) == len({*named})


def test_links_and_texts_in_the_svg_are_as_they_were_written(drawing):
    drawing.axes[0].texts[0].set_url("https://example.org/1.23456")
    drawing.axes[0].text(0, 0.5, "1.23456  m")
    assert 'href="https://example.org/1.23456"' in svg(drawing)
    drawing.axes[0].texts[0].set_url("#a-place-elsewhere")
    assert 'href="#a-place-elsewhere"' in svg(drawing)
    with matplotlib.rc_context({"svg.fonttype": "none"}):
        assert ">1.23456  m<" in svg(drawing)


def test_a_picture_of_many_colours_keeps_all_of_them():
    figure = Figure(figsize=(2, 2))
    colours = np.random.default_rng(1).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    figure.add_axes((0, 0, 1, 1)).imshow(colours)
    picture = shown(png(figure))
    assert picture.mode == "RGB"
    assert {colour for _, colour in picture.getcolors(1 << 20)} >= {
        *map(tuple, colours.reshape(-1, 3).tolist())
    }


def test_a_picture_is_as_many_pixels_as_its_inches_say(drawing):
    picture = shown(png(drawing))
    assert picture.size == tuple((drawing.get_size_inches() * 150).astype(int))
    assert picture.info["dpi"] == pytest.approx((150, 150), abs=0.1)


def test_the_same_drawing_is_the_same_bytes(drawing):
    assert png(drawing) == png(drawing)


@pytest.mark.parametrize(
    "look",
    [
        {"savefig.bbox": "tight"},
        {"savefig.dpi": "figure"},
        {"savefig.transparent": True},
        {"savefig.facecolor": "none"},
    ],
)
def test_a_look_of_somebodys_own_stays_as_it_is(drawing, look):
    usual = io.BytesIO()
    with matplotlib.rc_context(look):
        drawing.savefig(usual, format="png")
        picture = shown(png(drawing))
    assert picture.size == shown(usual.getvalue()).size
    assert picture.mode == shown(usual.getvalue()).mode


def test_a_small_mark_keeps_its_colour_beside_a_large_area_that_is_alike():
    sheet = style.sheet()
    sheet.ax.axhspan(0, 6, color="#b8d3d0")
    sheet.ax.add_patch(matplotlib.patches.Rectangle((1, 6.5), 0.2, 0.2, color="#c6c8cc"))
    picture = shown(png(sheet.end(7))).convert("RGB")
    assert (0xC6, 0xC8, 0xCC) in {colour for _, colour in picture.getcolors(1 << 16)}


@pytest.mark.parametrize("draw", ["line", "marker", "collection"])
def test_lines_and_points_keep_their_colour_beside_a_large_area_that_is_alike(draw):
    sheet = style.sheet()
    sheet.ax.axhspan(0, 6, color="#b8d3d0")
    if draw == "line":
        sheet.ax.plot([1, 1.2], [6.5, 6.5], color="#c6c8cc", linewidth=3)
    elif draw == "marker":
        sheet.ax.plot([1], [6.5], "o", markerfacecolor="#c6c8cc", markeredgecolor="none")
    else:
        sheet.ax.scatter([1], [6.5], color="#c6c8cc")
    picture = shown(png(sheet.end(7))).convert("RGB")
    assert (0xC6, 0xC8, 0xCC) in {colour for _, colour in picture.getcolors(1 << 16)}
