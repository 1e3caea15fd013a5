//! Seeds, what is made of them, and running a law over both.

use std::cell::Cell;
use std::fmt::Debug;
use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed, TestCaseError, TestRunner};

/// Cases of a target in an ordinary test run.
const CASES: u32 = 2_000;

/// The seeds of one target.
pub(crate) struct Corpus {
    target: &'static str,
    seeds: Vec<(String, Vec<u8>)>,
    persistence: &'static str,
}

/// The corpus of a target, by name; a second target can share the seeds of another.
macro_rules! corpus {
    ($target:literal) => {
        $crate::corpus::corpus!($target, $target)
    };
    ($target:literal, $seeds:literal) => {
        $crate::corpus::Corpus::read(
            $target,
            concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/", $seeds),
            concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/corpus/",
                $target,
                ".failures.txt"
            ),
        )
    };
}
pub(crate) use corpus;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name)
        .ok()
        .map(|text| text.parse().expect(name))
}

impl Corpus {
    pub(crate) fn read(target: &'static str, folder: &str, persistence: &'static str) -> Self {
        let files = fs::read_dir(Path::new(folder)).unwrap().map(Result::unwrap);
        let mut seeds: Vec<_> = files
            .map(|file| {
                let name = file.file_name().into_string().unwrap();
                (name, fs::read(file.path()).unwrap())
            })
            .collect();
        seeds.sort();
        assert!(!seeds.is_empty(), "{folder} holds no seeds");
        Self {
            target,
            seeds,
            persistence,
        }
    }

    /// A seed with up to five kinds of damage, or any bytes at all.
    pub(crate) fn damaged(&self, pieces: &'static [&'static [u8]]) -> BoxedStrategy<Vec<u8>> {
        let seeds: Vec<_> = self.seeds.iter().map(|(_, bytes)| bytes.clone()).collect();
        let damage = damage(seeds.clone(), pieces);
        let seed = (select(seeds), vec(damage, 0..6)).prop_map(|(mut bytes, damages)| {
            damages
                .into_iter()
                .for_each(|damage| damage.apply(&mut bytes));
            bytes
        });
        prop_oneof![19 => seed, 1 => vec(any::<u8>(), 0..64)].boxed()
    }

    /// Holds every seed, every kept failure and many made-up cases against a law, which says whether the input was
    /// accepted. `whole` makes a case of a seed.
    pub(crate) fn hold<S: Strategy>(
        &self,
        made_up: &S,
        share: f64,
        whole: impl Fn(&[u8]) -> S::Value,
        law: impl Fn(S::Value) -> Result<bool, TestCaseError>,
    ) where
        S::Value: Debug,
    {
        let accepted = Cell::new(0_u64);
        for (name, seed) in &self.seeds {
            let was = law(whole(seed)).unwrap_or_else(|error| panic!("{name}: {error}"));
            accepted.set(accepted.get() + u64::from(was));
        }
        let cases = setting("FUZZ_CASES").unwrap_or(u64::from(CASES)) as f64 * share;
        let cases = (cases as u32).max(1);
        let mut runner = TestRunner::new(Config {
            cases,
            rng_seed: setting("FUZZ_SEED").map_or(RngSeed::Random, RngSeed::Fixed),
            failure_persistence: Some(Box::new(FileFailurePersistence::Direct(self.persistence))),
            ..Config::default()
        });
        let outcome = runner.run(made_up, |input| {
            accepted.set(accepted.get() + u64::from(law(input)?));
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{}: {error}", self.target));
        let (seeds, accepted) = (self.seeds.len(), accepted.get());
        let all = seeds as u64 + u64::from(cases);
        println!(
            "{}: {seeds} seeds, {cases} made-up cases, {accepted} accepted",
            self.target
        );
        assert!(
            (1..all).contains(&accepted),
            "the law of {} never met both",
            self.target
        );
        hand_over(self.target, seeds, cases, accepted);
    }
}

fn hand_over(target: &str, seeds: usize, cases: u32, accepted: u64) {
    let Some(path) = std::env::var_os("SOAK_SHEET") else {
        return;
    };
    let sheet = serde_json::json!({
        "summary": format!("{target}: {cases} cases"),
        "facts": [
            ["Seeds", seeds.to_string()],
            ["Cases", cases.to_string()],
            ["Accepted", accepted.to_string()],
        ],
    });
    fs::write(path, sheet.to_string()).unwrap();
}

#[derive(Clone, Debug)]
enum Damage {
    Set(Index, u8),
    Insert(Index, &'static [u8]),
    Remove(Index, usize),
    Repeat(Index, usize, usize),
    Cut(Index),
    /// From here on, another seed from there on.
    Splice(Index, Vec<u8>, Index),
}

fn damage(
    seeds: Vec<Vec<u8>>,
    pieces: &'static [&'static [u8]],
) -> impl Strategy<Value = Damage> + use<> {
    let at = any::<Index>;
    prop_oneof![
        3 => (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        6 => (at(), select(pieces)).prop_map(|(at, piece)| Damage::Insert(at, piece)),
        3 => (at(), 1..16_usize).prop_map(|(at, length)| Damage::Remove(at, length)),
        1 => (at(), 1..20_usize, 2..20_usize).prop_map(|(at, length, times)| Damage::Repeat(at, length, times)),
        1 => at().prop_map(Damage::Cut),
        2 => (at(), select(seeds), at()).prop_map(|(at, seed, from)| Damage::Splice(at, seed, from)),
    ]
}

impl Damage {
    fn apply(self, bytes: &mut Vec<u8>) {
        let place = |index: Index, length: usize| index.index(length + 1);
        match self {
            Self::Set(at, byte) => {
                if !bytes.is_empty() {
                    let at = at.index(bytes.len());
                    bytes[at] = byte;
                }
            }
            Self::Insert(at, piece) => {
                let at = place(at, bytes.len());
                bytes.splice(at..at, piece.iter().copied());
            }
            Self::Remove(at, length) => {
                let at = place(at, bytes.len());
                bytes.drain(at..bytes.len().min(at + length));
            }
            Self::Repeat(at, length, times) => {
                let at = place(at, bytes.len());
                let part = bytes[at..bytes.len().min(at + length)].repeat(times);
                bytes.splice(at..at, part);
            }
            Self::Cut(at) => bytes.truncate(place(at, bytes.len())),
            Self::Splice(at, seed, from) => {
                bytes.truncate(place(at, bytes.len()));
                bytes.extend_from_slice(&seed[place(from, seed.len())..]);
            }
        }
    }
}
