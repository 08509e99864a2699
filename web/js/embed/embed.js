// <audit-policy-playground>: the playground as a part of any page, with a policy and a request of that page. Built as `embed.js` beside the
// playground, which it finds by its own address. Until the playground answers, and where it does not, the texts stand there as they are.
(() => {
  const TYPE = "audit-policy-playground";
  const script = document.currentScript ?? [...document.scripts].find(({ src }) => /\/embed\.js(\?|$)/.test(src));
  if (!script || customElements.get(TYPE)) return;
  const home = new URL("./", script.src);
  /** How long the texts stand alone before it is said that no more comes, in milliseconds. */
  const PATIENCE = 15_000;
  /** The least and the most that a frame is high where the page does not say, in pixels. */
  const [LEAST, MOST] = [180, 460];
  /** The releases that the playground knows: from 1.4 to 1.37. */
  const [OLDEST, NEWEST] = [4, 37];

  const look = new CSSStyleSheet();
  look.replaceSync(`
    :host { display: block; position: relative; }
    :host([hidden]) { display: none; }
    iframe { display: block; box-sizing: border-box; width: 100%; border: 1px solid color-mix(in srgb, currentColor 22%, transparent); border-radius: 8px; background: none; color-scheme: normal; }
    iframe.waits { position: absolute; inset: 0 0 auto; height: 100%; visibility: hidden; pointer-events: none; }
    .hidden { display: none; }
    p { margin: 4px 0; font-size: 0.85em; overflow-wrap: anywhere; }`);

  class Playground extends HTMLElement {
    static observedAttributes = ["policy", "request", "format", "src", "release", "view", "theme", "editable", "height", "title"];
    #frame = null;
    #slot = document.createElement("slot");
    #note = document.createElement("p");
    #told = "";
    #height = 0;
    #run = 0;
    #begun = false;
    #timer = 0;
    #gone = [];

    constructor() {
      super();
      const shadow = this.attachShadow({ mode: "open" });
      shadow.adoptedStyleSheets = [look];
      this.#note.className = "hidden";
      this.#note.setAttribute("role", "status");
      shadow.append(this.#slot, this.#note);
    }

    connectedCallback() {
      const heard = (event) => this.#hear(event);
      addEventListener("message", heard);
      const unfollow = followTheme(() => this.#tellTheme());
      const near = new IntersectionObserver((entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        near.disconnect();
        this.#begin();
      }, { rootMargin: "800px" });
      // The children of an element that is being parsed come after it.
      const watch = () => this.isConnected && near.observe(this);
      if (document.readyState === "loading") addEventListener("DOMContentLoaded", watch, { once: true });
      else setTimeout(watch);
      this.#gone = [() => removeEventListener("message", heard), unfollow, () => near.disconnect()];
    }

    disconnectedCallback() {
      for (const end of this.#gone.splice(0)) end();
      clearTimeout(this.#timer);
      this.#run += 1;
      this.#frame?.remove();
      this.#frame = null;
      this.#told = "";
      this.#slot.className = "";
      this.#begun = false;
    }

    attributeChangedCallback(name, before, now) {
      if (before === now || !this.#begun) return;
      if (name === "theme") this.#tellTheme();
      else if (name === "height") this.#size();
      else if (name !== "title") this.#begin();
      else if (this.#frame) this.#frame.title = this.#name();
    }

    /** Makes the frame, or makes it anew with what the attributes say now. */
    async #begin() {
      const run = ++this.#run;
      this.#begun = true;
      const wrong = this.#wrong();
      if (wrong) return this.#refuse(wrong);
      const fragment = await this.#fragment();
      if (run !== this.#run || !this.isConnected) return;
      const query = new URLSearchParams({ embed: "", view: this.getAttribute("view") ?? "both", theme: this.#theme() });
      if (this.hasAttribute("editable")) query.set("editable", "");
      const frame = document.createElement("iframe");
      frame.title = this.#name();
      frame.allow = "clipboard-write";
      frame.className = "waits";
      frame.src = `${home}?${query}#${fragment}`;
      this.#frame?.remove();
      this.#frame = frame;
      this.#slot.className = "";
      this.#note.className = "hidden";
      this.#told = "";
      this.shadowRoot.append(frame);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        this.#note.textContent = "The playground did not load. This is its text.";
        this.#note.className = "";
      }, PATIENCE);
    }

    #hear({ source, origin, data }) {
      if (!this.#frame || source !== this.#frame.contentWindow || origin !== home.origin || data?.type !== TYPE) return;
      if (Number.isFinite(data.height)) {
        this.#height = data.height;
        this.#size();
      }
      if (data.refused) {
        const src = this.getAttribute("src");
        this.#refuse(`${src ? `src="${short(src)}"` : "The playground does not open this"}: ${data.refused}`);
        return;
      }
      if (data.answer === undefined) return;
      if (this.#frame.className) {
        clearTimeout(this.#timer);
        this.#frame.className = "";
        this.#slot.className = this.#note.className = "hidden";
        this.#size();
        this.#tellTheme();
      }
      const told = JSON.stringify(data.answer);
      if (told === this.#told) return;
      this.#told = told;
      this.dispatchEvent(new CustomEvent("answer", { bubbles: true, composed: true, detail: data.answer }));
    }

    /** What is wrong with an attribute, where that can be seen here. With `src` the release is not asked for. */
    #wrong() {
      const [src, release] = [this.getAttribute("src"), this.getAttribute("release")];
      if (src) return /(^|#)(v1\/[\w-]+|example\/[\w-]+)$/.test(src) ? "" : `src="${short(src)}": give a link of the playground (#v1/…) or an example (#example/a-panic)`;
      const minor = /^v?1\.(\d+)(\.|$)/.exec(release?.trim() ?? "")?.[1];
      return !release || (minor >= OLDEST && minor <= NEWEST) ? "" : `release="${short(release)}": give one from 1.${OLDEST} to 1.${NEWEST}`;
    }

    /** Leaves the texts of the page, and says why: another policy in their place would answer another question. */
    #refuse(why) {
      clearTimeout(this.#timer);
      this.#frame?.remove();
      this.#frame = null;
      this.#told = this.#slot.className = this.#note.className = "";
      this.#note.textContent = why;
      console.warn(`<${TYPE}> ${why}`, this);
    }

    #size() {
      const given = Number.parseInt(this.getAttribute("height"), 10);
      const height = given > 0 ? given : Math.min(Math.max(this.#height || MOST, LEAST), MOST);
      if (this.#frame && !this.#frame.className) this.#frame.style.height = `${height}px`;
    }

    #name() {
      return this.getAttribute("title") || "Audit policy playground";
    }

    #theme() {
      const theme = this.getAttribute("theme");
      return theme === "light" || theme === "dark" ? theme : pageTheme();
    }

    #tellTheme() {
      this.#frame?.contentWindow?.postMessage({ type: TYPE, theme: this.#theme() }, home.origin);
    }

    /** What the address carries: that of `src`, or the texts. */
    async #fragment() {
      const src = this.getAttribute("src");
      if (src) return src.slice(src.indexOf("#") + 1);
      const text = (name) => this.getAttribute(name) ?? this.querySelector(`[data-${name}]`)?.textContent;
      const scenario = {
        version: 1,
        kubernetes: this.getAttribute("release") || undefined,
        policy: text("policy"),
        request: text("request") ?? "",
        format: this.getAttribute("format") ?? undefined,
      };
      return `v1/${base64url(await deflate(new TextEncoder().encode(JSON.stringify(scenario))))}`;
    }
  }

  const short = (text) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

  async function deflate(bytes) {
    try {
      const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
      return new Uint8Array(await new Response(stream).arrayBuffer());
    } catch {
      // An older browser: blocks that are not compressed.
      const blocks = [];
      for (let at = 0; at === 0 || at < bytes.length; at += 65_535) {
        const part = bytes.subarray(at, at + 65_535);
        const size = [part.length & 255, part.length >> 8];
        blocks.push(at + 65_535 >= bytes.length ? 1 : 0, ...size, ...size.map((byte) => byte ^ 255), ...part);
      }
      return Uint8Array.from(blocks);
    }
  }

  function base64url(bytes) {
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text).replace(/[+/=]/g, (sign) => ({ "+": "-", "/": "_" })[sign] ?? "");
  }

  const system = matchMedia("(prefers-color-scheme: dark)");

  /** Light or dark, as the page around it is: by what documentation generators set, by its background, or as the system has it. */
  function pageTheme() {
    for (const at of [document.body, document.documentElement]) {
      const said = ["data-theme", "data-mode", "data-bs-theme", "data-color-mode", "data-md-color-scheme", "class"].map((name) => at?.getAttribute(name) ?? "").join(" ");
      const found = /(?:^|[\s-])(?:(dark|slate)|(light|default))(?=$|[\s-])/.exec(said);
      if (found) return found[1] ? "dark" : "light";
    }
    for (const at of [document.body, document.documentElement]) {
      const [red, green, blue, alpha = 1] = (getComputedStyle(at).backgroundColor.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
      if (alpha > 0.5) return 0.3 * red + 0.6 * green + 0.1 * blue < 128 ? "dark" : "light";
    }
    return system.matches ? "dark" : "light";
  }

  /** Calls back when the page's theme may be another; what comes back ends that. */
  function followTheme(changed) {
    // Backgrounds may fade: look again when they have.
    const looked = () => (changed(), setTimeout(changed, 400));
    const watch = new MutationObserver(looked);
    for (const at of [document.documentElement, document.body]) watch.observe(at, { attributes: true });
    system.addEventListener("change", looked);
    return () => (watch.disconnect(), system.removeEventListener("change", looked));
  }

  customElements.define(TYPE, Playground);
})();
