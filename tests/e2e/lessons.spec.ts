import { readdirSync, readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import type { Playground } from "./playground.ts";
import { expect, test } from "./test.ts";

const names = (folder: string) => readdirSync(`web/${folder}`).map((file) => file.replace(".yaml", ""));
const lesson = (page: Page) => page.getByRole("region", { name: "Lesson" });
const score = (page: Page) => page.getByRole("status", { name: "Checks" });

/** Drops a file on the page. */
const drop = (page: Page, name: string, text: string) =>
  page.evaluate(
    ([name, text]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text as string], name as string));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    },
    [name, text],
  );

async function go(playground: Playground, hash: string): Promise<void> {
  await playground.page.evaluate((hash) => (location.hash = hash), hash);
}

test("each example opens from the menu, with a history entry and what it teaches", async ({ playground, page }) => {
  test.slow();
  for (const name of names("examples")) {
    const title = /^title: "?(.*?)"?$/m.exec(readFileSync(`web/examples/${name}.yaml`, "utf8"))?.[1] ?? "";
    const accepted = !readFileSync(`web/examples/${name}.yaml`, "utf8").includes("accepted: false");
    const rule = /^  rule: (\d+)$/m.exec(readFileSync(`web/examples/${name}.yaml`, "utf8"))?.[1];
    const entries = await page.evaluate(() => history.length);
    await page.getByRole("button", { name: "Examples" }).click();
    await page.getByRole("dialog", { name: "Examples" }).getByRole("link").filter({ has: page.getByText(title, { exact: true }) }).click();
    await expect(page).toHaveURL(new RegExp(`#example/${name}$`));
    await expect(page.getByRole("status").filter({ hasText: title })).toBeVisible();
    await expect(playground.verdict, name).toContainText(accepted ? (rule ? `Rule ${rule} matched` : "matched") : "Policy does not load");
    expect(await page.evaluate(() => history.length)).toBe(Math.min(entries + 1, 50));
  }
  await page.goBack();
  await expect(page).not.toHaveURL(new RegExp(`#example/${names("examples").at(-1)}$`));
});

test("an example that is not there says so", async ({ playground, page }) => {
  await go(playground, "#example/nothing");
  await expect(page.getByRole("alert")).toContainText("there is no example nothing");
});

test("a lesson that is not there says so, and what is open stays", async ({ playground, page }) => {
  const said = page.getByRole("alert").filter({ hasText: "there is no lesson nope" });
  await playground.put(playground.request, "kubectl get nodes");
  await go(playground, "#lesson/nope");
  await expect(said).toBeVisible();
  await expect(lesson(page)).toBeHidden();
  await expect(playground.request).toHaveValue("kubectl get nodes");
  await go(playground, "#lesson/levels");
  await expect(lesson(page)).toContainText("Lesson 5 of");
  await go(playground, "#lesson/nope");
  await expect(said).toBeVisible();
  await expect(lesson(page)).toContainText("Lesson 5 of");
  await expect(page).toHaveURL(/#lesson\/levels$/);
});

test("each lesson begins unsolved, and its solution solves it", async ({ playground, page }) => {
  test.slow();
  await page.keyboard.press("ControlOrMeta+K");
  await page.getByRole("combobox", { name: "Command" }).fill("lessons");
  await page.keyboard.press("Enter");
  const total = names("lessons").length;
  for (let number = 1; number <= total; number += 1) {
    await expect(lesson(page)).toContainText(`Lesson ${number} of ${total}`);
    await expect(score(page)).toHaveText(/^\d+ of \d+ checks pass$/);
    await page.getByRole("button", { name: "Show solution" }).click();
    await page.getByRole("button", { name: "Put the solution in" }).click();
    await expect(score(page), `lesson ${number}`).toHaveText(/^All \d+ checks pass$/);
    if (number < total) await page.getByRole("link", { name: "Next lesson" }).click();
  }
});

test("a lesson is worked on: checks live, hints, progress over a reload, and begun anew", async ({ playground, page }) => {
  await go(playground, "#lesson/why-audit");
  await expect(score(page)).toHaveText("1 of 3 checks pass");
  await page.getByRole("button", { name: "Show hint 1 of 2" }).click();
  await expect(page.getByRole("list", { name: "Hints" })).toContainText("all there is to change");
  const policy = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n  - level: Metadata\n";
  await playground.put(playground.policy, policy);
  await expect(score(page)).toHaveText("All 3 checks pass");
  await expect(page).toHaveURL(/#lesson\/why-audit$/);
  await page.reload();
  await expect(score(page)).toHaveText("All 3 checks pass");
  await expect(playground.policy).toHaveValue(policy);
  await page.getByRole("button", { name: "Lesson 1 of" }).click();
  await expect(lesson(page).getByRole("listitem").filter({ hasText: "Why audit" })).toContainText("solved");
  await page.getByRole("button", { name: "Start over" }).click();
  await expect(score(page)).toHaveText("1 of 3 checks pass");
  await playground.put(playground.policy, policy);
  await expect(score(page)).toHaveText("All 3 checks pass");
  await go(playground, "#lesson/why-audit/fresh");
  await expect(score(page)).toHaveText("1 of 3 checks pass");
  await expect(page).toHaveURL(/#lesson\/why-audit$/);
});

test("a check puts its request into the request pane, and closing keeps what is typed", async ({ playground, page }) => {
  await go(playground, "#lesson/first-match");
  await page.getByRole("button", { name: "Probes are not recorded" }).click();
  await expect(playground.request).toHaveValue("GET /readyz");
  await lesson(page).getByRole("button", { name: "Close" }).click();
  await expect(lesson(page)).toBeHidden();
  await expect(page).toHaveURL(/#v1\//);
  await expect(playground.request).toHaveValue("GET /readyz");
});

test("it is shown in large type, and arrow keys go on", async ({ playground, page }) => {
  await go(playground, "#lesson/why-audit");
  await page.getByRole("button", { name: "Present" }).click();
  await page.keyboard.press("ArrowRight");
  await expect(page).toHaveURL(/#lesson\/basic-audit$/);
  const size = () => lesson(page).evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
  expect(await size()).toBeGreaterThan(18);
  await page.keyboard.press("Escape");
  expect(await size()).toBeLessThan(16);
});

test("how many checks pass stays in view on a phone", async ({ playground, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await go(playground, "#lesson/first-match");
  await page.getByRole("tab", { name: "Policy", exact: true }).click();
  const text = page.getByRole("group", { name: "Text of the lesson" });
  for (const top of [0, 100, 100_000]) {
    await text.evaluate((element, top) => element.scrollTo(0, top), top);
    await expect(score(page)).toHaveText("2 of 5 checks pass");
    await expect(score(page)).toBeInViewport({ ratio: 1 });
  }
});

test("the browser's own print gives the sheet that the button gives", async ({ playground, page }) => {
  await go(playground, "#lesson/first-match");
  await expect(score(page)).toHaveText("2 of 5 checks pass");
  // What is on paper, and what is not.
  await page.evaluate(() => {
    const sheets: string[] = [];
    Object.assign(window, { sheets });
    addEventListener("beforeprint", () => sheets.push(document.querySelector(".sheets")?.textContent ?? ""));
  });
  const printed = () => page.evaluate(() => (window as unknown as { sheets: string[] }).sheets);
  await page.pdf();
  await page.getByRole("button", { name: "Print", exact: true }).click();
  await expect.poll(async () => (await printed()).length).toBe(2);
  const [own, button] = await printed();
  expect(own).toBe(button);
  expect(own).toContain("The policy to begin with");
  expect(own).toMatch(/Hints.*\S/s);
  expect(own?.match(/✓/g)).toHaveLength(2);
  expect(own?.match(/☐/g)).toHaveLength(3);
});

for (const width of [1440, 1280]) {
  test(`in large type the answer is large too, and no word is cut at ${width} pixels`, async ({ playground, page }, info) => {
    await page.setViewportSize({ width, height: 720 });
    await go(playground, "#lesson/first-match");
    await page.getByRole("button", { name: "Present" }).click();
    const size = (locator: Locator) => locator.evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
    expect(await size(playground.verdict.getByRole("heading"))).toBeGreaterThan(20);
    expect(await size(playground.event)).toBeGreaterThan(13);
    for (const name of ["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"]) {
      const stage = playground.stages.getByText(name, { exact: true });
      expect(await size(stage)).toBeGreaterThan(13);
      const rows = (text: Element) => {
        const range = document.createRange();
        range.selectNodeContents(text);
        return range.getClientRects().length;
      };
      expect(await stage.evaluate(rows), name).toBe(1);
    }
    for (const name of ["None", "Metadata", "Request", "RequestResponse"]) {
      expect(await playground.level(name).evaluate((level) => level.scrollWidth - level.clientWidth), name).toBeLessThanOrEqual(0);
    }
    const copy = await page.getByRole("button", { name: "Copy", exact: true }).last().boundingBox();
    expect((copy?.x ?? width) + (copy?.width ?? 0)).toBeLessThanOrEqual(width);
    await page.screenshot({ path: `${info.project.outputDir}/screenshots/presenter-${width}.png` });
  });
}

test("a lesson of one's own opens by file, and its address carries it", async ({ playground, page, context }) => {
  const own = readFileSync("docs/lessons.md", "utf8").split("```yaml\n")[1]?.split("```")[0] ?? "";
  await drop(page, "own.yaml", own.replace("What it teaches", "<b>What</b> [it](javascript:alert(1)) teaches"));
  await expect(page).toHaveURL(/#lesson\/v1\//);
  await expect(lesson(page).getByRole("heading", { name: "One rule" })).toBeVisible();
  await expect(lesson(page)).toContainText("<b>What</b> it teaches");
  await expect(lesson(page).getByRole("link")).toHaveCount(0);
  await expect(score(page)).toHaveText("1 of 2 checks pass");
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(score(other)).toHaveText("1 of 2 checks pass");
  await drop(page, "bad.yaml", own.replace("level: Request\n", "level: Requests\n"));
  await expect(page.getByRole("alert")).toContainText(/bad\.yaml, line 16, column 14: .*Requests/);
});

test("a file that is opened as a lesson and is none is told as that, with the place", async ({ playground, page }) => {
  await go(playground, "#lesson/why-audit");
  await page.getByRole("button", { name: "Lesson 1 of" }).click();
  await page.getByLabel("Lesson file").setInputFiles({ name: "bad.yaml", mimeType: "text/yaml", buffer: Buffer.from("just: text: [\n") });
  await expect(page.getByRole("alert").filter({ hasText: /bad\.yaml is no lesson: line 1, column \d+: / })).toBeVisible();
  await expect(lesson(page)).toContainText("Lesson 1 of");
});

for (const [width, height] of [[1440, 900], [1024, 768], [760, 1000], [390, 844]] as const) {
  test(`a lesson fits ${width} pixels`, async ({ playground, page }, info) => {
    await page.setViewportSize({ width, height });
    await go(playground, "#lesson/first-match");
    await expect(score(page)).toHaveText("2 of 5 checks pass");
    await page.screenshot({ path: `${info.project.outputDir}/screenshots/lesson-${width}.png` });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme} colours`, () => {
    test.use({ colorScheme });
    test("axe finds nothing in a lesson, its list, its hints, large type, and the menu of examples", async ({ playground, page }, info) => {
      test.slow();
      const nothing = async (what: string) => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${what}: ${id}: ${target.join(" ")}`))).toEqual([]);
        await page.screenshot({ path: `${info.project.outputDir}/screenshots/${what}-${colorScheme}.png` });
      };
      await page.getByRole("button", { name: "Examples" }).click();
      await expect(page.getByRole("dialog", { name: "Examples" }).getByRole("link").first()).toBeVisible();
      await nothing("examples");
      await page.keyboard.press("Escape");
      await go(playground, "#lesson/first-match");
      await expect(score(page)).toBeVisible();
      await page.getByRole("button", { name: "Show hint 1" }).click();
      await page.getByRole("button", { name: "Show solution" }).click();
      await nothing("lesson");
      await page.getByRole("button", { name: /^Lesson \d+ of/ }).click();
      await nothing("lesson-list");
      await page.getByRole("button", { name: /^Lesson \d+ of/ }).click();
      await page.getByRole("button", { name: "Present" }).click();
      await nothing("presenter");
      await page.setViewportSize({ width: 390, height: 844 });
      await nothing("presenter-390");
      await page.getByRole("button", { name: "Present" }).click();
      await nothing("lesson-390");
    });
  });
}
