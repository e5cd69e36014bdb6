/**
 * Files that take half a minute and more, and about how many seconds: measured with all of them on two cores, good enough for an order. What is not
 * here is taken for short. A new long file belongs here, at the risk of its being alone at the end.
 */
export const longFiles: Readonly<Record<string, number>> = {
  "test/browser/console-stories.test.ts": 150,
  "test/acceptance/monitoring-probers.test.ts": 115,
  "test/acceptance/whole-story.test.ts": 80,
  "test/acceptance/backup-policy.test.ts": 85,
  "test/acceptance/backup-storage-server-faults.test.ts": 80,
  "test/acceptance/backup-restic.test.ts": 75,
  "test/acceptance/backup-rest.test.ts": 75,
  "test/acceptance/backup-storage-server.test.ts": 75,
  "test/acceptance/backup-cli.test.ts": 70,
  "test/browser/console-main-paths.test.ts": 60,
  "test/acceptance/agent.test.ts": 57,
  "test/acceptance/backup-faults.test.ts": 56,
  "test/acceptance/customer-terminal.test.ts": 54,
  "test/acceptance/monitoring-operation-kills.test.ts": 53,
  "test/acceptance/monitoring-plugins.test.ts": 52,
  "test/acceptance/backup-damage.test.ts": 52,
  "test/acceptance/backup-restore-runs.test.ts": 43,
  "test/acceptance/notification-mail.test.ts": 42,
  "test/browser/console-smart-view.test.ts": 40,
  "test/acceptance/logs-story.test.ts": 38,
  "test/acceptance/backup-verify-repair.test.ts": 35,
  "test/acceptance/ingest-durability.test.ts": 34,
  "test/acceptance/up-life.test.ts": 32,
  "test/acceptance/metrics-prometheus.test.ts": 35,
  "test/acceptance/grafana-prometheus.test.ts": 35,
  "test/acceptance/snmp-devices.test.ts": 30,
  "test/acceptance/snmp-traps-and-agent.test.ts": 25,
  "test/browser/console-reports.test.ts": 30,
  "test/acceptance/backup-watched.test.ts": 30,
  "backup/src/archiver/back-up-surprises.test.ts": 65,
};

/** Puts the longest first, so that the cores are busy to the end; the others stay in their order. Pure. */
export function longestFirst(
  files: readonly string[],
  seconds: Readonly<Record<string, number>> = longFiles,
): string[] {
  return files.toSorted((a, b) => (seconds[b] ?? 0) - (seconds[a] ?? 0));
}
