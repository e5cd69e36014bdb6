import { after } from "node:test";

/** Where clean-up is registered: a test's context (`t`), or for what a whole suite shares, `cleanupOfSuite()`. */
export interface Cleanup {
  after(action: () => void | Promise<void>): void;
}

/**
 * Clean-up for what a `before` hook starts, last started first. Call it in the body of `describe` or at the top of a file: an `after`
 * registered inside a `before` hook would run as soon as that hook is done.
 */
export function cleanupOfSuite(): Cleanup {
  const actions: (() => void | Promise<void>)[] = [];
  after(async () => {
    for (const action of actions.reverse()) await action();
  });
  return {
    after: (action) => {
      actions.push(action);
    },
  };
}
