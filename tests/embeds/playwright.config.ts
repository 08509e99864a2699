import config from "../e2e/playwright.config.ts";

/** As the page's own tests, with sites in place of pages: `cargo xtask embeds` builds them first, and names them in SITES. */
export default { ...config, testDir: "." };
