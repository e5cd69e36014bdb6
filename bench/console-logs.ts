// How smoothly the console's list of logs scrolls with 100,000 records in the page, in Chromium:
//
//   node bench/console-logs.ts
//
// The console is built with made-up records, its list is filled to its bound by scrolling to the end again and again, and then scrolled for five seconds in
// steps of 480 pixels a frame, which is twenty lines. A figure is the time from one frame to the next. Progress goes to stderr, the figures to stdout.
import type { Page } from "playwright-core";
import { buildConsole } from "../test/browser/support/built-console.ts";
import { serveFiles } from "../test/browser/support/file-server.ts";
import { openPage, startChromium } from "../test/browser/support/index.ts";
import { createCleanup } from "./ingest/cleanup.ts";
import { describeMachine } from "./ingest/describe-machine.ts";

const scrolledMs = 5_000;
const cleanup = createCleanup();
try {
  console.error("building the console ...");
  const built = await buildConsole("stories");
  cleanup.after(() => built.remove());
  const browser = await startChromium(cleanup);
  const { page, faults } = await openPage(browser, await serveFiles(cleanup, built.directory));
  await page.goto("/stories.html?story=logs-many");
  console.error("filling the list ...");
  const startedAtMs = performance.now();
  await fill(page);
  const filledMs = performance.now() - startedAtMs;
  console.error("scrolling ...");
  const frames = (await scroll(page, scrolledMs)).toSorted((a, b) => a - b);
  const at = (share: number) => (frames[Math.floor(frames.length * share)] ?? Number.NaN).toFixed(1);
  const heapMb = await page.evaluate<number>("performance.memory.usedJSHeapSize / 1e6");
  const drawn = await page.getByRole("treegrid", { name: "Records" }).getByRole("row").count();
  console.log(`${describeMachine()}\n`);
  console.log(
    `100,000 records in the page after ${(filledMs / 1000).toFixed(1)} s; ${drawn} of them drawn; heap ${heapMb.toFixed(0)} MB.`,
  );
  console.log(
    `${frames.length} frames in ${scrolledMs / 1000} s: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, longest ${at(0.9999)} ms.`,
  );
  for (const fault of faults) console.error(fault);
} finally {
  await cleanup.run();
}

async function fill(page: Page): Promise<void> {
  const list = page.getByRole("treegrid", { name: "Records" });
  await list.waitFor();
  await list.focus();
  while ((await page.getByText("newest 100,000", { exact: true }).count()) === 0) {
    await page.keyboard.press("End");
    await page.waitForTimeout(20);
  }
  await page.keyboard.press("Home");
}

/** Milliseconds from each frame to the next. */
async function scroll(page: Page, lengthMs: number): Promise<number[]> {
  return await page.evaluate<number[]>(`new Promise((resolve) => {
    const list = document.querySelector('[role=treegrid][aria-label=Records]').parentElement;
    const lengths = [];
    const startedAtMs = performance.now();
    let lastMs = startedAtMs;
    const step = (nowMs) => {
      if (nowMs > lastMs) lengths.push(nowMs - lastMs);
      lastMs = nowMs;
      list.scrollTop += 480;
      if (nowMs - startedAtMs < ${lengthMs}) requestAnimationFrame(step);
      else resolve(lengths);
    };
    requestAnimationFrame(step);
  })`);
}
