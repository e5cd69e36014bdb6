import type { Plugin } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { crossedThreshold, judge, perfdataThresholds, thresholdsFrom } from "../../plugin/thresholds.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import { type ReturnCode, worstOf } from "../../plugin-api/return-code.ts";
import { SNMP_NOTES, SNMP_OPTIONS } from "../../snmp/snmp-options.ts";
import { withSession } from "../../snmp/with-session.ts";
import { type PrinterError, readPrinter } from "./printer-figures.ts";

/** State and supplies of a printer. */
export const snmpPrinter = {
  name: "snmp-printer",
  summary: "state and supplies of a printer, by SNMP (Printer-MIB)",
  notes:
    "A printer that cannot print (no paper or toner, jammed, open, offline) is CRITICAL; one that needs something soon is WARNING. Supplies are judged by what is left; of " +
    `waste containers that is the room left. A supply whose level the printer does not know is left out.\n${SNMP_NOTES}`,
  options: [
    ...SNMP_OPTIONS,
    {
      letter: "w",
      name: "warning",
      value: "RANGE",
      default: "10:",
      description: "percent of each supply that is left",
    },
    {
      letter: "c",
      name: "critical",
      value: "RANGE",
      default: "2:",
      description: "percent of each supply that is left",
    },
    { name: "state-only", description: "do not judge supplies" },
  ],
  examples: [{ arguments: "-H printer2.example.org -w 15: -c 5:", description: "supplies above 15%" }],
  async run(options, context) {
    const thresholds = thresholdsFrom(options);
    return await withSession("snmp-printer", options, context, async (session) => {
      const figures = await readPrinter(session, context.signal);
      if (figures === null) return report("snmp-printer", 3, "the device tells nothing of a printer");
      const states = figures.errors.map((error) => ({ returnCode: codeOf(error), text: error }));
      const supplies = figures.supplies.flatMap(({ name, percentLeft }) => {
        if (percentLeft === null) return [];
        const returnCode: ReturnCode = options.isGiven("state-only") ? 0 : judge(percentLeft, thresholds);
        return [
          {
            returnCode,
            name,
            percentLeft,
            text: `${name} ${percentLeft}%${crossedThreshold(returnCode, thresholds, "%")}`,
          },
        ];
      });
      const low = supplies.filter(({ returnCode }) => returnCode > 0);
      const lowest = supplies.toSorted((a, b) => a.percentLeft - b.percentLeft)[0];
      const words = [
        ...states.map(({ text }) => text),
        ...low.map(({ text }) => text),
        ...(states.length + low.length === 0 ? [figures.status] : []),
        ...(low.length === 0 && lowest !== undefined ? [`least left: ${lowest.text}`] : []),
      ];
      const pages: Perfdatum[] =
        figures.pages === undefined ? [] : [{ label: "pages", value: figures.pages, unit: "c" }];
      return report(
        "snmp-printer",
        worstOf([...states, ...supplies].map(({ returnCode }) => returnCode)),
        words.join(", "),
        {
          perfdata: [
            ...supplies.map(({ name, percentLeft }) => ({
              label: name,
              value: percentLeft,
              unit: "%",
              ...perfdataThresholds(thresholds),
              min: 0,
              max: 100,
            })),
            ...pages,
          ],
          longOutput: figures.display,
        },
      );
    });
  },
} satisfies Plugin;

const critical: ReadonlySet<PrinterError> = new Set([
  "no paper",
  "no toner",
  "door open",
  "jammed",
  "offline",
  "output full",
  "marker supply missing",
]);

function codeOf(error: PrinterError): ReturnCode {
  return critical.has(error) ? 2 : 1;
}
