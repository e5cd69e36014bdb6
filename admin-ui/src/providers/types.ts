import type { AcknowledgementRequest, BulkAnswer } from "@mycloud/protocol/acknowledgement";
import type { AgentCommand } from "@mycloud/protocol/agent";
import type { AvailabilityAnswer } from "@mycloud/protocol/availability";
import type { ExcludesPreview, ExcludesPreviewRequest } from "@mycloud/protocol/backup-policy";
import type { BackupRepository, RecoveryKit } from "@mycloud/protocol/backup-repository";
import type { CheckPreview, CheckPreviewRequest, CheckTestRunRequest } from "@mycloud/protocol/check";
import type { ConfigurationChanges } from "@mycloud/protocol/configuration-change";
import type { ConsoleEvent } from "@mycloud/protocol/event";
import type { RemoteWriteQueue } from "@mycloud/protocol/host-metrics";
import type { OverridableSetting, OverrideAnswer } from "@mycloud/protocol/monitored";
import type { RecipientChange, SimulationAnswer } from "@mycloud/protocol/notification";
import type { Overview } from "@mycloud/protocol/overview";
import type { PerfdataAnswer } from "@mycloud/protocol/perfdata";
import type {
  OnCallPreview,
  OnCallPreviewRequest,
  SchedulePreview,
  SchedulePreviewRequest,
  SelectorPreview,
  TimePeriodPreview,
  TimePeriodPreviewRequest,
} from "@mycloud/protocol/preview";
import type { Problem } from "@mycloud/protocol/problem";
import type {
  ResourceKind,
  TemplateUseAnswer,
  TemplateUseInput,
  TemplateUseQuery,
  UsedBy,
} from "@mycloud/protocol/resource";
import type { ServiceSelector } from "@mycloud/protocol/selector";
import type { Explanation } from "@mycloud/protocol/service";
import type { ProposalAnswer } from "@mycloud/protocol/service-proposal";
import type { SecondStepAnswer, SecondStepRequest, Session } from "@mycloud/protocol/session";
import type { TimelineAnswer } from "@mycloud/protocol/timeline";
import type { AuthProvider, DataProvider } from "react-admin";
import type { AccountProvider } from "./account-provider.ts";
import type { DnsProvider } from "./dns-provider.ts";
import type { LogsProvider } from "./logs-provider.ts";
import type { SmartViewProvider } from "./smart-view-provider.ts";

/** A problem as the list shows it: its key is the record's id, since a SOFT problem has no id of its own yet. */
export type ProblemRecord = Omit<Problem, "id"> & { id: string; problemId: number | null };

/** What is chosen for a bulk verb. */
export interface Chosen {
  readonly serviceIds: number[];
  readonly hostIds: number[];
}

/** One option of a built-in check, as its `--help` lists it. */
export interface CheckCommandOption {
  readonly letter?: string;
  readonly name: string;
  readonly value?: string;
  readonly default?: string;
  readonly description: string;
}

/** A built-in check that a definition may name; answer of GET /api/v1/check-commands. */
export interface CheckCommand {
  readonly name: string;
  readonly summary: string;
  readonly notes?: string;
  readonly options: readonly CheckCommandOption[];
  /** What comes after the options. */
  readonly operands?: { readonly usage: string; readonly description: string };
  readonly examples: readonly { readonly arguments: string; readonly description: string }[];
}

/** What an agent can be asked about a backup job; `drill` backs up and restores a sample for a trial. */
export type BackupVerb = "run" | "pause" | "resume" | "drill";
/** What the control plane can be asked about a repository: read every byte again, forget and prune soon, end a freeze. */
export type RepositoryVerb = "scrub" | "maintain" | "release-freeze";
/** How a forward fares; a row of GET /api/v1/forward-queues. */
export interface ForwardQueue {
  readonly forwardId: number;
  readonly waiting: number;
  readonly sent: number;
  readonly refused: number;
  readonly dropped: number;
  readonly lastSentAtMs: number | null;
  readonly lastError: string | null;
}

/** What the simulator is asked: if this went bad at that moment, who would be told? */
export interface SimulationQuestion {
  readonly host: string;
  /** The host itself when null. */
  readonly service: string | null;
  readonly state: string;
  readonly atMs: number;
  readonly hours: number;
}

/** How fresh the page is: events arrive, the stream is being reopened, or the page asks every few seconds instead. */
export type LiveState = "live" | "reconnecting" | "polling";

/** What a subscriber to live events is told. */
export interface LiveListener {
  readonly onEvent: (event: ConsoleEvent) => void;
  readonly onState: (state: LiveState) => void;
}

/** The verbs of the console beyond react-admin's own; `rest/` and `fake/` both implement them. */
export interface ConsoleProvider extends DataProvider {
  overview(signal?: AbortSignal): Promise<Overview>;
  perfdata(
    serviceId: number,
    range: { fromMs: number; untilMs: number; points: number },
    signal?: AbortSignal,
  ): Promise<PerfdataAnswer>;
  availability(query: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<AvailabilityAnswer>;
  timeline(query: Readonly<Record<string, string | number | undefined>>, signal?: AbortSignal): Promise<TimelineAnswer>;
  explanation(of: "hosts" | "services", id: number, signal?: AbortSignal): Promise<Explanation>;
  /** What changed in the host's configuration before the problem, told from its backups. */
  configurationChanges(of: "hosts" | "services", id: number, signal?: AbortSignal): Promise<ConfigurationChanges>;
  /** What was changed at run time, over the definition. */
  override(of: "hosts" | "services", id: number, signal?: AbortSignal): Promise<OverrideAnswer>;
  /** Has one setting, or with null all, as defined again; answers what is left. */
  removeOverride(of: "hosts" | "services", id: number, setting: OverridableSetting | null): Promise<OverrideAnswer>;
  checkNow(chosen: Chosen): Promise<BulkAnswer>;
  acknowledge(input: AcknowledgementRequest): Promise<BulkAnswer>;
  removeAcknowledgement(chosen: Chosen): Promise<BulkAnswer>;
  cancelDowntime(id: number): Promise<void>;
  checkCommands(): Promise<CheckCommand[]>;
  previewCheck(request: CheckPreviewRequest, signal?: AbortSignal): Promise<CheckPreview>;
  testRun(request: CheckTestRunRequest): Promise<AgentCommand>;
  agentCommand(id: number): Promise<AgentCommand>;
  /** Has the agents of hosts look for what there is to watch. */
  discover(hostIds: number[]): Promise<BulkAnswer>;
  approveProposals(ids: number[]): Promise<ProposalAnswer>;
  rejectProposals(ids: number[]): Promise<ProposalAnswer>;
  /** Asks the agent of a repository's host. */
  commandBackup(repositoryId: number, verb: BackupVerb): Promise<AgentCommand>;
  /** What a machine's backup would take now and what each rule leaves out: its agent counts, for a minute at most. */
  previewExcludes(request: ExcludesPreviewRequest, signal?: AbortSignal): Promise<ExcludesPreview>;
  cancelBackupRun(id: number): Promise<AgentCommand>;
  askRepository(repositoryId: number, verb: RepositoryVerb): Promise<BackupRepository>;
  /** All that stock restic needs to open a repository; each time is in the audit. */
  recoveryKit(repositoryId: number): Promise<RecoveryKit>;
  revokeAgent(agentId: string): Promise<void>;
  testNotification(contactId: number): Promise<void>;
  previewTimePeriod(request: TimePeriodPreviewRequest, signal?: AbortSignal): Promise<TimePeriodPreview>;
  previewOnCall(request: OnCallPreviewRequest, signal?: AbortSignal): Promise<OnCallPreview>;
  previewSchedule(request: SchedulePreviewRequest, signal?: AbortSignal): Promise<SchedulePreview>;
  previewSelector(selector: ServiceSelector, signal?: AbortSignal): Promise<SelectorPreview>;
  /** The definitions that name this one. */
  usedBy(kind: ResourceKind, name: string, signal?: AbortSignal): Promise<UsedBy[]>;
  /** The templates that a host, check or passive service takes fields over from. */
  templatesOf(of: TemplateUseQuery, signal?: AbortSignal): Promise<TemplateUseAnswer["data"]>;
  /** Has it take fields over from these templates; answers them. */
  chooseTemplates(use: TemplateUseInput): Promise<TemplateUseAnswer["data"]>;
  forwardQueues(signal?: AbortSignal): Promise<ForwardQueue[]>;
  remoteWriteQueues(signal?: AbortSignal): Promise<RemoteWriteQueue[]>;
  simulate(question: SimulationQuestion, signal?: AbortSignal): Promise<SimulationAnswer>;
  /** Who would be told differently were these definitions stored; they are not. */
  recipientChanges(resources: readonly object[]): Promise<RecipientChange[]>;
}

/** Calls the listener with what happens until the returned function is called. */
export type Subscribe = (listener: LiveListener) => () => void;

/** Who is signed in, and the way in and out. */
export interface ConsoleAuth extends AuthProvider {
  session(): Promise<Session>;
  /** Completes a sign-in whose `login` threw SecondStepNeeded. */
  secondStep(request: SecondStepRequest): Promise<SecondStepAnswer>;
}

/** All that the console needs of the world. */
export interface Providers {
  readonly data: ConsoleProvider;
  readonly auth: ConsoleAuth;
  readonly account: AccountProvider;
  readonly smartView: SmartViewProvider;
  readonly logs: LogsProvider;
  readonly dns: DnsProvider;
  readonly subscribe: Subscribe;
}
