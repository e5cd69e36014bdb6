import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { cleanupOfSuite, waitFor } from "../support/index.ts";
import {
  chromiumHindrance,
  faintTexts,
  faultyControls,
  openPage,
  startChromium,
  whatStandsOut,
} from "./support/index.ts";

// The judges of the console's pages, judged themselves: on a page that is at fault each says so, on one that is not each is silent.
describe("faults of a page", { skip: chromiumHindrance() }, () => {
  const cleanup = cleanupOfSuite();
  let browser: Browser;
  before(async () => {
    browser = await startChromium(cleanup);
  });

  const open = async (html: string) => {
    const watched = await openPage(browser, "http://127.0.0.1:9", { viewport: { width: 390, height: 600 } });
    await watched.page.setContent(`<!doctype html><title>t</title><body style="margin:0;background:#fff">${html}`);
    return watched;
  };

  test("controls where a screen reader does not reach them are found, and those in a row are not", async () => {
    const { page } =
      await open(`<div role="listbox" aria-label="l" tabindex="0"><div role="option">a</div><div><button>only</button></div></div>
      <button>all <a href="#">one</a></button><select aria-label="s"><option>1</option></select>
      <table role="treegrid" aria-label="t"><tbody><tr><td><button>in a cell</button></td></tr></tbody></table>`);
    const found = await faultyControls(page);
    assert.deepEqual(found.sort(), [
      "button is directly within a listbox: <button>only</button>",
      'link is within a button: <a href="#">one</a>',
    ]);
    await page.context().close();
  });

  test("controls without a name are found, and those with one are not", async () => {
    const { page } = await open(`<button><svg width="9" height="9"/></button><input placeholder="">
      <button aria-label="Close"><svg/></button><label>Words <input></label><a href="#">there</a>`);
    const found = await faultyControls(page);
    assert.equal(found.length, 2, found.join("\n"));
    assert.match(found[0] ?? "", /^button has no name: <button><svg/);
  });

  test("faint text is found, also where translucence makes it faint", async () => {
    const { page } = await open(`<p style="color:#999">faint</p><p style="color:#000;opacity:.4">veiled</p>
      <div style="background:#000"><p style="color:#333">dark on dark</p></div>
      <p style="color:#595959">readable</p><p style="color:#8a8a8a;font-size:30px">large</p>`);
    const found = await faintTexts(page);
    assert.equal(found.length, 1, found.join("\n"));
    await page.evaluate("document.querySelectorAll('p').forEach((p, i) => { p.className = 'p' + i; })");
    assert.deepEqual(
      (await faintTexts(page)).map((fault) => fault.replace(/^\S+ /, "")),
      ["p.p0: faint", "p.p1: veiled", "p.p2: dark on dark"],
    );
  });

  test("what is wider than the window is found", async () => {
    const { page } = await open(`<div class="wide" style="width:500px">wide</div>`);
    assert.deepEqual(await whatStandsOut(page), ["div.wide reaches 500"]);
    await page.setViewportSize({ width: 600, height: 600 });
    assert.deepEqual(await whatStandsOut(page), []);
  });

  test("requests to another origin, exceptions and messages of error are noted", async () => {
    const { faults } = await open(`<img src="http://127.0.0.2:9/pixel.png">
      <script>console.error("a complaint"); throw new Error("a mistake");</script>`);
    for (const pattern of [/request to http:\/\/127\.0\.0\.2:9\/pixel\.png/, /a complaint/, /exception: .*a mistake/]) {
      const isNoted = () => faults.some((fault) => pattern.test(fault));
      await waitFor(isNoted, 60_000, `${pattern} among the faults`);
    }
  });
});
