import type { Cleanup } from "../../test/support/index.ts";

/** Clean-up outside of tests: run what was registered, last first. Actions may be run once only. */
export function createCleanup(): Cleanup & { run(): Promise<void> } {
  const actions: (() => void | Promise<void>)[] = [];
  return {
    after: (action) => void actions.push(action),
    async run() {
      for (let action = actions.pop(); action !== undefined; action = actions.pop()) await action();
    },
  };
}
