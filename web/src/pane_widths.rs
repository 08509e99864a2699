//! How wide the panes are: what a divider may do.

/// The least width of a pane, in CSS pixels.
pub const LEAST: i32 = 320;

/// How far an arrow key moves a divider; with Shift four times that.
const STEP: i32 = 16;

/// Which way a divider's pane lies from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The pane that it sizes is before it.
    Before,
    /// The pane that it sizes is after it.
    After,
}

/// The width nearest to a wanted one that leaves every pane its least.
pub fn within(wanted: i32, most: i32) -> i32 {
    wanted.min(most).max(LEAST)
}

/// The width after a key; none where the key means nothing here.
pub fn after_key(key: &str, shift: bool, side: Side, now: i32, most: i32) -> Option<i32> {
    let step = if shift { 4 * STEP } else { STEP };
    let wider = match side {
        Side::Before => step,
        Side::After => -step,
    };
    let wanted = match key {
        "ArrowRight" => now + wider,
        "ArrowLeft" => now - wider,
        "Home" => LEAST,
        "End" => most,
        _ => return None,
    };
    Some(within(wanted, most))
}

/// Widths as the tab keeps them: pixels, or nothing where the style decides.
pub fn parse(kept: &str) -> Option<i32> {
    kept.parse().ok().filter(|width| (LEAST..10_000).contains(width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_move_dividers_and_leave_every_pane_its_least() {
        for (key, shift, side, now, width) in [
            ("ArrowRight", false, Side::Before, 400, Some(416)),
            ("ArrowRight", false, Side::After, 400, Some(384)),
            ("ArrowLeft", true, Side::After, 400, Some(464)),
            ("ArrowLeft", false, Side::Before, 325, Some(LEAST)),
            ("ArrowRight", true, Side::Before, 580, Some(600)),
            ("Home", false, Side::After, 500, Some(LEAST)),
            ("End", false, Side::Before, 400, Some(600)),
            ("Enter", false, Side::Before, 400, None),
        ] {
            assert_eq!(after_key(key, shift, side, now, 600), width, "{key} {side:?}");
        }
        // Where there is no room for the least of all, this pane keeps its own.
        assert_eq!(within(400, 100), LEAST);
    }

    #[test]
    fn only_sensible_widths_are_taken_back() {
        for (kept, width) in
            [("400", Some(400)), ("319", None), ("-1", None), ("1e9", None), ("", None), ("99999", None)]
        {
            assert_eq!(parse(kept), width, "{kept:?}");
        }
    }
}
