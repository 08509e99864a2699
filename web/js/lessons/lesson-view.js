// A lesson: its text, its checks as they are now, hints, the solution, and the way to the next. What holds is the engine's to say.
import { copied } from "./clipboard.js";
import { el, icon, level } from "./dom.js";
import lessons from "./lessons.js";
import { markdown } from "./markdown.js";
import { forget, keep, nameOf, progress } from "./progress.js";

export class LessonView {
  constructor(host, ask) {
    Object.assign(this, { host, ask, name: null, lesson: null });
    document.addEventListener("keydown", (event) => this.#key(event));
    // The browser's own command prints what the button does.
    addEventListener("beforeprint", () => this.lesson && !this.sheets.hasChildNodes() && this.#fill([this.lesson]));
    addEventListener("afterprint", () => this.sheets?.replaceChildren());
  }

  /** Opens what an address names after `lesson/`: a name, `NAME/fresh`, or a whole lesson as `v1/…`. */
  open([name, more]) {
    const whole = name === "v1" && more;
    let text;
    if (whole) {
      text = this.ask("unpack", `v1/${more}`);
      if (!text) return this.close();
    } else {
      name ||= (lessons.find(([known]) => !progress(known).done) ?? lessons[0])[0];
      text = lessons.find(([known]) => known === name)?.[1];
      if (!text) {
        this.ask("alert", `there is no lesson \`${name.replaceAll("`", "'").slice(0, 60)}\`\nchoose one from the list of lessons`);
        // What is open stays, and so does its address.
        return this.lesson ? history.replaceState(null, "", this.address) : this.close();
      }
      if (more === "fresh") keep(name, null);
      if (location.hash !== `#lesson/${name}`) history.replaceState(null, "", `#lesson/${name}`);
    }
    const lesson = JSON.parse(this.ask("read", text));
    if (lesson.error) {
      this.ask("alert", `this lesson cannot be read: ${lesson.error}\n${lesson.help}`);
      return this.close();
    }
    this.lesson = lesson;
    this.held = [];
    this.address = location.hash;
    this.name = whole ? nameOf(text) : name;
    this.own = whole;
    this.index = whole ? -1 : lessons.findIndex(([known]) => known === name);
    this.hints = 0;
    this.text = text;
    this.ask("begin", text);
    this.#draw();
    const scenario = progress(this.name).scenario ?? lesson.start;
    if (scenario !== this.ask("typed", "")) this.ask("open", scenario);
    this.changed();
  }

  /** Takes the lesson away; what is typed stays. */
  close() {
    this.lesson = null;
    this.host.hidden = true;
    this.host.replaceChildren();
    delete document.documentElement.dataset.lesson;
    delete document.documentElement.dataset.present;
    this.ask("leave", location.hash.startsWith("#lesson/") ? "address" : "");
  }

  /** What is typed is another: the checks are asked anew. */
  async changed() {
    if (!this.lesson) return;
    if (!location.hash.startsWith("#lesson/")) return this.close();
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const typed = this.ask("typed", "");
    const checks = JSON.parse(this.ask("check", ""));
    const sending = this.lesson.checks.flatMap(({ sends }, index) => (sends ? [index] : []));
    if (sending.length > 0) {
      if (!this.status.textContent) this.status.textContent = "Simulating";
      try {
        const engine = await import("../delivery/engine.js");
        for (const index of sending) {
          // Nobody waits for what was typed before.
          if (turn !== this.turn) return;
          checks[index] = JSON.parse(await engine.ask("check", this.text, index, typed));
        }
      } catch {
        if (turn === this.turn) this.ask("alert", "what simulates where events go did not load\nopen the lesson again when the network is back");
        return;
      }
      if (turn !== this.turn || !this.lesson) return;
    }
    this.#drawChecks(checks, typed);
  }

  #drawChecks(checks, typed) {
    this.held = checks.map((check) => check.holds);
    const passed = this.held.filter(Boolean).length;
    const solved = passed === checks.length;
    const done = progress(this.name).done || solved;
    keep(this.name, { scenario: typed, done });
    const said = solved ? `All ${checks.length} checks pass` : `${passed} of ${checks.length} checks pass`;
    if (this.status.textContent !== said) this.status.textContent = said;
    this.bar.replaceChildren(...checks.map((_, index) => el("i", { class: index < passed ? "y" : null })));
    checks.forEach((check, index) => this.#drawCheck(this.rows[index], check));
    this.next?.classList.toggle("primary", solved);
    this.host.classList.toggle("solved", solved);
  }

  #drawCheck({ item, mark, result }, check) {
    item.className = check.holds ? "pass" : "fail";
    mark.replaceChildren(icon(check.holds ? "i-check" : "i-x"), el("span", { class: "sr" }, check.holds ? "passes" : "fails"));
    const lines = [];
    const got = [];
    if (check.understood) got.push(el("span", {}, check.understood));
    if (check.level) got.push(el("span", {}, check.rule ? `rule ${check.rule}` : "no rule"), level(check.level));
    if (got.length) lines.push(el("div", { class: "r" }, got));
    for (const part of check.failed) {
      lines.push(el("div", { class: "r" }, el("span", {}, "wants"), level(part.wanted), el("span", {}, "got"), level(part.came)));
    }
    result.replaceChildren(...lines);
  }

  #draw() {
    const { lesson, own, index } = this;
    const root = document.documentElement;
    root.dataset.lesson = "";
    this.status = el("b", { role: "status", "aria-label": "Checks" });
    this.bar = el("div", { class: "bar", "aria-hidden": "true" });
    this.rows = lesson.checks.map((check, index) => {
      const mark = el("span", { class: "bx" });
      const result = el("div", { class: "results" });
      const text = check.request
        ? el("button", { class: "ask", title: "Put its request into the request pane", onclick: () => this.#request(index) }, check.text)
        : el("b", { class: "ask" }, check.text);
      return { item: el("li", {}, mark, el("div", {}, text, result)), mark, result, text };
    });
    this.list = el("div", { class: "lesson-list", hidden: true });
    const crumb = own ? "A lesson from a link or a file" : `Lesson ${index + 1} of ${lessons.length}`;
    const choose = el("button", { class: "link", "aria-expanded": "false", onclick: () => this.#toggleList(choose) }, crumb);
    const present = el("button", { class: "btn sm ghost", "aria-pressed": "false", onclick: () => this.#present() }, "Present");
    this.presenting = present;
    const print = el("button", { class: "btn sm ghost", onclick: () => this.#print([lesson]) }, "Print");
    const leave = el("button", { class: "btn sm ghost", onclick: () => this.close() }, "Close");
    const title = el("h2", { tabindex: "-1" }, lesson.title);
    this.more = el("div", { class: "hints" });
    this.solution = el("div", { class: "confirm" });
    this.sheets = el("div", { class: "sheets" });
    const previous = this.#way("Previous", index - 1, "btn");
    this.next = this.#way("Next lesson", index + 1, "btn");
    const over = el("button", { class: "btn ghost", onclick: () => this.#startOver() }, "Start over");
    const show = el("button", { class: "btn ghost", onclick: () => this.#confirmSolution() }, "Show solution");
    this.scroller = el("div", { class: "scroll", tabindex: "0", "aria-label": "Text of the lesson", role: "group" },
      el("div", { class: "les" }, el("div", { class: "crumb" }, choose, el("span", { class: "grow" }), present, print, leave), this.list, title, markdown(lesson.text)),
      el("div", { class: "score" }, this.status, this.bar),
      el("ol", { class: "checks", "aria-label": "Checks" }, this.rows.map((row) => row.item)),
      this.more, this.solution);
    this.host.replaceChildren(this.scroller, el("div", { class: "pf" }, previous, over, el("span", { class: "grow" }), show, this.next), this.sheets);
    this.host.hidden = false;
    this.#drawHints();
    if ("present" in root.dataset) present.setAttribute("aria-pressed", "true");
  }

  /** A link to a lesson of the list; nothing beside its ends. */
  #way(text, index, style) {
    const found = this.own ? null : lessons[index];
    return found ? el("a", { class: style, href: `#lesson/${found[0]}` }, text) : null;
  }

  #request(index) {
    this.ask("request", String(index));
    this.rows.forEach(({ item }, other) => (other === index ? item.setAttribute("aria-current", "true") : item.removeAttribute("aria-current")));
  }

  #drawHints() {
    const hints = this.lesson.hints;
    const shown = hints.slice(0, this.hints).map((hint, index) => el("li", {}, el("b", {}, `Hint ${index + 1}`), markdown(hint)));
    const left = hints.length - this.hints;
    const button = left > 0 && el("button", { class: "btn sm", onclick: () => this.#hint() }, icon("i-bulb"), `Show hint ${this.hints + 1} of ${hints.length}`);
    this.more.replaceChildren(...[shown.length && el("ol", { "aria-label": "Hints", "aria-live": "polite" }, shown), button].filter(Boolean));
  }

  #hint() {
    this.hints += 1;
    this.#drawHints();
    this.more.querySelector("button")?.focus();
  }

  #confirmSolution() {
    const done = () => this.solution.replaceChildren();
    const take = () => {
      done();
      this.ask("open", this.lesson.solution);
    };
    const yes = el("button", { class: "btn sm", onclick: take }, "Put the solution in");
    this.solution.replaceChildren(
      el("p", {}, "The solution takes the place of what you typed."), yes, el("button", { class: "btn sm ghost", onclick: done }, "Not yet"));
    yes.focus();
  }

  #startOver() {
    keep(this.name, null);
    this.hints = 0;
    this.#drawHints();
    this.ask("open", this.lesson.start);
  }

  #toggleList(button) {
    const open = this.list.hidden;
    this.list.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    const item = ([name, text]) => {
      const done = progress(name).done;
      const here = name === this.name;
      return el("li", {}, el("a", { href: `#lesson/${name}`, "aria-current": here ? "page" : null }, this.ask("title", text)), done && el("span", { class: "done" }, icon("i-check"), "solved"));
    };
    const file = el("input", { type: "file", accept: ".yaml,.yml,.json", class: "sr", "aria-label": "Lesson file", onchange: () => this.#file(file.files[0]) });
    const copy = el("button", { class: "btn sm", onclick: () => this.#copy(copy) }, "Copy link, to begin anew");
    const all = () => this.#print(lessons.map(([, text]) => JSON.parse(this.ask("read", text))));
    this.list.replaceChildren(
      el("ol", {}, lessons.map(item)),
      el("div", { class: "row" }, copy, el("button", { class: "btn sm", onclick: () => file.click() }, "Open a lesson file"), file,
        el("button", { class: "btn sm", onclick: all }, "Print all"),
        el("button", { class: "btn sm", onclick: () => (forget(), this.#toggleList(button), this.changed()) }, "Forget progress")));
  }

  async #file(file) {
    if (!file) return;
    // What is dropped may be a policy; what is opened here is to be a lesson.
    const { error, help } = JSON.parse(this.ask("read", await file.text()));
    if (error) return this.ask("alert", `\`${file.name.replaceAll("`", "'").slice(0, 60)}\` is no lesson: ${error}\n${help}`);
    // As if it was dropped: the page knows what files are.
    const data = new DataTransfer();
    data.items.add(file);
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }

  async #copy(button) {
    const address = this.own ? location.href : `${location.href.split("#")[0]}#lesson/${this.name}/fresh`;
    button.textContent = await copied(address, "Link copied");
  }

  #present() {
    const root = document.documentElement;
    const on = !("present" in root.dataset);
    if (on) root.dataset.present = "";
    else delete root.dataset.present;
    this.presenting.setAttribute("aria-pressed", String(on));
    this.scroller.focus();
  }

  #key(event) {
    if (!this.lesson || !("present" in document.documentElement.dataset) || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.composedPath()[0].closest?.("input, textarea, select, [contenteditable], [role=tab], [role=radio], [role=tree], dialog")) return;
    if (event.key === "Escape") return this.#present();
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = step && !this.own && lessons[this.index + step];
    if (next) {
      event.preventDefault();
      location.hash = `#lesson/${next[0]}`;
    }
  }

  #print(all) {
    this.#fill(all);
    print();
  }

  /** Lessons on paper: with what they begin with and the hints, without the solutions; of the open one, with what holds. */
  #fill(all) {
    // Text, since browsers print no backgrounds unless told.
    const box = (lesson, index) => (lesson === this.lesson && this.held[index] ? "✓ " : "☐ ");
    const sheet = (lesson) => el("article", {}, el("h2", {}, lesson.title), markdown(lesson.text),
      el("h3", {}, "The policy to begin with"), el("pre", {}, lesson.policy),
      el("h3", {}, "Checks"), el("ul", { class: "boxes" }, lesson.checks.map((check, index) => el("li", {}, box(lesson, index), check.text, check.request && el("code", {}, ` ${check.request}`)))),
      el("h3", {}, "Hints"), el("ol", {}, lesson.hints.map((hint) => el("li", {}, markdown(hint)))));
    this.sheets.replaceChildren(...all.map(sheet));
  }
}
