// Run as a program: `churn.ts DIRECTORY` changes what is below the directory until it is killed: files grow, shrink, vanish, come back,
// are renamed over one another, and become directories, links and FIFOs.
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdirSync, openSync, renameSync, rmSync, symlinkSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type DisturbingProcess, startDisturbing } from "./disturbing-process.ts";

const files = 400;

/** Starts churning below a directory in a process of its own; `stop` says how many changes there were. */
export function startChurning(directory: string): Promise<DisturbingProcess> {
  return startDisturbing(fileURLToPath(import.meta.url), [directory]);
}

/** One change; `step` chooses which and to what, so a run is the same each time but for its speed. */
function change(directory: string, step: number): void {
  const random = Math.imul(step, 2_654_435_761) >>> 0;
  const path = `${directory}/${random % files}`;
  const other = `${directory}/${(random >>> 9) % files}`;
  const content = Buffer.alloc((random >>> 12) % 300_000, step);
  const { O_WRONLY, O_CREAT, O_TRUNC, O_APPEND, O_NOFOLLOW, O_NONBLOCK } = constants;
  // Never through a link, and never waiting for somebody to read a FIFO.
  const write = (to: string, flags: number, data: Buffer) => {
    const fd = openSync(to, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | flags);
    writeSync(fd, data);
    closeSync(fd);
  };
  const changes: (() => void)[] = [
    () => write(path, O_CREAT | O_TRUNC, content),
    () => write(path, O_CREAT | O_APPEND, content),
    () => write(path, O_TRUNC, content.subarray(0, 10)),
    () => rmSync(path, { recursive: true }),
    () => renameSync(path, other),
    () => become(path, () => mkdirSync(`${path}/inner/most`, { recursive: true })),
    () => write(`${path}/inner/file`, O_CREAT | O_TRUNC, content),
    () => become(path, () => symlinkSync("no/such/file", path)),
    () => become(path, () => execFileSync("mkfifo", [path])),
  ];
  // A process for each FIFO: seldom.
  const index = random % 199 === 0 ? changes.length - 1 : (random >>> 5) % (changes.length - 1);
  try {
    changes[index]?.();
  } catch {
    // What one change needs, another took away.
  }
}

function become(path: string, make: () => void): void {
  rmSync(path, { recursive: true, force: true });
  make();
}

const [, program, directory] = process.argv;
if (program === fileURLToPath(import.meta.url) && directory !== undefined) {
  for (let step = 1; ; step++) {
    change(directory, step);
    if (step % 500 === 0) process.send?.(step);
  }
}
