import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseOptions } from "../../plugin/parse-options.ts";
import { readMounts } from "../../proc/mounts.ts";
import { argumentsOf, RECORDED_HOST, runInTest } from "../run-in-test.ts";
import { isRemote, mountOf, realFileSystems } from "./file-systems.ts";
import { judgeUsage, usagePerfdata } from "./judge-usage.ts";
import { DISK_OPTIONS } from "./options.ts";
import { selectPaths } from "./selection.ts";
import { measureRemote } from "./usage.ts";

const MOUNTS = readMounts(`${RECORDED_HOST}/proc`);
const GIB = 1024 ** 3;

function select(line: string) {
  return selectPaths(parseOptions(argumentsOf(line), DISK_OPTIONS), MOUNTS);
}

describe("realFileSystems", () => {
  test("leaves out pseudo file systems, images, bind mounts and overlays, and shows each file system once", () => {
    const shown = realFileSystems(MOUNTS).map((mount) => mount.mountPoint);
    assert.deepEqual(shown, ["/", "/dev/shm", "/run", "/srv/data files", "/mnt/nas", "/home"]);
  });

  test("shows the overlay that is a container's root", () => {
    const overlay = {
      mountPoint: "/",
      fileSystemType: "overlay",
      source: "overlay",
      deviceNumber: "0:9",
      root: "/",
      isReadOnly: false,
    };
    assert.deepEqual(realFileSystems([overlay]), [overlay]);
  });

  test("shows what was mounted last on a folder", () => {
    const base = { fileSystemType: "ext4", root: "/", isReadOnly: false, mountPoint: "/mnt" };
    const [below, above] = [
      { ...base, source: "/dev/a", deviceNumber: "8:1" },
      { ...base, source: "/dev/b", deviceNumber: "8:2" },
    ];
    assert.deepEqual(realFileSystems([below, above]), [above]);
  });

  test("finds the mount that holds a path", () => {
    assert.equal(mountOf("/srv/data files/x", MOUNTS)?.mountPoint, "/srv/data files");
    assert.equal(mountOf("/srv/data", MOUNTS)?.mountPoint, "/");
  });

  test("knows what is on another machine", () => {
    assert.deepEqual(
      MOUNTS.filter(isRemote).map((mount) => mount.mountPoint),
      ["/mnt/nas"],
    );
  });
});

describe("selectPaths", () => {
  const table: [string, string[]][] = [
    ["", ["/", "/dev/shm", "/run", "/srv/data files", "/mnt/nas", "/home"]],
    ["-l -X tmpfs", ["/", "/srv/data files", "/home"]],
    ["-N xfs", ["/srv/data files"]],
    ["-x /home -x /dev/sda1 -X tmpfs -X nfs4", ["/srv/data files"]],
    ["-p /home -p /", ["/home", "/"]],
    ["-p /home/user", ["/home/user"]],
    ["-p /dev/sdb1", ["/srv/data files"]],
    ["-p /home/", ["/home"]],
    ["-r ^/(home|run)$", ["/run", "/home"]],
    ["-R ^/HOME$", ["/home"]],
    ["-i ^/(dev|run|mnt) -I ^/SRV", ["/", "/home"]],
  ];
  for (const [line, paths] of table) {
    test(`${line || "no option"} selects ${paths.join(" ")}`, () => {
      assert.deepEqual(
        select(line).map((one) => one.path),
        paths,
      );
    });
  }

  test("holds each path against the thresholds in force where it stands", () => {
    const [tmp, root] = select("-w 10% -c 5% -p /run -C -w 100 -u GB -p /");
    assert.deepEqual(tmp?.limits, {
      warning: { amount: 10, isPercent: true },
      critical: { amount: 5, isPercent: true },
    });
    assert.deepEqual(root?.limits, { warning: { amount: 100 * GIB, isPercent: false } });
  });

  test("gives a path without thresholds those that come later", () => {
    assert.deepEqual(select("-p / -w 7%")[0]?.limits, { warning: { amount: 7, isPercent: true } });
  });

  test("refuses inode thresholds above 100%", () => {
    assert.throws(() => select("-W 101%"), /-W\/--iwarning is "101"/);
  });
});

describe("judgeUsage", () => {
  const usage = { usedBytes: 96 * GIB, availableBytes: 4 * GIB, usedInodes: 99, totalInodes: 100 };
  const percent = (amount: number) => ({ amount, isPercent: true });
  const table: [string, Parameters<typeof judgeUsage>[1], number, string][] = [
    ["nothing to hold it against", {}, 0, "96% used (4 GiB free)"],
    ["space above its thresholds", { warning: percent(3), critical: percent(1) }, 0, "96% used (4 GiB free)"],
    ["space at the warning", { warning: percent(4), critical: percent(1) }, 1, "96% used (4 GiB free)"],
    ["space below critical", { critical: { amount: 5 * GIB, isPercent: false } }, 2, "96% used (4 GiB free)"],
    ["inodes alone", { inodeWarning: percent(1) }, 1, "99% of inodes used (1 free)"],
    [
      "both",
      { warning: percent(5), inodeCritical: percent(2) },
      2,
      "96% used (4 GiB free), 99% of inodes used (1 free)",
    ],
  ];
  for (const [name, limits, returnCode, text] of table) {
    test(`judges ${name}`, () => {
      const judged = judgeUsage(usage, limits);
      assert.deepEqual([judged.returnCode, judged.text], [returnCode, text]);
    });
  }

  test("does not call 99.96% full", () => {
    assert.match(judgeUsage({ ...usage, usedBytes: 9_996, availableBytes: 4 }, {}).text, /^99.9% used/);
  });

  test("judges no inodes where a file system counts none, and no space where it has none", () => {
    const none = { usedBytes: 0, availableBytes: 0, usedInodes: 0, totalInodes: 0 };
    assert.equal(judgeUsage(none, { critical: percent(100), inodeCritical: percent(100) }).returnCode, 0);
  });

  test("turns free limits into used ones in perfdata", () => {
    assert.deepEqual(usagePerfdata("/", usage, { warning: percent(20), inodeCritical: percent(5) }, true), [
      { label: "/", value: 96 * GIB, unit: "B", warn: String(80 * GIB), min: 0, max: 100 * GIB },
      { label: "/ (inodes)", value: 99, unit: "", crit: "95", min: 0, max: 100 },
    ]);
  });
});

describe("disk on this machine", () => {
  const here = { procRoot: "/proc", sysRoot: "/sys" };

  test("is OK with nothing asked of it and WARNING when everything must be free", async () => {
    assert.equal((await runInTest("disk", "-w 0% -c 0% -p /", here)).returnCode, 0);
    const full = await runInTest("disk", "-w 100% -p /", here);
    assert.match(full.output, /^DISK WARNING - \/ \d+% used \([\d.]+ [KMGT]iB free\)$/);
  });

  test("is CRITICAL for a path that is not there", async () => {
    const result = await runInTest("disk", "-p /nonexistent -p /", here);
    assert.match(
      result.output,
      /^DISK CRITICAL - \/nonexistent is not accessible: no such file or directory; \/ \d+% used/,
    );
  });

  test("asks a program, not a file thread, about other machines' file systems", async () => {
    const measured = await measureRemote("/", new AbortController().signal);
    assert.ok(measured.ok && measured.usage.usedBytes > 0);
    assert.deepEqual(await measureRemote("/nonexistent", new AbortController().signal), {
      ok: false,
      reason: "No such file or directory",
    });
  });

  test("calls a file system that does not answer stale", async () => {
    assert.deepEqual(await measureRemote("/", AbortSignal.abort()), {
      ok: false,
      reason: "its server does not answer (stale mount)",
    });
  });
});
