//! What was typed in each format, so that changing the format keeps the request's meaning and loses no text.

use audit_policy::Exchange;
use audit_policy::request::scenario::Scenario;
use audit_policy::request::{Format, Given, detect};

use crate::state::Inputs;

/// The texts that were left behind, each in its format, and what became of the present one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drafts {
    left: Vec<Draft>,
    /// The present text, where a change of the format made it.
    made: Option<Made>,
    /// What the last change of the format did.
    pub note: Option<Note>,
}

/// A text that was left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Draft {
    format: Format,
    text: String,
    pick: Option<usize>,
    given: Given,
}

/// A text that was made by rewriting.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Made {
    /// The format in which a person wrote the request.
    origin: Format,
    text: String,
    given: Given,
}

/// What a change of the format did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The request was rewritten; what had been typed in this format before is kept aside.
    Aside,
    /// The text that was last typed in this format is back, which may be another request.
    Back,
    /// The request cannot be rewritten in this format: the text is as it was.
    Paste,
}

/// The inputs with the request in another format, and the drafts after that. `shown` is the present format, `exchange` the request that
/// is answered for.
pub fn switch(
    inputs: &Inputs,
    drafts: &Drafts,
    shown: Option<Format>,
    exchange: Option<&Exchange>,
    to: Format,
) -> (Inputs, Drafts) {
    let (mut inputs, mut drafts) = (inputs.clone(), drafts.clone());
    drafts.note = None;
    let is_empty = inputs.request.trim().is_empty();
    // A text that could not be rewritten is still the format's in which it was written.
    let detected = detect(inputs.request.as_bytes());
    let from = detected.or(shown);
    if let Some(from) = from {
        drafts.leave(from, &inputs);
    }
    // What is in no format stands in no draft, and is not replaced; where there is nothing, there is no meaning to keep.
    let exchange = from.and(exchange).filter(|_| !is_empty);
    if from.is_none() && !is_empty {
        drafts.note = Some(Note::Paste);
        inputs.format = Some(to);
        return (inputs, drafts);
    }
    if detected == Some(to) {
        inputs.format = None;
        inputs.pick = None;
        return (inputs, drafts);
    }
    let made = drafts.made.take().filter(|made| made.text == inputs.request);
    let draft = drafts.left.iter().find(|draft| draft.format == to).cloned();
    let origin = made.as_ref().map(|made| made.origin).or(from);
    match (made, draft) {
        (Some(made), Some(draft)) if made.origin == to => {
            inputs.given = back(&draft.given, &made.given, &inputs.given);
            put(&mut inputs, draft.text, to);
            inputs.pick = draft.pick;
        }
        (_, draft) => match rewrite(&inputs, from, exchange, to) {
            Some((text, given)) => {
                drafts.note = draft.filter(|draft| draft.text != text).map(|_| Note::Aside);
                let made = (text.clone(), given.clone());
                drafts.made = origin.map(|origin| Made { origin, text: made.0, given: made.1 });
                inputs.given = given;
                put(&mut inputs, text, to);
            }
            None => match draft {
                Some(draft) => {
                    drafts.note = Some(Note::Back);
                    put(&mut inputs, draft.text, to);
                    inputs.pick = draft.pick;
                }
                None => {
                    drafts.note = Some(Note::Paste);
                    inputs.format = Some(to);
                    inputs.pick = None;
                }
            },
        },
    }
    (inputs, drafts)
}

/// The inputs and drafts with the text that was kept aside in place of the one that was rewritten, and that one aside.
pub fn restore(inputs: &Inputs, drafts: &Drafts, format: Format) -> (Inputs, Drafts) {
    let (mut inputs, mut drafts) = (inputs.clone(), drafts.clone());
    if let Some(draft) = drafts.left.iter().find(|draft| draft.format == format).cloned() {
        drafts.leave(format, &inputs);
        put(&mut inputs, draft.text, format);
        inputs.pick = draft.pick;
    }
    drafts.made = None;
    drafts.note = None;
    (inputs, drafts)
}

impl Drafts {
    fn leave(&mut self, format: Format, inputs: &Inputs) {
        // A text that a rewriting made is not what was typed, and can be made again.
        if self.made.as_ref().is_some_and(|made| made.text == inputs.request) || inputs.request.trim().is_empty() {
            return;
        }
        self.left.retain(|draft| draft.format != format);
        let (text, given) = (inputs.request.clone(), inputs.given.clone());
        self.left.push(Draft { format, text, pick: inputs.pick, given });
    }
}

/// Makes a text the request; its format is told where it would be taken for another.
fn put(inputs: &mut Inputs, text: String, format: Format) {
    inputs.format = (detect(text.as_bytes()) != Some(format)).then_some(format);
    inputs.pick = None;
    inputs.request = text;
}

/// The request in another format, and what has to be given besides for it to mean the same.
fn rewrite(inputs: &Inputs, from: Option<Format>, exchange: Option<&Exchange>, to: Format) -> Option<(String, Given)> {
    if to == Format::Scenario && exchange.is_some() {
        let scenario = Scenario {
            request: inputs.request.clone(),
            format: from.filter(|from| detect(inputs.request.as_bytes()) != Some(*from)),
            ..Scenario::default()
        };
        return Some((scenario.to_yaml(), inputs.given.clone()));
    }
    let exchange = exchange?;
    let nested = (from == Some(Format::Scenario)).then(|| Scenario::parse(inputs.request.as_bytes()).ok()).flatten();
    match nested {
        Some(nested) if nested.format.or_else(|| detect(nested.request.as_bytes())) == Some(to) => {
            let given = over(&inputs.given, &nested.given);
            Some((nested.request, given))
        }
        _ => audit_policy::request::rewrite(exchange, to, inputs.release).map(|made| (made.text, made.given)),
    }
}

/// What is given, and where nothing is, what a scenario gives.
fn over(given: &Given, scenario: &Given) -> Given {
    back(scenario, &Given::default(), given)
}

/// What was given when a text was left, with what was changed since its rewriting.
fn back(left: &Given, made: &Given, now: &Given) -> Given {
    fn pick<T: Clone + PartialEq>(left: &T, made: &T, now: &T) -> T {
        if made == now { left.clone() } else { now.clone() }
    }
    Given {
        user: pick(&left.user, &made.user, &now.user),
        impersonation_allowed: pick(
            &left.impersonation_allowed,
            &made.impersonation_allowed,
            &now.impersonation_allowed,
        ),
        from: pick(&left.from, &made.from, &now.from),
        code: pick(&left.code, &made.code, &now.code),
        body: pick(&left.body, &made.body, &now.body),
        outcome: pick(&left.outcome, &made.outcome, &now.outcome),
        objects: pick(&left.objects, &made.objects, &now.objects),
        annotations: pick(&left.annotations, &made.annotations, &now.annotations),
        times: pick(&left.times, &made.times, &now.times),
        audit_id: pick(&left.audit_id, &made.audit_id, &now.audit_id),
    }
}

#[cfg(test)]
mod tests {
    use audit_policy::request::Given;

    use super::*;
    use crate::state::{Action, State};

    const EVENT: &str = r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"x","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/prod/secrets/db","verb":"get","user":{"username":"carol","groups":["dev"]},"sourceIPs":["::1"],"objectRef":{"resource":"secrets","namespace":"prod","name":"db","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":404},"requestReceivedTimestamp":"2026-01-01T00:00:00.000000Z","stageTimestamp":"2026-01-01T00:00:01.000000Z"}"#;

    fn state(request: &str) -> State {
        State::first().after(Action::TypeRequest(request.to_owned()))
    }

    fn shown(state: &State) -> Option<Format> {
        state.inputs.format.or_else(|| state.answer.format())
    }

    #[test]
    fn another_format_means_the_same_and_the_way_back_is_exact() {
        for text in [
            "kubectl --as=bob --as-group=dev patch secret db -n prod -p '{\"a\":1}'",
            "kubectl logs web-0 -n prod",
            "GET /healthz?verbose=1 HTTP/1.1\nHost: a\nUser-Agent: x/1",
            EVENT,
        ] {
            let mut before = state(text);
            before = before.after(Action::Give(Box::new(Given { code: Some(409), ..before.inputs.given.clone() })));
            let recorded = |state: &State| state.answer.result.as_ref().unwrap().recording.stages.clone();
            for to in [Format::Http, Format::Form, Format::Scenario, Format::Event] {
                let after = before.after(Action::SetFormat(to));
                assert_eq!(shown(&after), Some(to), "{text}");
                assert_eq!(recorded(&after), recorded(&before), "{to} of {text}:\n{}", after.inputs.request);
                // On to the next one, and back.
                let on = after.after(Action::SetFormat(Format::Form));
                assert_eq!(recorded(&on), recorded(&before), "{to} of {text}");
                let origin = before.answer.format().unwrap();
                assert_eq!(on.after(Action::SetFormat(origin)).inputs, before.inputs, "{to} of {text}");
            }
        }
    }

    #[test]
    fn a_review_asks_whether_the_same_is_allowed() {
        for text in [
            "kubectl --as=bob get pods -n prod",
            "kubectl logs web-0 -n prod",
            "GET /healthz?verbose=1",
            "kubectl delete pods --all -A --raw /api/v1/pods",
        ] {
            let before = state(text);
            let after = before.after(Action::SetFormat(Format::Review));
            let decided = |state: &State| {
                let result = state.answer.result.as_ref().unwrap();
                (result.recording.decision, result.recording.attributes.clone())
            };
            if before.answer.reading.is_ok() && before.answer.exchange().unwrap().request.body.is_empty() {
                assert!(after.inputs.request.contains("SubjectAccessReview"), "{text}: {}", after.inputs.request);
                assert_eq!(decided(&after), decided(&before), "{}", after.inputs.request);
            }
        }
        // A review has no place for a body.
        let patch = state("kubectl patch secret db -n prod -p '{}'").after(Action::SetFormat(Format::Review));
        assert_eq!(patch.drafts.note, Some(Note::Paste));
    }

    #[test]
    fn what_was_changed_meanwhile_stays_changed() {
        let before = state(EVENT).after(Action::SetFormat(Format::Http));
        assert_eq!(before.inputs.given.code, Some(404));
        let given = Given { code: Some(500), ..before.inputs.given.clone() };
        let after = before.after(Action::Give(Box::new(given))).after(Action::SetFormat(Format::Event));
        assert_eq!(after.inputs.request, EVENT);
        assert_eq!(after.inputs.given, Given { code: Some(500), ..Given::default() });
    }

    #[test]
    fn nothing_that_was_typed_is_lost() {
        let http = "GET /api/v1/nodes HTTP/1.1\nX-Mine: 1\n";
        let before = state("kubectl get pods").after(Action::SetFormat(Format::Http));
        let edited = before.after(Action::TypeRequest(http.to_owned()));
        // kubectl commands are not made of requests: the last one is back, and says so.
        let back = edited.after(Action::SetFormat(Format::Kubectl));
        assert_eq!((back.inputs.request.as_str(), back.drafts.note), ("kubectl get pods", Some(Note::Back)));
        let again = back.after(Action::SetFormat(Format::Http));
        assert!(again.inputs.request.contains("/pods"), "{}", again.inputs.request);
        assert_eq!(again.drafts.note, Some(Note::Aside));
        let restored = again.after(Action::RestoreDraft(Format::Http));
        assert_eq!((restored.inputs.request.as_str(), restored.drafts.note), (http, None));
    }

    #[test]
    fn what_cannot_be_rewritten_stays_until_it_is_pasted() {
        let before = state("GET /api/v1/pods");
        let after = before.after(Action::SetFormat(Format::Kubectl));
        assert_eq!(after.inputs, Inputs { format: Some(Format::Kubectl), ..before.inputs.clone() });
        assert_eq!(after.drafts.note, Some(Note::Paste));
        // On to a format in which it can be written: it is still the HTTP request.
        let form = after.after(Action::SetFormat(Format::Form));
        assert!(form.inputs.request.contains("pods"), "{}", form.inputs.request);
        assert_eq!(after.after(Action::SetFormat(Format::Http)).inputs, before.inputs);
        // A paste of that format, or of a third one, is detected.
        let pasted = after.after(Action::TypeRequest("kubectl get nodes".to_owned()));
        assert_eq!((pasted.inputs.format, shown(&pasted)), (None, Some(Format::Kubectl)));
        // What is no request at all is not replaced either.
        let nonsense = state("nonsense").after(Action::SetFormat(Format::Form));
        assert_eq!(nonsense.inputs.request, "nonsense");
    }

    #[test]
    fn a_scenario_gives_its_request_and_what_it_says_of_it() {
        let text = "version: 1\nrequest: kubectl get pods\nas: {user: alice}\nresponse: {code: 403}\n";
        let after = state(text).after(Action::SetFormat(Format::Kubectl));
        assert_eq!(after.inputs.request, "kubectl get pods");
        assert_eq!(after.inputs.given.code, Some(403));
        assert_eq!(after.after(Action::SetFormat(Format::Scenario)).inputs.request, text);
    }
}
