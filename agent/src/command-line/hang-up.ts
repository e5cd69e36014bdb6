import { closeSync, constants, openSync } from "node:fs";
import { isatty } from "node:tty";

/**
 * Calls `action` when the terminal that this process was started from is gone. SIGHUP alone does not say so: `restic unlock` sends it to
 * whoever holds a lock, to see whether it lives (restic's `internal/restic/lock.go`), and must not end a backup that way.
 */
export function onHangUp(action: () => void): void {
  const hadTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  process.on("SIGHUP", () => {
    if (hadTerminal && !hasTerminal()) action();
  });
}

/** Whether this process can still be controlled from a terminal: tty(4), ENXIO once it was hung up. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", constants.O_RDWR | constants.O_NOCTTY));
    return true;
  } catch {
    return false;
  }
}
