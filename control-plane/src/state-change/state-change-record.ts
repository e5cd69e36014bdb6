import type { SuppressionReason } from "@mycloud/protocol/notification";
import type { SelectableHost } from "@mycloud/protocol/selector";
import type { StateChangeKind } from "@mycloud/protocol/state-change";
import type { Kysely, Transaction } from "kysely";
import type { Database } from "../database/schema.ts";

/** The host a change is about, or whose service it is about, with what selectors and messages need of it. */
export interface ChangedHost extends SelectableHost {
  readonly id: number;
  readonly displayName: string | null;
  readonly address: string | null;
  readonly customer: string | null;
}

/**
 * A state change on its way into the history, as the transaction that stores it sees it. States are shown names: `OK`, `CRITICAL`, `DOWN`,
 * `STALE`, `PENDING`. `kind` other than `state` leaves `fromState` and `toState` at the state behind it, except stale-start (to `STALE`)
 * and stale-stop (from `STALE`).
 */
export interface StateChangeRecord {
  readonly host: ChangedHost;
  readonly serviceId: number | null;
  readonly serviceName: string | null;
  readonly kind: StateChangeKind;
  readonly fromState: string;
  readonly toState: string;
  readonly isHard: boolean;
  readonly attempt: number;
  readonly maxCheckAttempts: number;
  readonly output: string;
  readonly longOutput: string;
  readonly perfdata: string;
  readonly atMs: number;
  /** The problem this change opened, continued or (recovery) closed; null when there is none. */
  readonly problem: ChangedProblem | null;
  /** True when the change ended `problem`: a recovery, which may be a SOFT or stale-stop change if results had stopped coming. */
  readonly isRecovery: boolean;
  readonly isFlapping: boolean;
  /** The acknowledgement in force after this change; one that the change ended is null here and in `endedAcknowledgementId`. */
  readonly acknowledgementId: number | null;
  readonly endedAcknowledgementId: number | null;
  /** Of the service or host itself, 0 to 5. */
  readonly businessImpact: number;
  /** False when somebody switched notifications off for it. */
  readonly isNotificationEnabled: boolean;
  /** Whether the host itself is HARD DOWN, UNREACHABLE or stale after this transaction; false on changes of the host itself. */
  readonly isHostDown: boolean;
}

export interface ChangedProblem {
  readonly id: number;
  readonly startedAtMs: number;
  /** Random part of the mail thread's Message-ID. */
  readonly threadKey: string;
}

/** What came of one change: it notified somebody, or has exactly one reason why not. `message` is the reason as a sentence. */
export type NotificationOutcome =
  | { readonly isNotified: true; readonly reason: "notified"; readonly message: string }
  | { readonly isNotified: false; readonly reason: SuppressionReason | NoQuestionReason; readonly message: string };

/** Reasons of changes that tell nobody by their nature: a recovery of something nobody was told of. */
export type NoQuestionReason = "problem-not-notified";

export interface NotificationDecision {
  /** One for each change, in the same order; null where the question does not arise (SOFT, stale-stop). */
  readonly outcomes: readonly (NotificationOutcome | null)[];
  /** Queues the messages decided on; called once, in the same transaction, when the changes have their ids (same order). */
  enqueue(executor: Kysely<Database> | Transaction<Database>, stateChangeIds: readonly number[]): Promise<void>;
}

/**
 * Decides who is told of changes. Called inside the transaction that stores them, with every HARD `state` change, every stale-start,
 * every flapping-start and flapping-stop, and everything that is a recovery of a problem, in order of occurrence. Must not throw for bad
 * rules: a throw undoes the results' transaction.
 */
export interface NotificationDecider {
  decide(
    executor: Kysely<Database> | Transaction<Database>,
    changes: readonly StateChangeRecord[],
    nowMs: number,
  ): Promise<NotificationDecision>;
}

/** Decides for nobody: used where no notification is wanted, such as benchmarks of ingest alone. */
export const noNotifications: NotificationDecider = {
  decide: async (_executor, changes) => ({ outcomes: changes.map(() => null), enqueue: async () => {} }),
};
