//! What people typed, made harmless to read.
//!
//! A card is signed by what it looks like, so nothing in it may be invisible or turn
//! the text around: controls, direction marks, zero-width and tag characters go, line
//! breaks become spaces, and text that runs from right to left is put in an isolate of
//! our own, so that it cannot reorder what stands beside it (Unicode UAX #9, #36).

use unicode_normalization::char::is_combining_mark;

/// Marks above one letter that are kept; a pile of more hides the lines around it.
const MARKS_MAX: usize = 3;

/// The text on one line, without characters that hide or reverse.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut space, mut marks) = (false, 0);
    for c in text.chars() {
        if c.is_whitespace() {
            space = !out.is_empty();
            continue;
        }
        if c.is_control() || hidden(c) {
            continue;
        }
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        if marks > MARKS_MAX {
            continue;
        }
        if std::mem::take(&mut space) {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// In an isolate, when it holds letters that run from right to left.
pub fn isolate(text: String) -> String {
    if text.chars().any(right_to_left) { format!("\u{2068}{text}\u{2069}") } else { text }
}

/// At most so many characters; an ellipsis says that there were more.
pub fn clip(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(most.saturating_sub(2)).collect();
    let open = kept.matches('\u{2068}').count() > kept.matches('\u{2069}').count();
    kept.truncate(kept.trim_end_matches(['\u{200D}', ' ']).len());
    if open {
        kept.push('\u{2069}');
    }
    kept.push('…');
    kept
}

/// Characters that show nothing, or turn what follows around.
fn hidden(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFC}' | '\u{E000}'..='\u{F8FF}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}' | '\u{F0000}'..='\u{10FFFD}')
}

fn right_to_left(c: char) -> bool {
    matches!(c,
        '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_and_reversing_characters_go_and_words_stay() {
        assert_eq!(clean("a\u{202E}b\u{200B}c\u{0007}\n\r d\u{2028}e"), "abc d e");
        assert_eq!(clean("Zoë 👩‍💻 naïve"), "Zoë 👩‍💻 naïve");
        assert_eq!(clean("a\u{301}\u{301}\u{301}\u{301}\u{301}"), "a\u{301}\u{301}\u{301}");
        assert_eq!(clean(" \u{E0041}\u{2066} "), "");
    }

    #[test]
    fn a_clipped_isolate_is_closed() {
        let long = isolate("שלום".repeat(20));
        let short = clip(&long, 20);
        assert!(short.chars().count() <= 20);
        assert_eq!(short.matches('\u{2068}').count(), short.matches('\u{2069}').count());
    }
}
