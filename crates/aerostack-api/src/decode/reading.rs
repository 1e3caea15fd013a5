//! Which of the buffered zeros and ones are booleans.
//!
//! Serde buffers a number before it knows what will be asked of it, and a buffered number is never a boolean. So the value
//! is read with the numbers as they are; the log of errors says when a boolean was asked of one of them. Which one is found
//! by giving each a number of its own: the one that is then named by the error. Read again with that column as booleans,
//! the value either fits, or fits better, or fits worse than before, and the reading with the fewest errors is taken: that
//! is the one in which serde's variants are tried as if the column were both.

use std::collections::HashMap;

use serde::de::DeserializeOwned;

use super::{
    PathSegment, TypeMismatch,
    error::{Entry, Flaw, Log, logged},
    lenient::{Kind, Mode, Pass},
    mismatch, run,
};

/// Where a value stands, with any element of an array for all of them: columns are read alike in all rows.
pub(super) type Column = Vec<ColumnSegment>;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum ColumnSegment {
    Element,
    Field(String),
}

pub(super) fn column(path: &[PathSegment]) -> Column {
    path.iter()
        .map(|segment| match segment {
            PathSegment::Index(_) => ColumnSegment::Element,
            PathSegment::Field(name) => ColumnSegment::Field(name.clone()),
        })
        .collect()
}

/// How values at certain places are read, other than as they are.
#[derive(Debug, Clone, Default)]
pub(super) struct Readings(HashMap<Column, Reading>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// A buffered 0 or 1 is a boolean.
    Boolean,
    /// A buffered 0 or 1 is this number, by which an error names it.
    Marked(u64),
    /// An optional scalar is absent where it cannot be read as this.
    Tolerated(Kind),
}

impl Readings {
    pub(super) fn at(&self, path: &[PathSegment]) -> Option<Reading> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&column(path)).copied()
    }

    /// Whether that was not so already.
    pub(super) fn tolerate(&mut self, column: Column, kind: Kind) -> bool {
        self.0.insert(column, Reading::Tolerated(kind)).is_none()
    }

    fn with(&self, column: Column, reading: Reading) -> Self {
        let mut readings = self.clone();
        readings.0.insert(column, reading);
        readings
    }
}

/// Most passes over one value. Each column of booleans takes two, so only a type that tries many variants comes near.
const PASSES: u32 = 120;

/// Numbers that fit every integer type and are neither 0 nor 1.
const MARKS: std::ops::Range<u64> = 2..128;

/// One pass and what came of it.
struct Attempt<T> {
    readings: Readings,
    result: Result<T, Flaw>,
    log: Log,
    path: Vec<PathSegment>,
    /// The columns with buffered zeros and ones.
    candidates: Vec<Column>,
}

impl<T> Attempt<T> {
    /// Orders by how well the value fits: not at all last, then by the number of errors on the way.
    fn rank(&self) -> (bool, usize, usize) {
        (
            self.result.is_err(),
            self.log.0.len(),
            self.readings.0.len(),
        )
    }
}

struct Search<'a, T> {
    json: &'a str,
    left: u32,
    best: Option<Attempt<T>>,
}

/// Decodes a value in which booleans were asked of buffered numbers.
pub(super) fn resolve<T: DeserializeOwned>(json: &str) -> Result<T, TypeMismatch> {
    let mut search = Search {
        json,
        left: PASSES,
        best: None,
    };
    if let Some(first) = search.attempt(Readings::default()) {
        search.explore(first, 0);
    }
    let exhausted = search.left == 0;
    let Some(best) = search.best else {
        return Err(cannot_tell(Vec::new()));
    };
    match best.result {
        // Other readings that fit better may be among those that were not tried.
        Ok(_) if exhausted && !best.log.0.is_empty() => Err(cannot_tell(best.path)),
        Ok(value) => Ok(value),
        Err(flaw) => {
            let mut mismatch = mismatch(best.path, &flaw);
            let columns: Vec<_> = best.candidates.iter().filter_map(name).collect();
            if best.log.asks_for_booleans() && !columns.is_empty() {
                mismatch.problem.push_str(&format!(
                    "; 0 or 1 stands in `{}`, {REMEDY}",
                    columns.join("`, `")
                ));
            }
            Err(mismatch)
        }
    }
}

const REMEDY: &str =
    "which reads as a boolean for certain with `#[serde(with = \"aerostack::db::bool01\")]`";

fn cannot_tell(path: Vec<PathSegment>) -> TypeMismatch {
    TypeMismatch {
        path,
        problem: format!(
            "the type fits in more than one way, depending on which 0 or 1 is a boolean, {REMEDY}"
        ),
    }
}

fn name(column: &Column) -> Option<String> {
    column.iter().rev().find_map(|segment| match segment {
        ColumnSegment::Field(name) => Some(name.clone()),
        ColumnSegment::Element => None,
    })
}

impl<T: DeserializeOwned> Search<'_, T> {
    fn attempt(&mut self, readings: Readings) -> Option<Attempt<T>> {
        self.left = self.left.checked_sub(1)?;
        let pass = Pass::tracking(Mode::Value, &readings);
        let (result, log) = logged(|| run(self.json, &pass));
        let candidates = pass.take_candidates();
        let path = pass.into_path();
        Some(Attempt {
            readings,
            result,
            log,
            path,
            candidates,
        })
    }

    /// Follows an attempt to all readings it leads to, looking at the errors from the given one on.
    fn explore(&mut self, attempt: Attempt<T>, from: usize) {
        let Some(asked) = attempt.log.next_ask(from) else {
            if self
                .best
                .as_ref()
                .is_none_or(|best| attempt.rank() < best.rank())
            {
                self.best = Some(attempt);
            }
            return;
        };
        if let Some(column) = self.asked_of(&attempt, asked)
            && let Some(next) = self.attempt(attempt.readings.with(column, Reading::Boolean))
        {
            self.explore(next, asked);
        }
        let found = |best: &Attempt<T>| best.result.is_ok() && best.log.0.is_empty();
        if !self.best.as_ref().is_some_and(found) {
            self.explore(attempt, asked + 1);
        }
    }

    /// The column of which an error says that a boolean was asked of it.
    fn asked_of(&mut self, attempt: &Attempt<T>, error: usize) -> Option<Column> {
        let open = |column: &&Column| !attempt.readings.0.contains_key(*column);
        let candidates: Vec<_> = attempt.candidates.iter().filter(open).collect();
        for candidates in candidates.chunks(MARKS.count()) {
            let mut readings = attempt.readings.clone();
            for (column, mark) in candidates.iter().zip(MARKS) {
                readings.0.insert((*column).clone(), Reading::Marked(mark));
            }
            let marked = self.attempt(readings)?;
            if let Some(Entry::Boolean(mark)) = marked.log.0.get(error)
                && let Some(index) = mark.checked_sub(MARKS.start)
            {
                return candidates
                    .get(index as usize)
                    .map(|column| (*column).clone());
            }
        }
        None
    }
}
