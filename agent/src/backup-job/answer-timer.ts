import type { BackupJob } from "@mycloud/protocol/backup-policy";
import type { LocalAnswer, LocalRequest } from "../local-socket/index.ts";
import type { JobRunner } from "./job-runner.ts";

/** Which jobs a timer means: those of the policies it names, or all that leave their timing to one. Pure. */
export function jobsOfTimer(jobs: readonly BackupJob[], { policies }: Pick<LocalRequest, "policies">) {
  const known = new Set(jobs.map(({ policyName }) => policyName));
  return {
    meant: jobs.filter(({ policyName, timing }) =>
      policies.length === 0 ? timing === "timer" : policies.includes(policyName),
    ),
    unknown: policies.filter((name) => !known.has(name)),
  };
}

/** Begins the runs that a timer of this machine asks for. */
export async function answerTimer(
  runner: Pick<JobRunner, "requestByTimer">,
  jobs: readonly BackupJob[],
  request: LocalRequest,
): Promise<LocalAnswer> {
  const { meant, unknown } = jobsOfTimer(jobs, request);
  const answers: LocalAnswer["jobs"] = [];
  for (const { repositoryId, policyName } of meant) {
    answers.push({ policyName, refusal: await runner.requestByTimer(repositoryId) });
  }
  return { jobs: answers, unknown };
}
