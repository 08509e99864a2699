//! The clipboard.

use gloo::utils::window;
use wasm_bindgen_futures::JsFuture;
use yew::platform::spawn_local;

/// Whether the browser has a clipboard for this page: not without https.
pub fn can_copy() -> bool {
    window().is_secure_context()
}

/// Copies a text, and says whether that worked.
pub fn copy(text: String, said: impl FnOnce(bool) + 'static) {
    spawn_local(async move {
        said(JsFuture::from(window().navigator().clipboard().write_text(&text)).await.is_ok());
    });
}
