// The second part of the wasm: the first answer does not wait for it, and what does says so.
import { expect, test } from "./test.ts";

test("the first answer is there without the second part, and the rest when that comes", async ({ browser, baseURL }) => {
  const page = await browser.newPage();
  let refuse = true;
  await page.route("**/late-*.wasm", (route) => (refuse ? route.abort() : route.continue()));
  await page.goto(baseURL ?? "");
  const verdict = page.getByRole("status", { name: "Verdict" });
  await expect(verdict).toContainText("Rule 2 matched");
  const request = page.getByRole("textbox", { name: "Request", exact: true });
  await request.fill("kubectl create namespace a");
  await expect(page.getByText("the part of the page that reads requests did not load")).toBeVisible();
  await expect(verdict).toContainText("Request not read yet");
  await page.getByRole("tab", { name: "Form" }).click();
  await expect(page.getByText("a part of the page did not load")).toBeVisible();
  refuse = false;
  await request.fill("kubectl create namespace b");
  await expect(verdict).toContainText("Rule 3 matched");
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.getByRole("textbox", { name: "Link" })).toHaveValue(/#v1/);
  await page.close();
});
