import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import { CommandError } from "../command-line/index.ts";

type Repository = Pick<BackupRepository, "policyName" | "isAssigned">;

/**
 * The repository of this policy; without one the only one that is backed up into, else the only one. Throws CommandError that names them when that
 * decides nothing. Pure.
 */
export function chooseRepository<Chosen extends Repository>(
  repositories: readonly Chosen[],
  policy: string | undefined,
  hostName: string,
): Chosen {
  const names = repositories.map(({ policyName }) => policyName).join(", ");
  if (policy !== undefined) {
    const found = repositories.filter(({ policyName }) => policyName === policy);
    const chosen = found.find(({ isAssigned }) => isAssigned) ?? found[0];
    if (chosen !== undefined) return chosen;
    throw new CommandError(
      "notFound",
      `${hostName} has no backups of a policy "${policy}"${names === "" ? "" : `; there are ${names}`}`,
    );
  }
  const assigned = repositories.filter(({ isAssigned }) => isAssigned);
  const [first, second] = assigned.length > 0 ? assigned : repositories;
  if (first === undefined) {
    throw new CommandError("notFound", `${hostName} is not backed up: no backup policy covers it`);
  }
  if (second === undefined) return first;
  throw new CommandError("usage", `which backups of ${hostName}? give --policy NAME; there are ${names}`);
}
