import type { ConfigurationChanges } from "@mycloud/protocol/configuration-change";

const hourMs = 3_600_000;

/** Somebody gave the web server fewer workers, and a new password to its cache. */
export function fakeConfigurationChanges(nowMs: number): ConfigurationChanges {
  const file = { change: "modified", type: "file" } as const;
  return {
    lastOkAtMs: nowMs - 2 * hourMs,
    startedAtMs: nowMs - hourMs,
    message: null,
    repositories: [
      {
        repositoryId: 1,
        policyName: "web files",
        paths: ["/etc"],
        from: { snapshotId: "5d8c".repeat(16), takenAtMs: nowMs - 26 * hourMs },
        to: { snapshotId: "6e9d".repeat(16), takenAtMs: nowMs - 0.5 * hourMs },
        changes: [
          { ...file, path: "/etc/nginx/nginx.conf", fromBytes: 1_480, toBytes: 1_479 },
          { ...file, path: "/etc/redis/redis.conf", fromBytes: 90_100, toBytes: 90_104 },
          { ...file, path: "/etc/shadow", fromBytes: 1_021, toBytes: 1_021 },
        ],
        isTruncated: false,
        diffs: [
          {
            path: "/etc/nginx/nginx.conf",
            isMasked: false,
            refusal: null,
            hunks: [
              {
                fromLine: 2,
                fromLines: 3,
                toLine: 2,
                toLines: 3,
                lines: [" user www-data;", "-worker_processes 16;", "+worker_processes 1;", " pid /run/nginx.pid;"],
              },
            ],
          },
          {
            path: "/etc/redis/redis.conf",
            isMasked: true,
            refusal: null,
            hunks: [
              {
                fromLine: 901,
                fromLines: 1,
                toLine: 901,
                toLines: 1,
                lines: ["-requirepass ********", "+requirepass ********"],
              },
            ],
          },
          { path: "/etc/shadow", isMasked: false, hunks: [], refusal: "It holds secrets, so its lines are not shown." },
        ],
        message: null,
      },
    ],
  };
}
