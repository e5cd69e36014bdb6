import { createLease } from "./2026-11-22-2000-create-lease.ts";
import { createUser } from "./2026-11-22-2001-create-user.ts";
import { createAuditEntry } from "./2026-11-22-2002-create-audit-entry.ts";
import { createHost } from "./2026-11-22-2003-create-host.ts";
import { createAgent } from "./2026-11-22-2004-create-agent.ts";
import { createService } from "./2026-11-22-2005-create-service.ts";
import { createCheckResult } from "./2026-11-22-2006-create-check-result.ts";
import { createStateChange } from "./2026-11-22-2007-create-state-change.ts";
import { createPerfdata } from "./2026-11-22-2008-create-perfdata.ts";
import { createNotification } from "./2026-11-22-2009-create-notification.ts";
import { createDowntime } from "./2026-11-22-2010-create-downtime.ts";
import { createDefinition } from "./2026-11-23-0100-create-definition.ts";
import { addPassiveResults } from "./2026-11-23-0110-add-passive-results.ts";
import { extendNotification } from "./2026-11-23-0120-extend-notification.ts";
import { extendDowntime } from "./2026-11-23-0130-extend-downtime.ts";
import { createForward } from "./2026-11-23-0150-create-forward.ts";
import { createAlert } from "./2026-11-23-0170-create-alert.ts";
import { createProber } from "./2026-11-23-0180-create-prober.ts";
import { addEventHandler } from "./2026-11-23-0182-add-event-handler.ts";
import { createServiceProposal } from "./2026-11-23-0185-create-service-proposal.ts";
import { createOutage } from "./2026-11-23-0190-create-outage.ts";
import { extendHostCheck } from "./2026-11-23-0200-extend-host-check.ts";
import { createApply } from "./2026-11-23-0210-create-apply.ts";
import { createTemplateUse } from "./2026-11-23-0220-create-template-use.ts";
import { addCommandDue } from "./2026-11-23-0240-add-command-due.ts";
import { createBackup } from "./2026-11-23-0300-create-backup.ts";
import { createCustomer } from "./2026-11-23-0330-create-customer.ts";
import { createOneTimeLink } from "./2026-11-23-0332-create-one-time-link.ts";
import { createSecondStep } from "./2026-11-23-0334-create-second-step.ts";
import { createAgentQuestion } from "./2026-11-23-0360-create-agent-question.ts";
import { createSnapshotNote } from "./2026-11-23-0370-create-snapshot-note.ts";
import { createRestoreRun } from "./2026-11-23-0380-create-restore-run.ts";
import { watchBackups } from "./2026-11-23-0390-watch-backups.ts";
import { addRpoBudget } from "./2026-11-23-0392-add-rpo-budget.ts";
import { addPresence } from "./2026-11-23-0410-add-presence.ts";
import { createProblemLog } from "./2026-11-23-0461-create-problem-log.ts";
import { createLogSearch } from "./2026-11-23-0465-create-log-search.ts";
import { createHostMetrics } from "./2026-11-23-0501-create-host-metrics.ts";
import { createDnsZone } from "./2026-11-23-0601-create-dns-zone.ts";
import { createNameServer } from "./2026-11-23-0603-create-name-server.ts";
import { createDnsHealth } from "./2026-11-23-0621-create-dns-health.ts";
import { createHostAddress } from "./2026-11-23-0623-create-host-address.ts";
import type { Migration } from "./ddl.ts";

/** Every migration, oldest first. A new one goes at the end; one that was released is never changed. */
export const migrations: readonly Migration[] = [
  createLease,
  createUser,
  createAuditEntry,
  createHost,
  createAgent,
  createService,
  createCheckResult,
  createStateChange,
  createPerfdata,
  createNotification,
  createDowntime,
  createDefinition,
  addPassiveResults,
  extendNotification,
  extendDowntime,
  createForward,
  createAlert,
  createProber,
  addEventHandler,
  createServiceProposal,
  createOutage,
  extendHostCheck,
  createTemplateUse,
  addCommandDue,
  createApply,
  createBackup,
  createCustomer,
  createOneTimeLink,
  createSecondStep,
  createAgentQuestion,
  createSnapshotNote,
  watchBackups,
  addRpoBudget,
  createRestoreRun,
  addPresence,
  createProblemLog,
  createLogSearch,
  createHostMetrics,
  createDnsZone,
  createNameServer,
  createDnsHealth,
  createHostAddress,
];
