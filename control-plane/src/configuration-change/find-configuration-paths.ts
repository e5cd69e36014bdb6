import { BackupPolicyInput } from "@mycloud/protocol/backup-policy";
import { z } from "zod";
import type { Executor } from "../database/dialect/dialect.ts";

const Spec = z.object({ configurationPaths: BackupPolicyInput.shape.configurationPaths });

/** Where a repository's policy says that configuration lies; of one whose policy is gone, where it usually does. */
export async function findConfigurationPaths(executor: Executor, policyId: number | null): Promise<readonly string[]> {
  const row =
    policyId === null
      ? undefined
      : await executor
          .selectFrom("definition")
          .select("spec_json")
          .where("kind", "=", "BackupPolicy")
          .where("id", "=", policyId)
          .executeTakeFirst();
  return Spec.parse(JSON.parse(row?.spec_json ?? "{}")).configurationPaths;
}
