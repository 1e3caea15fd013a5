//! What is wrong with a document, collected so that one run says everything.

use std::fmt;

use super::Place;
use super::source::{Spot, Spots};

/// One fault: where it is, what it is, and (after the semicolon) what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) place: Place,
    pub(crate) message: String,
    pub(crate) spot: Option<Spot>,
}

impl Problem {
    pub(crate) fn new(place: Place, message: impl Into<String>) -> Self {
        Self {
            place,
            message: message.into(),
            spot: None,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(spot) = &self.spot {
            write!(f, "{spot}: ")?;
        }
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl std::error::Error for Problem {}

/// All faults that were found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Problems(pub(crate) Vec<Problem>);

impl Problems {
    /// Takes a result's value, or keeps its error for later.
    pub(crate) fn keep<T>(&mut self, result: anyhow::Result<T>) -> Option<T> {
        let error = match result {
            Ok(value) => return Some(value),
            Err(error) => error,
        };
        match error.downcast::<Self>() {
            Ok(problems) => self.0.extend(problems.0),
            Err(error) => self.0.push(
                error
                    .downcast()
                    .unwrap_or_else(|error| Problem::new(Place::root(), format!("{error:#}"))),
            ),
        }
        None
    }

    /// Fails if anything was found.
    pub(crate) fn finish(mut self) -> anyhow::Result<()> {
        let mut seen = std::collections::HashSet::new();
        self.0.retain(|problem| seen.insert(problem.to_string()));
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(self.into())
        }
    }

    /// Adds the lines, from where each value was written.
    pub(crate) fn locate(mut self, spots: &Spots) -> Self {
        for problem in &mut self.0 {
            problem.spot = problem
                .spot
                .take()
                .or_else(|| spots.nearest(&problem.place).cloned());
        }
        self
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            write!(f, "{}{problem}", if index == 0 { "" } else { "\n" })?;
        }
        if self.0.len() > 1 {
            write!(f, "\n{} problems", self.0.len())?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
