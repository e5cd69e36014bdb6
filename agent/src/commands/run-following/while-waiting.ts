import { formatDuration, type Terminal } from "../../command-line/index.ts";

const quietMs = 2000;
const redrawMs = 500;

/**
 * Does something whose progress nobody tells; on a terminal says after two seconds what is waited for, and how long already. `work` gets what ends
 * the saying, for when its own output begins.
 */
export async function whileWaiting<Result>(
  terminal: Terminal,
  what: string,
  work: (end: () => void) => Promise<Result>,
): Promise<Result> {
  const { stderr, environment, now } = terminal;
  if (stderr.isTTY !== true || environment.TERM === "dumb") return await work(() => undefined);
  const startedAtMs = now();
  let isShown = false;
  const timer = setInterval(() => {
    const passedMs = now() - startedAtMs;
    if (passedMs < quietMs) return;
    isShown = true;
    stderr.write(`\r\u001b[K${what}  ${formatDuration(passedMs)}`);
  }, redrawMs);
  const end = () => {
    clearInterval(timer);
    if (isShown) stderr.write("\r\u001b[K");
    isShown = false;
  };
  try {
    return await work(end);
  } finally {
    end();
  }
}
