import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { repositoryRoot } from "../../support/index.ts";

const directory = join(process.env.MYCLOUD_TEST_ARTIFACTS ?? join(repositoryRoot, "artifacts"), "screenshots");

/** Keeps a picture of the page as `artifacts/screenshots/NAME.png`. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`), animations: "disabled" });
}
