import { isMariadbInstalled, sharedMariadbUrl, startMariadb } from "../../test/peers/mariadb.ts";
import type { Tally } from "./tally.ts";

/** The MariaDB that all tests of this run share; each makes databases of its own in it. */
export interface TestDatabase {
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts it once; undefined when MariaDB is not installed, which is a failure where `CI=true`. One that is given by the environment is taken. */
export async function startTestDatabase(options: {
  isCi: boolean;
  tally: Tally;
  parentDirectory: string;
}): Promise<TestDatabase | undefined> {
  let database: TestDatabase | undefined;
  await options.tally.step("MariaDB", async () => {
    const given = sharedMariadbUrl();
    if (given !== undefined) {
      database = { environment: { MYCLOUD_TEST_MARIADB_URL: given }, stop: async () => {} };
      return { kind: "passed", remark: "given by MYCLOUD_TEST_MARIADB_URL" };
    }
    if (!isMariadbInstalled()) {
      const reason = "mariadb-server is not installed";
      return options.isCi ? { kind: "failed", reason } : { kind: "skipped", reason };
    }
    const peer = await startMariadb({ isPrivate: true, parentDirectory: options.parentDirectory });
    database = { environment: { MYCLOUD_TEST_MARIADB_URL: peer.url }, stop: () => peer.stop() };
    return { kind: "passed", remark: "started" };
  });
  return database;
}
