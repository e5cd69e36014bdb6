import { existsSync } from "node:fs";

/** What of a test's context is needed to skip it. */
interface Skippable {
  skip(message?: string): void;
}

/**
 * Whether a program this test needs as a peer is installed. If not, marks the test as skipped and says which program is
 * missing; where `CI=true` it throws instead, for a peer that is missing there would hide what it was to prove.
 *
 *     if (!requirePeer(t, "/usr/sbin/nagios4", "nagios4-core")) return;
 */
export function requirePeer(t: Skippable, programPath: string, debianPackage: string): boolean {
  if (existsSync(programPath)) return true;
  const message = `${programPath} is missing; Debian package ${debianPackage} installs it`;
  if (process.env.CI === "true") throw new Error(message);
  t.skip(message);
  return false;
}
