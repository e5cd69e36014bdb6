import type { CheckCommand } from "../types.ts";

/** A few of the built-in checks, as `GET /api/v1/check-commands` describes them. */
export const fakeCheckCommands: CheckCommand[] = [
  {
    name: "load",
    summary: "Load average of 1, 5 and 15 minutes, whole or per core.",
    options: [
      {
        name: "warning",
        short: "-w",
        long: "--warning",
        value: "L1,L5,L15",
        description: "Warn above these load averages.",
      },
      {
        name: "critical",
        short: "-c",
        long: "--critical",
        value: "L1,L5,L15",
        description: "Critical above these load averages.",
      },
      {
        name: "per-cpu",
        short: "-r",
        long: "--percpu",
        value: null,
        description: "Divide the load by the number of cores.",
      },
    ],
    examples: ["load -w 4,3,2 -c 8,6,4", "load -r -w 1 -c 2"],
  },
  {
    name: "disk",
    summary: "Free space and inodes, of one mount or of all.",
    options: [
      {
        name: "warning",
        short: "-w",
        long: "--warning",
        value: "SIZE|PERCENT",
        description: "Warn when less than this is free.",
      },
      {
        name: "critical",
        short: "-c",
        long: "--critical",
        value: "SIZE|PERCENT",
        description: "Critical when less than this is free.",
      },
      {
        name: "path",
        short: "-p",
        long: "--path",
        value: "PATH",
        description: "Look at this mount only; may be repeated.",
      },
    ],
    examples: ["disk -w 20% -c 10%", "disk -p /var -w 10GiB -c 2GiB"],
  },
  {
    name: "http",
    summary: "Asks a web server and judges status, content and time.",
    options: [
      { name: "host", short: "-H", long: "--hostname", value: "NAME", description: "Host to ask." },
      { name: "path", short: "-u", long: "--url", value: "PATH", description: "Path to ask for." },
      { name: "string", short: "-s", long: "--string", value: "TEXT", description: "Text the body must contain." },
    ],
    examples: ["http -H www.example.org -u /health -s ready"],
  },
  {
    name: "external",
    summary: "Any Nagios plugin: its path is the first argument.",
    options: [],
    examples: ["external /usr/lib/nagios/plugins/check_ping -H $HOSTADDRESS$ -w 100,20% -c 500,60%"],
  },
];
