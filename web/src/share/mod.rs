//! Sharing: the address holds what is typed, files and links are opened, what was left is kept.
//!
//! [`Sharer`] is what the components call; the rest of the page only dispatches actions. Whatever opens something (a link, a file, a
//! restored state, an example) dispatches [`Action::Open`], and that makes a new entry in the browser's history.

mod address;
mod clipboard;
mod embed;
mod files;
mod markdown;
mod notice;
mod recent;

use std::cell::RefCell;
use std::rc::Rc;

use audit_policy::request::scenario::{Scenario, Sending};
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::{document, window};
use yew::prelude::*;

use crate::evaluate::Answer;
use crate::kept;
use crate::late;
use crate::state::{Action, Inputs, Pane, State};

pub use address::{Start, begins_anew, fragment, in_lesson, start};
pub use clipboard::{can_copy, copy};
pub use files::{Opening, opening, pick};
pub use notice::Notice;
pub use recent::{Left, ago};

/// How long after the last change the address is written and the tab keeps what is typed, in milliseconds: both are work that nobody waits
/// for. Who leaves earlier loses nothing, since leaving keeps it as well.
const WRITE_AFTER: u32 = 300;

/// A state is kept while it is edited at most this often, in milliseconds.
const KEEP_EVERY: f64 = 60_000.0;

/// What the components of sharing call.
pub struct Sharer {
    dispatch: Callback<Action>,
    /// Says something above the page; none: nothing any more.
    pub tell: Callback<Option<Notice>>,
    now: RefCell<Now>,
}

/// What is shown now, and what of it is still to be written.
struct Now {
    inputs: Inputs,
    answer: Rc<Answer>,
    /// [`State::opened`]
    opened: u32,
    /// Writes the address when it is time.
    timer: Option<Timeout>,
    /// The next change gets an entry of its own in the history: the present one was shared.
    shared: bool,
    /// The address itself was changed, so that it needs no writing.
    from_address: bool,
    /// When a state was kept last, in milliseconds.
    kept: f64,
    /// It was said that this is too large for a link.
    too_large: bool,
}

impl PartialEq for Sharer {
    fn eq(&self, other: &Sharer) -> bool {
        std::ptr::eq(self, other)
    }
}

/// Lets the page be shared, and answers what components call.
#[hook]
pub fn use_sharer(
    state: &UseReducerHandle<State>,
    dispatch: &Callback<Action>,
    tell: Callback<Option<Notice>>,
) -> Rc<Sharer> {
    let sharer = use_memo((), |()| Sharer {
        dispatch: dispatch.clone(),
        tell,
        now: RefCell::new(Now {
            inputs: state.inputs.clone(),
            answer: Rc::clone(&state.answer),
            opened: state.opened,
            timer: None,
            shared: false,
            from_address: false,
            kept: js_sys::Date::now(),
            too_large: false,
        }),
    });
    {
        let (sharer, answer) = (Rc::clone(&sharer), Rc::clone(&state.answer));
        use_effect_with((state.inputs.clone(), state.opened), move |(inputs, opened)| {
            // Nothing of it is lost by a reload, even if nothing comes that can write an address.
            if !late::is_here() && *inputs != State::first().inputs {
                kept::keep(inputs);
            }
            let (inputs, opened) = (inputs.clone(), *opened);
            late::when_here(move || sharer.changed(&inputs, &answer, opened));
        });
    }
    {
        let sharer = Rc::clone(&sharer);
        use_effect_with((), move |()| {
            let on_address = Rc::clone(&sharer);
            let address = EventListener::new(&window(), "hashchange", move |_| {
                let sharer = Rc::clone(&on_address);
                late::when_here(move || sharer.address_changed());
            });
            // The address is left as it is: a reload goes to the one from before, and what the tab keeps is kept for that.
            let leave = move |_: &web_sys::Event| {
                sharer.keep_unwritten();
                sharer.keep();
            };
            let hide = EventListener::new(&window(), "pagehide", leave.clone());
            let hidden = EventListener::new(&document(), "visibilitychange", move |event| {
                if document().hidden() {
                    leave(event);
                }
            });
            move || drop((address, hide, hidden))
        });
    }
    sharer
}

impl Sharer {
    /// The state is another: the address follows it.
    fn changed(self: &Rc<Self>, inputs: &Inputs, answer: &Rc<Answer>, opened: u32) {
        let was_opened = self.now.borrow().opened != opened;
        if self.now.borrow().inputs == *inputs && !was_opened {
            return;
        }
        if was_opened {
            self.keep();
            let from_address = std::mem::take(&mut self.now.borrow_mut().from_address);
            if from_address {
                self.now.borrow_mut().timer = None;
            } else {
                // What was typed last belongs to the entry that is left.
                self.write();
            }
            self.put(inputs, answer, opened);
            if from_address {
                kept::keep(inputs);
            } else {
                self.write_address(true);
            }
        } else {
            self.put(inputs, answer, opened);
            let sharer = Rc::clone(self);
            self.now.borrow_mut().timer = Some(Timeout::new(WRITE_AFTER, move || sharer.write()));
            if js_sys::Date::now() - self.now.borrow().kept >= KEEP_EVERY {
                self.keep();
            }
        }
    }

    fn put(&self, inputs: &Inputs, answer: &Rc<Answer>, opened: u32) {
        let mut now = self.now.borrow_mut();
        now.inputs = inputs.clone();
        now.answer = Rc::clone(answer);
        now.opened = opened;
    }

    /// Writes the address where that is still to be done.
    fn write(&self) {
        if self.now.borrow_mut().timer.take().is_some() {
            let new = std::mem::take(&mut self.now.borrow_mut().shared);
            // A lesson's address stays while it is worked on.
            if !in_lesson() {
                self.write_address(new);
            }
        }
    }

    /// Keeps for the tab what the address has not yet.
    fn keep_unwritten(&self) {
        let now = self.now.borrow();
        if now.timer.is_some() {
            kept::keep(&now.inputs);
        }
    }

    fn write_address(&self, new: bool) {
        let fragment = self.fragment();
        let before = kept::address();
        address::write(fragment.as_deref(), new);
        kept::keep(&self.now.borrow().inputs);
        kept::note_replaced((!new).then_some(&*before));
        let too_large = fragment.is_none();
        if std::mem::replace(&mut self.now.borrow_mut().too_large, too_large) != too_large {
            self.tell.emit(too_large.then(|| {
                Notice::alert(
                    "this is too large for a link: more than 1 MiB",
                    "download the scenario file to keep or share it; a reload keeps it in this tab",
                )
            }));
        }
    }

    /// Somebody went back or forward, or edited the address.
    fn address_changed(&self) {
        let inputs = match address::opened() {
            Start::Scenario(scenario) => Inputs::from_scenario(*scenario),
            Start::Broken(notice) => return self.tell.emit(Some(notice)),
            Start::Nothing => match kept::kept() {
                Some(inputs) => inputs,
                None => State::first().inputs,
            },
            Start::Other => return,
        };
        self.now.borrow_mut().from_address = true;
        self.tell.emit(None);
        self.dispatch.emit(Action::Open(Box::new(inputs.to_scenario())));
    }

    /// What is typed, as a fragment; none where it is too large for one.
    pub fn fragment(&self) -> Option<String> {
        late::write_link(&self.now.borrow().inputs.to_scenario())
    }

    /// Keeps the state among the last ones, unless it is that of a first visit.
    fn keep(&self) {
        let mut now = self.now.borrow_mut();
        now.kept = js_sys::Date::now();
        if now.inputs == State::first().inputs {
            return;
        }
        if let Some(fragment) = late::write_link(&now.inputs.to_scenario()) {
            recent::keep(Left {
                time: now.kept as u64,
                fragment,
                verdict: crate::words::verdict(&now.answer),
                request: crate::words::first_words(&now.inputs.request),
            });
        }
    }

    /// The last states, newest first.
    pub fn left(&self) -> Vec<Left> {
        recent::all()
    }

    /// Forgets the last states.
    pub fn forget(&self) {
        recent::forget();
    }

    /// Opens one of the last states.
    pub fn restore(&self, left: &Left) {
        if let Some(Ok(scenario)) = late::read_link(&left.fragment) {
            self.open(scenario, None);
        }
    }

    /// The link to what is typed, which is in the address from now on; none where it is too large.
    pub fn link(&self) -> Option<String> {
        self.write();
        let fragment = self.fragment()?;
        Some(format!("{}#{fragment}", address::without_fragment()))
    }

    /// What is typed was shared: it is kept, and later changes get an entry of their own in the history.
    pub fn shared(&self) {
        self.keep();
        self.now.borrow_mut().shared = true;
    }

    /// The link, the policy, the request and the verdict as Markdown.
    pub fn markdown(&self) -> String {
        let link = self.link();
        let now = self.now.borrow();
        markdown::markdown(
            link.as_deref(),
            &now.inputs.policy,
            &now.inputs.request,
            &crate::words::verdict(&now.answer),
        )
    }

    /// What is typed as a part of another page.
    pub fn embed(&self) -> String {
        embed::tag(&address::without_query(), &self.scenario(), self.fragment().as_deref())
    }

    /// Downloads what is typed as a scenario file.
    pub fn download(&self) {
        let yaml = late::yaml(&self.now.borrow().inputs.to_scenario());
        if files::download("audit-policy-scenario.yaml", &yaml).is_err() {
            self.tell.emit(Some(Notice::alert("the browser refuses the download", "copy the link in its place")));
        }
        self.shared();
    }

    /// Opens a scenario in place of everything, and says so.
    pub fn open(&self, scenario: Scenario, note: Option<Notice>) {
        self.tell.emit(note);
        self.dispatch.emit(Action::Open(Box::new(scenario)));
    }

    /// Opens a scenario that the address stands for already: an example, a lesson.
    pub fn open_here(&self, scenario: Scenario) {
        self.now.borrow_mut().from_address = true;
        self.open(scenario, None);
    }

    /// Where events go is now this.
    pub fn send(&self, sending: Sending) {
        self.dispatch.emit(Action::Send(Rc::new(sending)));
    }

    /// Leaves the lesson: what is typed gets an address of its own.
    pub fn leave_lesson(&self) {
        self.write_address(true);
    }

    /// What is answered to what is typed.
    pub fn answer<T>(&self, read: impl FnOnce(&Answer) -> T) -> T {
        read(&self.now.borrow().answer)
    }

    /// What is typed, as a scenario.
    pub fn scenario(&self) -> Scenario {
        self.now.borrow().inputs.to_scenario()
    }

    /// Opens what a file holds.
    fn open_bytes(&self, bytes: &[u8], name: &str) {
        if crate::lessons::is_lesson(bytes) {
            return late::open_lesson(bytes, name, self);
        }
        let present = self.now.borrow().inputs.to_scenario();
        let Some((pane, opening)) = late::opening(bytes, name, &present) else { return };
        match opening {
            files::Opening::Open(scenario, notice) => {
                self.open(*scenario, Some(notice));
                self.dispatch.emit(Action::ShowPane(pane));
            }
            files::Opening::Tell(notice) => self.tell.emit(Some(notice)),
        }
    }

    /// Opens a file that was picked or dropped.
    pub fn open_file(self: &Rc<Self>, file: web_sys::File) {
        let sharer = Rc::clone(self);
        files::read(file, move |name, read| match read {
            Ok(bytes) => {
                let (late, name) = (Rc::clone(&sharer), name.to_owned());
                late::when_here(move || late.open_bytes(&bytes, &name));
            }
            Err(notice) => sharer.tell.emit(Some(notice)),
        });
    }

    /// Shows a pane, after something was chosen for it.
    pub fn show(&self, pane: Pane) {
        self.dispatch.emit(Action::ShowPane(pane));
    }
}
