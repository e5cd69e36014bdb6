import { plural } from "../../plugin/format-quantity.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { crossedThreshold, judge, perfdataThresholds, thresholdsFrom } from "../../plugin/thresholds.ts";
import { readLogins } from "./logins.ts";

/** How many users are logged in, as check_users has it. */
export const users = {
  name: "users",
  summary: "number of users logged in",
  notes:
    "Sessions are counted, so somebody with three terminals counts three times. They are read from utmp, else from systemd-logind. " +
    "Without -w and -c the result is OK and informs only.",
  options: [
    { letter: "w", name: "warning", value: "RANGE", description: "WARNING above this many (or outside this range)" },
    { letter: "c", name: "critical", value: "RANGE", description: "CRITICAL above this many (or outside this range)" },
    { name: "utmp", value: "FILE", default: "/run/utmp", description: "where logins are written down" },
    {
      name: "sessions",
      value: "DIR",
      default: "/run/systemd/sessions",
      description: "where systemd-logind keeps sessions",
    },
  ],
  examples: [{ arguments: "-w 5 -c 10", description: "more than 5, more than 10 sessions" }],
  async run(options) {
    const thresholds = thresholdsFrom(options);
    const logins = readLogins({
      utmpPath: options.requiredText("utmp"),
      sessionsFolder: options.requiredText("sessions"),
    });
    const count = logins?.length ?? 0;
    const returnCode = judge(count, thresholds);
    const names = [...new Set(logins)].sort().slice(0, 10).join(", ");
    const who = logins === undefined ? " (this host keeps no record of logins)" : names === "" ? "" : `: ${names}`;
    const text = `${plural(count, "user")} logged in${crossedThreshold(returnCode, thresholds)}${who}`;
    return report("users", returnCode, text, {
      perfdata: [{ label: "users", value: count, unit: "", ...perfdataThresholds(thresholds), min: 0 }],
    });
  },
} satisfies Plugin;
