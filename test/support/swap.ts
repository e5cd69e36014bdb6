// Run as a program: `swap.ts DIRECTORY VICTIM` replaces whatever appears below the directory by links to the victim and back, as somebody
// who may write there would, to lead astray a restore that runs as root.
import { linkSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type DisturbingProcess, startDisturbing } from "./disturbing-process.ts";

/** Starts swapping in a process of this user; `stop` says how many swaps there were. */
export function startSwapping(directory: string, victim: string, uid: number): Promise<DisturbingProcess> {
  return startDisturbing(fileURLToPath(import.meta.url), [directory, victim], { uid, gid: uid });
}

/** Puts a link to the victim, or a hard link to its file, where something was; the something stays beside it. */
function swap(directory: string, victim: string, step: number): void {
  const names = readdirSync(directory).filter((name) => !name.startsWith("aside-"));
  const name = names[step % Math.max(1, names.length)];
  if (name === undefined) return;
  const path = `${directory}/${name}`;
  const aside = `${directory}/aside-${step % 7}`;
  rmSync(aside, { recursive: true, force: true });
  renameSync(path, aside);
  if (name.includes("file")) {
    if (step % 2 === 0) symlinkSync(`${victim}/file`, path);
    else linkSync(`${victim}/file`, path);
  } else symlinkSync(victim, path);
}

const [, program, directory, victim] = process.argv;
if (program === fileURLToPath(import.meta.url) && directory !== undefined && victim !== undefined) {
  process.send?.(0);
  for (let step = 1, swaps = 0; ; step++) {
    try {
      const below = [directory, `${directory}/directory-${step % 10}`, `${directory}/directory-${step % 10}/inner`];
      swap(below[step % 3] ?? directory, victim, step);
      swaps++;
      if (swaps % 10 === 0) process.send?.(swaps);
    } catch {
      // It was not there, or not any more.
    }
  }
}
