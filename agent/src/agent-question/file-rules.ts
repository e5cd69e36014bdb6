import { dirname } from "node:path";
import type { BackupJob } from "@mycloud/protocol/backup-policy";
import type { FileRules } from "../file-manager/index.ts";
import { type AgentPolicy, liveFilesOf } from "../policy/index.ts";
import type { AgentPaths } from "../state-directory/index.ts";

/** What may be done with files: what is backed up, as far as the policy goes, and never what is the agent's own. Pure. */
export function fileRulesOf(jobs: readonly BackupJob[], policy: AgentPolicy, paths: AgentPaths): FileRules {
  return {
    jobs: jobs.map((job) => ({
      repositoryId: job.repositoryId,
      paths: job.paths,
      exclude: job.exclude,
      excludeIgnoringCase: job.excludeIgnoringCase,
      excludeIfPresent: job.excludeIfPresent,
      excludeCaches: job.excludeCaches,
    })),
    roots: policy.fileRoots,
    mayChange: liveFilesOf(policy) === "change",
    maximumUploadBytes: policy.maximumUploadBytes,
    // The whole state directory: beside the agent's there may be those of a control plane and its storage.
    ownDirectories: [dirname(paths.directory)],
  };
}
