import type { CheckCommand } from "../types.ts";

/** A few of the built-in checks, as `GET /api/v1/check-commands` describes them. */
export const fakeCheckCommands: CheckCommand[] = [
  {
    name: "load",
    summary: "load averages over 1, 5 and 15 minutes",
    options: [
      { letter: "w", name: "warning", value: "LOAD1[,LOAD5,LOAD15]", description: "WARNING above these averages" },
      { letter: "c", name: "critical", value: "LOAD1[,LOAD5,LOAD15]", description: "CRITICAL above these averages" },
      { letter: "r", name: "percpu", description: "divide the averages by the number of CPUs before comparing" },
    ],
    examples: [{ arguments: "-r -w 1 -c 2", description: "per CPU, the same for any machine" }],
  },
  {
    name: "disk",
    summary: "free space and free inodes of file systems",
    options: [
      {
        letter: "w",
        name: "warning",
        value: "FREE|FREE%",
        default: "10%",
        description: "WARNING at or below this much free space",
      },
      {
        letter: "c",
        name: "critical",
        value: "FREE|FREE%",
        default: "5%",
        description: "CRITICAL at or below this much free space",
      },
      { letter: "p", name: "path", value: "PATH", description: "look at this mount point; may be repeated" },
    ],
    examples: [{ arguments: "-w 20% -c 10%", description: "every file system, at 20% and 10% free" }],
  },
  {
    name: "external",
    summary: "any other Nagios plugin, run as a program",
    notes: "The program is started without a shell, in a process group of its own.",
    options: [],
    operands: {
      usage: "[--] PROGRAM [ARGUMENT...]",
      description: "PROGRAM is a path, or a name in the usual plugin folders.",
    },
    examples: [
      { arguments: "check_ntp_peer -H ntp.example.org", description: "a plugin of the monitoring-plugins package" },
    ],
  },
];
