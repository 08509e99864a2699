import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

// The system's Chromium: `cargo xtask test` finds or installs one and names it here.
const known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const chromium = process.env.CHROMIUM ?? known.find((path) => existsSync(path));
const port = Number(process.env.PORT ?? 4173);

export default defineConfig({
  testDir: ".",
  outputDir: "../../test-results",
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"]],
  use: {
    baseURL: `http://localhost:${port}/`,
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    // The cache of an earlier page is for offline.spec.ts only.
    serviceWorkers: "block",
    // What cannot be done is told where it is, not at the end of the test's time.
    actionTimeout: 15_000,
    launchOptions: {
      executablePath: chromium,
      args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
    },
    trace: "retain-on-failure",
  },
  webServer: {
    command: `node ${import.meta.dirname}/server.mjs ${port}`,
    port,
    reuseExistingServer: !process.env.CI,
  },
});
