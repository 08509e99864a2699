//! Random questions put both to the engine and to Kubernetes' own code (the Go program in tests/oracle), and the first disagreement made small.

mod events;
mod peer;
pub mod policies;
pub mod requests;
mod subjects;

use std::fmt;

use anyhow::Result;
use audit_policy::Release;
use fastrand::Rng;
use serde_json::Value;

pub use peer::Peer;
pub use subjects::{Events, Loading, Matching, RequestLines};

/// Something that both sides can be asked.
pub trait Subject {
    /// One case.
    type Case: Clone;

    /// The name in reports.
    const NAME: &'static str;

    /// A random case.
    fn generate(rng: &mut Rng) -> Self::Case;

    /// The case as the Go program is asked it.
    fn question(case: &Self::Case) -> Value;

    /// What the engine answers.
    fn ours(case: &Self::Case, release: Release) -> Value;

    /// Whether the difference is only in the words of the YAML parser, which are counted and not required.
    fn is_only_parser_words(_ours: &Value, _theirs: &Value) -> bool {
        false
    }

    /// Smaller cases to try where this one disagrees.
    fn smaller(case: &Self::Case) -> Vec<Self::Case>;

    /// How many decisions (or texts, URLs, lines) one case is.
    fn weight(_case: &Self::Case) -> usize {
        1
    }
}

/// What asking yielded.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How much was asked.
    pub asked: usize,
    /// How many answers differ in the words of the YAML parser only.
    pub parser_words: usize,
    /// How many answers Kubernetes draws by lot (Go's maps have no order), with the engine's among those that it gives.
    pub drawn: usize,
    /// The first disagreement, made small.
    pub disagreement: Option<Disagreement>,
}

/// A case on which the two sides disagree.
#[derive(Debug)]
pub struct Disagreement {
    /// The question, as the Go program was asked it.
    pub question: Value,
    /// What the engine answers.
    pub ours: Value,
    /// What Kubernetes answers.
    pub theirs: Value,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "question: {}\n    ours: {}\n  theirs: {}", self.question, self.ours, self.theirs)
    }
}

/// How many questions are under way at once; their texts must fit a pipe's buffer together with room to spare.
const AT_ONCE: usize = 16;

/// Asks `cases` random cases of a subject, up to the first disagreement.
///
/// # Errors
///
/// Where the Go program fails.
pub fn ask<S: Subject>(peer: &mut Peer, release: Release, cases: usize, seed: u64) -> Result<Outcome> {
    let mut rng = Rng::with_seed(seed);
    let mut outcome = Outcome::default();
    while outcome.asked < cases {
        let batch: Vec<S::Case> = (0..AT_ONCE).map(|_| S::generate(&mut rng)).collect();
        let questions: Vec<Value> = batch.iter().map(S::question).collect();
        let answers = peer.ask(&questions)?;
        for (case, theirs) in batch.iter().zip(answers) {
            outcome.asked += S::weight(case);
            let ours = S::ours(case, release);
            if ours == theirs {
                continue;
            }
            if S::is_only_parser_words(&ours, &theirs) {
                outcome.parser_words += 1;
                continue;
            }
            if is_drawn::<S>(peer, case, &ours)? {
                outcome.drawn += 1;
                continue;
            }
            outcome.disagreement = Some(shrink::<S>(peer, release, case.clone())?);
            return Ok(outcome);
        }
    }
    Ok(outcome)
}

/// Asks two libraries the same random cases, and gives those that they answer differently, as question and both answers.
///
/// # Errors
///
/// Where a Go program fails.
pub fn diff<S: Subject>(left: &mut Peer, right: &mut Peer, cases: usize, seed: u64) -> Result<Vec<[Value; 3]>> {
    let mut rng = Rng::with_seed(seed);
    let mut asked = 0;
    let mut apart = Vec::new();
    while asked < cases {
        let batch: Vec<S::Case> = (0..AT_ONCE).map(|_| S::generate(&mut rng)).collect();
        asked += batch.iter().map(S::weight).sum::<usize>();
        let questions: Vec<Value> = batch.iter().map(S::question).collect();
        let answers = left.ask(&questions)?.into_iter().zip(right.ask(&questions)?);
        apart.extend(
            questions
                .into_iter()
                .zip(answers)
                .filter(|(_, (left, right))| left != right)
                .map(|(question, (left, right))| [question, left, right]),
        );
    }
    Ok(apart)
}

/// The smallest case that still disagrees, as far as taking parts away one by one leads.
fn shrink<S: Subject>(peer: &mut Peer, release: Release, mut case: S::Case) -> Result<Disagreement> {
    let mut last = compare::<S>(peer, release, &case)?;
    'smaller: loop {
        for smaller in S::smaller(&case) {
            let (ours, theirs) = compare::<S>(peer, release, &smaller)?;
            let apart = ours != theirs && !S::is_only_parser_words(&ours, &theirs);
            if apart && !is_drawn::<S>(peer, &smaller, &ours)? {
                case = smaller;
                last = (ours, theirs);
                continue 'smaller;
            }
        }
        let (ours, theirs) = last;
        return Ok(Disagreement { question: S::question(&case), ours, theirs });
    }
}

/// Whether Kubernetes, asked again and again, also gives the engine's answer.
fn is_drawn<S: Subject>(peer: &mut Peer, case: &S::Case, ours: &Value) -> Result<bool> {
    let answers = peer.ask(&vec![S::question(case); AT_ONCE])?;
    Ok(answers.contains(ours))
}

fn compare<S: Subject>(peer: &mut Peer, release: Release, case: &S::Case) -> Result<(Value, Value)> {
    let theirs = peer.ask(&[S::question(case)])?.pop().unwrap_or_default();
    Ok((S::ours(case, release), theirs))
}
