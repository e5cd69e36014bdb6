import { z } from "zod";
import { ResourceName } from "../name/index.ts";
import { HostSelector } from "../selector/index.ts";
import { BackupDump } from "./backup-dump.ts";
import { BackupSchedule } from "./backup-schedule.ts";
import { BandwidthPeriod } from "./bandwidth-period.ts";
import { Retention } from "./retention.ts";

/** Who holds the key: `managed`, the control plane keeps it sealed; `private`, it never leaves the host. */
export const BackupKeyMode = z.enum(["managed", "private"]);
export type BackupKeyMode = z.infer<typeof BackupKeyMode>;

const patterns = z.array(z.string().min(1).max(4096)).max(1000);

/** What is backed up, with restic's meaning of each exclusion. */
export const BackupContent = {
  paths: z.array(z.string().startsWith("/", "is no absolute path").max(4096)).max(200).default([]),
  exclude: patterns.default([]),
  /** Letters' case does not matter. */
  excludeIgnoringCase: patterns.default([]),
  /** `NAME` or `NAME:HEADER`: directories that have such a file are left out. */
  excludeIfPresent: patterns.default([]),
  /** Directories with a CACHEDIR.TAG are left out. */
  excludeCaches: z.boolean().default(true),
  excludeLargerThanBytes: z.number().int().positive().nullable().default(null),
  oneFileSystem: z.boolean().default(false),
  dumps: z.array(BackupDump).max(50).default([]),
};

const hookNames = z
  .array(z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, "hook is not 1 to 64 letters, digits, _ . or -"))
  .max(10)
  .default([]);

/** How a job behaves on its host, beside when it runs. */
export const BackupConduct = {
  bandwidth: z.array(BandwidthPeriod).max(20).default([]),
  /** Names of programs on the agent's own list (policy.yaml, `backupHooks`). A hook before that fails ends the run; those after always run. */
  hooksBefore: hookNames,
  hooksAfter: hookNames,
  onBattery: z.enum(["run", "skip"]).default("run"),
  onMetered: z.enum(["run", "skip"]).default("run"),
  /** Who begins runs: the agent by the schedule, or a timer of the host (`mycloud-sync.timer`). */
  timing: z.enum(["agent", "timer"]).default("agent"),
  /** Files that nobody has a reason to touch: absolute paths, or names that hold in every folder. A change of one is taken for an attack. */
  canaries: z.array(z.string().min(1).max(4096)).max(100).default([]),
};

/** What is promised; null promises nothing. */
export const BackupObjectives = z.object({
  /** RPO: how old the newest snapshot may be. */
  rpoSeconds: z.number().int().min(1).max(31_536_000).nullable().default(93_600),
  /** RTO: how long a restore may take. */
  rtoSeconds: z.number().int().min(1).max(31_536_000).nullable().default(null),
  drillEverySeconds: z.number().int().min(3600).max(31_536_000).nullable().default(null),
});
export type BackupObjectives = z.infer<typeof BackupObjectives>;

/** A backup of hosts. Each host it matches has one backup job and one repository of this policy. */
export const BackupPolicyInput = z.object({
  name: ResourceName,
  selector: HostSelector,
  isEnabled: z.boolean().default(true),
  ...BackupContent,
  schedule: BackupSchedule.prefault({}),
  /** What is kept: applied once a day by the control plane where it has the key. */
  retention: Retention.default({}),
  /** Private repositories: the host forgets and prunes after its runs, with a token that may delete. Without it nothing is ever removed there. */
  pruneByHost: z.boolean().default(false),
  /** Name of a StorageServer; the default one when null. */
  storage: ResourceName.nullable().default(null),
  keyMode: BackupKeyMode.default("managed"),
  /** Bytes each repository may hold; null is as the storage server says. */
  quotaBytes: z.number().int().positive().nullable().default(null),
  ...BackupConduct,
  objectives: BackupObjectives.prefault({}),
  /** Where, of what is backed up, configuration lies: what changed in it before a problem is told with the problem. */
  configurationPaths: z
    .array(z.string().startsWith("/", "is no absolute path").max(4096))
    .max(50)
    .default(["/etc", "/usr/local/etc"]),
});
export type BackupPolicyInput = z.infer<typeof BackupPolicyInput>;
