import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** A page with a session of its own, and what it did that a page of ours must not do. */
export interface WatchedPage {
  readonly page: Page;
  /** Requests to another origin, messages of error and warning on the console, uncaught exceptions; `expected` ones left out. */
  readonly faults: readonly string[];
}

/** Opens a page; `expected` names messages of the browser itself that belong to the test, such as a refused login. */
export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
  expected: readonly RegExp[] = [],
): Promise<WatchedPage> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "UTC",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  const faults: string[] = [];
  const note = (fault: string) => {
    if (!expected.some((pattern) => pattern.test(fault))) faults.push(`${page.url()}: ${fault}`);
  };
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && url.origin !== origin) note(`request to ${url.href}`);
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) note(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => note(`exception: ${error.stack ?? error.message}`));
  return { page, faults };
}
