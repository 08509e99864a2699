//! Light or dark: as the system has it, or as chosen. The loader sets a chosen theme before the page is drawn.

use gloo::utils::{document_element, window};

/// The name under which the browser keeps the choice; the loader reads it.
const KEY: &str = "theme";

/// The colours that were chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// The system's.
    System,
    /// Light ones.
    Light,
    /// Dark ones.
    Dark,
}

impl Theme {
    /// The theme in effect.
    pub fn current() -> Theme {
        match document_element().get_attribute("data-theme").as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        }
    }

    /// The name.
    pub fn as_str(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The next one of the three.
    pub fn next(self) -> Theme {
        match self {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::System,
        }
    }

    /// Puts it in effect, and keeps it where the browser allows.
    pub fn apply(self) {
        let root = document_element();
        let storage = window().local_storage().ok().flatten();
        // A browser that refuses to keep it shows it all the same.
        let _ = match self {
            Theme::System => {
                let _ = storage.map(|storage| storage.remove_item(KEY));
                root.remove_attribute("data-theme")
            }
            Theme::Light | Theme::Dark => {
                let _ = storage.map(|storage| storage.set_item(KEY, self.as_str()));
                root.set_attribute("data-theme", self.as_str())
            }
        };
    }
}
