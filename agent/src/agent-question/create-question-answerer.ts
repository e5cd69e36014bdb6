import { NotFoundError, UnavailableError } from "@mycloud/backup/error";
import { createSnapshotReader, type RepositoryAccess } from "@mycloud/backup/snapshot-reader";
import type { AgentQuestion, AgentQuestionDelivery } from "@mycloud/protocol/agent-question";
import type { BackupJob } from "@mycloud/protocol/backup-policy";
import { readPrivatePassword } from "../backup-job/private-key.ts";
import { createExcludesPreviewer } from "../excludes-preview/index.ts";
import { createFilesProcess } from "../file-manager/index.ts";
import type { Logger } from "../logger/index.ts";
import type { LoadedPolicy } from "../policy/index.ts";
import type { Patience } from "../retry-loop/index.ts";
import type { AgentPaths } from "../state-directory/index.ts";
import type { ControlPlane } from "../transport/index.ts";
import { createAnswerStream, type MadeAnswer } from "./answer-stream.ts";
import { fileRulesOf } from "./file-rules.ts";
import { errorHead, toErrorHead } from "./told-error.ts";
import { untilDirected } from "./until-directed.ts";
import { readUpload } from "./upload.ts";

/** What answering needs from outside. */
export interface QuestionAnswererOptions {
  readonly hostName: string;
  readonly paths: AgentPaths;
  readonly controlPlane: Pick<ControlPlane, "answerQuestion" | "questionBody" | "readCredentials">;
  /** Read for each question, so that an edit applies at once. */
  readonly loadPolicy: () => Promise<LoadedPolicy>;
  readonly backupJobs: () => readonly BackupJob[];
  readonly patience: Patience;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

export interface QuestionAnswerer {
  /** Takes a question; returns at once and never throws. */
  accept(delivery: AgentQuestionDelivery): void;
  /** Ends the processes. */
  stop(): Promise<void>;
}

/** More than any control plane asks at once. */
const questionsAtOnce = 16;
const warmMs = 3 * 60_000;

/** Makes an answerer; no process runs until something is asked. */
export function createQuestionAnswerer(options: QuestionAnswererOptions): QuestionAnswerer {
  const { hostName, paths, controlPlane, patience, logger, signal } = options;
  const underWay = new Set<string>();
  const files = createFilesProcess({ onLine: (line) => logger.warn({ line }, "process for files"), idleMs: warmMs });
  const excludes = createExcludesPreviewer({ hostName, logger });
  const reader = createSnapshotReader({
    cacheDirectory: paths.browseCache,
    findAccess,
    onLine: (line) => logger.warn({ line }, "snapshot reader"),
    idleMs: warmMs,
  });

  /** What opens a private repository: its password is on this host alone. */
  async function findAccess(name: string): Promise<RepositoryAccess> {
    const repositoryId = Number(name);
    const password = await readPrivatePassword(paths.backupKeys, repositoryId).catch((error: unknown) => {
      throw new UnavailableError(error instanceof Error ? error.message : String(error));
    });
    if (password === undefined) throw new NotFoundError(`${hostName} has no key of this repository; it made none yet`);
    const credentials = await controlPlane.readCredentials(repositoryId);
    if (credentials.kind !== "ok")
      throw new UnavailableError(`no token for the storage server: ${credentials.message}`);
    const { location, certificateAuthority, token } = credentials.value;
    return { location, certificateAuthority, token, password };
  }

  async function make(
    { questionId, question, hasBody }: AgentQuestionDelivery,
    ended: AbortSignal,
  ): Promise<MadeAnswer> {
    try {
      const { policy, fault } = await options.loadPolicy();
      if (!policy.allow.includes(wordOf(question))) {
        const refusal = fault ?? `the policy of ${hostName} does not allow ${describe(question)}`;
        return { head: errorHead("MYCLOUD_NOT_ALLOWED", refusal), body: null };
      }
      if (question.kind === "view") {
        const { head, body } = await reader.ask(String(question.repositoryId), question.request, ended);
        return { head: { view: head }, body };
      }
      if (question.kind === "excludes") {
        return { head: { excludes: await excludes.preview(question.content, ended) }, body: null };
      }
      const upload = hasBody ? readUpload(controlPlane, questionId, patience, ended) : null;
      const rules = fileRulesOf(options.backupJobs(), policy, paths);
      const { head, body } = await files.ask({ request: question.request, rules, upload }, ended);
      return { head: { files: head }, body };
    } catch (error) {
      const head = toErrorHead(error);
      if (head === null && !ended.aborted) {
        logger.error({ err: error, questionId, kind: kindOf(question) }, "a question could not be answered");
      }
      return { head: head ?? errorHead("MYCLOUD_UNAVAILABLE", `the agent of ${hostName} failed at this`), body: null };
    }
  }

  async function handle(delivery: AgentQuestionDelivery): Promise<void> {
    const { questionId, question } = delivery;
    const ending = new AbortController();
    const ended = AbortSignal.any([signal, ending.signal]);
    const isTooMany = underWay.size > questionsAtOnce;
    const answer = createAnswerStream(async () =>
      isTooMany
        ? { head: errorHead("MYCLOUD_UNAVAILABLE", `${hostName} is asked for much already; try again`), body: null }
        : await make(delivery, ended),
    );
    try {
      const attempt = () => controlPlane.answerQuestion(questionId, answer.pieces(), ended);
      const outcome = await untilDirected(attempt, patience, ended);
      logger.debug({ questionId, kind: kindOf(question), outcome: outcome.kind }, "question answered");
    } finally {
      ending.abort(new Error("nobody waits for the answer any more"));
      await answer.close();
    }
  }

  return {
    accept(delivery) {
      if (underWay.has(delivery.questionId)) return;
      underWay.add(delivery.questionId);
      handle(delivery)
        .catch((err: unknown) => logger.error({ err, questionId: delivery.questionId }, "question failed"))
        .finally(() => underWay.delete(delivery.questionId));
    },
    async stop() {
      await Promise.all([files.stop(), reader.stop()]);
    },
  };
}

/** For the log. */
function kindOf(question: AgentQuestion): string {
  return question.kind === "excludes" ? question.kind : question.request.kind;
}

const words = { view: "browse", files: "files", excludes: "backup" } as const;
const descriptions = {
  view: "to look into its private backups from here",
  files: "to manage its files from here",
  excludes: "to back it up from here, or to see what that would leave out",
} as const;

function wordOf({ kind }: AgentQuestion): "browse" | "files" | "backup" {
  return words[kind];
}

function describe({ kind }: AgentQuestion): string {
  return descriptions[kind];
}
