//! Every command of the page, once: its name, its keys, and what it does. The palette, the keys and the list of shortcuts
//! all come from here, so a new command is one line.

use std::borrow::Cow;
use std::fmt;

use audit_policy::Release;

use crate::state::View;
use crate::theme::Theme;

/// Something that a person can have done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What it is called.
    pub name: Cow<'static, str>,
    /// The keys that do it.
    pub keys: Option<Keys>,
    /// What it does.
    pub does: Does,
}

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Goes to a place.
    Go(Place),
    /// Goes to the next pane, or to the one before.
    Pane(Way),
    /// Tells the page by an event of this name on the document: what listens for it does it.
    Tell(&'static str),
    /// Shows events this way.
    Show(View),
    /// Chooses colours.
    Colours(Theme),
    /// Asks this release.
    Ask(Release),
    /// Opens a dialog.
    Open(Dialog),
    /// Presses the button that has this id, where it is on the page.
    Press(&'static str),
}

/// Onwards or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To what comes after.
    Onwards,
    /// To what comes before.
    Back,
}

/// Where one can go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The policy's text box.
    Policy,
    /// The request's text box.
    Request,
    /// The verdict.
    Verdict,
    /// The stages.
    Stages,
    /// The event.
    Event,
    /// The rules.
    Rules,
}

/// What opens over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// The list of commands.
    Commands,
    /// The list of shortcuts.
    Shortcuts,
}

/// Keys that are pressed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys {
    /// The key, as the browser names it.
    pub key: &'static str,
    /// With Ctrl, or Cmd where there is one.
    pub control: bool,
    /// With Shift. Not asked of a character: where it is on the keyboard differs.
    pub shift: bool,
}

/// What was pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pressed {
    /// The key, as the browser names it.
    pub key: String,
    /// Whether Ctrl or Cmd was held.
    pub control: bool,
    /// Whether Shift was held.
    pub shift: bool,
    /// Whether that was where one types text.
    pub typing: bool,
}

const fn plain(key: &'static str) -> Option<Keys> {
    Some(Keys { key, control: false, shift: false })
}

const fn shift(key: &'static str) -> Option<Keys> {
    Some(Keys { key, control: false, shift: true })
}

const fn control(key: &'static str) -> Option<Keys> {
    Some(Keys { key, control: true, shift: false })
}

/// The commands that there always are, in the order of the list.
const COMMANDS: [(&str, Option<Keys>, Does); 26] = [
    ("Go to the policy", None, Does::Go(Place::Policy)),
    ("Go to the request", None, Does::Go(Place::Request)),
    ("Go to the verdict", control("Enter"), Does::Go(Place::Verdict)),
    ("Go to the stages", None, Does::Go(Place::Stages)),
    ("Go to the event", None, Does::Go(Place::Event)),
    ("Go to the rules", None, Does::Go(Place::Rules)),
    ("Next pane", plain("F6"), Does::Pane(Way::Onwards)),
    ("Previous pane", shift("F6"), Does::Pane(Way::Back)),
    ("Next problem in the policy", plain("F8"), Does::Tell("problem-next")),
    ("Previous problem in the policy", shift("F8"), Does::Tell("problem-previous")),
    ("Apply the quick fix", control("."), Does::Tell("problem-fix")),
    ("Show events as JSON", None, Does::Show(View::Pretty)),
    ("Show events as the JSON line", None, Does::Show(View::Line)),
    ("Show events as the legacy line", None, Does::Show(View::Legacy)),
    ("Share, download or open a file", None, Does::Press("open-Share")),
    ("Recent states", None, Does::Press("open-Recent")),
    ("Examples", None, Does::Press("open-Examples")),
    ("Lessons", None, Does::Press("open-lessons")),
    ("Delivery: where events go", None, Does::Press("open-delivery")),
    ("Documentation", None, Does::Press("open-docs")),
    ("Colours of the system", None, Does::Colours(Theme::System)),
    ("Light colours", None, Does::Colours(Theme::Light)),
    ("Dark colours", None, Does::Colours(Theme::Dark)),
    ("Commands", control("k"), Does::Open(Dialog::Commands)),
    ("Keyboard shortcuts", plain("?"), Does::Open(Dialog::Shortcuts)),
    ("Newest Kubernetes release", None, Does::Ask(Release::NEWEST)),
];

/// Keys that mean something in one place only, for the list of shortcuts.
pub const KEYS_IN_PLACES: [(&str, &str); 3] = [
    ("Esc, then Tab", "Leave an editor, where Tab indents"),
    ("\u{2190} \u{2192} Home End", "Tabs, levels: the next one"),
    ("\u{2191} \u{2193} \u{2190} \u{2192} Enter", "Rules: next, open or close, go to the line"),
];

/// All commands, then one for each release.
pub fn all() -> impl Iterator<Item = Command> {
    let releases = Release::all().map(|release| Command {
        name: format!("Kubernetes {release}").into(),
        keys: None,
        does: Does::Ask(release),
    });
    listed().chain(releases)
}

/// The commands that are more than a choice of a release.
pub fn listed() -> impl Iterator<Item = Command> {
    COMMANDS.into_iter().map(|(name, keys, does)| Command { name: name.into(), keys, does })
}

/// The commands with all of these words in their names.
pub fn matching(words: &str) -> Vec<Command> {
    let words: Vec<String> = words.split_whitespace().map(str::to_ascii_lowercase).collect();
    // Without a word there would be more releases than commands.
    let wanted = |command: &Command| {
        let name = command.name.to_ascii_lowercase();
        words.iter().all(|word| name.contains(word.as_str()))
    };
    if words.is_empty() { listed().collect() } else { all().filter(wanted).collect() }
}

/// The command that these keys stand for.
pub fn of_keys(pressed: &Pressed) -> Option<Does> {
    COMMANDS.iter().find(|(_, keys, _)| keys.is_some_and(|keys| keys.are(pressed))).map(|(.., does)| *does)
}

impl Keys {
    fn are(self, pressed: &Pressed) -> bool {
        let character = self.key.len() == 1;
        self.key.eq_ignore_ascii_case(&pressed.key)
            && self.control == pressed.control
            && (character || self.shift == pressed.shift)
            && !(character && !self.control && pressed.typing)
    }
}

impl fmt::Display for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.control {
            f.write_str("Ctrl+")?;
        }
        if self.shift {
            f.write_str("Shift+")?;
        }
        f.write_str(&self.key.to_ascii_uppercase().replace("ENTER", "Enter"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(key: &str) -> Pressed {
        Pressed { key: key.to_owned(), control: false, shift: false, typing: false }
    }

    #[test]
    fn keys_find_their_command() {
        let control = |key| Pressed { control: true, ..pressed(key) };
        for (pressed, does) in [
            (control("k"), Some(Does::Open(Dialog::Commands))),
            (control("K"), Some(Does::Open(Dialog::Commands))),
            (pressed("k"), None),
            (Pressed { typing: true, ..control("Enter") }, Some(Does::Go(Place::Verdict))),
            (pressed("F6"), Some(Does::Pane(Way::Onwards))),
            (Pressed { shift: true, ..pressed("F6") }, Some(Does::Pane(Way::Back))),
            (Pressed { shift: true, ..pressed("?") }, Some(Does::Open(Dialog::Shortcuts))),
            (pressed("?"), Some(Does::Open(Dialog::Shortcuts))),
            (Pressed { typing: true, ..pressed("?") }, None),
        ] {
            assert_eq!(of_keys(&pressed), does, "{pressed:?}");
        }
    }

    #[test]
    fn no_two_commands_share_a_name_or_keys() {
        let commands: Vec<Command> = all().collect();
        for (index, command) in commands.iter().enumerate() {
            for other in &commands[..index] {
                assert_ne!(command.name, other.name);
                assert!(command.keys.is_none() || command.keys != other.keys, "{}", command.name);
            }
        }
    }

    #[test]
    fn words_narrow_the_list() {
        let names = |words| matching(words).into_iter().map(|command| command.name).collect::<Vec<_>>();
        assert_eq!(names("DARK col"), ["Dark colours"]);
        assert_eq!(names("kubernetes 1.36"), ["Kubernetes 1.36"]);
        assert_eq!(names("nothing has this"), [""; 0]);
        assert_eq!(names(" ").len(), COMMANDS.len());
    }

    #[test]
    fn keys_are_written_as_keyboards_have_them() {
        let shown = COMMANDS.iter().filter_map(|(_, keys, _)| keys.as_ref()).map(Keys::to_string).collect::<Vec<_>>();
        assert_eq!(shown, ["Ctrl+Enter", "F6", "Shift+F6", "F8", "Shift+F8", "Ctrl+.", "Ctrl+K", "?"]);
    }
}
