import { accessSync, constants, statSync } from "node:fs";
import { systemErrorReason } from "../../plugin/explain-system-error.ts";
import type { Plugin, PluginResult } from "../../plugin/plugin.ts";
import { printable } from "../../plugin/printable.ts";
import { report } from "../../plugin/report.ts";
import { UsageError } from "../../plugin/usage-error.ts";
import { parsePerfdata } from "../../plugin-api/perfdata.ts";
import { parsePluginOutput } from "../../plugin-api/plugin-output.ts";
import { toReturnCode } from "../../plugin-api/return-code.ts";
import { programEnvironment } from "../../program/program-environment.ts";
import { type ProgramOutcome, runProgram } from "../../program/run-program.ts";

/** Where distributions put plugins; searched in this order for a program given without a path. */
const PLUGIN_FOLDERS = [
  "/usr/lib/nagios/plugins",
  "/usr/lib64/nagios/plugins",
  "/usr/lib/monitoring-plugins",
  "/usr/libexec/nagios",
  "/usr/local/lib/nagios/plugins",
  "/usr/local/nagios/libexec",
];

/** Any Nagios plugin, run as a program of its own. */
export const external = {
  name: "external",
  summary: "any other Nagios plugin, run as a program",
  notes:
    "The program is started without a shell, in a process group of its own; at the timeout the whole group gets SIGTERM, and SIGKILL a " +
    "second later. What it prints is passed on, up to --max-output; exit codes other than 0 to 3 are UNKNOWN. A timeout is CRITICAL " +
    "unless -t SECONDS:STATE says otherwise.",
  operands: {
    usage: "[--] PROGRAM [ARGUMENT...]",
    description:
      "PROGRAM is a path, or a name in the usual plugin folders such as /usr/lib/nagios/plugins. Everything after it belongs to it.",
    isPassedOn: true,
  },
  options: [{ name: "max-output", value: "KIB", default: "64", description: "keep this much of what it prints" }],
  examples: [
    {
      arguments: "check_ntp_peer -H ntp.example.org -w 0.5 -c 1",
      description: "a plugin of the monitoring-plugins package",
    },
    {
      arguments: "-t 120:unknown /opt/checks/slow.sh",
      description: "a script with more time, UNKNOWN when it is too slow",
    },
  ],
  defaultTimeoutSeconds: 60,
  async run(options, context) {
    const maxKib = options.number("max-output", { min: 1, max: 1_024, isInteger: true }) ?? 64;
    const [program, ...args] = options.operands;
    if (program === undefined) throw new UsageError("the program to run is missing; write its path after the options");
    const file = program.includes("/") ? program : findInFolders(program);
    if (file === undefined) {
      return report(
        "external",
        3,
        `there is no plugin "${program}" in ${PLUGIN_FOLDERS.slice(0, 3).join(", ")} or the like`,
      );
    }
    const obstacle = findObstacle(file);
    if (obstacle !== undefined) return report("external", 3, `cannot run ${file}: ${obstacle}`);
    const outcome = await runProgram({
      file,
      args,
      env: programEnvironment(process.env),
      signal: context.signal,
      maxStdoutBytes: maxKib * 1024,
    });
    // Left to the caller, which knows the timeout and its state; the group is gone by now.
    if (outcome.isStopped) throw new Error(`${file} was stopped`);
    return toResult(file, outcome, maxKib);
  },
} satisfies Plugin;

function findInFolders(name: string): string | undefined {
  return PLUGIN_FOLDERS.map((folder) => `${folder}/${name}`).find((path) => findObstacle(path) === undefined);
}

/** Asked before starting it, since the kernel's own answer (ENOENT also for a missing interpreter) explains little. */
function findObstacle(file: string): string | undefined {
  try {
    if (!statSync(file).isFile()) return "it is not a file";
    accessSync(file, constants.X_OK);
    return undefined;
  } catch (error) {
    const isForbidden = error instanceof Error && "code" in error && error.code === "EACCES";
    return isForbidden ? "it is not executable for this user (chmod +x?)" : systemErrorReason(error);
  }
}

function toResult(file: string, outcome: ProgramOutcome, maxKib: number): PluginResult {
  if (outcome.startError !== undefined) {
    const { code } = outcome.startError;
    const reason =
      code === "ENOENT"
        ? "the interpreter its first line names does not exist"
        : code === "ENOEXEC"
          ? "it has no #! line and is no binary of this machine"
          : systemErrorReason(outcome.startError);
    return report("external", 3, `cannot run ${file}: ${reason}`);
  }
  if (outcome.isFlood) return report("external", 3, `${file} printed without end and was killed`);
  if (outcome.signalName !== null) return report("external", 3, `${file} was killed by ${outcome.signalName}`);
  const stderr = printable(outcome.stderr, 500);
  if (outcome.stdout.trim() === "") {
    // What NRPE calls "Unable to read output": UNKNOWN whatever the exit code, because nothing was said about the service.
    const said = stderr === "" ? "printed nothing" : `printed only errors: ${stderr}`;
    return report("external", 3, `${file} ${said} (exit code ${outcome.exitCode})`);
  }
  const parsed = parsePluginOutput(outcome.stdout);
  const exitCode = outcome.exitCode ?? 3;
  const notes = [
    ...(outcome.isTruncated ? [`(output cut after ${maxKib} KiB)`] : []),
    ...(exitCode < 0 || exitCode > 3 ? [`(exit code ${exitCode} is none of 0 to 3, so this is UNKNOWN)`] : []),
    ...(stderr === "" ? [] : [`stderr: ${stderr}`]),
  ];
  return {
    returnCode: toReturnCode(exitCode),
    output: parsed.output,
    longOutput: [parsed.longOutput, ...notes].filter((part) => part !== "").join("\n"),
    perfdata: parsePerfdata(parsed.perfdata).perfdata,
  };
}
