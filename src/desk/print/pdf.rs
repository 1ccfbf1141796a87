//! A paper as PDF, A4. The font is a standard Japanese one that viewers bring
//! along (Adobe-Japan1), addressed by UTF-16, so that nothing is embedded and
//! every character of the collection comes out, beyond the BMP too.

use crate::domain::paper::{COLUMNS, Paper, Piece};
use crate::text::glyphs::Ambiguous;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str};

/// A4 in points.
const PAGE: (f32, f32) = (595.0, 842.0);
/// Points of a full-width character; half of it for a column.
const SIZE: f32 = 11.0;
/// Points from one row to the next.
const LEADING: f32 = 17.0;
/// Points above the first row and below the last.
const MARGIN: f32 = 56.0;

/// Rows of a page: what [`LEADING`] leaves of it between the margins.
const ROWS: usize = 42;

const FONT: Name<'static> = Name(b"F1");
const FACE: Name<'static> = Name(b"GothicBBB-Medium");

/// CIDs of the collection that are half as wide as a kanji here: the
/// proportional Latin letters, the half-width forms and the half-width kana.
const NARROW: (u16, u16) = (1, 632);

/// The file.
pub(super) fn write(paper: &Paper) -> Vec<u8> {
    // Signs of ambiguous width are kanji-wide in the font.
    let rows = paper.rows(Ambiguous::Wide);
    let titles: Vec<&str> = paper
        .pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Title(title) => Some(title.as_str()),
            _ => None,
        })
        .collect();
    let pages: Vec<&[String]> = rows.chunks(ROWS).collect();

    let mut pdf = Pdf::new();
    let mut next = Ref::new(1);
    let (catalog, tree) = (next.bump(), next.bump());
    let (font, face, about) = (next.bump(), next.bump(), next.bump());
    let refs: Vec<(Ref, Ref)> = pages.iter().map(|_| (next.bump(), next.bump())).collect();
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree)
        .kids(refs.iter().map(|(page, _)| *page))
        .count(i32::try_from(refs.len()).unwrap_or(i32::MAX));
    for ((page, content), rows) in refs.iter().zip(&pages) {
        let mut written = pdf.page(*page);
        written.media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1));
        written.parent(tree);
        written.contents(*content);
        written.resources().fonts().pair(FONT, font);
        written.finish();
        pdf.stream(*content, &drawn(rows, &titles));
    }
    describe_font(&mut pdf, font, face, about);
    pdf.finish()
}

/// The rows of one page.
fn drawn(rows: &[String], titles: &[&str]) -> Vec<u8> {
    let left = (PAGE.0 - columns(COLUMNS, SIZE)) / 2.0;
    let mut content = Content::new();
    let mut y = PAGE.1 - MARGIN;
    for row in rows {
        y -= LEADING;
        let text = row.trim_end();
        if text.is_empty() {
            continue;
        }
        content.begin_text();
        let (size, x) = if titles.contains(&text.trim()) {
            let size = SIZE * 1.4;
            let width = columns(Ambiguous::Wide.cells(text.trim()), size);
            (size, (PAGE.0 - width) / 2.0)
        } else {
            let indent = text.len() - text.trim_start_matches(' ').len();
            (SIZE, left + columns(indent, SIZE))
        };
        content.set_font(FONT, size);
        content.next_line(x, y);
        content.show(Str(&utf16(text.trim_start_matches(' '))));
        content.end_text();
    }
    content.finish().into_vec()
}

/// Points of so many columns of half a character each.
fn columns(count: usize, size: f32) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX)) * size / 2.0
}

/// UTF-16, the high byte first, as the font's encoding wants it.
fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

fn describe_font(pdf: &mut Pdf, font: Ref, face: Ref, about: Ref) {
    pdf.type0_font(font)
        .base_font(FACE)
        .encoding_predefined(Name(b"UniJIS-UTF16-H"))
        .descendant_font(face);
    let mut cid = pdf.cid_font(face);
    cid.subtype(CidFontType::Type0)
        .base_font(FACE)
        .system_info(SystemInfo {
            registry: Str(b"Adobe"),
            ordering: Str(b"Japan1"),
            supplement: 6,
        })
        .font_descriptor(about)
        .default_width(1000.0);
    cid.widths().same(NARROW.0, NARROW.1, 500.0);
    cid.finish();
    pdf.font_descriptor(about)
        .name(FACE)
        .flags(FontFlags::SYMBOLIC | FontFlags::FIXED_PITCH)
        .bbox(Rect::new(0.0, -120.0, 1000.0, 880.0))
        .italic_angle(0.0)
        .ascent(880.0)
        .descent(-120.0)
        .cap_height(740.0)
        .stem_v(90.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(pieces: Vec<Piece>) -> Paper {
        Paper { pieces }
    }

    #[test]
    fn it_is_a_pdf_and_names_its_collection() {
        let bytes = write(&paper(vec![Piece::Title("申立書".to_owned())]));
        assert!(bytes.starts_with(b"%PDF-1."));
        let text = String::from_utf8_lossy(&bytes);
        for part in ["UniJIS-UTF16-H", "Adobe", "Japan1", "%%EOF"] {
            assert!(text.contains(part), "{part}");
        }
    }

    /// Characters beyond the BMP are pairs, and none is lost.
    #[test]
    fn every_character_is_in_it() {
        let all = "髙𠮷㈱ﾒｿﾞﾝ①ー";
        let shown = utf16(all);
        assert_eq!(
            char::decode_utf16(
                shown
                    .chunks(2)
                    .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
            )
            .collect::<Result<String, _>>()
            .unwrap(),
            all
        );
    }

    #[test]
    fn what_does_not_fit_a_page_goes_on() {
        let rows = (0..100).map(|n| Piece::Text(format!("{n} 行目"))).collect();
        let text = String::from_utf8_lossy(&write(&paper(rows))).into_owned();
        assert!(text.contains("/Count 3"), "{text}");
    }
}
