import { join } from "node:path";
import type { BackupProgram, Invocation, Places } from "./program.ts";

/** borg with its default compression, encrypted and authenticated. */
export function borgProgram(passphrase: string): BackupProgram {
  let latest = "";
  const borg = (places: Places, args: readonly string[], workingDirectory?: string): Invocation => ({
    command: "borg",
    args,
    env: { BORG_PASSPHRASE: passphrase, BORG_BASE_DIR: places.state, BORG_RELOCATED_REPO_ACCESS_IS_OK: "yes" },
    ...(workingDirectory === undefined ? {} : { workingDirectory }),
  });
  const withoutSlash = (path: string) => path.replace(/^\//, "");
  return {
    name: "borg lz4",
    init: (places) => borg(places, ["init", "--encryption=repokey", places.repository]),
    backUp(places, turn) {
      latest = `${places.repository}::turn-${turn}`;
      return borg(places, ["create", "--compression", "lz4", latest, places.corpus]);
    },
    restoreAll: (places, target) => borg(places, ["extract", latest], target),
    restoreOne: (places, target, file) =>
      borg(places, ["extract", latest, withoutSlash(join(places.corpus, file))], target),
    verify: (places) => borg(places, ["check", "--verify-data", places.repository]),
    restoredCorpus: (places, target) => join(target, places.corpus),
  };
}
