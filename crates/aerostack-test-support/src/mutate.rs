//! Frames made from a corpus by damaging them.

use proptest::{collection::vec, prelude::*, sample::Index};

/// The frames of a corpus: one on each line, between lines of comment.
pub fn frames(corpus: &'static str) -> Vec<&'static str> {
    corpus
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .collect()
}

/// A frame of the corpus with up to four kinds of damage, or any text at all.
pub fn damaged(corpus: &'static str) -> impl Strategy<Value = String> {
    let frames = frames(corpus);
    let other = frames.clone();
    let frame = proptest::sample::select(frames);
    prop_oneof![
        9 => (frame, vec(damage(other), 0..5)).prop_map(|(frame, damages)| {
            let mut text: Vec<char> = frame.chars().collect();
            for damage in damages {
                damage.apply(&mut text);
            }
            text.into_iter().collect()
        }),
        1 => "\\PC{0,80}",
    ]
}

#[derive(Clone, Debug)]
enum Damage {
    Insert(Index, &'static str),
    Remove(Index, usize),
    Repeat(Index, usize, usize),
    /// From here on, another frame from there on.
    Splice(Index, &'static str, Index),
}

/// What parsers trip over.
const PIECES: [&str; 28] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    ",",
    ":",
    "null",
    "true",
    "-",
    "0",
    "1e999",
    "-1e-999",
    "\u{0}",
    "18446744073709551616",
    "9007199254740993",
    "\\ud800",
    "\\udc00\\ud800",
    "\\u0000",
    "\u{feff}",
    "\u{10ffff}",
    "\"type\":",
    "\"topic\":",
    "\"data\":{},",
    "\"presence:",
    " \t",
    "\u{2028}",
];

fn damage(frames: Vec<&'static str>) -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    let piece = proptest::sample::select(PIECES.as_slice());
    prop_oneof![
        (at(), piece).prop_map(|(at, piece)| Damage::Insert(at, piece)),
        (at(), 1..12_usize).prop_map(|(at, length)| Damage::Remove(at, length)),
        (at(), 1..20_usize, 2..40_usize)
            .prop_map(|(at, length, times)| Damage::Repeat(at, length, times)),
        (at(), proptest::sample::select(frames), at())
            .prop_map(|(at, frame, from)| Damage::Splice(at, frame, from)),
    ]
}

impl Damage {
    fn apply(self, text: &mut Vec<char>) {
        let place = |index: Index, length: usize| index.index(length + 1);
        match self {
            Self::Insert(at, piece) => {
                let at = place(at, text.len());
                text.splice(at..at, piece.chars());
            }
            Self::Remove(at, length) => {
                let at = place(at, text.len());
                text.drain(at..text.len().min(at + length));
            }
            Self::Repeat(at, length, times) => {
                let at = place(at, text.len());
                let part = text[at..text.len().min(at + length)].repeat(times);
                text.splice(at..at, part);
            }
            Self::Splice(at, frame, from) => {
                text.truncate(place(at, text.len()));
                let from = place(from, frame.chars().count());
                text.extend(frame.chars().skip(from));
            }
        }
    }
}
