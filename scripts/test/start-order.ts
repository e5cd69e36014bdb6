/**
 * Files that take half a minute and more, and about how many seconds: measured with all of them on two cores, good enough for an order. What is not
 * here is taken for short. A new long file belongs here, at the risk of its being alone at the end.
 */
export const longFiles: Readonly<Record<string, number>> = {
  "test/acceptance/monitoring-probers.test.ts": 135,
  "test/acceptance/whole-story.test.ts": 110,
  "test/browser/console-stories.test.ts": 110,
  "test/acceptance/monitoring-operation-kills.test.ts": 95,
  "test/acceptance/backup-policy.test.ts": 90,
  "test/browser/console-smart-view.test.ts": 90,
  "test/browser/console-main-paths.test.ts": 80,
  "test/acceptance/backup-rest.test.ts": 75,
  "test/acceptance/backup-faults.test.ts": 75,
  "test/acceptance/backup-cli.test.ts": 65,
  "test/browser/console-reports.test.ts": 65,
  "backup/src/archiver/back-up-surprises.test.ts": 65,
  "test/acceptance/monitoring-operations.test.ts": 63,
  "test/acceptance/agent.test.ts": 60,
  "test/acceptance/monitoring-plugins.test.ts": 60,
  "test/acceptance/notification-mail.test.ts": 60,
  "test/acceptance/customer-terminal.test.ts": 55,
  "test/acceptance/logs-story.test.ts": 55,
  "test/acceptance/backup-storage-server.test.ts": 50,
  "test/acceptance/backup-storage-server-faults.test.ts": 50,
  "test/acceptance/backup-restic.test.ts": 50,
  "test/acceptance/smart-view.test.ts": 49,
  "test/acceptance/dns-health.test.ts": 45,
  "test/acceptance/backup-restore-runs.test.ts": 45,
  "test/acceptance/backup-watched.test.ts": 45,
  "test/acceptance/up-life.test.ts": 44,
  "test/acceptance/monitoring-notification-channels.test.ts": 42,
  "test/acceptance/up-storage.test.ts": 38,
  "test/acceptance/grafana-prometheus.test.ts": 35,
  "test/acceptance/metrics-prometheus.test.ts": 35,
  "test/acceptance/ingest-durability.test.ts": 33,
  "test/acceptance/monitoring-nagios-notifications.test.ts": 31,
  "test/acceptance/cli-commands.test.ts": 31,
  "test/acceptance/backup-carry.test.ts": 30,
  "test/acceptance/backup-damage.test.ts": 30,
  "test/acceptance/backup-verify-repair.test.ts": 30,
  "test/acceptance/snmp-devices.test.ts": 30,
  "test/acceptance/up-nrpe.test.ts": 29,
  "test/acceptance/snmp-traps-and-agent.test.ts": 25,
};

/** Puts the longest first, so that the cores are busy to the end; the others stay in their order. Pure. */
export function longestFirst(
  files: readonly string[],
  seconds: Readonly<Record<string, number>> = longFiles,
): string[] {
  return files.toSorted((a, b) => (seconds[b] ?? 0) - (seconds[a] ?? 0));
}
