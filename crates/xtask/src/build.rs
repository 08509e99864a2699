//! The page's build: cargo → wasm-bindgen → cut in two (`split`) → wasm-opt → esbuild.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::command::run;
use crate::setup::{self, WASM};
use crate::split::split;

/// The page's crate, and the name of what is made of it.
const CRATE: &str = "audit-policy-web";

/// The file of the second part of the wasm.
const SECOND: &str = "late.wasm";

/// A wasm of nothing: where the page is not cut in two, the first part has all.
const EMPTY: &[u8] = b"\0asm\x01\0\0\0";

/// What a build is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Quick to make, with names of functions.
    Serve,
    /// Small.
    Dist,
    /// As for `Dist`, with names of functions: what a profiler of the browser shows.
    Profile,
}

/// Builds the page into a folder that is emptied first: `index.html` and the files it names, by relative URLs.
///
/// # Errors
///
/// Where a step fails; what it printed says why.
pub fn page(purpose: Purpose, out: &Path) -> Result<()> {
    setup::wasm_target()?;
    setup::npm_packages()?;
    let work = target()?.join("page").join(match purpose {
        Purpose::Serve => "serve",
        Purpose::Dist | Purpose::Profile => "dist",
    });
    let wasm = compile(CRATE, purpose)?;
    bind(purpose, &wasm, CRATE, &work)?;
    let (first, second) = (work.join(format!("{CRATE}_bg.wasm")), work.join(SECOND));
    match purpose {
        Purpose::Serve => fs::write(second, EMPTY)?,
        Purpose::Dist | Purpose::Profile => {
            let parts = split(&fs::read(wasm)?, &fs::read(&first)?).context("cannot cut the wasm in two")?;
            for (file, part) in [first, second].into_iter().zip(parts) {
                fs::write(&file, part)?;
                optimise(purpose, &file)?;
            }
        }
    }
    empty(out)?;
    let worker = delivery_worker(purpose, &work, out)?;
    bundle(purpose, &work, &worker, out)?;
    embed(purpose, out)?;
    copy_manifest(out)?;
    write_index(out)
}

/// What other pages load to embed the playground: one file, whose name stays.
fn embed(purpose: Purpose, out: &Path) -> Result<()> {
    let mut esbuild = npm("esbuild")?;
    esbuild.args(["web/js/embed/embed.js", "--target=es2022", "--log-level=warning", "--legal-comments=none"]);
    esbuild.args((purpose == Purpose::Dist).then_some("--minify"));
    run(esbuild.arg(format!("--outfile={}", out.join("embed.js").display())))
}

/// Cargo's target folder.
///
/// # Errors
///
/// Where the workspace is not found.
pub fn target() -> Result<PathBuf> {
    Ok(match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => folder.into(),
        None => crate::root()?.join("target"),
    })
}

/// A crate as wasm.
///
/// # Errors
///
/// Where it does not compile.
pub fn compile(name: &str, purpose: Purpose) -> Result<PathBuf> {
    let (profile, folder) = match purpose {
        Purpose::Serve => ("dev", "debug"),
        Purpose::Dist | Purpose::Profile => ("wasm", "wasm"),
    };
    let mut cargo = setup::cargo_for_wasm("rustc", name);
    cargo.args(["--quiet", "--profile", profile]);
    if purpose != Purpose::Serve && name == CRATE {
        // What `split` goes by.
        cargo.args(["--", "-C", "link-arg=--emit-relocs"]);
    }
    run(&mut cargo)?;
    // A program's file is named as its crate; a library's has underscores.
    let built = target()?.join(WASM).join(folder);
    let library = built.join(format!("{}.wasm", name.replace('-', "_")));
    Ok(if library.is_file() { library } else { built.join(format!("{name}.wasm")) })
}

/// wasm-bindgen's JavaScript beside its wasm, in `work`, which is emptied first: `NAME.js` and `NAME_bg.wasm`.
///
/// # Errors
///
/// Where wasm-bindgen fails.
pub fn bind(purpose: Purpose, wasm: &Path, name: &str, work: &Path) -> Result<()> {
    empty(work)?;
    Bindgen::new()
        .input_path(wasm)
        .out_name(name)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .demangle(purpose == Purpose::Serve)
        .remove_producers_section(true)
        .generate(work)
        .context("wasm-bindgen failed")
}

/// wasm-opt, for size. The features are those that rustc's output has.
///
/// # Errors
///
/// Where it fails.
pub fn optimise(purpose: Purpose, wasm: &Path) -> Result<()> {
    run(npm("wasm-opt")?
        .arg("-Oz")
        .args((purpose == Purpose::Profile).then_some("--debuginfo"))
        .args(["--enable-bulk-memory", "--enable-bulk-memory-opt", "--enable-mutable-globals", "--enable-multivalue"])
        .args(["--enable-nontrapping-float-to-int", "--enable-reference-types", "--enable-sign-ext"])
        .arg(wasm)
        .arg("-o")
        .arg(wasm))
}

/// The worker of the Delivery view, with a wasm of its own; answers its file's name.
fn delivery_worker(purpose: Purpose, work: &Path, out: &Path) -> Result<String> {
    const NAME: &str = "audit-policy-delivery";
    let (wasm, folder) = (compile(NAME, purpose)?, work.join("delivery"));
    bind(purpose, &wasm, "delivery", &folder)?;
    if purpose != Purpose::Serve {
        optimise(purpose, &folder.join("delivery_bg.wasm"))?;
    }
    let mut esbuild = npm("esbuild")?;
    esbuild
        .args(["delivery-worker=web/js/delivery/worker.js", "--bundle", "--format=esm", "--target=es2022"])
        .args(["--entry-names=[name]-[hash]", "--asset-names=[name]-[hash]", "--loader:.wasm=file"])
        .args(["--log-level=warning", "--legal-comments=none"])
        .arg(format!("--alias:audit-policy-delivery.wasm={}", folder.join("delivery_bg.wasm").display()))
        .arg(format!("--alias:audit-policy-delivery={}", folder.join("delivery.js").display()))
        .arg(format!("--outdir={}", out.display()));
    esbuild.args((purpose == Purpose::Dist).then_some("--minify"));
    run(&mut esbuild)?;
    let names = fs::read_dir(out)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.into_iter().find(|name| name.starts_with("delivery-worker-")).context("esbuild made no worker")
}

/// esbuild: the loader with wasm-bindgen's JavaScript and the name of the wasm, the styles, and a file for what is imported on demand (the
/// editor); each name with its content's hash.
fn bundle(purpose: Purpose, work: &Path, worker: &str, out: &Path) -> Result<()> {
    let alias = |name: &str, file: &str| format!("--alias:{name}={}", work.join(file).display());
    let mut esbuild = npm("esbuild")?;
    esbuild
        .args(["page=web/js/loader.js", "page=web/styles/page.css", "--bundle", "--format=esm", "--target=es2022"])
        .args([
            "--splitting",
            "--entry-names=[name]-[hash]",
            "--chunk-names=[name]-[hash]",
            "--asset-names=[name]-[hash]",
            "--loader:.wasm=file",
            "--loader:.yaml=text",
        ])
        .args(["--log-level=warning", "--legal-comments=none"])
        .arg(alias("audit-policy-web.wasm", &format!("{CRATE}_bg.wasm")))
        .arg(alias("audit-policy-web", &format!("{CRATE}.js")))
        .arg(alias("audit-policy-late.wasm", SECOND))
        .arg(format!("--alias:audit-policy-late={}", crate::root()?.join("web/js/late.js").display()))
        .arg(format!("--alias:audit-policy-editor={}", crate::root()?.join("web/js/editor/load.js").display()))
        .arg(format!("--alias:audit-policy-lessons={}", crate::root()?.join("web/js/lessons/load.js").display()))
        .arg(format!("--outdir={}", out.display()));
    esbuild.arg(format!("--define:OFFLINE={}", purpose == Purpose::Dist));
    esbuild.arg(format!("--define:DELIVERY_WORKER=\"./{worker}\""));
    if purpose == Purpose::Dist {
        esbuild.arg("--minify");
    }
    run(&mut esbuild)
}

/// What makes the page one that can be installed: its manifest and icons.
fn copy_manifest(out: &Path) -> Result<()> {
    let web = crate::root()?.join("web");
    let icons = ["icon.svg", "icon-192.png", "icon-512.png"].map(|name| (web.join("icons").join(name), name));
    for (from, name) in icons.into_iter().chain([(web.join("manifest.webmanifest"), "manifest.webmanifest")]) {
        fs::copy(&from, out.join(name)).with_context(|| format!("cannot copy {}", from.display()))?;
    }
    Ok(())
}

/// The service worker, which knows every file of the folder: made when all others are there.
///
/// # Errors
///
/// Where it cannot be made.
pub fn service_worker(out: &Path) -> Result<()> {
    run(Command::new("node").arg("web/js/list-files.mjs").arg(out))
}

/// index.html, with the names that esbuild gave in place of those of the sources.
fn write_index(out: &Path) -> Result<()> {
    let mut html = fs::read_to_string(crate::root()?.join("index.html")).context("cannot read index.html")?;
    for (source, extension) in [("web/js/loader.js", "js"), ("web/styles/page.css", "css"), ("page.wasm", "wasm")] {
        let name = fs::read_dir(out)?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.starts_with("page-") || extension == "wasm" && name.starts_with(CRATE))
            .find(|name| Path::new(name).extension().is_some_and(|found| found == extension))
            .with_context(|| format!("esbuild made no {extension} file"))?;
        html = html.replace(source, &name);
    }
    fs::write(out.join("index.html"), html).context("cannot write index.html")
}

/// A program of an npm package.
pub fn npm(program: &str) -> Result<Command> {
    Ok(Command::new(crate::root()?.join("node_modules/.bin").join(program)))
}

fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn wasm_bindgen_is_one_version() {
        let lock = std::fs::read_to_string(crate::root().unwrap().join("Cargo.lock")).unwrap();
        let version = |name: &str| {
            let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \"")).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        assert_eq!(version("wasm-bindgen"), version("wasm-bindgen-cli-support"));
    }
}
