//! Embeddings by words and parts of words.
//!
//! A text is cut into lower-case words. Each word, and each run of a few letters within it, is hashed to one of 512
//! places with a sign; how often it occurs weighs by the square root, and the vector is brought to length one. Texts
//! are close when they share words or parts of words. Nothing is understood: a synonym is as far away as any other
//! word. The same text gives the same vector on every machine.
//!
//! English text loses its commonest words and the endings of inflection first. Any other language is compared by its
//! letters alone, with shorter runs, which also suits scripts that put no space between words.

/// The length of every vector.
pub(crate) const DIMENSIONS: usize = 512;

/// What a text is prepared for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Language {
    English,
    Multilingual,
}

impl Language {
    /// The name that the method goes by where a model is named.
    pub(crate) fn model(self) -> &'static str {
        match self {
            Self::English => "aerostack-local-lexical-english",
            Self::Multilingual => "aerostack-local-lexical-multilingual",
        }
    }

    /// The lengths of the runs of letters.
    fn runs(self) -> std::ops::RangeInclusive<usize> {
        match self {
            Self::English => 3..=5,
            Self::Multilingual => 2..=4,
        }
    }
}

/// Words too common in English to tell texts apart.
#[rustfmt::skip]
const COMMON: &[&str] = &[
    "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did",
    "do", "does", "for", "from", "get", "had", "has", "have", "how", "i", "if", "in", "into", "is", "it", "its", "me",
    "my", "no", "not", "of", "on", "or", "our", "out", "should", "so", "some", "than", "that", "the", "their", "them",
    "then", "there", "these", "they", "this", "those", "to", "up", "was", "we", "were", "what", "when", "where",
    "which", "who", "why", "will", "with", "would", "you", "your",
];

/// What a whole word counts in English, next to its runs of letters, which share one unit.
const WORD: f32 = 1.0;

/// The vector of a text, of length one.
pub(crate) fn embed(text: &str, language: Language) -> Vec<f32> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let telling: Vec<&str> = match language {
        Language::English => words
            .iter()
            .filter(|word| COMMON.binary_search(word).is_err())
            .map(|word| stem(word))
            .collect(),
        Language::Multilingual => words.clone(),
    };
    // A text of common words only, or of none, still has to have a direction.
    let words = match (telling.is_empty(), words.is_empty()) {
        (false, _) => telling,
        (true, false) => words,
        (true, true) => vec![lower.as_str()],
    };
    let mut vector = vec![0.0_f32; DIMENSIONS];
    let mut counts = std::collections::BTreeMap::<u64, f32>::new();
    for word in words {
        let letters: Vec<char> = std::iter::once('<')
            .chain(word.chars())
            .chain(std::iter::once('>'))
            .collect();
        let runs: Vec<String> = language
            .runs()
            .flat_map(|length| letters.windows(length))
            .map(|run| run.iter().collect())
            .collect();
        let each = match language {
            Language::English => {
                *counts.entry(hash("word", word)).or_default() += WORD;
                // A long word is not worth more than a short one.
                #[allow(clippy::cast_precision_loss)]
                let each = 1.0 / runs.len().max(1) as f32;
                each
            }
            Language::Multilingual => 1.0,
        };
        for run in runs {
            *counts.entry(hash("run", &run)).or_default() += each;
        }
    }
    for (hash, count) in counts {
        let sign = if hash >> 63 == 0 { 1.0 } else { -1.0 };
        let place = usize::try_from(hash % DIMENSIONS as u64).unwrap_or_default();
        vector[place] += sign * count.sqrt();
    }
    normalize(vector)
}

fn normalize(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|x| *x /= length);
    } else {
        // Everything cancelled out.
        vector[0] = 1.0;
    }
    vector
}

/// How close two vectors of length one are, from 0 to 1.
pub(crate) fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let product: f32 = a.iter().zip(b).map(|(x, y)| x * y).sum();
    product.clamp(0.0, 1.0)
}

/// Takes the commonest endings of English off, as long as enough of the word remains.
fn stem(word: &str) -> &str {
    for ending in ["ings", "ing", "ies", "ied", "ed", "es", "ly", "s", "y", "e"] {
        if let Some(rest) = word.strip_suffix(ending)
            && rest.chars().count() >= 3
        {
            return rest;
        }
    }
    word
}

/// FNV-1a, finished so that all bits depend on all bytes.
fn hash(kind: &str, text: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in kind.bytes().chain([0]).chain(text.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash ^= hash >> 32;
    hash = hash.wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ (hash >> 32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOTH: [Language; 2] = [Language::English, Language::Multilingual];

    proptest! {
        #[test]
        fn every_text_has_a_vector_of_length_one(text in "\\PC*") {
            for language in BOTH {
                let vector = embed(&text, language);
                prop_assert_eq!(vector.len(), DIMENSIONS);
                let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
                prop_assert!((length - 1.0).abs() < 1e-3, "{length}");
                prop_assert!((cosine(&vector, &vector) - 1.0).abs() < 1e-3);
                prop_assert_eq!(vector, embed(&text, language));
            }
        }
    }

    #[test]
    fn the_list_of_common_words_is_sorted() {
        assert!(COMMON.is_sorted());
    }

    #[test]
    fn texts_that_share_words_are_closer() {
        for (language, text, close, far) in [
            (
                Language::English,
                "parcels are shipped daily",
                "When does my parcel ship?",
                "Tides explained",
            ),
            (
                Language::Multilingual,
                "Der Hafen ist sonntags geschlossen",
                "Hafenschließung am Sonntag",
                "Rechnung bezahlen",
            ),
            (
                Language::Multilingual,
                "港は日曜日に閉まっています",
                "港は日曜日に閉まる",
                "請求書を支払う",
            ),
        ] {
            let score = |other| cosine(&embed(text, language), &embed(other, language));
            assert!(
                score(close) > 0.2 + score(far),
                "{text}: {} {}",
                score(close),
                score(far)
            );
        }
    }
}
