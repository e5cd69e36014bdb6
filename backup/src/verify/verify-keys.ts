import { DamagedError, NotFoundError } from "../error/index.ts";
import { loadKeyFile, parseKeyFile } from "../key/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { Findings } from "./findings.ts";

/** Compares every key file with its name and form: a damaged one lets nobody in, which its owner should know before it is needed. */
export async function verifyKeys(
  repository: Repository,
  findings: Findings,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const { name } of await repository.backend.list("keys", signal)) {
    try {
      parseKeyFile(name, await loadKeyFile(repository.backend, name, signal));
    } catch (error) {
      if (error instanceof NotFoundError) continue;
      if (!(error instanceof DamagedError)) throw error;
      findings.add({ kind: "key-damaged", severity: "error", object: error.object, message: error.message });
    }
  }
}
