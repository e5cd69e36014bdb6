import { Cron } from "croner";

/** When a digest goes out next, after `atMs`; null when its schedule cannot be read or never fires again. Pure. */
export function nextDigestMs(
  digest: { readonly cron: string; readonly timeZone: string },
  atMs: number,
): number | null {
  try {
    const cron = new Cron(digest.cron, { timezone: digest.timeZone, paused: true });
    return cron.nextRun(new Date(atMs))?.getTime() ?? null;
  } catch {
    return null;
  }
}
