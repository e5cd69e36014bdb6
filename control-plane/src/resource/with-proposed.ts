import { isLarge } from "../apply/is-large.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { TooLargeError } from "../error/index.ts";
import { everything } from "../scope/index.ts";
import type { Sealer } from "../sealing/index.ts";
import { carryOut } from "./carry-out.ts";
import { zonesOfApply } from "./find-zone-definitions.ts";
import { planApply } from "./plan-apply.ts";
import { refuseFaults } from "./refuse-faults.ts";
import { findStoredDefinitions } from "./stored-definitions.ts";

interface ProposalDependencies {
  readonly database: ConnectedDatabase;
  readonly sealer: Sealer;
  readonly now: () => number;
  readonly describeCommands: () => Promise<readonly { readonly name: string }[]>;
}

/** Ends a transaction that only looked. */
class Looked extends Error {}

/**
 * Makes what runs work with proposed definitions in place, in a transaction that is taken back. Throws InputError for those that cannot be applied, TooLargeError
 * where trying them out would hold up results: what an apply would cut up cannot be taken back in portions.
 */
export function createWithProposed({ database, sealer, now, describeCommands }: ProposalDependencies) {
  const { dialect } = database;
  return async <T>(resources: readonly unknown[], work: (tx: Executor) => Promise<T>): Promise<T> => {
    const commands = new Set((await describeCommands()).map((command) => command.name));
    const seen: T[] = [];
    if (await isLarge(database.db, { resources: [...resources], prune: [] })) {
      throw new TooLargeError(
        "there are too many services to try these definitions out; a dry run of apply tells what would change",
      );
    }
    try {
      await database.transaction(async (tx) => {
        const stored = await findStoredDefinitions(tx, dialect, everything, undefined, zonesOfApply(resources, []));
        const { planned, issues } = planApply(resources, [], stored, commands);
        refuseFaults(issues);
        await carryOut(tx, dialect, planned, stored, sealer, now());
        seen[0] = await work(tx);
        throw new Looked();
      });
    } catch (error) {
      if (!(error instanceof Looked)) throw error;
    }
    const [answer] = seen;
    if (answer === undefined) throw new TypeError("the work has no answer");
    return answer;
  };
}
