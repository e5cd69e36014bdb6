import { type Browser, chromium } from "playwright-core";
import { requirePeer } from "../../peers/peer.ts";
import type { Cleanup } from "../../support/index.ts";

export const chromiumProgram = "/usr/bin/chromium";

/** Starts Chromium; it ends with the test. */
export async function startChromium(cleanup: Cleanup): Promise<Browser> {
  // Root has no sandbox of its own to give away; /dev/shm is small in containers.
  const args = [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--disable-dev-shm-usage"];
  const browser = await chromium.launch({ executablePath: chromiumProgram, args });
  cleanup.after(() => browser.close());
  return browser;
}

/** Why there can be no browser here; false when there can. */
export function chromiumHindrance(): string | false {
  let reason: string | false = false;
  const skip = (message = "") => {
    reason = message;
  };
  requirePeer({ skip }, chromiumProgram, "chromium");
  return reason;
}
