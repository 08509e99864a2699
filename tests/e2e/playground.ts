import { expect, type Locator, type Page } from "@playwright/test";

/** The playground as a person sees it: by what things are and what they are called. */
export class Playground {
  readonly policy: Locator;
  readonly request: Locator;
  readonly release: Locator;
  readonly verdict: Locator;
  readonly stages: Locator;
  readonly event: Locator;
  readonly rules: Locator;

  constructor(readonly page: Page) {
    this.policy = page.getByRole("textbox", { name: "Policy", exact: true });
    this.request = page.getByRole("textbox", { name: "Request", exact: true });
    this.release = page.getByRole("combobox", { name: "Kubernetes release" });
    this.verdict = page.getByRole("status", { name: "Verdict" });
    this.stages = page.getByRole("tablist", { name: "Stages" });
    this.event = page.getByRole("region", { name: "Event", exact: true });
    this.rules = page.getByRole("tree", { name: "Rules" });
  }

  /** Opens the page, which is there when its verdict is. */
  async open(path = "./"): Promise<void> {
    await this.page.goto(path);
    await expect(this.verdict).toBeVisible();
  }

  /** Puts a text in place of what is there: pastes its beginning, and types the end of its last line key by key. */
  async type(box: Locator, text: string): Promise<void> {
    const typed = /[^\n\t]{0,60}\n?$/.exec(text)?.[0] ?? "";
    const line = typed.trimEnd();
    await this.put(box, text.slice(0, text.length - typed.length));
    await box.press("ControlOrMeta+End");
    await box.pressSequentially(line);
    // Not by keys: Enter would indent the next line.
    if (typed !== line) await this.put(box, text);
  }

  /** Puts a text in place of what is there, at once. In an empty box: over coloured text, Chromium would try to keep its colour by a style that the page's policy forbids. */
  async put(box: Locator, text: string): Promise<void> {
    await box.press("ControlOrMeta+A");
    await box.press("Delete");
    await box.fill(text);
  }

  stage(name: string): Locator {
    return this.stages.getByRole("tab", { name: new RegExp(`^${name}`) });
  }

  rule(number: number): Locator {
    return this.rules.getByRole("treeitem", { name: new RegExp(`^Rule ${number},`) });
  }

  /** Shows events as `JSON`, `JSON line` or `Legacy`. */
  async showAs(form: string): Promise<void> {
    await this.page.getByRole("tab", { name: form, exact: true }).click();
  }

  /** The recorded event that is shown, without what another level would add. */
  async json(): Promise<Record<string, unknown>> {
    const text = await this.event.evaluate((region) => {
      const copy = region.cloneNode(true) as Element;
      copy.querySelectorAll("[aria-hidden=true]").forEach((ghost) => ghost.remove());
      return copy.textContent ?? "";
    });
    return JSON.parse(text);
  }

  /** The button for a level to compare the event with. */
  level(name: string): Locator {
    return this.page.getByRole("radiogroup", { name: "Compare with level" }).getByRole("radio", { name: new RegExp(`^${name}\\b`) });
  }
}
