//! What the page holds, and how it changes: a pure reducer.

use std::rc::Rc;

use audit_policy::request::scenario::{Scenario, Sending};
use audit_policy::request::{Format, Given};
use audit_policy::{Fix, Level, Release, Stage};
use yew::Reducible;

use crate::evaluate::{Answer, evaluate};
use crate::first_reading;
use crate::late::{self, detect};
use crate::request::drafts::Drafts;
use crate::request::facts::Fact;

/// The policy of a first visit.
const FIRST_POLICY: &str = include_str!("first-policy.yaml");

/// What the answer depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inputs {
    /// The policy's text as typed.
    pub policy: String,
    /// The request's text as typed.
    pub request: String,
    /// The request's format, where detection is overruled.
    pub format: Option<Format>,
    /// The release that is asked.
    pub release: Release,
    /// Which of several requests is answered for; none: the one that the text is about.
    pub pick: Option<usize>,
    /// What is known besides the request's text: user, response, outcome, …
    pub given: Given,
    /// Where events go: flags, load, sinks; as a scenario has them.
    pub sending: Rc<Sending>,
}

impl Inputs {
    /// As a scenario: the one form in which they are kept, shared and opened.
    pub fn to_scenario(&self) -> Scenario {
        Scenario {
            kubernetes: Some(self.release),
            policy: Some(self.policy.clone()),
            request: self.request.clone(),
            format: self.format,
            pick: self.pick,
            given: self.given.clone(),
            sending: (*self.sending).clone(),
        }
    }

    /// Of a scenario; what it does not say is empty or the newest.
    pub fn from_scenario(scenario: Scenario) -> Inputs {
        Inputs {
            policy: scenario.policy.unwrap_or_default(),
            request: scenario.request,
            format: scenario.format,
            release: scenario.kubernetes.unwrap_or_default(),
            pick: scenario.pick,
            given: scenario.given,
            sending: Rc::new(scenario.sending),
        }
    }
}

/// How an event is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// As JSON with line breaks.
    #[default]
    Pretty,
    /// As the exact JSON line of the log.
    Line,
    /// As the line of the legacy format.
    Legacy,
}

/// What is shown of the answer where there is no room for all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// The stages and the event.
    #[default]
    Events,
    /// The rules.
    Rules,
}

/// What is shown on a narrow screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The policy and its findings.
    Policy,
    /// The request.
    Request,
    /// The stages, the event and the rules.
    #[default]
    Result,
}

/// Everything the page holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// What the answer depends on.
    pub inputs: Inputs,
    /// How often a scenario was opened: each gets an entry of its own in the browser's history.
    pub opened: u32,
    /// The answer to them.
    pub answer: Rc<Answer>,
    /// The stage that was chosen; see [`State::shown_stage`].
    pub stage: Option<Stage>,
    /// How the event is shown.
    pub view: View,
    /// The level that the event is compared with, where one was chosen.
    pub compared: Option<Level>,
    /// The part of the answer that was chosen.
    pub part: Part,
    /// The pane that was chosen.
    pub pane: Pane,
    /// Whether what is known besides the request's text is shown, and which of it was asked for.
    pub facts: Option<Fact>,
    /// The texts that were left when the request's format was changed.
    pub drafts: Drafts,
    /// Whether the request's format was chosen, and not detected.
    pub chosen: bool,
    /// Whether the request was typed as a text: what becomes a form meanwhile stays a text until its controls are asked for.
    pub as_text: bool,
}

/// What a person does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The policy's text is now this.
    TypePolicy(String),
    /// A finding's fix is applied to the policy.
    Fix(Fix),
    /// The request's text is now this.
    TypeRequest(String),
    /// A finding's fix is applied to the request.
    FixRequest(Fix),
    /// A field of the form has changed: the form's text is now this, whatever it looks like.
    EditForm(String),
    /// The request is written in this format from now on: it is rewritten where it can be.
    SetFormat(Format),
    /// The text that was typed in this format before the request was rewritten is back.
    RestoreDraft(Format),
    /// This is known besides the request's text.
    Give(Box<Given>),
    /// What is known besides the request's text is shown, this of it first; none: it is hidden.
    ShowFacts(Option<Fact>),
    /// A scenario takes the place of everything that was typed: a link, a file, an example.
    Open(Box<Scenario>),
    /// What stands in the policy's place are AuditSinks: they go beside a policy.
    MoveSinks,
    /// Where events go is now this.
    Send(Rc<Sending>),
    /// This release is asked.
    SetRelease(Release),
    /// This one of several requests is answered for.
    Pick(usize),
    /// The event of this stage is shown.
    ShowStage(Stage),
    /// Events are shown this way.
    SetView(View),
    /// The event is compared with what this level would record.
    Compare(Level),
    /// This part of the answer is shown.
    ShowPart(Part),
    /// This pane is shown.
    ShowPane(Pane),
    /// The second part of the wasm is there, or did not come.
    Late,
}

impl Action {
    /// Whether it is done by what is in the second part of the wasm, so that it waits for that.
    pub fn needs_late(&self) -> bool {
        matches!(
            self,
            Action::SetFormat(_)
                | Action::RestoreDraft(_)
                | Action::EditForm(_)
                | Action::Give(_)
                | Action::ShowFacts(Some(_))
                | Action::Open(_)
                | Action::SetRelease(_)
        )
    }
}

impl State {
    /// The state of a first visit.
    pub fn first() -> State {
        State::new(Inputs {
            policy: FIRST_POLICY.to_owned(),
            request: first_reading::REQUEST.to_owned(),
            format: None,
            release: Release::NEWEST,
            pick: None,
            given: Given::default(),
            sending: Rc::default(),
        })
    }

    /// The state with these inputs, and nothing chosen.
    pub fn new(inputs: Inputs) -> State {
        let answer = Rc::new(evaluate(&inputs, None));
        State {
            inputs,
            opened: 0,
            answer,
            stage: None,
            view: View::default(),
            compared: None,
            part: Part::default(),
            pane: Pane::default(),
            facts: None,
            drafts: Drafts::default(),
            chosen: false,
            as_text: false,
        }
    }

    /// The stage whose event is shown: the chosen one where it is recorded, else the last that is.
    pub fn shown_stage(&self) -> Option<Stage> {
        let recording = &self.answer.result.as_ref()?.recording;
        let mut recorded = recording.stages.iter().filter(|record| is_recorded(record)).map(|record| record.stage);
        let last = recorded.clone().next_back();
        recorded.find(|stage| Some(*stage) == self.stage).or(last)
    }

    /// The format that overrules detection after the request's text has become another. A text of another format than the one before (it
    /// was pasted) is detected anew.
    fn format_after(&self, text: &str) -> Option<Format> {
        let detected = detect(text.as_bytes());
        self.inputs.format.filter(|format| {
            detected.is_none() || *format != Format::Scenario && detected == detect(self.inputs.request.as_bytes())
        })
    }

    /// The state after an action.
    pub fn after(&self, action: Action) -> State {
        let mut next = self.clone();
        match action {
            Action::TypePolicy(text) => next.inputs.policy = text,
            Action::Fix(fix) => next.inputs.policy = fix.apply(&self.inputs.policy),
            Action::TypeRequest(text) => {
                next.inputs.format = self.format_after(&text);
                (next.as_text, next.chosen) = (true, false);
                next.inputs.request = text;
                next.inputs.pick = None;
                next.drafts.note = None;
            }
            Action::FixRequest(fix) => {
                // It is shown as it was: a form as a form.
                let fixed = self.after(Action::TypeRequest(fix.apply(&self.inputs.request)));
                return State { as_text: self.as_text, chosen: self.chosen, ..fixed };
            }
            Action::EditForm(text) => {
                next.inputs.format = Some(Format::Form).filter(|form| detect(text.as_bytes()) != Some(*form));
                next.inputs.request = text;
                next.inputs.pick = None;
                next.drafts.note = None;
            }
            Action::SetFormat(format) => {
                (next.as_text, next.chosen) = (false, true);
                let (shown, exchange) = (self.answer.format(), self.answer.exchange());
                if let Some(switched) = late::switch(&self.inputs, &self.drafts, shown, exchange, format) {
                    (next.inputs, next.drafts) = switched;
                }
            }
            Action::RestoreDraft(format) => {
                (next.as_text, next.chosen) = (false, true);
                if let Some(restored) = late::restore(&self.inputs, &self.drafts, format) {
                    (next.inputs, next.drafts) = restored;
                }
            }
            Action::Give(given) => next.inputs.given = *given,
            Action::ShowFacts(fact) => {
                next.facts = fact;
                if fact.is_some() {
                    next.pane = Pane::Request;
                }
            }
            Action::Open(scenario) => {
                next.inputs = Inputs::from_scenario(*scenario);
                (next.as_text, next.chosen) = (false, false);
                next.opened += 1;
                next.drafts = Drafts::default();
            }
            Action::MoveSinks => {
                let sinks = std::mem::replace(&mut next.inputs.policy, FIRST_POLICY.to_owned());
                next.inputs.sending = Rc::new(Sending { sinks: Some(sinks), ..(*self.inputs.sending).clone() });
                next.opened += 1;
            }
            Action::Send(sending) => next.inputs.sending = sending,
            Action::SetRelease(release) => next.inputs.release = release,
            Action::Pick(pick) => next.inputs.pick = Some(pick),
            Action::ShowStage(stage) => next.stage = Some(stage),
            Action::SetView(view) => next.view = view,
            Action::Compare(level) => next.compared = Some(level),
            Action::ShowPart(part) => next.part = part,
            Action::ShowPane(pane) => next.pane = pane,
            Action::Late => {}
        }
        if next.inputs != self.inputs || self.answer.waits {
            // Where something was opened, no answer to what was there before is left.
            let previous = (next.opened == self.opened).then_some((&self.inputs, &*self.answer));
            next.answer = Rc::new(evaluate(&next.inputs, previous));
        }
        next
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(self.after(action))
    }
}

/// Whether a stage has an event.
pub fn is_recorded(record: &audit_policy::recording::StageRecord) -> bool {
    matches!(record.fate, audit_policy::recording::Fate::Recorded { .. })
}

#[cfg(test)]
mod tests {
    use audit_policy::request::scenario::Load;

    use super::*;
    use crate::evaluate::Other;

    const TWO_RULES: &str = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n\
                             - level: None\n  users: [alice]\n- level: Metadata\n";

    fn state(policy: &str, request: &str) -> State {
        let first = State::first().inputs;
        State::new(Inputs { policy: policy.to_owned(), request: request.to_owned(), ..first })
    }

    #[test]
    fn actions_change_what_they_name_and_nothing_else() {
        let before = state(TWO_RULES, "kubectl get pods");
        let after = before.after(Action::TypeRequest("kubectl get nodes".to_owned()));
        assert_eq!(after.inputs, Inputs { request: "kubectl get nodes".to_owned(), ..before.inputs.clone() });
        let release = Release::new(30).unwrap();
        let after = before.after(Action::SetRelease(release));
        assert_eq!(after.inputs, Inputs { release, ..before.inputs.clone() });
        let after = before.after(Action::SetView(View::Legacy));
        assert_eq!(after, State { view: View::Legacy, ..before });
    }

    #[test]
    fn inputs_survive_as_a_scenario() {
        let first = State::first().inputs;
        for inputs in [
            first.clone(),
            Inputs { policy: String::new(), request: String::new(), ..first.clone() },
            Inputs {
                policy: "{ \u{0}\t\r\n é".to_owned(),
                request: "version: 1\nrequest: x".to_owned(),
                ..first.clone()
            },
            Inputs { format: Some(Format::Http), release: Release::OLDEST, pick: Some(2), ..first.clone() },
            Inputs { given: Given { code: Some(404), ..Given::default() }, ..first.clone() },
            Inputs {
                sending: Rc::new(Sending {
                    flags: Some("--audit-log-path -".to_owned()),
                    load: Some(Load { rate: Some(0.5), ..Load::default() }),
                    sinks: Some(String::new()),
                }),
                ..first
            },
        ] {
            let kept = inputs.to_scenario().to_json();
            assert_eq!(Scenario::parse(kept.as_bytes()).map(Inputs::from_scenario), Ok(inputs));
        }
    }

    #[test]
    fn a_pick_is_for_its_text_only() {
        let picked = state(TWO_RULES, "kubectl get pods").after(Action::Pick(1));
        assert_eq!(picked.inputs.pick, Some(1));
        assert_eq!(picked.after(Action::TypePolicy(String::new())).inputs.pick, Some(1));
        assert_eq!(picked.after(Action::TypeRequest("x".to_owned())).inputs.pick, None);
        assert_eq!(picked.after(Action::SetFormat(Format::Http)).inputs.pick, None);
    }

    #[test]
    fn sinks_in_the_policy_s_place_answer_and_can_be_put_beside_one() {
        let text = "apiVersion: auditregistration.k8s.io/v1alpha1\nkind: AuditSink\nmetadata: {name: a}\nspec:\n  policy: {level: Request, stages: [Panic]}\n  webhook: {clientConfig: {url: \"https://a.example/\"}}\n";
        let before = state(text, "kubectl get pods");
        assert!(!before.answer.loaded.accepted);
        let then = before.after(Action::SetRelease(Release::new(18).unwrap()));
        assert!(then.answer.loaded.accepted, "{:?}", then.answer.loaded.error);
        let beside = then.after(Action::MoveSinks);
        assert_eq!(beside.inputs.sending.sinks.as_deref(), Some(text));
        assert_eq!(beside.inputs.policy, FIRST_POLICY);
        assert_eq!(beside.opened, then.opened + 1);
    }

    #[test]
    fn what_only_holds_or_names_a_policy_is_not_mended_into_one() {
        let held = format!(
            "kind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  p.yaml: |\n    {}",
            TWO_RULES.replace('\n', "\n    ")
        );
        let pod =
            "kind: Pod\nspec: {containers: [{command: [kube-apiserver, --audit-policy-file=/etc/policy.yaml]}]}\n";
        for (text, holds) in [(held.as_str(), true), (pod, false)] {
            let state = state(text, "kubectl get pods");
            let other = state.answer.other.as_deref();
            assert_eq!(matches!(other, Some(Other::Holds(_))), holds, "{other:?}");
            assert_eq!(matches!(other, Some(Other::Names(_))), !holds, "{other:?}");
            assert_eq!(state.answer.loaded.findings, []);
            assert!(state.answer.loaded.error.is_some());
        }
        // A policy's own findings stay, whatever its comments name.
        let broken = state(
            "apiVersion: audit.k8s.io/v1\nkind: Policy\n# --audit-policy-file=/etc/a.yaml\nrules: [",
            "kubectl get pods",
        );
        assert_eq!(broken.answer.other, None);
        assert!(!broken.answer.loaded.findings.is_empty());
    }

    #[test]
    fn what_does_not_change_the_inputs_asks_the_engine_nothing() {
        let before = state(TWO_RULES, "kubectl get pods");
        for action in [
            Action::TypePolicy(TWO_RULES.to_owned()),
            Action::ShowStage(Stage::Panic),
            Action::SetView(View::Line),
            Action::Compare(Level::Request),
            Action::ShowPart(Part::Rules),
            Action::ShowPane(Pane::Policy),
        ] {
            assert!(Rc::ptr_eq(&before.answer, &before.after(action).answer));
        }
    }
}
