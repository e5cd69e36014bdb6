import type { ChildProcess } from "node:child_process";

// One listener for all: Node takes a dozen for a leak, and says so between the lines of the tests.
const children = new Set<Pick<ChildProcess, "kill">>();
const removals: (() => void)[] = [];
process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
  for (const remove of removals) remove();
});

/** Kills a process when the test process ends; returns what takes that back. */
export function killAtExit(child: Pick<ChildProcess, "kill">): () => void {
  children.add(child);
  return () => {
    children.delete(child);
  };
}

/** Removes something when the test process ends and the processes that may use it are killed. */
export function removeAtExit(remove: () => void): void {
  removals.push(remove);
}
